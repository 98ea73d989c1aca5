#include "synth/table_file.h"

#include "base/alloc.h"
#include "io/out.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

kith_status
kith_table_wrong(const kith_table_row *row, unsigned field, const char *reason,
                 kith_error *err)
{
    return kith_error_set(err, KITH_ERR_DATA, "%s: column \"%s\": %s",
                          row->where, row->columns[field], reason);
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

/* A reader's rows, as the tables' callbacks take them. */
typedef struct visit {
    kith_table_fn fn;
    void *ctx;
    const char *const *columns;
    uint64_t n_rows;
} visit;

static kith_status
visit_row(void *ctx, const kith_str *values, const char *where, kith_error *err)
{
    visit *v = ctx;
    const kith_table_row row = {where, values, v->columns};
    v->n_rows++;
    return v->fn(v->ctx, &row, err);
}

kith_status
kith_table_read(const kith_table_folders *folders, const char *name,
                const char *const *columns, kith_table_fn fn, void *ctx,
                kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    size_t n = 0;
    visit v = {fn, ctx, columns, 0};
    while (columns[n] != NULL)
        n++;
    KITH_TRY(find_file(&path, folders, name, err));
    const kith_table_file file = {path, columns, n, n};
    KITH_TRY(kith_table_file_read(&file, visit_row, &v, NULL, err));
    if (v.n_rows == 0)
        status = kith_error_set(err, KITH_ERR_DATA, "%s: has no rows", path);
done:
    kith_free(path);
    return status;
}
