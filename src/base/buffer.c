#include "base/buffer.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
kith_buffer_done(kith_buffer *b)
{
    if (b->secret && b->data != NULL)
        explicit_bzero(b->data, b->cap);
    kith_free(b->data);
    *b = (kith_buffer){0};
}

/* What grows may move, and what it left would stay in freed memory. */
static kith_status
grow_secret(kith_buffer *b, size_t want, kith_error *err)
{
    kith_buffer next = {.secret = true};
    const kith_status status = KITH_GROW(&next.data, &next.cap, want, err);
    if (status != KITH_OK)
        return status;
    if (b->data != NULL)
        memcpy(next.data, b->data, b->len + 1);
    next.len = b->len;
    kith_buffer_done(b);
    *b = next;
    return KITH_OK;
}

static kith_status
grow(kith_buffer *b, size_t want, kith_error *err)
{
    if (want <= b->cap)
        return KITH_OK;
    return b->secret ? grow_secret(b, want, err)
                     : KITH_GROW(&b->data, &b->cap, want, err);
}

void
kith_buffer_clear(kith_buffer *b)
{
    b->len = 0;
    if (b->data != NULL)
        b->data[0] = '\0';
}

kith_status
kith_buffer_add(kith_buffer *b, const void *data, size_t n, kith_error *err)
{
    kith_status status = grow(b, b->len + n + 1, err);
    if (status != KITH_OK)
        return status;
    if (n != 0)
        memcpy(b->data + b->len, data, n);
    b->len += n;
    b->data[b->len] = '\0';
    return KITH_OK;
}

kith_status
kith_buffer_join(kith_buffer *b, const kith_str *parts, size_t n_parts,
                 kith_error *err)
{
    size_t n = 1;
    for (size_t i = 0; i < n_parts; i++)
        n += parts[i].len;
    kith_status status = grow(b, b->len + n, err);
    if (status != KITH_OK)
        return status;
    for (size_t i = 0; i < n_parts; i++) {
        if (parts[i].len != 0)
            memcpy(b->data + b->len, parts[i].data, parts[i].len);
        b->len += parts[i].len;
    }
    b->data[b->len] = '\0';
    return KITH_OK;
}

kith_status
kith_buffer_reserve(kith_buffer *b, size_t n, kith_error *err)
{
    return grow(b, b->len + n + 1, err);
}

kith_status
kith_buffer_printf(kith_buffer *b, kith_error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    kith_status status = KITH_OK;
    const size_t room = b->cap - b->len;
    const int n =
        vsnprintf(room == 0 ? NULL : b->data + b->len, room, format, args);
    va_end(args);
    if (n < 0)
        status = kith_error_set(err, KITH_ERR_INTERNAL, "bad format");
    else if ((size_t)n >= room)
        status = grow(b, b->len + (size_t)n + 1, err);
    if (status != KITH_OK && room > 0)
        b->data[b->len] = '\0'; /* what it held before */
    if (status == KITH_OK && (size_t)n >= room)
        (void)vsnprintf(b->data + b->len, (size_t)n + 1, format, again);
    if (status == KITH_OK)
        b->len += (size_t)n;
    va_end(again);
    return status;
}

kith_str
kith_str_of(const char *s)
{
    return (kith_str){s, s == NULL ? 0 : strlen(s)};
}

int
kith_str_equal(kith_str a, const char *b)
{
    return a.len == strlen(b) && (a.len == 0 || memcmp(a.data, b, a.len) == 0);
}

kith_str
kith_str_trim(kith_str s)
{
    while (s.len > 0 && (s.data[0] == ' ' || s.data[0] == '\t')) {
        s.data++;
        s.len--;
    }
    while (s.len > 0 && (s.data[s.len - 1] == ' ' || s.data[s.len - 1] == '\t'))
        s.len--;
    return s;
}
