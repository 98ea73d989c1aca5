/*
 * What the linkage unit would hold of this agency alone: its bundles, a model
 * trained on them and the pairs that the matcher emits. Made by the stages
 * themselves, in a folder that is removed whatever happens.
 */
#define _XOPEN_SOURCE 700 /* nftw, mkdtemp */

#include "attack/scan.h"
#include "attack/stage.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/job.h"
#include "io/out.h"
#include "io/rowfile.h"
#include "match/pairs.h"

#include <errno.h>
#include <ftw.h>
#include <kith/encode.h>
#include <kith/match.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPEN_FOLDERS = 16, /* descriptors nftw may use */
    FLOOR_BITS = -6,   /* the matcher's own, and the least that is allowed */
    PAIRS_AT_ONCE = 4096
};

typedef struct trial {
    kith_attack_stage *s;
    kith_spec *spec;       /* as one site's: a wide pass is tried as well */
    kith_mapping *mapping; /* its records may be one person's */
    kith_job *job;         /* its counts and warnings are not the attack's */
    char *folder, *out, *model, *pairs, *manifest;
    kith_chain chain;
    uint64_t n_pairs;
} trial;

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static kith_status
open_trial(trial *t, kith_error *err)
{
    const kith_attack_params *p = t->s->params;
    kith_status status = KITH_OK;
    char *folder = NULL;
    kith_job_params job = kith_job_params_default();
    job.n_threads = kith_job_threads(t->s->job);
    job.memory_bytes = kith_job_memory(t->s->job);
    job.isa = kith_job_isa(t->s->job);
    job.quiet = true;
    KITH_TRY(kith_job_new(&t->job, &job, err));
    KITH_TRY(KITH_ALLOC(&t->spec, 1, err));
    KITH_TRY(KITH_ALLOC(&t->mapping, 1, err));
    *t->spec = *p->spec;
    t->spec->single_site = true;
    *t->mapping = *p->mapping;
    t->mapping->link = KITH_LINK_MANY;
    KITH_TRY(kith_path_join(&folder, p->scratch == NULL ? "/tmp" : p->scratch,
                            "kith-attack-XXXXXX", err));
    if (mkdtemp(folder) == NULL)
        KITH_TRY(kith_error_set(err, KITH_ERR_IO, "%s: %s", folder,
                                strerror(errno)));
    t->folder = folder;
    folder = NULL;
    KITH_TRY(kith_path_join(&t->out, t->folder, "out", err));
    KITH_TRY(kith_path_join(&t->model, t->folder, "model.yaml", err));
    KITH_TRY(kith_path_join(&t->pairs, t->folder, "pairs", err));
    KITH_TRY(kith_path_join(&t->manifest, t->folder, "manifest.json", err));
done:
    kith_free(folder);
    return status;
}

static void
close_trial(trial *t)
{
    if (t->folder != NULL)
        (void)nftw(t->folder, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
    kith_free(t->folder);
    kith_free(t->out);
    kith_free(t->model);
    kith_free(t->pairs);
    kith_free(t->manifest);
    kith_free(t->spec);
    kith_free(t->mapping);
    kith_chain_done(&t->chain);
    kith_job_free(t->job);
}

static kith_status
encode(const trial *t, kith_error *err)
{
    const kith_attack_params *p = t->s->params;
    kith_status status = KITH_OK;
    kith_encode_params encode = kith_encode_params_default();
    encode.spec = t->spec;
    encode.mapping = t->mapping;
    encode.project_key = p->project_key;
    encode.agency_key = p->agency_key;
    encode.run = p->run;
    encode.reference_date = p->reference_date;
    encode.data = p->data;
    encode.exclude = p->exclude;
    encode.out = t->out;
    encode.max_bad_rows = UINT64_MAX;
    KITH_TRY(kith_encode(&encode, t->job, err));
    KITH_TRY(kith_job_manifest(t->job, t->manifest, err));
done:
    return status;
}

static kith_status
scan_folder(const trial *t, kith_scan_found *found, const kith_scan *scan,
            const char *name, bool digits, kith_error *err)
{
    char *path = NULL;
    kith_status status = kith_path_join(&path, t->out, name, err);
    if (status == KITH_OK)
        status = kith_scan_folder(found, scan, path, digits, err);
    kith_free(path);
    return status;
}

static kith_status
report_scan(const kith_subject *s, const char *name,
            const kith_scan_found *found, uint32_t n_values, kith_error *err)
{
    return kith_report_add(s, name, (double)found->places, kith_gate_most(0),
                           err, "places in %u files, %.1f MB; %u values sought",
                           found->files, 1e-6 * (double)found->bytes, n_values);
}

/* What stays at the agency holds its ids in clear: if they are not found
 * there, the search finds nothing. */
static kith_status
scan_outputs(const trial *t, kith_error *err)
{
    const kith_attack_params *p = t->s->params;
    const kith_subject all = {t->s->report, KITH_ALL_PASSES, false};
    const kith_subject control = {t->s->report, "control: what stays", true};
    kith_status status = KITH_OK;
    kith_scan scan = {.next = NULL};
    kith_scan_found sent = {0}, payload = {0}, log = {0}, kept = {0};
    KITH_TRY(
        kith_scan_init(&scan, &t->s->people, p->run, p->reference_date, err));
    KITH_TRY(scan_folder(t, &sent, &scan, "passes", false, err));
    KITH_TRY(scan_folder(t, &sent, &scan, "refs", false, err));
    KITH_TRY(scan_folder(t, &payload, &scan, "payload", true, err));
    KITH_TRY(kith_scan_file(&log, &scan, t->manifest, true, err));
    KITH_TRY(scan_folder(t, &kept, &scan, "keep", false, err));
    KITH_TRY(report_scan(&all, "values in clear, passes and refs", &sent,
                         scan.values.n, err));
    KITH_TRY(report_scan(&all, "numbers in clear, payload", &payload,
                         scan.values.n, err));
    KITH_TRY(report_scan(&all, "numbers in clear, manifest", &log,
                         scan.values.n, err));
    if (scan.n_ids > 0)
        KITH_TRY(report_scan(&control, "values in clear, keep", &kept,
                             scan.values.n, err));
done:
    kith_scan_done(&scan);
    return status;
}

static kith_status
link_pairs(trial *t, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_train_params train = kith_train_params_default();
    kith_match_params match = kith_match_params_default();
    char *passes = NULL;
    KITH_TRY(kith_path_join(&passes, t->out, "passes", err));
    train.spec = match.spec = t->spec;
    train.passes = match.passes = passes;
    train.out = t->model;
    KITH_TRY(kith_train(&train, t->job, err));
    KITH_TRY(kith_model_load(&t->s->model, t->model, t->spec, err));
    match.model = t->s->model;
    match.out = t->pairs;
    match.n_shards = 1;
    match.floor_bits =
        t->s->params->spec->single_site ? (double)NAN : FLOOR_BITS;
    KITH_TRY(kith_match(&match, t->job, err));
done:
    kith_free(passes);
    return status;
}

/* Refs of one pass to twice the record and the variant, as the refs bundle
 * has them. */
static kith_status
map_refs(kith_map64 *out, const trial *t, unsigned pass, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_encoder *e = t->s->encoder;
    const unsigned n_variants = kith_encoder_variants(e, pass);
    kith_encode_worker *w = NULL;
    uint8_t pseudonym[KITH_PSEUDONYM_BYTES], refs[2][KITH_AES_BLOCK];
    uint64_t key;
    KITH_TRY(kith_encode_worker_new(&w, e, err));
    for (uint32_t r = 0; r < t->s->people.n; r++) {
        kith_encoder_pseudonym(
            e, kith_str_of(kith_dict_at(&t->s->people.ids, r)), pseudonym);
        for (unsigned v = 0; v < n_variants; v++)
            kith_encoder_ref_of(refs[v], v, pseudonym);
        KITH_TRY(kith_encoder_refs(w, pass, refs, n_variants, err));
        for (unsigned v = 0; v < n_variants; v++) {
            memcpy(&key, refs[v], sizeof key);
            KITH_TRY(kith_map64_put(out, key, 2 * r + v, err));
        }
    }
done:
    kith_encode_worker_free(w);
    return status;
}

/* Place of the digit of a name slot; -1 none. */
static int
name_digit(const kith_layout *layout, unsigned slot)
{
    for (unsigned d = 0; d < layout->n_digits; d++)
        if (layout->digits[d].kind == KITH_COMPARE_NAMES &&
            layout->digits[d].slot == slot)
            return (int)d;
    return -1;
}

/* The first name is in the slot of the variant's number. */
static void
join_pair(trial *t, const kith_map64 *refs, const kith_layout *layout,
          const kith_pair_row *pair)
{
    uint64_t left, right;
    uint32_t a = 0, b = 0;
    memcpy(&left, pair->left, sizeof left);
    memcpy(&right, pair->right, sizeof right);
    t->n_pairs++;
    if (!kith_map64_get(refs, left, &a) || !kith_map64_get(refs, right, &b) ||
        a % 2 != b % 2)
        return;
    const int digit = name_digit(layout, a % 2);
    if (digit >= 0 &&
        (pair->states >> (2 * digit) & 3u) == (uint32_t)KITH_STATE_EXACT)
        kith_chain_join(&t->chain, a / 2, b / 2);
}

static kith_status
join_pass(trial *t, unsigned pass, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rows_in *in = NULL;
    kith_pair_row *rows = NULL;
    kith_map64 refs = {0};
    char name[KITH_NAME_BYTES + 8], *path = NULL;
    snprintf(name, sizeof name, "%s.pairs", t->spec->passes[pass].name);
    KITH_TRY(kith_path_join(&path, t->pairs, name, err));
    KITH_TRY(kith_rows_open(&in, path, "pairs", err));
    KITH_TRY(KITH_ALLOC(&rows, PAIRS_AT_ONCE, err));
    KITH_TRY(map_refs(&refs, t, pass, err));
    const uint64_t n_rows = kith_rows_count(in);
    for (uint64_t at = 0; at < n_rows; at += PAIRS_AT_ONCE) {
        const uint64_t left = n_rows - at;
        const size_t n = left < PAIRS_AT_ONCE ? (size_t)left : PAIRS_AT_ONCE;
        KITH_TRY(kith_rows_read(in, at, n, rows, err));
        for (size_t i = 0; i < n; i++)
            join_pair(t, &refs, &t->s->encoder->passes[pass].layout, &rows[i]);
    }
done:
    kith_rows_close(in);
    kith_map64_done(&refs);
    kith_free(rows);
    kith_free(path);
    return status;
}

static kith_status
chain_pairs(trial *t, kith_error *err)
{
    const kith_subject all = {t->s->report, KITH_ALL_PASSES, false};
    kith_status status = KITH_OK;
    if (!t->s->encoder->has_names)
        return KITH_OK;
    KITH_TRY(kith_chain_records(&t->chain, &t->s->people, t->s->encoder, err));
    for (unsigned pass = 0; pass < t->spec->n_passes; pass++)
        KITH_TRY(join_pass(t, pass, err));
    KITH_TRY(kith_report_add(&all, "pairs emitted", (double)t->n_pairs,
                             kith_gate_none(), err,
                             "of the agency's own records, of all passes"));
    KITH_TRY(kith_measure_chain(&all, "names chained from emitted pairs",
                                &t->chain, err));
done:
    return status;
}

kith_status
kith_attack_trial(kith_attack_stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    trial t = {.s = s};
    KITH_TRY(open_trial(&t, err));
    KITH_TRY(encode(&t, err));
    KITH_TRY(scan_outputs(&t, err));
    KITH_TRY(link_pairs(&t, err));
    KITH_TRY(chain_pairs(&t, err));
done:
    close_trial(&t);
    return status;
}
