#include "base/hex.h"

/* Four bytes at once: a nibble a byte, then '0' and, above nine, the way
 * from behind '9' to 'a'. Persons and links are mostly hexadecimal. */
static void
write_four(char out[8], const uint8_t bytes[4])
{
    uint64_t x = (uint64_t)bytes[0] | (uint64_t)bytes[1] << 16 |
                 (uint64_t)bytes[2] << 32 | (uint64_t)bytes[3] << 48;
    x = (x >> 4 & UINT64_C(0x000f000f000f000f)) |
        (x & UINT64_C(0x000f000f000f000f)) << 8;
    const uint64_t letters =
        (x + UINT64_C(0x0606060606060606)) >> 4 & UINT64_C(0x0101010101010101);
    x += UINT64_C(0x3030303030303030) + letters * ('a' - '0' - 10);
    for (unsigned i = 0; i < 8; i++)
        out[i] = (char)(x >> 8 * i);
}

void
kith_hex_write(char *out, const uint8_t *bytes, size_t n)
{
    for (; n >= 4; n -= 4, bytes += 4, out += 8)
        write_four(out, bytes);
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
}

/* Value of a digit plus one; 0 for what is none. */
static const uint8_t digit_values[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
    ['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
    ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
    ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16};

bool
kith_hex_read(uint8_t *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const unsigned high = digit_values[(unsigned char)text[2 * i]];
        const unsigned low = digit_values[(unsigned char)text[2 * i + 1]];
        if (high == 0 || low == 0)
            return false;
        out[i] = (uint8_t)((high - 1) * 16 + low - 1);
    }
    return true;
}

void
kith_hex_write_u64(char out[16], uint64_t value)
{
    uint8_t bytes[8];
    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(value >> (56 - 8 * i));
    kith_hex_write(out, bytes, sizeof bytes);
}

bool
kith_hex_read_u64(uint64_t *out, const char text[16])
{
    uint8_t bytes[8];
    if (!kith_hex_read(bytes, text, sizeof bytes))
        return false;
    *out = 0;
    for (unsigned i = 0; i < 8; i++)
        *out = *out << 8 | bytes[i];
    return true;
}
