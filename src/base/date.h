/**
 * @file date.h
 * @brief Calendar dates as days since 1970-01-01, proleptic Gregorian.
 *
 * Source   H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
 */
#ifndef KITH_BASE_DATE_H
#define KITH_BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** No date. */
#define KITH_NO_DATE INT32_MIN

typedef struct kith_ymd {
    int32_t year;
    uint8_t month; /**< 1 to 12 */
    uint8_t day;   /**< 1 to 31 */
} kith_ymd;

bool kith_ymd_valid(kith_ymd d);
int32_t kith_days_from_ymd(kith_ymd d);
kith_ymd kith_ymd_from_days(int32_t days);
/** Completed years at @p on; a 29 February birthday falls on 1 March. */
int32_t kith_age_years(int32_t born, int32_t on);
/** The same day @p months later (earlier when negative), clamped to the
 *  month's last day. */
int32_t kith_add_months(int32_t days, int32_t months);
/** Reads exactly "yyyy-mm-dd". */
bool kith_date_parse_iso(int32_t *out, const char *text, size_t n);
/** Writes "yyyy-mm-dd" and a NUL. */
void kith_date_format_iso(char out[16], int32_t days);

#endif
