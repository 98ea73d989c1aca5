#include <kith/cluster.h>

#include "base/alloc.h"
#include "cluster/edges.h"
#include "cluster/evidence.h"
#include "cluster/linked.h"
#include "cluster/persons.h"
#include "cluster/refs.h"
#include "cluster/results.h"
#include "cluster/stable_ids.h"
#include "cluster/thresholds.h"
#include "cluster/unions.h"
#include "io/out.h"

#include <math.h>

kith_cluster_params
kith_cluster_params_default(void)
{
    return (kith_cluster_params){.threshold_bits = (double)NAN};
}

/* The command line's threshold, else the spec's, else the model's own. */
static double
wanted_threshold(const kith_cluster_params *params)
{
    return isnan(params->threshold_bits) ? params->spec->threshold_bits
                                         : params->threshold_bits;
}

static kith_status
find_threshold(int32_t *threshold, const kith_cluster_params *params,
               const kith_edges *edges, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    KITH_TRY(kith_path_join(&path, params->out, "thresholds.csv", err));
    KITH_TRY(kith_thresholds_write(threshold, edges, wanted_threshold(params),
                                   path, job, err));
done:
    kith_free(path);
    return status;
}

static kith_status
name_clusters(uint64_t **ids, const kith_cluster_params *params,
              const kith_clusters *clusters, const kith_refs *refs,
              kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_person_list previous = {0};
    kith_id_counts counts = {0};
    const bool first_night = params->previous == NULL;
    if (!first_night)
        KITH_TRY(kith_person_list_load(&previous, params->previous, job, err));
    KITH_TRY(kith_stable_ids(ids, &counts, clusters, refs,
                             first_night ? NULL : &previous, err));
    kith_job_count(job, "", "ids_new", counts.fresh);
    if (!first_night) {
        kith_job_count(job, "", "ids_kept", counts.kept);
        kith_job_count(job, "", "ids_merged_away", counts.merged);
        kith_job_count(job, "", "ids_gone", counts.gone);
    }
done:
    kith_person_list_done(&previous);
    return status;
}

kith_status
kith_cluster(const kith_cluster_params *params, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_refs refs = {0};
    kith_edges edges = {.spill_folder = params->out};
    kith_clusters clusters = {0};
    uint64_t *ids = NULL;
    kith_unions_params unions = {.max_cluster = params->spec->max_cluster};
    kith_job_stage(job, "cluster", "", 0, "rows");
    KITH_TRY(kith_refs_load(&refs, params->refs, params->spec, job, err));
    KITH_TRY(kith_edges_load(&edges, params->pairs, params->refs, &refs,
                             params->spec, job, err));
    kith_job_count(job, "", "pairs", edges.n);
    KITH_TRY(kith_evidence_add(&edges, &refs, params->spec, job, err));
    KITH_TRY(find_threshold(&unions.threshold, params, &edges, job, err));
    KITH_TRY(kith_unions_run(&clusters, &edges, &refs, params->spec, &unions,
                             job, err));
    KITH_TRY(kith_thresholds_persons(&edges, &clusters, job, err));
    KITH_TRY(name_clusters(&ids, params, &clusters, &refs, job, err));
    const kith_results results = {.spec = params->spec,
                                  .refs = &refs,
                                  .edges = &edges,
                                  .clusters = &clusters,
                                  .ids = ids,
                                  .threshold = unions.threshold,
                                  .folder = params->out};
    KITH_TRY(kith_results_write(&results, job, err));
    KITH_TRY(kith_linked_write(&refs.meta, params->out, job, err));
done:
    kith_job_stage_end(job);
    kith_free(ids);
    kith_clusters_done(&clusters);
    kith_edges_done(&edges);
    kith_refs_done(&refs);
    return status;
}
