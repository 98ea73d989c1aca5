/* Dates of birth: whole, partial, default, impossible. */
#include "encode/norm.h"

#include <string.h>

/* Nobody on record has lived longer than 122 years. Between sites a date before
 * that is a filler or a slip, and rows that shared one would meet. One site may
 * hold a historical register, whose dates are all as old, and a slip in the
 * century leaves day and month to compare: there it is linked on. No age or
 * month of birth is made of it. */
enum { MAX_AGE = 122 };

static bool
all_zero(const char *text, size_t n)
{
    return n > 0 && text[0] == '0' && kith_norm_repeats(text, n);
}

static void
put_date(char out[8], kith_ymd d)
{
    unsigned year = (unsigned)d.year % 10000u;
    for (unsigned i = 4; i-- > 0; year /= 10)
        out[i] = (char)('0' + year % 10);
    out[4] = (char)('0' + d.month / 10);
    out[5] = (char)('0' + d.month % 10);
    out[6] = (char)('0' + d.day / 10);
    out[7] = (char)('0' + d.day % 10);
}

static bool
filler(const kith_norm_rules *rules, kith_ymd d)
{
    char text[8];
    put_date(text, d);
    return kith_norm_placeholder(rules, text, sizeof text);
}

/* Writes year, month and day as far as they are known. */
static void
set_date(kith_norm *out, kith_ymd d, kith_norm_reason reason)
{
    char text[8];
    put_date(text, d);
    const size_t known = d.month == 0 || reason == KITH_NORM_JANUARY ? 4
                         : d.day == 0                                ? 6
                                                                     : 8;
    kith_norm_set(out, text, known);
    out->date = d;
    out->reason = (uint8_t)reason;
    out->partial = known < 8;
}

static void
judge(kith_norm *out, const kith_norm_rules *rules, kith_ymd d)
{
    const kith_ymd first = {.year = d.year,
                            .month = d.month == 0 ? 1 : d.month,
                            .day = d.day == 0 ? 1 : d.day};
    const int32_t days = kith_days_from_ymd(first);
    const bool old = kith_age_years(days, rules->reference) > MAX_AGE;
    if (d.day != 0 && filler(rules, d))
        kith_norm_null(out, KITH_NORM_PLACEHOLDER);
    else if (days > rules->reference)
        kith_norm_null(out, KITH_NORM_FUTURE);
    else if (old && !rules->spec->single_site)
        kith_norm_null(out, KITH_NORM_TOO_OLD);
    else
        set_date(out, d,
                 d.day == 0                   ? KITH_NORM_PARTIAL
                 : d.month == 1 && d.day == 1 ? KITH_NORM_JANUARY
                                              : KITH_NORM_GOOD);
    if (old)
        out->date = (kith_ymd){0};
}

/* Where the day and the month stand, when every item has a fixed width. */
static bool
item_places(const kith_date_format *format, size_t n, size_t *day,
            size_t *month)
{
    size_t at = 0;
    for (unsigned i = 0; i < format->n_items; i++) {
        switch (format->items[i]) {
        case 'D':
            *day = at;
            at += 2;
            break;
        case 'M':
            *month = at;
            at += 2;
            break;
        case 'Y':
            at += 4;
            break;
        case 'd':
        case 'm':
        case 'N':
        case 'y':
            return false;
        default:
            at++;
        }
    }
    return at == n;
}

static bool
two_digits(const char *text)
{
    return text[0] >= '0' && text[0] <= '9' && text[1] >= '0' && text[1] <= '9';
}

/* 31/02/1980, 00/05/1980: the day cannot be, the rest may well. */
static bool
read_rest(const kith_date_format *format, kith_str text, kith_ymd *out)
{
    char copy[16];
    size_t day = 0, month = 0;
    if (text.len > sizeof copy || !item_places(format, text.len, &day, &month))
        return false;
    memcpy(copy, text.data, text.len);
    if (!two_digits(copy + day) || !two_digits(copy + month))
        return false;
    memcpy(copy + day, "01", 2);
    if (kith_date_read(format, (kith_str){copy, text.len}, out)) {
        out->day = 0;
        return true;
    }
    memcpy(copy + month, "01", 2);
    if (kith_date_read(format, (kith_str){copy, text.len}, out)) {
        out->month = out->day = 0;
        return true;
    }
    return false;
}

void
kith_norm_date(kith_norm *out, const kith_norm_rules *rules,
               const kith_date_format *format, kith_str raw)
{
    const kith_str text = kith_str_trim(raw);
    kith_ymd d = {0};
    if (kith_date_read(format, text, &d)) {
        judge(out, rules, d);
        return;
    }
    char plain[KITH_FOLD_BYTES];
    size_t foreign = 0;
    const size_t n = kith_fold_plain(plain, text, &foreign);
    if (n == 0 && foreign == 0)
        kith_norm_null(out, KITH_NORM_EMPTY);
    else if (n == SIZE_MAX || n == 0)
        kith_norm_null(out, KITH_NORM_NOT_A_DATE);
    else if (kith_norm_placeholder(rules, plain, n) || all_zero(plain, n))
        kith_norm_null(out, KITH_NORM_PLACEHOLDER);
    else if (read_rest(format, text, &d))
        judge(out, rules, d);
    else
        kith_norm_null(out, KITH_NORM_NOT_A_DATE);
}

/* 0 when empty or zero; -1 when not a number of at most @p max_digits. */
static int32_t
part_number(kith_str text, size_t max_digits)
{
    int32_t value = 0;
    text = kith_str_trim(text);
    if (text.len > max_digits)
        return -1;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return -1;
        value = value * 10 + (text.data[i] - '0');
    }
    return value;
}

void
kith_norm_date_parts(kith_norm *out, const kith_norm_rules *rules, kith_str day,
                     kith_str month, kith_str year)
{
    const int32_t y = part_number(year, 4);
    const int32_t m = part_number(month, 2);
    const int32_t d = part_number(day, 2);
    if (y == 0) {
        kith_norm_null(out, KITH_NORM_EMPTY);
        return;
    }
    if (y < 1000 || m < 0 || d < 0) {
        kith_norm_null(out, KITH_NORM_NOT_A_DATE);
        return;
    }
    /* A 13th month, a 71st day: mistyped, and the rest may well be right. */
    kith_ymd date = {.year = y};
    if (m <= 12)
        date.month = (uint8_t)m;
    if (d <= 31 && date.month != 0)
        date.day = (uint8_t)d;
    if (date.day != 0 && !kith_ymd_valid(date))
        date.day = 0;
    judge(out, rules, date);
}
