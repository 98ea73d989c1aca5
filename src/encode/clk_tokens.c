#include "base/date.h"
#include "encode/clk_hash.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void
kith_clk_tokens_done(kith_clk_tokens *t)
{
    kith_buffer_done(&t->text);
    kith_buffer_done(&t->value);
    t->n = 0;
}

/* Python's int(): blanks round it, a sign, digits. */
static bool
read_whole(int64_t *out, const char *text)
{
    char *end = NULL;
    errno = 0;
    const long long v = strtoll(text, &end, 10);
    if (end == text || errno != 0)
        return false;
    while (*end == ' ')
        end++;
    *out = v;
    return *end == '\0';
}

static bool
ends_utf8_character(const char *p)
{
    return ((unsigned char)p[1] & 0xC0u) != 0x80u;
}

static bool
good_string(const kith_clk_feature *f, kith_str s)
{
    int64_t length = 0;
    for (size_t i = 0; i < s.len; i++) {
        const unsigned char c = (unsigned char)s.data[i];
        length += (c & 0xC0u) != 0x80u;
        if ((f->ascii && c > 127) ||
            (f->casing == KITH_CLK_UPPER && c >= 'a' && c <= 'z') ||
            (f->casing == KITH_CLK_LOWER && c >= 'A' && c <= 'Z'))
            return false;
    }
    return length >= f->minimum && length <= f->maximum;
}

static bool
good_enum(const kith_clk_feature *f, kith_str s)
{
    for (uint32_t i = 0; i < f->n_values; i++) {
        if (kith_str_equal(s, f->values[i]))
            return true;
    }
    return false;
}

/* Replaces the date in t->value by YYYYMMDD. */
static kith_status
format_date(kith_clk_tokens *t, bool *good, const kith_clk_feature *f,
            kith_error *err)
{
    struct tm tm = {.tm_mday = 1};
    const char *end = strptime(t->value.data, f->date_format, &tm);
    const kith_ymd d = {tm.tm_year + 1900, (uint8_t)(tm.tm_mon + 1),
                        (uint8_t)tm.tm_mday};
    *good = end != NULL && *end == '\0' && kith_ymd_valid(d);
    if (!*good)
        return KITH_OK;
    kith_buffer_clear(&t->value);
    return kith_buffer_printf(&t->value, err, "%04d%02u%02u", (int)d.year,
                              (unsigned)d.month, (unsigned)d.day);
}

static kith_status
format_whole(kith_clk_tokens *t, bool *good, const kith_clk_feature *f,
             kith_error *err)
{
    int64_t v = 0;
    *good = read_whole(&v, t->value.data) && v >= f->minimum && v <= f->maximum;
    if (!*good)
        return KITH_OK;
    kith_buffer_clear(&t->value);
    return kith_buffer_printf(&t->value, err, "%lld", (long long)v);
}

/* Fills t->value with the text that is hashed. */
static kith_status
format_value(kith_clk_tokens *t, bool *good, const kith_clk_feature *f,
             kith_str value, kith_error *err)
{
    kith_status status = KITH_OK;
    *good = true;
    kith_buffer_clear(&t->value);
    if (f->sentinel != NULL && kith_str_equal(value, f->sentinel)) {
        const kith_str to =
            f->replacement == NULL ? value : kith_str_of(f->replacement);
        return kith_buffer_add(&t->value, to.data, to.len, err);
    }
    KITH_TRY(kith_buffer_add(&t->value, value.data, value.len, err));
    if (f->format == KITH_CLK_STRING)
        *good = good_string(f, value);
    else if (f->format == KITH_CLK_ENUM)
        *good = good_enum(f, value);
    else if (f->format == KITH_CLK_DATE)
        KITH_TRY(format_date(t, good, f, err));
    else
        KITH_TRY(format_whole(t, good, f, err));
done:
    return status;
}

static kith_status
add_token(kith_clk_tokens *t, const char *data, size_t n, kith_error *err)
{
    kith_status status = kith_buffer_add(&t->text, data, n, err);
    if (status == KITH_OK)
        status = kith_buffer_add(&t->text, "", 1, err);
    t->n++;
    return status;
}

/* All windows of n code points, n - 1 blanks added at each side. */
static kith_status
cut_ngrams(kith_clk_tokens *t, const kith_clk_feature *f, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer padded = {0};
    for (uint32_t i = 1; i < f->n; i++)
        KITH_TRY(kith_buffer_add(&padded, " ", 1, err));
    KITH_TRY(kith_buffer_add(&padded, t->value.data, t->value.len, err));
    for (uint32_t i = 1; i < f->n; i++)
        KITH_TRY(kith_buffer_add(&padded, " ", 1, err));
    size_t end = 0;
    uint32_t in_window = 0;
    for (size_t begin = 0; begin < padded.len;) {
        while (end < padded.len && in_window < f->n) {
            in_window += ends_utf8_character(padded.data + end);
            end++;
        }
        if (in_window < f->n)
            break;
        if (f->positional)
            KITH_TRY(kith_buffer_printf(&t->text, err, "%u ", t->n + 1));
        KITH_TRY(add_token(t, padded.data + begin, end - begin, err));
        while (!ends_utf8_character(padded.data + begin))
            begin++;
        begin++;
        in_window--;
    }
done:
    kith_buffer_done(&padded);
    return status;
}

/* Neighbours of a number on a grid (Vatsalan & Christen 2015). */
static kith_status
cut_numbers(kith_clk_tokens *t, bool *good, const kith_clk_feature *f,
            kith_error *err)
{
    kith_status status = KITH_OK;
    const int64_t limit = 1000000000000; /* keeps products within 64 bits */
    int64_t v = 0;
    if (read_whole(&v, t->value.data) && v < limit && v > -limit) {
        for (uint32_t i = 0; i < f->precision; i++)
            v *= 10;
    } else {
        char *end = NULL;
        const double x = strtod(t->value.data, &end);
        const double scaled = x * pow(10, f->precision);
        *good = end != t->value.data && *end == '\0' && fabs(scaled) < 1e12;
        if (!*good)
            return KITH_OK;
        v = (int64_t)(f->precision > 0 ? rint(scaled) : trunc(scaled));
    }
    if (v > limit || v < -limit) {
        *good = false;
        return KITH_OK;
    }
    v *= 2 * f->resolution;
    const int64_t residue = (v % f->interval + f->interval) % f->interval;
    v += 2 * residue < f->interval ? -residue : f->interval - residue;
    for (int64_t i = -f->resolution; i <= f->resolution; i++) {
        char text[32];
        const int n = snprintf(text, sizeof text, "%lld",
                               (long long)(v + i * f->interval));
        KITH_TRY(add_token(t, text, (size_t)n, err));
    }
done:
    return status;
}

kith_status
kith_clk_tokenise(kith_clk_tokens *t, bool *good,
                  const kith_clk_feature *feature, kith_str value,
                  kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer_clear(&t->text);
    t->n = 0;
    KITH_TRY(format_value(t, good, feature, value, err));
    if (!*good || t->value.len == 0)
        return KITH_OK;
    if (feature->compare == KITH_CLK_NGRAM)
        KITH_TRY(cut_ngrams(t, feature, err));
    else if (feature->compare == KITH_CLK_NUMERIC)
        KITH_TRY(cut_numbers(t, good, feature, err));
    else
        KITH_TRY(add_token(t, t->value.data, t->value.len, err));
done:
    return status;
}
