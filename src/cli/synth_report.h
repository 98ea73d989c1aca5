/**
 * @file synth_report.h
 * @brief What a made-up population is like, for a person to read: rates wanted
 *        and got, agencies, and how hard its errors are for exact matching and
 *        for kith.
 */
#ifndef KITH_CLI_SYNTH_REPORT_H
#define KITH_CLI_SYNTH_REPORT_H

#include <kith/evaluate.h>
#include <kith/job.h>
#include <kith/synth.h>
#include <stdio.h>

/** Residents of the sample that is linked: seconds, and enough pairs of every
 *  kind of error. */
enum { KITH_SYNTH_SAMPLE = 10000 };

/**
 * Makes a population of that size with the same parameters in <out>/report,
 * links it with keys of its own, and judges the links by its truth. The keys
 * are drawn afresh, so that the figures may differ in the last digits.
 */
KITH_NODISCARD kith_status
kith_synth_link_sample(kith_evaluation *out, const kith_synth_params *params,
                       kith_job *job, kith_error *err);

/** @param folder where the population is; its truth/fidelity.csv is read */
KITH_NODISCARD kith_status kith_synth_print_report(FILE *to, const char *folder,
                                                   const kith_evaluation *e,
                                                   kith_error *err);

#endif
