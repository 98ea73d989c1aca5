#include "report/flags.h"

#include "base/alloc.h"

#include <string.h>

void
kith_flag_tables_done(kith_flag_tables *t)
{
    for (uint32_t i = 0; i < t->n; i++)
        kith_free(t->all[i].status);
    kith_free(t->all);
    *t = (kith_flag_tables){0};
}

static uint8_t
status_of(uint8_t verdict)
{
    switch ((kith_verdict)verdict) {
    case KITH_VERDICT_YES:
        return KITH_FLAG_YES;
    case KITH_VERDICT_NEAR:
    case KITH_VERDICT_NEAR_OPEN:
        return KITH_FLAG_NEAR;
    case KITH_VERDICT_UNKNOWN:
        return KITH_FLAG_UNKNOWN;
    case KITH_VERDICT_OUT:
        return KITH_FLAG_OUT;
    case KITH_VERDICT_NO:
        break;
    }
    return KITH_FLAG_NONE;
}

kith_status
kith_flag_tables_new(kith_flag_tables *out, const kith_decided *decided,
                     kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_ALLOC(&out->all, (size_t)decided->n + 1, err));
    for (; out->n < decided->n; out->n++) {
        const kith_decided_cohort *c = &decided->all[out->n];
        kith_flag_table *t = &out->all[out->n];
        KITH_TRY(KITH_ALLOC(&t->status, (size_t)c->n_units + 1, err));
        t->cohort = c;
        t->units = kith_level_units(decided->people, c->level);
        for (uint32_t u = 0; u < c->n_units; u++)
            t->status[u] = status_of(c->verdicts[u]);
    }
done:
    return status;
}

uint8_t
kith_flag_status_read(kith_str s)
{
    return kith_str_equal(s, "yes")       ? KITH_FLAG_YES
           : kith_str_equal(s, "near")    ? KITH_FLAG_NEAR
           : kith_str_equal(s, "unknown") ? KITH_FLAG_UNKNOWN
                                          : KITH_FLAG_NONE;
}

uint8_t
kith_flag_best_of(const kith_flag_table *t, const uint8_t *status,
                  uint32_t person)
{
    const kith_units *u = t->units;
    uint8_t best = KITH_FLAG_OUT;
    if (u == NULL)
        return status[person];
    for (uint32_t i = u->of_first[person]; i < u->of_first[person + 1]; i++)
        best = status[u->of[i]] < best ? status[u->of[i]] : best;
    return best;
}

void
kith_flag_best(uint8_t *out, const kith_flag_table *t, uint32_t n_persons)
{
    for (uint32_t p = 0; p < n_persons; p++)
        out[p] = kith_flag_best_of(t, t->status, p);
}
