/**
 * @file synth.h
 * @brief A made-up Greater Manchester: people, families, needs, agencies.
 *
 * Output   <out>/extracts/<agency>_*.csv[.gz], <out>/agencies/<agency>.yaml,
 *          <out>/kith.yaml, <out>/areas.csv (postcode,neighbourhood,district,
 *          deprivation_decile: 1 is the most deprived tenth of England's
 *          areas), <out>/communal.csv (kind,uprn,postcode,house of every
 *          institution), and the truth in <out>/truth/:
 *          records.csv   agency,id,person,household,family,errors,
 *                        household_then,communal,family_then (errors: kinds
 *                        joined by '|', empty when clean; household, family:
 *                        the person's present ones; household_then,
 *                        family_then: at the record's date, the parents' of
 *                        who has left them since, the other parent's home of a
 *                        child whom both look after; X and a number: one of
 *                        which nobody else is left; communal: yes for
 *                        residents of an institution, which is no household)
 *          persons.csv   person and its household, family, needs: everybody
 *                        born by the day of the extracts
 *          planted.csv   agency,reason,n: rows made bad on purpose
 *          fidelity.csv  on request: measure,group,wanted,observed,n; what
 *                        exact matching finds, record by record against the
 *                        register of patients, and of pairs by kind of error
 *          cohorts.csv   cohort,unit,id,tier: which persons, families and
 *                        households are in the cohorts of the shipped
 *                        criteria, by all that happened to them: whatever
 *                        agencies fail to send, too
 *          truth/families.csv   a family and what its members need
 *          nights/<date>/       the same for each later night, with
 *                               truth/changes.csv: agency,new,changed,
 *                               withdrawn since the night before
 * Seeded   the same seed gives the same bytes at any thread count
 * Memory   one wave of cells, whatever the population
 */
#ifndef KITH_SYNTH_H
#define KITH_SYNTH_H

#include <kith/job.h>
#include <kith/status.h>

/** Cells of 1,000 people have 2,048 numbers; 70 million of those have an NHS
 *  number of their own whose check digit is valid. */
enum { KITH_SYNTH_MOST_PEOPLE = 34000000 };

typedef struct kith_synth_params {
    uint64_t seed;
    uint64_t n_people;          /**< residents; 2 to KITH_SYNTH_MOST_PEOPLE */
    const char *reference_date; /**< yyyy-mm-dd; the extracts end here */
    const char *shipped;        /**< the tables that ship; NULL: found */
    const char *tables;         /**< folder whose files replace those; NULL */
    const char *criteria; /**< folder of *.criteria that kith.yaml lists */
    const char *spec;     /**< linkage spec that kith.yaml names; NULL */
    const char *out;
    uint32_t n_nights; /**< nightly extracts after the first; at most 60 */
    bool gzip;
    bool report; /**< write truth/fidelity.csv */
} kith_synth_params;

/** 20,000 people, the tables that ship, no criteria. */
kith_synth_params kith_synth_params_default(void);

KITH_NODISCARD kith_status kith_synth(const kith_synth_params *params,
                                      kith_job *job, kith_error *err);

#endif
