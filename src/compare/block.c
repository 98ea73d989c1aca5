#include "compare/block.h"

#include "base/alloc.h"
#include "compare/popcount.h"

#include <string.h>

/* Whether the key makes the digit exact, level 1, for every pair. */
static bool
is_fixed(const kith_digit *digit)
{
    switch (digit->kind) {
    case KITH_COMPARE_NAMES:
    case KITH_COMPARE_TEXT:
        return digit->exact_offset == KITH_IMPLIED;
    case KITH_COMPARE_DATE:
        return digit->day_offset == KITH_IMPLIED &&
               digit->month_offset == KITH_IMPLIED &&
               digit->year_offset == KITH_IMPLIED;
    case KITH_COMPARE_EXACT:
    case KITH_COMPARE_NESTED:
        return digit->value_offsets[0] == KITH_IMPLIED;
    }
    return false;
}

void
kith_block_init(kith_block *block, const kith_layout *layout)
{
    *block = (kith_block){.layout = layout};
    memset(block->filter_of, KITH_BLOCK_NO_FILTER, sizeof block->filter_of);
    for (unsigned c = 0; c < layout->n_columns; c++) {
        const kith_column *column = &layout->columns[c];
        if (column->role != KITH_COLUMN_FILTER) {
            block->n_tokens++;
            continue;
        }
        if (block->n_filters == 0)
            block->filters_offset = column->offset;
        block->filter_of[column->digit] = block->n_filters++;
    }
    for (unsigned d = 0; d < layout->n_digits; d++) {
        block->fixed[d] = is_fixed(&layout->digits[d]);
        if (block->fixed[d])
            block->fixed_pattern += layout->digits[d].stride;
    }
}

void
kith_block_done(kith_block *block)
{
    kith_free(block->tokens);
    kith_free(block->filters);
    kith_free(block->pops);
    block->tokens = NULL;
    block->filters = NULL;
    block->pops = NULL;
    block->stride = 0;
}

static kith_status
reserve(kith_block *block, uint32_t n, kith_error *err)
{
    uint32_t stride = 64;
    while (stride < n + KITH_BLOCK_PAD)
        stride *= 2;
    if (stride <= block->stride)
        return KITH_OK;
    kith_block_done(block);
    const size_t tokens = (size_t)stride * block->n_tokens;
    const size_t filters = (size_t)stride * block->n_filters;
    const size_t bytes = block->layout->filter_bytes;
    block->tokens = kith_alloc_aligned(tokens + 1, sizeof *block->tokens);
    block->filters = kith_alloc_aligned(filters + 1, bytes);
    block->pops = kith_alloc_aligned(filters + 1, sizeof *block->pops);
    if (block->tokens == NULL || block->filters == NULL || block->pops == NULL)
        return kith_error_memory(err, filters, bytes);
    block->stride = stride;
    return KITH_OK;
}

kith_status
kith_block_fill(kith_block *block, const uint8_t *const *rows, uint32_t n,
                kith_error *err)
{
    const kith_status status = reserve(block, n, err);
    if (status != KITH_OK)
        return status;
    const size_t stride = block->stride;
    const size_t bytes = block->layout->filter_bytes;
    block->n_rows = n;
    for (uint32_t r = 0; r < n; r++) {
        const uint8_t *row = rows[r];
        for (unsigned c = 0; c < block->n_tokens; c++)
            memcpy(&block->tokens[c * stride + r],
                   row + KITH_ROW_HEAD + c * sizeof(uint32_t),
                   sizeof(uint32_t));
        for (unsigned f = 0; f < block->n_filters; f++) {
            const uint8_t *filter = row + block->filters_offset + f * bytes;
            memcpy(block->filters + (f * stride + r) * bytes, filter, bytes);
            block->pops[f * stride + r] = kith_popcount(filter, bytes);
        }
    }
    return KITH_OK;
}
