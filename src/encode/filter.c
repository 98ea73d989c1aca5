#include "encode/filter.h"

#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { PER_BLOCK = KITH_AES_BLOCK / 2, MAX_TEXT = 456 };

static void
put_block(uint8_t *block, uint8_t kind, const char *gram, unsigned q,
          unsigned occurrence)
{
    memset(block, 0, KITH_AES_BLOCK);
    block[0] = 1;
    block[1] = kind;
    block[2] = (uint8_t)q;
    memcpy(block + 3, gram, q);
    block[10] = (uint8_t)(occurrence >> 8);
    block[11] = (uint8_t)occurrence;
}

/* How many equal grams came before. Texts are short: no table pays. */
static unsigned
occurrence_of(const char *text, size_t at, unsigned q)
{
    unsigned seen = 0;
    if (q != 2) {
        for (size_t i = 0; i < at; i++)
            seen += memcmp(text + i, text + at, q) == 0;
        return seen;
    }
    for (size_t i = 0; i < at; i++)
        seen += text[i] == text[at] && text[i + 1] == text[at + 1];
    return seen;
}

/* Insertions of token @p t: B shared out, the remainder to the first. */
static unsigned
share(const kith_grams *g, unsigned t)
{
    const unsigned b = g->insertions, n = g->n_tokens;
    return b / n + (t < b % n);
}

void
kith_grams_make(kith_grams *out, const char *text, size_t n, uint8_t kind,
                unsigned q, unsigned insertions)
{
    char padded[MAX_TEXT + 2];
    out->n_tokens = 0;
    out->n_blocks = 0;
    out->insertions = (uint16_t)insertions;
    if (n == 0 || n > MAX_TEXT)
        return;
    padded[0] = '_';
    memcpy(padded + 1, text, n);
    padded[n + 1] = '_';
    /* A text shorter than a gram, pads and all, is one gram. */
    const unsigned length = n + 2 < q ? (unsigned)n + 2 : q;
    out->n_tokens = (uint16_t)(n + 3 - length);
    for (unsigned t = 0; t < out->n_tokens; t++) {
        const unsigned occurrence = occurrence_of(padded, t, length);
        const unsigned n_blocks = (share(out, t) + PER_BLOCK - 1) / PER_BLOCK;
        uint8_t first[KITH_AES_BLOCK];
        put_block(first, kind, padded + t, length, occurrence);
        for (unsigned c = 0; c < n_blocks; c++) {
            uint8_t *block = out->blocks[KITH_GRAM_BLOCKS + out->n_blocks++];
            memcpy(block, first, sizeof first);
            block[15] = (uint8_t)c;
        }
    }
}

/* The four big-endian u16 of half a block, as they lie in memory. */
static void
mark_four(uint8_t *marks, uint64_t mask, const uint8_t *cipher, unsigned n)
{
    const uint64_t four =
        (uint64_t)cipher[0] << 56 | (uint64_t)cipher[1] << 48 |
        (uint64_t)cipher[2] << 40 | (uint64_t)cipher[3] << 32 |
        (uint64_t)cipher[4] << 24 | (uint64_t)cipher[5] << 16 |
        (uint64_t)cipher[6] << 8 | cipher[7];
    for (unsigned i = 0; i < n; i++)
        marks[four >> (48 - 16 * i) & mask] = 0xFF;
}

/* One byte a bit first: storing bytes needs no read, and insertions would
 * otherwise wait for each other. */
static void
mark(uint8_t *marks, uint64_t mask, const kith_grams *grams,
     const uint8_t *cipher)
{
    const unsigned each = grams->insertions / grams->n_tokens;
    const unsigned more = grams->insertions % grams->n_tokens;
    for (unsigned t = 0; t < grams->n_tokens; t++) {
        unsigned left = each + (t < more);
        for (; left >= PER_BLOCK; left -= PER_BLOCK) {
            mark_four(marks, mask, cipher, 4);
            mark_four(marks, mask, cipher + 8, 4);
            cipher += KITH_AES_BLOCK;
        }
        if (left > 0) {
            mark_four(marks, mask, cipher, left < 4 ? left : 4);
            if (left > 4)
                mark_four(marks, mask, cipher + 8, left - 4);
            cipher += KITH_AES_BLOCK;
        }
    }
}

/* Sixteen marks become two bytes. */
static void
gather(uint8_t out[2], const uint8_t marks[16])
{
#if defined(__SSE2__) /* part of x86-64 */
    __m128i sixteen;
    memcpy(&sixteen, marks, sizeof sixteen);
    const int bits = _mm_movemask_epi8(sixteen);
    out[0] = (uint8_t)bits;
    out[1] = (uint8_t)(bits >> 8);
#else
    for (unsigned i = 0; i < 16; i++)
        out[i / 8] = (uint8_t)((out[i / 8] >> 1) | (marks[i] & 0x80));
#endif
}

void
kith_filter_fill(uint8_t *filter, unsigned bits, const kith_grams *grams,
                 const uint8_t *cipher)
{
    uint8_t marks[8 * KITH_FILTER_MAX_BYTES];
    memset(marks, 0, bits);
    mark(marks, bits - 1, grams, cipher);
    for (unsigned i = 0; i < bits / 8; i += 2)
        gather(filter + i, marks + 8 * i);
}
