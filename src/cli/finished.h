/**
 * @file finished.h
 * @brief What commands share that look into the folder of a finished run.
 */
#ifndef KITH_CLI_FINISHED_H
#define KITH_CLI_FINISHED_H

#include "cli/run.h"

typedef struct kith_finished_args {
    const char *run;
    const char *spec;
    const char *truth;
    const char *out;
} kith_finished_args;

/* Rows of an option table; T is an argument struct with a member
 * `finished`. */
/* clang-format off */
#define KITH_FINISHED_OPTIONS(T, needs, with_truth, by_default)                \
    {KITH_OPT_TEXT, "RUN", NULL, "output folder of a run: " needs, NULL,       \
     offsetof(T, finished.run), KITH_OPT_REQUIRED | KITH_OPT_POSITIONAL},      \
    {KITH_OPT_TEXT, "spec", "FILE",                                            \
     "linkage spec; by default the shipped one", NULL,                         \
     offsetof(T, finished.spec), 0},                                           \
    {KITH_OPT_TEXT, "truth", "FILE", "CSV agency,id,person: " with_truth,      \
     NULL, offsetof(T, finished.truth), 0},                                    \
    {KITH_OPT_TEXT, "out", "FILE", by_default " of the run", NULL,             \
     offsetof(T, finished.out), 0}
/* clang-format on */

/** A run's spec and paths. Zero-initialise; _done frees. */
typedef struct kith_finished {
    kith_spec *spec;
    kith_run_paths paths;
    char *out; /**< the one given, or @p name in the run's results */
} kith_finished;

KITH_NODISCARD kith_status kith_finished_load(kith_finished *f,
                                              const kith_finished_args *args,
                                              const char *name,
                                              kith_error *err);
void kith_finished_done(kith_finished *f);

#endif
