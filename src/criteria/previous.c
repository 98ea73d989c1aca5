#include "criteria/previous.h"

#include "base/alloc.h"
#include "io/csv.h"
#include "io/out.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_COLUMNS = 6 };

typedef struct reader {
    kith_previous *p;
    kith_buffer key;
    kith_buffer met;
} reader;

void
kith_previous_done(kith_previous *p)
{
    kith_dict_done(&p->keys);
    kith_dict_done(&p->words);
    kith_free(p->flags);
    *p = (kith_previous){0};
}

static kith_status
make_key(reader *r, kith_str cohort, kith_str id, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer_clear(&r->key);
    KITH_TRY(kith_buffer_add(&r->key, cohort.data, cohort.len, err));
    KITH_TRY(kith_buffer_add(&r->key, "\t", 1, err));
    KITH_TRY(kith_buffer_add(&r->key, id.data, id.len, err));
done:
    return status;
}

/* cohort, id, status, since, tier, version */
static kith_status
take_flag(reader *r, const kith_str *f, const uint32_t *columns,
          kith_error *err)
{
    kith_status status = KITH_OK;
    kith_previous *p = r->p;
    uint32_t at = 0;
    KITH_TRY(make_key(r, f[columns[0]], f[columns[1]], err));
    KITH_TRY(
        kith_dict_add(&p->keys, (kith_str){r->key.data, r->key.len}, &at, err));
    KITH_TRY(KITH_GROW(&p->flags, &p->flags_cap, (size_t)at + 1, err));
    kith_old_flag flag = {.met = KITH_DICT_NONE};
    KITH_TRY(kith_dict_add(&p->words, f[columns[2]], &flag.status, err));
    KITH_TRY(kith_dict_add(&p->words, f[columns[3]], &flag.since, err));
    KITH_TRY(kith_dict_add(&p->words, f[columns[4]], &flag.tier, err));
    KITH_TRY(kith_dict_add(&p->words, f[columns[5]], &flag.version, err));
    p->flags[at] = flag;
done:
    return status;
}

/* cohort, id, status, criterion; lines of one criterion follow each other */
static kith_status
take_evidence(reader *r, const kith_str *f, const uint32_t *columns,
              kith_error *err)
{
    kith_status status = KITH_OK;
    kith_previous *p = r->p;
    if (!kith_str_equal(f[columns[2]], "yes"))
        return KITH_OK;
    KITH_TRY(make_key(r, f[columns[0]], f[columns[1]], err));
    const uint32_t at =
        kith_dict_find(&p->keys, (kith_str){r->key.data, r->key.len});
    if (at == KITH_DICT_NONE)
        return KITH_OK;
    const kith_str name = f[columns[3]];
    const char *met = p->flags[at].met == KITH_DICT_NONE
                          ? ""
                          : kith_dict_at(&p->words, p->flags[at].met);
    const size_t n = strlen(met);
    /* Was it the last one added? */
    if (n >= name.len && memcmp(met + n - name.len, name.data, name.len) == 0 &&
        (n == name.len || met[n - name.len - 1] == ' '))
        return KITH_OK;
    kith_buffer_clear(&r->met);
    KITH_TRY(kith_buffer_printf(&r->met, err, "%s%s%.*s", met, n > 0 ? " " : "",
                                (int)name.len, name.data));
    KITH_TRY(kith_dict_add(&p->words, (kith_str){r->met.data, r->met.len},
                           &p->flags[at].met, err));
done:
    return status;
}

typedef kith_status (*take_fn)(reader *r, const kith_str *f,
                               const uint32_t *columns, kith_error *err);

static kith_status
read_file(reader *r, const char *path, const char *const names[MAX_COLUMNS],
          take_fn take, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_csv *csv = NULL;
    kith_csv_batch b = {0};
    const kith_csv_params params = kith_csv_params_default();
    uint32_t columns[MAX_COLUMNS];
    KITH_TRY(kith_csv_open(&csv, path, &params, err));
    for (int i = 0; i < MAX_COLUMNS && names[i] != NULL; i++)
        KITH_TRY(kith_csv_column(csv, names[i], &columns[i], err));
    for (;;) {
        KITH_TRY(kith_csv_next_whole(csv, &b, err));
        if (b.n_rows == 0)
            break;
        for (size_t i = 0; i < b.n_rows; i++)
            KITH_TRY(take(r, b.fields + i * b.n_columns, columns, err));
    }
done:
    kith_csv_batch_done(&b);
    kith_csv_close(csv);
    return status;
}

kith_status
kith_previous_load(kith_previous *out, const char *folder, kith_job *job,
                   kith_error *err)
{
    static const char *const flag_columns[MAX_COLUMNS] = {
        "cohort", "id", "status", "since", "tier", "version"};
    static const char *const evidence_columns[MAX_COLUMNS] = {
        "cohort", "id", "status", "criterion"};
    kith_status status = KITH_OK;
    reader r = {.p = out};
    char *flags = NULL;
    char *evidence = NULL;
    if (folder == NULL)
        return KITH_OK;
    if (access(folder, F_OK) != 0) {
        status =
            kith_error_set(err, KITH_ERR_CONFIG,
                           "%s: no such folder of previous results", folder);
        kith_error_hint(err, "leave it out when there was no run before");
        goto done;
    }
    KITH_TRY(kith_path_join(&flags, folder, "flags.csv", err));
    KITH_TRY(kith_path_join(&evidence, folder, "evidence.csv", err));
    if (access(flags, F_OK) != 0) {
        kith_job_warn(job, "no flags.csv of a previous run: no changes");
        goto done;
    }
    out->given = true;
    KITH_TRY(read_file(&r, flags, flag_columns, take_flag, err));
    if (access(evidence, F_OK) == 0)
        KITH_TRY(read_file(&r, evidence, evidence_columns, take_evidence, err));
done:
    kith_buffer_done(&r.key);
    kith_buffer_done(&r.met);
    kith_free(flags);
    kith_free(evidence);
    return status;
}

kith_old_flag *
kith_previous_find(const kith_previous *p, const char *cohort, const char *id)
{
    char key[256];
    const int n = snprintf(key, sizeof key, "%s\t%s", cohort, id);
    if (!p->given || n < 0 || (size_t)n >= sizeof key)
        return NULL;
    const uint32_t at = kith_dict_find(&p->keys, (kith_str){key, (size_t)n});
    return at == KITH_DICT_NONE ? NULL : &p->flags[at];
}
