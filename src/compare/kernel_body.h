/**
 * @file kernel_body.h
 * @brief The body that every kernel shares, in vectors of KERNEL_LANES.
 *
 * Included once by each kernel_<isa>.c, which first defines KERNEL_NAME,
 * KERNEL_LANES and KERNEL_DENSE (from how many open lanes on all are counted
 * at once; 0 never), and afterwards the functions that instruction sets do
 * differently.
 * Order    tokens of all digits first; then filters, digit by digit, only
 *          where tokens are known and unequal and the pattern so far leaves
 *          them something to decide
 * Masks    a lane is all ones for yes, zero for no
 */
#include "compare/kernel.h"

#include <string.h>

typedef uint32_t vec __attribute__((vector_size(4 * KERNEL_LANES)));
typedef int32_t signed_vec __attribute__((vector_size(4 * KERNEL_LANES)));

/** One bit per lane of a mask. */
static inline unsigned lane_mask(vec mask);
/** Bits that two filters share. @param n 32, 64 or 128 bytes */
static inline unsigned common_bits(const uint8_t *a, const uint8_t *b,
                                   size_t n);
#if KERNEL_DENSE
/** Bits that filter @p a shares with KERNEL_LANES filters in a row. */
static inline vec common_bits_dense(const uint8_t *a, const uint8_t *rows,
                                    size_t n);
#endif

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

/* Lanes of each vector of a tile whose filters are to be looked at. */
typedef uint16_t open_lanes[KITH_BLOCK_TILE / KERNEL_LANES];

/*
 * What the tokens of a name or text say. Where both are known and unequal
 * the level is "else", until the filters say better.
 */
static inline void
text_tokens(const kith_block *b, unsigned d, uint32_t row, uint32_t from,
            uint32_t to, uint32_t *patterns, open_lanes open)
{
    const kith_digit *digit = &b->layout->digits[d];
    const bool names = digit->kind == KITH_COMPARE_NAMES;
    const operand exact = operand_of(b, digit->exact_offset, row);
    const operand nick =
        operand_of(b, names ? digit->nick_offset : KITH_IMPLIED, row);
    const operand initial = operand_of(b, digit->initial_offset, row);
    const vec last = splat(digit->n_levels - 1u);
    for (uint32_t j = from; j < to; j += KERNEL_LANES) {
        const verdict whole = judge(&exact, j);
        vec near = {0}, first = {0};
        if (names)
            near = judge(&nick, j).same & whole.differs;
        /* One side's whole name is the other's first letter. */
        if (initial.column != NULL)
            first = (equal(load(exact.column + j), initial.own) |
                     equal(exact.own, load(initial.column + j))) &
                    whole.differs & ~near;
        const vec differs = whole.differs & ~near & ~first;
        unsigned mask = lane_mask(differs);
        if (to - j < KERNEL_LANES)
            mask &= (1u << (to - j)) - 1;
        open[(j - from) / KERNEL_LANES] = (uint16_t)mask;
        add_level(patterns + (j - from),
                  (whole.same & KITH_NAME_EXACT) | (near & KITH_NAME_NICK) |
                      (first & KITH_NAME_INITIAL) | (differs & last),
                  digit->stride);
    }
}

/* Thresholds not reached, 0 to n: 2000 common < threshold x population. */
static inline unsigned
missed_thresholds(const kith_digit *digit, unsigned common, unsigned population)
{
    unsigned missed = 0;
    while (missed < digit->n_thresholds &&
           2000 * common < digit->thresholds[missed] * population)
        missed++;
    return missed;
}

#if KERNEL_DENSE
/* One bit a lane, as a mask. */
static inline vec
lanes_of(unsigned mask)
{
    vec bits;
    for (unsigned lane = 0; lane < KERNEL_LANES; lane++)
        bits[lane] = 1u << lane;
    return equal(splat(mask) & bits, bits);
}

static inline void
filters_dense(const kith_digit *digit, vec common, vec population,
              unsigned mask, uint32_t *pattern)
{
    const signed_vec twice = (signed_vec)(common * splat(2000));
    vec reached = {0};
    for (unsigned t = 0; t < digit->n_thresholds; t++) {
        const signed_vec want =
            (signed_vec)(population * splat(digit->thresholds[t]));
        reached -= (vec)(twice >= want);
    }
    const vec sum =
        load(pattern) - (reached & lanes_of(mask)) * splat(digit->stride);
    memcpy(pattern, &sum, sizeof sum);
}
#endif

/* Lanes of @p mask that some level of the open digits could still lift to
 * where it matters. */
static inline unsigned
lanes_kept(const uint8_t *keep, const uint32_t *pattern, unsigned mask)
{
    unsigned kept = 0;
    /* Every lane holds some pattern, and looking is cheaper than asking
     * which to look at. */
    for (unsigned lane = 0; lane < KERNEL_LANES; lane++)
        kept |= (unsigned)keep[pattern[lane]] << lane;
    return kept & mask;
}

/* @param n the filter's bytes: a constant wherever this is inlined */
static inline void
text_filters(const kith_block *b, unsigned d, uint32_t row, uint32_t from,
             uint32_t to, uint32_t *patterns, const open_lanes open,
             const uint8_t *keep, size_t n)
{
    const kith_digit *digit = &b->layout->digits[d];
    const size_t first = (size_t)b->filter_of[d] * b->stride;
    const uint32_t *pops = b->pops + first;
    const uint8_t *filters = b->filters + first * n;
    const uint8_t *own = filters + row * n;
    for (uint32_t j = from; j < to; j += KERNEL_LANES) {
        uint32_t *pattern = patterns + (j - from);
        unsigned mask = open[(j - from) / KERNEL_LANES];
        if (mask != 0 && keep != NULL)
            mask = lanes_kept(keep, pattern, mask);
#if KERNEL_DENSE
        if (__builtin_popcount(mask) >= KERNEL_DENSE) {
            filters_dense(digit, common_bits_dense(own, filters + j * n, n),
                          load(pops + j) + splat(pops[row]), mask, pattern);
            continue;
        }
#endif
        for (; mask != 0; mask &= mask - 1) {
            const unsigned lane = (unsigned)__builtin_ctz(mask);
            const unsigned common =
                common_bits(own, filters + (j + lane) * n, n);
            const unsigned missed =
                missed_thresholds(digit, common, pops[row] + pops[j + lane]);
            pattern[lane] -= (digit->n_thresholds - missed) * digit->stride;
        }
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
    unsigned levels[KITH_MAX_VALUES];
    unsigned n_values = 0;
    for (unsigned v = 0; v < digit->n_values; v++) {
        const uint16_t offset = digit->value_offsets[v];
        if (offset == KITH_ABSENT)
            continue;
        levels[n_values] = v + 1;
        values[n_values++] = operand_of(b, offset, row);
        if (offset == KITH_IMPLIED)
            break; /* equal: no later value is asked */
    }
    for (uint32_t j = from; j < to; j += KERNEL_LANES) {
        vec level = {0}, found = {0}, differs = {0};
        for (unsigned v = 0; v < n_values; v++) {
            const verdict value = judge(&values[v], j);
            level |= value.same & ~found & levels[v];
            found |= value.same;
            differs |= value.differs;
        }
        level |= differs & ~found & (digit->n_values + 1u);
        add_level(patterns + (j - from), level, digit->stride);
    }
}

static inline void
filters_of_width(const kith_block *b, const kith_prune *prune, unsigned d,
                 uint32_t row, uint32_t from, uint32_t to, uint32_t *patterns,
                 const open_lanes open)
{
    const uint8_t *keep = prune != NULL ? prune->keep[d] : NULL;
    switch (b->layout->filter_bytes) {
    case 32:
        text_filters(b, d, row, from, to, patterns, open, keep, 32);
        break;
    case 64:
        text_filters(b, d, row, from, to, patterns, open, keep, 64);
        break;
    default:
        text_filters(b, d, row, from, to, patterns, open, keep, 128);
        break;
    }
}

void
KERNEL_NAME(const kith_block *block, const kith_prune *prune, uint32_t row,
            uint32_t from, uint32_t to, uint32_t *patterns)
{
    const kith_layout *layout = block->layout;
    open_lanes open[KITH_MAX_DIGITS];
    const vec fixed = splat(block->fixed_pattern);
    for (uint32_t j = from; j < to; j += KERNEL_LANES)
        memcpy(patterns + (j - from), &fixed, sizeof fixed);
    for (unsigned d = 0; d < layout->n_digits; d++) {
        const kith_digit *digit = &layout->digits[d];
        if (block->fixed[d])
            continue;
        switch (digit->kind) {
        case KITH_COMPARE_NAMES:
        case KITH_COMPARE_TEXT:
            text_tokens(block, d, row, from, to, patterns, open[d]);
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
    for (unsigned d = 0; d < layout->n_digits; d++)
        if (block->filter_of[d] != KITH_BLOCK_NO_FILTER)
            filters_of_width(block, prune, d, row, from, to, patterns, open[d]);
}
