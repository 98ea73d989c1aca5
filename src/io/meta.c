#include "io/meta.h"

#include <stdlib.h>
#include <string.h>

void
kith_meta_done(kith_meta *m)
{
    kith_buffer_done(&m->text);
}

kith_status
kith_meta_add(kith_meta *m, const char *name, const char *value,
              kith_error *err)
{
    if (strchr(value, '\n') != NULL || strchr(name, ':') != NULL)
        return kith_error_set(err, KITH_ERR_INTERNAL,
                              "header entry %s cannot hold its value", name);
    return kith_buffer_printf(&m->text, err, "%s: %s\n", name, value);
}

kith_status
kith_meta_add_u64(kith_meta *m, const char *name, uint64_t value,
                  kith_error *err)
{
    return kith_buffer_printf(&m->text, err, "%s: %llu\n", name,
                              (unsigned long long)value);
}

kith_str
kith_meta_next(const kith_meta *m, const char *name, size_t *cursor)
{
    const size_t n = strlen(name);
    while (*cursor < m->text.len) {
        const char *line = m->text.data + *cursor;
        const char *end = memchr(line, '\n', m->text.len - *cursor);
        const size_t len =
            end == NULL ? m->text.len - *cursor : (size_t)(end - line);
        *cursor += len + 1;
        if (len >= n + 2 && memcmp(line, name, n) == 0 && line[n] == ':' &&
            line[n + 1] == ' ')
            return (kith_str){line + n + 2, len - n - 2};
    }
    return (kith_str){NULL, 0};
}

kith_str
kith_meta_get(const kith_meta *m, const char *name)
{
    size_t cursor = 0;
    return kith_meta_next(m, name, &cursor);
}

kith_status
kith_meta_u64(const kith_meta *m, const char *name, uint64_t *out,
              kith_error *err)
{
    const kith_str s = kith_meta_get(m, name);
    uint64_t v = 0;
    /* 18 digits: always below 2^63. */
    int good = s.data != NULL && s.len >= 1 && s.len <= 18;
    for (size_t i = 0; good && i < s.len; i++) {
        good = s.data[i] >= '0' && s.data[i] <= '9';
        v = v * 10 + (uint64_t)(s.data[i] - '0');
    }
    if (!good)
        return kith_error_set(err, KITH_ERR_DATA,
                              "header entry \"%s\" is missing or no number",
                              name);
    *out = v;
    return KITH_OK;
}

kith_status
kith_meta_copy(const kith_meta *m, const char *name, char *out, size_t cap,
               kith_error *err)
{
    const kith_str s = kith_meta_get(m, name);
    if (s.data == NULL || s.len >= cap)
        return kith_error_set(err, KITH_ERR_DATA,
                              "header entry \"%s\" is missing or too long",
                              name);
    memcpy(out, s.data, s.len);
    out[s.len] = '\0';
    return KITH_OK;
}

/* What an entry of a header is called when it differs. */
static const char *
plural_of(const char *name)
{
    static const char *const words[][2] = {
        {"check", "keys"},
        {"epoch", "epochs"},
        {"normaliser", "versions of the normaliser"},
        {"pass", "passes"},
        {"project", "projects"},
        {"reference_date", "reference dates"},
        {"run", "runs"},
        {"spec", "linkage specs"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i][0], name) == 0)
            return words[i][1];
    }
    return name;
}

kith_status
kith_meta_same(const kith_meta *a, const char *a_path, const kith_meta *b,
               const char *b_path, const char *name, kith_error *err)
{
    const kith_str x = kith_meta_get(a, name);
    const kith_str y = kith_meta_get(b, name);
    const int same = x.data != NULL && y.data != NULL && x.len == y.len &&
                     memcmp(x.data, y.data, x.len) == 0;
    if (same)
        return KITH_OK;
    kith_error_set(err, KITH_ERR_MISMATCH, "%s and %s are of different %s",
                   a_path, b_path, plural_of(name));
    if (strcmp(name, "check") == 0 &&
        (kith_meta_get(a, "rekeyed").data == NULL) !=
            (kith_meta_get(b, "rekeyed").data == NULL))
        kith_error_hint(err, "one has been through kith rekey and the other "
                             "has not");
    else
        kith_error_hint(err, "encode both again with the same key, epoch, run "
                             "and linkage spec");
    return KITH_ERR_MISMATCH;
}

kith_status
kith_meta_agree(const kith_meta *a, const char *a_path, const kith_meta *b,
                const char *b_path, const char *name, kith_error *err)
{
    if (kith_meta_get(a, name).data == NULL &&
        kith_meta_get(b, name).data == NULL)
        return KITH_OK;
    return kith_meta_same(a, a_path, b, b_path, name, err);
}
