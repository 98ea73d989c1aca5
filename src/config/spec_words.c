#include "config/spec.h"

#include "base/alloc.h"
#include "base/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Nicknames and placeholders. Every layer adds its own.
 *
 * A record carries one nickname token for a name, so each name must stand for
 * one formal name: that of the first group that names it, nearest layer
 * first. */

/** In place of the number of a short form. */
#define FORMAL UINT32_MAX

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

/** The place of a group's formal name, or of its short form @p s. Looked up
 *  only for an error: the way there is along the list. */
static kith_yaml_node
place_of(const kith_spec_layer *layer, uint32_t i, uint32_t s)
{
    return s == FORMAL
               ? kith_yaml_at(layer->yaml, "nicknames/%u/formal", i)
               : kith_yaml_at(layer->yaml, "nicknames/%u/short/%u", i, s);
}

static kith_status
fold_at(kith_spec_build *b, const kith_spec_layer *layer, uint32_t i,
        uint32_t s, char out[KITH_NAME_BYTES])
{
    const kith_raw_nickname *raw = &layer->raw->nicknames[i];
    const char *text = s == FORMAL ? raw->formal : raw->shortened[s];
    memset(out, 0, KITH_NAME_BYTES);
    if (kith_fold_name(out, text, strlen(text)))
        return KITH_OK;
    kith_spec_fail(b, layer, place_of(layer, i, s), "\"%.40s\" is not a name",
                   text);
    kith_error_hint(b->err, "letters A to Z, at most 31; write accents plain");
    return KITH_ERR_CONFIG;
}

/** Every name that some group names, and the formal name it stands for. */
typedef struct grouping {
    kith_dict names;
    uint32_t *formal; /* by index in names */
    size_t formal_cap;
    size_t pairs_cap;
} grouping;

/** Finds a name, or adds it as a form of @p formal (KITH_DICT_NONE: itself). */
static kith_status
place(grouping *g, const char *name, uint32_t formal, uint32_t *index,
      bool *is_new, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t before = g->names.n;
    KITH_TRY(kith_dict_add(&g->names, kith_str_of(name), index, err));
    *is_new = g->names.n > before;
    if (*is_new) {
        KITH_TRY(KITH_GROW(&g->formal, &g->formal_cap, g->names.n, err));
        g->formal[*index] = formal == KITH_DICT_NONE ? *index : formal;
    }
done:
    return status;
}

/** Adds the short forms of one group that no group before it has. */
static kith_status
add_group(kith_spec_build *b, const kith_spec_layer *layer, uint32_t i,
          grouping *g)
{
    kith_status status = KITH_OK;
    kith_spec *spec = b->spec;
    const kith_raw_nickname *raw = &layer->raw->nicknames[i];
    char name[KITH_NAME_BYTES];
    uint32_t index = 0;
    bool is_new = false;
    KITH_TRY(fold_at(b, layer, i, FORMAL, name));
    KITH_TRY(place(g, name, KITH_DICT_NONE, &index, &is_new, b->err));
    const uint32_t formal = g->formal[index];
    for (uint32_t s = 0; s < raw->n_shortened; s++) {
        KITH_TRY(fold_at(b, layer, i, s, name));
        if (strcmp(name, kith_dict_at(&g->names, formal)) == 0)
            KITH_TRY(kith_spec_fail(b, layer, place_of(layer, i, s),
                                    "\"%s\" is short for itself", name));
        KITH_TRY(place(g, name, formal, &index, &is_new, b->err));
        if (!is_new)
            continue;
        KITH_TRY(KITH_GROW(&spec->nicknames, &g->pairs_cap,
                           spec->n_nicknames + 1, b->err));
        kith_nickname *pair = &spec->nicknames[spec->n_nicknames++];
        memset(pair, 0, sizeof *pair);
        memcpy(pair->shortened, name, sizeof name);
        (void)snprintf(pair->formal, sizeof pair->formal, "%s",
                       kith_dict_at(&g->names, formal));
    }
done:
    return status;
}

kith_status
kith_spec_fill_nicknames(kith_spec_build *b)
{
    kith_status status = KITH_OK;
    grouping g = {0};
    for (size_t l = 0; l < b->source->n; l++) {
        const kith_spec_layer *layer = &b->source->layers[l];
        for (uint32_t i = 0; i < layer->raw->n_nicknames; i++)
            KITH_TRY(add_group(b, layer, i, &g));
    }
    if (b->spec->n_nicknames > 0)
        qsort(b->spec->nicknames, b->spec->n_nicknames,
              sizeof *b->spec->nicknames, by_nickname);
done:
    kith_dict_done(&g.names);
    kith_free(g.formal);
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
fail_placeholder(kith_spec_build *b, const kith_spec_layer *layer, uint32_t i,
                 const char *hint)
{
    kith_spec_fail(b, layer, kith_yaml_at(layer->yaml, "placeholders/%u", i),
                   "\"%.40s\" is not a placeholder",
                   layer->raw->placeholders[i]);
    kith_error_hint(b->err, "%s", hint);
    return KITH_ERR_CONFIG;
}

static kith_status
add_placeholder(kith_spec_build *b, const kith_spec_layer *layer, uint32_t i,
                size_t *cap)
{
    kith_status status = KITH_OK;
    kith_spec *spec = b->spec;
    const char *text = layer->raw->placeholders[i];
    size_t n = strlen(text);
    const size_t prefix = text[n - 1] == '*' ? 1 : 0;
    n -= prefix;
    /* 01/01/1900 would be another day's digits in another format. */
    if (memchr(text, '/', n) != NULL && text[0] >= '0' && text[0] <= '9')
        return fail_placeholder(b, layer, i, "write dates as yyyy-mm-dd");
    if (memchr(text, '*', n) != NULL)
        return fail_placeholder(b, layer, i, "a star stands at the end only");
    KITH_TRY(
        KITH_GROW(&spec->placeholders, cap, spec->n_placeholders + 1, b->err));
    char *out = spec->placeholders[spec->n_placeholders];
    memset(out, 0, KITH_NAME_BYTES);
    out[0] = '*';
    const size_t folded =
        fold_value(out + prefix, KITH_NAME_BYTES - prefix, text, n);
    if (folded == 0 || folded >= KITH_NAME_BYTES - prefix)
        return fail_placeholder(b, layer, i, "1 to 30 letters and digits");
    spec->n_placeholders++;
done:
    return status;
}

/** Sorts, and drops what is said twice. */
static void
sort_placeholders(kith_spec *spec)
{
    uint32_t kept = 0;
    if (spec->n_placeholders == 0)
        return;
    qsort(spec->placeholders, spec->n_placeholders, sizeof *spec->placeholders,
          by_text);
    for (uint32_t i = 1; i < spec->n_placeholders; i++)
        if (strcmp(spec->placeholders[kept], spec->placeholders[i]) != 0)
            memmove(spec->placeholders[++kept], spec->placeholders[i],
                    KITH_NAME_BYTES);
    spec->n_placeholders = kept + 1;
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
    sort_placeholders(b->spec);
done:
    return status;
}

/* Nearly every value differs from nearly every placeholder in its first
 * letter. */
static bool
is_listed(const kith_spec *spec, uint32_t from, const char *folded)
{
    uint32_t low = from, high = spec->n_placeholders;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const char *p = spec->placeholders[middle];
        const int order = folded[0] != p[0]
                              ? (unsigned char)folded[0] - (unsigned char)p[0]
                              : strcmp(folded, p);
        if (order == 0)
            return true;
        if (order > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool
kith_spec_is_placeholder(const kith_spec *spec, const char *value, size_t n)
{
    char folded[KITH_NAME_BYTES] = "";
    uint32_t i = 0;
    const size_t length = fold_value(folded, sizeof folded, value, n);
    for (; i < spec->n_placeholders && spec->placeholders[i][0] == '*'; i++) {
        const char *p = spec->placeholders[i] + 1;
        if (p[0] == folded[0] && strncmp(folded, p, strlen(p)) == 0)
            return true;
    }
    return length > 0 && length < sizeof folded && is_listed(spec, i, folded);
}
