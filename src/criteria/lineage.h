/**
 * @file lineage.h
 * @brief What became of a unit between two runs: an id lasts, but a person
 *        may be merged into another, or split.
 *
 * Method   a unit is followed by what it holds: a person by their records, a
 *          family or household by its persons. Of the wanted units the holders
 *          on the other side are found in two readings of a table, one of
 *          each run
 * Memory   about 100 bytes a record or member of the wanted units
 */
#ifndef KITH_CRITERIA_LINEAGE_H
#define KITH_CRITERIA_LINEAGE_H

#include "base/table.h"
#include "criteria/level.h"

#include <kith/status.h>
#include <stdbool.h>

/** Zero-initialise; _done frees. */
typedef struct kith_lineage {
    kith_dict wanted;  /* ids of units */
    uint32_t *holders; /* of each: ids on the other side, space-separated, a
                          number in `lists`; KITH_DICT_NONE */
    size_t holders_cap;
    kith_dict lists;
    bool known; /* both tables were there */
} kith_lineage;

KITH_NODISCARD kith_status kith_lineage_want(kith_lineage *l, kith_str id,
                                             kith_error *err);
/**
 * Finds who in @p there holds what the wanted units hold in @p here.
 * @param here, there results folders; nothing is found when one lacks the
 *                    table of the level
 */
KITH_NODISCARD kith_status kith_lineage_trace(kith_lineage *l, kith_level level,
                                              const char *here,
                                              const char *there,
                                              kith_error *err);
/** Space-separated ids; "" for nobody. */
const char *kith_lineage_of(const kith_lineage *l, kith_str id);
void kith_lineage_done(kith_lineage *l);

#endif
