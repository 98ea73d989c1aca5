/*
 * The attacker was told the names behind some rows, and knows the commonest
 * names of a list. Of each q-gram it keeps the bits that are set in every
 * aligned filter whose name has it, and says of other filters the name whose
 * q-grams' bits they cover best. A filter equal to an aligned one needs no
 * mining. Source: a plain form of Christen et al. 2018.
 */
#include "attack/bits.h"
#include "attack/measures.h"

#include "base/alloc.h"
#include "base/rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LETTERS = 37, /* A-Z, 0-9, the pad */
    GRAMS = LETTERS * LETTERS,
    MAX_ALIGNED = 50,
    CANDIDATES = 500, /* names that are tried, commonest first */
    TRIED = 2000      /* rows */
};

typedef struct name_count {
    uint32_t count;
    uint32_t name;
} name_count;

typedef struct mining {
    const kith_target *t;
    unsigned slot;
    uint64_t seed;
    name_count *names; /* commonest first */
    uint32_t n_names;
    uint32_t *first;               /* of each name: a row that bears it; NONE */
    uint32_t aligned[MAX_ALIGNED]; /* rows */
    uint32_t n_aligned;
    bool known[GRAMS];
    uint8_t bits[GRAMS][KITH_FILTER_MAX_BYTES];
    uint16_t n_bits[GRAMS];
} mining;

static int
by_count(const void *a, const void *b)
{
    const name_count *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return x->name < y->name ? -1 : x->name > y->name;
}

static unsigned
letter(char c)
{
    return c >= 'A' && c <= 'Z'   ? (unsigned)(c - 'A')
           : c >= '0' && c <= '9' ? 26u + (unsigned)(c - '0')
                                  : 36u;
}

/* The q-grams of q = 2 with one pad; @return their number. */
static unsigned
grams_of(uint16_t out[KITH_NORM_BYTES + 1], const char *text)
{
    unsigned n = 0, before = 36;
    for (const char *c = text; *c != '\0'; c++) {
        out[n++] = (uint16_t)(before * LETTERS + letter(*c));
        before = letter(*c);
    }
    out[n++] = (uint16_t)(before * LETTERS + 36);
    return n;
}

/* A bearer drawn at random: the order of rows goes by their blocks. */
static kith_status
count_names(mining *m, kith_error *err)
{
    const kith_target *t = m->t;
    kith_status status = KITH_OK;
    kith_rng rng = kith_rng_at(m->seed, 2);
    m->n_names = kith_target_names(t);
    KITH_TRY(KITH_ALLOC(&m->names, m->n_names + 1u, err));
    KITH_TRY(KITH_ALLOC(&m->first, m->n_names + 1u, err));
    for (uint32_t n = 0; n < m->n_names; n++)
        m->names[n].name = n;
    for (uint32_t i = 0; i < t->n_rows; i++) {
        const uint32_t name = kith_target_name(t, i, m->slot);
        if (name != KITH_DICT_NONE &&
            kith_rng_below(&rng, ++m->names[name].count) == 0)
            m->first[name] = i;
    }
    qsort(m->names, m->n_names, sizeof *m->names, by_count);
done:
    return status;
}

static void
learn(mining *m, uint32_t n_aligned)
{
    const size_t n_bytes = m->t->layout->filter_bytes;
    memset(m->known, 0, sizeof m->known);
    memset(m->bits, 0xFF, sizeof m->bits);
    m->n_aligned = 0;
    for (uint32_t n = 0; n < n_aligned && n < m->n_names; n++) {
        uint16_t grams[KITH_NORM_BYTES + 1];
        const uint32_t name = m->names[n].name;
        if (m->names[n].count == 0)
            break;
        const uint8_t *filter =
            kith_target_filter(m->t, m->first[name], m->slot);
        const unsigned n_grams = grams_of(grams, kith_target_text(m->t, name));
        m->aligned[m->n_aligned++] = m->first[name];
        for (unsigned g = 0; g < n_grams; g++) {
            m->known[grams[g]] = true;
            for (size_t i = 0; i < n_bytes; i++)
                m->bits[grams[g]][i] &= filter[i];
        }
    }
    for (unsigned g = 0; g < GRAMS; g++)
        m->n_bits[g] =
            (uint16_t)(m->known[g] ? kith_popcount(m->bits[g], n_bytes) : 0);
}

/* Mean share of the known q-grams' bits that the filter has; among equals the
 * commoner name. */
static double
cover(const mining *m, uint32_t name, const uint8_t *filter)
{
    uint16_t grams[KITH_NORM_BYTES + 1];
    const unsigned n = grams_of(grams, kith_target_text(m->t, name));
    double sum = 0;
    for (unsigned g = 0; g < n; g++) {
        const uint16_t gram = grams[g];
        if (m->n_bits[gram] == 0) {
            sum += .5;
            continue;
        }
        sum += 1.0 *
               kith_popcount_both(m->bits[gram], filter,
                                  m->t->layout->filter_bytes) /
               m->n_bits[gram];
    }
    return sum / n;
}

static uint32_t
guess(const mining *m, const uint8_t *filter)
{
    uint32_t best = KITH_DICT_NONE;
    double best_cover = -1;
    for (uint32_t a = 0; a < m->n_aligned; a++)
        if (memcmp(kith_target_filter(m->t, m->aligned[a], m->slot), filter,
                   m->t->layout->filter_bytes) == 0)
            return kith_target_name(m->t, m->aligned[a], m->slot);
    for (uint32_t n = 0; n < CANDIDATES && n < m->n_names; n++) {
        if (m->names[n].count == 0)
            break;
        const double c = cover(m, m->names[n].name, filter);
        if (c > best_cover + 1e-9) {
            best_cover = c;
            best = m->names[n].name;
        }
    }
    return best;
}

static bool
is_aligned(const mining *m, uint32_t row)
{
    for (uint32_t a = 0; a < m->n_aligned; a++)
        if (m->aligned[a] == row)
            return true;
    return false;
}

static kith_status
attack(const kith_subject *s, mining *m, uint32_t n_aligned, kith_error *err)
{
    kith_rng rng = kith_rng_at(m->seed, 3);
    uint32_t tried = 0, right = 0, mode = 0;
    char name[48];
    learn(m, n_aligned);
    for (unsigned i = 0; i < TRIED; i++) {
        const uint32_t row = (uint32_t)kith_rng_below(&rng, m->t->n_rows);
        const uint32_t truth = kith_target_name(m->t, row, m->slot);
        if (truth == KITH_DICT_NONE || is_aligned(m, row))
            continue;
        tried++;
        mode += truth == m->names[0].name;
        right += truth == guess(m, kith_target_filter(m->t, row, m->slot));
    }
    snprintf(name, sizeof name, "pattern mining, %u aligned, %c", n_aligned,
             m->t->slots[m->slot].slot == 0 ? 'A' : 'B');
    if (tried == 0)
        return KITH_OK;
    /* A sample: what three standard deviations of it allow is no finding. */
    const double gate = 1.5 * mode + 3 * sqrt(1.5 * mode);
    return kith_report_add(s, name, 1.0 * right / tried,
                           kith_gate_most(gate / tried), err,
                           "of %u rows named; always the commonest: %.4f",
                           tried, 1.0 * mode / tried);
}

kith_status
kith_measure_mining(const kith_subject *s, const kith_target *t, uint64_t seed,
                    kith_error *err)
{
    kith_status status = KITH_OK;
    mining *m = NULL;
    if (t->n_rows == 0 || t->params.people->spec->filter_q != 2)
        return KITH_OK;
    KITH_TRY(KITH_ALLOC(&m, 1, err));
    for (unsigned slot = 0; slot < t->n_slots; slot++) {
        kith_free(m->names);
        kith_free(m->first);
        *m = (mining){.t = t, .slot = slot, .seed = seed};
        KITH_TRY(count_names(m, err));
        KITH_TRY(attack(s, m, 20, err));
        KITH_TRY(attack(s, m, MAX_ALIGNED, err));
    }
done:
    if (m != NULL) {
        kith_free(m->names);
        kith_free(m->first);
    }
    kith_free(m);
    return status;
}
