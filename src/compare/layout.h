/**
 * @file layout.h
 * @brief What a row of a pass file holds, and how two rows compare.
 *
 * Row      [0, 8)   block token, big endian: the sort key
 *          [8, 16)  row ref, big endian: orders rows inside a block
 *          then     token columns, u32 little endian, 0 = null
 *          then     filters, filter_bits/8 bytes each, from an offset that
 *                   is a multiple of 8; all zero when null
 * A row carries only what its pass compares: parts that the block key fixes
 * are IMPLIED, equal and known, and have no column; values that the pass goes
 * without are ABSENT.
 * Pattern  mixed radix over the digits: sum of level x stride
 * Source   agreement patterns: Fellegi & Sunter 1969
 */
#ifndef KITH_COMPARE_LAYOUT_H
#define KITH_COMPARE_LAYOUT_H

#include <kith/spec.h>
#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    KITH_ROW_BLOCK = 0, /**< offset of the block token */
    KITH_ROW_REF = 8,   /**< offset of the row ref */
    KITH_ROW_HEAD = 16, /**< bytes before the columns */
    KITH_MAX_COLUMNS = 48
};

/** What a token column stands for, within its comparison. */
typedef enum kith_column_role {
    KITH_COLUMN_EXACT, /**< names, text: the whole value */
    KITH_COLUMN_NICK,  /**< names: the formal name of a nickname */
    /** names: the first letter, as the EXACT token of a name that is no more
     *  than it: JOHN's is the EXACT of J. None where the key fixes the sound,
     *  and so the first letter. */
    KITH_COLUMN_INITIAL,
    KITH_COLUMN_DAY,    /**< date */
    KITH_COLUMN_MONTH,  /**< date */
    KITH_COLUMN_YEAR,   /**< date */
    KITH_COLUMN_SORTED, /**< date: day and month sorted, and year */
    KITH_COLUMN_VALUE,  /**< exact, nested: the value itself */
    KITH_COLUMN_FILTER  /**< names, text: the q-gram filter */
} kith_column_role;

/** Offset of a column that the block key fixes. */
#define KITH_IMPLIED 0
/** Offset of a value that the pass goes without: never known. No column lies
 *  in the row's head. */
#define KITH_ABSENT 1

typedef struct kith_column {
    uint8_t digit;      /**< the digit it feeds */
    uint8_t comparison; /**< index into the spec's comparisons */
    uint8_t slot;       /**< names: 0 slot A, 1 slot B */
    uint8_t value;      /**< nested, exact: index of the value */
    kith_column_role role;
    uint16_t offset; /**< bytes from the row's start */
} kith_column;

/** One digit of the pattern. */
typedef struct kith_digit {
    char name[KITH_NAME_BYTES + 16]; /**< "name A", "birth" */
    kith_compare_kind kind;
    uint8_t comparison;
    uint8_t slot;
    uint8_t n_levels; /**< null included */
    uint32_t stride;  /**< of this digit in the pattern index */
    /** Offsets of its columns by role; KITH_IMPLIED where fixed. For nested
     *  digits value_offsets[i] is value i. */
    uint16_t exact_offset, nick_offset, initial_offset, filter_offset;
    uint16_t day_offset, month_offset, year_offset, sorted_offset;
    uint16_t value_offsets[KITH_MAX_VALUES];
    uint8_t n_values;
    bool sounds_alike; /**< names, text: the block key fixes the sound */
    uint16_t thresholds[KITH_MAX_THRESHOLDS]; /**< thousandths of Dice */
    uint8_t n_thresholds;
} kith_digit;

typedef struct kith_layout {
    kith_column columns[KITH_MAX_COLUMNS];
    uint8_t n_columns;
    kith_digit digits[KITH_MAX_DIGITS];
    uint8_t n_digits;
    uint32_t n_patterns; /**< product of the level counts */
    uint16_t row_bytes;  /**< a multiple of 8 */
    uint16_t filter_bytes;
    bool either; /**< two rows a record, slot A the keyed name */
} kith_layout;

/** Levels of names before the similarities; of text only the first. */
enum {
    KITH_NAME_EXACT = 1,
    KITH_NAME_NICK,
    KITH_NAME_INITIAL, /**< one side holds only the other's first letter */
    KITH_NAME_SIMILAR, /**< the first threshold, or "else" without any */
    KITH_TEXT_SIMILAR = 2
};

/** The first level of a name or text that its filter decides. */
static inline unsigned
kith_first_similar(kith_compare_kind kind)
{
    return kind == KITH_COMPARE_NAMES ? KITH_NAME_SIMILAR : KITH_TEXT_SIMILAR;
}

/** The layout of one pass. KITH_ERR_CONFIG when the spec does not fit. */
KITH_NODISCARD kith_status kith_layout_build(kith_layout *out,
                                             const kith_spec *spec,
                                             unsigned pass, kith_error *err);

/** The agreement pattern of two rows of one block: the plain reference. */
uint32_t kith_compare_rows(const kith_layout *layout, const uint8_t *a,
                           const uint8_t *b);

/** Level of digit @p digit in @p pattern. */
uint8_t kith_pattern_level(const kith_layout *layout, uint32_t pattern,
                           unsigned digit);

/** "exact", "nickname", "similar 87%", "day and month swapped" ... */
void kith_level_name(char out[48], const kith_layout *layout,
                     const kith_spec *spec, unsigned digit, uint8_t level);

/** Coarse state of a level: what leaves the matcher. */
enum {
    KITH_STATE_NULL = 0,
    KITH_STATE_EXACT = 1,
    KITH_STATE_FUZZY = 2,
    KITH_STATE_DIFFERS = 3
};
unsigned kith_level_state(const kith_layout *layout, unsigned digit,
                          uint8_t level);

#endif
