#include "config/spec.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* Nicknames and placeholders. Every layer adds its own. */

bool
kith_fold_name(char out[KITH_NAME_BYTES], const char *text, size_t n)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (c == ' ' || c == '-' || c == '\'' || c == '.')
            continue;
        if (c < 'A' || c > 'Z' || used + 1 >= KITH_NAME_BYTES)
            return false;
        out[used++] = c;
    }
    out[used] = '\0';
    return used > 0;
}

static int
by_nickname(const void *a, const void *b)
{
    const kith_nickname *x = a;
    const kith_nickname *y = b;
    const int order = strcmp(x->formal, y->formal);
    return order != 0 ? order : strcmp(x->shortened, y->shortened);
}

static kith_status
fold_at(kith_spec_build *b, const kith_spec_layer *layer, kith_yaml_node at,
        const char *text, char out[KITH_NAME_BYTES])
{
    memset(out, 0, KITH_NAME_BYTES);
    if (kith_fold_name(out, text, strlen(text)))
        return KITH_OK;
    kith_spec_fail(b, layer, at, "\"%.40s\" is not a name", text);
    kith_error_hint(b->err, "letters A to Z, at most 31; write accents plain");
    return KITH_ERR_CONFIG;
}

/** Adds the pairs of one group: the formal name with each short form. */
static kith_status
add_group(kith_spec_build *b, const kith_spec_layer *layer, uint32_t i,
          size_t *cap)
{
    kith_status status = KITH_OK;
    kith_spec *spec = b->spec;
    const kith_raw_nickname *raw = &layer->raw->nicknames[i];
    char formal[KITH_NAME_BYTES];
    KITH_TRY(fold_at(b, layer,
                     kith_yaml_at(layer->yaml, "nicknames/%u/formal", i),
                     raw->formal, formal));
    for (uint32_t s = 0; s < raw->n_shortened; s++) {
        const kith_yaml_node at =
            kith_yaml_at(layer->yaml, "nicknames/%u/short/%u", i, s);
        KITH_TRY(
            KITH_GROW(&spec->nicknames, cap, spec->n_nicknames + 1, b->err));
        kith_nickname *pair = &spec->nicknames[spec->n_nicknames];
        memcpy(pair->formal, formal, sizeof formal);
        KITH_TRY(fold_at(b, layer, at, raw->shortened[s], pair->shortened));
        if (strcmp(pair->formal, pair->shortened) == 0)
            KITH_TRY(kith_spec_fail(b, layer, at, "\"%s\" is short for itself",
                                    formal));
        spec->n_nicknames++;
    }
done:
    return status;
}

/** Sorts, and drops what two layers both say. */
static uint32_t
sort_unique(void *items, uint32_t n, size_t size,
            int (*order)(const void *, const void *))
{
    char *bytes = items;
    uint32_t kept = 0;
    if (n == 0)
        return 0;
    qsort(items, n, size, order);
    for (uint32_t i = 1; i < n; i++)
        if (order(bytes + kept * size, bytes + i * size) != 0)
            memmove(bytes + ++kept * size, bytes + i * size, size);
    return kept + 1;
}

kith_status
kith_spec_fill_nicknames(kith_spec_build *b)
{
    kith_status status = KITH_OK;
    size_t cap = 0;
    for (size_t l = 0; l < b->source->n; l++) {
        const kith_spec_layer *layer = &b->source->layers[l];
        for (uint32_t i = 0; i < layer->raw->n_nicknames; i++)
            KITH_TRY(add_group(b, layer, i, &cap));
    }
    b->spec->n_nicknames = sort_unique(b->spec->nicknames, b->spec->n_nicknames,
                                       sizeof *b->spec->nicknames, by_nickname);
done:
    return status;
}

/* A placeholder that stands for all values that begin so is kept with its
 * star in front; stars sort before letters and digits, so these come first. */

static int
by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/** Letters, in upper case, and digits of a value; its whole length. */
static size_t
fold_value(char *out, size_t cap, const char *value, size_t n)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        char c = value[i];
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if ((c < 'A' || c > 'Z') && (c < '0' || c > '9'))
            continue;
        if (used + 1 < cap)
            out[used] = c;
        used++;
    }
    out[used < cap ? used : cap - 1] = '\0';
    return used;
}

static kith_status
add_placeholder(kith_spec_build *b, const kith_spec_layer *layer, uint32_t i,
                size_t *cap)
{
    kith_status status = KITH_OK;
    kith_spec *spec = b->spec;
    const char *text = layer->raw->placeholders[i];
    const kith_yaml_node at = kith_yaml_at(layer->yaml, "placeholders/%u", i);
    size_t n = strlen(text);
    const size_t prefix = text[n - 1] == '*' ? 1 : 0;
    n -= prefix;
    /* 01/01/1900 would be another day's digits in another format. */
    const bool slash =
        memchr(text, '/', n) != NULL && text[0] >= '0' && text[0] <= '9';
    if (slash || memchr(text, '*', n) != NULL) {
        kith_spec_fail(b, layer, at, "\"%.40s\" is not a placeholder", text);
        kith_error_hint(b->err, slash ? "write dates as yyyy-mm-dd"
                                      : "a star stands at the end only");
        return KITH_ERR_CONFIG;
    }
    KITH_TRY(
        KITH_GROW(&spec->placeholders, cap, spec->n_placeholders + 1, b->err));
    char *out = spec->placeholders[spec->n_placeholders];
    memset(out, 0, KITH_NAME_BYTES);
    out[0] = '*';
    const size_t folded =
        fold_value(out + prefix, KITH_NAME_BYTES - prefix, text, n);
    if (folded == 0 || folded >= KITH_NAME_BYTES - prefix)
        KITH_TRY(kith_spec_fail(
            b, layer, at, "a placeholder has 1 to 30 letters and digits"));
    spec->n_placeholders++;
done:
    return status;
}

kith_status
kith_spec_fill_placeholders(kith_spec_build *b)
{
    kith_status status = KITH_OK;
    size_t cap = 0;
    for (size_t l = 0; l < b->source->n; l++) {
        const kith_spec_layer *layer = &b->source->layers[l];
        for (uint32_t i = 0; i < layer->raw->n_placeholders; i++)
            KITH_TRY(add_placeholder(b, layer, i, &cap));
    }
    b->spec->n_placeholders =
        sort_unique(b->spec->placeholders, b->spec->n_placeholders,
                    sizeof *b->spec->placeholders, by_text);
done:
    return status;
}

bool
kith_spec_is_placeholder(const kith_spec *spec, const char *value, size_t n)
{
    char folded[KITH_NAME_BYTES] = "";
    const size_t length = fold_value(folded, sizeof folded, value, n);
    for (uint32_t i = 0; i < spec->n_placeholders; i++) {
        const char *p = spec->placeholders[i];
        if (p[0] != '*')
            break;
        if (strncmp(folded, p + 1, strlen(p + 1)) == 0)
            return true;
    }
    return length > 0 && length < sizeof folded && spec->n_placeholders > 0 &&
           bsearch(folded, spec->placeholders, spec->n_placeholders,
                   sizeof *spec->placeholders, by_text) != NULL;
}
