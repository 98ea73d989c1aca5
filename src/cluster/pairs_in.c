#include "cluster/pairs_in.h"

#include "base/alloc.h"
#include "base/job.h"
#include "cluster/bins.h"
#include "cluster/maps.h"
#include "match/pairs.h"

#include <math.h>
#include <string.h>

/* Agencies in one pairs file; Greater Manchester has about 60. */
enum { MAX_AGENCIES = 1024 };

/*
 * Map rows of a part, about: with their index 110 KB, which stay in the
 * second-level cache while its waiting pairs are looked up. A group of parts
 * is what is read at once, some frames of every agency.
 */
enum { PART_ROWS = 1 << 13, GROUP_PARTS = 16, MOST_PART_BITS = 16 };

/* Groups of a round and worker: enough that none waits long for another. */
enum { GROUPS_PER_WORKER = 4 };

/* A pair whose left record is known. */
typedef struct waiting {
    uint64_t right; /* ref */
    uint32_t left;  /* record */
    uint32_t states;
    int16_t weight;
    uint16_t right_file;
    uint8_t left_variant;
    bool same_source; /* and the source is deduplicated */
    uint8_t zero[2];
} waiting;

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
    kith_ref_maps maps;
    kith_bins bins; /* one a part */
    uint32_t agencies[MAX_AGENCIES];
    uint32_t n_agencies;
    unsigned part_bits; /* leading bits of a ref */
    size_t n_groups, group_parts;
    uint64_t *begins;       /* n_groups + 1: rows by the group of their left */
    kith_ref_slice *slices; /* of the groups of a round */
    size_t first_group;     /* of the round */
    size_t first_part, end_part; /* whose right refs are wanted this time */
    desk *desks;
} pairs_file;

/* While the pairs of a part are taken out of its bin. */
typedef struct taker {
    pairs_file *f;
    const kith_ref_slice *slice;
    unsigned worker;
} taker;

static size_t
part_of(const pairs_file *f, uint64_t ref)
{
    return f->part_bits == 0 ? 0 : (size_t)(ref >> (64 - f->part_bits));
}

static uint64_t
first_ref(const pairs_file *f, size_t part)
{
    return f->part_bits == 0 ? 0 : (uint64_t)part << (64 - f->part_bits);
}

static kith_status
bad_row(const pairs_file *f, const char *why, kith_error *err)
{
    return kith_error_set(err, KITH_ERR_DATA, "%s: %s", kith_rows_path(f->in),
                          why);
}

static kith_status
not_in_map(const pairs_file *f, uint16_t file, kith_error *err)
{
    const uint32_t a = f->agencies[file];
    return kith_error_set(err, KITH_ERR_DATA,
                          "%s: a row ref of agency %s is not in its map",
                          kith_rows_path(f->in), f->p->refs->agencies[a].name);
}

static kith_status
take_left(pairs_file *f, const kith_pair_row *row, const kith_ref_slice *slice,
          unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_refs *refs = f->p->refs;
    const uint64_t left = kith_ref_number(row->left);
    const uint64_t right = kith_ref_number(row->right);
    const size_t part = part_of(f, right);
    uint32_t record = 0;
    if (row->left_file >= f->n_agencies || row->right_file >= f->n_agencies)
        return bad_row(f, "a pair names an agency that is not listed", err);
    if (right < left || left < slice->low || left > slice->high)
        return bad_row(f, "pairs are out of order", err);
    if (part < f->first_part || part >= f->end_part)
        return KITH_OK;
    const uint32_t a = f->agencies[row->left_file];
    if (!kith_ref_slice_find(slice, a, left, &record))
        return not_in_map(f, row->left_file, err);
    void *item = NULL;
    KITH_TRY(kith_bins_room(&f->bins, worker, part, &item, err));
    *(waiting *)item =
        (waiting){.right = right,
                  .left = refs->agencies[a].first + (record >> 1),
                  .states = row->states,
                  .weight = row->weight,
                  .right_file = row->right_file,
                  .left_variant = record & 1,
                  .same_source = row->left_file == row->right_file &&
                                 refs->agencies[a].one};
done:
    return status;
}

/* The pairs whose left ref is in one group. */
static kith_status
take_lefts(void *ctx, size_t item, unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    pairs_file *f = ctx;
    const size_t group = f->first_group + item;
    const size_t part = group * f->group_parts;
    kith_ref_slice *slice = &f->slices[item];
    kith_pair_row *rows = f->desks[worker].rows;
    const size_t per_frame = kith_rows_per_frame(f->in);
    uint64_t at = f->begins[group];
    const uint64_t end = f->begins[group + 1];
    const uint64_t high = group + 1 == f->n_groups
                              ? UINT64_MAX
                              : first_ref(f, part + f->group_parts) - 1;
    KITH_TRY(
        kith_ref_slice_load(slice, &f->maps, first_ref(f, part), high, err));
    while (at < end) {
        size_t n = 0;
        KITH_TRY(kith_rows_frame(f->in, at / per_frame, rows, &n, err));
        const uint64_t first = at / per_frame * per_frame;
        for (; at < end && at < first + n; at++)
            KITH_TRY(take_left(f, &rows[at - first], slice, worker, err));
    }
done:
    return status;
}

static kith_status
take_right(taker *t, const waiting *w, kith_error *err)
{
    kith_status status = KITH_OK;
    const pairs_file *f = t->f;
    const uint32_t a = f->agencies[w->right_file];
    uint32_t right = 0;
    if (!kith_ref_slice_find(t->slice, a, w->right, &right))
        return not_in_map(f, w->right_file, err);
    const unsigned x = w->left_variant, y = right & 1;
    right = f->p->refs->agencies[a].first + (right >> 1);
    const bool turn = w->left > right;
    if (w->left == right) {
        f->desks[t->worker].n_self++;
    } else if (w->same_source) {
        f->desks[t->worker].n_one++;
    } else {
        const kith_edge edge = {.left = turn ? right : w->left,
                                .right = turn ? w->left : right,
                                .states = w->states,
                                .weight = w->weight,
                                .pass = f->p->pass,
                                .variants =
                                    (turn ? y | x << 1 : x | y << 1) & 3u};
        KITH_TRY(kith_gather_add(f->out, t->worker, &edge, err));
    }
done:
    return status;
}

static kith_status
take_items(void *ctx, const void *items, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    const waiting *w = items;
    for (size_t i = 0; i < n; i++)
        KITH_TRY(take_right(ctx, &w[i], err));
    kith_job_advance(((taker *)ctx)->f->p->job, n);
done:
    return status;
}

/* The pairs whose right ref is in one group: all have come by now. */
static kith_status
take_rights(void *ctx, size_t item, unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    pairs_file *f = ctx;
    taker t = {f, &f->slices[item], worker};
    const size_t first = (f->first_group + item) * f->group_parts;
    for (size_t part = first; part < first + f->group_parts; part++)
        KITH_TRY(kith_bins_take(&f->bins, part, worker, take_items, &t, err));
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

/* The first row whose left ref is at or above @p ref. */
static kith_status
find_row(const pairs_file *f, uint64_t ref, uint64_t *row, kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t high = kith_rows_count(f->in);
    while (*row < high) {
        const uint64_t mid = *row + (high - *row) / 2;
        uint8_t left[8];
        KITH_TRY(kith_rows_peek(f->in, mid, left, sizeof left, err));
        if (kith_ref_number(left) < ref)
            *row = mid + 1;
        else
            high = mid;
    }
done:
    return status;
}

static kith_status
set_groups(pairs_file *f, kith_error *err)
{
    kith_status status = KITH_OK;
    while (f->part_bits < MOST_PART_BITS &&
           f->maps.n_rows >> f->part_bits > PART_ROWS)
        f->part_bits++;
    const size_t n_parts = (size_t)1 << f->part_bits;
    f->group_parts = n_parts < GROUP_PARTS ? n_parts : GROUP_PARTS;
    f->n_groups = n_parts / f->group_parts;
    KITH_TRY(kith_bins_init(&f->bins, sizeof(waiting), n_parts,
                            kith_job_threads(f->p->job), err));
    KITH_TRY(KITH_ALLOC(&f->begins, f->n_groups + 1, err));
    for (size_t g = 1; g < f->n_groups; g++) {
        f->begins[g] = f->begins[g - 1];
        KITH_TRY(
            find_row(f, first_ref(f, g * f->group_parts), &f->begins[g], err));
    }
    f->begins[f->n_groups] = kith_rows_count(f->in);
done:
    return status;
}

static kith_status
set_desks(pairs_file *f, kith_error *err)
{
    kith_status status = KITH_OK;
    const unsigned n_workers = kith_job_threads(f->p->job);
    KITH_TRY(KITH_ALLOC(&f->slices, n_workers * GROUPS_PER_WORKER, err));
    KITH_TRY(KITH_ALLOC(&f->desks, n_workers, err));
    for (unsigned w = 0; w < n_workers; w++)
        KITH_TRY(
            KITH_ALLOC(&f->desks[w].rows, kith_rows_per_frame(f->in), err));
done:
    return status;
}

/* Group by group up to those of the right refs wanted. */
static kith_status
walk(pairs_file *f, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_pool *pool = kith_job_pool(f->p->job);
    const size_t most = kith_pool_size(pool) * GROUPS_PER_WORKER;
    const size_t end = f->end_part / f->group_parts;
    for (f->first_group = 0; f->first_group < end; f->first_group += most) {
        const size_t left = end - f->first_group;
        const size_t n = left < most ? left : most;
        KITH_TRY(kith_for(pool, n, take_lefts, f, err));
        KITH_TRY(kith_for(pool, n, take_rights, f, err));
        KITH_TRY(kith_gather_relieve(f->out, f->p->job, err));
    }
done:
    return status;
}

/*
 * As often as what waits exceeds the limit. Of n pairs, those below a share x
 * of the refs on the right are n x^2: each walk takes as many.
 */
static kith_status
walk_all(pairs_file *f, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint64_t bytes = kith_rows_count(f->in) / 2 * sizeof(waiting);
    const uint64_t want = bytes / (f->p->limit_bytes + 1) + 1;
    const uint64_t n_walks = want < f->n_groups ? want : f->n_groups;
    for (uint64_t i = 1; i <= n_walks; i++) {
        const double share = sqrt((double)i / (double)n_walks);
        const size_t groups = (size_t)ceil(share * (double)f->n_groups);
        f->first_part = f->end_part;
        f->end_part = (i == n_walks ? f->n_groups : groups) * f->group_parts;
        if (f->first_part < f->end_part)
            KITH_TRY(walk(f, err));
    }
done:
    return status;
}

static void
count_rows(const pairs_file *f)
{
    const kith_pairs_in *p = f->p;
    const char *pass = p->spec->passes[p->pass].name;
    uint64_t n_self = 0, n_one = 0;
    for (unsigned w = 0; w < kith_job_threads(p->job); w++) {
        n_self += f->desks[w].n_self;
        n_one += f->desks[w].n_one;
    }
    kith_job_count(p->job, pass, "pairs_read", kith_rows_count(f->in));
    kith_job_count(p->job, pass, "pairs_of_one_record", n_self);
    kith_job_count(p->job, pass, "pairs_inside_a_deduplicated_source", n_one);
}

static void
file_done(pairs_file *f)
{
    const unsigned n_workers = kith_job_threads(f->p->job);
    for (unsigned w = 0; f->desks != NULL && w < n_workers; w++)
        kith_free(f->desks[w].rows);
    for (unsigned i = 0; f->slices != NULL && i < n_workers * GROUPS_PER_WORKER;
         i++)
        kith_ref_slice_done(&f->slices[i]);
    kith_free(f->desks);
    kith_free(f->slices);
    kith_free(f->begins);
    kith_bins_done(&f->bins);
    kith_ref_maps_done(&f->maps);
}

kith_status
kith_pairs_read(kith_gather *out, const kith_pairs_in *p,
                const kith_rows_in *in, kith_error *err)
{
    kith_status status = KITH_OK;
    pairs_file f = {.p = p, .in = in, .out = out};
    KITH_TRY(read_agencies(&f, err));
    KITH_TRY(kith_ref_maps_open(&f.maps, p->refs, p->refs_folder,
                                p->spec->passes[p->pass].name, f.agencies,
                                f.n_agencies, err));
    KITH_TRY(set_groups(&f, err));
    KITH_TRY(set_desks(&f, err));
    KITH_TRY(walk_all(&f, err));
    count_rows(&f);
done:
    file_done(&f);
    return status;
}
