#include "cluster/edges.h"

#include "base/alloc.h"
#include "base/job.h"
#include "cluster/maps.h"
#include "io/folder.h"
#include "io/rowfile.h"
#include "match/pairs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Marks in kith_edge.pass of rows that are no edges. */
enum { DROPPED_SELF = 0xFE, DROPPED_ONE = 0xFF };

/* Agencies in one pairs file; Greater Manchester has about 60. */
enum { MAX_AGENCIES = 1024 };

/* One pairs file and the maps of its pass. */
typedef struct pairs_file {
    const kith_refs *refs;
    kith_rows_in *in;
    kith_ref_map *maps; /* one an agency */
    uint32_t agencies[MAX_AGENCIES];
    uint32_t n_agencies;
    uint8_t pass;
    kith_edge *raw; /* where its rows go */
    kith_job *job;
} pairs_file;

typedef struct loader {
    const kith_refs *refs;
    const kith_spec *spec;
    const char *refs_folder;
    kith_job *job;
    kith_folder list;
    kith_rows_in **files;
    kith_edge *raw;
    size_t n_raw;
    double below_floor[KITH_MAX_PASSES];
    /* shards of each pass: how many there should be, how many there are; a
     * joined file is the only one that counts */
    uint32_t n_shards[KITH_MAX_PASSES], seen_shards[KITH_MAX_PASSES];
} loader;

static kith_status
find_row(const pairs_file *f, uint16_t file, const uint8_t ref[8],
         uint32_t *record, unsigned *variant, kith_error *err)
{
    if (file >= f->n_agencies)
        return kith_error_set(err, KITH_ERR_DATA,
                              "%s: a pair names agency %u of %u",
                              kith_rows_path(f->in), file, f->n_agencies);
    const uint32_t a = f->agencies[file];
    if (!kith_ref_map_find(&f->maps[a], ref, record, variant))
        return kith_error_set(err, KITH_ERR_DATA,
                              "%s: a row ref of agency %s is not in its map",
                              kith_rows_path(f->in), f->refs->agencies[a].name);
    *record += f->refs->agencies[a].first;
    return KITH_OK;
}

static kith_status
make_edge(const pairs_file *f, const kith_pair_row *row, kith_edge *edge,
          kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t left = 0, right = 0;
    unsigned x = 0, y = 0;
    KITH_TRY(find_row(f, row->left_file, row->left, &left, &x, err));
    KITH_TRY(find_row(f, row->right_file, row->right, &right, &y, err));
    const bool turn = left > right;
    *edge = (kith_edge){.left = turn ? right : left,
                        .right = turn ? left : right,
                        .states = row->states,
                        .weight = row->weight,
                        .pass = f->pass,
                        .variants = (turn ? y | x << 1 : x | y << 1) & 3u};
    const uint16_t agency = f->refs->agency_of[left];
    if (left == right)
        edge->pass = DROPPED_SELF;
    else if (agency == f->refs->agency_of[right] &&
             f->refs->agencies[agency].one)
        edge->pass = DROPPED_ONE;
done:
    return status;
}

static kith_status
read_frame(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    const pairs_file *f = ctx;
    const size_t per_frame = kith_rows_per_frame(f->in);
    kith_pair_row *rows = NULL;
    size_t n = 0;
    (void)worker;
    KITH_TRY(KITH_ALLOC(&rows, per_frame, err));
    KITH_TRY(kith_rows_frame(f->in, chunk, rows, &n, err));
    for (size_t i = 0; i < n; i++)
        KITH_TRY(make_edge(f, &rows[i], &f->raw[chunk * per_frame + i], err));
    kith_job_advance(f->job, n);
done:
    kith_free(rows);
    return status;
}

/* The agencies of a pairs file, "<agency>|<link>", in index order. */
static kith_status
read_agencies(pairs_file *f, kith_error *err)
{
    const kith_meta *meta = kith_rows_meta(f->in);
    size_t cursor = 0;
    for (;;) {
        kith_str name = kith_meta_next(meta, "file", &cursor);
        if (name.data == NULL)
            return KITH_OK;
        const char *bar = memchr(name.data, '|', name.len);
        if (bar != NULL)
            name.len = (size_t)(bar - name.data);
        const uint32_t a = kith_refs_agency(f->refs, name);
        if (a == f->refs->n_agencies || f->n_agencies == MAX_AGENCIES) {
            kith_error_set(err, KITH_ERR_MISMATCH,
                           "%s: has an agency that has no refs bundle",
                           kith_rows_path(f->in));
            kith_error_hint(err, "give cluster the refs of every agency that "
                                 "was matched");
            return KITH_ERR_MISMATCH;
        }
        f->agencies[f->n_agencies++] = a;
    }
}

static kith_status
load_maps(pairs_file *f, const loader *l, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    for (uint32_t i = 0; i < f->n_agencies; i++) {
        const kith_ref_agency *agency = &l->refs->agencies[f->agencies[i]];
        char name[2 * KITH_NAME_BYTES + 64];
        (void)snprintf(name, sizeof name, "%s.%s", agency->name,
                       l->spec->passes[f->pass].name);
        kith_free(path);
        path = NULL;
        KITH_TRY(kith_folder_file(&path, l->refs_folder, name, ".map", err));
        KITH_TRY(kith_ref_map_load(&f->maps[f->agencies[i]], path, l->refs,
                                   agency->n, err));
    }
done:
    kith_free(path);
    return status;
}

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
read_file(loader *l, kith_rows_in *in, kith_edge *raw, kith_error *err)
{
    kith_status status = KITH_OK;
    pairs_file f = {.refs = l->refs, .in = in, .raw = raw, .job = l->job};
    KITH_TRY(KITH_ALLOC(&f.maps, l->refs->n_agencies, err));
    KITH_TRY(find_pass(l, in, &f.pass, err));
    KITH_TRY(read_agencies(&f, err));
    KITH_TRY(load_maps(&f, l, err));
    l->below_floor[f.pass] += read_floor(kith_rows_meta(in));
    const size_t n = (size_t)kith_rows_count(in);
    const size_t per_frame = kith_rows_per_frame(in);
    KITH_TRY(kith_for(kith_job_pool(l->job), (n + per_frame - 1) / per_frame,
                      read_frame, &f, err));
    uint64_t n_self = 0, n_one = 0;
    for (size_t i = 0; i < n; i++) {
        n_self += raw[i].pass == DROPPED_SELF;
        n_one += raw[i].pass == DROPPED_ONE;
    }
    const char *pass = l->spec->passes[f.pass].name;
    kith_job_count(l->job, pass, "pairs_read", n);
    kith_job_count(l->job, pass, "pairs_of_one_record", n_self);
    kith_job_count(l->job, pass, "pairs_inside_a_deduplicated_source", n_one);
done:
    for (uint32_t a = 0; f.maps != NULL && a < l->refs->n_agencies; a++)
        kith_ref_map_done(&f.maps[a]);
    kith_free(f.maps);
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
    KITH_TRY(check_shards(l, folder, err));
    for (size_t i = 0; i < l->list.n; i++) {
        if (is_wanted(l, l->files[i])) {
            l->n_raw += (size_t)kith_rows_count(l->files[i]);
        } else {
            kith_rows_close(l->files[i]);
            l->files[i] = NULL;
        }
    }
done:
    kith_free(path);
    return status;
}

kith_status
kith_edges_load(kith_edges *out, const char *folder, const char *refs_folder,
                const kith_refs *refs, const kith_spec *spec, kith_job *job,
                kith_error *err)
{
    kith_status status = KITH_OK;
    kith_edges edges = {0};
    loader l = {
        .refs = refs, .spec = spec, .refs_folder = refs_folder, .job = job};
    KITH_TRY(open_files(&l, folder, err));
    KITH_TRY(KITH_ALLOC(&l.raw, l.n_raw, err));
    size_t at = 0;
    for (size_t i = 0; i < l.list.n; i++) {
        if (l.files[i] == NULL)
            continue;
        KITH_TRY(read_file(&l, l.files[i], l.raw + at, err));
        at += (size_t)kith_rows_count(l.files[i]);
    }
    kith_edge *raw = l.raw;
    l.raw = NULL;
    KITH_TRY(kith_edges_merge(&edges, raw, l.n_raw, refs->n_records, job, err));
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
    kith_free(l.raw);
    kith_folder_done(&l.list);
    kith_edges_done(&edges);
    return status;
}

void
kith_edges_done(kith_edges *e)
{
    kith_free(e->items);
    kith_free(e->begins);
    *e = (kith_edges){0};
}
