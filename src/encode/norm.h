/**
 * @file norm.h
 * @brief Raw field text becomes a normalised value, or null with a reason.
 *
 * Every extract is normalised by the same rules before it is keyed: two
 * records can only meet on equal bytes. KITH_NORMALISER_VERSION is raised
 * when a rule changes; every file carries it and two versions never meet.
 *
 * Text     NFKD (Unicode 14, libutf8proc), letters that do not decompose
 *          spelled out (SS, AE, OE, O, L, D, TH), upper case, A-Z 0-9
 * Null     an empty value, a placeholder, a value that fails its check: the
 *          record is kept, the field is unknown and counted by reason
 * Reject   a value that is not of its kind at all (a date that is none):
 *          null too, and listed with its row in rejects.csv
 * Partial  a date without a day, a postcode without its unit: the whole is
 *          null, the coarser parts are known
 */
#ifndef KITH_ENCODE_NORM_H
#define KITH_ENCODE_NORM_H

#include "base/buffer.h"
#include "base/date.h"
#include "base/dateformat.h"

#include <kith/spec.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    KITH_NORM_BYTES = 112, /**< longest normalised value */
    KITH_FOLD_BYTES = 320  /**< longest folded text */
};

typedef enum kith_norm_reason {
    KITH_NORM_GOOD,
    KITH_NORM_EMPTY,
    KITH_NORM_PLACEHOLDER, /**< UNKNOWN, 01/01/1900, ZZ99, all one digit */
    KITH_NORM_UNKNOWN,     /**< a code that says "not known" */
    KITH_NORM_NOT_LATIN,   /**< no letter of it can be written A-Z */
    KITH_NORM_TOO_LONG,
    KITH_NORM_BAD_FORMAT, /**< not the shape of its kind */
    KITH_NORM_BAD_CHECK,  /**< a check digit or letter is wrong */
    KITH_NORM_TEMPORARY,  /**< a temporary number: not kept for life */
    KITH_NORM_TOO_OLD,    /**< more than 122 years before the reference */
    KITH_NORM_JANUARY,    /**< 1 January, a registration default: year only */
    KITH_NORM_PARTIAL,    /**< only coarser parts are known */
    KITH_NORM_NOT_A_DATE, /**< reject */
    KITH_NORM_FUTURE,     /**< reject: after the reference date */
    KITH_NORM_REASONS
} kith_norm_reason;

/** snake_case, for counters and rejects.csv. */
const char *kith_norm_reason_name(kith_norm_reason reason);
bool kith_norm_is_reject(kith_norm_reason reason);

typedef struct kith_norm {
    uint8_t len;    /**< 0: null */
    uint8_t reason; /**< kith_norm_reason */
    /** The text is only a part: a year, a year and month, a postcode sector
     *  or district. */
    bool partial;
    /** Names of several words, or with a hyphen: letters of the first; else
     *  all. */
    uint8_t first;
    /** Dates: month and day 0 when unknown. 1 January is whole here, for
     *  ages, and only its year is in the text. All 0 when too long ago for
     *  an age. */
    kith_ymd date;
    /** Soundex of a name, made once for all passes; not made: sound[0] is
     *  NUL. */
    char sound[4];
    char text[KITH_NORM_BYTES];
} kith_norm;

/** What the rules need to know; borrowed, read-only. */
typedef struct kith_norm_rules {
    const kith_spec *spec; /**< placeholders */
    int32_t reference;     /**< reference date, days */
} kith_norm_rules;

/** Any kind but KITH_FIELD_DATE. */
void kith_norm_field(kith_norm *out, const kith_norm_rules *rules,
                     kith_field_kind kind, kith_str raw);

void kith_norm_name(kith_norm *out, const kith_norm_rules *rules, kith_str raw);
/** Free text and codes: A-Z and 0-9, all else dropped. */
void kith_norm_text(kith_norm *out, const kith_norm_rules *rules, kith_str raw);
void kith_norm_sex(kith_norm *out, kith_str raw);
void kith_norm_date(kith_norm *out, const kith_norm_rules *rules,
                    const kith_date_format *format, kith_str raw);
/** A date from separate columns; an empty day or month is unknown. */
void kith_norm_date_parts(kith_norm *out, const kith_norm_rules *rules,
                          kith_str day, kith_str month, kith_str year);
/** UK postcode to BS 7666, without its blank: "M11AE". */
void kith_norm_postcode(kith_norm *out, const kith_norm_rules *rules,
                        kith_str raw);
void kith_norm_house(kith_norm *out, const kith_norm_rules *rules,
                     kith_str raw);
void kith_norm_uprn(kith_norm *out, kith_str raw);
void kith_norm_nhs(kith_norm *out, kith_str raw);
void kith_norm_nino(kith_norm *out, kith_str raw);
void kith_norm_upn(kith_norm *out, kith_str raw);
void kith_norm_phone(kith_norm *out, kith_str raw);
void kith_norm_email(kith_norm *out, const kith_norm_rules *rules,
                     kith_str raw);

/* What the families share. */

/**
 * Folds text to upper-case ASCII: letters, digits, one blank for any run of
 * white space, "-" for any dash, other punctuation as it is; apostrophes and
 * marks go. @param[out] foreign letters that have no A-Z spelling
 * @return length, or SIZE_MAX when longer than KITH_FOLD_BYTES
 */
size_t kith_fold(char out[KITH_FOLD_BYTES], kith_str raw, size_t *foreign);
/** Folds and keeps letters and digits only; same return. */
size_t kith_fold_plain(char out[KITH_FOLD_BYTES], kith_str raw,
                       size_t *foreign);
/** Keeps the letters and digits of folded text, in place. @return how many */
size_t kith_keep_plain(char *text, size_t n);
void kith_norm_null(kith_norm *out, kith_norm_reason reason);
/** A value, or KITH_NORM_TOO_LONG; empty is KITH_NORM_EMPTY. */
void kith_norm_set(kith_norm *out, const char *text, size_t n);
bool kith_norm_placeholder(const kith_norm_rules *rules, const char *text,
                           size_t n);
/** All characters the same: 0000000000. */
bool kith_norm_repeats(const char *text, size_t n);

#endif
