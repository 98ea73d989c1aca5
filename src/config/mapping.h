/**
 * @file mapping.h
 * @brief The steps after loading a mapping: defaults, then checks.
 */
#ifndef KITH_CONFIG_MAPPING_H
#define KITH_CONFIG_MAPPING_H

#include "config/yaml.h"

#include <kith/mapping.h>

/** Fills in what the file leaves out: title, delimiter, date formats. */
KITH_NODISCARD kith_status kith_mapping_complete(kith_mapping *mapping,
                                                 const kith_yaml *yaml,
                                                 const kith_spec *spec,
                                                 kith_error *err);
/** What the schema cannot say: fields, formats, dates, either-or. */
KITH_NODISCARD kith_status kith_mapping_check(const kith_mapping *mapping,
                                              const kith_yaml *yaml,
                                              const kith_spec *spec,
                                              kith_error *err);

/** The rows of a mapping's persons: which field each column feeds. */
KITH_NODISCARD kith_status
kith_mapping_check_columns(const kith_mapping *mapping, const kith_yaml *yaml,
                           const kith_spec *spec, kith_error *err);

#endif
