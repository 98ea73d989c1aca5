/**
 * @file attack.h
 * @brief An encoding's own self-test: what an attacker without the key, but
 *        with a list of names, would get out of it.
 *
 * Runs at the agency, which holds truth and key. The extract is encoded in
 * memory, as encode would, and each attack is tried on it; so are encodings
 * that must break (controls), or a passed gate would prove nothing. What the
 * linkage unit would hold is made too, in a folder of its own below scratch
 * that is removed at the end: bundles, which are searched for values in
 * clear, a model and pairs.
 *
 * Output   <out>: a JSON file of aggregates; no value, token or key
 * Same     seed, extract and keys: same figures, at any number of threads
 * Source   frequency and mining: Christen et al. 2018,
 *          doi:10.1007/978-3-319-93040-4_42; graphs: Vidanage et al. 2020
 */
#ifndef KITH_ATTACK_H
#define KITH_ATTACK_H

#include <kith/audit.h>
#include <kith/job.h>
#include <kith/key.h>
#include <kith/mapping.h>
#include <kith/spec.h>
#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct kith_attack_params {
    const kith_spec *spec;
    const kith_mapping *mapping;
    const kith_key *project_key;
    const kith_key *agency_key;
    const char *run;
    const char *reference_date; /**< yyyy-mm-dd */
    const char *data;           /**< folder of the extract; NULL */
    const char *exclude;        /**< list of record ids to leave out; NULL */
    const char *scratch;        /**< where the trial is written; NULL: /tmp */
    uint64_t seed;              /**< of samples and of the attacker's lists */
    uint32_t targets;           /**< blocks tried in each pass's graph attack */
    const char *out;            /**< JSON file; NULL: none */
    kith_act_rules act;
} kith_attack_params;

kith_attack_params kith_attack_params_default(void);

typedef enum kith_attack_verdict {
    KITH_ATTACK_REPORTED, /**< has no gate */
    KITH_ATTACK_HOLDS,    /**< the value is within the gate */
    KITH_ATTACK_BREAKS
} kith_attack_verdict;

/** One figure. */
typedef struct kith_measure {
    char name[48];
    char subject[48]; /**< the pass, or the control */
    double value;
    double least, most; /**< the gate; NAN: open */
    bool control;       /**< must break */
    kith_attack_verdict verdict;
    char note[112];
} kith_measure;

/** Zero-initialise; _done frees. */
typedef struct kith_attack_report {
    kith_measure *measures;
    uint32_t n;
    size_t cap;
    uint32_t n_broken; /**< measures of the encoding that break */
    uint32_t n_tame;   /**< controls that do not */
} kith_attack_report;

KITH_NODISCARD kith_status kith_attack(kith_attack_report *out,
                                       const kith_attack_params *params,
                                       kith_job *job, kith_error *err);
void kith_attack_report_done(kith_attack_report *report);

const char *kith_attack_verdict_name(kith_attack_verdict verdict);

#endif
