/**
 * @file rejects.h
 * @brief What family does not believe: counted, and listed for the analyst.
 *
 * Output   relations_rejected.csv  agency,record,other,kind,reason
 *          families_rejected.csv   family,people,children,source,reason:
 *          what is too large to be a family, one line each however large;
 *          named like a family, by one of its people
 */
#ifndef KITH_FAMILY_REJECTS_H
#define KITH_FAMILY_REJECTS_H

#include "io/out.h"

#include <kith/job.h>
#include <kith/status.h>
#include <stdint.h>

/** Zero-initialise; _commit or _abort ends it. */
typedef struct kith_family_rejects {
    kith_out *relations;
    kith_out *families;
    kith_job *job;
} kith_family_rejects;

/** What is too large. */
typedef struct kith_crowd {
    uint64_t id; /* of its first person */
    uint32_t n_people;
    uint32_t n_children;
    const char *source; /* as in families.csv: what says they belong together */
    const char *reason; /* unit_too_large, family_too_large */
} kith_crowd;

KITH_NODISCARD kith_status kith_family_rejects_open(kith_family_rejects *out,
                                                    const char *folder,
                                                    kith_job *job,
                                                    kith_error *err);
KITH_NODISCARD kith_status kith_family_reject(kith_family_rejects *r,
                                              kith_crowd crowd,
                                              kith_error *err);
KITH_NODISCARD kith_status kith_family_rejects_commit(kith_family_rejects *r,
                                                      kith_error *err);
void kith_family_rejects_abort(kith_family_rejects *r);
/** Opens <folder>/<name> and writes its header line. */
KITH_NODISCARD kith_status kith_family_open(kith_out **out, const char *folder,
                                            const char *name,
                                            const char *header,
                                            kith_error *err);

#endif
