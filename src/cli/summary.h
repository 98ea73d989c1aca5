/**
 * @file summary.h
 * @brief What a command says at its end, to a person.
 *
 * Plain aligned columns of at most 100 characters. Only counts and file names:
 * never a value, and no count that the results suppress.
 */
#ifndef KITH_CLI_SUMMARY_H
#define KITH_CLI_SUMMARY_H

#include "cli/run.h"

#include <stdio.h>

/** Every counter of a stage command; nothing when quiet. */
void kith_summary_counts(FILE *to, const kith_job *job);

/** Precision, recall, F1. */
void kith_summary_evaluation(FILE *to, const kith_evaluation *evaluation);

/** The whole run; @p out is its output folder. */
KITH_NODISCARD kith_status kith_summary_run(FILE *to, const kith_run *run,
                                            const char *out, kith_error *err);

/** Rows read and rejected, by agency and reason. */
void kith_summary_agencies(FILE *to, const kith_run *run);

/** Cohort counts of the whole region, from counts.csv. */
KITH_NODISCARD kith_status kith_summary_cohorts(FILE *to, const kith_run *run,
                                                kith_error *err);

/** 1234567 as "1,234,567". */
const char *kith_summary_number(char out[32], uint64_t n);

#endif
