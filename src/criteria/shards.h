/**
 * @file shards.h
 * @brief People in groups that no condition reads across, so that the events
 *        of one group at a time are held in memory.
 *
 * Method   whoever shares a family or a household belongs together, and who
 *          belongs together with one of those; such sets, in the order of
 *          their first person, fill a shard until its events would need more
 *          than the budget
 * Memory   about 8 bytes a person; with more than one shard 4 more a unit
 */
#ifndef KITH_CRITERIA_SHARDS_H
#define KITH_CRITERIA_SHARDS_H

#include "criteria/level.h"

#include <kith/status.h>

enum { KITH_LEVELS = 3 };

typedef struct kith_shards {
    uint32_t n;
    uint16_t *of_person;          /* NULL: one shard */
    uint32_t *units[KITH_LEVELS]; /* by level, shard after shard */
    uint32_t *first[KITH_LEVELS]; /* n + 1: where each shard's begin */
} kith_shards;

/** Some units of one level. */
typedef struct kith_unit_list {
    const uint32_t *units; /* NULL: 0 .. n - 1 */
    uint32_t n;
} kith_unit_list;

/**
 * @param bytes of each person's events
 * @retval KITH_ERR_MEMORY people who belong together have too many events
 */
KITH_NODISCARD kith_status kith_shards_new(kith_shards *out,
                                           const kith_people *people,
                                           const uint32_t *bytes,
                                           uint64_t budget, kith_error *err);
void kith_shards_done(kith_shards *s);
kith_unit_list kith_shards_units(const kith_shards *s,
                                 const kith_people *people, uint32_t shard,
                                 kith_level level);
/** The shard of a unit. */
uint32_t kith_shards_of(const kith_shards *s, const kith_people *people,
                        kith_level level, uint32_t unit);

static inline uint32_t
kith_unit_list_at(const kith_unit_list *l, size_t i)
{
    return l->units != NULL ? l->units[i] : (uint32_t)i;
}

#endif
