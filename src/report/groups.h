/**
 * @file groups.h
 * @brief The groups of people that the bias report compares.
 */
#ifndef KITH_REPORT_GROUPS_H
#define KITH_REPORT_GROUPS_H

#include "criteria/people.h"

#include <kith/status.h>
#include <stdint.h>

/** Sex, age band, district and deprivation: each divides everybody. */
enum { KITH_DIVISIONS = 4 };

/** Group 0 is everybody; then the groups of each division in turn, the last
 *  of each for those of whom it is not known. */
typedef struct kith_groups {
    uint32_t n;
    uint32_t first[KITH_DIVISIONS + 1]; /* of each division */
    const char **name;                  /* of each group; borrowed */
    uint32_t *of[KITH_DIVISIONS];       /* group of each person */
} kith_groups;

KITH_NODISCARD kith_status kith_groups_new(kith_groups *out,
                                           const kith_people *people,
                                           kith_error *err);
void kith_groups_done(kith_groups *g);
/** "all", "sex", "age", "district" or "deprivation" */
const char *kith_groups_division(const kith_groups *g, uint32_t group);

#endif
