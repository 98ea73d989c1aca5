/**
 * @file text.h
 * @brief Appends CSV text to a chunk's buffer, fast.
 *
 * A row is written between kith_text_reserve and the next one; reserve makes
 * room for KITH_TEXT_ROW bytes, the appenders do not check again.
 */
#ifndef KITH_SYNTH_TEXT_H
#define KITH_SYNTH_TEXT_H

#include "base/buffer.h"

#include <kith/status.h>
#include <stdint.h>

enum {
    KITH_TEXT_ROW = 4096, /**< longest row; fields are at most 96 bytes */
    KITH_TEXT_FIELD = 96  /**< longest field, with its NUL */
};

/** How an agency writes dates. */
typedef enum kith_date_style {
    KITH_DATE_ISO,     /**< yyyy-mm-dd */
    KITH_DATE_BRITISH, /**< dd/mm/yyyy */
    KITH_DATE_ORACLE,  /**< ddmmmyyyy, "07MAR1981" */
    KITH_DATE_COMPACT, /**< yyyymmdd */
    KITH_DATE_DASHED   /**< dd-mm-yyyy */
} kith_date_style;

/** The style as a mapping writes it. */
const char *kith_date_style_name(kith_date_style style);

KITH_NODISCARD kith_status kith_text_reserve(kith_buffer *b, kith_error *err);
void kith_text_raw(kith_buffer *b, const char *s);
void kith_text_char(kith_buffer *b, char c);
/** A field, quoted when it must be. */
void kith_text_field(kith_buffer *b, const char *s, char delimiter);
void kith_text_u64(kith_buffer *b, uint64_t v);
/** At least @p digits digits, zero filled. */
void kith_text_digits(kith_buffer *b, uint64_t v, unsigned digits);
/** Hundredths as "12.50" or "12". */
void kith_text_amount(kith_buffer *b, int32_t hundredths);
/** Nothing for KITH_NO_DATE. */
void kith_text_date(kith_buffer *b, int32_t days, kith_date_style style);
/** A letter and nine digits: "P000000012". */
void kith_text_label(kith_buffer *b, char letter, uint64_t number);
/** The 31st of February of that year. */
void kith_text_no_such_day(kith_buffer *b, int32_t days, kith_date_style style);
/** Writes @p v as decimal digits and a NUL; returns the length. */
size_t kith_text_number(char *out, uint64_t v, unsigned digits);

#endif
