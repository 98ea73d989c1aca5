/**
 * @file origins.h
 * @brief Each person's origin group, where an agency sends it.
 *
 * Input    events of type "origin" with a code "group": the group as the
 *          agency records it, on the day it was last true
 * Method   the latest says it; among equals the first agency and record
 * Threads  only files whose header has the type are read
 */
#ifndef KITH_REPORT_ORIGINS_H
#define KITH_REPORT_ORIGINS_H

#include "criteria/people.h"

#include <kith/status.h>

/** Zero-initialise; _done frees. */
typedef struct kith_origins {
    kith_dict names;     /* in order of first sight */
    uint32_t *of_person; /* UINT32_MAX unknown; NULL: nobody sends it */
} kith_origins;

KITH_NODISCARD kith_status kith_origins_load(kith_origins *out,
                                             const kith_people *people,
                                             const char *payload,
                                             kith_error *err);
void kith_origins_done(kith_origins *o);

#endif
