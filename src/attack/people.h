/**
 * @file people.h
 * @brief The extract in the clear, normalised: every value once, and for each
 *        record the number of its value.
 *
 * Memory   4 bytes a record and field, and each different value once; cleansed
 */
#ifndef KITH_ATTACK_PEOPLE_H
#define KITH_ATTACK_PEOPLE_H

#include "base/table.h"
#include "encode/norm.h"

#include <kith/job.h>
#include <kith/mapping.h>
#include <kith/spec.h>
#include <kith/status.h>
#include <stdint.h>

/** Zero-initialise; _done frees. */
typedef struct kith_people {
    const kith_spec *spec; /**< borrowed */
    uint32_t n;
    kith_dict values[KITH_MAX_FIELDS];  /**< "=" whole, "~" partial; letters of
                                              the first word + 1; text */
    uint32_t *numbers[KITH_MAX_FIELDS]; /**< of each record; KITH_DICT_NONE */
    size_t caps[KITH_MAX_FIELDS];
    kith_dict ids; /**< of each record; empty where none were read */
} kith_people;

typedef struct kith_people_params {
    const kith_spec *spec;
    const kith_mapping *mapping;
    const char *data;    /**< folder of the extract; NULL */
    const char *exclude; /**< path of the opt-outs; NULL */
    int32_t reference;   /**< day after which no date can be */
} kith_people_params;

/** Reads the mapping's persons file, and leaves out what encode leaves out:
 *  rows without an id, with one that was there before, or that @p exclude
 *  (a path; NULL: none) lists. */
KITH_NODISCARD kith_status kith_people_read(kith_people *out,
                                            const kith_people_params *params,
                                            kith_job *job, kith_error *err);
/** Adds one record of the spec's fields. */
KITH_NODISCARD kith_status kith_people_add(kith_people *p,
                                           const kith_norm *fields,
                                           kith_error *err);
void kith_people_done(kith_people *p);

/** A record's fields as the encoder wants them: text, length, partial. */
void kith_people_fields(const kith_people *p, uint32_t record,
                        kith_norm *fields);
/** The text of value @p number of a field. */
const char *kith_people_text(const kith_people *p, unsigned field,
                             uint32_t number);

#endif
