#include "encode/filter.h"

#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { PER_BLOCK = KITH_AES_BLOCK / 2, MAX_TEXT = 456 };

/* A counter block as two words: bytes stored one by one would have to reach
 * the cache before they can be copied whole. */
typedef struct counter_block {
    uint64_t words[2];
} counter_block;

static counter_block
make_block(uint8_t kind, const char *gram, unsigned q, unsigned occurrence)
{
    uint64_t letters = 0;
    for (unsigned i = 0; i < q; i++)
        letters |= (uint64_t)(uint8_t)gram[i] << (8 * i);
    return (counter_block){
        {1 | (uint64_t)kind << 8 | (uint64_t)q << 16 | letters << 24,
         letters >> 40 | (uint64_t)(occurrence >> 8 & 0xFF) << 16 |
             (uint64_t)(occurrence & 0xFF) << 24}};
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
        const counter_block first =
            make_block(kind, padded + t, length, occurrence);
        for (unsigned c = 0; c < n_blocks; c++) {
            counter_block block = first;
            block.words[1] |= (uint64_t)c << 56;
            memcpy(out->blocks[KITH_GRAM_BLOCKS + out->n_blocks++], &block,
                   sizeof block);
        }
    }
}

static inline void
mark_one(uint8_t *marks, unsigned mask, const uint8_t *cipher)
{
    marks[(unsigned)(cipher[0] << 8 | cipher[1]) & mask] = 0xFF;
}

/* The eight big-endian u16 of a block. */
static inline void
mark_block(uint8_t *marks, unsigned mask, const uint8_t *cipher)
{
    mark_one(marks, mask, cipher);
    mark_one(marks, mask, cipher + 2);
    mark_one(marks, mask, cipher + 4);
    mark_one(marks, mask, cipher + 6);
    mark_one(marks, mask, cipher + 8);
    mark_one(marks, mask, cipher + 10);
    mark_one(marks, mask, cipher + 12);
    mark_one(marks, mask, cipher + 14);
}

/* One byte a bit first: storing bytes needs no read, and insertions would
 * otherwise wait for each other. */
static inline __attribute__((always_inline)) void
mark(uint8_t *marks, unsigned mask, const kith_grams *grams,
     const uint8_t *cipher)
{
    const unsigned each = grams->insertions / grams->n_tokens;
    const unsigned more = grams->insertions % grams->n_tokens;
    for (unsigned t = 0; t < grams->n_tokens; t++) {
        unsigned left = each + (t < more);
        for (; left >= PER_BLOCK; left -= PER_BLOCK) {
            mark_block(marks, mask, cipher);
            cipher += KITH_AES_BLOCK;
        }
        for (unsigned i = 0; i < left; i++)
            mark_one(marks, mask, cipher + 2 * i);
        cipher += left > 0 ? KITH_AES_BLOCK : 0;
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
    if (bits == UINT8_MAX + 1) /* known, a position is one byte */
        mark(marks, UINT8_MAX, grams, cipher);
    else
        mark(marks, bits - 1, grams, cipher);
    for (unsigned i = 0; i < bits / 8; i += 2)
        gather(filter + i, marks + 8 * i);
}
