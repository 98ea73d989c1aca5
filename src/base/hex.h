/**
 * @file hex.h
 * @brief Bytes as lower-case hexadecimal and back: pseudonyms in CSV files.
 */
#ifndef KITH_BASE_HEX_H
#define KITH_BASE_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Writes 2 x n characters, no NUL. */
void kith_hex_write(char *out, const uint8_t *bytes, size_t n);
/** Reads exactly 2 x n characters; false when any is not hexadecimal. */
bool kith_hex_read(uint8_t *out, const char *text, size_t n);

/** A number as 16 characters, most significant first, no NUL. */
void kith_hex_write_u64(char out[16], uint64_t value);
bool kith_hex_read_u64(uint64_t *out, const char text[16]);

#endif
