/**
 * @file terms.h
 * @brief Academic terms and other periods, counted back from a day.
 */
#ifndef KITH_CRITERIA_TERMS_H
#define KITH_CRITERIA_TERMS_H

#include "criteria/ast.h"

#include <stdbool.h>
#include <stdint.h>

/**
 * The last @p n terms that had ended by @p day, latest first. A term that
 * is still running is not counted.
 * @retval false the calendar holds fewer
 */
bool kith_terms_last(const kith_terms *terms, int32_t day, uint32_t n,
                     kith_days *out);
/** Do two terms of the calendar share a day? @param[out] pos of the later */
bool kith_terms_overlap(const kith_terms *terms, kith_pos *pos);

/** @p n days, weeks, months or years after (before, when negative) a day. */
int32_t kith_add_units(int32_t day, int64_t n, kith_unit unit);

#endif
