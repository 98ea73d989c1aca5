#include "io/table_file.h"

#include "base/job.h"
#include "io/csv_each.h"

#include <stdio.h>
#include <string.h>

typedef struct table {
    const kith_table_file *file;
    kith_table_row_fn fn;
    void *ctx;
    uint32_t places[KITH_TABLE_COLUMNS];
    char where[400]; /* "<path>:" and room for a line number */
    size_t n_path;
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

/* By hand: for most rows nobody will read it. */
static void
set_line(table *t, uint64_t line)
{
    char text[24];
    char *p = text + sizeof text;
    *--p = '\0';
    do {
        *--p = (char)('0' + line % 10);
        line /= 10;
    } while (line != 0);
    memcpy(t->where + t->n_path, p, (size_t)(text + sizeof text - p));
}

static kith_status
pass_rows(void *ctx, const kith_csv_batch *batch, kith_error *err)
{
    kith_status status = KITH_OK;
    table *t = ctx;
    kith_str values[KITH_TABLE_COLUMNS];
    for (size_t i = 0; i < batch->n_rows; i++) {
        const kith_str *fields = batch->fields + i * batch->n_columns;
        for (size_t c = 0; c < t->file->n_columns; c++)
            values[c] = t->places[c] == UINT32_MAX ? (kith_str){"", 0}
                                                   : fields[t->places[c]];
        set_line(t, batch->lines[i]);
        KITH_TRY(t->fn(t->ctx, values, t->where, err));
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
    const kith_csv_params params = kith_csv_params_default();
    KITH_TRY(kith_csv_open(&csv, file->path, &params, err));
    KITH_TRY(find_columns(&t, csv, err));
    (void)snprintf(t.where, sizeof t.where - 24, "%s:", file->path);
    t.n_path = strlen(t.where);
    KITH_TRY(kith_csv_each(csv, job == NULL ? NULL : kith_job_pool(job),
                           pass_rows, &t, err));
    if (job != NULL)
        kith_csv_record(csv, job);
done:
    kith_csv_close(csv);
    return status;
}
