/**
 * @file kernel_few.h
 * @brief All pairs of a few rows, in vectors along the rows.
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

/* The rows of a block, ready to be compared. */
typedef struct few_rows {
    uint32_t tokens[KITH_FEW_ROWS][KITH_FEW_TOKENS];
    uint32_t known[KITH_FEW_ROWS];                  /* one bit a token column */
    uint16_t pops[KITH_FEW_FILTERS][KITH_FEW_ROWS]; /* 0: not counted yet */
    const uint8_t *const *rows;
    uint32_t n_open;
    few_pair open[KITH_FEW_PATTERNS];
} few_rows;

/* One bit for each token that both rows have the same. */
static inline uint32_t
same_tokens(const uint32_t *a, const uint32_t *b, unsigned n)
{
    uint32_t same = 0;
    for (unsigned c = 0; c < n; c += KERNEL_LANES)
        same |= (uint32_t)lane_mask(equal(load(a + c), load(b + c))) << c;
    return same;
}

static inline void
few_load(few_rows *r, const kith_few *few, const uint8_t *const *rows,
         uint32_t n)
{
    static const uint32_t none[KITH_FEW_TOKENS];
    const unsigned n_tokens = few->n_tokens;
    const uint32_t columns = (uint32_t)((1ull << n_tokens) - 1);
    r->rows = rows;
    r->n_open = 0;
    for (unsigned f = 0; f < few->n_filters; f++)
        memset(r->pops[f], 0, sizeof r->pops[f]);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t *tokens = r->tokens[i];
        const uint8_t *from = rows[i] + KITH_ROW_HEAD;
        if (few->roomy)
            for (unsigned c = 0; c < n_tokens; c += KERNEL_LANES)
                memcpy(tokens + c, from + c * sizeof *tokens, sizeof(vec));
        else
            for (unsigned c = 0; c < n_tokens; c++)
                memcpy(tokens + c, from + c * sizeof *tokens, sizeof *tokens);
        r->known[i] = ~same_tokens(tokens, none, n_tokens) & columns;
    }
}

/* What the tokens of a pair say. */
static inline uint32_t
few_entry(const kith_few *few, const few_rows *r, uint32_t i, uint32_t j)
{
    const uint32_t known = r->known[i] & r->known[j];
    const uint32_t *a = r->tokens[i], *b = r->tokens[j];
    uint32_t same = known & same_tokens(a, b, few->n_tokens);
    for (unsigned k = 0; k < few->n_initials; k++) {
        const unsigned c = few->initials[k], whole = few->wholes[k];
        const uint32_t either = (a[c] == b[whole]) | (b[c] == a[whole]);
        same = (same & ~(1u << c)) | either << c;
    }
    uint32_t entry = 0;
    for (unsigned p = 0; p < few->n_parts; p++) {
        const kith_few_part *part = &few->parts[p];
        const uint32_t equal_bits = same >> part->first & part->mask;
        const uint32_t known_bits = known >> part->first & part->mask;
        entry += part->entries[equal_bits << part->n_columns | known_bits];
    }
    return entry;
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

/*
 * Tokens of all pairs first, without a branch, so that pairs overlap in the
 * processor; then the filters of those that need them.
 */
void
KERNEL_FEW(const kith_few *few, const kith_prune *prune,
           const uint8_t *const *rows, uint32_t n, uint32_t *patterns)
{
    few_rows r;
    uint16_t at = 0;
    few_load(&r, few, rows, n);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = i; j < n; j++) {
            const uint32_t entry = few_entry(few, &r, i, j);
            r.open[r.n_open] = (few_pair){entry, at, (uint8_t)i, (uint8_t)j};
            r.n_open += entry > FEW_PATTERN;
            patterns[at++] = entry & FEW_PATTERN;
        }
    if (few->layout->filter_bytes == 32)
        few_ask(few, prune, &r, patterns, 32);
    else if (few->layout->filter_bytes == 64)
        few_ask(few, prune, &r, patterns, 64);
    else
        few_ask(few, prune, &r, patterns, 128);
}
