#include "report/moves.h"

#include "base/alloc.h"
#include "io/out.h"
#include "report/rows.h"

#include <string.h>

typedef struct reader {
    kith_moved *moved;
    const kith_people *people;
    const kith_flag_tables *flags;
} reader;

void
kith_moved_done(kith_moved *m)
{
    kith_free(m->all);
    *m = (kith_moved){0};
}

/* cohort, id, stricter_by, after */
static kith_status
take_row(void *ctx, const kith_str *f, const char *path, kith_error *err)
{
    kith_status status = KITH_OK;
    reader *r = ctx;
    uint32_t table = 0;
    while (table < r->flags->n &&
           !kith_str_equal(f[0], r->flags->all[table].cohort->name))
        table++;
    if (table == r->flags->n)
        return kith_error_set(err, KITH_ERR_DATA,
                              "%s: a cohort that was not decided", path);
    const kith_flag_table *t = &r->flags->all[table];
    const uint32_t unit =
        kith_dict_find(kith_level_ids(r->people, t->cohort->level), f[1]);
    if (unit >= t->cohort->n_units || f[2].len != 1 || f[2].data[0] < '0' ||
        f[2].data[0] > '9')
        return kith_error_set(err, KITH_ERR_DATA,
                              "%s: a flag of nobody in these results", path);
    kith_moved *m = r->moved;
    KITH_TRY(KITH_GROW(&m->all, &m->cap, m->n + 1, err));
    m->all[m->n++] = (kith_move){.table = table,
                                 .unit = unit,
                                 .stricter_by = (uint32_t)(f[2].data[0] - '0'),
                                 .status = kith_flag_status_read(f[3])};
done:
    return status;
}

kith_status
kith_moved_load(kith_moved *out, const kith_people *people,
                const kith_flag_tables *flags, const char *folder,
                kith_job *job, kith_error *err)
{
    static const char *const columns[] = {"cohort", "id", "stricter_by",
                                          "after", NULL};
    kith_status status = KITH_OK;
    reader r = {out, people, flags};
    char *path = NULL;
    KITH_TRY(kith_path_join(&path, folder, "moves.csv", err));
    KITH_TRY(kith_report_rows(path, columns, take_row, &r, job, err));
done:
    kith_free(path);
    return status;
}

void
kith_moved_apply(const kith_moved *m, uint32_t table, uint32_t stricter_by,
                 uint8_t *status)
{
    for (size_t i = 0; i < m->n; i++) {
        if (m->all[i].table == table && m->all[i].stricter_by == stricter_by)
            status[m->all[i].unit] = m->all[i].status;
    }
}
