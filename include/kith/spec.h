/**
 * @file spec.h
 * @brief The linkage spec: which fields are compared how, and which passes
 *        bring records together. Agencies and the linkage unit share one.
 *
 * A spec is plain data. config reads it from `linkage.yaml`; compare turns
 * it into row layouts; encode, train, match and cluster follow it.
 *
 * Words    a field has parts ("dob.year", "postcode.sector"); a value
 *          expression joins one or more parts ("postcode+house"); a pass key
 *          is a list of value expressions; a comparison takes some values
 *          and yields one digit (level) of the agreement pattern, or two for
 *          a pair of names.
 * Levels   0 is always null on either side; 1 the strongest; the last "else".
 * Source   Fellegi & Sunter 1969, doi:10.1080/01621459.1969.10501049;
 *          narrow block-salted passes: the encoding notes in the README.
 */
#ifndef KITH_SPEC_H
#define KITH_SPEC_H

#include <kith/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    KITH_MAX_FIELDS = 24,      /**< fields a spec may declare */
    KITH_MAX_PARTS = 4,        /**< parts joined in one value expression */
    KITH_MAX_KEY = 6,          /**< value expressions in one pass key */
    KITH_MAX_VALUES = 6,       /**< values of one comparison */
    KITH_MAX_COMPARISONS = 12, /**< comparisons of a spec */
    KITH_MAX_DIGITS = 16,      /**< digits of an agreement pattern */
    KITH_MAX_THRESHOLDS = 4,   /**< similarity levels of a comparison */
    KITH_MAX_PASSES = 16,      /**< passes of a spec */
    KITH_MAX_WIDEST = 1000,    /**< people a block, as a pass's limit */
    KITH_MAX_LEVELS = 12,      /**< levels of one digit, null included */
    KITH_MAX_IDENTIFIERS = 8,  /**< fields the clusterer compares itself */
    KITH_MAX_RULES = 16,       /**< accept and refuse rules */
    KITH_NAME_BYTES = 32       /**< longest short name, with its NUL */
};

/** What a field holds, and so how it is normalised and checked. */
typedef enum kith_field_kind {
    KITH_FIELD_NAME,     /**< a personal name: A-Z, spaces and marks gone */
    KITH_FIELD_DATE,     /**< a calendar date */
    KITH_FIELD_SEX,      /**< M or F; anything else is null */
    KITH_FIELD_POSTCODE, /**< UK postcode, BS 7666 */
    KITH_FIELD_HOUSE,    /**< house number or name */
    KITH_FIELD_TEXT,     /**< free text: street, town, occupation */
    KITH_FIELD_CODE,     /**< a code compared whole */
    KITH_FIELD_UPRN,     /**< unique property reference number */
    KITH_FIELD_NHS,      /**< NHS number, mod 11 */
    KITH_FIELD_NINO,     /**< National Insurance number, on 8 characters */
    KITH_FIELD_UPN,      /**< unique pupil number */
    KITH_FIELD_PHONE,    /**< UK telephone number */
    KITH_FIELD_EMAIL     /**< e-mail address */
} kith_field_kind;

typedef struct kith_spec_field {
    char name[KITH_NAME_BYTES];
    kith_field_kind kind;
} kith_spec_field;

/** Which part of a field's value. */
typedef enum kith_part_kind {
    KITH_PART_WHOLE,
    KITH_PART_SOUNDEX,  /**< name, text: four-character Soundex */
    KITH_PART_INITIAL,  /**< name, text: first letter */
    KITH_PART_DAY,      /**< date */
    KITH_PART_MONTH,    /**< date */
    KITH_PART_YEAR,     /**< date */
    KITH_PART_DAYMONTH, /**< date: day and month in order */
    KITH_PART_SORTED,   /**< date: day and month sorted, and year */
    KITH_PART_SECTOR,   /**< postcode: M1 1 */
    KITH_PART_DISTRICT  /**< postcode: M1 */
} kith_part_kind;

/** The field index that means "each of the two names in turn". */
#define KITH_FIELD_EITHER 0xFFu
/** The field index that means "the name that either is not". */
#define KITH_FIELD_OTHER 0xFEu

typedef struct kith_part {
    uint8_t field; /**< index into fields, or KITH_FIELD_EITHER, _OTHER */
    kith_part_kind kind;
} kith_part;

/** One value: parts joined. Null when any part is null. */
typedef struct kith_value {
    kith_part parts[KITH_MAX_PARTS];
    uint8_t n_parts;
    char text[64]; /**< as written, for messages: "postcode+house" */
} kith_value;

typedef enum kith_compare_kind {
    /** Two names: two digits, slot A and slot B, each: null, exact,
     *  nickname, only the initial, one level per threshold, else. values: the
     *  two names. */
    KITH_COMPARE_NAMES,
    /** One text: null, exact, one level per threshold, else. */
    KITH_COMPARE_TEXT,
    /** One date: null, exact, day and month swapped, two of three parts,
     *  year only, year equal with day unknown, else. */
    KITH_COMPARE_DATE,
    /** One value: null, equal, else. */
    KITH_COMPARE_EXACT,
    /** Values from fine to coarse: null, one level a value, else. */
    KITH_COMPARE_NESTED
} kith_compare_kind;

/** Levels of KITH_COMPARE_DATE. */
enum {
    KITH_DATE_NULL,
    KITH_DATE_EXACT,
    KITH_DATE_SWAPPED,
    KITH_DATE_TWO_PARTS,
    KITH_DATE_YEAR,
    KITH_DATE_YEAR_DAY_UNKNOWN,
    KITH_DATE_ELSE,
    KITH_DATE_LEVELS
};

typedef struct kith_spec_comparison {
    char name[KITH_NAME_BYTES];
    kith_compare_kind kind;
    kith_value values[KITH_MAX_VALUES];
    uint8_t n_values;
    /** Dice thresholds in thousandths, strictest first (names, text). */
    uint16_t thresholds[KITH_MAX_THRESHOLDS];
    uint8_t n_thresholds;
} kith_spec_comparison;

typedef struct kith_spec_pass {
    char name[KITH_NAME_BYTES];
    kith_value key[KITH_MAX_KEY];
    uint8_t n_key;
    bool either; /**< the key holds KITH_FIELD_EITHER: two rows a record */
    /** Values that its rows do not carry: by comparison, bit i is value i. */
    uint8_t without[KITH_MAX_COMPARISONS];
    /** People: a source leaves the rows of wider blocks out, and counts them;
     *  0: it sends all, and a pass that is too wide is refused. */
    uint16_t widest;
} kith_spec_pass;

/** A field that only the clusterer compares, as a 128-bit token. */
typedef struct kith_spec_identifier {
    uint8_t field;
    /** Unequal values forbid the union (NHS number, NINO, UPN). */
    bool unique;
    double m; /**< P(equal | same person, both known) */
    double u; /**< P(equal | different people, both known) */
} kith_spec_identifier;

typedef enum kith_verdict { KITH_ACCEPT, KITH_REFUSE } kith_verdict;

/**
 * Pairs that are one person, or two, whatever their weight: all conditions
 * hold. Bit i of a mask is identifier or comparison i. The first rule whose
 * conditions hold decides.
 */
typedef struct kith_spec_rule {
    char name[KITH_NAME_BYTES];
    kith_verdict verdict;
    uint16_t equal_identifiers;   /**< known on both sides and equal */
    uint16_t unequal_identifiers; /**< known on both sides and unequal */
    uint16_t exact;               /**< comparisons at their strongest level */
    uint16_t differs; /**< comparisons at their last level, "else" */
} kith_spec_rule;

/** A formal name and one of its short forms, both normalised. In a spec each
 *  short form occurs once, and none is another's formal name. */
typedef struct kith_nickname {
    char formal[KITH_NAME_BYTES];
    char shortened[KITH_NAME_BYTES];
} kith_nickname;

/** One normalised name and its bearers per million, for rarity. */
typedef struct kith_name_rate {
    char name[KITH_NAME_BYTES];
    uint8_t field; /**< index into fields */
    float per_million;
} kith_name_rate;

typedef struct kith_spec {
    char name[KITH_NAME_BYTES];
    char digest[65]; /**< SHA-256 of the canonical text, hex */
    kith_spec_field fields[KITH_MAX_FIELDS];
    uint8_t n_fields;
    kith_spec_comparison comparisons[KITH_MAX_COMPARISONS];
    uint8_t n_comparisons;
    kith_spec_pass passes[KITH_MAX_PASSES];
    uint8_t n_passes;
    kith_spec_identifier identifiers[KITH_MAX_IDENTIFIERS];
    uint8_t n_identifiers;
    kith_spec_rule rules[KITH_MAX_RULES];
    uint8_t n_rules;

    uint16_t filter_bits;       /**< 256, 512 or 1024 */
    uint16_t filter_insertions; /**< constant number of insertions B */
    uint8_t filter_q;           /**< q-gram length, 2 */

    bool single_site;      /**< one organisation holds everything */
    double max_block_mean; /**< people a block, record weighted: 2.5 */
    double max_block_p99;  /**< people a block, 99th percentile: 8 */
    double assumed_recall; /**< of the deterministic rule, for the prior */
    double threshold_bits; /**< link at or above; NAN: chosen by model */
    uint32_t min_cell;     /**< smallest count a source statistic shows */
    uint32_t max_cluster;  /**< records in a person before review */

    kith_nickname *nicknames; /**< n_nicknames, sorted; owned */
    uint32_t n_nicknames;
    /** Values that mean "not known", sorted; owned. See
     *  kith_spec_is_placeholder. */
    char (*placeholders)[KITH_NAME_BYTES];
    uint32_t n_placeholders;
    kith_name_rate *rates; /**< sorted by (field, name); owned; may be NULL */
    uint32_t n_rates;
    /** Rarity cuts in bearers per million: above [0] common, above [1]
     *  middling, else rare. */
    double rarity_cuts[2];
} kith_spec;

/**
 * Reads linkage.yaml and the files it extends. Free with _free.
 *
 * `extends: default` or a path: what the file does not say comes from there.
 * A list that is given replaces the inherited one whole; nicknames and
 * placeholders add to the inherited ones.
 *
 * @retval KITH_ERR_CONFIG "file:line:column: reason", with a hint
 */
KITH_NODISCARD kith_status kith_spec_load(kith_spec **out, const char *path,
                                          kith_error *err);
/** The spec that ships with kith: UK persons, five narrow passes. */
KITH_NODISCARD kith_status kith_spec_default(kith_spec **out, kith_error *err);
void kith_spec_free(kith_spec *spec);

/** Index of a field by name, or -1. */
int kith_spec_field_index(const kith_spec *spec, const char *name);
/** Index of a pass by name, or -1. */
int kith_spec_pass_index(const kith_spec *spec, const char *name);
/**
 * Whether a value, normalised or not, stands for "not known". Only letters
 * and digits count, case does not: "n/k" is NK, 1900-01-01 is 19000101, and
 * the placeholder ZZ99* holds "ZZ99 1AA".
 */
bool kith_spec_is_placeholder(const kith_spec *spec, const char *value,
                              size_t n);

#endif
