/*
 * What encoding costs. Scores the candidate pairs of a finished run twice:
 *   encoded  as the matcher does, names by the Dice coefficient of filters
 *   clear    names by Jaro-Winkler on the normalised values of the extracts
 * Everything else is the same: passes, levels, EM, evidence, the clusterer,
 * linking at evens. Exact values, parts of dates and places compare as tokens,
 * which on clear text would say the same.
 *
 * Usage: clear_text KITH.YAML TRUTH.CSV, after `kith run KITH.YAML`
 */
#include "attack/jaro.h"

#include "base/alloc.h"
#include "base/hex.h"
#include "base/job.h"
#include "cluster/evidence.h"
#include "cluster/gather.h"
#include "cluster/maps.h"
#include "cluster/unions.h"
#include "encode/extract.h"
#include "evaluate/contingency.h"
#include "evaluate/table_file.h"
#include "evaluate/truth.h"
#include "match/pairs.h"
#include "train/fit.h"

#include <kith/project.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What linkage on clear text commonly takes for a near and a middling name
 * (Splink's name comparisons), and a step below for further levels. */
static const double clear_levels[KITH_MAX_THRESHOLDS] = {0.92, 0.80, 0.70,
                                                         0.60};

/* Weights below this are left out: no evidence brings them back to evens. */
enum { FLOOR_BITS = -24 };

enum { ENCODED, CLEAR, SIDES };

typedef struct text {
    uint8_t len;
    char bytes[KITH_NORM_BYTES];
} text;

typedef struct bench {
    kith_project *project;
    kith_spec *spec;
    kith_job *job;
    kith_refs refs;
    char passes[512], refs_folder[512], keep[512], persons[512];
    int text_of[KITH_MAX_FIELDS]; /* place of a field in texts; -1 */
    unsigned n_texts;
    text *texts; /* n_records x n_texts */
    kith_edge *edges[SIDES];
    size_t n_edges[SIDES], caps[SIDES];
} bench;

/* One pass on its way: counted first, then scored. */
typedef struct visit {
    bench *b;
    kith_pass *pass;
    unsigned index;
    kith_ref_map *maps; /* one a file */
    uint64_t *counts[SIDES];
    kith_pass_model models[SIDES];
    bool scoring;
} visit;

static void
note_field(bench *b, const kith_value *value)
{
    const uint8_t field = value->parts[0].field;
    if (b->text_of[field] < 0)
        b->text_of[field] = (int)b->n_texts++;
}

static void
list_texts(bench *b)
{
    for (unsigned f = 0; f < KITH_MAX_FIELDS; f++)
        b->text_of[f] = -1;
    for (unsigned c = 0; c < b->spec->n_comparisons; c++) {
        const kith_spec_comparison *k = &b->spec->comparisons[c];
        if (k->kind == KITH_COMPARE_TEXT || k->kind == KITH_COMPARE_NAMES)
            for (unsigned v = 0; v < k->n_values; v++)
                note_field(b, &k->values[v]);
    }
}

/* keep/<agency>.lookup.csv: the agency's own ids. */
typedef struct lookup {
    const kith_refs *refs;
    uint32_t agency;
    kith_dict ids;
    uint32_t *records; /* of each id */
    size_t cap;
} lookup;

static kith_status
lookup_row(void *ctx, const kith_str *v, const char *where, kith_error *err)
{
    kith_status status = KITH_OK;
    lookup *l = ctx;
    uint8_t pseudonym[KITH_PSEUDONYM_BYTES];
    uint32_t index = 0;
    if (v[0].len != 2 * sizeof pseudonym ||
        !kith_hex_read(pseudonym, v[0].data, sizeof pseudonym))
        return kith_error_set(err, KITH_ERR_DATA, "%s: not a pseudonym", where);
    KITH_TRY(kith_dict_add(&l->ids, v[1], &index, err));
    KITH_TRY(KITH_GROW(&l->records, &l->cap, l->ids.n, err));
    l->records[index] = kith_refs_find(l->refs, l->agency, pseudonym);
done:
    return status;
}

static void
keep_texts(bench *b, uint32_t record, const kith_norm *fields)
{
    for (unsigned f = 0; f < b->spec->n_fields; f++) {
        if (b->text_of[f] < 0)
            continue;
        text *t =
            &b->texts[(size_t)record * b->n_texts + (unsigned)b->text_of[f]];
        t->len = fields[f].len;
        memcpy(t->bytes, fields[f].text, sizeof t->bytes);
    }
}

static kith_status
read_extract(bench *b, const kith_mapping *mapping, const lookup *l,
             kith_error *err)
{
    kith_status status = KITH_OK;
    kith_extract x = {0};
    kith_csv_batch batch = {0};
    kith_norm fields[KITH_MAX_FIELDS];
    /* Names have no use for the day: any reference will do. */
    const kith_norm_rules rules = {.spec = b->spec};
    KITH_TRY(kith_extract_open(&x, b->spec, mapping, b->project->data, 0, err));
    for (;;) {
        KITH_TRY(kith_csv_next(x.csv, &batch, err));
        if (batch.n_rows == 0 && batch.n_problems == 0)
            break;
        for (size_t i = 0; i < batch.n_rows; i++) {
            const kith_str *row = batch.fields + i * batch.n_columns;
            const uint32_t id = kith_dict_find(&l->ids, row[x.id]);
            if (id == KITH_DICT_NONE || l->records[id] == b->refs.n_records)
                continue;
            kith_extract_row(&x, &rules, row, fields);
            keep_texts(b, l->records[id], fields);
        }
    }
done:
    kith_csv_batch_done(&batch);
    kith_extract_done(&x);
    return status;
}

static kith_status
read_agency(bench *b, const char *path, kith_error *err)
{
    static const char *const columns[] = {"pseudonym", "id"};
    kith_status status = KITH_OK;
    kith_mapping *mapping = NULL;
    lookup l = {.refs = &b->refs};
    char file[1024];
    KITH_TRY(kith_mapping_load(&mapping, path, b->spec, err));
    l.agency = kith_refs_agency(&b->refs, kith_str_of(mapping->agency));
    (void)snprintf(file, sizeof file, "%s/%s.lookup.csv", b->keep,
                   mapping->agency);
    const kith_table_file table = {file, columns, 2, 2};
    KITH_TRY(kith_table_file_read(&table, lookup_row, &l, b->job, err));
    KITH_TRY(read_extract(b, mapping, &l, err));
done:
    kith_dict_done(&l.ids);
    kith_free(l.records);
    kith_mapping_free(mapping);
    return status;
}

/* A row's record and which of the two names it is keyed by. */
typedef struct whose {
    uint32_t record;
    unsigned variant;
} whose;

static const text *
text_at(const visit *v, const kith_digit *digit, whose w)
{
    const bench *b = v->b;
    const kith_spec_comparison *c = &b->spec->comparisons[digit->comparison];
    const bool turn = digit->kind == KITH_COMPARE_NAMES &&
                      v->pass->layout.either && w.variant == 1;
    const unsigned slot = turn ? 1u - digit->slot : digit->slot;
    return &b->texts[(size_t)w.record * b->n_texts +
                     (unsigned)b->text_of[c->values[slot].parts[0].field]];
}

/* The pattern with Jaro-Winkler in place of Dice, where Dice decides. */
static uint32_t
clear_pattern(const visit *v, uint32_t pattern, whose a, whose b)
{
    const kith_layout *layout = &v->pass->layout;
    for (unsigned d = 0; d < layout->n_digits; d++) {
        const kith_digit *digit = &layout->digits[d];
        const unsigned first = kith_first_similar(digit->kind);
        const unsigned level = kith_pattern_level(layout, pattern, d);
        if (digit->filter_offset == KITH_IMPLIED || level < first)
            continue;
        const text *x = text_at(v, digit, a);
        const text *y = text_at(v, digit, b);
        const double similar =
            kith_jaro_winkler(x->bytes, x->len, y->bytes, y->len);
        unsigned t = 0;
        while (t < digit->n_thresholds && similar < clear_levels[t])
            t++;
        pattern += (first + t - level) * digit->stride;
    }
    return pattern;
}

static kith_status
add_edge(const visit *v, unsigned side, uint32_t pattern, whose a, whose b,
         kith_error *err)
{
    kith_status status = KITH_OK;
    bench *to = v->b;
    const kith_layout *layout = &v->pass->layout;
    kith_weight weight;
    kith_weigh(&weight, &v->models[side], layout, pattern);
    if (weight.total < FLOOR_BITS || a.record == b.record)
        return KITH_OK;
    const whose left = a.record < b.record ? a : b;
    const whose right = a.record < b.record ? b : a;
    kith_edge e = {.left = left.record,
                   .right = right.record,
                   .weight = (int16_t)lround(fmin(weight.total, 127) *
                                             KITH_WEIGHT_PER_BIT),
                   .pass = (uint8_t)v->index,
                   .variants = (left.variant | right.variant << 1) & 3u};
    for (unsigned d = 0; d < layout->n_digits; d++)
        e.states |= (uint32_t)kith_level_state(
                        layout, d, kith_pattern_level(layout, pattern, d))
                    << (2 * d);
    KITH_TRY(KITH_GROW(&to->edges[side], &to->caps[side], to->n_edges[side] + 1,
                       err));
    to->edges[side][to->n_edges[side]++] = e;
done:
    return status;
}

static kith_status
find_row(const visit *v, const kith_group *group, uint32_t i, whose *out,
         kith_error *err)
{
    const kith_pass_file *file = &v->pass->files[group->files[i]];
    const uint32_t agency =
        kith_refs_agency(&v->b->refs, kith_str_of(file->agency));
    if (!kith_ref_map_find(&v->maps[group->files[i]],
                           group->rows[i] + KITH_ROW_REF, &out->record,
                           &out->variant))
        return kith_error_set(err, KITH_ERR_MISMATCH,
                              "pass %s: a row is not in the refs",
                              v->pass->name);
    out->record += v->b->refs.agencies[agency].first;
    return KITH_OK;
}

static kith_status
visit_block(void *ctx, const kith_group *group, kith_error *err)
{
    kith_status status = KITH_OK;
    visit *v = ctx;
    whose *rows = NULL;
    KITH_TRY(KITH_ALLOC(&rows, group->n_rows, err));
    for (uint32_t i = 0; i < group->n_rows; i++)
        KITH_TRY(find_row(v, group, i, &rows[i], err));
    for (uint32_t i = 0; i < group->n_rows; i++) {
        for (uint32_t j = i + 1; j < group->n_rows; j++) {
            if (!kith_group_allowed(group, i, j))
                continue;
            uint32_t pattern[SIDES];
            pattern[ENCODED] = kith_compare_rows(
                &v->pass->layout, group->rows[i], group->rows[j]);
            pattern[CLEAR] =
                clear_pattern(v, pattern[ENCODED], rows[i], rows[j]);
            for (unsigned side = 0; side < SIDES; side++) {
                if (v->scoring)
                    KITH_TRY(add_edge(v, side, pattern[side], rows[i], rows[j],
                                      err));
                else
                    v->counts[side][pattern[side]]++;
            }
        }
    }
done:
    kith_free(rows);
    return status;
}

static kith_status
visit_all(visit *v, bool scoring, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_pass_reader *reader = NULL;
    kith_pass_counts counts = {0};
    v->scoring = scoring;
    KITH_TRY(kith_pass_reader_new(&reader, v->pass, err));
    for (uint32_t range = 0; range < v->pass->n_ranges; range++)
        KITH_TRY(kith_pass_read(reader, range, visit_block, v, &counts, err));
done:
    kith_pass_reader_free(reader);
    return status;
}

static kith_status
open_maps(visit *v, kith_error *err)
{
    kith_status status = KITH_OK;
    bench *b = v->b;
    KITH_TRY(KITH_ALLOC(&v->maps, v->pass->n_files, err));
    for (uint32_t i = 0; i < v->pass->n_files; i++) {
        const char *agency = v->pass->files[i].agency;
        const uint32_t a = kith_refs_agency(&b->refs, kith_str_of(agency));
        char path[1024];
        (void)snprintf(path, sizeof path, "%s/%s.%s.map", b->refs_folder,
                       agency, v->pass->name);
        KITH_TRY(kith_ref_map_load(&v->maps[i], path, &b->refs,
                                   b->refs.agencies[a].n, b->job, err));
    }
done:
    return status;
}

static kith_status
fit(visit *v, unsigned side, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_train_params defaults = kith_train_params_default();
    const kith_fit_params params = {.spec = v->b->spec,
                                    .pass = v->index,
                                    .max_iterations = defaults.max_iterations,
                                    .tolerance = defaults.tolerance};
    kith_patterns patterns = {0};
    kith_source_counts sources;
    KITH_TRY(kith_source_counts_read(&sources, v->pass, err));
    KITH_TRY(
        kith_patterns_init(&patterns, &v->pass->layout, v->counts[side], err));
    KITH_TRY(kith_fit(&v->models[side], &params, &v->pass->layout, &sources,
                      &patterns, v->b->job, err));
done:
    kith_patterns_done(&patterns);
    return status;
}

static kith_status
run_pass(bench *b, unsigned index, kith_error *err)
{
    kith_status status = KITH_OK;
    visit v = {.b = b, .index = index};
    KITH_TRY(kith_pass_open(&v.pass, b->spec, index, b->passes, err));
    KITH_TRY(open_maps(&v, err));
    for (unsigned side = 0; side < SIDES; side++)
        KITH_TRY(KITH_ALLOC(&v.counts[side], v.pass->layout.n_patterns, err));
    KITH_TRY(visit_all(&v, false, err));
    for (unsigned side = 0; side < SIDES; side++)
        KITH_TRY(fit(&v, side, err));
    KITH_TRY(visit_all(&v, true, err));
done:
    for (uint32_t i = 0; v.maps != NULL && i < v.pass->n_files; i++)
        kith_ref_map_done(&v.maps[i]);
    kith_free(v.maps);
    kith_free(v.counts[ENCODED]);
    kith_free(v.counts[CLEAR]);
    kith_pass_close(v.pass);
    return status;
}

/* Edges to clusters to scores: all pairs inside a person. */
static kith_status
score(bench *b, unsigned side, const kith_truth *truth, double *f1,
      kith_error *err)
{
    static const char *const names[SIDES] = {"encoded", "clear"};
    kith_status status = KITH_OK;
    kith_edges edges = {0};
    kith_clusters clusters = {0};
    kith_agreement all = {0};
    uint32_t *found = NULL;
    const kith_unions_params params = {.threshold = 0,
                                       .max_cluster = b->spec->max_cluster};
    KITH_TRY(kith_edges_merge(&edges, b->edges[side], b->n_edges[side],
                              b->refs.n_records, b->job, err));
    KITH_TRY(kith_evidence_add(&edges, &b->refs, b->spec, b->job, err));
    KITH_TRY(kith_unions_run(&clusters, &edges, &b->refs, b->spec, &params,
                             b->job, err));
    KITH_TRY(KITH_ALLOC(&found, truth->n, err));
    for (uint32_t k = 0; k < truth->n; k++)
        found[k] = b->refs.n_records + k; /* never encoded: alone */
    for (uint32_t r = 0; r < b->refs.n_records; r++) {
        const char *agency = b->refs.agencies[b->refs.records[r].agency].name;
        const uint32_t k = kith_truth_find(truth, kith_str_of(agency),
                                           b->refs.records[r].pseudonym);
        if (k < truth->n)
            found[k] = clusters.cluster_of[r];
    }
    KITH_TRY(kith_contingency(&all, truth->person, found, truth->n, err));
    *f1 = all.pairs.f1;
    (void)printf("%-8s %9.5f %9.5f %9.5f\n", names[side], all.pairs.precision,
                 all.pairs.recall, all.pairs.f1);
done:
    kith_free(found);
    kith_clusters_done(&clusters);
    kith_edges_done(&edges);
    return status;
}

static kith_status
load(bench *b, const char *path, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_project_load(&b->project, path, err));
    KITH_TRY(b->project->spec == NULL
                 ? kith_spec_default(&b->spec, err)
                 : kith_spec_load(&b->spec, b->project->spec, err));
    const char *out = b->project->out;
    (void)snprintf(b->passes, sizeof b->passes, "%s/passes", out);
    (void)snprintf(b->refs_folder, sizeof b->refs_folder, "%s/refs", out);
    (void)snprintf(b->keep, sizeof b->keep, "%s/keep", out);
    (void)snprintf(b->persons, sizeof b->persons, "%s/results/persons.csv",
                   out);
    KITH_TRY(kith_refs_load(&b->refs, b->refs_folder, b->spec, b->job, err));
    list_texts(b);
    KITH_TRY(
        KITH_ALLOC(&b->texts, (size_t)b->refs.n_records * b->n_texts, err));
    for (uint32_t i = 0; i < b->project->n_mappings; i++)
        KITH_TRY(read_agency(b, b->project->mappings[i], err));
done:
    return status;
}

static kith_status
run(bench *b, const char *path, const char *truth_path, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_truth truth = {0};
    double f1[SIDES] = {0};
    KITH_TRY(load(b, path, err));
    for (unsigned p = 0; p < b->spec->n_passes; p++)
        KITH_TRY(run_pass(b, p, err));
    KITH_TRY(
        kith_truth_load(&truth, truth_path, b->keep, b->persons, b->job, err));
    (void)printf("%-8s %9s %9s %9s\n", "names", "precision", "recall", "F1");
    for (unsigned side = 0; side < SIDES; side++)
        KITH_TRY(score(b, side, &truth, &f1[side], err));
    (void)printf("encoding costs %.5f of F1\n", f1[CLEAR] - f1[ENCODED]);
done:
    kith_truth_done(&truth);
    return status;
}

int
main(int argc, char **argv)
{
    kith_error err = KITH_ERROR_INIT;
    bench *b = calloc(1, sizeof *b);
    kith_job_params params = kith_job_params_default();
    params.quiet = true;
    if (argc != 3 || b == NULL) {
        (void)fprintf(stderr, "usage: clear_text KITH.YAML TRUTH.CSV\n");
        return 2;
    }
    kith_status status = kith_job_new(&b->job, &params, &err);
    if (status == KITH_OK)
        status = run(b, argv[1], argv[2], &err);
    if (status != KITH_OK)
        (void)fprintf(stderr, "clear_text: %s\n", err.text);
    kith_free(b->edges[ENCODED]);
    kith_free(b->edges[CLEAR]);
    kith_free(b->texts);
    kith_refs_done(&b->refs);
    kith_spec_free(b->spec);
    kith_project_free(b->project);
    kith_job_free(b->job);
    free(b);
    return status == KITH_OK ? 0 : 1;
}
