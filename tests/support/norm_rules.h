/**
 * @file norm_rules.h
 * @brief What a normalised value always is, whatever came in. Plain C, so
 *        that fuzz targets and property tests share it.
 */
#ifndef KITH_TESTS_NORM_RULES_H
#define KITH_TESTS_NORM_RULES_H

#include "encode/norm.h"

#include <string.h>

/** False when @p out breaks a promise of norm.h for @p kind. */
static inline bool
test_norm_lawful(const kith_norm *out, kith_field_kind kind)
{
    if (out->len > KITH_NORM_BYTES || out->reason >= KITH_NORM_REASONS)
        return false;
    if (out->len == 0)
        return out->reason != KITH_NORM_GOOD && !out->partial;
    if (out->reason != KITH_NORM_GOOD && !out->partial)
        return false;
    for (size_t i = 0; i < out->len; i++) {
        const char c = out->text[i];
        const bool letter = c >= 'A' && c <= 'Z';
        const bool digit = c >= '0' && c <= '9';
        if (kind == KITH_FIELD_EMAIL) {
            if (c <= ' ' || c > '~' || letter)
                return false;
        } else if (kind == KITH_FIELD_NAME    ? !letter
                   : kind == KITH_FIELD_HOUSE ? !letter && !digit && c != '/'
                                              : !letter && !digit) {
            return false;
        }
    }
    return true;
}

/** Normalises @p raw as a field of @p kind; dates by dd/mm/yyyy. */
static inline void
test_norm_any(kith_norm *out, const kith_norm_rules *rules,
              const kith_date_format *format, kith_field_kind kind,
              kith_str raw)
{
    if (kind == KITH_FIELD_DATE)
        kith_norm_date(out, rules, format, raw);
    else
        kith_norm_field(out, rules, kind, raw);
}

#endif
