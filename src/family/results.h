/**
 * @file results.h
 * @brief Writes what family found: households, families, communal addresses.
 */
#ifndef KITH_FAMILY_RESULTS_H
#define KITH_FAMILY_RESULTS_H

#include "family/families.h"
#include "family/homes.h"
#include "family/members.h"

#include <kith/job.h>
#include <kith/status.h>

/** households.csv, families.csv, communal.csv, and their counts. */
KITH_NODISCARD kith_status kith_family_write(const kith_members *m,
                                             const kith_homes *h,
                                             const kith_families *f,
                                             const char *folder, kith_job *job,
                                             kith_error *err);

#endif
