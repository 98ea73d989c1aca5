/**
 * @file spec.h
 * @brief The steps that make a spec of its layers; only for spec*.c.
 *
 * Each step fills some members, checks them, and points at the line that is
 * wrong, in whichever file said it.
 */
#ifndef KITH_CONFIG_SPEC_H
#define KITH_CONFIG_SPEC_H

#include "config/spec_raw.h"

#include <kith/spec.h>

/** What every step needs. */
typedef struct kith_spec_build {
    const kith_spec_source *source;
    kith_spec *spec;
    kith_error *err;
} kith_spec_build;

KITH_NODISCARD kith_status kith_spec_fill_fields(kith_spec_build *b);
KITH_NODISCARD kith_status kith_spec_fill_comparisons(kith_spec_build *b);
KITH_NODISCARD kith_status kith_spec_fill_passes(kith_spec_build *b);
/** Wide passes from the comparisons, for one site that names none; none when
 *  there is nothing to make them of. */
KITH_NODISCARD kith_status kith_spec_make_passes(kith_spec_build *b);
KITH_NODISCARD kith_status kith_spec_fill_identifiers(kith_spec_build *b);
KITH_NODISCARD kith_status kith_spec_fill_rules(kith_spec_build *b);
KITH_NODISCARD kith_status kith_spec_fill_numbers(kith_spec_build *b);
KITH_NODISCARD kith_status kith_spec_fill_nicknames(kith_spec_build *b);
KITH_NODISCARD kith_status kith_spec_fill_placeholders(kith_spec_build *b);
/** Reads the rarity table, when there is one. */
KITH_NODISCARD kith_status kith_spec_fill_rates(kith_spec_build *b);
/** SHA-256 of a text that says all that the spec means, and only that. */
KITH_NODISCARD kith_status kith_spec_fill_digest(kith_spec *spec,
                                                 kith_error *err);

/** A short name of an entry, as a word. */
KITH_NODISCARD kith_status kith_spec_take_name(kith_spec_build *b,
                                               const kith_spec_layer *layer,
                                               kith_yaml_node at,
                                               const char *name,
                                               char out[KITH_NAME_BYTES]);

/** An error at a place of a layer; says so when the place is inherited. */
kith_status kith_spec_fail(kith_spec_build *b, const kith_spec_layer *layer,
                           kith_yaml_node at, const char *format, ...)
    KITH_PRINTF(4, 5);

/**
 * Reads a value expression: "postcode+house", "dob.sorted".
 *
 * @param either whether "either" may stand for a field
 * @param[out] err reason and hint, without a place
 */
KITH_NODISCARD kith_status kith_value_parse(kith_value *out, const char *text,
                                            const kith_spec *spec, bool either,
                                            kith_error *err);

/** Whether the value is one whole field; then its kind. */
bool kith_value_is_field(const kith_value *value, const kith_spec *spec,
                         kith_field_kind *kind);

/** Letters upper case; blanks, hyphens, apostrophes and dots dropped. False
 *  when another character is there, nothing is left, or it is too long. */
bool kith_fold_name(char out[KITH_NAME_BYTES], const char *text, size_t n);

#endif
