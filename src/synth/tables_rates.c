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

kith_status
kith_tables_load_rates(kith_table_load *load, kith_error *err)
{
    static const char *const needs[] = {"need", "rate", NULL};
    const char *columns[KITH_ERRORS + 2] = {"agency"};
    for (unsigned k = 0; k < KITH_ERRORS; k++)
        columns[k + 1] = kith_error_kind_name((kith_error_kind)k);
    kith_status status = KITH_OK;
    KITH_TRY(kith_table_read(load->folders, "agency_errors.csv", columns,
                             agency_errors, load, err));
    KITH_TRY(
        kith_table_read(load->folders, "needs.csv", needs, need, load, err));
done:
    return status;
}
