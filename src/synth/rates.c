#include "synth/rates.h"

const char *
kith_error_kind_name(kith_error_kind kind)
{
    static const char *const names[KITH_ERRORS] = {
        "typing",      "phonetic",       "ocr",          "truncation",
        "swapped",     "nickname",       "initial",      "missing",
        "placeholder", "day_month",      "wrong_year",   "old_address",
        "old_surname", "spelling",       "shared_phone", "wrong_nhs",
        "duplicate",   "impossible_date"};
    return names[kind];
}

const char *
kith_need_name(kith_need need)
{
    static const char *const names[KITH_NEEDS] = {
        "offence_adult", "offence_youth", "asb",          "custody",
        "order",         "absence",       "exclusion",    "special",
        "off_roll",      "early_years",   "not_ready",    "early_help",
        "cin",           "cpp",           "lac",          "missing_child",
        "benefit",       "neet",          "arrears",      "eviction",
        "abuse",         "treatment",     "mental_adult", "mental_child",
        "emergency",     "homeless",      "rough"};
    return names[need];
}
