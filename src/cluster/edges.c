#include "cluster/edges.h"

#include "base/alloc.h"
#include "base/budget.h"
#include "cluster/gather.h"
#include "cluster/pairs_in.h"
#include "io/folder.h"
#include "io/out.h"
#include "io/rowfile.h"
#include "match/header.h"
#include "match/pairs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the memory budget, what edges may take that wait to be merged. */
enum { WAITING_SHARE = 4 };

/*
 * Bytes that a record takes beside the refs, at most: where its edges begin,
 * its component, cluster and tie; and a share of a person, who takes 120 for
 * id, name table and order of writing, and has four records and more.
 */
enum { RECORD_BYTES = 4 + 12 + 8 + 4 + 30 };

/* What edges may turn out to be, in quarters of the largest pass: all passes
 * together find some more, because they mostly find the same ones. */
enum { QUARTERS = 5 };

typedef struct loader {
    const kith_refs *refs;
    const kith_spec *spec;
    const char *refs_folder;
    kith_job *job;
    kith_folder list;
    kith_rows_in **files;
    double below_floor[KITH_MAX_PASSES];
    /* shards of each pass: how many there should be, how many there are; a
     * joined file is the only one that counts */
    uint32_t n_shards[KITH_MAX_PASSES], seen_shards[KITH_MAX_PASSES];
    uint64_t n_pairs[KITH_MAX_PASSES];
    uint64_t limit_bytes; /* of pairs that wait in a pass */
} loader;

static kith_status
find_pass(const loader *l, const kith_rows_in *in, uint8_t *pass,
          kith_error *err)
{
    char name[KITH_NAME_BYTES];
    kith_status status = KITH_OK;
    KITH_TRY(
        kith_meta_copy(kith_rows_meta(in), "pass", name, sizeof name, err));
    const int found = kith_spec_pass_index(l->spec, name);
    if (found < 0)
        return kith_error_set(err, KITH_ERR_MISMATCH,
                              "%s: its pass is not in the linkage spec",
                              kith_rows_path(in));
    *pass = (uint8_t)found;
done:
    return status;
}

/* What the matcher left out below its floor, as it estimates itself. */
static double
read_floor(const kith_meta *meta)
{
    const kith_str s = kith_meta_get(meta, "below_floor");
    char text[64];
    if (s.data == NULL || s.len >= sizeof text)
        return 0;
    memcpy(text, s.data, s.len);
    text[s.len] = '\0';
    const double value = strtod(text, NULL);
    return isfinite(value) && value > 0 ? value : 0;
}

static kith_status
read_file(loader *l, kith_gather *gather, const kith_rows_in *in,
          kith_error *err)
{
    kith_status status = KITH_OK;
    kith_pairs_in p = {.refs = l->refs,
                       .spec = l->spec,
                       .refs_folder = l->refs_folder,
                       .limit_bytes = l->limit_bytes,
                       .job = l->job};
    KITH_TRY(find_pass(l, in, &p.pass, err));
    l->below_floor[p.pass] += read_floor(kith_rows_meta(in));
    KITH_TRY(kith_pairs_read(gather, &p, in, err));
done:
    return status;
}

static kith_status
open_file(loader *l, const char *path, kith_rows_in **in, kith_error *err)
{
    kith_status status = KITH_OK;
    uint8_t pass = 0;
    char text[32];
    unsigned i = 0, n = 0;
    KITH_TRY(kith_rows_open(in, path, "pairs", err));
    KITH_TRY(kith_refs_check(l->refs, kith_rows_meta(*in), path, err));
    KITH_TRY(find_pass(l, *in, &pass, err));
    KITH_TRY(
        kith_meta_copy(kith_rows_meta(*in), "shard", text, sizeof text, err));
    if (kith_rows_bytes(*in) != sizeof(kith_pair_row) ||
        sscanf(text, "%u/%u", &i, &n) != 2 || i < 1 || i > n)
        return kith_error_set(err, KITH_ERR_DATA, "%s: not a pairs file", path);
    if (n == 1 || l->n_shards[pass] == 0) {
        l->n_shards[pass] = n;
        l->seen_shards[pass] = 0;
    }
    l->seen_shards[pass] += n == l->n_shards[pass];
done:
    return status;
}

/* Whether a file is one to read: a shard beside the joined file is not. */
static bool
is_wanted(const loader *l, const kith_rows_in *in)
{
    kith_error ignored = KITH_ERROR_INIT;
    uint8_t pass = 0;
    unsigned i = 0, n = 0;
    char text[32];
    if (find_pass(l, in, &pass, &ignored) != KITH_OK ||
        kith_meta_copy(kith_rows_meta(in), "shard", text, sizeof text,
                       &ignored) != KITH_OK ||
        sscanf(text, "%u/%u", &i, &n) != 2)
        return false;
    return n == l->n_shards[pass];
}

static kith_status
check_shards(const loader *l, const char *folder, kith_error *err)
{
    for (uint8_t p = 0; p < l->spec->n_passes; p++) {
        const char *name = l->spec->passes[p].name;
        if (l->n_shards[p] == 0)
            kith_job_warn(l->job, "%s: pass %s has no pairs file", folder,
                          name);
        if (l->seen_shards[p] != l->n_shards[p]) {
            kith_error_set(err, KITH_ERR_DATA,
                           "%s: pass %s has %u of %u shards", folder, name,
                           l->seen_shards[p], l->n_shards[p]);
            kith_error_hint(err, "match the missing shards first");
            return KITH_ERR_DATA;
        }
    }
    return KITH_OK;
}

/* Files of one pass must be different shards of one run. */
static kith_status
check_fit(const loader *l, kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < l->list.n; i++)
        for (size_t j = 0; j < i; j++) {
            uint8_t a = 0, b = 0;
            if (l->files[i] == NULL || l->files[j] == NULL)
                continue;
            KITH_TRY(find_pass(l, l->files[i], &a, err));
            KITH_TRY(find_pass(l, l->files[j], &b, err));
            if (a == b)
                KITH_TRY(kith_pairs_fit(l->files[j], l->files[i], err));
        }
done:
    return status;
}

static kith_status
open_files(loader *l, const char *folder, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    KITH_TRY(kith_folder_list(&l->list, folder, ".pairs", err));
    if (l->list.n == 0) {
        status = kith_error_set(err, KITH_ERR_IO, "%s: holds no pairs", folder);
        kith_error_hint(err, "run kith match first");
        goto done;
    }
    KITH_TRY(KITH_ALLOC(&l->files, l->list.n, err));
    for (size_t i = 0; i < l->list.n; i++) {
        kith_free(path);
        path = NULL;
        KITH_TRY(
            kith_folder_file(&path, folder, l->list.names[i], ".pairs", err));
        KITH_TRY(open_file(l, path, &l->files[i], err));
    }
    for (size_t i = 0; i < l->list.n; i++) {
        if (is_wanted(l, l->files[i])) {
            uint8_t pass = 0;
            KITH_TRY(find_pass(l, l->files[i], &pass, err));
            l->n_pairs[pass] += kith_rows_count(l->files[i]);
            continue;
        }
        kith_rows_close(l->files[i]);
        l->files[i] = NULL;
    }
    KITH_TRY(check_fit(l, err));
    KITH_TRY(check_shards(l, folder, err));
done:
    kith_free(path);
    return status;
}

/* What has to be held at once, with @p edge_bytes of edges. */
static uint64_t
memory_need(const loader *l, uint64_t edge_bytes)
{
    const uint64_t of_refs =
        sizeof(kith_ref_record) + 4 * (uint64_t)(l->refs->n_identifiers + 1);
    return (uint64_t)l->refs->n_records * (of_refs + RECORD_BYTES) + edge_bytes;
}

/* A share of the budget, and no more than the rest of it. */
static uint64_t
waiting_limit(const kith_job *job, uint64_t need)
{
    const uint64_t share = kith_job_memory(job) / WAITING_SHARE;
    const uint64_t rest =
        need < kith_job_memory(job) ? kith_job_memory(job) - need : 0;
    return share < rest ? share : rest;
}

/* Bytes of the edges, as far as the largest pass tells. */
static uint64_t
expected_bytes(const loader *l)
{
    uint64_t most = 0;
    for (uint8_t p = 0; p < l->spec->n_passes; p++)
        most = l->n_pairs[p] > most ? l->n_pairs[p] : most;
    return most * QUARTERS / 4 * sizeof(kith_edge);
}

/* Without room for so many edges they go into a file; without a folder for
 * it, or without room for the records, there is nothing to be done. */
static kith_status
check_memory(const loader *l, kith_gather *gather, uint64_t edge_bytes,
             const char *folder, kith_error *err)
{
    kith_status status = KITH_OK;
    if (folder != NULL &&
        memory_need(l, edge_bytes) > kith_job_memory(l->job)) {
        KITH_TRY(kith_make_folder(folder, err));
        kith_gather_spill(gather, folder);
        edge_bytes = 0;
    }
    KITH_TRY(
        kith_budget_check(l->job, "cluster", memory_need(l, edge_bytes), err));
done:
    return status;
}

kith_status
kith_edges_load(kith_edges *out, const char *folder, const char *refs_folder,
                const kith_refs *refs, const kith_spec *spec, kith_job *job,
                kith_error *err)
{
    kith_status status = KITH_OK;
    kith_edges edges = {.spill_folder = out->spill_folder};
    kith_gather *gather = NULL;
    loader l = {
        .refs = refs, .spec = spec, .refs_folder = refs_folder, .job = job};
    KITH_TRY(open_files(&l, folder, err));
    const uint64_t expected = expected_bytes(&l);
    const uint64_t need = memory_need(&l, expected);
    /* Half for the pairs of a pass, half for the edges of all. */
    l.limit_bytes = waiting_limit(job, need) / 2;
    KITH_TRY(kith_gather_new(&gather, refs->n_records, kith_job_threads(job),
                             l.limit_bytes, err));
    KITH_TRY(check_memory(&l, gather, expected, edges.spill_folder, err));
    for (size_t i = 0; i < l.list.n; i++) {
        if (l.files[i] != NULL)
            KITH_TRY(read_file(&l, gather, l.files[i], err));
        const uint64_t kept = kith_gather_bytes(gather);
        KITH_TRY(check_memory(&l, gather, kept > expected ? kept : expected,
                              edges.spill_folder, err));
    }
    KITH_TRY(kith_gather_finish(&edges, gather, job, err));
    /* A pair below the floor of one pass may be above that of another, so
     * the passes' estimates overlap: the largest is the least there is. */
    for (size_t p = 0; p < KITH_MAX_PASSES; p++)
        edges.below_floor = fmax(edges.below_floor, l.below_floor[p]);
    *out = edges;
    edges = (kith_edges){0};
done:
    for (size_t i = 0; l.files != NULL && i < l.list.n; i++)
        kith_rows_close(l.files[i]);
    kith_free(l.files);
    kith_gather_free(gather);
    kith_folder_done(&l.list);
    kith_edges_done(&edges);
    return status;
}

void
kith_edges_done(kith_edges *e)
{
    if (!e->file.open)
        kith_free(e->items);
    kith_scratch_done(&e->file);
    kith_free(e->begins);
    *e = (kith_edges){0};
}
