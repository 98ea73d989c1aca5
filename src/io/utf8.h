/**
 * @file utf8.h
 * @brief Is this text? NUL bytes and UTF-8 form.
 *
 * Cost     kith_text_is_plain reads eight bytes a step
 * Source   The Unicode Standard 15.0, table 3-7 (well-formed sequences)
 */
#ifndef KITH_IO_UTF8_H
#define KITH_IO_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/** ASCII only, and no NUL: nothing more to check. */
bool kith_text_is_plain(const void *text, size_t n);
/** Well-formed UTF-8: no overlong forms, surrogates or values too large. */
bool kith_utf8_is_valid(const void *text, size_t n);

#endif
