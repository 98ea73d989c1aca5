/**
 * @file groups.h
 * @brief The groups of people that the bias report compares.
 */
#ifndef KITH_REPORT_GROUPS_H
#define KITH_REPORT_GROUPS_H

#include "criteria/people.h"
#include "report/origins.h"

#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

/** Sex, age band, district, deprivation and origin: each divides everybody. */
enum { KITH_DIVISIONS = 5 };

/** Group 0 is everybody; then the groups of each division in turn, the last
 *  of each for those of whom it is not known. */
typedef struct kith_groups {
    uint32_t n;
    uint32_t first[KITH_DIVISIONS + 1]; /* of each division */
    const char **name;                  /* of each group; borrowed */
    uint32_t *of[KITH_DIVISIONS];       /* group of each person */
    bool known[KITH_DIVISIONS];         /* of anybody: else it has no lines */
} kith_groups;

KITH_NODISCARD kith_status kith_groups_new(kith_groups *out,
                                           const kith_people *people,
                                           const kith_origins *origins,
                                           kith_error *err);
void kith_groups_done(kith_groups *g);
/** "all", "sex", "age", "district", "deprivation" or "origin" */
const char *kith_groups_division(const kith_groups *g, uint32_t group);
/** Has the group lines of its own? */
bool kith_groups_shown(const kith_groups *g, uint32_t group);

#endif
