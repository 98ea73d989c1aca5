#include "encode/key_dates.h"

#include "base/date.h"

#include <stdbool.h>
#include <string.h>

kith_status
kith_key_dates_check(const kith_key_dates *dates, kith_error *err)
{
    const char *const days[] = {dates->from, dates->until};
    int32_t day[2] = {INT32_MIN, INT32_MAX};
    for (unsigned i = 0; i < 2; i++)
        if (days[i] != NULL &&
            !kith_date_parse_iso(&day[i], days[i], strlen(days[i])))
            return kith_error_set(err, KITH_ERR_USAGE,
                                  "a key's dates are written yyyy-mm-dd");
    if (day[0] > day[1])
        return kith_error_set(err, KITH_ERR_USAGE,
                              "the key would end before it begins");
    return KITH_OK;
}

/* Days as yyyy-mm-dd are in the order of their text. */
kith_status
kith_key_dates_allow(const kith_key_dates *dates, const char *whose,
                     const char *today, kith_error *err)
{
    const bool early = dates->from != NULL && strcmp(today, dates->from) < 0;
    const bool late = dates->until != NULL && strcmp(today, dates->until) > 0;
    if (!early && !late)
        return KITH_OK;
    kith_error_set(err, KITH_ERR_KEY, "%s may be used %s %s; today is %s",
                   whose, early ? "from" : "until",
                   early ? dates->from : dates->until, today);
    kith_error_hint(err, "take the key of the present epoch; --outdated-key "
                         "uses this one all the same, and the log says so");
    return KITH_ERR_KEY;
}
