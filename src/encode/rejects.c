#include "encode/rejects.h"

#include <inttypes.h>
#include <stdio.h>

kith_status
kith_rejects_open(kith_rejects *r, const char *path, uint64_t max,
                  kith_error *err)
{
    kith_status status = KITH_OK;
    *r = (kith_rejects){.max = max};
    KITH_TRY(kith_out_open(&r->out, path, false, err));
    KITH_TRY(kith_out_printf(r->out, err, "file,row,line,column,reason\n"));
done:
    return status;
}

kith_status
kith_rejects_value(kith_rejects *r, uint64_t row, uint64_t line,
                   uint32_t column, const char *reason, kith_error *err)
{
    kith_status status = KITH_OK;
    char number[16] = "";
    if (column > 0)
        snprintf(number, sizeof number, "%" PRIu32, column);
    KITH_TRY(kith_out_csv(r->out, kith_str_of(r->file), ',', err));
    KITH_TRY(kith_out_printf(r->out, err, "%" PRIu64 ",%" PRIu64 ",%s,%s\n",
                             row, line, number, reason));
done:
    return status;
}

kith_status
kith_rejects_add(kith_rejects *r, uint64_t row, uint64_t line, uint32_t column,
                 const char *reason, kith_error *err)
{
    if (r->n++ == r->max)
        snprintf(r->last, sizeof r->last, "%s:%" PRIu64, r->file, line);
    return kith_rejects_value(r, row, line, column, reason, err);
}

kith_status
kith_rejects_batch(kith_rejects *r, const kith_csv_batch *batch,
                   kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < batch->n_problems; i++) {
        const kith_csv_problem *p = &batch->problems[i];
        r->csv[p->reason]++;
        KITH_TRY(kith_rejects_add(r, p->row, p->line, p->column,
                                  kith_csv_bad_name(p->reason), err));
    }
done:
    return status;
}

kith_status
kith_rejects_check(const kith_rejects *r, kith_error *err)
{
    if (r->n <= r->max)
        return KITH_OK;
    kith_error_set(err, KITH_ERR_REJECTS,
                   "%s: one bad row more than the %" PRIu64 " allowed", r->last,
                   r->max);
    kith_error_hint(err, "rejects.csv says which and why: check delimiter and "
                         "columns in the mapping, or allow more with "
                         "--max-bad-rows");
    return KITH_ERR_REJECTS;
}

kith_status
kith_rejects_commit(kith_rejects *r, kith_job *job, kith_error *err)
{
    kith_out *out = r->out;
    r->out = NULL;
    return kith_out_commit(out, job, err);
}

void
kith_rejects_abort(kith_rejects *r)
{
    kith_out_abort(r->out);
    r->out = NULL;
}
