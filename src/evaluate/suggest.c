#include "evaluate/suggest.h"

#include "base/alloc.h"
#include "cluster/edges.h"
#include "compare/layout.h"

#include <stdio.h>
#include <string.h>

enum { MOST_LINES = 5, MAX_THINGS = KITH_MAX_DIGITS };

/* What can agree: each of the two names by itself, each other comparison. */
typedef struct thing {
    char name[KITH_NAME_BYTES];
    uint8_t comparison;
    uint8_t value; /* names: which of the two */
} thing;

typedef struct things {
    thing items[MAX_THINGS];
    unsigned n;
    /** Digit of the pattern when the first name is in slot A, and when the
     *  second is. */
    unsigned digit[2][MAX_THINGS];
} things;

static void
list_things(things *t, const kith_spec *spec, const kith_layout *layout)
{
    for (unsigned d = 0; d < layout->n_digits; d++) {
        const kith_digit *digit = &layout->digits[d];
        const kith_spec_comparison *c = &spec->comparisons[digit->comparison];
        thing *item = &t->items[t->n];
        const bool names = c->kind == KITH_COMPARE_NAMES;
        item->comparison = digit->comparison;
        item->value = names ? digit->slot : 0;
        (void)snprintf(
            item->name, sizeof item->name, "%s",
            names ? spec->fields[c->values[digit->slot].parts[0].field].name
                  : c->name);
        t->digit[0][t->n] = d;
        t->digit[1][t->n] = names ? d + 1 - 2u * digit->slot : d;
        t->n++;
    }
}

static bool
uses(const kith_value *key, uint8_t field)
{
    for (unsigned i = 0; i < key->n_parts; i++) {
        if (key->parts[i].field == field ||
            key->parts[i].field >= KITH_FIELD_OTHER)
            return true;
    }
    return false;
}

/* Is a field of this thing part of the pass's key? */
static bool
keyed(const kith_spec *spec, const kith_spec_pass *pass, const thing *t)
{
    const kith_spec_comparison *c = &spec->comparisons[t->comparison];
    const unsigned first = c->kind == KITH_COMPARE_NAMES ? t->value : 0;
    const unsigned end =
        c->kind == KITH_COMPARE_NAMES ? t->value + 1u : c->n_values;
    for (unsigned v = first; v < end; v++) {
        for (unsigned k = 0; k < pass->n_key; k++) {
            if (uses(&pass->key[k], c->values[v].parts[0].field))
                return true;
        }
    }
    return false;
}

static bool
together_already(const kith_spec *spec, const thing *a, const thing *b)
{
    for (unsigned p = 0; p < spec->n_passes; p++) {
        if (keyed(spec, &spec->passes[p], a) &&
            keyed(spec, &spec->passes[p], b))
            return true;
    }
    return false;
}

static void
count_edge(uint64_t counts[MAX_THINGS][MAX_THINGS], const things *t,
           const kith_edge *e)
{
    /* Where the two rows differ in the keyed name, they were swapped; the
     * left one's reading will do. */
    const unsigned *digit = t->digit[e->variants & 1];
    uint32_t exact = 0;
    for (unsigned i = 0; i < t->n; i++) {
        if ((e->states >> 2 * digit[i] & 3) == KITH_STATE_EXACT)
            exact |= 1u << i;
    }
    for (unsigned i = 0; i < t->n; i++) {
        for (unsigned j = i + 1; j < t->n; j++)
            counts[i][j] += exact >> i & exact >> j & 1;
    }
}

static kith_status
write_best(kith_out *out, uint64_t counts[MAX_THINGS][MAX_THINGS],
           const things *t, const kith_spec *spec, kith_error *err)
{
    kith_status status = KITH_OK;
    for (unsigned i = 0; i < t->n; i++) {
        for (unsigned j = i + 1; j < t->n; j++) {
            if (together_already(spec, &t->items[i], &t->items[j]))
                counts[i][j] = 0;
        }
    }
    for (unsigned k = 0; k < MOST_LINES; k++) {
        unsigned best_i = 0;
        unsigned best_j = 0;
        for (unsigned i = 0; i < t->n; i++) {
            for (unsigned j = i + 1; j < t->n; j++) {
                if (counts[i][j] > counts[best_i][best_j]) {
                    best_i = i;
                    best_j = j;
                }
            }
        }
        const uint64_t n = counts[best_i][best_j];
        if (n == 0)
            break;
        KITH_TRY(kith_out_printf(out, err, "suggest_compared,%s+%s,%llu\n",
                                 t->items[best_i].name, t->items[best_j].name,
                                 (unsigned long long)n));
        counts[best_i][best_j] = 0;
    }
done:
    return status;
}

kith_status
kith_suggest_write(kith_out *out, const kith_blocking_params *params,
                   const kith_refs *refs, const kith_cover *cover,
                   kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_edges edges = {0};
    things t = {.n = 0};
    kith_layout layout;
    uint64_t counts[MAX_THINGS][MAX_THINGS] = {{0}};
    KITH_TRY(kith_layout_build(&layout, params->spec, 0, err));
    list_things(&t, params->spec, &layout);
    KITH_TRY(kith_edges_load(&edges, params->pairs, params->refs, refs,
                             params->spec, job, err));
    for (size_t i = 0; i < edges.n; i++) {
        const kith_edge *e = &edges.items[i];
        const uint32_t mask = kith_cover_mask(cover, e->left, e->right);
        /* Better than evens, and hanging on one pass. */
        if (e->weight > 0 && mask != 0 && (mask & (mask - 1)) == 0)
            count_edge(counts, &t, e);
    }
    KITH_TRY(write_best(out, counts, &t, params->spec, err));
done:
    kith_edges_done(&edges);
    return status;
}
