#include "cluster/maps.h"

#include "base/alloc.h"
#include "base/job.h"
#include "io/rowfile.h"

/* Rows a bucket of the index, about: 48 bytes. */
#define ROWS_PER_BUCKET 4

/* A bucket of random refs is walked; halving it would cost mispredicted
 * branches. Larger ones are halved first. */
enum { MOST_STEPS = 16 };

static inline uint64_t
ref_of(const kith_map_entry *e)
{
    return (uint64_t)e->high << 32 | e->low;
}

typedef struct map_reader {
    kith_ref_map *map;
    const kith_rows_in *in;
    uint32_t n_records;
} map_reader;

static kith_status
out_of_order(const kith_rows_in *in, size_t row, kith_error *err)
{
    return kith_error_set(err, KITH_ERR_DATA,
                          "%s: row %zu: out of order or of no record",
                          kith_rows_path(in), row + 1);
}

static kith_status
read_frame(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    kith_status status = KITH_OK;
    const map_reader *r = ctx;
    kith_map_row *rows = NULL;
    const size_t per_frame = kith_rows_per_frame(r->in);
    size_t at = chunk * per_frame, n = 0;
    (void)worker;
    KITH_TRY(KITH_ALLOC(&rows, per_frame, err));
    KITH_TRY(kith_rows_frame(r->in, chunk, rows, &n, err));
    for (size_t i = 0; i < n; i++, at++) {
        const uint64_t ref = kith_ref_number(rows[i].ref);
        r->map->entries[at] =
            (kith_map_entry){(uint32_t)(ref >> 32), (uint32_t)ref,
                             rows[i].record * 2 + (rows[i].variant & 1)};
        if (rows[i].record >= r->n_records ||
            (i > 0 && ref <= ref_of(&r->map->entries[at - 1])))
            KITH_TRY(out_of_order(r->in, at, err));
    }
done:
    kith_free(rows);
    return status;
}

/* Frames are in order in themselves; their seams are left to check. */
static kith_status
read_rows(kith_ref_map *m, const kith_rows_in *in, uint32_t n_records,
          kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    map_reader r = {m, in, n_records};
    const size_t per_frame = kith_rows_per_frame(in);
    const size_t n_frames = (m->n + per_frame - 1) / per_frame;
    KITH_TRY(kith_for(kith_job_pool(job), n_frames, read_frame, &r, err));
    for (size_t at = per_frame; at < m->n; at += per_frame) {
        if (ref_of(&m->entries[at]) <= ref_of(&m->entries[at - 1]))
            KITH_TRY(out_of_order(in, at, err));
    }
done:
    return status;
}

static kith_status
index_refs(kith_ref_map *m, kith_error *err)
{
    kith_status status = KITH_OK;
    unsigned bits = 1;
    while (bits < 31 && ((size_t)ROWS_PER_BUCKET << bits) < m->n)
        bits++;
    m->shift = 64 - bits;
    const size_t n_buckets = (size_t)1 << bits;
    KITH_TRY(KITH_ALLOC(&m->buckets, n_buckets + 1, err));
    size_t bucket = 0;
    for (size_t i = 0; i < m->n; i++) {
        while (bucket <= ref_of(&m->entries[i]) >> m->shift)
            m->buckets[bucket++] = (uint32_t)i;
    }
    while (bucket <= n_buckets)
        m->buckets[bucket++] = (uint32_t)m->n;
done:
    return status;
}

kith_status
kith_ref_map_load(kith_ref_map *out, const char *path, const kith_refs *refs,
                  uint32_t n_records, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_ref_map m = {0};
    kith_rows_in *in = NULL;
    KITH_TRY(kith_rows_open(&in, path, "map", err));
    KITH_TRY(kith_refs_check(refs, kith_rows_meta(in), path, err));
    if (kith_rows_bytes(in) != sizeof(kith_map_row) ||
        kith_rows_count(in) >= UINT32_MAX) {
        status = kith_error_set(err, KITH_ERR_DATA, "%s: not a map of row refs",
                                path);
        goto done;
    }
    m.n = (size_t)kith_rows_count(in);
    KITH_TRY(KITH_ALLOC(&m.entries, m.n, err));
    KITH_TRY(read_rows(&m, in, n_records, job, err));
    KITH_TRY(index_refs(&m, err));
    *out = m;
    m = (kith_ref_map){0};
done:
    kith_rows_close(in);
    kith_ref_map_done(&m);
    return status;
}

void
kith_ref_map_done(kith_ref_map *m)
{
    kith_free(m->entries);
    kith_free(m->buckets);
    *m = (kith_ref_map){0};
}

bool
kith_ref_map_find(const kith_ref_map *m, const uint8_t ref[8], uint32_t *record,
                  unsigned *variant)
{
    if (m->n == 0)
        return false;
    const uint64_t want = kith_ref_number(ref);
    size_t low = m->buckets[want >> m->shift];
    size_t high = m->buckets[(want >> m->shift) + 1];
    while (high - low > MOST_STEPS) {
        const size_t mid = low + (high - low) / 2;
        if (ref_of(&m->entries[mid]) < want)
            low = mid + 1;
        else
            high = mid;
    }
    while (low < high && ref_of(&m->entries[low]) < want)
        low++;
    if (low == m->n || ref_of(&m->entries[low]) != want)
        return false;
    *record = m->entries[low].record >> 1;
    *variant = m->entries[low].record & 1;
    return true;
}
