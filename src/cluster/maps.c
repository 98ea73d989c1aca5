#include "cluster/maps.h"

#include "base/alloc.h"
#include "io/folder.h"

#include <stdio.h>

/* Rows a bucket of the index, about. */
enum { BUCKET_ROWS_BITS = 1 };

/* A bucket of random refs is walked; halving it would cost mispredicted
 * branches. Larger ones are halved first. */
enum { MOST_STEPS = 16 };

static inline uint64_t
ref_of(const kith_map_entry *e)
{
    return (uint64_t)e->high << 32 | e->low;
}

static kith_status
out_of_order(const kith_rows_in *in, uint64_t row, kith_error *err)
{
    return kith_error_set(err, KITH_ERR_DATA,
                          "%s: row %llu: out of order or of no record",
                          kith_rows_path(in), (unsigned long long)(row + 1));
}

/* What the first row of each frame says, to find ranges by. */
static kith_status
list_firsts(kith_ref_map *m, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint64_t n = kith_rows_count(m->in);
    const size_t per_frame = kith_rows_per_frame(m->in);
    const size_t n_frames = (size_t)((n + per_frame - 1) / per_frame);
    KITH_TRY(KITH_ALLOC(&m->firsts, n_frames, err));
    for (; m->n_frames < n_frames; m->n_frames++) {
        uint8_t ref[8];
        const uint64_t row = (uint64_t)m->n_frames * per_frame;
        KITH_TRY(kith_rows_peek(m->in, row, ref, sizeof ref, err));
        m->firsts[m->n_frames] = kith_ref_number(ref);
        if (m->n_frames > 0 &&
            m->firsts[m->n_frames] <= m->firsts[m->n_frames - 1])
            KITH_TRY(out_of_order(m->in, row, err));
    }
done:
    return status;
}

static kith_status
open_map(kith_ref_maps *maps, uint32_t agency, const char *folder,
         const char *pass, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_ref_map *m = &maps->items[agency];
    char name[2 * KITH_NAME_BYTES + 64];
    char *path = NULL;
    if (m->in != NULL)
        return KITH_OK;
    (void)snprintf(name, sizeof name, "%s.%s",
                   maps->refs->agencies[agency].name, pass);
    KITH_TRY(kith_folder_file(&path, folder, name, ".map", err));
    KITH_TRY(kith_rows_open(&m->in, path, "map", err));
    KITH_TRY(kith_refs_check(maps->refs, kith_rows_meta(m->in), path, err));
    if (kith_rows_bytes(m->in) != sizeof(kith_map_row))
        KITH_TRY(kith_error_set(err, KITH_ERR_DATA, "%s: not a map of row refs",
                                path));
    KITH_TRY(list_firsts(m, err));
    maps->n_rows += kith_rows_count(m->in);
done:
    kith_free(path);
    return status;
}

kith_status
kith_ref_maps_open(kith_ref_maps *out, const kith_refs *refs,
                   const char *folder, const char *pass,
                   const uint32_t *agencies, uint32_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    out->refs = refs;
    KITH_TRY(KITH_ALLOC(&out->items, refs->n_agencies, err));
    for (uint32_t i = 0; i < n; i++)
        KITH_TRY(open_map(out, agencies[i], folder, pass, err));
done:
    return status;
}

void
kith_ref_maps_done(kith_ref_maps *m)
{
    for (uint32_t a = 0; m->items != NULL && a < m->refs->n_agencies; a++) {
        kith_rows_close(m->items[a].in);
        kith_free(m->items[a].firsts);
    }
    kith_free(m->items);
    *m = (kith_ref_maps){0};
}

/* The last frame that begins at or before @p ref; the first when none does. */
static size_t
frame_of(const kith_ref_map *m, uint64_t ref)
{
    size_t low = 0, high = m->n_frames;
    while (high - low > 1) {
        const size_t mid = low + (high - low) / 2;
        if (m->firsts[mid] <= ref)
            low = mid;
        else
            high = mid;
    }
    return low;
}

/* Appends a frame's rows of the range. */
static kith_status
take_frame(kith_ref_slice *s, const kith_ref_map *m, size_t frame,
           uint32_t n_records, kith_map_run *run, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t per_frame = kith_rows_per_frame(m->in);
    size_t n = 0;
    KITH_TRY(KITH_GROW(&s->rows, &s->rows_cap, per_frame, err));
    KITH_TRY(KITH_GROW(&s->entries, &s->entries_cap,
                       run->first + run->n + per_frame, err));
    KITH_TRY(kith_rows_frame(m->in, frame, s->rows, &n, err));
    kith_map_entry *to = s->entries + run->first;
    uint64_t last = 0;
    for (size_t i = 0; i < n; i++) {
        const kith_map_row *row = &s->rows[i];
        const uint64_t ref = kith_ref_number(row->ref);
        if (row->record >= n_records || (i > 0 && ref <= last))
            KITH_TRY(out_of_order(m->in, frame * per_frame + i, err));
        last = ref;
        to[run->n] = (kith_map_entry){(uint32_t)(ref >> 32), (uint32_t)ref,
                                      row->record * 2 + (row->variant & 1)};
        run->n += ref >= s->low && ref <= s->high;
    }
    if (frame + 1 < m->n_frames && last >= m->firsts[frame + 1])
        KITH_TRY(out_of_order(m->in, (frame + 1) * per_frame, err));
done:
    return status;
}

static kith_status
index_run(kith_ref_slice *s, kith_map_run *run, size_t *n_buckets,
          kith_error *err)
{
    kith_status status = KITH_OK;
    const uint64_t span = s->high - s->low;
    run->shift = 0;
    while (run->shift < 63 && span >> run->shift > (run->n >> BUCKET_ROWS_BITS))
        run->shift++;
    const size_t n = (size_t)(span >> run->shift) + 1;
    run->first_bucket = *n_buckets;
    KITH_TRY(KITH_GROW(&s->buckets, &s->buckets_cap, *n_buckets + n + 1, err));
    uint32_t *buckets = s->buckets + *n_buckets;
    const kith_map_entry *entries = s->entries + run->first;
    size_t bucket = 0;
    for (size_t i = 0; i < run->n; i++) {
        const uint64_t at = (ref_of(&entries[i]) - s->low) >> run->shift;
        while (bucket <= at)
            buckets[bucket++] = (uint32_t)i;
    }
    while (bucket <= n)
        buckets[bucket++] = (uint32_t)run->n;
    *n_buckets += n + 1;
done:
    return status;
}

kith_status
kith_ref_slice_load(kith_ref_slice *s, const kith_ref_maps *maps, uint64_t low,
                    uint64_t high, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_refs *refs = maps->refs;
    size_t at = 0, n_buckets = 0;
    s->low = low;
    s->high = high;
    KITH_TRY(KITH_GROW(&s->runs, &s->runs_cap, refs->n_agencies, err));
    for (uint32_t a = 0; a < refs->n_agencies; a++) {
        const kith_ref_map *m = &maps->items[a];
        kith_map_run *run = &s->runs[a];
        *run = (kith_map_run){.first = at};
        if (m->n_frames == 0)
            continue;
        const size_t last = frame_of(m, high);
        for (size_t f = frame_of(m, low); f <= last; f++)
            KITH_TRY(take_frame(s, m, f, refs->agencies[a].n, run, err));
        KITH_TRY(index_run(s, run, &n_buckets, err));
        at += run->n;
    }
done:
    return status;
}

void
kith_ref_slice_done(kith_ref_slice *s)
{
    kith_free(s->entries);
    kith_free(s->buckets);
    kith_free(s->runs);
    kith_free(s->rows);
    *s = (kith_ref_slice){0};
}

bool
kith_ref_slice_find(const kith_ref_slice *s, uint32_t agency, uint64_t ref,
                    uint32_t *record)
{
    const kith_map_run *run = &s->runs[agency];
    if (run->n == 0 || ref < s->low || ref > s->high)
        return false;
    const kith_map_entry *entries = s->entries + run->first;
    const uint32_t *bucket =
        s->buckets + run->first_bucket + ((ref - s->low) >> run->shift);
    size_t low = bucket[0], high = bucket[1];
    while (high - low > MOST_STEPS) {
        const size_t mid = low + (high - low) / 2;
        if (ref_of(&entries[mid]) < ref)
            low = mid + 1;
        else
            high = mid;
    }
    while (low < high && ref_of(&entries[low]) < ref)
        low++;
    if (low == run->n || ref_of(&entries[low]) != ref)
        return false;
    *record = entries[low].record;
    return true;
}
