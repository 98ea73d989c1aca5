#include "base/hex.h"

void
kith_hex_write(char *out, const uint8_t *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
}

static int
nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool
kith_hex_read(uint8_t *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const int high = nibble(text[2 * i]);
        const int low = nibble(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high * 16 + low);
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
