#include "cluster/lines.h"

#include "base/hex.h"
#include "compare/layout.h"
#include "match/pairs.h"

#include <stdlib.h>
#include <string.h>

/* Of a line beside its two agencies: pseudonyms, weights, names of pass, rule
 * and reason, states. */
enum { LINE_BYTES = 512 };

kith_status
kith_line_begin(kith_buffer *line, const kith_refs *refs, kith_error *err)
{
    return kith_buffer_reserve(line, LINE_BYTES + 2 * refs->longest_name, err);
}

void
kith_line_record(kith_buffer *line, const kith_refs *refs, uint32_t record)
{
    const kith_ref_record *r = &refs->records[record];
    const char *agency = refs->agencies[r->agency].name;
    char text[1 + 2 * KITH_PSEUDONYM_BYTES];
    text[0] = ',';
    kith_hex_write(text + 1, r->pseudonym, KITH_PSEUDONYM_BYTES);
    kith_buffer_put(line, agency, strlen(agency));
    kith_buffer_put(line, text, sizeof text);
}

/* By hand: printf with %f would be most of the time. */
void
kith_line_bits(kith_buffer *line, int32_t weight)
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
    kith_buffer_put(line, p, (size_t)(text + sizeof text - p));
}

static void
line_states(kith_buffer *line, const kith_spec *spec, uint32_t states)
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
    kith_buffer_put(line, text, n);
}

static void
line_name(kith_buffer *line, const char *name)
{
    kith_buffer_put(line, ",", 1);
    kith_buffer_put(line, name, strlen(name));
}

void
kith_line_edge(kith_buffer *line, const kith_refs *refs, const kith_spec *spec,
               const kith_edge *e)
{
    kith_line_record(line, refs, e->left);
    kith_buffer_put(line, ",", 1);
    kith_line_record(line, refs, e->right);
    kith_line_bits(line, e->weight);
    line_name(line, spec->passes[e->pass].name);
    line_states(line, spec, e->states);
    kith_line_bits(line, e->rarity);
    kith_line_bits(line, e->identifiers);
    line_name(line, e->rule > 0 ? spec->rules[e->rule - 1].name : "");
}
