#include "config/spec.h"

#include "base/alloc.h"
#include "config/words.h"
#include "io/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The rarity table: field,name,per_million, such as a census office's counts
 * of names. Every row must be right: a table is made once, and with care. */

typedef struct reader {
    kith_spec *spec;
    const char *path;
    kith_error *err;
    uint32_t columns[3];
    size_t cap;
} reader;

enum { FIELD, NAME, PER_MILLION };

static const char *const column_names[] = {"field", "name", "per_million"};

static int
by_name(const void *a, const void *b)
{
    const kith_name_rate *x = a;
    const kith_name_rate *y = b;
    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    return strcmp(x->name, y->name);
}

static bool
read_rate(kith_str text, float *out)
{
    char number[40];
    char *end = NULL;
    if (text.len == 0 || text.len >= sizeof number)
        return false;
    memcpy(number, text.data, text.len);
    number[text.len] = '\0';
    *out = strtof(number, &end);
    return *end == '\0' && isfinite(*out) && *out > 0 && *out <= 1e6F;
}

static kith_status
fail_row(const reader *r, uint64_t line, const char *column, const char *want)
{
    return kith_error_set(r->err, KITH_ERR_CONFIG, "%s:%llu: column \"%s\": %s",
                          r->path, (unsigned long long)line, column, want);
}

static kith_status
take_row(reader *r, const kith_str *row, uint64_t line)
{
    kith_status status = KITH_OK;
    kith_spec *spec = r->spec;
    const kith_str field = row[r->columns[FIELD]];
    const kith_str name = row[r->columns[NAME]];
    KITH_TRY(KITH_GROW(&spec->rates, &r->cap, spec->n_rates + 1, r->err));
    kith_name_rate *rate = &spec->rates[spec->n_rates];
    *rate = (kith_name_rate){.field = KITH_FIELD_EITHER};
    for (uint8_t i = 0; i < spec->n_fields; i++)
        if (spec->fields[i].kind == KITH_FIELD_NAME &&
            kith_str_equal(field, spec->fields[i].name))
            rate->field = i;
    if (rate->field == KITH_FIELD_EITHER)
        KITH_TRY(fail_row(r, line, "field", "not a field of kind name"));
    if (!kith_fold_name(rate->name, name.data, name.len))
        KITH_TRY(fail_row(r, line, "name", "not a name in letters A to Z"));
    if (!read_rate(row[r->columns[PER_MILLION]], &rate->per_million))
        KITH_TRY(fail_row(r, line, "per_million",
                          "not a number above 0 and up to a million"));
    spec->n_rates++;
done:
    return status;
}

static kith_status
take_batch(reader *r, const kith_csv_batch *batch)
{
    for (size_t i = 0; i < batch->n_rows; i++) {
        const kith_status status =
            take_row(r, batch->fields + i * batch->n_columns, batch->lines[i]);
        if (status != KITH_OK)
            return status;
    }
    return KITH_OK;
}

static kith_status
read_table(reader *r)
{
    kith_status status = KITH_OK;
    const kith_csv_params params = kith_csv_params_default();
    kith_csv *csv = NULL;
    kith_csv_batch batch = {0};
    KITH_TRY(kith_csv_open(&csv, r->path, &params, r->err));
    for (size_t c = 0; c < 3; c++)
        KITH_TRY(kith_csv_column(csv, column_names[c], &r->columns[c], r->err));
    do {
        KITH_TRY(kith_csv_next_whole(csv, &batch, r->err));
        KITH_TRY(take_batch(r, &batch));
    } while (batch.n_rows > 0);
done:
    /* A table that cannot be read is a mistake in the config. */
    if (status == KITH_ERR_IO || status == KITH_ERR_DATA) {
        status = KITH_ERR_CONFIG;
        if (r->err != NULL)
            r->err->status = status;
    }
    kith_csv_batch_done(&batch);
    kith_csv_close(csv);
    return status;
}

kith_status
kith_spec_fill_rates(kith_spec_build *b)
{
    kith_status status = KITH_OK;
    kith_spec *spec = b->spec;
    char *path = NULL;
    const kith_spec_layer *layer = kith_spec_said(b->source, "rarity/table");
    if (layer == NULL)
        return KITH_OK;
    KITH_TRY(kith_path_beside(&path, kith_yaml_name(layer->yaml),
                              layer->raw->rarity.table, b->err));
    if (access(path, R_OK) != 0)
        KITH_TRY(kith_spec_fail(b, layer,
                                kith_yaml_at(layer->yaml, "rarity/table"),
                                "no such file: %s", path));
    reader r = {.spec = spec, .path = path, .err = b->err};
    KITH_TRY(read_table(&r));
    if (spec->n_rates == 0)
        KITH_TRY(kith_error_set(b->err, KITH_ERR_CONFIG, "%s: no rows", path));
    qsort(spec->rates, spec->n_rates, sizeof *spec->rates, by_name);
    for (uint32_t i = 1; i < spec->n_rates; i++)
        if (by_name(&spec->rates[i - 1], &spec->rates[i]) == 0)
            KITH_TRY(kith_error_set(b->err, KITH_ERR_CONFIG,
                                    "%s: name \"%s\" twice for one field", path,
                                    spec->rates[i].name));
done:
    kith_free(path);
    return status;
}
