/**
 * @file doors.h
 * @brief One name for one home, whichever token an agency sent of it.
 *
 * Some agencies know the property number (UPRN), some only postcode and
 * house. Rows that have both say which door is which property: a door stands
 * for the property that most of its rows name (the smaller token on a tie).
 */
#ifndef KITH_FAMILY_DOORS_H
#define KITH_FAMILY_DOORS_H

#include "base/radix.h"
#include "base/table.h"
#include "encode/bundle.h"

#include <kith/status.h>

/** Zero-initialise; _done frees. */
typedef struct kith_doors {
    kith_keyed *rows; /* door -> index into properties, one a row seen */
    size_t n, cap;
    uint64_t *properties; /* n while adding; one a door afterwards */
    size_t properties_cap;
    kith_map64 index; /* door -> place in properties */
} kith_doors;

KITH_NODISCARD kith_status kith_doors_add(kith_doors *d,
                                          const kith_person_row *row,
                                          kith_error *err);
/** Decides; nothing may be added afterwards. */
KITH_NODISCARD kith_status kith_doors_settle(kith_doors *d, kith_error *err);
/** The home a row names; 0 none. */
uint64_t kith_doors_home(const kith_doors *d, const kith_person_row *row);
void kith_doors_done(kith_doors *d);

#endif
