/* The region, districts, neighbourhoods, as one tree of cells. */
#include "base/alloc.h"
#include "base/buffer.h"
#include "report/flags.h"

#include <string.h>

#define NOT_KNOWN "(not known)"

void
kith_places_done(kith_places *p)
{
    kith_free(p->parent);
    kith_free(p->name);
    kith_free(p->of_person);
    kith_free(p->of_family);
    kith_free(p->of_household);
    *p = (kith_places){0};
}

const char *
kith_places_level(const kith_places *p, uint32_t place)
{
    return place == 0                    ? "region"
           : place <= p->n_districts + 1 ? "district"
                                         : "neighbourhood";
}

/* A neighbourhood lies in the district of the first person seen there; the
 * places a district has no neighbourhood for go by the district itself. */
static void
place_neighbourhoods(kith_places *p, const kith_people *people)
{
    const uint32_t unknown = p->n_districts + 1;
    const uint32_t first = p->n_districts + 2;
    for (uint32_t i = 0; i < people->neighbourhoods.n; i++) {
        p->parent[first + i] = unknown;
        p->name[first + i] = kith_dict_at(&people->neighbourhoods, i);
    }
    for (uint32_t i = people->n; i > 0; i--) {
        const kith_person *x = &people->persons[i - 1];
        if (x->neighbourhood != KITH_NO_AREA && x->district != KITH_NO_AREA)
            p->parent[first + x->neighbourhood] = x->district + 1;
    }
}

static uint32_t
place_unit(const kith_places *p, const kith_units *units, uint32_t unit)
{
    uint32_t best = p->n_districts + 1;
    uint32_t best_n = 0;
    for (uint32_t i = units->first[unit]; i < units->first[unit + 1]; i++) {
        const uint32_t place = p->of_person[units->members[i]];
        uint32_t n = 0;
        for (uint32_t k = units->first[unit]; k < units->first[unit + 1]; k++)
            n += p->of_person[units->members[k]] == place;
        if (place != p->n_districts + 1 &&
            (n > best_n || (n == best_n && place < best))) {
            best = place;
            best_n = n;
        }
    }
    return best;
}

static kith_status
place_units(uint32_t **out, const kith_places *p, const kith_units *units,
            kith_error *err)
{
    const kith_status status = KITH_ALLOC(out, (size_t)units->n + 1, err);
    for (uint32_t u = 0; status == KITH_OK && u < units->n; u++)
        (*out)[u] = place_unit(p, units, u);
    return status;
}

kith_status
kith_places_new(kith_places *out, const kith_people *people, const char *region,
                kith_error *err)
{
    kith_status status = KITH_OK;
    kith_places *p = out;
    p->n_districts = people->districts.n;
    p->n = 2 + p->n_districts + people->neighbourhoods.n;
    KITH_TRY(KITH_ALLOC(&p->parent, p->n, err));
    KITH_TRY(KITH_ALLOC(&p->name, p->n, err));
    KITH_TRY(KITH_ALLOC(&p->of_person, (size_t)people->n + 1, err));
    p->parent[0] = UINT32_MAX;
    p->name[0] = region;
    for (uint32_t i = 0; i < p->n_districts; i++)
        p->name[i + 1] = kith_dict_at(&people->districts, i);
    p->name[p->n_districts + 1] = NOT_KNOWN;
    place_neighbourhoods(p, people);
    for (uint32_t i = 0; i < people->n; i++) {
        const kith_person *x = &people->persons[i];
        p->of_person[i] = x->district == KITH_NO_AREA ? p->n_districts + 1
                          : x->neighbourhood == KITH_NO_AREA
                              ? x->district + 1
                              : p->n_districts + 2 + x->neighbourhood;
    }
    KITH_TRY(place_units(&p->of_family, p, &people->families, err));
    KITH_TRY(place_units(&p->of_household, p, &people->households, err));
done:
    if (status != KITH_OK)
        kith_places_done(out);
    return status;
}

const uint32_t *
kith_places_of(const kith_places *p, kith_level level)
{
    return level == KITH_LEVEL_PERSON   ? p->of_person
           : level == KITH_LEVEL_FAMILY ? p->of_family
                                        : p->of_household;
}

void
kith_places_sum(const kith_places *p, uint64_t *counts)
{
    /* Children come after their parents. */
    for (uint32_t i = p->n; i > 1; i--)
        counts[p->parent[i - 1]] += counts[i - 1];
}

/* The first few by name: with the wrong areas file it is all of them. */
enum { NAMED = 5 };

kith_status
kith_places_check(const kith_places *p, const uint64_t *residents,
                  const kith_report_params *params, kith_job *job,
                  kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer names = {0};
    uint32_t n = 0;
    for (uint32_t i = p->n_districts + 2; i < p->n; i++) {
        if (residents[i] >= params->smallest_neighbourhood &&
            residents[i] <= params->largest_neighbourhood)
            continue;
        kith_job_count(job, p->name[i], "residents_of_odd_neighbourhood",
                       residents[i]);
        if (n++ < NAMED)
            KITH_TRY(kith_buffer_printf(&names, err, "%s%s %llu",
                                        n > 1 ? ", " : "", p->name[i],
                                        (unsigned long long)residents[i]));
    }
    if (n > 0)
        kith_job_warn(
            job, "%u of %u neighbourhoods do not hold %u to %u residents: %s%s",
            n, p->n - p->n_districts - 2, params->smallest_neighbourhood,
            params->largest_neighbourhood, names.data,
            n > NAMED ? " and others, all in the manifest" : "");
done:
    kith_buffer_done(&names);
    return status;
}
