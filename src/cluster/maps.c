#include "cluster/maps.h"

#include "base/alloc.h"
#include "io/rowfile.h"

/* Rows a bucket of the index, about: two cache lines of refs. */
#define ROWS_PER_BUCKET 8

static uint64_t
big_endian(const uint8_t ref[8])
{
    uint64_t value = 0;
    for (unsigned i = 0; i < 8; i++)
        value = value << 8 | ref[i];
    return value;
}

static kith_status
read_rows(kith_ref_map *m, const kith_rows_in *in, uint32_t n_records,
          kith_error *err)
{
    kith_status status = KITH_OK;
    kith_map_row *rows = NULL;
    size_t at = 0;
    KITH_TRY(KITH_ALLOC(&rows, kith_rows_per_frame(in), err));
    for (uint64_t frame = 0; at < m->n; frame++) {
        size_t n = 0;
        KITH_TRY(kith_rows_frame(in, frame, rows, &n, err));
        for (size_t i = 0; i < n; i++, at++) {
            m->refs[at] = big_endian(rows[i].ref);
            m->records[at] = rows[i].record * 2 + (rows[i].variant & 1);
            if (rows[i].record >= n_records ||
                (at > 0 && m->refs[at] <= m->refs[at - 1])) {
                status =
                    kith_error_set(err, KITH_ERR_DATA,
                                   "%s: row %zu: out of order or of no record",
                                   kith_rows_path(in), at + 1);
                goto done;
            }
        }
    }
done:
    kith_free(rows);
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
        while (bucket <= m->refs[i] >> m->shift)
            m->buckets[bucket++] = (uint32_t)i;
    }
    while (bucket <= n_buckets)
        m->buckets[bucket++] = (uint32_t)m->n;
done:
    return status;
}

kith_status
kith_ref_map_load(kith_ref_map *out, const char *path, const kith_refs *refs,
                  uint32_t n_records, kith_error *err)
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
    KITH_TRY(KITH_ALLOC(&m.refs, m.n, err));
    KITH_TRY(KITH_ALLOC(&m.records, m.n, err));
    KITH_TRY(read_rows(&m, in, n_records, err));
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
    kith_free(m->refs);
    kith_free(m->records);
    kith_free(m->buckets);
    *m = (kith_ref_map){0};
}

bool
kith_ref_map_find(const kith_ref_map *m, const uint8_t ref[8], uint32_t *record,
                  unsigned *variant)
{
    if (m->n == 0)
        return false;
    const uint64_t want = big_endian(ref);
    size_t low = m->buckets[want >> m->shift];
    size_t high = m->buckets[(want >> m->shift) + 1];
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        if (m->refs[mid] < want)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == m->n || m->refs[low] != want)
        return false;
    *record = m->records[low] >> 1;
    *variant = m->records[low] & 1;
    return true;
}
