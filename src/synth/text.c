#include "synth/text.h"

#include "base/alloc.h"
#include "base/date.h"

#include <string.h>

static const char MONTHS[12][4] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                   "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};

const char *
kith_date_style_name(kith_date_style style)
{
    static const char *const names[] = {"yyyy-mm-dd", "dd/mm/yyyy", "ddmmmyyyy",
                                        "yyyymmdd", "dd-mm-yyyy"};
    return names[style];
}

kith_status
kith_text_reserve(kith_buffer *b, kith_error *err)
{
    const size_t want = b->len + KITH_TEXT_ROW;
    if (want <= b->cap)
        return KITH_OK;
    return KITH_GROW(&b->data, &b->cap, want, err);
}

void
kith_text_raw(kith_buffer *b, const char *s)
{
    const size_t n = strlen(s);
    memcpy(b->data + b->len, s, n);
    b->len += n;
}

void
kith_text_char(kith_buffer *b, char c)
{
    b->data[b->len++] = c;
}

void
kith_text_field(kith_buffer *b, const char *s, char delimiter)
{
    const size_t n = strlen(s);
    if (memchr(s, delimiter, n) == NULL && memchr(s, '"', n) == NULL) {
        memcpy(b->data + b->len, s, n);
        b->len += n;
        return;
    }
    kith_text_char(b, '"');
    for (const char *p = s; *p != '\0'; p++) {
        if (*p == '"')
            kith_text_char(b, '"');
        kith_text_char(b, *p);
    }
    kith_text_char(b, '"');
}

size_t
kith_text_number(char *out, uint64_t v, unsigned digits)
{
    kith_buffer b = {.data = out};
    kith_text_digits(&b, v, digits);
    out[b.len] = '\0';
    return b.len;
}

void
kith_text_digits(kith_buffer *b, uint64_t v, unsigned digits)
{
    unsigned n = 1;
    for (uint64_t rest = v; rest >= 10; rest /= 10)
        n++;
    if (n < digits)
        n = digits;
    char *out = b->data + b->len;
    for (unsigned i = n; i > 0; i--) {
        out[i - 1] = (char)('0' + v % 10);
        v /= 10;
    }
    b->len += n;
}

void
kith_text_u64(kith_buffer *b, uint64_t v)
{
    kith_text_digits(b, v, 1);
}

void
kith_text_label(kith_buffer *b, char letter, uint64_t number)
{
    kith_text_char(b, letter);
    kith_text_digits(b, number, 9);
}

void
kith_text_amount(kith_buffer *b, int32_t hundredths)
{
    uint32_t v = (uint32_t)hundredths;
    if (hundredths < 0) {
        kith_text_char(b, '-');
        v = 0u - v;
    }
    kith_text_u64(b, v / 100);
    if (v % 100 != 0) {
        kith_text_char(b, '.');
        kith_text_digits(b, v % 100, 2);
    }
}

/* Two digits: the bulk of all dates. */
static void
put_two(kith_buffer *b, unsigned v)
{
    b->data[b->len] = (char)('0' + v / 10);
    b->data[b->len + 1] = (char)('0' + v % 10);
    b->len += 2;
}

static void
put_year(kith_buffer *b, int32_t year)
{
    put_two(b, (unsigned)year / 100);
    put_two(b, (unsigned)year % 100);
}

static void
put_date(kith_buffer *b, kith_ymd d, kith_date_style style)
{
    const char sep = style == KITH_DATE_BRITISH ? '/' : '-';
    switch (style) {
    case KITH_DATE_ISO:
    case KITH_DATE_COMPACT:
        put_year(b, d.year);
        if (style == KITH_DATE_ISO)
            kith_text_char(b, '-');
        put_two(b, d.month);
        if (style == KITH_DATE_ISO)
            kith_text_char(b, '-');
        put_two(b, d.day);
        break;
    case KITH_DATE_ORACLE:
        put_two(b, d.day);
        kith_text_raw(b, MONTHS[d.month - 1]);
        put_year(b, d.year);
        break;
    case KITH_DATE_BRITISH:
    case KITH_DATE_DASHED:
        put_two(b, d.day);
        kith_text_char(b, sep);
        put_two(b, d.month);
        kith_text_char(b, sep);
        put_year(b, d.year);
        break;
    }
}

void
kith_text_date(kith_buffer *b, int32_t days, kith_date_style style)
{
    if (days != KITH_NO_DATE)
        put_date(b, kith_ymd_from_days(days), style);
}

void
kith_text_no_such_day(kith_buffer *b, int32_t days, kith_date_style style)
{
    kith_ymd d = kith_ymd_from_days(days);
    d.month = 2;
    d.day = 31;
    put_date(b, d, style);
}
