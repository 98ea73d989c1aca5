/**
 * @file blocking_report.h
 * @brief blocking.csv as a person reads it: a table of the passes, what all
 *        of them miss, and what a further pass would find.
 */
#ifndef KITH_CLI_BLOCKING_REPORT_H
#define KITH_CLI_BLOCKING_REPORT_H

#include <kith/spec.h>
#include <kith/status.h>
#include <stdio.h>

/** @p path is the blocking.csv that the stage wrote for this spec. */
KITH_NODISCARD kith_status kith_blocking_report(FILE *to, const char *path,
                                                const kith_spec *spec,
                                                kith_error *err);

#endif
