#include "encode/values.h"

#include "encode/soundex.h"

#include <string.h>

/* Dates are kept as yyyymmdd, as far as they are known. */
static kith_str
date_part(char scratch[16], const kith_norm *f, kith_part_kind kind)
{
    const kith_str none = {NULL, 0};
    switch (kind) {
    case KITH_PART_YEAR:
        return (kith_str){f->text, 4};
    case KITH_PART_MONTH:
        return f->len < 6 ? none : (kith_str){f->text + 4, 2};
    case KITH_PART_DAY:
        return f->len < 8 ? none : (kith_str){f->text + 6, 2};
    case KITH_PART_DAYMONTH:
        return f->len < 8 ? none : (kith_str){f->text + 4, 4};
    case KITH_PART_SORTED: {
        if (f->len < 8)
            return none;
        const bool month_first = memcmp(f->text + 4, f->text + 6, 2) <= 0;
        memcpy(scratch, f->text, 4);
        memcpy(scratch + 4, f->text + (month_first ? 4 : 6), 2);
        memcpy(scratch + 6, f->text + (month_first ? 6 : 4), 2);
        return (kith_str){scratch, 8};
    }
    case KITH_PART_WHOLE:
    case KITH_PART_SOUNDEX:
    case KITH_PART_INITIAL:
    case KITH_PART_SECTOR:
    case KITH_PART_DISTRICT:
        break;
    }
    return none;
}

kith_str
kith_part_text(char scratch[16], const kith_norm *fields, kith_part part,
               kith_keyed_names names)
{
    const kith_norm *f = &fields[kith_keyed_field(part.field, names)];
    const kith_str none = {NULL, 0};
    if (f->len == 0)
        return none;
    switch (part.kind) {
    case KITH_PART_WHOLE:
        return f->partial ? none : (kith_str){f->text, f->len};
    case KITH_PART_SOUNDEX:
        if (f->sound[0] != '\0')
            return (kith_str){f->sound, KITH_SOUNDEX_BYTES};
        return kith_soundex(scratch, f->text, f->len)
                   ? (kith_str){scratch, KITH_SOUNDEX_BYTES}
                   : none;
    case KITH_PART_INITIAL:
        return (kith_str){f->text, 1};
    case KITH_PART_SECTOR: /* all but the unit's two letters */
        return f->partial || f->len < 5 ? none
                                        : (kith_str){f->text, f->len - 2u};
    case KITH_PART_DISTRICT:
        return f->partial   ? (kith_str){f->text, f->len}
               : f->len < 5 ? none
                            : (kith_str){f->text, f->len - 3u};
    case KITH_PART_DAY:
    case KITH_PART_MONTH:
    case KITH_PART_YEAR:
    case KITH_PART_DAYMONTH:
    case KITH_PART_SORTED:
        return date_part(scratch, f, part.kind);
    }
    return none;
}

static void
put_length(uint8_t *out, size_t n)
{
    out[0] = (uint8_t)(n >> 8);
    out[1] = (uint8_t)n;
}

size_t
kith_value_bytes(uint8_t out[KITH_VALUE_BYTES], const kith_norm *fields,
                 const kith_value *value, kith_keyed_names names)
{
    size_t n = 0;
    for (unsigned i = 0; i < value->n_parts; i++) {
        char scratch[16];
        const kith_str text =
            kith_part_text(scratch, fields, value->parts[i], names);
        if (text.len == 0)
            return 0;
        put_length(out + n, text.len);
        memcpy(out + n + 2, text.data, text.len);
        n += 2 + text.len;
    }
    return n;
}

size_t
kith_value_text(char out[KITH_VALUE_BYTES], const kith_norm *fields,
                const kith_value *value)
{
    size_t n = 0;
    for (unsigned i = 0; i < value->n_parts; i++) {
        char scratch[16];
        const kith_str text = kith_part_text(scratch, fields, value->parts[i],
                                             (kith_keyed_names){0, 0});
        if (text.len == 0)
            return 0;
        memcpy(out + n, text.data, text.len);
        n += text.len;
    }
    return n;
}

size_t
kith_block_bytes(uint8_t out[KITH_BLOCK_BYTES], const kith_norm *fields,
                 const kith_spec_pass *pass, kith_keyed_names names)
{
    size_t n = 2;
    for (unsigned i = 0; i < pass->n_key; i++) {
        const size_t got =
            kith_value_bytes(out + n, fields, &pass->key[i], names);
        if (got == 0)
            return 0;
        n += got;
    }
    put_length(out, n - 2);
    return n;
}
