#include "io/utf8.h"

#include <stdint.h>
#include <string.h>

bool
kith_text_is_plain(const void *text, size_t n)
{
    static const uint64_t ones = UINT64_C(0x0101010101010101);
    static const uint64_t tops = UINT64_C(0x8080808080808080);
    const unsigned char *p = text;
    uint64_t seen = 0;
    size_t i = 0;
    /* A zero byte borrows from its top bit; on ASCII that is exact. */
    for (; i + 8 <= n; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, sizeof word);
        seen |= word | (word - ones);
    }
    for (; i < n; i++)
        seen |= (uint64_t)p[i] | ((uint64_t)p[i] - 1);
    return (seen & tops) == 0;
}

/* The ranges of the bytes after a lead byte; n 0: not a lead byte. */
typedef struct sequence {
    size_t n;
    unsigned char low, high; /* of the second byte; the others 80..BF */
} sequence;

static sequence
sequence_of(unsigned char lead)
{
    if (lead < 0x80)
        return (sequence){1, 0, 0};
    if (lead >= 0xC2 && lead <= 0xDF)
        return (sequence){2, 0x80, 0xBF};
    if (lead >= 0xE0 && lead <= 0xEF)
        return (sequence){3, lead == 0xE0 ? 0xA0 : 0x80,
                          lead == 0xED ? 0x9F : 0xBF};
    if (lead >= 0xF0 && lead <= 0xF4)
        return (sequence){4, lead == 0xF0 ? 0x90 : 0x80,
                          lead == 0xF4 ? 0x8F : 0xBF};
    return (sequence){0, 0, 0};
}

bool
kith_utf8_is_valid(const void *text, size_t n)
{
    const unsigned char *p = text;
    for (size_t i = 0; i < n;) {
        const sequence s = sequence_of(p[i]);
        if (s.n == 0 || s.n > n - i)
            return false;
        if (s.n > 1 && (p[i + 1] < s.low || p[i + 1] > s.high))
            return false;
        for (size_t k = 2; k < s.n; k++)
            if ((p[i + k] & 0xC0) != 0x80)
                return false;
        i += s.n;
    }
    return true;
}
