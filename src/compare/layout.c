#include "compare/layout.h"

#include <stdio.h>
#include <string.h>

/* Pattern tables are indexed directly, one per worker: a million patterns of
 * eight bytes is where that stops being small. */
#define MAX_PATTERNS (1u << 20)

/* Which parts the block key fixes; the last rows are the keyed name and the
 * other. */
enum { KEYED_NAME = KITH_MAX_FIELDS, OTHER_NAME, FIXED_ROWS };

typedef struct fixed_parts {
    bool known[FIXED_ROWS][KITH_PART_DISTRICT + 1];
} fixed_parts;

typedef struct builder {
    kith_layout *layout;
    const kith_spec *spec;
    const kith_spec_pass *pass;
    fixed_parts fixed;
    uint16_t next; /* offset of the next column */
    uint8_t comparison;
    uint8_t slot;
} builder;

/* A field that a part of it already fixes has its coarser parts fixed too. */
static void
close_field(bool *known)
{
    for (int round = 0; round < 2; round++) {
        if (known[KITH_PART_DAY] && known[KITH_PART_MONTH])
            known[KITH_PART_DAYMONTH] = true;
        if (known[KITH_PART_DAYMONTH])
            known[KITH_PART_DAY] = known[KITH_PART_MONTH] = true;
        if (known[KITH_PART_SORTED])
            known[KITH_PART_YEAR] = true;
        if (known[KITH_PART_DAYMONTH] && known[KITH_PART_YEAR])
            known[KITH_PART_WHOLE] = true;
        if (known[KITH_PART_SORTED] &&
            (known[KITH_PART_DAY] || known[KITH_PART_MONTH]))
            known[KITH_PART_WHOLE] = true;
        if (known[KITH_PART_SECTOR])
            known[KITH_PART_DISTRICT] = true;
        if (known[KITH_PART_SOUNDEX])
            known[KITH_PART_INITIAL] = true;
        if (known[KITH_PART_WHOLE])
            for (int kind = 0; kind <= KITH_PART_DISTRICT; kind++)
                known[kind] = true;
    }
}

static unsigned
field_row(uint8_t field)
{
    return field == KITH_FIELD_EITHER  ? KEYED_NAME
           : field == KITH_FIELD_OTHER ? OTHER_NAME
                                       : field;
}

static void
find_fixed(fixed_parts *fixed, const kith_spec_pass *pass)
{
    for (unsigned v = 0; v < pass->n_key; v++)
        for (unsigned p = 0; p < pass->key[v].n_parts; p++) {
            const kith_part *part = &pass->key[v].parts[p];
            fixed->known[field_row(part->field)][part->kind] = true;
        }
    for (unsigned f = 0; f < FIXED_ROWS; f++)
        close_field(fixed->known[f]);
}

static bool
value_fixed(const fixed_parts *fixed, const kith_value *value)
{
    for (unsigned p = 0; p < value->n_parts; p++) {
        const kith_part *part = &value->parts[p];
        if (!fixed->known[field_row(part->field)][part->kind])
            return false;
    }
    return true;
}

/* Adds one column and returns its offset. KITH_MAX_COLUMNS is never reached:
 * KITH_MAX_DIGITS digits of names have 3 columns, a nested one at most
 * KITH_MAX_VALUES, and check_size refuses what does not fit. */
static uint16_t
add_column(builder *b, kith_column_role role, uint8_t value)
{
    kith_layout *layout = b->layout;
    const uint16_t offset = b->next;
    if (layout->n_columns < KITH_MAX_COLUMNS) {
        layout->columns[layout->n_columns] =
            (kith_column){.digit = (uint8_t)(layout->n_digits - 1),
                          .comparison = b->comparison,
                          .slot = b->slot,
                          .value = value,
                          .role = role,
                          .offset = offset};
    }
    layout->n_columns++;
    b->next =
        (uint16_t)(b->next + (role == KITH_COLUMN_FILTER ? layout->filter_bytes
                                                         : sizeof(uint32_t)));
    return offset;
}

static kith_digit *
add_digit(builder *b, unsigned n_levels)
{
    const kith_spec_comparison *c = &b->spec->comparisons[b->comparison];
    kith_digit *digit = &b->layout->digits[b->layout->n_digits++];
    *digit = (kith_digit){.kind = c->kind,
                          .comparison = b->comparison,
                          .slot = b->slot,
                          .n_levels = (uint8_t)n_levels,
                          .n_thresholds = c->n_thresholds};
    memcpy(digit->thresholds, c->thresholds, sizeof digit->thresholds);
    snprintf(digit->name, sizeof digit->name, "%s%s", c->name,
             c->kind != KITH_COMPARE_NAMES ? ""
             : b->slot == 0                ? " A"
                                           : " B");
    return digit;
}

/* One name or text: the filter column is added after all the tokens. */
static void
add_text(builder *b)
{
    const kith_spec_comparison *c = &b->spec->comparisons[b->comparison];
    const bool names = c->kind == KITH_COMPARE_NAMES;
    bool fixed = value_fixed(&b->fixed, &c->values[b->slot]);
    if (names && b->pass->either)
        fixed = b->fixed.known[KEYED_NAME + b->slot][KITH_PART_WHOLE];
    kith_digit *digit =
        add_digit(b, kith_first_similar(c->kind) + c->n_thresholds + 1u);
    const unsigned row = names && b->pass->either
                             ? (unsigned)KEYED_NAME + b->slot
                             : field_row(c->values[b->slot].parts[0].field);
    digit->sounds_alike = b->fixed.known[row][KITH_PART_SOUNDEX];
    if (fixed)
        return;
    digit->exact_offset = add_column(b, KITH_COLUMN_EXACT, b->slot);
    if (names)
        digit->nick_offset = add_column(b, KITH_COLUMN_NICK, b->slot);
    /* Equal sounds have equal first letters, and J has another than JOHN. */
    if (names && !digit->sounds_alike)
        digit->initial_offset = add_column(b, KITH_COLUMN_INITIAL, b->slot);
}

/*
 * Day, month and year as tokens, and day and month sorted with the year to
 * see a swap. What follows from the key has no column: with the sorted date
 * fixed an equal day means an equal month; with the day fixed no swap can be.
 */
static void
add_date(builder *b)
{
    const kith_value *value = &b->spec->comparisons[b->comparison].values[0];
    const bool *known = b->fixed.known[field_row(value->parts[0].field)];
    kith_digit *digit = add_digit(b, KITH_DATE_LEVELS);
    if (!known[KITH_PART_DAY])
        digit->day_offset = add_column(b, KITH_COLUMN_DAY, 0);
    if (!known[KITH_PART_MONTH] && !known[KITH_PART_SORTED])
        digit->month_offset = add_column(b, KITH_COLUMN_MONTH, 0);
    if (!known[KITH_PART_YEAR])
        digit->year_offset = add_column(b, KITH_COLUMN_YEAR, 0);
    if (!known[KITH_PART_SORTED] && !known[KITH_PART_DAY])
        digit->sorted_offset = add_column(b, KITH_COLUMN_SORTED, 0);
}

static void
add_values(builder *b)
{
    const kith_spec_comparison *c = &b->spec->comparisons[b->comparison];
    kith_digit *digit = add_digit(b, 2u + c->n_values);
    digit->n_values = c->n_values;
    for (uint8_t v = 0; v < c->n_values; v++)
        if (b->pass->without[b->comparison] >> v & 1u)
            digit->value_offsets[v] = KITH_ABSENT;
        else if (!value_fixed(&b->fixed, &c->values[v]))
            digit->value_offsets[v] = add_column(b, KITH_COLUMN_VALUE, v);
}

static kith_status
check_comparison(const kith_spec_comparison *c, kith_error *err)
{
    const unsigned n_values = c->kind == KITH_COMPARE_NAMES    ? 2
                              : c->kind == KITH_COMPARE_NESTED ? c->n_values
                                                               : 1;
    if (c->n_values != n_values || n_values == 0)
        return kith_error_set(
            err, KITH_ERR_CONFIG, "comparison \"%s\": wants %u values, has %u",
            c->name, n_values == 0 ? 1 : n_values, c->n_values);
    if (c->kind == KITH_COMPARE_DATE &&
        (c->values[0].n_parts != 1 ||
         c->values[0].parts[0].kind != KITH_PART_WHOLE))
        return kith_error_set(err, KITH_ERR_CONFIG,
                              "comparison \"%s\": wants one whole date",
                              c->name);
    for (unsigned t = 0; t < c->n_thresholds; t++)
        if (c->thresholds[t] == 0 || c->thresholds[t] > 1000 ||
            (t > 0 && c->thresholds[t] >= c->thresholds[t - 1]))
            return kith_error_set(err, KITH_ERR_CONFIG,
                                  "comparison \"%s\": similarity levels must "
                                  "lie in (0, 1] and fall",
                                  c->name);
    return KITH_OK;
}

static kith_status
add_comparison(builder *b, kith_error *err)
{
    const kith_spec_comparison *c = &b->spec->comparisons[b->comparison];
    kith_status status = check_comparison(c, err);
    if (status != KITH_OK)
        return status;
    const unsigned n_digits = c->kind == KITH_COMPARE_NAMES ? 2 : 1;
    if (b->layout->n_digits + n_digits > KITH_MAX_DIGITS)
        return kith_error_set(err, KITH_ERR_CONFIG,
                              "pass \"%s\": more than %d digits of agreement",
                              b->pass->name, (int)KITH_MAX_DIGITS);
    for (b->slot = 0; b->slot < n_digits; b->slot++) {
        switch (c->kind) {
        case KITH_COMPARE_NAMES:
        case KITH_COMPARE_TEXT:
            add_text(b);
            break;
        case KITH_COMPARE_DATE:
            add_date(b);
            break;
        case KITH_COMPARE_EXACT:
        case KITH_COMPARE_NESTED:
            add_values(b);
            break;
        }
    }
    b->slot = 0;
    return KITH_OK;
}

/* Filters follow the tokens, each on a multiple of eight bytes. */
static void
add_filters(builder *b)
{
    b->next = (uint16_t)((b->next + 7u) & ~7u);
    const uint8_t n_digits = b->layout->n_digits;
    for (uint8_t d = 0; d < n_digits; d++) {
        kith_digit *digit = &b->layout->digits[d];
        if (digit->exact_offset == KITH_IMPLIED || digit->n_thresholds == 0)
            continue;
        b->layout->n_digits = (uint8_t)(d + 1);
        b->comparison = digit->comparison;
        b->slot = digit->slot;
        digit->filter_offset = add_column(b, KITH_COLUMN_FILTER, b->slot);
    }
    b->layout->n_digits = n_digits;
    b->layout->row_bytes = b->next;
}

static kith_status
check_size(builder *b, kith_error *err)
{
    uint64_t n_patterns = 1;
    for (unsigned d = 0; d < b->layout->n_digits; d++) {
        b->layout->digits[d].stride = (uint32_t)n_patterns;
        n_patterns *= b->layout->digits[d].n_levels;
        if (n_patterns > MAX_PATTERNS)
            return kith_error_set(err, KITH_ERR_CONFIG,
                                  "pass \"%s\": the comparisons make more "
                                  "than %u agreement patterns",
                                  b->pass->name, MAX_PATTERNS);
    }
    b->layout->n_patterns = (uint32_t)n_patterns;
    if (b->layout->n_columns > KITH_MAX_COLUMNS)
        return kith_error_set(err, KITH_ERR_CONFIG,
                              "pass \"%s\": a row would have %u columns, at "
                              "most %d fit",
                              b->pass->name, b->layout->n_columns,
                              (int)KITH_MAX_COLUMNS);
    return KITH_OK;
}

kith_status
kith_layout_build(kith_layout *out, const kith_spec *spec, unsigned pass,
                  kith_error *err)
{
    *out = (kith_layout){.filter_bytes = (uint16_t)(spec->filter_bits / 8),
                         .either = spec->passes[pass].either};
    builder b = {.layout = out,
                 .spec = spec,
                 .pass = &spec->passes[pass],
                 .next = KITH_ROW_HEAD};
    if (spec->filter_bits != 256 && spec->filter_bits != 512 &&
        spec->filter_bits != 1024)
        return kith_error_set(err, KITH_ERR_CONFIG,
                              "a filter has 256, 512 or 1024 bits, not %u",
                              spec->filter_bits);
    find_fixed(&b.fixed, b.pass);
    for (; b.comparison < spec->n_comparisons; b.comparison++) {
        kith_status status = add_comparison(&b, err);
        if (status != KITH_OK)
            return status;
    }
    if (out->n_digits == 0)
        return kith_error_set(err, KITH_ERR_CONFIG, "no comparisons");
    add_filters(&b);
    return check_size(&b, err);
}
