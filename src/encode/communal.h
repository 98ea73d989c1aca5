/**
 * @file communal.h
 * @brief The declared communal addresses: hostels, refuges, care homes,
 *        prisons, student halls, houses in multiple occupation.
 *
 * File     CSV with a column "kind" (hostel, refuge, care_home, prison,
 *          student_hall, hmo, other) and the address: a column "uprn", or
 *          "postcode" and "house", or all three. Values are normalised as
 *          those of the extracts; a row matches by either
 * Left out rows that say neither: counted, and said by line
 * Errors   KITH_ERR_CONFIG: another kind, no column for an address
 * Leaves   that an address is communal, as one bit of the person row. Of
 *          which kind it is stays here, not even held in memory: in the
 *          payload a refuge must look like a student hall
 */
#ifndef KITH_ENCODE_COMMUNAL_H
#define KITH_ENCODE_COMMUNAL_H

#include "base/table.h"
#include "encode/norm.h"

#include <kith/job.h>
#include <kith/status.h>
#include <stdbool.h>

enum { KITH_COMMUNAL_LINES = 5 /**< of rows left out that are said */ };

/** Zero-initialise; read-only after _load. */
typedef struct kith_communal {
    kith_dict uprns;
    kith_dict doors; /**< postcode, a comma, house */
    uint64_t n_left_out;
    uint64_t lines[KITH_COMMUNAL_LINES]; /**< the first that were */
} kith_communal;

/** @param path NULL: none are declared */
KITH_NODISCARD kith_status kith_communal_load(kith_communal *out,
                                              const char *path,
                                              const kith_norm_rules *rules,
                                              kith_job *job, kith_error *err);
/** Whether a record's address is declared; NULL: that part is not known. */
bool kith_communal_has(const kith_communal *c, const kith_norm *uprn,
                       const kith_norm *postcode, const kith_norm *house);
void kith_communal_done(kith_communal *c);

#endif
