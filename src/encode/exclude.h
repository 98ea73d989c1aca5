/**
 * @file exclude.h
 * @brief Opt-outs: record ids that leave no trace in any bundle.
 *
 * File     one id a line; or a CSV with a column "id", and if it also has a
 *          column "agency" only the rows of that agency count
 */
#ifndef KITH_ENCODE_EXCLUDE_H
#define KITH_ENCODE_EXCLUDE_H

#include "base/table.h"

#include <kith/job.h>
#include <kith/status.h>
#include <stdbool.h>

/** Zero-initialise; read-only after _load. */
typedef struct kith_exclude {
    kith_dict ids;
} kith_exclude;

KITH_NODISCARD kith_status kith_exclude_load(kith_exclude *out,
                                             const char *path,
                                             const char *agency, kith_job *job,
                                             kith_error *err);
bool kith_exclude_has(const kith_exclude *x, kith_str id);
void kith_exclude_done(kith_exclude *x);

#endif
