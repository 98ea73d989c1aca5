/**
 * @file encode.h
 * @brief An agency's CSV extract becomes three encoded bundles.
 *
 * Input    the agency's files as its mapping declares, keys, linkage spec
 * Output   <out>/passes/<agency>.<pass>.pass   rows sorted by block, ref
 *          <out>/refs/<agency>.records         one row a record
 *          <out>/refs/<agency>.<pass>.map      row ref -> record
 *          <out>/payload/<agency>.people       what family and flag may see
 *          <out>/payload/<agency>.events, .relations
 *          <out>/keep/<agency>.lookup.csv      pseudonym -> own id; stays
 *          <out>/keep/<agency>.rejects.csv     row, line, reason; no values
 * Errors   KITH_ERR_REJECTS past max_bad_rows or max_null_share;
 * KITH_ERR_CONFIG when a block is too wide for a spec that is not single-site
 * Memory   external sorts within the job's budget, whatever the file size
 * Threads  rows are encoded in parallel; output does not depend on it
 * Source   Schnell et al. 2009, doi:10.1186/1472-6947-9-41 (q-gram filters);
 *          constant insertions, block salt: README, "How the encoding works"
 */
#ifndef KITH_ENCODE_H
#define KITH_ENCODE_H

#include <kith/audit.h>
#include <kith/job.h>
#include <kith/key.h>
#include <kith/mapping.h>
#include <kith/spec.h>
#include <kith/status.h>
#include <stdbool.h>

typedef struct kith_encode_params {
    const kith_spec *spec;
    const kith_mapping *mapping;
    const kith_key *project_key;
    const kith_key *agency_key;
    const char *run;            /**< run id; nothing is comparable across */
    const char *reference_date; /**< yyyy-mm-dd: ages are computed here */
    const char *data;     /**< folder of the extract; NULL: the mapping's */
    const char *areas;    /**< postcode,neighbourhood,district CSV, perhaps with
                               deprivation_decile; NULL */
    const char *communal; /**< CSV of communal addresses: kind, and uprn or
                               postcode,house; NULL */
    const char *exclude;  /**< list of record ids to leave out; NULL */
    const char *out;
    uint64_t max_bad_rows; /**< stop past this many rejects; UINT64_MAX */
    /** Stop when a larger share of a field's values that are not empty is
     *  none of its kind; 1: only warn, above a fifth. */
    double max_null_share;
    kith_act_rules act;
} kith_encode_params;

kith_encode_params kith_encode_params_default(void);

KITH_NODISCARD kith_status kith_encode(const kith_encode_params *params,
                                       kith_job *job, kith_error *err);

#endif
