#include "report/groups.h"

#include "base/alloc.h"

#include <string.h>

#define NOT_KNOWN "(not known)"

enum { BY_SEX, BY_AGE, BY_DISTRICT, BY_DEPRIVATION };
enum { N_SEXES = 2 };

static const char *const sexes[N_SEXES] = {"male", "female"};

/* Early years, school, leaving it, work, retirement: the ages by which the
 * programmes' criteria differ. */
static const struct {
    int16_t from;
    const char *name;
} bands[] = {{0, "0-4"},    {5, "5-15"},   {16, "16-24"},
             {25, "25-44"}, {45, "45-64"}, {65, "65 and over"}};
enum { N_BANDS = sizeof bands / sizeof *bands };

/* Quintiles: a decile of one district holds too few to be shown. */
static const char *const quintiles[] = {"1 most deprived", "2", "3", "4",
                                        "5 least deprived"};
enum { N_QUINTILES = sizeof quintiles / sizeof *quintiles };

void
kith_groups_done(kith_groups *g)
{
    kith_free(g->name);
    for (int d = 0; d < KITH_DIVISIONS; d++)
        kith_free(g->of[d]);
    *g = (kith_groups){0};
}

const char *
kith_groups_division(const kith_groups *g, uint32_t group)
{
    static const char *const names[] = {"sex", "age", "district",
                                        "deprivation"};
    if (group == 0)
        return "all";
    int d = 0;
    while (group >= g->first[d + 1])
        d++;
    return names[d];
}

static uint32_t
band_of(int16_t age)
{
    uint32_t band = N_BANDS;
    for (uint32_t i = 0; i < N_BANDS && age >= bands[i].from; i++)
        band = i;
    return band;
}

static void
name_groups(kith_groups *g, const kith_people *people)
{
    const char **to = g->name;
    *to++ = "everybody";
    for (int i = 0; i < N_SEXES; i++)
        *to++ = sexes[i];
    *to++ = NOT_KNOWN;
    for (int i = 0; i < N_BANDS; i++)
        *to++ = bands[i].name;
    *to++ = NOT_KNOWN;
    for (uint32_t i = 0; i < people->districts.n; i++)
        *to++ = kith_dict_at(&people->districts, i);
    *to++ = NOT_KNOWN;
    for (int i = 0; i < N_QUINTILES; i++)
        *to++ = quintiles[i];
    *to++ = NOT_KNOWN;
}

kith_status
kith_groups_new(kith_groups *out, const kith_people *people, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_groups *g = out;
    g->first[BY_SEX] = 1;
    g->first[BY_AGE] = g->first[BY_SEX] + N_SEXES + 1;
    g->first[BY_DISTRICT] = g->first[BY_AGE] + N_BANDS + 1;
    g->first[BY_DEPRIVATION] = g->first[BY_DISTRICT] + people->districts.n + 1;
    g->n = g->first[BY_DEPRIVATION] + N_QUINTILES + 1;
    g->first[KITH_DIVISIONS] = g->n;
    KITH_TRY(KITH_ALLOC(&g->name, g->n, err));
    name_groups(g, people);
    for (int d = 0; d < KITH_DIVISIONS; d++)
        KITH_TRY(KITH_ALLOC(&g->of[d], (size_t)people->n + 1, err));
    for (uint32_t i = 0; i < people->n; i++) {
        const kith_person *p = &people->persons[i];
        g->of[BY_SEX][i] =
            g->first[BY_SEX] + (p->sex == 0 ? N_SEXES : p->sex - 1U);
        g->of[BY_AGE][i] = g->first[BY_AGE] + band_of(p->age);
        g->of[BY_DISTRICT][i] =
            g->first[BY_DISTRICT] +
            (p->district == KITH_NO_AREA ? people->districts.n : p->district);
        g->of[BY_DEPRIVATION][i] =
            g->first[BY_DEPRIVATION] +
            (p->deprivation == 0 ? N_QUINTILES : (p->deprivation - 1U) / 2);
    }
done:
    if (status != KITH_OK)
        kith_groups_done(out);
    return status;
}
