#include "criteria/terms.h"

#include "base/date.h"

#include <stddef.h>

/* The term of a span that falls in @p year (yearly), or the span itself. */
static kith_days
span_days(const kith_term_span *s, int32_t year)
{
    if (!s->yearly)
        return (kith_days){s->from, s->to};
    const kith_ymd from = {year, (uint8_t)(s->from / 100),
                           (uint8_t)(s->from % 100)};
    const kith_ymd to = {year, (uint8_t)(s->to / 100), (uint8_t)(s->to % 100)};
    return (kith_days){kith_days_from_ymd(from), kith_days_from_ymd(to)};
}

/* The term that ends latest, but before @p before; false when there is none. */
static bool
term_before(const kith_terms *terms, int32_t before, kith_days *out)
{
    bool found = false;
    const int32_t year = kith_ymd_from_days(before).year;
    for (const kith_term_span *s = terms->spans; s != NULL; s = s->next) {
        kith_days d = span_days(s, year);
        if (s->yearly && d.to >= before)
            d = span_days(s, year - 1);
        if (d.to < before && (!found || d.to > out->to)) {
            *out = d;
            found = true;
        }
    }
    return found;
}

bool
kith_terms_last(const kith_terms *terms, int32_t day, uint32_t n,
                kith_days *out)
{
    int32_t before = day + 1;
    for (uint32_t i = 0; i < n; i++) {
        if (!term_before(terms, before, &out[i]))
            return false;
        before = out[i].to;
    }
    return true;
}

bool
kith_terms_overlap(const kith_terms *terms, kith_pos *pos)
{
    for (const kith_term_span *a = terms->spans; a != NULL; a = a->next) {
        for (const kith_term_span *b = a->next; b != NULL; b = b->next) {
            *pos = b->pos;
            if (a->yearly == b->yearly && a->from <= b->to && b->from <= a->to)
                return true;
        }
    }
    return false;
}

int32_t
kith_add_units(int32_t day, int64_t n, kith_unit unit)
{
    enum { FAR = 200 * 366 }; /* no window is longer than two centuries */
    int64_t days = n;
    if (unit == KITH_UNIT_MONTH || unit == KITH_UNIT_YEAR) {
        const int64_t months = unit == KITH_UNIT_YEAR ? n * 12 : n;
        if (months > -FAR / 31 && months < FAR / 31)
            return kith_add_months(day, (int32_t)months);
        days = months < 0 ? -FAR : FAR;
    } else if (unit == KITH_UNIT_WEEK) {
        days = n * 7;
    }
    if (days < -FAR)
        days = -FAR;
    if (days > FAR)
        days = FAR;
    return day + (int32_t)days;
}
