#include "config/yaml.h"

#include "base/alloc.h"
#include "base/nearest.h"
#include "config/yaml_tree.h"
#include "io/in.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** libcyaml's allocations are ours, so that loaded texts can be kept. */
static void *
allocate(void *ctx, void *p, size_t size)
{
    (void)ctx;
    if (size != 0)
        return kith_realloc_array(p, size, 1);
    kith_free(p);
    return NULL;
}

/** Keeps libcyaml's first message, its reason; the rest is a backtrace. */
static KITH_PRINTF(3, 0) void keep_first(cyaml_log_t level, void *ctx,
                                         const char *format, va_list args)
{
    char *first = ctx;
    if (level == CYAML_LOG_ERROR && first[0] == '\0')
        (void)vsnprintf(first, 128, format, args);
}

static cyaml_config_t
config_of(char *log)
{
    return (cyaml_config_t){.log_fn = log != NULL ? keep_first : NULL,
                            .log_ctx = log,
                            .mem_fn = allocate,
                            .log_level = CYAML_LOG_ERROR};
}

kith_status
kith_yaml_parse(kith_yaml **out, const char *path, const char *text, size_t n,
                kith_error *err)
{
    kith_status status = KITH_OK;
    kith_yaml *y = NULL;
    KITH_TRY(KITH_ALLOC(&y, 1, err));
    y->name = kith_strdup(path);
    if (y->name == NULL)
        KITH_TRY(kith_error_memory(err, strlen(path), 1));
    KITH_TRY(KITH_ALLOC(&y->source, n + 1, err));
    memcpy(y->source, text, n);
    y->n_source = n;
    KITH_TRY(kith_yaml_build(y, err));
    *out = y;
    y = NULL;
done:
    kith_yaml_close(y);
    return status;
}

kith_status
kith_yaml_open(kith_yaml **out, const char *path, kith_error *err)
{
    kith_status status = KITH_OK;
    char *text = NULL;
    size_t n = 0;
    status = kith_in_slurp(&text, &n, path, KITH_YAML_MAX_BYTES, err);
    /* A config file that cannot be read is a mistake in the config. */
    if (status == KITH_ERR_IO || status == KITH_ERR_DATA) {
        status = KITH_ERR_CONFIG;
        if (err != NULL)
            err->status = status;
    }
    KITH_TRY(status);
    KITH_TRY(kith_yaml_parse(out, path, text, n, err));
done:
    kith_free(text);
    return status;
}

void
kith_yaml_close(kith_yaml *yaml)
{
    if (yaml == NULL)
        return;
    kith_free(yaml->name);
    kith_free(yaml->source);
    kith_free(yaml->items);
    kith_buffer_done(&yaml->text);
    kith_free(yaml);
}

const char *
kith_yaml_name(const kith_yaml *yaml)
{
    return yaml->name;
}

kith_status
kith_yaml_load(const kith_yaml *yaml, const cyaml_schema_value_t *schema,
               void **data, kith_error *err)
{
    kith_status status = KITH_OK;
    char log[128] = "";
    void *loaded = NULL;
    KITH_TRY(kith_yaml_check(yaml, schema, err));
    const cyaml_config_t config = config_of(log);
    const cyaml_err_t bad =
        cyaml_load_data((const uint8_t *)yaml->source, yaml->n_source, &config,
                        schema, &loaded, NULL);
    if (bad == CYAML_ERR_OOM)
        return kith_error_memory(err, 1, schema->data_size);
    if (bad != CYAML_OK)
        return kith_yaml_fail(yaml, KITH_YAML_ROOT, err, "%s",
                              log[0] != '\0' ? log : cyaml_strerror(bad));
    /* libcyaml gives nothing back for a file that says nothing. */
    if (loaded == NULL) {
        loaded = kith_alloc_array(1, schema->data_size);
        if (loaded == NULL)
            return kith_error_memory(err, 1, schema->data_size);
    }
    *data = loaded;
done:
    return status;
}

void
kith_yaml_unload(const cyaml_schema_value_t *schema, void *data)
{
    const cyaml_config_t config = config_of(NULL);
    if (data != NULL)
        (void)cyaml_free(&config, schema, data, 0);
}

/** The child of a node that a path's step names, by key or by index. */
static kith_yaml_node
child(const kith_yaml *yaml, kith_yaml_node parent, const char *step, size_t n)
{
    const kith_yaml_item *items = yaml->items;
    const bool keyed = items[parent].kind == KITH_YAML_MAPPING;
    const unsigned long index = keyed ? 0 : strtoul(step, NULL, 10);
    unsigned long i = 0;
    for (kith_yaml_node c = items[parent].first; c != KITH_YAML_NONE;
         c = items[c].next, i++) {
        const char *key = keyed ? yaml->text.data + items[c].key : NULL;
        if (keyed ? strncmp(key, step, n) == 0 && key[n] == '\0' : i == index)
            return c;
    }
    return KITH_YAML_NONE;
}

kith_yaml_node
kith_yaml_at(const kith_yaml *yaml, const char *format, ...)
{
    char path[128];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(path, sizeof path, format, args);
    va_end(args);
    kith_yaml_node at = KITH_YAML_ROOT;
    for (const char *p = path; *p != '\0' && at != KITH_YAML_NONE;) {
        const size_t n = strcspn(p, "/");
        at = child(yaml, at, p, n);
        p += n + (p[n] == '/');
    }
    return at;
}

bool
kith_yaml_has(const kith_yaml *yaml, const char *path)
{
    return kith_yaml_at(yaml, "%s", path) != KITH_YAML_NONE;
}

kith_status
kith_yaml_fail_at(const kith_yaml *yaml, uint32_t line, uint32_t column,
                  kith_error *err, const char *reason)
{
    return kith_error_set(err, KITH_ERR_CONFIG, "%s:%u:%u: %s", yaml->name,
                          line, column, reason);
}

kith_status
kith_yaml_fail(const kith_yaml *yaml, kith_yaml_node at, kith_error *err,
               const char *format, ...)
{
    char reason[320];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    const kith_yaml_item *item =
        &yaml->items[at == KITH_YAML_NONE ? KITH_YAML_ROOT : at];
    return kith_yaml_fail_at(yaml, item->line, item->column, err, reason);
}

kith_status
kith_yaml_locate(const kith_yaml *yaml, kith_yaml_node at, kith_error *err)
{
    const kith_yaml_item *item =
        &yaml->items[at == KITH_YAML_NONE ? KITH_YAML_ROOT : at];
    kith_error_prefix(err, "%s:%u:%u: ", yaml->name, item->line, item->column);
    return KITH_ERR_CONFIG;
}

void
kith_yaml_hint(kith_error *err, const char *word, const char *const *words,
               size_t n)
{
    const char *near = kith_nearest(word, words, n);
    if (near != NULL) {
        kith_error_hint(err, "did you mean \"%s\"?", near);
        return;
    }
    char list[230] = "";
    size_t used = 0;
    for (size_t i = 0; i < n && used < sizeof list; i++) {
        const char first = words[i][0];
        if (first < ' ')
            continue; /* the other spelling of "tab" */
        const char *quote = first < 'A' || first > 'z' ? "\"" : "";
        const int wrote =
            snprintf(list + used, sizeof list - used, "%s%s%s%s",
                     used == 0 ? "" : ", ", quote, words[i], quote);
        used += wrote > 0 ? (size_t)wrote : 0;
    }
    if (n > 0)
        kith_error_hint(err, "known here: %s", list);
}
