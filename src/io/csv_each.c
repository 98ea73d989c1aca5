#include "io/csv_each.h"

typedef struct reader {
    kith_csv *csv;
    kith_csv_batch_fn fn;
    void *ctx;
    kith_csv_batch batches[2];
    unsigned now; /* the one that is worked on */
} reader;

/* Item 0 works on a batch, item 1 parses the next: of two errors the one that
 * is earlier in the file is reported. */
static kith_status
do_item(void *ctx, size_t item, unsigned worker, kith_error *err)
{
    reader *r = ctx;
    (void)worker;
    return item == 0
               ? r->fn(r->ctx, &r->batches[r->now], err)
               : kith_csv_next_whole(r->csv, &r->batches[1 - r->now], err);
}

kith_status
kith_csv_each(kith_csv *csv, kith_pool *pool, kith_csv_batch_fn fn, void *ctx,
              kith_error *err)
{
    kith_status status = KITH_OK;
    reader r = {.csv = csv, .fn = fn, .ctx = ctx};
    KITH_TRY(kith_csv_next_whole(csv, &r.batches[0], err));
    while (r.batches[r.now].n_rows > 0) {
        if (pool != NULL) {
            KITH_TRY(kith_for(pool, 2, do_item, &r, err));
        } else {
            KITH_TRY(do_item(&r, 0, 0, err));
            KITH_TRY(do_item(&r, 1, 0, err));
        }
        r.now = 1 - r.now;
    }
done:
    kith_csv_batch_done(&r.batches[0]);
    kith_csv_batch_done(&r.batches[1]);
    return status;
}
