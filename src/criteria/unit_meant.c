#include "criteria/unit_meant.h"

#include "base/alloc.h"
#include "criteria/eval.h"
#include "criteria/level.h"
#include "io/csv.h"
#include "io/out.h"
#include "io/rowfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A unit in its table: whose lines follow each other, so that the number of a
 * unit is how many others came before. */
typedef struct seeker {
    const char *id;
    char last[64];
    uint32_t number; /* of `last` */
    bool any;
    bool found;
    kith_buffer units; /* of the person, when that is what is sought */
} seeker;

static const char *const files[] = {
    [KITH_LEVEL_PERSON] = "persons.csv",
    [KITH_LEVEL_FAMILY] = "families.csv",
    [KITH_LEVEL_HOUSEHOLD] = "households.csv",
};

/* fields: the unit; the person, in tables that have one beside it */
static kith_status
seek(seeker *s, kith_str unit, kith_str person, kith_error *err)
{
    if (!s->found && !kith_str_equal(unit, s->last)) {
        s->number += s->any;
        s->any = true;
        (void)snprintf(s->last, sizeof s->last, "%.*s", (int)unit.len,
                       unit.data);
        s->found = kith_str_equal(unit, s->id) != 0;
    }
    if (!kith_str_equal(person, s->id))
        return KITH_OK;
    return kith_buffer_printf(&s->units, err, " %.*s", (int)unit.len,
                              unit.data);
}

static kith_status
seek_in(seeker *s, const char *results, kith_level level, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_csv *csv = NULL;
    kith_csv_batch b = {0};
    char *path = NULL;
    uint32_t unit = 0;
    uint32_t person = 0;
    const kith_csv_params params = kith_csv_params_default();
    KITH_TRY(kith_path_join(&path, results, files[level], err));
    KITH_TRY(kith_csv_open(&csv, path, &params, err));
    KITH_TRY(kith_csv_column(csv, kith_level_unit(level), &unit, err));
    KITH_TRY(kith_csv_column(csv, "person", &person, err));
    for (;;) {
        KITH_TRY(kith_csv_next_whole(csv, &b, err));
        if (b.n_rows == 0)
            break;
        for (size_t r = 0; r < b.n_rows; r++) {
            const kith_str *f = b.fields + r * b.n_columns;
            KITH_TRY(
                seek(s, f[unit],
                     level == KITH_LEVEL_PERSON ? (kith_str){"", 0} : f[person],
                     err));
        }
    }
done:
    kith_csv_batch_done(&b);
    kith_csv_close(csv);
    kith_free(path);
    return status;
}

/* Not a unit of the cohort's kind: perhaps of another. */
static kith_status
refuse(const seeker *s, const char *results, kith_level level, kith_error *err)
{
    kith_status status = KITH_OK;
    seeker other = {.id = s->id};
    kith_level kind = KITH_LEVEL_PERSON;
    for (; kind <= KITH_LEVEL_HOUSEHOLD; kind++) {
        kith_buffer_clear(&other.units);
        if (kind != level)
            KITH_TRY(seek_in(&other, results, kind, err));
        if (other.found)
            break;
    }
    if (!other.found) {
        status = kith_error_set(err, KITH_ERR_USAGE,
                                "no person, family or household %s in these "
                                "results",
                                s->id);
        kith_error_hint(err, "flags.csv, persons.csv and families.csv have the "
                             "ids");
        goto done;
    }
    status = kith_error_set(err, KITH_ERR_USAGE,
                            "%s is a %s, and the cohort is about a %s", s->id,
                            kith_level_unit(kind), kith_level_unit(level));
    if (s->units.len > 0)
        kith_error_hint(err, "ask about its %s:%s", kith_level_unit(level),
                        s->units.data);
    else
        kith_error_hint(err, "%s has their ids", files[level]);
done:
    kith_buffer_done(&other.units);
    return status;
}

/* The cohort's verdicts begin after those of the cohorts before it; a line of
 * the header is name|version|unit|units. */
static kith_status
read_verdict(bool *out, const char *path, const char *cohort, uint32_t number,
             kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rows_in *in = NULL;
    uint64_t first = 0;
    size_t cursor = 0;
    uint8_t byte = 0;
    KITH_TRY(kith_rows_open(&in, path, "population", err));
    for (;;) {
        const kith_str line =
            kith_meta_next(kith_rows_meta(in), "cohort", &cursor);
        if (line.data == NULL) {
            status =
                kith_error_set(err, KITH_ERR_MISMATCH,
                               "%s: of another run than cohorts.csv", path);
            goto done;
        }
        const size_t n = strlen(cohort);
        if (line.len > n && line.data[n] == '|' &&
            memcmp(line.data, cohort, n) == 0)
            break;
        size_t units = line.len;
        while (units > 0 && line.data[units - 1] != '|')
            units--;
        first += strtoul(line.data + units, NULL, 10);
    }
    KITH_TRY(kith_rows_read(in, first + number, 1, &byte, err));
    *out = byte != KITH_VERDICT_OUT;
done:
    kith_rows_close(in);
    return status;
}

kith_status
kith_unit_is_meant(bool *out, const char *results, const char *cohort,
                   const char *unit, const char *id, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    seeker s = {.id = id};
    const kith_level level = kith_level_of(kith_str_of(unit));
    KITH_TRY(seek_in(&s, results, level, err));
    if (!s.found)
        KITH_TRY(refuse(&s, results, level, err));
    KITH_TRY(kith_path_join(&path, results, "population.rows", err));
    KITH_TRY(read_verdict(out, path, cohort, s.number, err));
done:
    kith_buffer_done(&s.units);
    kith_free(path);
    return status;
}
