#include "synth/table_file.h"

#include "base/alloc.h"
#include "io/csv.h"
#include "io/out.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

kith_status
kith_table_wrong(const kith_table_row *row, unsigned field, const char *reason,
                 kith_error *err)
{
    return kith_error_set(err, KITH_ERR_DATA, "%s:%llu: column \"%s\": %s",
                          row->path, (unsigned long long)row->line,
                          row->columns[field], reason);
}

kith_status
kith_table_number(const kith_table_row *row, unsigned field, double low,
                  double high, double *out, kith_error *err)
{
    char text[64];
    const kith_str s = row->fields[field];
    if (s.len == 0 || s.len >= sizeof text)
        return kith_table_wrong(row, field, "not a number", err);
    memcpy(text, s.data, s.len);
    text[s.len] = '\0';
    char *end = NULL;
    *out = strtod(text, &end);
    if (*end != '\0')
        return kith_table_wrong(row, field, "not a number", err);
    if (*out >= low && *out <= high)
        return KITH_OK;
    (void)kith_table_wrong(row, field, "out of range", err);
    kith_error_hint(err, "want a number from %g to %g", low, high);
    return KITH_ERR_DATA;
}

static kith_status
find_file(char **path, const kith_table_folders *folders, const char *name,
          kith_error *err)
{
    *path = NULL;
    if (folders->richer != NULL) {
        kith_status status = kith_path_join(path, folders->richer, name, err);
        if (status != KITH_OK || access(*path, R_OK) == 0)
            return status;
        kith_free(*path);
        *path = NULL;
    }
    return kith_path_join(path, folders->shipped, name, err);
}

static kith_status
visit(kith_csv *csv, kith_table_row *row, const uint32_t *where,
      unsigned n_columns, kith_table_fn fn, void *ctx, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_csv_batch batch = {0};
    uint64_t n = 0;
    do {
        KITH_TRY(kith_csv_next_whole(csv, &batch, err));
        for (size_t r = 0; r < batch.n_rows; r++) {
            row->line = batch.lines[r];
            for (unsigned c = 0; c < n_columns; c++)
                row->fields[c] = batch.fields[r * batch.n_columns + where[c]];
            KITH_TRY(fn(ctx, row, err));
        }
        n += batch.n_rows;
    } while (batch.n_rows != 0);
    if (n == 0)
        status =
            kith_error_set(err, KITH_ERR_DATA, "%s: has no rows", row->path);
done:
    kith_csv_batch_done(&batch);
    return status;
}

kith_status
kith_table_read(const kith_table_folders *folders, const char *name,
                const char *const *columns, kith_table_fn fn, void *ctx,
                kith_error *err)
{
    kith_status status = KITH_OK;
    kith_csv *csv = NULL;
    char *path = NULL;
    uint32_t where[KITH_TABLE_COLUMNS];
    unsigned n = 0;
    const kith_csv_params params = kith_csv_params_default();
    KITH_TRY(find_file(&path, folders, name, err));
    KITH_TRY(kith_csv_open(&csv, path, &params, err));
    for (; columns[n] != NULL; n++)
        KITH_TRY(kith_csv_column(csv, columns[n], &where[n], err));
    kith_table_row row = {path, 0, {{0}}, columns};
    KITH_TRY(visit(csv, &row, where, n, fn, ctx, err));
done:
    if (csv != NULL)
        kith_csv_close(csv);
    kith_free(path);
    return status;
}
