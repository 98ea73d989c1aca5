#include "compare/few.h"

#include "base/alloc.h"

#include <string.h>

/* Columns of a part: tables of 4^5 entries stay in the first-level cache. */
enum { PART_COLUMNS = 5 };

static unsigned
token_column(uint16_t offset)
{
    return (offset - KITH_ROW_HEAD) / (unsigned)sizeof(uint32_t);
}

static void
find_initials(kith_few *few)
{
    for (unsigned d = 0; d < few->layout->n_digits; d++) {
        const kith_digit *digit = &few->layout->digits[d];
        if (digit->initial_offset == KITH_IMPLIED)
            continue;
        if (few->n_initials == KITH_FEW_INITIALS) {
            few->usable = false;
            return;
        }
        few->initials[few->n_initials] =
            (uint8_t)token_column(digit->initial_offset);
        few->wholes[few->n_initials++] =
            (uint8_t)token_column(digit->exact_offset);
    }
}

static void
count_columns(kith_few *few)
{
    const kith_layout *layout = few->layout;
    few->usable = true;
    for (unsigned c = 0; c < layout->n_columns; c++) {
        const kith_column *column = &layout->columns[c];
        if (column->role != KITH_COLUMN_FILTER)
            few->n_tokens++;
        else if (few->n_filters < KITH_FEW_FILTERS)
            few->filter_digits[few->n_filters++] = column->digit;
        else
            few->usable = false;
    }
    few->usable = few->usable && few->n_tokens <= KITH_FEW_TOKENS &&
                  layout->n_patterns <= 1u << KITH_FEW_PATTERN_BITS;
    find_initials(few);
    few->roomy =
        KITH_ROW_HEAD + KITH_FEW_TOKENS * sizeof(uint32_t) <= layout->row_bytes;
}

/* Token columns of digit @p d; they lie side by side, in order of digits. */
static unsigned
columns_of(const kith_layout *layout, unsigned d)
{
    unsigned n = 0;
    for (unsigned c = 0; c < layout->n_columns; c++)
        n += layout->columns[c].digit == d &&
             layout->columns[c].role != KITH_COLUMN_FILTER;
    return n;
}

static void
put_token(uint8_t *row, unsigned column, uint32_t token)
{
    memcpy(row + KITH_ROW_HEAD + column * sizeof token, &token, sizeof token);
}

/* Two rows of the given agreement, whose filters share nothing. */
static void
make_rows(uint8_t *a, uint8_t *b, const kith_few *few,
          const kith_few_part *part, uint32_t index)
{
    const kith_layout *layout = few->layout;
    const uint32_t known = index, equal = index >> part->n_columns;
    memset(a, 0, layout->row_bytes);
    memset(b, 0, layout->row_bytes);
    for (unsigned f = 0; f < few->n_filters; f++)
        memset(a + layout->digits[few->filter_digits[f]].filter_offset, 0xFF,
               layout->filter_bytes);
    for (unsigned c = 0; c < part->n_columns; c++) {
        if ((known >> c & 1) == 0)
            continue;
        put_token(a, part->first + c, 1);
        put_token(b, part->first + c, (equal >> c & 1) != 0 ? 1 : 2);
    }
    for (unsigned i = 0; i < few->n_initials; i++) {
        const unsigned c = few->initials[i] - part->first;
        if (few->initials[i] < part->first || c >= part->n_columns)
            continue;
        /* Nobody's whole name, or that of b. */
        put_token(a, few->initials[i], 3);
        put_token(b, few->initials[i], 3);
        if ((equal >> c & 1) != 0)
            memcpy(a + KITH_ROW_HEAD + few->initials[i] * sizeof(uint32_t),
                   b + KITH_ROW_HEAD + few->wholes[i] * sizeof(uint32_t),
                   sizeof(uint32_t));
    }
}

static uint32_t
entry_of(const kith_few *few, uint32_t pattern, unsigned begin, unsigned end)
{
    const kith_layout *layout = few->layout;
    uint32_t entry = 0;
    for (unsigned d = begin; d < end; d++)
        entry +=
            kith_pattern_level(layout, pattern, d) * layout->digits[d].stride;
    for (unsigned f = 0; f < few->n_filters; f++) {
        const unsigned d = few->filter_digits[f];
        if (d >= begin && d < end &&
            kith_pattern_level(layout, pattern, d) ==
                layout->digits[d].n_levels - 1)
            entry |= 1u << (KITH_FEW_PATTERN_BITS + f);
    }
    return entry;
}

/* The part of digits [begin, end), whose columns begin at @p first. */
static kith_status
add_part(kith_few *few, uint8_t *rows, unsigned begin, unsigned end,
         unsigned first, kith_error *err)
{
    kith_few_part *part = &few->parts[few->n_parts];
    uint8_t *a = rows, *b = rows + few->layout->row_bytes;
    *part = (kith_few_part){.first = (uint8_t)first};
    for (unsigned d = begin; d < end; d++)
        part->n_columns =
            (uint8_t)(part->n_columns + columns_of(few->layout, d));
    part->mask = (1u << part->n_columns) - 1;
    const uint32_t n = 1u << (2 * part->n_columns);
    const kith_status status = KITH_ALLOC(&part->entries, n, err);
    if (status != KITH_OK)
        return status;
    few->n_parts++;
    for (uint32_t i = 0; i < n; i++) {
        make_rows(a, b, few, part, i);
        part->entries[i] =
            entry_of(few, kith_compare_rows(few->layout, a, b), begin, end);
    }
    return KITH_OK;
}

static kith_status
add_parts(kith_few *few, uint8_t *rows, kith_error *err)
{
    const kith_layout *layout = few->layout;
    unsigned first = 0;
    for (unsigned d = 0, end; d < layout->n_digits; d = end) {
        unsigned n = columns_of(layout, d);
        for (end = d + 1; end < layout->n_digits; end++) {
            const unsigned more = columns_of(layout, end);
            if (n + more > PART_COLUMNS)
                break;
            n += more;
        }
        const kith_status status = add_part(few, rows, d, end, first, err);
        if (status != KITH_OK)
            return status;
        first += n;
    }
    return KITH_OK;
}

kith_status
kith_few_init(kith_few *out, const kith_layout *layout, kith_error *err)
{
    kith_status status = KITH_OK;
    uint8_t *rows = NULL;
    *out = (kith_few){.layout = layout};
    count_columns(out);
    if (!out->usable)
        return KITH_OK;
    KITH_TRY(KITH_ALLOC(&rows, (size_t)2 * layout->row_bytes, err));
    KITH_TRY(add_parts(out, rows, err));
done:
    kith_free(rows);
    if (status != KITH_OK)
        kith_few_done(out);
    return status;
}

void
kith_few_done(kith_few *few)
{
    for (unsigned i = 0; i < few->n_parts; i++)
        kith_free(few->parts[i].entries);
    few->n_parts = 0;
    few->usable = false;
}
