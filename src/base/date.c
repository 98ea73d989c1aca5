#include "base/date.h"

#include <stdio.h>

static bool
is_leap(int32_t y)
{
    return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
}

static uint8_t
month_days(int32_t year, uint8_t month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30,
                                   31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool
kith_ymd_valid(kith_ymd d)
{
    return d.year >= 1 && d.year <= 9999 && d.month >= 1 && d.month <= 12 &&
           d.day >= 1 && d.day <= month_days(d.year, d.month);
}

int32_t
kith_days_from_ymd(kith_ymd d)
{
    const int32_t y = d.year - (d.month <= 2);
    const int32_t era = (y >= 0 ? y : y - 399) / 400;
    const int32_t yoe = y - era * 400;
    const int32_t mp = (d.month + 9) % 12;
    const int32_t doy = (153 * mp + 2) / 5 + d.day - 1;
    const int32_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

kith_ymd
kith_ymd_from_days(int32_t days)
{
    const int32_t z = days + 719468;
    const int32_t era = (z >= 0 ? z : z - 146096) / 146097;
    const int32_t doe = z - era * 146097;
    const int32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const int32_t mp = (5 * doy + 2) / 153;
    const int32_t month = mp < 10 ? mp + 3 : mp - 9;
    return (kith_ymd){.year = yoe + era * 400 + (month <= 2),
                      .month = (uint8_t)month,
                      .day = (uint8_t)(doy - (153 * mp + 2) / 5 + 1)};
}

int32_t
kith_age_years(int32_t born, int32_t on)
{
    const kith_ymd b = kith_ymd_from_days(born);
    const kith_ymd o = kith_ymd_from_days(on);
    const bool before =
        o.month < b.month || (o.month == b.month && o.day < b.day);
    return o.year - b.year - before;
}

int32_t
kith_add_months(int32_t days, int32_t months)
{
    kith_ymd d = kith_ymd_from_days(days);
    const int32_t m = d.year * 12 + (d.month - 1) + months;
    const int32_t year = m >= 0 ? m / 12 : -((11 - m) / 12);
    d.year = year;
    d.month = (uint8_t)(m - year * 12 + 1);
    const uint8_t last = month_days(d.year, d.month);
    if (d.day > last)
        d.day = last;
    return kith_days_from_ymd(d);
}

static bool
read_digits(int32_t *out, const char *text, size_t n)
{
    int32_t v = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        v = v * 10 + (text[i] - '0');
    }
    *out = v;
    return true;
}

bool
kith_date_parse_iso(int32_t *out, const char *text, size_t n)
{
    int32_t y = 0;
    int32_t m = 0;
    int32_t d = 0;
    if (n != 10 || text[4] != '-' || text[7] != '-' ||
        !read_digits(&y, text, 4) || !read_digits(&m, text + 5, 2) ||
        !read_digits(&d, text + 8, 2))
        return false;
    const kith_ymd ymd = {y, (uint8_t)m, (uint8_t)d};
    if (!kith_ymd_valid(ymd))
        return false;
    *out = kith_days_from_ymd(ymd);
    return true;
}

void
kith_date_format_iso(char out[16], int32_t days)
{
    const kith_ymd d = kith_ymd_from_days(days);
    if (d.year < 0 || d.year > 9999) {
        (void)snprintf(out, 16, "%04d-%02u-%02u", (int)d.year,
                       (unsigned)d.month, (unsigned)d.day);
        return;
    }
    /* Written by hand: outputs hold a date a line. */
    const int32_t parts[3] = {d.year, d.month, d.day};
    char *at = out;
    for (int i = 0; i < 3; i++) {
        if (i == 0) {
            *at++ = (char)('0' + parts[i] / 1000);
            *at++ = (char)('0' + parts[i] / 100 % 10);
        } else {
            *at++ = '-';
        }
        *at++ = (char)('0' + parts[i] / 10 % 10);
        *at++ = (char)('0' + parts[i] % 10);
    }
    *at = '\0';
}
