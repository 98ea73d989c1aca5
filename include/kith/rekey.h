/**
 * @file rekey.h
 * @brief The intake's second key: what the linkage unit stores opens with
 *        the project key no longer.
 *
 * Input    a folder of pass files, or of a refs bundle, as agencies sent them
 * Output   the same files under another folder: block tokens and identifier
 *          tokens are HMACs of the old ones, tokens inside a row pass through
 *          a keyed permutation of 32-bit words, filter bits through a keyed
 *          permutation of positions, one per pass and column; passes are
 *          sorted again by the new block token
 * Result   every comparison gives the level it gave before: permutations keep
 *          equality, null, popcounts and intersections
 * Keys     the second key is an agency key of the linkage unit's own; the
 *          files' key-check value changes, so that files with and without it
 *          are refused together
 * Source   Luby & Rackoff 1988 (permutations from random functions);
 *          OpenPseudonymiser re-hashes on receipt likewise
 */
#ifndef KITH_REKEY_H
#define KITH_REKEY_H

#include <kith/audit.h>
#include <kith/job.h>
#include <kith/key.h>
#include <kith/spec.h>
#include <kith/status.h>

typedef struct kith_rekey_params {
    const kith_spec *spec;
    const kith_key *key; /**< the linkage unit's own */
    const char *in;      /**< folder of *.pass and *.records, *.map */
    const char *out;     /**< another folder */
    kith_act_rules act;
} kith_rekey_params;

KITH_NODISCARD kith_status kith_rekey(const kith_rekey_params *params,
                                      kith_job *job, kith_error *err);

#endif
