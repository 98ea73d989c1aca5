#include "config/spec_raw.h"

#include "base/alloc.h"
#include "config/words.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Which files a spec is made of. */

void
kith_spec_source_done(kith_spec_source *source)
{
    for (size_t i = 0; i < source->n; i++) {
        kith_yaml_unload(&kith_raw_spec_schema, source->layers[i].raw);
        kith_yaml_close(source->layers[i].yaml);
    }
    source->n = 0;
}

const kith_spec_layer *
kith_spec_said(const kith_spec_source *source, const char *path)
{
    for (size_t i = 0; i < source->n; i++)
        if (kith_yaml_has(source->layers[i].yaml, path))
            return &source->layers[i];
    return NULL;
}

/** The same file, under whatever name. */
static bool
same_file(const char *a, const char *b)
{
    struct stat sa;
    struct stat sb;
    return stat(a, &sa) == 0 && stat(b, &sb) == 0 && sa.st_dev == sb.st_dev &&
           sa.st_ino == sb.st_ino;
}

/** Refuses to read a file that is already among the layers. */
static kith_status
check_circle(const kith_spec_source *s, const char *path, kith_error *err)
{
    const kith_yaml *last = s->layers[s->n - 1].yaml;
    const kith_yaml_node at = kith_yaml_at(last, "extends");
    size_t first = 0;
    while (first < s->n &&
           !same_file(kith_yaml_name(s->layers[first].yaml), path))
        first++;
    if (first < s->n) {
        char chain[256] = "";
        for (size_t i = first, used = 0; i < s->n && used < sizeof chain; i++)
            used +=
                (size_t)snprintf(chain + used, sizeof chain - used, "%s -> ",
                                 kith_yaml_name(s->layers[i].yaml));
        kith_yaml_fail(last, at, err, "specs that extend each other: %s%s",
                       chain, kith_yaml_name(s->layers[first].yaml));
        kith_error_hint(err, "one of them must stand alone, or extend "
                             "\"default\"");
        return KITH_ERR_CONFIG;
    }
    if (s->n == KITH_MAX_LAYERS)
        return kith_yaml_fail(last, at, err,
                              "specs extend each other more than %d deep",
                              KITH_MAX_LAYERS);
    return KITH_OK;
}

static kith_status
open_base(const kith_spec_source *s, kith_yaml **out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_spec_layer *last = &s->layers[s->n - 1];
    char *path = NULL;
    if (strcmp(last->raw->extends, "default") == 0) {
        size_t n = 0;
        const char *text = kith_default_spec_text(&n);
        return kith_yaml_parse(out, KITH_SHIPPED_NAME, text, n, err);
    }
    KITH_TRY(kith_path_beside(&path, kith_yaml_name(last->yaml),
                              last->raw->extends, err));
    KITH_TRY(check_circle(s, path, err));
    struct stat there;
    if (stat(path, &there) != 0) {
        kith_yaml_fail(last->yaml, kith_yaml_at(last->yaml, "extends"), err,
                       "no such file: %s", path);
        kith_error_hint(err, "write \"extends: default\" for the spec that "
                             "ships with kith, or a path from this folder");
        KITH_TRY(KITH_ERR_CONFIG);
    }
    KITH_TRY(kith_yaml_open(out, path, err));
done:
    kith_free(path);
    return status;
}

kith_status
kith_spec_source_load(kith_spec_source *out, kith_yaml *yaml, kith_error *err)
{
    kith_status status = KITH_OK;
    *out = (kith_spec_source){0};
    for (kith_yaml *next = yaml; next != NULL;) {
        kith_spec_layer *layer = &out->layers[out->n++];
        void *raw = NULL;
        layer->yaml = next;
        next = NULL;
        KITH_TRY(kith_yaml_load(layer->yaml, &kith_raw_spec_schema, &raw, err));
        layer->raw = raw;
        if (layer->raw->extends != NULL)
            KITH_TRY(open_base(out, &next, err));
    }
done:
    if (status != KITH_OK)
        kith_spec_source_done(out);
    return status;
}
