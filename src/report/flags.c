#include "report/flags.h"

#include "base/alloc.h"
#include "report/rows.h"

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

const kith_dict *
kith_flag_table_ids(const kith_flag_table *t, const kith_people *people)
{
    return strcmp(t->unit, "person") == 0   ? &people->ids
           : strcmp(t->unit, "family") == 0 ? &people->families.ids
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
    (*out)->n_units = kith_flag_table_ids(*out, people)->n;
    KITH_TRY(KITH_ALLOC(&(*out)->status, (size_t)(*out)->n_units + 1, err));
    memset((*out)->status, KITH_FLAG_NONE, (size_t)(*out)->n_units + 1);
done:
    return status;
}

uint8_t
kith_flag_status_read(kith_str s)
{
    return kith_str_equal(s, "yes")       ? KITH_FLAG_YES
           : kith_str_equal(s, "near")    ? KITH_FLAG_NEAR
           : kith_str_equal(s, "unknown") ? KITH_FLAG_UNKNOWN
                                          : KITH_FLAG_NONE;
}

typedef struct loader {
    kith_flag_tables *tables;
    const kith_people *people;
} loader;

static kith_status
take_row(void *ctx, const kith_str *f, const char *path, kith_error *err)
{
    const loader *l = ctx;
    kith_flag_table *table = NULL;
    kith_status status = find_table(l->tables, l->people, f, &table, err);
    if (status != KITH_OK)
        return status;
    const uint32_t unit =
        kith_dict_find(kith_flag_table_ids(table, l->people), f[3]);
    const uint8_t value = kith_flag_status_read(f[4]);
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
    static const char *const columns[] = {"cohort", "version", "unit",
                                          "id",     "status",  NULL};
    loader l = {out, people};
    return kith_report_rows(path, columns, take_row, &l, job, err);
}
