#include "cluster/evidence.h"

#include "base/job.h"
#include "compare/layout.h"
#include "match/pairs.h"

#include <math.h>

enum { EDGES_PER_CHUNK = 1 << 16, AHEAD = 16 };

/* One token, however rare, is mistyped or belongs to a relative now and
 * then; 12 bits are odds of 4,096. All identifiers together may double it. */
#define MAX_IDENTIFIER_BITS 12.0
#define MAX_ALL_BITS        24.0

/*
 * What similar names take of an equal one's rarity. Strangers' names are
 * similar the more often the commoner they are, but less clearly so than they
 * are equal: on six made-up and public sets half was better than nothing or
 * all.
 */
#define SIMILAR_SHARE 0.5

typedef struct evidence {
    const kith_refs *refs;
    const kith_spec *spec;
    kith_edges *edges;
    int names_digit; /* of slot A; -1: no names comparison */
    int place_digit; /* of the first nested comparison; -1: none */
    bool place_pass[KITH_MAX_PASSES]; /* its key fixes the address */
    double equal_bits[KITH_MAX_IDENTIFIERS];
    double unequal_bits[KITH_MAX_IDENTIFIERS];
} evidence;

static void
find_digits(evidence *e)
{
    int digit = 0;
    e->names_digit = e->place_digit = -1;
    for (uint8_t c = 0; c < e->spec->n_comparisons; c++) {
        const kith_compare_kind kind = e->spec->comparisons[c].kind;
        if (kind == KITH_COMPARE_NAMES && e->names_digit < 0)
            e->names_digit = digit;
        if (kind == KITH_COMPARE_NESTED && e->place_digit < 0)
            e->place_digit = digit;
        digit += kind == KITH_COMPARE_NAMES ? 2 : 1;
    }
}

static bool
fixes_place(const kith_spec *spec, const kith_spec_pass *pass)
{
    for (uint8_t k = 0; k < pass->n_key; k++) {
        for (uint8_t i = 0; i < pass->key[k].n_parts; i++) {
            const kith_part part = pass->key[k].parts[i];
            if (part.field >= KITH_FIELD_OTHER || part.kind != KITH_PART_WHOLE)
                continue;
            const kith_field_kind kind = spec->fields[part.field].kind;
            if (kind == KITH_FIELD_POSTCODE || kind == KITH_FIELD_UPRN)
                return true;
        }
    }
    return false;
}

static void
prepare(evidence *e)
{
    find_digits(e);
    for (uint8_t p = 0; p < e->spec->n_passes; p++)
        e->place_pass[p] = fixes_place(e->spec, &e->spec->passes[p]);
    for (uint8_t i = 0; i < e->spec->n_identifiers; i++) {
        const kith_spec_identifier *id = &e->spec->identifiers[i];
        e->equal_bits[i] = fmin(log2(id->m / id->u), MAX_IDENTIFIER_BITS);
        e->unequal_bits[i] =
            fmax(log2((1 - id->m) / (1 - id->u)), -MAX_IDENTIFIER_BITS);
    }
}

static unsigned
state_of(const kith_edge *edge, int digit)
{
    return digit < 0 ? KITH_STATE_NULL : edge->states >> (2 * digit) & 3;
}

/* Equal names are in one bucket of a source; a source without the table may
 * not know which, and two may count differently. */
static double
equal_name_bits(const evidence *e, const kith_edge *edge, unsigned name)
{
    const unsigned x = kith_refs_rarity(e->refs, edge->left, name);
    const unsigned y = kith_refs_rarity(e->refs, edge->right, name);
    const double *bits = e->refs->rarity_bits[name];
    return x == 0 ? bits[y] : y == 0 ? bits[x] : (bits[x] + bits[y]) / 2;
}

/* The commoner of two similar names says how many they may be taken from:
 * a slip in a common one makes a rare one. */
static double
similar_name_bits(const evidence *e, const kith_edge *edge, unsigned name)
{
    const unsigned x = kith_refs_rarity(e->refs, edge->left, name);
    const unsigned y = kith_refs_rarity(e->refs, edge->right, name);
    const double *bits = e->refs->rarity_bits[name];
    return x == 0 || y == 0 ? 0 : fmin(bits[x], bits[y]);
}

static double
rarity_bits(const evidence *e, const kith_edge *edge)
{
    const bool either = e->spec->passes[edge->pass].either;
    const unsigned left = edge->variants & 1, right = edge->variants >> 1;
    /* Swapped names: the slots of the two rows hold different names. */
    if (e->names_digit < 0 || (either && left != right))
        return 0;
    const unsigned first = either ? left : 0; /* the name in slot A */
    const bool same_place = e->place_pass[edge->pass] ||
                            state_of(edge, e->place_digit) == KITH_STATE_EXACT;
    double bits = 0;
    for (unsigned slot = 0; slot < 2; slot++) {
        const unsigned name = slot ^ first;
        const unsigned state = state_of(edge, e->names_digit + (int)slot);
        if (name == 0 && same_place)
            continue;
        if (state == KITH_STATE_EXACT)
            bits += equal_name_bits(e, edge, name);
        else if (state == KITH_STATE_FUZZY)
            bits += SIMILAR_SHARE * similar_name_bits(e, edge, name);
    }
    return bits;
}

static double
identifier_bits(const evidence *e, const kith_edge *edge)
{
    double bits = 0;
    for (uint32_t i = 0; i < e->refs->n_identifiers; i++) {
        const uint32_t x = kith_refs_token(e->refs, edge->left, i);
        const uint32_t y = kith_refs_token(e->refs, edge->right, i);
        if (x != 0 && y != 0)
            bits += x == y ? e->equal_bits[i] : e->unequal_bits[i];
    }
    return fmax(-MAX_ALL_BITS, fmin(MAX_ALL_BITS, bits));
}

static bool
identifiers_hold(const evidence *e, const kith_spec_rule *rule,
                 const kith_edge *edge)
{
    for (uint32_t i = 0; i < e->refs->n_identifiers; i++) {
        const uint32_t x = kith_refs_token(e->refs, edge->left, i);
        const uint32_t y = kith_refs_token(e->refs, edge->right, i);
        const bool known = x != 0 && y != 0;
        if ((rule->equal_identifiers >> i & 1) != 0 && !(known && x == y))
            return false;
        if ((rule->unequal_identifiers >> i & 1) != 0 && !(known && x != y))
            return false;
    }
    return true;
}

/* Two names agree when both are exact, and differ when one of them does. */
static bool
comparisons_hold(const evidence *e, const kith_spec_rule *rule,
                 const kith_edge *edge)
{
    int digit = 0;
    for (uint8_t c = 0; c < e->spec->n_comparisons; c++) {
        const int n =
            e->spec->comparisons[c].kind == KITH_COMPARE_NAMES ? 2 : 1;
        bool exact = true, differs = false;
        for (int i = 0; i < n; i++, digit++) {
            const unsigned state = state_of(edge, digit);
            exact = exact && state == KITH_STATE_EXACT;
            differs = differs || state == KITH_STATE_DIFFERS;
        }
        if (((rule->exact >> c & 1) != 0 && !exact) ||
            ((rule->differs >> c & 1) != 0 && !differs))
            return false;
    }
    return true;
}

/* 1 + index of the first rule that holds; 0 none. */
static unsigned
find_rule(const evidence *e, const kith_edge *edge)
{
    for (unsigned r = 0; r < e->spec->n_rules; r++) {
        const kith_spec_rule *rule = &e->spec->rules[r];
        if (identifiers_hold(e, rule, edge) && comparisons_hold(e, rule, edge))
            return r + 1;
    }
    return 0;
}

static int16_t
fixed_point(double bits)
{
    return (int16_t)lround(fmax(-127.0, fmin(127.0, bits)) *
                           KITH_WEIGHT_PER_BIT);
}

static int16_t
add_weight(int16_t weight, int16_t bonus)
{
    const int sum = weight + bonus;
    return (int16_t)(sum > INT16_MAX    ? INT16_MAX
                     : sum < -INT16_MAX ? -INT16_MAX
                                        : sum);
}

/* Asks for what an edge will need of its right record; the left ones are in
 * order. */
static void
touch_right(const evidence *e, uint32_t right)
{
    const uint32_t *marks = kith_refs_marks(e->refs, right);
    __builtin_prefetch(marks);
    __builtin_prefetch(marks + e->refs->n_identifiers);
}

static kith_status
evidence_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    const evidence *e = ctx;
    (void)worker;
    (void)err;
    const size_t first = chunk * EDGES_PER_CHUNK;
    size_t end = first + EDGES_PER_CHUNK;
    if (end > e->edges->n)
        end = e->edges->n;
    for (size_t i = first; i < end; i++) {
        kith_edge *edge = &e->edges->items[i];
        if (end - i > AHEAD)
            touch_right(e, edge[AHEAD].right);
        edge->rarity = fixed_point(rarity_bits(e, edge));
        edge->identifiers = fixed_point(identifier_bits(e, edge));
        edge->weight = add_weight(add_weight(edge->weight, edge->rarity),
                                  edge->identifiers);
        edge->rule = find_rule(e, edge) & 63u;
    }
    kith_edges_rest(e->edges, first, end);
    return KITH_OK;
}

kith_status
kith_evidence_add(kith_edges *edges, const kith_refs *refs,
                  const kith_spec *spec, kith_job *job, kith_error *err)
{
    evidence e = {.refs = refs, .spec = spec, .edges = edges};
    prepare(&e);
    const size_t n_chunks = (edges->n + EDGES_PER_CHUNK - 1) / EDGES_PER_CHUNK;
    return kith_for(kith_job_pool(job), n_chunks, evidence_chunk, &e, err);
}
