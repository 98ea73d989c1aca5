/**
 * @file stages.h
 * @brief What more than one command loads or runs.
 */
#ifndef KITH_CLI_STAGES_H
#define KITH_CLI_STAGES_H

#include <kith/job.h>
#include <kith/key.h>
#include <kith/spec.h>
#include <kith/status.h>

/** The spec of @p path, or the shipped one when NULL. */
KITH_NODISCARD kith_status kith_cli_spec(kith_spec **out, const char *path,
                                         kith_error *err);

/** Makes the keys of a project that do not exist yet; @p say which. */
KITH_NODISCARD kith_status kith_cli_make_keys(const char *config,
                                              const kith_key_dates *dates,
                                              bool say, kith_error *err);

/** Trains with the defaults, into the file @p model. */
KITH_NODISCARD kith_status kith_stage_train(const char *model,
                                            const kith_spec *spec,
                                            const char *passes, kith_job *job,
                                            kith_error *err);

/** Matches everything with the model of file @p model_path. */
KITH_NODISCARD kith_status kith_stage_match(const char *pairs,
                                            const char *model_path,
                                            const kith_spec *spec,
                                            const char *passes, kith_job *job,
                                            kith_error *err);

#endif
