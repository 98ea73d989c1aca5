/**
 * @file payload.h
 * @brief What family and flag may know of a record: age, sex, area, and
 *        tokens of address and household; never a name or a date of birth.
 *
 * Address  HMAC(HKDF(run, "address"), the UPRN with its length, else the
 *          postcode's bytes and the house's) cut to 8 bytes
 * Surname  HMAC(HKDF(run, "surname"), address token, surname) cut to 4: it
 *          tells relatives at one address and says nothing across addresses
 * Communal one bit, when the UPRN or the postcode and house are declared so
 * Unit     HMAC(the agency's HKDF(run, "unit"), household id) cut to 8 bytes
 */
#ifndef KITH_ENCODE_PAYLOAD_H
#define KITH_ENCODE_PAYLOAD_H

#include "encode/bundle.h"
#include "encode/communal.h"
#include "encode/encoder.h"
#include "encode/norm.h"

#include <kith/job.h>
#include <kith/status.h>

typedef struct kith_area_place {
    uint32_t neighbourhood; /**< index; UINT32_MAX not said */
    uint32_t district;      /**< index; UINT32_MAX not said */
    uint8_t deprivation;    /**< 1 to 10; 0 not said */
} kith_area_place;

/** Postcode to neighbourhood, district and, when the CSV has that column, the
 *  decile of deprivation. */
typedef struct kith_areas {
    kith_dict postcodes;
    kith_area_place *places; /**< of each postcode; owned */
    size_t places_cap;
    kith_dict neighbourhoods;
    kith_dict districts;
    uint64_t n_skipped;   /**< rows whose postcode is none, or a part */
    uint64_t n_no_decile; /**< rows whose deprivation is not 1 to 10 */
} kith_areas;

/** @param path NULL: no areas are known */
KITH_NODISCARD kith_status kith_areas_load(kith_areas *out, const char *path,
                                           const kith_norm_rules *rules,
                                           kith_job *job, kith_error *err);
void kith_areas_done(kith_areas *a);

typedef struct kith_payload {
    const kith_encoder *encoder;
    const kith_areas *areas;
    const kith_communal *communal;
    int32_t reference;
    int surname, dob, sex, postcode, house, uprn; /**< fields; -1 none */
} kith_payload;

/** Finds the fields by kind; the surname is the names comparison's first. */
void kith_payload_init(kith_payload *out, const kith_encoder *e,
                       const kith_areas *areas, const kith_communal *communal,
                       int32_t reference);

/** Exact day of birth, or KITH_NO_DATE. */
int32_t kith_payload_born(const kith_payload *p, const kith_norm *fields);

/** @param household the agency's own id of it; may be empty */
void kith_payload_person(const kith_payload *p, const kith_norm *fields,
                         kith_str household, int32_t updated,
                         const uint8_t pseudonym[KITH_PSEUDONYM_BYTES],
                         kith_person_row *out);

#endif
