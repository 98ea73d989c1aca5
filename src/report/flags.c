#include "report/flags.h"

#include "base/alloc.h"
#include "io/csv.h"

#include <stdlib.h>
#include <string.h>

void
kith_flag_tables_done(kith_flag_tables *t)
{
    for (uint32_t i = 0; i < t->n; i++) {
        kith_free(t->all[i].name);
        kith_free(t->all[i].version);
        kith_free(t->all[i].unit);
        kith_free(t->all[i].status);
    }
    kith_free(t->all);
    *t = (kith_flag_tables){0};
}

static const kith_dict *
ids_of(const kith_people *people, const char *unit)
{
    return strcmp(unit, "person") == 0   ? &people->ids
           : strcmp(unit, "family") == 0 ? &people->families.ids
                                         : &people->households.ids;
}

static char *
copy_str(kith_str s)
{
    char *copy = kith_alloc_array(s.len + 1, 1);
    if (copy != NULL && s.len > 0)
        memcpy(copy, s.data, s.len);
    return copy;
}

/* fields: cohort, version, unit, id, status. Lines of a cohort follow each
 * other, so that the last table is nearly always the right one. */
static kith_status
find_table(kith_flag_tables *t, const kith_people *people, const kith_str *f,
           kith_flag_table **out, kith_error *err)
{
    kith_status status = KITH_OK;
    for (uint32_t i = t->n; i > 0; i--) {
        *out = &t->all[i - 1];
        if (kith_str_equal(f[0], (*out)->name))
            return KITH_OK;
    }
    KITH_TRY(KITH_GROW(&t->all, &t->cap, (size_t)t->n + 1, err));
    *out = &t->all[t->n++];
    **out = (kith_flag_table){.name = copy_str(f[0]),
                              .version = copy_str(f[1]),
                              .unit = copy_str(f[2])};
    if ((*out)->name == NULL || (*out)->version == NULL ||
        (*out)->unit == NULL) {
        status = kith_error_memory(err, 3, 1);
        goto done;
    }
    (*out)->n_units = ids_of(people, (*out)->unit)->n;
    KITH_TRY(KITH_ALLOC(&(*out)->status, (size_t)(*out)->n_units + 1, err));
    memset((*out)->status, KITH_FLAG_NONE, (size_t)(*out)->n_units + 1);
done:
    return status;
}

static uint8_t
read_status(kith_str s)
{
    return kith_str_equal(s, "yes")       ? KITH_FLAG_YES
           : kith_str_equal(s, "near")    ? KITH_FLAG_NEAR
           : kith_str_equal(s, "unknown") ? KITH_FLAG_UNKNOWN
                                          : KITH_FLAG_NONE;
}

static kith_status
take_row(kith_flag_tables *t, const kith_people *people, const kith_str *f,
         const char *path, kith_error *err)
{
    kith_flag_table *table = NULL;
    kith_status status = find_table(t, people, f, &table, err);
    if (status != KITH_OK)
        return status;
    const uint32_t unit = kith_dict_find(ids_of(people, table->unit), f[3]);
    const uint8_t value = read_status(f[4]);
    if (unit >= table->n_units || value == KITH_FLAG_NONE)
        return kith_error_set(err, KITH_ERR_DATA,
                              "%s: a flag of nobody in these results", path);
    table->status[unit] = value;
    return KITH_OK;
}

kith_status
kith_flag_tables_load(kith_flag_tables *out, const kith_people *people,
                      const char *path, kith_job *job, kith_error *err)
{
    static const char *const names[5] = {"cohort", "version", "unit", "id",
                                         "status"};
    kith_status status = KITH_OK;
    kith_csv *csv = NULL;
    kith_csv_batch b = {0};
    const kith_csv_params params = kith_csv_params_default();
    uint32_t columns[5];
    KITH_TRY(kith_csv_open(&csv, path, &params, err));
    for (int i = 0; i < 5; i++)
        KITH_TRY(kith_csv_column(csv, names[i], &columns[i], err));
    for (;;) {
        KITH_TRY(kith_csv_next_whole(csv, &b, err));
        if (b.n_rows == 0)
            break;
        for (size_t r = 0; r < b.n_rows; r++) {
            kith_str f[5];
            for (int i = 0; i < 5; i++)
                f[i] = b.fields[r * b.n_columns + columns[i]];
            KITH_TRY(take_row(out, people, f, path, err));
        }
    }
    kith_csv_record(csv, job);
done:
    kith_csv_batch_done(&b);
    kith_csv_close(csv);
    return status;
}
