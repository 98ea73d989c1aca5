#include "base/dateformat.h"

#include <string.h>

/** A pattern's words, longest first so that "mmm" is not taken for "mm". */
static const struct {
    const char *word;
    char item;
    char part;
} words[] = {
    {"yyyy", 'Y', 'y'}, {"yy", 'y', 'y'}, {"mmm", 'N', 'm'}, {"mm", 'M', 'm'},
    {"m", 'm', 'm'},    {"dd", 'D', 'd'}, {"d", 'd', 'd'},
};
enum { N_WORDS = sizeof words / sizeof *words };

static bool
is_separator(char c)
{
    return c == '/' || c == '-' || c == '.' || c == ' ';
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/** The pattern's own time of day, which means nothing more. */
static bool
is_time_pattern(const char *p)
{
    return (*p == 'T' || *p == ' ') &&
           (strcmp(p + 1, "hh:mm") == 0 || strcmp(p + 1, "hh:mm:ss") == 0);
}

static kith_status
refuse(const char *pattern, kith_error *err)
{
    kith_error_set(err, KITH_ERR_CONFIG, "\"%s\" is not a date format",
                   pattern);
    kith_error_hint(err, "write day, month and year once each, such as "
                         "dd/mm/yyyy, yyyy-mm-dd, d.m.yy or ddmmmyyyy");
    return KITH_ERR_CONFIG;
}

/** Appends one word of the pattern and marks its part as seen. */
static const char *
take_word(kith_date_format *f, const char *p, unsigned *seen)
{
    for (size_t i = 0; i < N_WORDS; i++) {
        const size_t n = strlen(words[i].word);
        if (strncmp(p, words[i].word, n) != 0)
            continue;
        const unsigned bit = words[i].part == 'y'   ? 1
                             : words[i].part == 'm' ? 2
                                                    : 4;
        if ((*seen & bit) != 0)
            return NULL;
        *seen |= bit;
        f->items[f->n_items++] = words[i].item;
        return p + n;
    }
    return NULL;
}

kith_status
kith_date_format_parse(kith_date_format *out, const char *pattern,
                       kith_error *err)
{
    kith_date_format f = {.max_year = KITH_DATE_MAX_YEAR};
    const char *p = pattern;
    unsigned seen = 0;
    while (seen != 7) {
        p = take_word(&f, p, &seen);
        if (p == NULL)
            return refuse(pattern, err);
        const char last = f.items[f.n_items - 1];
        if (seen == 7)
            break;
        if (is_separator(*p))
            f.items[f.n_items++] = *p++;
        else if (last == 'd' || last == 'm')
            return refuse(pattern, err);
    }
    if (*p != '\0' && !is_time_pattern(p))
        return refuse(pattern, err);
    *out = f;
    return KITH_OK;
}

/** Reads min to max digits; 0 when there are fewer. */
static size_t
read_number(kith_str s, size_t min, size_t max, int32_t *out)
{
    size_t n = 0;
    int32_t v = 0;
    while (n < max && n < s.len && is_digit(s.data[n])) {
        v = v * 10 + (s.data[n] - '0');
        n++;
    }
    if (n < min)
        return 0;
    *out = v;
    return n;
}

static size_t
read_month_name(kith_str s, int32_t *out)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (s.len < 3)
        return 0;
    char low[3];
    for (size_t i = 0; i < 3; i++)
        low[i] = s.data[i] >= 'A' && s.data[i] <= 'Z'
                     ? (char)(s.data[i] - 'A' + 'a')
                     : s.data[i];
    for (int32_t m = 0; m < 12; m++) {
        if (memcmp(low, names + m * 3, 3) == 0) {
            *out = m + 1;
            return 3;
        }
    }
    return 0;
}

/** Moves past "NN" or ":NN"; false when it is not there. */
static bool
skip_two_digits(kith_str *s, char lead)
{
    const size_t n = lead == '\0' ? 0 : 1;
    if (s->len < n + 2 || (n == 1 && s->data[0] != lead) ||
        !is_digit(s->data[n]) || !is_digit(s->data[n + 1]))
        return false;
    s->data += n + 2;
    s->len -= n + 2;
    return true;
}

/** ISO 8601: [T ]hh:mm[:ss[.f]][Z|+hh[:]mm], to the end. */
static bool
is_time(kith_str s)
{
    if (s.len == 0 || (s.data[0] != 'T' && s.data[0] != ' '))
        return false;
    s.data++;
    s.len--;
    if (!skip_two_digits(&s, '\0') || !skip_two_digits(&s, ':'))
        return false;
    if (skip_two_digits(&s, ':') && s.len > 1 && s.data[0] == '.') {
        do {
            s.data++;
            s.len--;
        } while (s.len > 0 && is_digit(s.data[0]));
    }
    if (s.len == 0)
        return true;
    if (s.data[0] == 'Z')
        return s.len == 1;
    if (!skip_two_digits(&s, s.data[0] == '+' ? '+' : '-'))
        return false;
    return (skip_two_digits(&s, ':') || skip_two_digits(&s, '\0')) &&
           s.len == 0;
}

/** Reads one item of the format; the bytes used, or 0. */
static size_t
read_item(const kith_date_format *f, char item, kith_str s, int32_t ymd[3])
{
    size_t n = 0;
    switch (item) {
    case 'Y':
        return read_number(s, 4, 4, &ymd[0]);
    case 'y':
        n = read_number(s, 2, 2, &ymd[0]);
        if (n != 0) {
            const int32_t century = f->max_year - f->max_year % 100;
            ymd[0] += century;
            if (ymd[0] > f->max_year)
                ymd[0] -= 100;
        }
        return n;
    case 'M':
    case 'm':
        return read_number(s, item == 'M' ? 2 : 1, 2, &ymd[1]);
    case 'N':
        return read_month_name(s, &ymd[1]);
    case 'D':
    case 'd':
        return read_number(s, item == 'D' ? 2 : 1, 2, &ymd[2]);
    default:
        return s.len > 0 && s.data[0] == item ? 1 : 0;
    }
}

bool
kith_date_read(const kith_date_format *format, kith_str text, kith_ymd *out)
{
    kith_str s = kith_str_trim(text);
    int32_t ymd[3] = {0, 0, 0};
    for (uint8_t i = 0; i < format->n_items; i++) {
        const size_t n = read_item(format, format->items[i], s, ymd);
        if (n == 0)
            return false;
        s.data += n;
        s.len -= n;
    }
    if (s.len != 0 && !is_time(s))
        return false;
    const kith_ymd d = {ymd[0], (uint8_t)ymd[1], (uint8_t)ymd[2]};
    if (!kith_ymd_valid(d))
        return false;
    *out = d;
    return true;
}
