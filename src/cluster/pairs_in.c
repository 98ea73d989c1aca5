#include "cluster/pairs_in.h"

#include "base/alloc.h"
#include "base/job.h"
#include "cluster/maps.h"
#include "io/folder.h"
#include "match/pairs.h"

#include <stdio.h>
#include <string.h>

/* Agencies in one pairs file; Greater Manchester has about 60. */
enum { MAX_AGENCIES = 1024 };

/* Rows whose map entries are on their way into the cache at once. */
enum { BATCH = 64 };

/* Frames between two looks at how much waits. */
enum { FRAMES_PER_ROUND = 1024 };

/* One worker's own. */
typedef struct desk {
    kith_pair_row *rows;
    uint64_t n_self, n_one; /* dropped */
} desk;

/* One pairs file and the maps of its pass. */
typedef struct pairs_file {
    const kith_pairs_in *p;
    const kith_rows_in *in;
    kith_gather *out;
    kith_ref_map *maps; /* one an agency */
    uint32_t agencies[MAX_AGENCIES];
    uint32_t n_agencies;
    size_t first_frame; /* of this round */
    desk *desks;
} pairs_file;

static kith_status
find_row(const pairs_file *f, uint16_t file, const uint8_t ref[8],
         uint32_t *record, unsigned *variant, kith_error *err)
{
    const kith_refs *refs = f->p->refs;
    const uint32_t a = f->agencies[file];
    if (!kith_ref_map_find(&f->maps[a], ref, record, variant))
        return kith_error_set(err, KITH_ERR_DATA,
                              "%s: a row ref of agency %s is not in its map",
                              kith_rows_path(f->in), refs->agencies[a].name);
    *record += refs->agencies[a].first;
    return KITH_OK;
}

static kith_status
take_row(const pairs_file *f, const kith_pair_row *row, unsigned worker,
         kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_refs *refs = f->p->refs;
    uint32_t left = 0, right = 0;
    unsigned x = 0, y = 0;
    KITH_TRY(find_row(f, row->left_file, row->left, &left, &x, err));
    KITH_TRY(find_row(f, row->right_file, row->right, &right, &y, err));
    const bool turn = left > right;
    if (left == right) {
        f->desks[worker].n_self++;
    } else if (row->left_file == row->right_file &&
               refs->agencies[f->agencies[row->left_file]].one) {
        f->desks[worker].n_one++;
    } else {
        const kith_edge edge = {.left = turn ? right : left,
                                .right = turn ? left : right,
                                .states = row->states,
                                .weight = row->weight,
                                .pass = f->p->pass,
                                .variants =
                                    (turn ? y | x << 1 : x | y << 1) & 3u};
        KITH_TRY(kith_gather_add(f->out, worker, &edge, err));
    }
done:
    return status;
}

/* The maps are far larger than the cache: ask for a batch's entries first,
 * in two steps, so that their waits overlap. */
static kith_status
take_batch(const pairs_file *f, const kith_pair_row *rows, size_t n,
           unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < n; i++) {
        const uint16_t x = rows[i].left_file, y = rows[i].right_file;
        if (x >= f->n_agencies || y >= f->n_agencies)
            KITH_TRY(kith_error_set(
                err, KITH_ERR_DATA, "%s: a pair names agency %u of %u",
                kith_rows_path(f->in), x > y ? x : y, f->n_agencies));
        kith_ref_map_touch(&f->maps[f->agencies[x]], rows[i].left);
        kith_ref_map_touch(&f->maps[f->agencies[y]], rows[i].right);
    }
    for (size_t i = 0; i < n; i++) {
        kith_ref_map_touch_rows(&f->maps[f->agencies[rows[i].left_file]],
                                rows[i].left);
        kith_ref_map_touch_rows(&f->maps[f->agencies[rows[i].right_file]],
                                rows[i].right);
    }
    for (size_t i = 0; i < n; i++)
        KITH_TRY(take_row(f, &rows[i], worker, err));
done:
    return status;
}

static kith_status
read_frame(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    const pairs_file *f = ctx;
    kith_pair_row *rows = f->desks[worker].rows;
    size_t n = 0;
    KITH_TRY(kith_rows_frame(f->in, f->first_frame + chunk, rows, &n, err));
    for (size_t i = 0; i < n; i += BATCH)
        KITH_TRY(take_batch(f, rows + i, n - i < BATCH ? n - i : BATCH, worker,
                            err));
    kith_job_advance(f->p->job, n);
done:
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
        const uint32_t a = kith_refs_agency(f->p->refs, name);
        if (a == f->p->refs->n_agencies || f->n_agencies == MAX_AGENCIES) {
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
load_maps(pairs_file *f, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_pairs_in *p = f->p;
    char *path = NULL;
    for (uint32_t i = 0; i < f->n_agencies; i++) {
        const kith_ref_agency *agency = &p->refs->agencies[f->agencies[i]];
        char name[2 * KITH_NAME_BYTES + 64];
        (void)snprintf(name, sizeof name, "%s.%s", agency->name,
                       p->spec->passes[p->pass].name);
        kith_free(path);
        path = NULL;
        KITH_TRY(kith_folder_file(&path, p->refs_folder, name, ".map", err));
        KITH_TRY(kith_ref_map_load(&f->maps[f->agencies[i]], path, p->refs,
                                   agency->n, p->job, err));
    }
done:
    kith_free(path);
    return status;
}

static kith_status
set_desks(pairs_file *f, unsigned n_workers, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_ALLOC(&f->desks, n_workers, err));
    for (unsigned w = 0; w < n_workers; w++)
        KITH_TRY(
            KITH_ALLOC(&f->desks[w].rows, kith_rows_per_frame(f->in), err));
done:
    return status;
}

/* In rounds, so that what waits stays bounded. */
static kith_status
read_frames(pairs_file *f, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t per_frame = kith_rows_per_frame(f->in);
    const size_t n_frames =
        ((size_t)kith_rows_count(f->in) + per_frame - 1) / per_frame;
    for (size_t at = 0; at < n_frames; at += FRAMES_PER_ROUND) {
        const size_t left = n_frames - at;
        f->first_frame = at;
        KITH_TRY(kith_for(kith_job_pool(f->p->job),
                          left < FRAMES_PER_ROUND ? left : FRAMES_PER_ROUND,
                          read_frame, f, err));
        KITH_TRY(kith_gather_relieve(f->out, f->p->job, err));
    }
done:
    return status;
}

kith_status
kith_pairs_read(kith_gather *out, const kith_pairs_in *p,
                const kith_rows_in *in, kith_error *err)
{
    kith_status status = KITH_OK;
    pairs_file f = {.p = p, .in = in, .out = out};
    const unsigned n_workers = kith_job_threads(p->job);
    KITH_TRY(KITH_ALLOC(&f.maps, p->refs->n_agencies, err));
    KITH_TRY(read_agencies(&f, err));
    KITH_TRY(load_maps(&f, err));
    KITH_TRY(set_desks(&f, n_workers, err));
    KITH_TRY(read_frames(&f, err));
    uint64_t n_self = 0, n_one = 0;
    for (unsigned w = 0; w < n_workers; w++) {
        n_self += f.desks[w].n_self;
        n_one += f.desks[w].n_one;
    }
    const char *pass = p->spec->passes[p->pass].name;
    kith_job_count(p->job, pass, "pairs_read", kith_rows_count(in));
    kith_job_count(p->job, pass, "pairs_of_one_record", n_self);
    kith_job_count(p->job, pass, "pairs_inside_a_deduplicated_source", n_one);
done:
    for (uint32_t a = 0; f.maps != NULL && a < p->refs->n_agencies; a++)
        kith_ref_map_done(&f.maps[a]);
    for (unsigned w = 0; f.desks != NULL && w < n_workers; w++)
        kith_free(f.desks[w].rows);
    kith_free(f.desks);
    kith_free(f.maps);
    return status;
}
