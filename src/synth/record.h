/**
 * @file record.h
 * @brief One record as an agency holds it, and the errors made in it.
 */
#ifndef KITH_SYNTH_RECORD_H
#define KITH_SYNTH_RECORD_H

#include "synth/agencies.h"
#include "synth/places.h"

typedef struct kith_record {
    char surname[KITH_TEXT_FIELD], forename[KITH_TEXT_FIELD];
    char middle[KITH_TEXT_FIELD];
    char house[32], street[64], postcode[12];
    char nhs[16], nino[16], upn[16], phone[16], email[KITH_TEXT_FIELD];
    int32_t dob;     /* KITH_NO_DATE: missing */
    int32_t updated; /* the day it was last true */
    uint64_t uprn;   /* 0: missing */
    char sex;        /* 0: missing */
    uint32_t errors; /* bit per kith_error_kind */
    uint64_t number; /* of the record, unique in the agency */
    int32_t with;    /* the parent elsewhere at whose home it was made */
} kith_record;

/** The truth about @p person on day @p on, nothing wrong yet; numbers,
 *  telephone and e-mail only where the agency holds them. */
void kith_record_of(kith_record *r, const kith_cell *c, size_t person,
                    const kith_agency *agency, int32_t on);
/** Puts the record at the home of a child's other parent. */
void kith_record_visit(kith_record *r, const kith_cell *c, int32_t parent);
/** Makes the agency's kinds of errors, at its rates and the group's. */
void kith_record_spoil(kith_record *r, const kith_cell *c, size_t person,
                       unsigned agency, kith_rng *rng);
/** Where the person lived on day @p on. */
kith_stay kith_person_stay(const kith_person *p, int32_t on);

/* One kind of slip in a text; false when the text cannot show it. */
bool kith_slip_typing(char *s, size_t cap, const kith_tables *t, kith_rng *rng);
bool kith_slip_rewrite(char *s, size_t cap, const kith_rewrites *rules,
                       kith_rng *rng);
bool kith_slip_variant(char *s, size_t cap, const kith_tables *t,
                       const kith_variants *variants, kith_rng *rng);

#endif
