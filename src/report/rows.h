/**
 * @file rows.h
 * @brief Goes through some columns of a table that kith wrote itself.
 */
#ifndef KITH_REPORT_ROWS_H
#define KITH_REPORT_ROWS_H

#include "base/buffer.h"

#include <kith/job.h>
#include <kith/status.h>

enum { KITH_REPORT_COLUMNS = 5 };

/** @param fields in the order of the columns asked for */
typedef kith_status (*kith_report_row_fn)(void *ctx, const kith_str *fields,
                                          const char *path, kith_error *err);

/** @param columns names, NULL after the last; at most KITH_REPORT_COLUMNS */
KITH_NODISCARD kith_status kith_report_rows(const char *path,
                                            const char *const *columns,
                                            kith_report_row_fn fn, void *ctx,
                                            kith_job *job, kith_error *err);

#endif
