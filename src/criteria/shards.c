#include "criteria/shards.h"

#include "base/alloc.h"

void
kith_shards_done(kith_shards *s)
{
    kith_free(s->of_person);
    for (int l = 0; l < KITH_LEVELS; l++) {
        kith_free(s->units[l]);
        kith_free(s->first[l]);
    }
    *s = (kith_shards){0};
}

/* Tarjan's disjoint sets, halving the paths; the root is the first person. */
static uint32_t
find_root(uint32_t *parent, uint32_t p)
{
    while (parent[p] != p) {
        parent[p] = parent[parent[p]];
        p = parent[p];
    }
    return p;
}

static void
join_members(uint32_t *parent, const kith_units *u)
{
    for (uint32_t i = 0; i < u->n; i++) {
        for (uint32_t k = u->first[i]; k + 1 < u->first[i + 1]; k++) {
            const uint32_t a = find_root(parent, u->members[k]);
            const uint32_t b = find_root(parent, u->members[k + 1]);
            if (a < b)
                parent[b] = a;
            else
                parent[a] = b;
        }
    }
}

static kith_status
too_large(uint64_t bytes, kith_error *err)
{
    const kith_status status = kith_error_set(
        err, KITH_ERR_MEMORY,
        "the events of people who share families and homes need %llu MiB",
        (unsigned long long)(bytes >> 20) + 1);
    kith_error_hint(err, "give more --memory, or fewer criteria");
    return status;
}

/* Fills shards with the sets, in the order of their roots. */
static kith_status
fill(kith_shards *s, const kith_people *people, uint32_t *parent,
     const uint32_t *bytes, uint64_t budget, kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t *of_root = NULL;
    uint64_t filled = 0;
    KITH_TRY(KITH_ALLOC(&of_root, (size_t)people->n + 1, err));
    for (uint32_t p = 0; p < people->n; p++)
        of_root[find_root(parent, p)] += bytes[p];
    s->n = 1;
    for (uint32_t p = 0; p < people->n; p++) {
        if (parent[p] != p) {
            s->of_person[p] = s->of_person[find_root(parent, p)];
            continue;
        }
        if (of_root[p] > budget || s->n == UINT16_MAX)
            KITH_TRY(too_large(of_root[p], err));
        if (filled > 0 && filled + of_root[p] > budget) {
            s->n++;
            filled = 0;
        }
        filled += of_root[p];
        s->of_person[p] = (uint16_t)(s->n - 1);
    }
done:
    kith_free(of_root);
    return status;
}

/* Counting sort of a level's units by their shard. */
static kith_status
list_units(kith_shards *s, const kith_people *people, kith_level level,
           kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t n = kith_level_count(people, level);
    uint32_t **first = &s->first[level];
    KITH_TRY(KITH_ALLOC(&s->units[level], (size_t)n + 1, err));
    KITH_TRY(KITH_ALLOC(first, (size_t)s->n + 2, err));
    for (uint32_t u = 0; u < n; u++)
        (*first)[kith_shards_of(s, people, level, u) + 2]++;
    for (uint32_t i = 2; i < s->n + 2; i++)
        (*first)[i] += (*first)[i - 1];
    for (uint32_t u = 0; u < n; u++)
        s->units[level][(*first)[kith_shards_of(s, people, level, u) + 1]++] =
            u;
done:
    return status;
}

kith_status
kith_shards_new(kith_shards *out, const kith_people *people,
                const uint32_t *bytes, uint64_t budget, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t *parent = NULL;
    uint64_t all = 0;
    *out = (kith_shards){.n = 1};
    for (uint32_t p = 0; p < people->n; p++)
        all += bytes[p];
    if (all <= budget)
        return KITH_OK;
    KITH_TRY(KITH_ALLOC(&parent, (size_t)people->n + 1, err));
    KITH_TRY(KITH_ALLOC(&out->of_person, (size_t)people->n + 1, err));
    for (uint32_t p = 0; p < people->n; p++)
        parent[p] = p;
    join_members(parent, &people->families);
    join_members(parent, &people->households);
    KITH_TRY(fill(out, people, parent, bytes, budget, err));
    KITH_TRY(list_units(out, people, KITH_LEVEL_PERSON, err));
    KITH_TRY(list_units(out, people, KITH_LEVEL_FAMILY, err));
    KITH_TRY(list_units(out, people, KITH_LEVEL_HOUSEHOLD, err));
done:
    kith_free(parent);
    if (status != KITH_OK)
        kith_shards_done(out);
    return status;
}

kith_unit_list
kith_shards_units(const kith_shards *s, const kith_people *people,
                  uint32_t shard, kith_level level)
{
    if (s->of_person == NULL)
        return (kith_unit_list){NULL, kith_level_count(people, level)};
    const uint32_t *first = s->first[level];
    return (kith_unit_list){s->units[level] + first[shard],
                            first[shard + 1] - first[shard]};
}

uint32_t
kith_shards_of(const kith_shards *s, const kith_people *people,
               kith_level level, uint32_t unit)
{
    const kith_units *u = kith_level_units(people, level);
    if (s->of_person == NULL)
        return 0;
    return s->of_person[u == NULL ? unit : u->members[u->first[unit]]];
}
