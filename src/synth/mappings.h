/**
 * @file mappings.h
 * @brief Writes what a run needs besides the extracts: one mapping an
 *        agency, and kith.yaml.
 */
#ifndef KITH_SYNTH_MAPPINGS_H
#define KITH_SYNTH_MAPPINGS_H

#include "synth/world.h"

#include <kith/synth.h>

/** @param n_records by agency: a run refuses an extract without a record, so
 *  that kith.yaml leaves out agencies that have none */
KITH_NODISCARD kith_status kith_mappings_write(const kith_synth_params *params,
                                               const kith_world *w,
                                               const uint64_t *n_records,
                                               kith_job *job, kith_error *err);

#endif
