/**
 * @file kernel_body.h
 * @brief The body that every kernel shares, in vectors of KERNEL_LANES.
 *
 * Included once by each kernel_<isa>.c, which first defines KERNEL_NAME and
 * KERNEL_LANES, and afterwards lane_mask() and common_bits(), the two things
 * that instruction sets do differently.
 * Masks    a lane is all ones for yes, zero for no
 */
#include "compare/kernel.h"

#include <string.h>

typedef uint32_t vec __attribute__((vector_size(4 * KERNEL_LANES)));
typedef int32_t signed_vec __attribute__((vector_size(4 * KERNEL_LANES)));

/** One bit per lane of a mask. */
static inline unsigned lane_mask(vec mask);
/** Bits that filter @p a shares with the filters at @p rows, for the lanes
 *  in @p mask; other lanes may hold anything. */
static inline void common_bits(const uint8_t *a, const uint8_t *rows,
                               size_t filter_bytes, unsigned mask,
                               uint32_t counts[KERNEL_LANES]);

static inline vec
load(const uint32_t *p)
{
    vec v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline vec
splat(uint32_t x)
{
    return (vec){0} + x;
}

static inline vec
equal(vec a, vec b)
{
    return (vec)(a == b);
}

static inline vec
choose(vec mask, vec yes, vec no)
{
    return (mask & yes) | (~mask & no);
}

/* A token column of the block, the row's own token, and which lanes know
 * both: what every comparison starts from. */
typedef struct operand {
    const uint32_t *column; /* NULL: implied, known and equal */
    vec own;
} operand;

typedef struct verdict {
    vec same;    /* known on both sides and equal */
    vec differs; /* known on both sides and unequal */
} verdict;

static inline operand
operand_of(const kith_block *b, uint16_t offset, uint32_t row)
{
    operand o = {NULL, {0}};
    if (offset != KITH_IMPLIED) {
        const size_t c = (offset - KITH_ROW_HEAD) / sizeof(uint32_t);
        o.column = b->tokens + c * b->stride;
        o.own = splat(o.column[row]);
    }
    return o;
}

static inline verdict
judge(const operand *o, uint32_t j)
{
    const vec zero = {0};
    if (o->column == NULL)
        return (verdict){~zero, zero};
    const vec other = load(o->column + j);
    const vec unknown = equal(other, zero) | equal(o->own, zero);
    const vec same = equal(other, o->own);
    return (verdict){same & ~unknown, ~same & ~unknown};
}

static inline void
add_level(uint32_t *pattern, vec level, uint32_t stride)
{
    const vec sum = load(pattern) + level * splat(stride);
    memcpy(pattern, &sum, sizeof sum);
}

/* Thresholds not reached, 0 to n: 2000 common < threshold x population. */
static inline vec
missed_thresholds(const kith_digit *digit, vec common, vec population)
{
    const signed_vec twice = (signed_vec)(common * splat(2000));
    vec missed = {0};
    for (unsigned t = 0; t < digit->n_thresholds; t++) {
        const signed_vec want =
            (signed_vec)(population * splat(digit->thresholds[t]));
        missed -= (vec)(twice < want);
    }
    return missed;
}

static inline void
text_digit(const kith_block *b, unsigned d, uint32_t row, uint32_t from,
           uint32_t to, uint32_t *patterns)
{
    const kith_digit *digit = &b->layout->digits[d];
    const bool names = digit->kind == KITH_COMPARE_NAMES;
    const operand exact = operand_of(b, digit->exact_offset, row);
    const operand nick =
        operand_of(b, names ? digit->nick_offset : KITH_IMPLIED, row);
    const vec first = splat(names ? 3 : 2);
    const size_t bytes = b->layout->filter_bytes;
    const size_t f = b->filter_of[d];
    const bool filter = f != KITH_BLOCK_NO_FILTER;
    const uint32_t *pops = b->pops + (filter ? f * b->stride : 0);
    const uint8_t *filters = b->filters + (filter ? f * b->stride : 0) * bytes;
    for (uint32_t j = from; j < to; j += KERNEL_LANES) {
        const verdict whole = judge(&exact, j);
        vec near = {0};
        if (names)
            near = judge(&nick, j).same & whole.differs;
        const vec open = whole.differs & ~near;
        vec level = (whole.same & 1) | (near & 2) |
                    (open & (first + digit->n_thresholds));
        unsigned mask = filter ? lane_mask(open) : 0;
        if (to - j < KERNEL_LANES)
            mask &= (1u << (to - j)) - 1;
        if (mask != 0) {
            uint32_t counts[KERNEL_LANES] = {0};
            common_bits(filters + row * bytes, filters + j * bytes, bytes, mask,
                        counts);
            const vec population = load(pops + j) + splat(pops[row]);
            level = choose(
                open,
                first + missed_thresholds(digit, load(counts), population),
                level);
        }
        add_level(patterns + (j - from), level, digit->stride);
    }
}

static inline void
date_digit(const kith_block *b, const kith_digit *digit, uint32_t row,
           uint32_t from, uint32_t to, uint32_t *patterns)
{
    const operand days = operand_of(b, digit->day_offset, row);
    const operand months = operand_of(b, digit->month_offset, row);
    const operand years = operand_of(b, digit->year_offset, row);
    const operand sorted = operand_of(b, digit->sorted_offset, row);
    for (uint32_t j = from; j < to; j += KERNEL_LANES) {
        const verdict day = judge(&days, j);
        const verdict month = judge(&months, j);
        const verdict year = judge(&years, j);
        const vec swapped = judge(&sorted, j).same & day.differs;
        const vec differs = day.differs | month.differs | year.differs;
        /* Masks are minus one each. */
        const vec parts = -(day.same + month.same + year.same);
        vec level = differs & KITH_DATE_ELSE;
        level = choose(year.same,
                       choose(differs, splat(KITH_DATE_YEAR),
                              splat(KITH_DATE_YEAR_DAY_UNKNOWN)),
                       level);
        level =
            choose(equal(parts, splat(2)), splat(KITH_DATE_TWO_PARTS), level);
        level = choose(swapped, splat(KITH_DATE_SWAPPED), level);
        level = choose(equal(parts, splat(3)), splat(KITH_DATE_EXACT), level);
        add_level(patterns + (j - from), level, digit->stride);
    }
}

static inline void
values_digit(const kith_block *b, const kith_digit *digit, uint32_t row,
             uint32_t from, uint32_t to, uint32_t *patterns)
{
    operand values[KITH_MAX_VALUES];
    for (unsigned v = 0; v < digit->n_values; v++)
        values[v] = operand_of(b, digit->value_offsets[v], row);
    for (uint32_t j = from; j < to; j += KERNEL_LANES) {
        vec level = {0}, found = {0}, differs = {0};
        for (unsigned v = 0; v < digit->n_values; v++) {
            const verdict value = judge(&values[v], j);
            level |= value.same & ~found & (v + 1);
            found |= value.same;
            differs |= value.differs;
        }
        level |= differs & ~found & (digit->n_values + 1u);
        add_level(patterns + (j - from), level, digit->stride);
    }
}

void
KERNEL_NAME(const kith_block *block, uint32_t row, uint32_t from, uint32_t to,
            uint32_t *patterns)
{
    const kith_layout *layout = block->layout;
    memset(patterns, 0, (to - from + KITH_BLOCK_PAD) * sizeof *patterns);
    for (unsigned d = 0; d < layout->n_digits; d++) {
        const kith_digit *digit = &layout->digits[d];
        switch (digit->kind) {
        case KITH_COMPARE_NAMES:
        case KITH_COMPARE_TEXT:
            text_digit(block, d, row, from, to, patterns);
            break;
        case KITH_COMPARE_DATE:
            date_digit(block, digit, row, from, to, patterns);
            break;
        case KITH_COMPARE_EXACT:
        case KITH_COMPARE_NESTED:
            values_digit(block, digit, row, from, to, patterns);
            break;
        }
    }
}
