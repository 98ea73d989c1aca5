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
    static const char *const names[KITH_NEEDS] = {"offence_adult",
                                                  "offence_youth",
                                                  "asb",
                                                  "custody",
                                                  "order",
                                                  "absence",
                                                  "exclusion",
                                                  "special",
                                                  "off_roll",
                                                  "early_years",
                                                  "not_ready",
                                                  "early_help",
                                                  "cin",
                                                  "cpp",
                                                  "lac",
                                                  "missing_child",
                                                  "benefit",
                                                  "neet",
                                                  "arrears",
                                                  "eviction",
                                                  "abuse",
                                                  "treatment",
                                                  "mental_adult",
                                                  "mental_child",
                                                  "emergency",
                                                  "homeless",
                                                  "rough",
                                                  "young_carer",
                                                  "exit_plan",
                                                  "parental_conflict",
                                                  "work_programme",
                                                  "youth_custody"};
    return names[need];
}

void
kith_need_ages(kith_need need, double *from, double *to)
{
    static const struct {
        double from, to;
    } ages[KITH_NEEDS] = {[KITH_NEED_OFFENCE_ADULT] = {18, 120},
                          [KITH_NEED_OFFENCE_YOUTH] = {10, 18},
                          [KITH_NEED_ASB] = {10, 120},
                          [KITH_NEED_CUSTODY] = {18, 120},
                          [KITH_NEED_ORDER] = {14, 120},
                          [KITH_NEED_ABSENCE] = {5, 16},
                          [KITH_NEED_EXCLUSION] = {5, 16},
                          [KITH_NEED_SPECIAL] = {5, 18},
                          [KITH_NEED_OFF_ROLL] = {5, 18},
                          [KITH_NEED_EARLY_YEARS] = {2.3, 5},
                          [KITH_NEED_NOT_READY] = {5, 8},
                          [KITH_NEED_EARLY_HELP] = {0, 18},
                          [KITH_NEED_CIN] = {0, 18},
                          [KITH_NEED_CPP] = {0, 18},
                          [KITH_NEED_LAC] = {0, 18},
                          [KITH_NEED_MISSING_CHILD] = {9, 18},
                          [KITH_NEED_BENEFIT] = {18, 66},
                          [KITH_NEED_NEET] = {16, 19},
                          [KITH_NEED_ARREARS] = {18, 120},
                          [KITH_NEED_EVICTION] = {18, 120},
                          [KITH_NEED_ABUSE] = {0, 120},
                          [KITH_NEED_TREATMENT] = {18, 120},
                          [KITH_NEED_MENTAL_ADULT] = {18, 120},
                          [KITH_NEED_MENTAL_CHILD] = {5, 18},
                          [KITH_NEED_EMERGENCY] = {0, 120},
                          [KITH_NEED_HOMELESS] = {18, 120},
                          [KITH_NEED_ROUGH] = {18, 120},
                          [KITH_NEED_YOUNG_CARER] = {5, 18},
                          [KITH_NEED_EXIT_PLAN] = {0, 18},
                          [KITH_NEED_CONFLICT] = {18, 120},
                          [KITH_NEED_WORK_PROGRAMME] = {18, 66},
                          [KITH_NEED_YOUTH_CUSTODY] = {10, 18}};
    *from = ages[need].from;
    *to = ages[need].to;
}
