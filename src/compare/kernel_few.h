/**
 * @file kernel_few.h
 * @brief All pairs of a few rows: one row against the others, side by side.
 *
 * Included once by each kernel_<isa>.c, after kernel_body.h, with KERNEL_FEW
 * defined; uses its lane_mask and common_bits.
 */
#include "compare/few.h"

#define FEW_PATTERN ((1u << KITH_FEW_PATTERN_BITS) - 1)

/* A pair that has filters to ask. */
typedef struct few_pair {
    uint32_t entry;
    uint16_t at; /* of its pattern */
    uint8_t left, right;
} few_pair;

enum { FEW_STRIDE = KITH_FEW_ROWS + KERNEL_LANES };

/* The rows of a block, ready to be compared: their tokens as columns. */
typedef struct few_rows {
    uint32_t tokens[KITH_FEW_TOKENS][FEW_STRIDE];
    uint32_t known[FEW_STRIDE];                     /* one bit a token column */
    uint16_t pops[KITH_FEW_FILTERS][KITH_FEW_ROWS]; /* 0: not counted yet */
    const uint8_t *const *rows;
    uint32_t n_open;
    few_pair open[KITH_FEW_PATTERNS];
} few_rows;

static inline void
few_load(few_rows *r, const kith_few *few, const uint8_t *const *rows,
         uint32_t n)
{
    const unsigned n_tokens = few->n_tokens;
    r->rows = rows;
    r->n_open = 0;
    for (unsigned f = 0; f < few->n_filters; f++)
        memset(r->pops[f], 0, sizeof r->pops[f]);
    for (uint32_t i = 0; i < n; i++)
        for (unsigned c = 0; c < n_tokens; c++)
            memcpy(&r->tokens[c][i],
                   rows[i] + KITH_ROW_HEAD + c * sizeof(uint32_t),
                   sizeof(uint32_t));
    for (uint32_t i = 0; i < n; i += KERNEL_LANES) {
        vec known = {0};
        for (unsigned c = 0; c < n_tokens; c++)
            known |= ~equal(load(&r->tokens[c][i]), splat(0)) & splat(1u << c);
        memcpy(&r->known[i], &known, sizeof known);
    }
}

/* One bit for each token that row @p i has the same as each row from @p j on;
 * of a first letter, whether either side's is the other's whole name. */
static inline vec
few_same(const kith_few *few, const few_rows *r, uint32_t i, uint32_t j)
{
    vec same = {0};
    for (unsigned c = 0; c < few->n_tokens; c++)
        same |= equal(load(&r->tokens[c][j]), splat(r->tokens[c][i])) &
                splat(1u << c);
    same &= load(&r->known[j]) & splat(r->known[i]);
    for (unsigned k = 0; k < few->n_initials; k++) {
        const unsigned c = few->initials[k], whole = few->wholes[k];
        const vec either =
            equal(load(&r->tokens[c][j]), splat(r->tokens[whole][i])) |
            equal(load(&r->tokens[whole][j]), splat(r->tokens[c][i]));
        same = (same & splat(~(1u << c))) | (either & splat(1u << c));
    }
    return same;
}

/* What the tokens of row @p i and @p n rows from @p j on say. */
static inline void
few_entries(uint32_t entries[KERNEL_LANES], const kith_few *few,
            const few_rows *r, uint32_t i, uint32_t j, uint32_t n)
{
    const vec same = few_same(few, r, i, j);
    const vec known = load(&r->known[j]) & splat(r->known[i]);
    memset(entries, 0, KERNEL_LANES * sizeof *entries);
    for (unsigned p = 0; p < few->n_parts; p++) {
        const kith_few_part *part = &few->parts[p];
        const vec mask = splat(part->mask);
        const vec at = (same >> part->first & mask) << part->n_columns |
                       (known >> part->first & mask);
        uint32_t index[KERNEL_LANES];
        memcpy(index, &at, sizeof index);
        for (uint32_t lane = 0; lane < n; lane++)
            entries[lane] += part->entries[index[lane]];
    }
}

static inline unsigned
few_population(few_rows *r, unsigned f, uint32_t row, const uint8_t *filter,
               size_t n)
{
    if (r->pops[f][row] == 0)
        r->pops[f][row] = (uint16_t)common_bits(filter, filter, n);
    return r->pops[f][row];
}

/* Asks a pair's open filters, in order of the digits, where the result can
 * still matter. @param n bytes of a filter, a constant when inlined */
static inline uint32_t
few_filters(const kith_few *few, const kith_prune *prune, few_rows *r,
            const few_pair *pair, size_t n)
{
    uint32_t pattern = pair->entry & FEW_PATTERN;
    for (uint32_t open = pair->entry >> KITH_FEW_PATTERN_BITS; open != 0;
         open &= open - 1) {
        const unsigned f = (unsigned)__builtin_ctz(open);
        const unsigned d = few->filter_digits[f];
        const kith_digit *digit = &few->layout->digits[d];
        if (prune != NULL && !prune->keep[d][pattern])
            continue;
        const uint8_t *x = r->rows[pair->left] + digit->filter_offset;
        const uint8_t *y = r->rows[pair->right] + digit->filter_offset;
        const unsigned twice = 2000 * common_bits(x, y, n);
        const unsigned population = few_population(r, f, pair->left, x, n) +
                                    few_population(r, f, pair->right, y, n);
        unsigned reached = 0;
        for (unsigned t = 0; t < digit->n_thresholds; t++)
            reached += twice >= digit->thresholds[t] * population;
        pattern -= reached * digit->stride;
    }
    return pattern;
}

static inline void
few_ask(const kith_few *few, const kith_prune *prune, few_rows *r,
        uint32_t *patterns, size_t n)
{
    for (uint32_t k = 0; k < r->n_open; k++)
        patterns[r->open[k].at] = few_filters(few, prune, r, &r->open[k], n);
}

/* Row @p i with those from itself on; says how many patterns that is. */
static inline uint32_t
few_row(const kith_few *few, few_rows *r, uint32_t i, uint32_t n,
        uint32_t *patterns, uint32_t at)
{
    for (uint32_t j = i; j < n; j += KERNEL_LANES) {
        const uint32_t m = n - j < KERNEL_LANES ? n - j : KERNEL_LANES;
        uint32_t entries[KERNEL_LANES];
        few_entries(entries, few, r, i, j, m);
        for (uint32_t lane = 0; lane < m; lane++) {
            const uint32_t entry = entries[lane];
            patterns[at] = entry & FEW_PATTERN;
            r->open[r->n_open] = (few_pair){entry, (uint16_t)at, (uint8_t)i,
                                            (uint8_t)(j + lane)};
            r->n_open += entry > FEW_PATTERN;
            at++;
        }
    }
    return at;
}

/*
 * Tokens of all pairs first, without a branch, so that pairs overlap in the
 * processor; then the filters of those that need them.
 */
void
KERNEL_FEW(const kith_few *few, const kith_prune *prune,
           const uint8_t *const *rows, uint32_t n, uint32_t *patterns)
{
    few_rows r;
    uint32_t at = 0;
    few_load(&r, few, rows, n);
    for (uint32_t i = 0; i < n; i++)
        at = few_row(few, &r, i, n, patterns, at);
    if (few->layout->filter_bytes == 32)
        few_ask(few, prune, &r, patterns, 32);
    else if (few->layout->filter_bytes == 64)
        few_ask(few, prune, &r, patterns, 64);
    else
        few_ask(few, prune, &r, patterns, 128);
}
