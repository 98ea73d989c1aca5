/**
 * @file previous.h
 * @brief The flags of the last run: since when a flag stands, who entered,
 *        who left, and which criteria changed.
 */
#ifndef KITH_CRITERIA_PREVIOUS_H
#define KITH_CRITERIA_PREVIOUS_H

#include "base/table.h"

#include <kith/job.h>
#include <kith/status.h>

typedef struct kith_old_flag {
    uint32_t status; /* number in `words` */
    uint32_t since;
    uint32_t tier;
    uint32_t version;
    uint32_t met; /* criteria met, space-separated, number in `words`;
                     KITH_DICT_NONE: none */
} kith_old_flag;

typedef struct kith_previous {
    bool given;
    kith_dict keys; /* cohort, TAB, id */
    kith_dict words;
    kith_old_flag *flags;
    size_t flags_cap;
} kith_previous;

/** Reads flags.csv and evidence.csv of @p folder; NULL: nothing to read. */
KITH_NODISCARD kith_status kith_previous_load(kith_previous *out,
                                              const char *folder, kith_job *job,
                                              kith_error *err);
void kith_previous_done(kith_previous *p);
/** The old flag of a unit, or NULL. */
kith_old_flag *kith_previous_find(const kith_previous *p, const char *cohort,
                                  const char *id);

#endif
