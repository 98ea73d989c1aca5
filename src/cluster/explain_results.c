#include "cluster/explain.h"
#include "io/csv.h"

#include <string.h>

/* What one CSV of the results is asked, row by row; *stop ends it. */
typedef kith_status (*line_fn)(void *ctx, const kith_str *fields, bool *stop);

static kith_status
each_line(const char *folder, const char *name, size_t n_columns, line_fn fn,
          void *ctx, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_csv *csv = NULL;
    kith_csv_batch batch = {0};
    kith_buffer path = {0};
    bool stop = false;
    const kith_csv_params params = kith_csv_params_default();
    KITH_TRY(kith_buffer_printf(&path, err, "%s/%s", folder, name));
    KITH_TRY(kith_csv_open(&csv, path.data, &params, err));
    if (kith_csv_columns(csv) < n_columns)
        KITH_TRY(kith_error_set(err, KITH_ERR_DATA,
                                "%s: fewer than %zu columns", path.data,
                                n_columns));
    while (!stop) {
        KITH_TRY(kith_csv_next_whole(csv, &batch, err));
        if (batch.n_rows == 0)
            break;
        for (size_t i = 0; i < batch.n_rows && !stop; i++)
            KITH_TRY(fn(ctx, batch.fields + i * batch.n_columns, &stop));
    }
done:
    kith_csv_batch_done(&batch);
    kith_csv_close(csv);
    kith_buffer_done(&path);
    return status;
}

typedef struct question {
    FILE *to;
    const kith_refs *refs;
    const kith_explained *records;
    bool found;
    char person[2][40]; /* persons.csv: of each record, "" unknown */
} question;

static bool
is_record(const question *q, unsigned i, const kith_str *fields)
{
    const kith_explained *r = &q->records[i];
    return kith_str_equal(fields[0], q->refs->agencies[r->agency].name) &&
           kith_str_equal(fields[1], r->hex);
}

static bool
is_pair(const question *q, const kith_str *fields)
{
    return (is_record(q, 0, fields) && is_record(q, 1, fields + 2)) ||
           (is_record(q, 1, fields) && is_record(q, 0, fields + 2));
}

static void
write_rule(const question *q, kith_str rule, const char *what)
{
    if (rule.len > 0)
        fprintf(q->to, "Rule %.*s %s the pair.\n", (int)rule.len, rule.data,
                what);
}

/* links.csv: ..., bits, pass, states, rarity_bits, identifier_bits, rule */
static kith_status
link_line(void *ctx, const kith_str *fields, bool *stop)
{
    question *q = ctx;
    if (!is_pair(q, fields))
        return KITH_OK;
    q->found = *stop = true;
    fprintf(q->to,
            "Linked: %.*s bits by pass %.*s, of which %.*s for how rare the "
            "names are and %.*s for identifiers.\n",
            (int)fields[4].len, fields[4].data, (int)fields[5].len,
            fields[5].data, (int)fields[7].len, fields[7].data,
            (int)fields[8].len, fields[8].data);
    write_rule(q, fields[9], "accepts");
    return KITH_OK;
}

/* refused.csv: the same, then reason */
static kith_status
refused_line(void *ctx, const kith_str *fields, bool *stop)
{
    question *q = ctx;
    if (!is_pair(q, fields))
        return KITH_OK;
    q->found = *stop = true;
    fprintf(q->to,
            "Refused: %.*s bits by pass %.*s would have linked them, but: "
            "%.*s.\n",
            (int)fields[4].len, fields[4].data, (int)fields[5].len,
            fields[5].data, (int)fields[10].len, fields[10].data);
    write_rule(q, fields[9], "decides");
    return KITH_OK;
}

/* persons.csv: person, agency, record */
static kith_status
person_line(void *ctx, const kith_str *fields, bool *stop)
{
    question *q = ctx;
    for (unsigned i = 0; i < 2; i++)
        if (is_record(q, i, fields + 1))
            snprintf(q->person[i], sizeof q->person[i], "%.*s",
                     (int)fields[0].len, fields[0].data);
    *stop = q->person[0][0] != '\0' && q->person[1][0] != '\0';
    return KITH_OK;
}

kith_status
kith_explain_results(FILE *to, const char *results, const kith_refs *refs,
                     const kith_explained records[2], kith_error *err)
{
    kith_status status = KITH_OK;
    question q = {.to = to, .refs = refs, .records = records};
    KITH_TRY(each_line(results, "links.csv", 10, link_line, &q, err));
    if (!q.found)
        KITH_TRY(each_line(results, "refused.csv", 11, refused_line, &q, err));
    if (!q.found)
        fprintf(to, "No pass links the two directly.\n");
    KITH_TRY(each_line(results, "persons.csv", 3, person_line, &q, err));
    if (q.person[0][0] == '\0' || q.person[1][0] == '\0')
        fprintf(to, "persons.csv does not list both records.\n");
    else if (strcmp(q.person[0], q.person[1]) == 0)
        fprintf(to, "Both are person %s.\n", q.person[0]);
    else
        fprintf(to, "They are two persons, %s and %s.\n", q.person[0],
                q.person[1]);
done:
    return status;
}
