/* One flag's chain of evidence in plain English. */
#include <kith/explain.h>

#include "base/alloc.h"
#include "base/table.h"
#include "criteria/retell.h"
#include "criteria/unit_meant.h"
#include "io/csv.h"
#include "io/out.h"

#include <ctype.h>
#include <kith/nearest.h>
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
    kith_dict cohorts;   /* all that were decided */
    char unit[16];       /* of the cohort: person, family, household */
    char version[64];
    uint32_t n_met, n_unknown, n_criteria;
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

/* cohort,criterion,title,unit,version */
static void
take_title(teller *t, const kith_str *f)
{
    uint32_t at = 0;
    kith_buffer b = {0};
    t->failed =
        t->failed || kith_dict_add(&t->cohorts, f[0], &at, NULL) != KITH_OK;
    if (!is(f[0], t->cohort))
        return;
    (void)snprintf(t->unit, sizeof t->unit, "%.*s", STR(f[3]));
    (void)snprintf(t->version, sizeof t->version, "%.*s", STR(f[4]));
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

/* cohort,id,criterion,status: how many criteria went which way */
static void
count_criterion(teller *t, const kith_str *f)
{
    if (!is(f[0], t->cohort) || !is(f[1], t->id) ||
        kith_str_equal(f[CRITERION], t->criterion) || is(f[CRITERION], "flag"))
        return;
    (void)snprintf(t->criterion, sizeof t->criterion, "%.*s",
                   STR(f[CRITERION]));
    t->n_criteria++;
    t->n_met += is(f[3], "yes") != 0;
    t->n_unknown += is(f[3], "unknown") != 0;
}

/* How many criteria were met, and how many nobody can know. */
static void
tell_counts(teller *t)
{
    if (t->n_criteria == 0)
        return;
    fprintf(t->to, "It meets %u of %u %s", t->n_met, t->n_criteria,
            t->n_criteria == 1 ? "criterion" : "criteria");
    if (t->n_unknown > 0)
        fprintf(t->to, "; of %u a missing extract would have to tell",
                t->n_unknown);
    fprintf(t->to, ".\n");
}

/* cohort,version,unit,id,status,tier,since */
static void
tell_flag(teller *t, const kith_str *f)
{
    if (!is(f[0], t->cohort) || !is(f[3], t->id))
        return;
    t->found = true;
    const char *title = title_of(t, kith_str_of(""));
    fprintf(t->to, "%c%.*s %s ", toupper((unsigned char)f[2].data[0]),
            (int)f[2].len - 1, f[2].data + 1, t->id);
    fprintf(t->to, "%s",
            is(f[4], "yes")    ? "is in the cohort"
            : is(f[4], "near") ? "is near the cohort, and not in it:"
                               : "may or may not be in the cohort:");
    fprintf(t->to, " %s (%s, version %.*s", title != NULL ? title : t->cohort,
            t->cohort, STR(f[1]));
    if (f[5].len > 0)
        fprintf(t->to, ", tier %.*s", STR(f[5]));
    fprintf(t->to, "), since %.*s.\n", STR(f[6]));
    tell_counts(t);
}

/* cohort,id,stricter_by,after */
static void
tell_move(teller *t, const kith_str *f)
{
    if (is(f[0], t->cohort) && is(f[1], t->id))
        fprintf(t->to,
                "\nIt hangs on weak links: without those within %.*s bits of "
                "the weakest in use it would be \"%.*s\".\n",
                STR(f[2]), STR(f[3]));
}

static void
tell_criterion(teller *t, const kith_str *f)
{
    if (is(f[CRITERION], "flag")) {
        fputc('\n', t->to);
        return;
    }
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
                             : "unknown");
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

static kith_status
each(teller *t, const char *results, int which, kith_error *err)
{
    static const struct {
        const char *file;
        line_fn fn;
        const char *columns[MAX_COLUMNS + 1];
    } tables[] = {
        {"cohorts.csv",
         take_title,
         {"cohort", "criterion", "title", "unit", "version", NULL}},
        {"evidence.csv",
         count_criterion,
         {"cohort", "id", "criterion", "status", NULL}},
        {"flags.csv",
         tell_flag,
         {"cohort", "version", "unit", "id", "status", "tier", "since", NULL}},
        {"evidence.csv",
         tell_evidence,
         {"cohort", "id", "criterion", "status", "person", "agency", "event",
          "date", "record", "bits", "note", NULL}},
        {"moves.csv",
         tell_move,
         {"cohort", "id", "stricter_by", "after", NULL}},
    };
    kith_status status =
        each_line(t, results, tables[which].file, tables[which].columns,
                  tables[which].fn, err);
    if (status == KITH_OK && t->failed)
        status = kith_error_memory(err, 1, 1);
    return status;
}

static kith_status
refuse_cohort(const teller *t, kith_error *err)
{
    kith_status status = KITH_OK;
    const char **names = NULL;
    KITH_TRY(KITH_ALLOC(&names, (size_t)t->cohorts.n + 1, err));
    for (uint32_t i = 0; i < t->cohorts.n; i++)
        names[i] = kith_dict_at(&t->cohorts, i);
    const char *nearest = kith_nearest(t->cohort, names, t->cohorts.n);
    status = kith_error_set(err, KITH_ERR_USAGE,
                            "no cohort %s was decided in this run", t->cohort);
    if (nearest != NULL)
        kith_error_hint(err, "did you mean %s?", nearest);
    else
        kith_error_hint(err, "cohorts.csv lists those that were");
done:
    kith_free(names);
    return status;
}

/* Each line of evidence that was just made; a note never holds a comma. */
static void
each_made(teller *t, const kith_buffer *made, line_fn fn)
{
    const char *at = made->data;
    const char *const end = made->data + made->len;
    while (at < end) {
        kith_str f[MAX_COLUMNS] = {0};
        for (size_t i = 0; i < MAX_COLUMNS; i++) {
            f[i].data = at;
            while (at < end && *at != '\n' && *at != ',')
                at++;
            f[i].len = (size_t)(at - f[i].data);
            at += at < end && *at == ',';
        }
        at += at < end;
        fn(t, f);
    }
}

/* Why the payload says no. */
static void
tell_why_not(teller *t, const kith_retold *r)
{
    if (r->gone) {
        fprintf(t->to, "%s by the reference date: the dead are in no cohort.\n",
                strcmp(t->unit, "person") == 0 ? "It died"
                                               : "All in it had died");
        return;
    }
    if (r->left_out) {
        fputs("Its `include` and `exclude` leave it out: the cohort is not "
              "about it.\n",
              t->to);
    } else {
        fputs("The cohort is about it, and even with every missing extract it "
              "would not meet\nenough of its criteria. ",
              t->to);
        each_made(t, &r->text, count_criterion);
        t->criterion[0] = '\0';
        tell_counts(t);
    }
    each_made(t, &r->text, tell_evidence);
}

/* The same from the results alone: who is in the population says whether a
 * unit was left out or did not meet enough. */
static void
tell_what_was_asked(teller *t, bool meant)
{
    if (!meant) {
        fputs("Its `include` and `exclude` leave it out: the cohort is not "
              "about it.\n",
              t->to);
        return;
    }
    fputs("The cohort is about it, and even with every missing extract it "
          "would not meet\nenough of:\n",
          t->to);
    for (uint32_t i = 0; i < t->names.n; i++) {
        const char *name = kith_dict_at(&t->names, i);
        const char *what = title_of(t, kith_str_of(name));
        if (name[0] != '\0')
            fprintf(t->to, "  %s%s%s\n", name, what != NULL ? ": " : "",
                    what != NULL ? what : "");
    }
}

/* Units without a flag have no evidence: it is made again. */
static kith_status
tell_unflagged(teller *t, const kith_explain_flag_params *params, kith_job *job,
               kith_error *err)
{
    kith_status status = KITH_OK;
    bool meant = false;
    kith_retold retold = {0};
    KITH_TRY(kith_unit_is_meant(&meant, params->results, t->cohort, t->unit,
                                t->id, err));
    const kith_retell_params again = {params->results, params->payload,
                                      params->cohort, params->unit};
    if (params->payload != NULL)
        KITH_TRY(kith_retell(&retold, &again, job, err));
    const char *title = title_of(t, kith_str_of(""));
    fprintf(t->to, "%c%s %s is not in the cohort: %s (%s, version %s).\n",
            toupper((unsigned char)t->unit[0]), t->unit + 1, t->id,
            title != NULL ? title : t->cohort, t->cohort, t->version);
    if (retold.there)
        tell_why_not(t, &retold);
    else
        tell_what_was_asked(t, meant);
done:
    kith_retold_done(&retold);
    return status;
}

kith_status
kith_explain_flag(FILE *to, const kith_explain_flag_params *params,
                  kith_job *job, kith_error *err)
{
    enum { TITLES, COUNTS, FLAG, EVIDENCE, MOVES };
    kith_status status = KITH_OK;
    const char *results = params->results;
    teller t = {.to = to, .cohort = params->cohort, .id = params->unit};
    KITH_TRY(each(&t, results, TITLES, err));
    if (t.unit[0] == '\0')
        KITH_TRY(refuse_cohort(&t, err));
    KITH_TRY(each(&t, results, COUNTS, err));
    t.criterion[0] = '\0';
    KITH_TRY(each(&t, results, FLAG, err));
    if (!t.found) {
        KITH_TRY(tell_unflagged(&t, params, job, err));
        goto done;
    }
    KITH_TRY(each(&t, results, EVIDENCE, err));
    KITH_TRY(each(&t, results, MOVES, err));
    fprintf(to, "\nWhy a record belongs to a person: kith explain with two "
                "records, as agency:record.\n");
done:
    kith_dict_done(&t.names);
    kith_dict_done(&t.titles);
    kith_dict_done(&t.cohorts);
    return status;
}
