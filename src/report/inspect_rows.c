#include "report/inspect_rows.h"

#include "base/date.h"
#include "encode/bundle.h"
#include "match/pairs.h"

#include <string.h>

/* How a column is shown. */
typedef enum shape {
    HEX,      /* bytes as they lie: tokens, pseudonyms */
    NUMBER,   /* unsigned; all ones: "-", unknown */
    SIGNED,   /* negative and smallest values too */
    DAY,      /* days since 1970 */
    HUNDREDS, /* amounts */
    DECILE,   /* the two parts of a person's place */
    COMMUNAL
} shape;

typedef struct column {
    const char *name;
    size_t offset;
    size_t bytes;
    shape shape;
} column;

enum { MAX_COLUMNS = 16 };

struct kith_row_layout {
    const char *kind;
    size_t least; /* bytes of a row; records have tokens behind */
    column columns[MAX_COLUMNS];
};

#define COLUMN(type, field, how)                                               \
    {                                                                          \
#field, offsetof(type, field), sizeof(((type *)NULL)->field), how      \
    }
#define PART(type, field, i, how)                                              \
    {                                                                          \
#field "_" #i,                                                         \
            offsetof(type, field) + (i) * sizeof(((type *)NULL)->field[0]),    \
            sizeof(((type *)NULL)->field[0]), how                              \
    }

static const kith_row_layout layouts[] = {
    {"people",
     sizeof(kith_person_row),
     {COLUMN(kith_person_row, pseudonym, HEX),
      COLUMN(kith_person_row, address, HEX),
      COLUMN(kith_person_row, door, HEX),
      COLUMN(kith_person_row, unit, HEX),
      COLUMN(kith_person_row, surname, HEX),
      COLUMN(kith_person_row, born_month, DAY),
      COLUMN(kith_person_row, updated, DAY),
      COLUMN(kith_person_row, age, SIGNED),
      COLUMN(kith_person_row, sex, NUMBER),
      {"deprivation", offsetof(kith_person_row, place), 1, DECILE},
      {"communal", offsetof(kith_person_row, place), 1, COMMUNAL},
      COLUMN(kith_person_row, neighbourhood, NUMBER),
      COLUMN(kith_person_row, district, NUMBER)}},
    {"events",
     sizeof(kith_event_row),
     {COLUMN(kith_event_row, record, NUMBER),
      COLUMN(kith_event_row, type, NUMBER), COLUMN(kith_event_row, age, SIGNED),
      COLUMN(kith_event_row, start, DAY), COLUMN(kith_event_row, end, DAY),
      PART(kith_event_row, codes, 0, NUMBER),
      PART(kith_event_row, codes, 1, NUMBER),
      PART(kith_event_row, codes, 2, NUMBER),
      PART(kith_event_row, codes, 3, NUMBER),
      PART(kith_event_row, amounts, 0, HUNDREDS),
      PART(kith_event_row, amounts, 1, HUNDREDS),
      PART(kith_event_row, amounts, 2, HUNDREDS),
      PART(kith_event_row, amounts, 3, HUNDREDS)}},
    {"relations",
     sizeof(kith_relation_row),
     {COLUMN(kith_relation_row, record, NUMBER),
      COLUMN(kith_relation_row, other, NUMBER),
      COLUMN(kith_relation_row, kind, NUMBER),
      COLUMN(kith_relation_row, start, DAY),
      COLUMN(kith_relation_row, end, DAY)}},
    {"records",
     sizeof(kith_record_row),
     {COLUMN(kith_record_row, pseudonym, HEX),
      PART(kith_record_row, rarity, 0, NUMBER),
      PART(kith_record_row, rarity, 1, NUMBER)}},
    {"map",
     sizeof(kith_map_row),
     {COLUMN(kith_map_row, ref, HEX), COLUMN(kith_map_row, record, NUMBER),
      COLUMN(kith_map_row, variant, NUMBER)}},
    {"pairs",
     sizeof(kith_pair_row),
     {COLUMN(kith_pair_row, left, HEX), COLUMN(kith_pair_row, right, HEX),
      COLUMN(kith_pair_row, left_file, NUMBER),
      COLUMN(kith_pair_row, right_file, NUMBER),
      COLUMN(kith_pair_row, states, HEX),
      COLUMN(kith_pair_row, weight, SIGNED)}},
};

const kith_row_layout *
kith_row_layout_of(kith_str kind, size_t row_bytes)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        if (kith_str_equal(kind, layouts[i].kind))
            return row_bytes >= layouts[i].least ? &layouts[i] : NULL;
    }
    return NULL;
}

void
kith_row_head(FILE *to, const kith_row_layout *layout)
{
    if (layout == NULL)
        return;
    (void)fputs("row", to);
    for (size_t i = 0; i < MAX_COLUMNS && layout->columns[i].name != NULL; i++)
        (void)fprintf(to, " %s", layout->columns[i].name);
    (void)fputc('\n', to);
}

static void
print_hex(FILE *to, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        (void)fprintf(to, "%02x", bytes[i]);
}

/* Integers of the files are little-endian. */
static void
print_value(FILE *to, const column *c, const uint8_t *at)
{
    char day[16];
    uint64_t n = 0;
    for (size_t i = c->bytes; i > 0; i--)
        n = n << 8 | at[i - 1];
    const unsigned spare = 64 - 8 * (unsigned)c->bytes;
    const int64_t negative = (int64_t)(n << spare) >> spare;
    if (c->shape == DECILE)
        n &= KITH_PLACE_DECILE;
    if (c->shape == COMMUNAL)
        n = (n & KITH_PLACE_COMMUNAL) != 0;
    if (c->shape == NUMBER && n == UINT64_MAX >> spare) {
        (void)fputc('-', to);
    } else if (c->shape == NUMBER || c->shape == DECILE ||
               c->shape == COMMUNAL) {
        (void)fprintf(to, "%llu", (unsigned long long)n);
    } else if (c->shape == SIGNED) {
        (void)fprintf(to, "%lld", (long long)negative);
    } else if (negative == KITH_NO_DATE || negative == KITH_OPEN_END ||
               negative == KITH_NO_AMOUNT) {
        (void)fputs(negative == KITH_OPEN_END ? "open" : "-", to);
    } else if (c->shape == DAY) {
        kith_date_format_iso(day, (int32_t)negative);
        (void)fputs(day, to);
    } else {
        (void)fprintf(to, "%.2f", (double)negative / 100.0);
    }
}

void
kith_row_print(FILE *to, const kith_row_layout *layout, uint64_t number,
               const uint8_t *row, size_t n)
{
    (void)fprintf(to, "%llu", (unsigned long long)number);
    for (size_t i = 0; layout == NULL && i < n; i++)
        (void)fprintf(to, "%s%02x", i % 8 == 0 ? " " : "", row[i]);
    for (size_t i = 0;
         layout != NULL && i < MAX_COLUMNS && layout->columns[i].name != NULL;
         i++) {
        const column *c = &layout->columns[i];
        (void)fputc(' ', to);
        if (c->shape == HEX)
            print_hex(to, row + c->offset, c->bytes);
        else
            print_value(to, c, row + c->offset);
    }
    (void)fputc('\n', to);
}
