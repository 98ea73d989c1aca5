/* Columns whose values are mostly none of their kind: a wrong format or column
 * in the mapping, which would otherwise only show as poor linkage. */
#include "encode/stage.h"

#include <stdio.h>
#include <string.h>

enum {
    /* Fewer bad values may be chance in a small extract. */
    LEAST_BAD = 10
};

/* Slips and partial values stay well below this in the extracts and public
 * sets looked at; a wrong format is near 1. */
static const double WARN_SHARE = 0.2;

typedef struct share {
    uint64_t values; /* not empty */
    uint64_t bad;    /* of them: none of the field's kind */
    uint64_t odd;    /* bad, or dates of which only a part can be right */
    kith_norm_reason worst;
} share;

static bool
is_bad(kith_norm_reason reason)
{
    switch (reason) {
    case KITH_NORM_UNKNOWN:
    case KITH_NORM_NOT_LATIN:
    case KITH_NORM_TOO_LONG:
    case KITH_NORM_BAD_FORMAT:
    case KITH_NORM_BAD_CHECK:
    case KITH_NORM_NOT_A_DATE:
    case KITH_NORM_FUTURE:
        return true;
    case KITH_NORM_GOOD:
    case KITH_NORM_EMPTY:
    case KITH_NORM_TOO_OLD:     /* may be a register of another century */
    case KITH_NORM_PLACEHOLDER: /* the source says that it does not know */
    case KITH_NORM_TEMPORARY:
    case KITH_NORM_JANUARY:
    case KITH_NORM_PARTIAL:
    case KITH_NORM_REASONS:
        break;
    }
    return false;
}

static share
measure(const uint64_t counts[KITH_NORM_REASONS], bool whole_date)
{
    share out = {.worst = KITH_NORM_GOOD};
    uint64_t most = 0;
    for (unsigned k = 0; k < KITH_NORM_REASONS; k++) {
        const kith_norm_reason reason = (kith_norm_reason)k;
        if (reason == KITH_NORM_EMPTY)
            continue;
        out.values += counts[k];
        /* dd/mm read as mm/dd leaves the year of most. */
        const bool partial = whole_date && reason == KITH_NORM_PARTIAL;
        if (!is_bad(reason) && !partial)
            continue;
        out.odd += counts[k];
        out.bad += partial ? 0 : counts[k];
        if (counts[k] > most) {
            most = counts[k];
            out.worst = reason;
        }
    }
    return out;
}

/* The mapping's first column of a field. */
static const char *
column_name(const kith_mapping *m, const char *field)
{
    const size_t n = strlen(field);
    for (uint32_t i = 0; i < m->persons.n_columns; i++) {
        const char *from = m->persons.columns[i].field;
        if (strncmp(from, field, n) == 0 && (from[n] == '\0' || from[n] == '.'))
            return m->persons.columns[i].column;
    }
    return field;
}

static const char *
advice(kith_field_kind kind)
{
    return kind == KITH_FIELD_DATE
               ? "is the column's `format` in the mapping right?"
               : "does the mapping give the right column?";
}

static kith_status
judge(const kith_stage *s, unsigned field, const share *found, kith_error *err)
{
    const char *name = s->spec->fields[field].name;
    const char *column = column_name(s->mapping, name);
    char counter[KITH_NAME_BYTES + 32];
    if (found->odd < LEAST_BAD)
        return KITH_OK;
    const double odd = (double)found->odd / (double)found->values;
    const double part = (double)found->bad / (double)found->values;
    if (odd <= WARN_SHARE && part <= s->params->max_null_share)
        return KITH_OK;
    kith_job_warn(s->job,
                  "%s: column \"%s\": %.0f %% of %llu values are no whole %s "
                  "(%s): "
                  "%s",
                  s->mapping->persons.file, column, 100.0 * odd,
                  (unsigned long long)found->values, name,
                  kith_norm_reason_name(found->worst),
                  advice(s->spec->fields[field].kind));
    snprintf(counter, sizeof counter, "mostly_null_%s", name);
    kith_job_count(s->job, s->mapping->agency, counter, 1);
    if (part <= s->params->max_null_share)
        return KITH_OK;
    kith_error_set(err, KITH_ERR_REJECTS,
                   "%s: column \"%s\": %.0f %% of the values are no %s, at "
                   "most %.0f %% may be",
                   s->mapping->persons.file, column, 100.0 * part, name,
                   100.0 * s->params->max_null_share);
    kith_error_hint(err, "%s", advice(s->spec->fields[field].kind));
    return KITH_ERR_REJECTS;
}

kith_status
kith_stage_null_shares(const kith_stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    for (unsigned f = 0; f < s->spec->n_fields; f++) {
        const share found = measure(
            s->counts.values[f], s->spec->fields[f].kind == KITH_FIELD_DATE &&
                                     s->extract.fields[f].n_columns > 0);
        KITH_TRY(judge(s, f, &found, err));
    }
done:
    return status;
}
