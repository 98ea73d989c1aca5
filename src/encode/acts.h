/**
 * @file acts.h
 * @brief An act with a key: allowed by the key's dates, told in the audit log.
 *
 * Begin, ask for each key, add what was done, end. The log is opened first:
 * nothing is done that cannot be logged. What fails is logged too.
 */
#ifndef KITH_ENCODE_ACTS_H
#define KITH_ENCODE_ACTS_H

#include "base/job.h"
#include "encode/seal_format.h"

#include <kith/audit.h>
#include <kith/key.h>
#include <kith/mapping.h>
#include <kith/spec.h>

/** Zero-initialise; _end frees. */
typedef struct kith_act {
    kith_act_rules rules;
    kith_job *job;
    kith_audit *audit; /**< NULL: nothing is logged, additions do nothing */
    bool outdated;     /**< a key is used outside its dates */
} kith_act;

KITH_NODISCARD kith_status kith_act_begin(kith_act *act,
                                          const kith_act_rules *rules,
                                          const char *name, kith_job *job,
                                          kith_error *err);
/** KITH_ERR_KEY on a day outside the key's dates; with outdated_key a
 *  warning and a fact of the manifest. */
KITH_NODISCARD kith_status kith_act_key(kith_act *act, const kith_key *key,
                                        kith_error *err);
KITH_NODISCARD kith_status kith_act_seal_key(kith_act *act,
                                             const kith_seal_key *key,
                                             kith_error *err);
/** Writes the line; @p status, or the log's own failure. */
KITH_NODISCARD kith_status kith_act_end(kith_act *act, kith_status status,
                                        kith_error *err);

/** Project, epoch, run, key-check value, spec, normaliser. */
void kith_act_add_keys(kith_act *act, const kith_key *key,
                       const kith_spec *spec, const char *run);
/** Agency and purpose. */
void kith_act_add_agency(kith_act *act, const kith_mapping *mapping);
/** Size, digest and base name of a file that the job read or wrote. */
void kith_act_add_file(kith_act *act, const char *what,
                       const kith_job_file *file);
/** All files that the job wrote, and all that it read. */
void kith_act_add_files(kith_act *act);
/** Sender, recipient and the "file" lines of a sealed file's header. */
void kith_act_add_seal(kith_act *act, const char *sealed, const char *sender,
                       const char *recipient, const kith_meta *header);

#endif
