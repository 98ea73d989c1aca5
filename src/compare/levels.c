#include "compare/layout.h"

#include "compare/popcount.h"

#include <stdio.h>
#include <string.h>

static uint32_t
token_at(const uint8_t *row, uint16_t offset)
{
    uint32_t token;
    memcpy(&token, row + offset, sizeof token);
    return token;
}

/* What two tokens say: unknown on a side, equal, unequal. */
typedef enum verdict { UNKNOWN, EQUAL, UNEQUAL } verdict;

static verdict
compare_tokens(const uint8_t *a, const uint8_t *b, uint16_t offset)
{
    if (offset == KITH_IMPLIED)
        return EQUAL;
    if (offset == KITH_ABSENT)
        return UNKNOWN;
    const uint32_t x = token_at(a, offset), y = token_at(b, offset);
    if (x == 0 || y == 0)
        return UNKNOWN;
    return x == y ? EQUAL : UNEQUAL;
}

/* Index of the first threshold that the Dice coefficient reaches, or n. */
static unsigned
similar_level(const kith_digit *digit, const uint8_t *a, const uint8_t *b,
              unsigned filter_bytes)
{
    unsigned both = 0, sum = 0;
    if (digit->n_thresholds == 0)
        return 0;
    for (unsigned i = 0; i < filter_bytes; i += 8) {
        uint64_t x, y;
        memcpy(&x, a + digit->filter_offset + i, 8);
        memcpy(&y, b + digit->filter_offset + i, 8);
        both += kith_popcount64(x & y);
        sum += kith_popcount64(x) + kith_popcount64(y);
    }
    unsigned t = 0;
    while (t < digit->n_thresholds &&
           2 * both * 1000 < digit->thresholds[t] * sum)
        t++;
    return t;
}

/* Whether @p a holds only the first letter of @p b. */
static bool
is_initial(const kith_digit *digit, const uint8_t *a, const uint8_t *b)
{
    return digit->initial_offset != KITH_IMPLIED &&
           token_at(a, digit->exact_offset) ==
               token_at(b, digit->initial_offset);
}

static unsigned
text_level(const kith_digit *digit, const uint8_t *a, const uint8_t *b,
           unsigned filter_bytes)
{
    const verdict exact = compare_tokens(a, b, digit->exact_offset);
    if (exact != UNEQUAL)
        return exact == EQUAL ? 1 : 0;
    if (digit->kind == KITH_COMPARE_NAMES) {
        if (compare_tokens(a, b, digit->nick_offset) == EQUAL)
            return KITH_NAME_NICK;
        if (is_initial(digit, a, b) || is_initial(digit, b, a))
            return KITH_NAME_INITIAL;
    }
    return kith_first_similar(digit->kind) +
           similar_level(digit, a, b, filter_bytes);
}

/*
 * The parts speak first; a swap needs the day to differ, so that a key which
 * fixes the day leaves no swap even where the sorted date has no column.
 */
static unsigned
date_level(const kith_digit *digit, const uint8_t *a, const uint8_t *b)
{
    const verdict day = compare_tokens(a, b, digit->day_offset);
    const verdict month = compare_tokens(a, b, digit->month_offset);
    const verdict year = compare_tokens(a, b, digit->year_offset);
    const int n_equal = (day == EQUAL) + (month == EQUAL) + (year == EQUAL);
    if (n_equal == 3)
        return KITH_DATE_EXACT;
    if (day == UNEQUAL && compare_tokens(a, b, digit->sorted_offset) == EQUAL)
        return KITH_DATE_SWAPPED;
    if (n_equal == 2)
        return KITH_DATE_TWO_PARTS;
    const bool differs = day == UNEQUAL || month == UNEQUAL || year == UNEQUAL;
    if (year == EQUAL)
        return differs ? KITH_DATE_YEAR : KITH_DATE_YEAR_DAY_UNKNOWN;
    return differs ? KITH_DATE_ELSE : KITH_DATE_NULL;
}

static unsigned
values_level(const kith_digit *digit, const uint8_t *a, const uint8_t *b)
{
    bool differs = false;
    for (unsigned v = 0; v < digit->n_values; v++) {
        const verdict value = compare_tokens(a, b, digit->value_offsets[v]);
        if (value == EQUAL)
            return v + 1;
        differs = differs || value == UNEQUAL;
    }
    return differs ? digit->n_values + 1u : 0;
}

uint32_t
kith_compare_rows(const kith_layout *layout, const uint8_t *a, const uint8_t *b)
{
    uint32_t pattern = 0;
    for (unsigned d = 0; d < layout->n_digits; d++) {
        const kith_digit *digit = &layout->digits[d];
        unsigned level = 0;
        switch (digit->kind) {
        case KITH_COMPARE_NAMES:
        case KITH_COMPARE_TEXT:
            level = text_level(digit, a, b, layout->filter_bytes);
            break;
        case KITH_COMPARE_DATE:
            level = date_level(digit, a, b);
            break;
        case KITH_COMPARE_EXACT:
        case KITH_COMPARE_NESTED:
            level = values_level(digit, a, b);
            break;
        }
        pattern += level * digit->stride;
    }
    return pattern;
}

uint8_t
kith_pattern_level(const kith_layout *layout, uint32_t pattern, unsigned digit)
{
    const kith_digit *d = &layout->digits[digit];
    return (uint8_t)(pattern / d->stride % d->n_levels);
}

static const char *
date_level_name(uint8_t level)
{
    static const char *const names[KITH_DATE_LEVELS] = {"unknown",
                                                        "exact",
                                                        "day and month swapped",
                                                        "two of three parts",
                                                        "year only",
                                                        "year, day unknown",
                                                        "differs"};
    return names[level];
}

void
kith_level_name(char out[48], const kith_layout *layout, const kith_spec *spec,
                unsigned digit, uint8_t level)
{
    const kith_digit *d = &layout->digits[digit];
    const unsigned first = kith_first_similar(d->kind);
    const kith_spec_comparison *c = &spec->comparisons[d->comparison];
    if (d->kind == KITH_COMPARE_DATE)
        snprintf(out, 48, "%s", date_level_name(level));
    else if (level == 0)
        snprintf(out, 48, "unknown");
    else if (level == d->n_levels - 1)
        snprintf(out, 48, "differs");
    else if (d->kind == KITH_COMPARE_NESTED)
        snprintf(out, 48, "same %.42s", c->values[level - 1].text);
    else if (level == 1)
        snprintf(out, 48, "exact");
    else if (level < first)
        snprintf(out, 48,
                 level == KITH_NAME_NICK ? "nickname" : "only the initial");
    else
        snprintf(out, 48, "similar %.3g%%",
                 d->thresholds[level - first] / 10.0);
}

unsigned
kith_level_state(const kith_layout *layout, unsigned digit, uint8_t level)
{
    if (level == 0)
        return KITH_STATE_NULL;
    if (level == 1)
        return KITH_STATE_EXACT;
    return level == layout->digits[digit].n_levels - 1 ? KITH_STATE_DIFFERS
                                                       : KITH_STATE_FUZZY;
}
