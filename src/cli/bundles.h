/**
 * @file bundles.h
 * @brief An encode's three bundles, each sealed to its own recipient.
 *
 * Output   <out>/sealed/<agency>.<run>.<bundle>.sealed: the run is in the
 *          name that is signed, so that last night's file is not tonight's
 */
#ifndef KITH_CLI_BUNDLES_H
#define KITH_CLI_BUNDLES_H

#include "cli/source.h"

#include <kith/job.h>

enum { KITH_BUNDLES = 3 };

typedef struct kith_bundles_args {
    const char *sign;
    const char *to[KITH_BUNDLES]; /**< passes, refs, payload */
} kith_bundles_args;

/* Rows of an option table; T is an argument struct with a member
 * `bundles`. */
/* clang-format off */
#define KITH_BUNDLES_OPTIONS(T)                                                \
    {KITH_OPT_TEXT, "sign", "FILE",                                            \
     "your signing key: seal each bundle that has a recipient", NULL,          \
     offsetof(T, bundles.sign), 0},                                            \
    {KITH_OPT_TEXT, "passes-to", "FILE", "the matcher's public key", NULL,     \
     offsetof(T, bundles.to[0]), 0},                                           \
    {KITH_OPT_TEXT, "refs-to", "FILE", "the clusterer's public key", NULL,     \
     offsetof(T, bundles.to[1]), 0},                                           \
    {KITH_OPT_TEXT, "payload-to", "FILE",                                      \
     "the public key of who holds family and flag", NULL,                      \
     offsetof(T, bundles.to[2]), 0}
/* clang-format on */

/** Before anything is encoded: a key to sign with, and no recipient of two
 *  bundles unless one site holds everything. */
KITH_NODISCARD kith_status kith_bundles_check(const kith_bundles_args *args,
                                              bool single_site,
                                              kith_error *err);
/** Seals what @p out holds of the agency. */
KITH_NODISCARD kith_status kith_bundles_seal(const kith_bundles_args *args,
                                             const kith_source *source,
                                             const kith_act_args *act,
                                             const char *out, kith_job *job,
                                             kith_error *err);

#endif
