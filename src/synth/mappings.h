/**
 * @file mappings.h
 * @brief Writes what a run needs besides the extracts: one mapping an
 *        agency, and kith.yaml.
 */
#ifndef KITH_SYNTH_MAPPINGS_H
#define KITH_SYNTH_MAPPINGS_H

#include "synth/world.h"

#include <kith/synth.h>

KITH_NODISCARD kith_status kith_mappings_write(const kith_synth_params *params,
                                               const kith_world *w,
                                               kith_job *job, kith_error *err);

#endif
