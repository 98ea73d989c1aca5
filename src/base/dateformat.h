/**
 * @file dateformat.h
 * @brief Reads dates as a mapping describes them: "dd/mm/yyyy".
 *
 * Pattern  day dd (two digits) or d (one or two), month mm, m or mmm (JAN),
 *          year yyyy or yy, in any order, each once; between them one of
 *          "/" "-" "." blank, or nothing. d and m need a separator after
 *          them. "Thh:mm:ss" or " hh:mm" may follow and changes nothing.
 * Value    month names are English, in any case. A time of day after the
 *          date (2020-01-31T09:30:00.5Z, 31/01/2020 09:30) is dropped,
 *          whether or not the pattern has one. Anything else is refused.
 * Years    yy is the year in (max_year - 100, max_year] that ends so.
 */
#ifndef KITH_BASE_DATEFORMAT_H
#define KITH_BASE_DATEFORMAT_H

#include "base/buffer.h"
#include "base/date.h"

#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

enum { KITH_DATE_ITEMS = 5 /**< three parts, two separators */ };

/** Plain data: copy freely. */
typedef struct kith_date_format {
    /** 'd' 1-2 digits, 'D' 2; 'm' 1-2, 'M' 2, 'N' name; 'y' 2, 'Y' 4; else
     *  the separator itself. */
    char items[KITH_DATE_ITEMS];
    uint8_t n_items;
    /** Latest year that yy can mean. Set it to the year of the reference
     *  date; _parse leaves KITH_DATE_MAX_YEAR. */
    int32_t max_year;
} kith_date_format;

/** The century cut when the caller has no reference date. */
enum { KITH_DATE_MAX_YEAR = 2029 };

/** @retval KITH_ERR_CONFIG not a date pattern; text and hint set */
KITH_NODISCARD kith_status kith_date_format_parse(kith_date_format *out,
                                                  const char *pattern,
                                                  kith_error *err);
/** Reads all of @p text, blanks around it apart. False: not such a date, or
 *  not in the calendar. */
bool kith_date_read(const kith_date_format *format, kith_str text,
                    kith_ymd *out);

#endif
