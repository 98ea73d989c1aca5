#include "cluster/lines.h"

#include "base/hex.h"
#include "compare/layout.h"
#include "match/pairs.h"

#include <stdlib.h>
#include <string.h>

enum { FLUSH_BYTES = 1 << 18 };

kith_status
kith_line_record(kith_buffer *line, const kith_refs *refs, uint32_t record,
                 kith_error *err)
{
    kith_status status = KITH_OK;
    const char *agency = refs->agencies[refs->agency_of[record]].name;
    char text[1 + 2 * KITH_PSEUDONYM_BYTES];
    text[0] = ',';
    kith_hex_write(text + 1, refs->pseudonyms[record], KITH_PSEUDONYM_BYTES);
    KITH_TRY(kith_buffer_add(line, agency, strlen(agency), err));
    KITH_TRY(kith_buffer_add(line, text, sizeof text, err));
done:
    return status;
}

/* By hand: a run writes tens of millions of weights, and printf with %f
 * would be most of its time. */
kith_status
kith_line_bits(kith_buffer *line, int32_t weight, kith_error *err)
{
    char text[16];
    char *p = text + sizeof text;
    uint32_t hundredths =
        ((uint32_t)abs(weight) * 100 + KITH_WEIGHT_PER_BIT / 2) /
        KITH_WEIGHT_PER_BIT;
    const bool negative = weight < 0 && hundredths != 0;
    for (int digit = 0; digit < 3 || hundredths != 0; digit++) {
        if (digit == 2)
            *--p = '.';
        *--p = (char)('0' + hundredths % 10);
        hundredths /= 10;
    }
    if (negative)
        *--p = '-';
    *--p = ',';
    return kith_buffer_add(line, p, (size_t)(text + sizeof text - p), err);
}

static kith_status
line_pass(kith_buffer *line, const kith_spec *spec, uint8_t pass,
          kith_error *err)
{
    kith_status status = KITH_OK;
    const char *name = spec->passes[pass].name;
    KITH_TRY(kith_buffer_add(line, ",", 1, err));
    KITH_TRY(kith_buffer_add(line, name, strlen(name), err));
done:
    return status;
}

static kith_status
line_states(kith_buffer *line, const kith_spec *spec, uint32_t states,
            kith_error *err)
{
    static const char letters[] = {[KITH_STATE_NULL] = 'n',
                                   [KITH_STATE_EXACT] = 'e',
                                   [KITH_STATE_FUZZY] = 'f',
                                   [KITH_STATE_DIFFERS] = 'd'};
    char text[1 + KITH_MAX_DIGITS];
    size_t n = 0;
    text[n++] = ',';
    for (uint8_t c = 0; c < spec->n_comparisons; c++) {
        const int digits =
            spec->comparisons[c].kind == KITH_COMPARE_NAMES ? 2 : 1;
        for (int d = 0; d < digits && n < sizeof text; d++, states >>= 2)
            text[n++] = letters[states & 3];
    }
    return kith_buffer_add(line, text, n, err);
}

static kith_status
line_rule(kith_buffer *line, const kith_spec *spec, unsigned rule,
          kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_buffer_add(line, ",", 1, err));
    if (rule > 0) {
        const char *name = spec->rules[rule - 1].name;
        KITH_TRY(kith_buffer_add(line, name, strlen(name), err));
    }
done:
    return status;
}

kith_status
kith_line_edge(kith_buffer *line, const kith_refs *refs, const kith_spec *spec,
               const kith_edge *e, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_line_record(line, refs, e->left, err));
    KITH_TRY(kith_buffer_add(line, ",", 1, err));
    KITH_TRY(kith_line_record(line, refs, e->right, err));
    KITH_TRY(kith_line_bits(line, e->weight, err));
    KITH_TRY(line_pass(line, spec, e->pass, err));
    KITH_TRY(line_states(line, spec, e->states, err));
    KITH_TRY(kith_line_bits(line, e->rarity, err));
    KITH_TRY(kith_line_bits(line, e->identifiers, err));
    KITH_TRY(line_rule(line, spec, e->rule, err));
done:
    return status;
}

kith_status
kith_lines_flush(kith_buffer *lines, kith_out *out, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_out_write(out, lines->data, lines->len, err));
    kith_buffer_clear(lines);
done:
    return status;
}

kith_status
kith_line_end(kith_buffer *lines, kith_out *out, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_buffer_add(lines, "\n", 1, err));
    if (lines->len >= FLUSH_BYTES)
        KITH_TRY(kith_lines_flush(lines, out, err));
done:
    return status;
}
