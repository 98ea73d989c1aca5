/**
 * @file synth.h
 * @brief A made-up Greater Manchester: people, families, needs, agencies.
 *
 * Output   <out>/extracts/<agency>_*.csv[.gz], <out>/agencies/<agency>.yaml,
 *          <out>/kith.yaml, <out>/areas.csv, and the truth in <out>/truth/:
 *          records.csv   agency,id,person,household,family,errors
 *          persons.csv   person and its household, family, needs
 * Seeded   the same seed gives the same bytes at any thread count
 */
#ifndef KITH_SYNTH_H
#define KITH_SYNTH_H

#include <kith/job.h>
#include <kith/status.h>

typedef struct kith_synth_params {
    uint64_t seed;
    uint64_t n_people;
    const char *reference_date; /**< yyyy-mm-dd; the extracts end here */
    const char *tables;         /**< folder of name and place tables */
    const char *out;
    bool gzip;
} kith_synth_params;

kith_synth_params kith_synth_params_default(void);

KITH_NODISCARD kith_status kith_synth(const kith_synth_params *params,
                                      kith_job *job, kith_error *err);

#endif
