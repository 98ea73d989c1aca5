#include "synth/agencies.h"
#include "synth/tables_parts.h"

static kith_status
agency_errors(void *ctx, const kith_table_row *row, kith_error *err)
{
    kith_tables *t = ((kith_table_load *)ctx)->tables;
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++) {
        if (!kith_str_equal(row->fields[0], kith_agency_at(a)->name))
            continue;
        for (unsigned k = 0; k < KITH_ERRORS; k++) {
            kith_status status =
                kith_table_number(row, k + 1, 0, 1, &t->errors[a][k], err);
            if (status != KITH_OK)
                return status;
        }
        return KITH_OK;
    }
    return kith_table_wrong(row, 0, "not an agency", err);
}

static kith_status
need(void *ctx, const kith_table_row *row, kith_error *err)
{
    kith_tables *t = ((kith_table_load *)ctx)->tables;
    for (unsigned n = 0; n < KITH_NEEDS; n++)
        if (kith_str_equal(row->fields[0], kith_need_name((kith_need)n)))
            return kith_table_number(row, 1, 0, 1, &t->needs[n], err);
    return kith_table_wrong(row, 0, "not a need", err);
}

static const double NOT_SAID = -1;

static void
forget(kith_tables *t)
{
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++)
        for (unsigned k = 0; k < KITH_ERRORS; k++)
            t->errors[a][k] = NOT_SAID;
    for (unsigned n = 0; n < KITH_NEEDS; n++)
        t->needs[n] = NOT_SAID;
}

/* A rate that is not in its table is not nought. */
static kith_status
check_all_said(const kith_tables *t, kith_error *err)
{
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++)
        if (t->errors[a][0] < 0)
            return kith_error_set(err, KITH_ERR_DATA,
                                  "agency_errors.csv: no row for agency %s",
                                  kith_agency_at(a)->name);
    for (unsigned n = 0; n < KITH_NEEDS; n++)
        if (t->needs[n] < 0)
            return kith_error_set(err, KITH_ERR_DATA,
                                  "needs.csv: no row for need %s",
                                  kith_need_name((kith_need)n));
    return KITH_OK;
}

kith_status
kith_tables_load_rates(kith_table_load *load, kith_error *err)
{
    static const char *const needs[] = {"need", "rate", NULL};
    const char *columns[KITH_ERRORS + 2] = {"agency"};
    for (unsigned k = 0; k < KITH_ERRORS; k++)
        columns[k + 1] = kith_error_kind_name((kith_error_kind)k);
    kith_status status = KITH_OK;
    forget(load->tables);
    KITH_TRY(kith_table_read(load->folders, "agency_errors.csv", columns,
                             agency_errors, load, err));
    KITH_TRY(
        kith_table_read(load->folders, "needs.csv", needs, need, load, err));
    KITH_TRY(check_all_said(load->tables, err));
done:
    return status;
}
