#include <kith/inspect.h>

#include "base/alloc.h"
#include "io/rowfile.h"
#include "report/inspect_rows.h"

/* The header lines as they stand; long dictionaries are cut. */
static void
print_header(FILE *to, const kith_rows_in *in)
{
    enum { MAX_LINES = 40 };
    const kith_meta *meta = kith_rows_meta(in);
    const char *p = meta->text.data;
    const char *end = p + meta->text.len;
    unsigned n = 0;
    unsigned cut = 0;
    while (p < end) {
        const char *q = p;
        while (q < end && *q != '\n')
            q++;
        if (n++ < MAX_LINES)
            (void)fprintf(to, "  %.*s\n", (int)(q - p), p);
        else
            cut++;
        p = q + 1;
    }
    if (cut > 0)
        (void)fprintf(to, "  ... and %u more lines\n", cut);
}

kith_status
kith_inspect(FILE *to, const char *path, uint64_t n_rows, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rows_in *in = NULL;
    uint8_t *rows = NULL;
    uint64_t done = 0;
    KITH_TRY(kith_rows_open(&in, path, NULL, err));
    const size_t row_bytes = kith_rows_bytes(in);
    const size_t per_frame = kith_rows_per_frame(in);
    const uint64_t total = kith_rows_count(in);
    (void)fprintf(to, "%s\n", path);
    print_header(to, in);
    const kith_row_layout *layout = kith_row_layout_of(
        kith_meta_get(kith_rows_meta(in), "kind"), row_bytes);
    if (n_rows > 0)
        kith_row_head(to, layout);
    KITH_TRY(KITH_ALLOC(&rows, per_frame * row_bytes, err));
    const uint64_t n_frames =
        per_frame == 0 ? 0 : (total + per_frame - 1) / per_frame;
    for (uint64_t f = 0; f < n_frames; f++) {
        size_t n = 0;
        KITH_TRY(kith_rows_frame(in, f, rows, &n, err));
        for (size_t i = 0; i < n && done + i < n_rows; i++)
            kith_row_print(to, layout, done + i, rows + i * row_bytes,
                           row_bytes);
        done += n;
    }
    (void)fprintf(to,
                  "%llu rows of %zu bytes in %llu frames: all checksums "
                  "are right\n",
                  (unsigned long long)total, row_bytes,
                  (unsigned long long)n_frames);
done:
    kith_free(rows);
    kith_rows_close(in);
    return status;
}
