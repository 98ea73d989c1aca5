#include "report/rows.h"

#include "io/csv.h"

kith_status
kith_report_rows(const char *path, const char *const *columns,
                 kith_report_row_fn fn, void *ctx, kith_job *job,
                 kith_error *err)
{
    kith_status status = KITH_OK;
    kith_csv *csv = NULL;
    kith_csv_batch b = {0};
    const kith_csv_params params = kith_csv_params_default();
    uint32_t at[KITH_REPORT_COLUMNS];
    size_t n = 0;
    KITH_TRY(kith_csv_open(&csv, path, &params, err));
    for (; n < KITH_REPORT_COLUMNS && columns[n] != NULL; n++)
        KITH_TRY(kith_csv_column(csv, columns[n], &at[n], err));
    for (;;) {
        KITH_TRY(kith_csv_next_whole(csv, &b, err));
        if (b.n_rows == 0)
            break;
        for (size_t r = 0; r < b.n_rows; r++) {
            kith_str f[KITH_REPORT_COLUMNS] = {0};
            for (size_t i = 0; i < n; i++)
                f[i] = b.fields[r * b.n_columns + at[i]];
            KITH_TRY(fn(ctx, f, path, err));
        }
    }
    kith_csv_record(csv, job);
done:
    kith_csv_batch_done(&b);
    kith_csv_close(csv);
    return status;
}
