/**
 * @file rates.h
 * @brief The names of the error kinds, needs and agencies that the rate
 *        tables and the truth use.
 */
#ifndef KITH_SYNTH_RATES_H
#define KITH_SYNTH_RATES_H

#include <stdint.h>

enum { KITH_SYNTH_AGENCIES = 20 };

/** What goes wrong in a record. Rates are shares of records. */
typedef enum kith_error_kind {
    KITH_ERROR_TYPING,
    KITH_ERROR_PHONETIC,
    KITH_ERROR_OCR,
    KITH_ERROR_TRUNCATION,
    KITH_ERROR_SWAPPED,
    KITH_ERROR_NICKNAME,
    KITH_ERROR_INITIAL,
    KITH_ERROR_MISSING,
    KITH_ERROR_PLACEHOLDER,
    KITH_ERROR_DAY_MONTH,
    KITH_ERROR_WRONG_YEAR,
    KITH_ERROR_OLD_ADDRESS,
    KITH_ERROR_OLD_SURNAME,
    KITH_ERROR_SPELLING,
    KITH_ERROR_SHARED_PHONE,
    KITH_ERROR_WRONG_NHS,
    KITH_ERROR_DUPLICATE,
    KITH_ERROR_IMPOSSIBLE_DATE,
    KITH_ERRORS
} kith_error_kind;

/** What people need or do. Rates are shares of those it can befall. */
typedef enum kith_need {
    KITH_NEED_OFFENCE_ADULT,
    KITH_NEED_OFFENCE_YOUTH,
    KITH_NEED_ASB,
    KITH_NEED_CUSTODY,
    KITH_NEED_ORDER,
    KITH_NEED_ABSENCE,
    KITH_NEED_EXCLUSION,
    KITH_NEED_SPECIAL,
    KITH_NEED_OFF_ROLL,
    KITH_NEED_EARLY_YEARS,
    KITH_NEED_NOT_READY,
    KITH_NEED_EARLY_HELP,
    KITH_NEED_CIN,
    KITH_NEED_CPP,
    KITH_NEED_LAC,
    KITH_NEED_MISSING_CHILD,
    KITH_NEED_BENEFIT,
    KITH_NEED_NEET,
    KITH_NEED_ARREARS,
    KITH_NEED_EVICTION,
    KITH_NEED_ABUSE,
    KITH_NEED_TREATMENT,
    KITH_NEED_MENTAL_ADULT,
    KITH_NEED_MENTAL_CHILD,
    KITH_NEED_EMERGENCY,
    KITH_NEED_HOMELESS,
    KITH_NEED_ROUGH,
    KITH_NEED_YOUNG_CARER,
    KITH_NEED_EXIT_PLAN, /**< of looked-after children: no need of its own */
    KITH_NEED_CONFLICT,
    KITH_NEED_WORK_PROGRAMME, /**< of those out of work */
    KITH_NEED_YOUTH_CUSTODY,
    KITH_NEEDS
} kith_need;

/** The ages that a need can befall, from (in years) up to below to. */
void kith_need_ages(kith_need need, double *from, double *to);
/** snake_case names, as the tables and the truth write them. */
const char *kith_error_kind_name(kith_error_kind kind);
const char *kith_need_name(kith_need need);

#endif
