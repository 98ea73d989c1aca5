/**
 * @file run.h
 * @brief Every stage in order, from kith.yaml to the manifest.
 */
#ifndef KITH_CLI_RUN_H
#define KITH_CLI_RUN_H

#include "cli/source.h"

#include <kith/evaluate.h>
#include <kith/job.h>
#include <kith/key.h>
#include <kith/mapping.h>
#include <kith/project.h>
#include <kith/spec.h>
#include <kith/status.h>

/** Where a run writes; all inside one folder. */
typedef struct kith_run_paths {
    char *passes, *refs, *payload, *keep, *pairs, *results;
    char *model, *persons, *links, *evaluation, *manifest;
} kith_run_paths;

KITH_NODISCARD kith_status kith_run_paths_init(kith_run_paths *paths,
                                               const char *root,
                                               kith_error *err);
void kith_run_paths_done(kith_run_paths *paths);

/** What one run holds. Zero-initialise; _done frees. */
typedef struct kith_run {
    kith_job *job; /**< borrowed */
    kith_project *project;
    kith_spec *spec;
    kith_mapping **mappings; /**< one an agency */
    kith_key *key;
    kith_opt_date reference_date;
    char run_id[128];
    kith_run_paths paths;
    kith_act_args act; /**< without a log each agency has its own */
    bool evaluated;
    kith_evaluation evaluation;
} kith_run;

/** Loads and checks everything that can be wrong before a row is read. */
KITH_NODISCARD kith_status kith_run_load(kith_run *run, const char *config,
                                         const char *reference_date,
                                         kith_error *err);
/** All stages, into folder @p root; its manifest is written last. */
KITH_NODISCARD kith_status kith_run_stages(kith_run *run, const char *root,
                                           kith_error *err);
void kith_run_done(kith_run *run);

#endif
