#include "io/csv.h"

#include "base/alloc.h"
#include "base/nearest.h"
#include "io/csv_step.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    /* A batch ends early past these, so that odd files stay in memory. */
    BATCH_TEXT_BYTES = 8 * 1024 * 1024,
    BATCH_FIELDS = 2 * 1024 * 1024,
    /* More than any extract has; bounds the search for equal names. */
    MOST_COLUMNS = 4096,
    /* Enough to tell what a file is. */
    MARK_BYTES = 4
};

kith_csv_params
kith_csv_params_default(void)
{
    return (kith_csv_params){
        .delimiter = ',', .max_field_bytes = 64 * 1024, .batch_rows = 8192};
}

/* Says what a file that begins like this is instead; NULL: may be CSV. */
static const char *
other_format(const char *text, size_t n)
{
    if (n >= 2 &&
        (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0))
        return "this is UTF-16 text; save it as UTF-8";
    if (n >= 4 && memcmp(text, "PK\3\4", 4) == 0)
        return "this is a zip archive or a spreadsheet; export it as CSV";
    return NULL;
}

/* Steps over the BOM; finds out what ends a line. */
static kith_status
look_at_start(kith_csv *csv, kith_error *err)
{
    kith_status status = KITH_OK;
    while (csv->end < MARK_BYTES && !csv->at_end)
        KITH_TRY(kith_csv_refill(csv, err));
    const char *hint = other_format(csv->window, csv->end);
    if (hint != NULL) {
        status =
            kith_error_set(err, KITH_ERR_DATA, "%s: not a CSV file", csv->path);
        kith_error_hint(err, "%s", hint);
        goto done;
    }
    if (csv->end >= 3 && memcmp(csv->window, "\xEF\xBB\xBF", 3) == 0)
        csv->start = csv->at = 3;
    if (memchr(csv->window, '\n', csv->end) == NULL &&
        memchr(csv->window, '\r', csv->end) != NULL)
        csv->newline = '\r';
done:
    return status;
}

static kith_status
refuse_header(const kith_csv *csv, kith_error *err)
{
    if (!csv->row.bad) {
        kith_error_set(err, KITH_ERR_DATA, "%s: the file is empty", csv->path);
        kith_error_hint(err, "the first line must name the columns");
        return KITH_ERR_DATA;
    }
    kith_error_set(err, KITH_ERR_DATA, "%s:%llu: column %u: %s in the header",
                   csv->path, (unsigned long long)csv->row_line,
                   (unsigned)csv->row.column,
                   kith_csv_bad_name(csv->row.reason));
    kith_error_hint(err, "is this a CSV file in UTF-8?");
    return KITH_ERR_DATA;
}

/* A name given twice would make a mapping ambiguous. Columns are told by
 * number: a file without a header has values in its first line. */
static kith_status
check_names(const kith_csv *csv, kith_error *err)
{
    for (size_t i = 0; i < csv->n_columns; i++) {
        if (csv->names[i][0] == '\0')
            continue;
        for (size_t k = 0; k < i; k++) {
            if (strcasecmp(csv->names[i], csv->names[k]) != 0)
                continue;
            kith_error_set(err, KITH_ERR_DATA,
                           "%s:%llu: columns %zu and %zu have the same name",
                           csv->path, (unsigned long long)csv->row_line, k + 1,
                           i + 1);
            kith_error_hint(err, "is the first line the header?");
            return KITH_ERR_DATA;
        }
    }
    return KITH_OK;
}

static kith_status
list_names(kith_csv *csv, kith_error *err)
{
    kith_status status = KITH_OK;
    if (csv->n_columns > MOST_COLUMNS)
        return kith_error_set(err, KITH_ERR_DATA,
                              "%s:%llu: more than %d columns", csv->path,
                              (unsigned long long)csv->row_line, MOST_COLUMNS);
    KITH_TRY(KITH_ALLOC(&csv->names, csv->n_columns, err));
    const char *name = csv->header.data;
    for (size_t i = 0; i < csv->n_columns; i++) {
        csv->names[i] = name;
        name += strlen(name) + 1;
    }
done:
    return status;
}

static kith_status
read_header(kith_csv *csv, kith_error *err)
{
    kith_status status = KITH_OK;
    csv->err = err;
    KITH_TRY(look_at_start(csv, err));
    while (csv->n_columns == 0 && !csv->row.bad && !kith_csv_finished(csv))
        KITH_TRY(kith_csv_step(csv, err));
    KITH_TRY(csv->status);
    if (csv->n_columns == 0 || csv->row.bad) {
        status = refuse_header(csv, err);
        goto done;
    }
    KITH_TRY(list_names(csv, err));
    KITH_TRY(check_names(csv, err));
done:
    csv->err = NULL;
    return status;
}

kith_status
kith_csv_open(kith_csv **out, const char *path, const kith_csv_params *params,
              kith_error *err)
{
    kith_status status = KITH_OK;
    kith_csv *csv = NULL;
    *out = NULL;
    KITH_TRY(KITH_ALLOC(&csv, 1, err));
    csv->params = *params;
    csv->path = kith_strdup(path);
    if (csv->path == NULL) {
        status = kith_error_memory(err, strlen(path), 1);
        goto done;
    }
    KITH_TRY(kith_in_open(&csv->in, path, err));
    KITH_TRY(kith_csv_begin(csv, err));
    KITH_TRY(read_header(csv, err));
    *out = csv;
    csv = NULL;
done:
    kith_csv_close(csv);
    return status;
}

void
kith_csv_close(kith_csv *csv)
{
    if (csv == NULL)
        return;
    kith_in_close(csv->in);
    kith_csv_forget(csv);
    kith_buffer_done(&csv->header);
    kith_free(csv->names);
    if (csv->window != NULL) /* people's own words */
        OPENSSL_cleanse(csv->window, csv->window_bytes);
    kith_free(csv->window);
    kith_free(csv->path);
    kith_free(csv);
}

size_t
kith_csv_columns(const kith_csv *csv)
{
    return csv->n_columns;
}

bool
kith_csv_find(const kith_csv *csv, const char *name, uint32_t *column)
{
    for (size_t i = 0; i < csv->n_columns; i++) {
        if (strcasecmp(csv->names[i], name) == 0) {
            *column = (uint32_t)i;
            return true;
        }
    }
    return false;
}

/* A header in one piece has its delimiter inside. */
static bool
hint_delimiter(const kith_csv *csv, kith_error *err)
{
    static const struct {
        char delimiter;
        const char *word;
    } known[] = {{';', ";"}, {'\t', "tab"}, {'|', "|"}, {',', ","}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (csv->n_columns > 1 ||
            strchr(csv->names[0], known[i].delimiter) == NULL)
            continue;
        kith_error_hint(err,
                        "the header is one column with \"%s\" in it: say "
                        "`delimiter: \"%s\"` in the mapping, for all its files "
                        "or for this one",
                        known[i].word, known[i].word);
        return true;
    }
    return false;
}

kith_status
kith_csv_column(const kith_csv *csv, const char *name, uint32_t *column,
                kith_error *err)
{
    if (kith_csv_find(csv, name, column))
        return KITH_OK;
    kith_error_set(err, KITH_ERR_DATA, "%s: no column \"%s\" in the header",
                   csv->path, name);
    const char *near = kith_nearest(name, csv->names, csv->n_columns);
    if (!hint_delimiter(csv, err) && near != NULL)
        kith_error_hint(err, "did you mean \"%s\"?", near);
    return KITH_ERR_DATA;
}

static bool
is_full(const kith_csv *csv, const kith_csv_batch *b)
{
    return b->n_rows >= csv->params.batch_rows ||
           b->n_problems >= csv->params.batch_rows ||
           b->text.len >= BATCH_TEXT_BYTES ||
           b->n_rows * b->n_columns >= BATCH_FIELDS;
}

kith_status
kith_csv_next(kith_csv *csv, kith_csv_batch *batch, kith_error *err)
{
    kith_status status = KITH_OK;
    csv->batch = batch;
    kith_csv_batch_clear(batch, csv->n_columns);
    while (!is_full(csv, batch) && !kith_csv_finished(csv))
        KITH_TRY(kith_csv_step(csv, err));
    kith_csv_batch_finish(batch);
done:
    return status;
}

kith_status
kith_csv_next_whole(kith_csv *csv, kith_csv_batch *batch, kith_error *err)
{
    const kith_status status = kith_csv_next(csv, batch, err);
    if (status != KITH_OK || batch->n_problems == 0)
        return status;
    const kith_csv_problem *bad = &batch->problems[0];
    return kith_error_set(err, KITH_ERR_DATA, "%s:%llu: %s", csv->path,
                          (unsigned long long)bad->line,
                          kith_csv_bad_name(bad->reason));
}

uint64_t
kith_csv_consumed(const kith_csv *csv)
{
    return kith_in_consumed(csv->in);
}

uint64_t
kith_csv_size(const kith_csv *csv)
{
    return kith_in_size(csv->in);
}

void
kith_csv_record(kith_csv *csv, kith_job *job)
{
    kith_in_record(csv->in, job);
}
