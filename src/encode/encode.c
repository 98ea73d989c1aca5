/* The stage: everything is set up, read, finished, and committed at once. */
#include "encode/stage.h"

#include "base/alloc.h"
#include "io/out.h"

#include <kith/version.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

kith_encode_params
kith_encode_params_default(void)
{
    return (kith_encode_params){.max_bad_rows = UINT64_MAX,
                                .max_null_share = 1.0};
}

uint64_t
kith_stage_memory(const kith_stage *s, uint64_t bytes, uint64_t all)
{
    const double share = (double)bytes / (double)all * 7 / 8;
    return (uint64_t)((double)kith_job_memory(s->job) * share);
}

kith_status
kith_stage_path(const kith_stage *s, char **out, const char *folder,
                const char *suffix, kith_error *err)
{
    kith_status status = KITH_OK;
    char *parent = NULL;
    kith_buffer name = {0};
    *out = NULL;
    KITH_TRY(kith_path_join(&parent, s->params->out, folder, err));
    KITH_TRY(
        kith_buffer_printf(&name, err, "%s%s", s->mapping->agency, suffix));
    KITH_TRY(kith_path_join(out, parent, name.data, err));
done:
    kith_free(parent);
    kith_buffer_done(&name);
    return status;
}

/* Keys of another project, epoch or agency would encode for nobody. */
static kith_status
check_keys(const kith_encode_params *p, kith_error *err)
{
    const char *agency = kith_key_agency(p->agency_key);
    if (agency == NULL || kith_key_agency(p->project_key) != NULL)
        return kith_error_set(err, KITH_ERR_KEY,
                              "encode wants a project key and an agency key");
    if (strcmp(agency, p->mapping->agency) != 0)
        return kith_error_set(err, KITH_ERR_MISMATCH,
                              "the agency key is of \"%s\", the mapping of "
                              "\"%s\"",
                              agency, p->mapping->agency);
    if (strcmp(kith_key_project(p->agency_key),
               kith_key_project(p->project_key)) != 0)
        return kith_error_set(err, KITH_ERR_MISMATCH,
                              "the two keys are of different projects");
    return KITH_OK;
}

static kith_status
make_meta(kith_stage *s, kith_error *err)
{
    const kith_encode_params *p = s->params;
    char check[2 * KITH_CHECK_BYTES + 1];
    kith_status status = KITH_OK;
    KITH_TRY(kith_key_check(check, p->project_key, s->spec->digest, err));
    const char *const entries[][2] = {
        {"agency", s->mapping->agency},
        {"link", s->mapping->link == KITH_LINK_ONE ? "one" : "many"},
        {"project", kith_key_project(p->project_key)},
        {"epoch", kith_key_epoch(p->project_key)},
        {"run", p->run},
        {"spec", s->spec->digest},
        {"check", check},
        {"normaliser", KITH_NORMALISER_VERSION},
        {"reference_date", p->reference_date},
        {"tool", kith_version()},
    };
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        KITH_TRY(kith_meta_add(&s->meta, entries[i][0], entries[i][1], err));
    kith_job_fact(s->job, "key_check", check);
done:
    return status;
}

static kith_status
open_workers(kith_stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    const unsigned n = kith_job_threads(s->job);
    KITH_TRY(KITH_ALLOC(&s->workers, n, err));
    for (; s->n_workers < n; s->n_workers++)
        KITH_TRY(
            kith_encode_worker_new(&s->workers[s->n_workers], s->encoder, err));
done:
    return status;
}

/* What one record takes in the sorter of a pass, and in that of its map. */
static uint64_t
pass_cost(const kith_stage *s, unsigned pass)
{
    return kith_encoder_variants(s->encoder, pass) *
           kith_sorter_row_cost(s->encoder->passes[pass].layout.row_bytes);
}

static uint64_t
map_cost(const kith_stage *s, unsigned pass)
{
    return kith_encoder_variants(s->encoder, pass) *
           kith_sorter_row_cost(sizeof(kith_map_row));
}

static kith_status
open_sorters(kith_stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    char *folder = NULL, *refs = NULL;
    const unsigned n = s->spec->n_passes;
    const size_t record_bytes =
        sizeof(kith_sorted_record) + s->spec->n_identifiers * KITH_TOKEN_BYTES;
    const uint64_t record_cost = kith_sorter_row_cost(record_bytes);
    uint64_t all = record_cost;
    for (unsigned pass = 0; pass < n; pass++)
        all += pass_cost(s, pass) + map_cost(s, pass);
    KITH_TRY(kith_path_join(&folder, s->params->out, "passes", err));
    KITH_TRY(kith_make_folder(folder, err));
    KITH_TRY(kith_path_join(&refs, s->params->out, "refs", err));
    for (unsigned pass = 0; pass < n; pass++) {
        KITH_TRY(kith_sorter_new(
            &s->passes[pass], s->encoder->passes[pass].layout.row_bytes,
            KITH_ROW_HEAD, kith_stage_memory(s, pass_cost(s, pass), all),
            folder, err));
        KITH_TRY(kith_sorter_new(&s->maps[pass], sizeof(kith_map_row),
                                 sizeof(((kith_map_row *)0)->ref),
                                 kith_stage_memory(s, map_cost(s, pass), all),
                                 refs, err));
    }
    KITH_TRY(kith_sorter_new(&s->records, record_bytes, KITH_PSEUDONYM_BYTES,
                             kith_stage_memory(s, record_cost, all), folder,
                             err));
done:
    kith_free(folder);
    kith_free(refs);
    return status;
}

static kith_status
make_folders(const kith_stage *s, kith_error *err)
{
    static const char *const folders[] = {"passes", "refs", "payload", "keep"};
    kith_status status = KITH_OK;
    char *path = NULL;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        kith_free(path);
        path = NULL;
        KITH_TRY(kith_path_join(&path, s->params->out, folders[i], err));
        KITH_TRY(kith_make_folder(path, err));
    }
done:
    kith_free(path);
    return status;
}

static kith_status
open_keep(kith_stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    KITH_TRY(kith_stage_path(s, &path, "keep", ".rejects.csv", err));
    KITH_TRY(
        kith_rejects_open(&s->rejects, path, s->params->max_bad_rows, err));
    kith_free(path);
    path = NULL;
    KITH_TRY(kith_stage_path(s, &path, "keep", ".lookup.csv", err));
    KITH_TRY(kith_out_open(&s->lookup, path, false, err));
    KITH_TRY(kith_out_printf(s->lookup, err, "pseudonym,id\n"));
done:
    kith_free(path);
    return status;
}

static kith_status
set_up(kith_stage *s, kith_error *err)
{
    const kith_encode_params *p = s->params;
    kith_status status = KITH_OK;
    KITH_TRY(check_keys(p, err));
    KITH_TRY(kith_act_key(&s->act, p->project_key, err));
    KITH_TRY(kith_act_key(&s->act, p->agency_key, err));
    if (!kith_date_parse_iso(&s->reference, p->reference_date,
                             strlen(p->reference_date)))
        KITH_TRY(kith_error_set(err, KITH_ERR_CONFIG,
                                "reference date: want yyyy-mm-dd"));
    KITH_TRY(make_meta(s, err));
    KITH_TRY(kith_encoder_new(&s->encoder, s->spec, p->project_key,
                              p->agency_key, p->run, err));
    s->rules = (kith_norm_rules){s->spec, s->reference};
    KITH_TRY(kith_areas_load(&s->areas, p->areas, &s->rules, s->job, err));
    KITH_TRY(
        kith_communal_load(&s->communal, p->communal, &s->rules, s->job, err));
    kith_payload_init(&s->payload, s->encoder, &s->areas, &s->communal,
                      s->reference);
    if (p->exclude != NULL)
        KITH_TRY(kith_exclude_load(&s->exclude, p->exclude, s->mapping->agency,
                                   s->job, err));
    KITH_TRY(kith_sample_init(&s->sample, s->spec->n_fields, err));
    KITH_TRY(kith_extract_open(&s->extract, s->spec, s->mapping, p->data,
                               s->reference, err));
    KITH_TRY(open_workers(s, err));
    KITH_TRY(make_folders(s, err));
    KITH_TRY(open_sorters(s, err));
    KITH_TRY(open_keep(s, err));
done:
    return status;
}

static void
count(const kith_stage *s, const char *prefix, const char *name,
      const char *reason, uint64_t n)
{
    char counter[128];
    snprintf(counter, sizeof counter, "%s%s%s", prefix, name, reason);
    if (n > 0)
        kith_job_count(s->job, s->mapping->agency, counter, n);
}

static void
report_values(const kith_stage *s)
{
    for (unsigned f = 0; f < s->spec->n_fields; f++)
        for (unsigned k = 1; k < KITH_NORM_REASONS; k++) {
            char reason[64];
            const kith_norm_reason r = (kith_norm_reason)k;
            snprintf(reason, sizeof reason, "_%s", kith_norm_reason_name(r));
            count(s, kith_norm_is_reject(r) ? "bad_" : "null_",
                  s->spec->fields[f].name, reason, s->counts.values[f][k]);
        }
}

static void
report(const kith_stage *s)
{
    const kith_stage_counts *c = &s->counts;
    count(s, "rows_read", "", "", c->rows_read);
    count(s, "records", "", "", c->records);
    count(s, "opt_outs_listed", "", "", s->exclude.ids.n);
    count(s, "excluded", "", "", c->excluded);
    count(s, "reject_", "missing_id", "", c->missing_id);
    count(s, "reject_", "repeated_id", "", c->repeated_id);
    count(s, "communal", "", "", c->communal);
    count(s, "bad_", "updated_not_a_date", "", c->bad_updated);
    for (unsigned b = 0; b < KITH_CSV_N_BAD; b++)
        count(s, "reject_", kith_csv_bad_name((kith_csv_bad)b), "",
              s->rejects.csv[b]);
    report_values(s);
    for (unsigned p = 0; p < s->spec->n_passes; p++) {
        count(s, "pass_", s->spec->passes[p].name, "_rows", c->rows[p]);
        count(s, "pass_", s->spec->passes[p].name, "_blocks", c->blocks[p]);
        count(s, "pass_", s->spec->passes[p].name, "_rows_in_wide_blocks",
              c->in_wide_blocks[p]);
    }
}

/* Which rows were bad is what one needs to know when there are too many. */
static void
report_all(kith_stage *s, kith_status status)
{
    if (status == KITH_ERR_REJECTS &&
        kith_rejects_commit(&s->rejects, s->job, NULL) != KITH_OK)
        kith_job_warn(s->job, "rejects.csv could not be written");
    report(s);
}

/* One file after the other; the first that fails stops the rest. */
static kith_status
commit_rows(kith_stage *s, kith_rows_out **file, kith_error *err)
{
    kith_rows_out *out = *file;
    *file = NULL;
    return kith_rows_commit(out, s->job, err);
}

static kith_status
commit(kith_stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    for (unsigned pass = 0; pass < s->spec->n_passes; pass++) {
        KITH_TRY(commit_rows(s, &s->pass_files[pass], err));
        KITH_TRY(commit_rows(s, &s->map_files[pass], err));
    }
    KITH_TRY(commit_rows(s, &s->record_file, err));
    KITH_TRY(commit_rows(s, &s->people_file, err));
    KITH_TRY(commit_rows(s, &s->event_file, err));
    KITH_TRY(commit_rows(s, &s->relation_file, err));
    kith_out *lookup = s->lookup;
    s->lookup = NULL;
    KITH_TRY(kith_out_commit(lookup, s->job, err));
    KITH_TRY(kith_rejects_commit(&s->rejects, s->job, err));
done:
    return status;
}

static void
name_counts_done(kith_name_counts *c)
{
    kith_dict_done(&c->names);
    kith_free(c->bearers);
}

static void
abort_files(kith_stage *s)
{
    for (unsigned pass = 0; pass < KITH_MAX_PASSES; pass++) {
        kith_rows_abort(s->pass_files[pass]);
        kith_rows_abort(s->map_files[pass]);
    }
    kith_rows_abort(s->record_file);
    kith_rows_abort(s->people_file);
    kith_rows_abort(s->event_file);
    kith_rows_abort(s->relation_file);
    kith_rejects_abort(&s->rejects);
    kith_out_abort(s->lookup);
}

static void
stage_free(kith_stage *s)
{
    abort_files(s);
    for (unsigned pass = 0; pass < KITH_MAX_PASSES; pass++)
        kith_sorter_free(s->passes[pass]);
    for (unsigned pass = 0; pass < KITH_MAX_PASSES; pass++)
        kith_sorter_free(s->maps[pass]);
    kith_sorter_free(s->records);
    for (unsigned i = 0; i < s->n_workers; i++)
        kith_encode_worker_free(s->workers[i]);
    kith_free(s->workers);
    kith_map64_done(&s->seen);
    kith_free(s->born);
    kith_free(s->record_of);
    name_counts_done(&s->names[0]);
    name_counts_done(&s->names[1]);
    kith_sample_done(&s->sample);
    kith_extract_done(&s->extract);
    kith_exclude_done(&s->exclude);
    kith_areas_done(&s->areas);
    kith_communal_done(&s->communal);
    kith_encoder_free(s->encoder);
    kith_meta_done(&s->meta);
    kith_free(s);
}

static kith_status
run(kith_stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_stage_read(s, err));
    KITH_TRY(kith_stage_null_shares(s, err));
    KITH_TRY(kith_stage_passes(s, err));
    KITH_TRY(kith_stage_maps(s, err));
    KITH_TRY(kith_stage_events(s, err));
    KITH_TRY(kith_stage_relations(s, err));
    KITH_TRY(commit(s, err));
done:
    return status;
}

/* One job may encode several agencies: a file is of this one when it lies
 * below the output folder under the agency's name. */
static bool
is_output(const kith_stage *s, const char *path)
{
    const size_t n_out = strlen(s->params->out);
    const size_t n = strlen(s->mapping->agency);
    const char *name = kith_base_name(path);
    return strncmp(path, s->params->out, n_out) == 0 &&
           strncmp(name, s->mapping->agency, n) == 0 && name[n] == '.';
}

static bool
is_input(const kith_stage *s, const char *path)
{
    return (s->extract.path != NULL && strcmp(path, s->extract.path) == 0) ||
           (s->params->exclude != NULL &&
            strcmp(path, s->params->exclude) == 0);
}

static void
log_files(kith_stage *s)
{
    size_t n = 0;
    const kith_job_file *files = kith_job_inputs(s->job, &n);
    for (size_t i = 0; i < n; i++)
        if (is_input(s, files[i].path))
            kith_act_add_file(&s->act, "input", &files[i]);
    files = kith_job_outputs(s->job, &n);
    for (size_t i = 0; i < n; i++)
        if (is_output(s, files[i].path))
            kith_act_add_file(&s->act, "output", &files[i]);
}

static void
log_act(kith_stage *s)
{
    kith_audit *log = s->act.audit;
    if (log == NULL)
        return;
    kith_act_add_agency(&s->act, s->mapping);
    kith_act_add_keys(&s->act, s->params->project_key, s->spec, s->params->run);
    kith_audit_add(log, "reference_date", s->params->reference_date);
    kith_audit_add_u64(log, "rows_read", s->counts.rows_read);
    kith_audit_add_u64(log, "records", s->counts.records);
    kith_audit_add_u64(log, "rejected", s->rejects.n);
    kith_audit_add_u64(log, "opted_out", s->counts.excluded);
    kith_audit_add(log, "recipient", ""); /* sealing says who gets it */
    log_files(s);
}

kith_status
kith_encode(const kith_encode_params *params, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_stage *s = NULL;
    KITH_TRY(KITH_ALLOC(&s, 1, err));
    s->params = params;
    s->job = job;
    s->spec = params->spec;
    s->mapping = params->mapping;
    KITH_TRY(kith_act_begin(&s->act, &params->act, "encode", job, err));
    s->names[0].names.text.secret = s->names[1].names.text.secret = true;
    status = set_up(s, err);
    if (status == KITH_OK) {
        kith_job_stage(job, "encode", s->mapping->agency,
                       kith_csv_size(s->extract.csv), "bytes");
        status = run(s, err);
        report_all(s, status);
        kith_job_stage_end(job);
    }
    log_act(s);
    status = kith_act_end(&s->act, status, err);
done:
    if (s != NULL)
        stage_free(s);
    return status;
}
