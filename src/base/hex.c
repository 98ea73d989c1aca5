#include "base/hex.h"

#include <string.h>

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

enum { DIGITS = 8 };

#define EACH_BYTE(x) (UINT64_C(0x0101010101010101) * (x))

/* Eight digits, a byte each, to their values; false when one is none. */
static bool
read_digits(uint64_t *values, const char text[DIGITS])
{
    uint64_t x = 0;
    memcpy(&x, text, sizeof x);
    const uint64_t letters = x >> 6 & EACH_BYTE(1); /* of either case */
    const uint64_t v = (x & EACH_BYTE(15)) + letters * 9;
    /* Written again they must be the same, in lower case. */
    const uint64_t above_nine = (v + EACH_BYTE(6)) >> 4 & EACH_BYTE(1);
    const uint64_t again = v + EACH_BYTE('0') + above_nine * ('a' - '0' - 10);
    *values = v;
    return (v & EACH_BYTE(16)) == 0 && again == (x | letters << 5);
}

/* The first digit is in the lowest byte. */
static bool
read_four(uint8_t out[DIGITS / 2], const char text[DIGITS])
{
    uint64_t v = 0;
    const bool good = read_digits(&v, text);
    v = (v << 4 | v >> 8) & UINT64_C(0x00ff00ff00ff00ff);
    v = (v | v >> 8) & UINT64_C(0x0000ffff0000ffff);
    const uint32_t bytes = (uint32_t)(v | v >> 16);
    memcpy(out, &bytes, sizeof bytes);
    return good;
}

bool
kith_hex_read(uint8_t *out, const char *text, size_t n)
{
    for (; n >= DIGITS / 2; n -= DIGITS / 2) {
        if (!read_four(out, text))
            return false;
        out += DIGITS / 2;
        text += DIGITS;
    }
    for (size_t i = 0; i < n; i++) {
        const char pair[DIGITS] = {
            text[2 * i], text[2 * i + 1], '0', '0', '0', '0', '0', '0'};
        uint8_t bytes[DIGITS / 2];
        if (!read_four(bytes, pair))
            return false;
        out[i] = bytes[0];
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
