#include "evaluate/table_file.h"

#include "io/csv.h"

#include <stdio.h>

typedef struct table {
    const kith_table_file *file;
    kith_table_row_fn fn;
    void *ctx;
    uint32_t places[KITH_TABLE_COLUMNS];
} table;

static kith_status
find_columns(table *t, const kith_csv *csv, kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t c = 0; c < t->file->n_columns; c++) {
        t->places[c] = UINT32_MAX;
        if (c < t->file->n_required) {
            KITH_TRY(
                kith_csv_column(csv, t->file->columns[c], &t->places[c], err));
            continue;
        }
        kith_error ignored = KITH_ERROR_INIT;
        uint32_t place = 0;
        if (kith_csv_column(csv, t->file->columns[c], &place, &ignored) ==
            KITH_OK)
            t->places[c] = place;
    }
done:
    return status;
}

static kith_status
pass_rows(const table *t, const kith_csv_batch *batch, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_str values[KITH_TABLE_COLUMNS];
    char where[400];
    for (size_t i = 0; i < batch->n_rows; i++) {
        const kith_str *fields = batch->fields + i * batch->n_columns;
        for (size_t c = 0; c < t->file->n_columns; c++)
            values[c] = t->places[c] == UINT32_MAX ? (kith_str){"", 0}
                                                   : fields[t->places[c]];
        (void)snprintf(where, sizeof where, "%s:%llu", t->file->path,
                       (unsigned long long)batch->lines[i]);
        KITH_TRY(t->fn(t->ctx, values, where, err));
    }
done:
    return status;
}

kith_status
kith_table_file_read(const kith_table_file *file, kith_table_row_fn fn,
                     void *ctx, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    table t = {.file = file, .fn = fn, .ctx = ctx};
    kith_csv *csv = NULL;
    kith_csv_batch batch = {0};
    const kith_csv_params params = kith_csv_params_default();
    KITH_TRY(kith_csv_open(&csv, file->path, &params, err));
    KITH_TRY(find_columns(&t, csv, err));
    for (;;) {
        KITH_TRY(kith_csv_next_whole(csv, &batch, err));
        if (batch.n_rows == 0)
            break;
        KITH_TRY(pass_rows(&t, &batch, err));
    }
    kith_csv_record(csv, job);
done:
    kith_csv_batch_done(&batch);
    kith_csv_close(csv);
    return status;
}
