/*
 * What encoding costs, as far as an agency can tell by itself. Records with
 * an identifier that is one person's say of their pairs whether they are one
 * person. The pass's own pairs are weighed twice: names by their filters, and
 * in clear text by Jaro-Winkler. The weights of name levels are the true ones
 * on either side, all other weights the model's; each side has the threshold
 * that is best for it.
 */
#include "attack/measures.h"

#include "attack/jaro.h"
#include "base/alloc.h"
#include "train/model.h"

#include <math.h>
#include <string.h>

enum {
    MOST_ROWS = 64,       /* of a block that are looked at */
    MOST_PAIRS = 1000000, /* of a pass */
    LEAST_TRUE = 100,     /* pairs of one person; fewer prove nothing */
    BINS = 1024,          /* of an eighth of a bit */
    BIN_PER_BIT = 8
};

/* As linkage on clear text takes near and middling names (Splink's name
 * comparisons), and a step below for further levels. */
static const double clear_levels[KITH_MAX_THRESHOLDS] = {0.92, 0.80, 0.70,
                                                         0.60};

enum { ENCODED, CLEAR, SIDES };

typedef struct loss {
    const kith_target *t;
    const kith_pass_model *model;
    int digits[2]; /* of the name slots; -1 */
    bool learning; /* levels are counted, not weighed */
    double levels[SIDES][2][2][KITH_MAX_LEVELS]; /* slot, one person */
    uint32_t bins[SIDES][2][BINS];
    uint64_t n[2]; /* pairs of two people, of one */
} loss;

/* 0 two people, 1 one; -1 not known. */
static int
same_person(const kith_people *p, uint32_t a, uint32_t b)
{
    for (unsigned i = 0; i < p->spec->n_identifiers; i++) {
        const kith_spec_identifier *id = &p->spec->identifiers[i];
        const uint32_t x = p->numbers[id->field][a];
        const uint32_t y = p->numbers[id->field][b];
        if (id->unique && x != KITH_DICT_NONE && y != KITH_DICT_NONE)
            return x == y;
    }
    return -1;
}

/* The level of two names in clear. Null, equal and nickname stay: tokens say
 * them as clear text does. */
static unsigned
clear_level(const loss *l, unsigned slot, unsigned level, uint32_t i,
            uint32_t j)
{
    const kith_digit *digit = &l->t->layout->digits[l->digits[slot]];
    if (level <= 2 || l->t->n_slots <= slot)
        return level;
    const uint32_t x = kith_target_name(l->t, i, slot);
    const uint32_t y = kith_target_name(l->t, j, slot);
    if (x == KITH_DICT_NONE || y == KITH_DICT_NONE)
        return level;
    const char *a = kith_target_text(l->t, x), *b = kith_target_text(l->t, y);
    const double like = kith_jaro_winkler(a, strlen(a), b, strlen(b));
    unsigned t = 0;
    while (t < digit->n_thresholds && like < clear_levels[t])
        t++;
    return 3 + t;
}

static unsigned
bin_of(double bits)
{
    const double bin = bits * BIN_PER_BIT + BINS / 2.0;
    return bin < 0 ? 0 : bin >= BINS ? BINS - 1 : (unsigned)bin;
}

static double
level_weight(const loss *l, unsigned side, unsigned slot, unsigned level)
{
    const double m = l->levels[side][slot][1][level] + .5;
    const double u = l->levels[side][slot][0][level] + .5;
    return level == 0 ? 0
                      : log2(m / ((double)l->n[1] + 1)) -
                            log2(u / ((double)l->n[0] + 1));
}

static void
weigh_pair(loss *l, uint32_t i, uint32_t j, int same)
{
    const kith_layout *layout = l->t->layout;
    const uint32_t pattern = kith_compare_rows(layout, kith_target_at(l->t, i),
                                               kith_target_at(l->t, j));
    kith_weight weight;
    double rest = 0;
    kith_weigh(&weight, l->model, layout, pattern);
    for (unsigned d = 0; d < layout->n_digits; d++)
        if ((int)d != l->digits[0] && (int)d != l->digits[1])
            rest += weight.digits[d];
    l->n[same] += l->learning;
    for (unsigned side = 0; side < SIDES; side++) {
        double bits = rest;
        for (unsigned slot = 0; slot < 2; slot++) {
            if (l->digits[slot] < 0)
                continue;
            unsigned level =
                kith_pattern_level(layout, pattern, (unsigned)l->digits[slot]);
            if (side == CLEAR)
                level = clear_level(l, slot, level, i, j);
            if (l->learning)
                l->levels[side][slot][same][level]++;
            else
                bits += level_weight(l, side, slot, level);
        }
        if (!l->learning)
            l->bins[side][same][bin_of(bits)]++;
    }
}

static void
each_pair(loss *l)
{
    const kith_target *t = l->t;
    uint32_t n = 0;
    for (uint32_t b = 0; b < t->n_blocks && n < MOST_PAIRS; b++) {
        const uint32_t from = t->begin[b];
        const uint32_t rows = t->begin[b + 1] - from;
        for (uint32_t i = 1; i < rows && i < MOST_ROWS; i++)
            for (uint32_t j = 0; j < i; j++) {
                const uint32_t x = t->records[from + i];
                const uint32_t y = t->records[from + j];
                const int same = same_person(t->params.people, x, y);
                if (x == y || same < 0)
                    continue;
                weigh_pair(l, from + i, from + j, same);
                n++;
            }
    }
}

/* The best that some threshold gives. */
static double
best_f1(const loss *l, unsigned side)
{
    double best = 0, right = 0, wrong = 0;
    for (unsigned b = BINS; b-- > 0;) {
        right += l->bins[side][1][b];
        wrong += l->bins[side][0][b];
        const double f1 = 2 * right / (right + wrong + (double)l->n[1]);
        best = f1 > best ? f1 : best;
    }
    return best;
}

kith_status
kith_measure_loss(const kith_subject *s, const kith_target *t,
                  const kith_model *model, kith_error *err)
{
    kith_status status = KITH_OK;
    loss *l = NULL;
    const kith_pass_model *pass = kith_model_pass(model, s->name);
    if (pass == NULL)
        return KITH_OK;
    KITH_TRY(KITH_ALLOC(&l, 1, err));
    *l = (loss){.t = t, .model = pass, .digits = {-1, -1}, .learning = true};
    for (unsigned d = 0; d < t->layout->n_digits; d++)
        if (t->layout->digits[d].kind == KITH_COMPARE_NAMES)
            l->digits[t->layout->digits[d].slot] = (int)d;
    each_pair(l);
    if (l->n[1] < LEAST_TRUE)
        goto done;
    l->learning = false;
    each_pair(l);
    const double encoded = best_f1(l, ENCODED), clear = best_f1(l, CLEAR);
    KITH_TRY(kith_report_add(s, "F1 lost against clear text", clear - encoded,
                             kith_gate_most(.005), err,
                             "clear %.4f; %llu pairs of one person by number",
                             clear, (unsigned long long)l->n[1]));
done:
    kith_free(l);
    return status;
}
