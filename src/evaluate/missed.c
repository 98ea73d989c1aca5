#include "evaluate/missed.h"

#include "base/alloc.h"

#include <math.h>

/* EM stops when no probability moves by more, or after so many rounds. */
#define TOLERANCE 1e-7
enum { MAX_ROUNDS = 500 };

/* Bits of the parts that one part of a key needs. Of a date: the year, day
 * and month in any order, their order, the day alone, the month alone. */
static unsigned
parts_of(kith_field_kind field, kith_part_kind part)
{
    const bool date = field == KITH_FIELD_DATE;
    switch (part) {
    case KITH_PART_INITIAL:
    case KITH_PART_DISTRICT:
    case KITH_PART_YEAR:
        return 1;
    case KITH_PART_SOUNDEX:
    case KITH_PART_SECTOR:
    case KITH_PART_SORTED:
        return 3;
    case KITH_PART_DAYMONTH:
        return 6;
    case KITH_PART_DAY:
        return 8;
    case KITH_PART_MONTH:
        return 16;
    case KITH_PART_WHOLE:
    default:
        return date || field == KITH_FIELD_NAME || field == KITH_FIELD_TEXT ||
                       field == KITH_FIELD_POSTCODE
                   ? 7
                   : 1;
    }
}

uint8_t
kith_missed_name(const kith_spec *spec, unsigned which)
{
    for (uint8_t c = 0; c < spec->n_comparisons; c++) {
        if (spec->comparisons[c].kind == KITH_COMPARE_NAMES)
            return spec->comparisons[c].values[which].parts[0].field;
    }
    return 0;
}

static void
note_key(uint32_t raw[KITH_MISSED_RAW], const kith_spec *spec, unsigned pass,
         unsigned alternative)
{
    const kith_spec_pass *p = &spec->passes[pass];
    for (uint8_t k = 0; k < p->n_key; k++) {
        for (uint8_t i = 0; i < p->key[k].n_parts; i++) {
            const kith_part part = p->key[k].parts[i];
            const uint8_t field = part.field == KITH_FIELD_EITHER
                                      ? kith_missed_name(spec, alternative)
                                  : part.field == KITH_FIELD_OTHER
                                      ? kith_missed_name(spec, !alternative)
                                      : part.field;
            const unsigned bits = parts_of(spec->fields[field].kind, part.kind);
            for (unsigned b = 0; b < KITH_MISSED_PER_FIELD; b++) {
                if (bits >> b & 1)
                    raw[field * KITH_MISSED_PER_FIELD + b] |=
                        1u << (2 * pass + alternative);
            }
        }
    }
}

/* Parts that the same keys need cannot be told apart, and are one. */
void
kith_missed_init(kith_missed *m, const kith_spec *spec)
{
    uint32_t raw[KITH_MISSED_RAW] = {0};
    for (unsigned p = 0; p < spec->n_passes; p++) {
        note_key(raw, spec, p, 0);
        note_key(raw, spec, p, 1);
    }
    for (unsigned i = 0; i < KITH_MISSED_RAW; i++) {
        unsigned k = 0;
        while (k < m->n_parts && m->needed_by[k] != raw[i])
            k++;
        if (raw[i] == 0)
            continue;
        if (k == KITH_MISSED_PARTS) {
            m->n_parts = 0;
            return;
        }
        m->needed_by[k] = raw[i];
        m->n_parts += k == m->n_parts;
        m->part_of[i] = (uint8_t)(k + 1);
    }
}

void
kith_missed_done(kith_missed *m)
{
    kith_free(m->classes);
    kith_map64_done(&m->index);
    *m = (kith_missed){0};
}

kith_status
kith_missed_note(kith_missed *m, uint32_t possible, uint32_t covered,
                 kith_error *err)
{
    kith_status status = KITH_OK;
    const uint64_t key = (uint64_t)possible << 32 | covered;
    uint32_t at = 0;
    if (!kith_map64_get(&m->index, key, &at)) {
        at = (uint32_t)m->n;
        KITH_TRY(KITH_GROW(&m->classes, &m->cap, m->n + 1, err));
        KITH_TRY(kith_map64_put(&m->index, key, at, err));
        m->classes[m->n++] = (kith_missed_class){possible, covered, 0};
    }
    m->classes[at].n++;
done:
    return status;
}

/* The passes that cover a pair whose agreeing parts are @p agreeing. */
static uint32_t
covering(const kith_missed *m, uint32_t agreeing)
{
    uint32_t lacking = 0, passes = 0;
    for (unsigned i = 0; i < m->n_parts; i++) {
        if (!(agreeing >> i & 1))
            lacking |= m->needed_by[i];
    }
    for (unsigned p = 0; p < KITH_MAX_PASSES; p++) {
        if ((lacking >> (2 * p) & 3) != 3)
            passes |= 1u << p;
    }
    return passes;
}

static double
probability(const kith_missed *m, uint32_t agreeing)
{
    double p = 1;
    for (unsigned i = 0; i < m->n_parts; i++)
        p *= agreeing >> i & 1 ? m->agree[i] : 1 - m->agree[i];
    return p;
}

/* What EM adds up in one round. */
typedef struct sums {
    double agree[KITH_MISSED_PARTS];
    double n;
} sums;

typedef struct states {
    uint32_t *covering; /* by set of agreeing parts */
    double *p;
    uint32_t n;
} states;

/* Shares @p n pairs out over the sets of parts that would be covered so. */
static double
share_out(sums *to, const kith_missed *m, const states *s, uint32_t possible,
          uint32_t covered, double n)
{
    double all = 0, agree[KITH_MISSED_PARTS] = {0};
    for (uint32_t i = 0; i < s->n; i++) {
        if ((s->covering[i] & possible) != covered)
            continue;
        all += s->p[i];
        for (unsigned k = 0; k < m->n_parts; k++)
            agree[k] += i >> k & 1 ? s->p[i] : 0;
    }
    /* No errors of single parts explain it, such as swapped names. */
    if (all <= 0)
        return 0;
    for (unsigned k = 0; k < m->n_parts; k++)
        to->agree[k] += n * agree[k] / all;
    to->n += n;
    return all;
}

/* One round; returns how far a probability moved at most. */
static double
em_round(kith_missed *m, const states *s)
{
    sums sum = {0};
    double moved = 0;
    for (uint32_t i = 0; i < s->n; i++)
        s->p[i] = probability(m, i);
    for (size_t c = 0; c < m->n; c++) {
        const kith_missed_class *k = &m->classes[c];
        if (k->covered == 0)
            continue;
        const double n = (double)k->n;
        if (share_out(&sum, m, s, k->possible, k->covered, n) <= 0)
            continue;
        const double missed = kith_missed_share(m, k->possible);
        if (missed > 0 && missed < 1)
            (void)share_out(&sum, m, s, k->possible, 0,
                            n * missed / (1 - missed));
    }
    for (unsigned i = 0; i < m->n_parts && sum.n > 0; i++) {
        const double p = sum.agree[i] / sum.n;
        moved = fmax(moved, fabs(p - m->agree[i]));
        m->agree[i] = p;
    }
    return moved;
}

/* A part is tested when a pass that does without it found a pair that a
 * pass that needs it might have. */
static void
find_tested(kith_missed *m)
{
    for (size_t c = 0; c < m->n; c++) {
        for (unsigned i = 0; i < m->n_parts; i++) {
            bool needed = false, found = false;
            for (unsigned p = 0; p < KITH_MAX_PASSES; p++) {
                const bool needs = (m->needed_by[i] >> (2 * p) & 3) != 0;
                needed |= needs && (m->classes[c].possible >> p & 1) != 0;
                found |= !needs && (m->classes[c].covered >> p & 1) != 0;
            }
            if (needed && found)
                m->tested |= 1u << i;
        }
    }
}

kith_status
kith_missed_fit(kith_missed *m, kith_error *err)
{
    kith_status status = KITH_OK;
    states s = {.n = 1u << m->n_parts};
    KITH_TRY(KITH_ALLOC(&s.covering, s.n, err));
    KITH_TRY(KITH_ALLOC(&s.p, s.n, err));
    for (uint32_t i = 0; i < s.n; i++)
        s.covering[i] = covering(m, i);
    for (unsigned i = 0; i < m->n_parts; i++)
        m->agree[i] = 0.9;
    find_tested(m);
    for (unsigned round = 0; round < MAX_ROUNDS; round++) {
        if (em_round(m, &s) < TOLERANCE)
            break;
    }
done:
    kith_free(s.covering);
    kith_free(s.p);
    return status;
}

/* Something is known of each part that these passes need. */
static bool
all_tested(const kith_missed *m, uint32_t possible)
{
    for (unsigned i = 0; i < m->n_parts; i++) {
        for (unsigned p = 0; p < KITH_MAX_PASSES; p++) {
            if ((possible >> p & 1) != 0 &&
                (m->needed_by[i] >> (2 * p) & 3) != 0 &&
                (m->tested >> i & 1) == 0)
                return false;
        }
    }
    return m->n_parts > 0 && possible != 0;
}

double
kith_missed_gain(const kith_missed *m, uint32_t possible, uint32_t parts)
{
    double gain = 0;
    if (!all_tested(m, possible) || (parts & ~m->tested) != 0)
        return (double)NAN;
    for (uint32_t i = 0; i < 1u << m->n_parts; i++) {
        if ((i & parts) == parts && (covering(m, i) & possible) == 0)
            gain += probability(m, i);
    }
    return gain;
}

double
kith_missed_share(const kith_missed *m, uint32_t possible)
{
    return kith_missed_gain(m, possible, 0);
}

uint32_t
kith_missed_parts(const kith_missed *m, const kith_spec *spec, uint8_t field,
                  kith_part_kind kind)
{
    const unsigned bits = parts_of(spec->fields[field].kind, kind);
    uint32_t parts = 0;
    for (unsigned b = 0; m->n_parts > 0 && b < KITH_MISSED_PER_FIELD; b++) {
        const unsigned part = m->part_of[field * KITH_MISSED_PER_FIELD + b];
        if (!(bits >> b & 1))
            continue;
        if (part == 0)
            return 0;
        parts |= 1u << (part - 1);
    }
    return parts;
}
