#include "report/groups.h"

#include "base/alloc.h"

#include <string.h>

#define NOT_KNOWN "(not known)"

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

static int
division_of(const kith_groups *g, uint32_t group)
{
    int d = 0;
    while (group >= g->first[d + 1])
        d++;
    return d;
}

const char *
kith_groups_division(const kith_groups *g, uint32_t group)
{
    static const char *const names[] = {"sex", "age", "district", "deprivation",
                                        "origin"};
    return group == 0 ? "all" : names[division_of(g, group)];
}

bool
kith_groups_shown(const kith_groups *g, uint32_t group)
{
    return group == 0 || g->known[division_of(g, group)];
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
name_groups(kith_groups *g, const kith_people *people,
            const kith_origins *origins)
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
    for (uint32_t i = 0; i < origins->names.n; i++)
        *to++ = kith_dict_at(&origins->names, i);
    *to++ = NOT_KNOWN;
}

/* Numbers within the divisions; the last of each: not known. */
static void
place_person(kith_groups *g, const kith_people *people,
             const kith_origins *origins, uint32_t person)
{
    const kith_person *p = &people->persons[person];
    const uint32_t last[KITH_DIVISIONS] = {
        N_SEXES, N_BANDS, people->districts.n, N_QUINTILES, origins->names.n};
    const uint32_t origin =
        origins->of_person == NULL ? UINT32_MAX : origins->of_person[person];
    const uint32_t at[KITH_DIVISIONS] = {
        p->sex == 0 ? N_SEXES : p->sex - 1U, band_of(p->age), p->district,
        p->deprivation == 0 ? N_QUINTILES : (p->deprivation - 1U) / 2, origin};
    for (int d = 0; d < KITH_DIVISIONS; d++) {
        const bool known = at[d] < last[d];
        g->of[d][person] = g->first[d] + (known ? at[d] : last[d]);
        g->known[d] = g->known[d] || known;
    }
}

kith_status
kith_groups_new(kith_groups *out, const kith_people *people,
                const kith_origins *origins, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_groups *g = out;
    const uint32_t sizes[KITH_DIVISIONS] = {
        N_SEXES, N_BANDS, people->districts.n, N_QUINTILES, origins->names.n};
    g->first[0] = 1;
    for (int d = 0; d < KITH_DIVISIONS; d++)
        g->first[d + 1] = g->first[d] + sizes[d] + 1;
    g->n = g->first[KITH_DIVISIONS];
    KITH_TRY(KITH_ALLOC(&g->name, g->n, err));
    name_groups(g, people, origins);
    for (int d = 0; d < KITH_DIVISIONS; d++)
        KITH_TRY(KITH_ALLOC(&g->of[d], (size_t)people->n + 1, err));
    for (uint32_t i = 0; i < people->n; i++)
        place_person(g, people, origins, i);
done:
    if (status != KITH_OK)
        kith_groups_done(out);
    return status;
}
