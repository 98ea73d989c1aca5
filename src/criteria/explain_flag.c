/* One flag's chain of evidence in plain English. */
#include <kith/explain.h>

#include "base/alloc.h"
#include "base/table.h"
#include "io/csv.h"
#include "io/out.h"

#include <string.h>

enum { MAX_COLUMNS = 11, CRITERION = 2 };

/* Prints what belongs to one flag, table by table. */
typedef struct teller {
    FILE *to;
    const char *cohort;
    const char *id;
    char criterion[128]; /* of the last line, so that each is headed once */
    kith_dict names;     /* of criteria, "" for the cohort itself ... */
    kith_dict titles;    /* ... and the title of each, after its number */
    bool found;
    bool failed; /* out of memory */
} teller;

typedef void (*line_fn)(teller *t, const kith_str *f);

static int
is(kith_str s, const char *text)
{
    return kith_str_equal(s, text);
}

#define STR(s) (int)(s).len, (s).data != NULL ? (s).data : ""

/* cohort,criterion,title */
static void
take_title(teller *t, const kith_str *f)
{
    uint32_t at = 0;
    kith_buffer b = {0};
    if (!is(f[0], t->cohort))
        return;
    t->failed =
        t->failed || kith_dict_add(&t->names, f[1], &at, NULL) != KITH_OK ||
        kith_buffer_printf(&b, NULL, "%u %.*s", at, STR(f[2])) != KITH_OK ||
        kith_dict_add(&t->titles, (kith_str){b.data, b.len}, &at, NULL) !=
            KITH_OK;
    kith_buffer_done(&b);
}

/* The title of a criterion, or NULL. */
static const char *
title_of(const teller *t, kith_str criterion)
{
    const uint32_t at = kith_dict_find(&t->names, criterion);
    if (at >= t->titles.n)
        return NULL;
    const char *title = strchr(kith_dict_at(&t->titles, at), ' ');
    return title != NULL && title[1] != '\0' ? title + 1 : NULL;
}

/* cohort,version,unit,id,status,tier,since */
static void
tell_flag(teller *t, const kith_str *f)
{
    if (!is(f[0], t->cohort) || !is(f[3], t->id))
        return;
    t->found = true;
    fprintf(t->to, "The %.*s %s: ", STR(f[2]), t->id);
    if (is(f[4], "yes"))
        fprintf(t->to, "in cohort %s", t->cohort);
    else if (is(f[4], "near"))
        fprintf(t->to, "close to cohort %s, not in it", t->cohort);
    else
        fprintf(t->to, "not known whether in cohort %s", t->cohort);
    fprintf(t->to, " (version %.*s)", STR(f[1]));
    if (f[5].len > 0)
        fprintf(t->to, ", tier %.*s", STR(f[5]));
    fprintf(t->to, ", since %.*s.\n", STR(f[6]));
    const char *title = title_of(t, kith_str_of(""));
    if (title != NULL)
        fprintf(t->to, "%s\n", title);
}

static void
tell_criterion(teller *t, const kith_str *f)
{
    const size_t n = f[CRITERION].len < sizeof t->criterion - 1
                         ? f[CRITERION].len
                         : sizeof t->criterion - 1;
    if (n == strlen(t->criterion) &&
        memcmp(t->criterion, f[CRITERION].data, n) == 0)
        return;
    memcpy(t->criterion, f[CRITERION].data, n);
    t->criterion[n] = '\0';
    fprintf(t->to, "\n%s: %s\n", t->criterion,
            is(f[3], "yes")  ? "met"
            : is(f[3], "no") ? "not met"
                             : "not known");
    const char *title = title_of(t, f[CRITERION]);
    if (title != NULL)
        fprintf(t->to, "  (%s)\n", title);
}

/* cohort,id,criterion,status,person,agency,event,date,record,bits,note */
static void
tell_evidence(teller *t, const kith_str *f)
{
    if (!is(f[0], t->cohort) || !is(f[1], t->id))
        return;
    tell_criterion(t, f);
    if (f[5].len == 0) {
        fprintf(t->to, "  %.*s\n", STR(f[10]));
        return;
    }
    fprintf(t->to, "  %.*s", STR(f[6]));
    if (f[7].len > 0)
        fprintf(t->to, " on %.*s", STR(f[7]));
    fprintf(t->to, ", sent by %.*s", STR(f[5]));
    if (f[4].len > 0)
        fprintf(t->to, ", about person %.*s", STR(f[4]));
    if (f[8].len > 0)
        fprintf(t->to, " (record %.*s:%.*s)", STR(f[5]), STR(f[8]));
    if (f[9].len > 0)
        fprintf(t->to, ", tied to its person by %.*s bits", STR(f[9]));
    if (f[10].len > 0)
        fprintf(t->to, "; %.*s", STR(f[10]));
    fprintf(t->to, "\n");
}

static kith_status
each_line(teller *t, const char *results, const char *name,
          const char *const *columns, line_fn fn, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_csv *csv = NULL;
    kith_csv_batch b = {0};
    char *path = NULL;
    uint32_t at[MAX_COLUMNS];
    size_t n = 0;
    const kith_csv_params params = kith_csv_params_default();
    KITH_TRY(kith_path_join(&path, results, name, err));
    KITH_TRY(kith_csv_open(&csv, path, &params, err));
    for (; n < MAX_COLUMNS && columns[n] != NULL; n++)
        KITH_TRY(kith_csv_column(csv, columns[n], &at[n], err));
    for (;;) {
        KITH_TRY(kith_csv_next_whole(csv, &b, err));
        if (b.n_rows == 0)
            break;
        for (size_t r = 0; r < b.n_rows; r++) {
            kith_str f[MAX_COLUMNS] = {0};
            for (size_t i = 0; i < n; i++)
                f[i] = b.fields[r * b.n_columns + at[i]];
            fn(t, f);
        }
    }
done:
    kith_csv_batch_done(&b);
    kith_csv_close(csv);
    kith_free(path);
    return status;
}

kith_status
kith_explain_flag(FILE *to, const char *results, const char *cohort,
                  const char *unit_id, kith_error *err)
{
    static const char *const flag_columns[] = {
        "cohort", "version", "unit", "id", "status", "tier", "since", NULL};
    static const char *const evidence_columns[] = {
        "cohort", "id",   "criterion", "status", "person", "agency",
        "event",  "date", "record",    "bits",   "note"};
    kith_status status = KITH_OK;
    static const char *const title_columns[] = {"cohort", "criterion", "title",
                                                NULL};
    teller t = {.to = to, .cohort = cohort, .id = unit_id};
    KITH_TRY(
        each_line(&t, results, "cohorts.csv", title_columns, take_title, err));
    if (t.failed) {
        status = kith_error_memory(err, 1, 1);
        goto done;
    }
    KITH_TRY(each_line(&t, results, "flags.csv", flag_columns, tell_flag, err));
    if (!t.found) {
        status = kith_error_set(err, KITH_ERR_USAGE,
                                "%s has no flag in cohort %s", unit_id, cohort);
        kith_error_hint(err, "flags.csv lists the cohorts and ids; a unit "
                             "that is not in a cohort has no flag");
        goto done;
    }
    KITH_TRY(each_line(&t, results, "evidence.csv", evidence_columns,
                       tell_evidence, err));
    fprintf(to, "\nWhy a record belongs to a person: kith explain with two "
                "records, as agency:record.\n");
done:
    kith_dict_done(&t.names);
    kith_dict_done(&t.titles);
    return status;
}
