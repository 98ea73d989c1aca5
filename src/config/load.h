/**
 * @file load.h
 * @brief The loaders on a file already parsed; the public ones open it
 *        first. Tests and fuzzing start here.
 */
#ifndef KITH_CONFIG_LOAD_H
#define KITH_CONFIG_LOAD_H

#include "config/yaml.h"

#include <kith/mapping.h>
#include <kith/project.h>
#include <kith/spec.h>

/** Takes the tree over, whatever happens. */
KITH_NODISCARD kith_status kith_spec_from_yaml(kith_spec **out, kith_yaml *yaml,
                                               kith_error *err);
/** Borrows the tree. */
KITH_NODISCARD kith_status kith_mapping_from_yaml(kith_mapping **out,
                                                  const kith_yaml *yaml,
                                                  const kith_spec *spec,
                                                  kith_error *err);
/** Borrows the tree. Does not look whether the files named exist. */
KITH_NODISCARD kith_status kith_project_from_yaml(kith_project **out,
                                                  const kith_yaml *yaml,
                                                  kith_error *err);

#endif
