/**
 * @file suggest.h
 * @brief Pass keys that would find again what one pass alone finds now.
 *
 * Linked pairs that hang on a single pass show what the pairs that no pass
 * covers look like. For each two comparisons that agree exactly in many of
 * them, and that no pass is keyed on together, a line says how many they
 * would cover a second time.
 */
#ifndef KITH_EVALUATE_SUGGEST_H
#define KITH_EVALUATE_SUGGEST_H

#include "cluster/refs.h"
#include "evaluate/cover.h"
#include "io/out.h"

#include <kith/blocking.h>

/** Writes "suggest_compared,<a>+<b>,<pairs>" lines, most pairs first, at
 * most 5. */
KITH_NODISCARD kith_status kith_suggest_write(
    kith_out *out, const kith_blocking_params *params, const kith_refs *refs,
    const kith_cover *cover, kith_job *job, kith_error *err);

#endif
