/**
 * @file cohorts.h
 * @brief Who is in which cohort by construction, cohort by cohort.
 *
 * The definitions repeat fixtures/criteria by hand and on purpose: from the
 * complete history of true persons, families and households, without
 * coverage, lags, errors or linkage, and without the language and the
 * evaluator that flags are made with. Where the two disagree, one is wrong or
 * something was not to be seen.
 * The dead and the unborn are in no cohort. What needs a period that is not
 * over yet (a claim six months on) does not hold yet.
 */
#ifndef KITH_SYNTH_COHORTS_H
#define KITH_SYNTH_COHORTS_H

#include "synth/life.h"

enum { KITH_KIN_ABSENT = 8 };

/** A family: those who stand next to each other in the cell, and the parents
 *  of its children who live elsewhere. */
typedef struct kith_kin {
    const kith_life *lives; /* of the cell */
    uint32_t first, end;
    uint32_t home_first, home_end; /* everybody under its roof */
    uint32_t absent[KITH_KIN_ABSENT];
    uint32_t n_absent;
    bool with_absent; /* they count as members */
    int32_t today;
} kith_kin;

/** NULL: not in it; else the tier, "" when there is none. */
typedef const char *(*kith_person_cohort)(const kith_life *l);
typedef const char *(*kith_family_cohort)(const kith_kin *k);

typedef struct kith_person_rule {
    const char *cohort;
    kith_person_cohort tier;
} kith_person_rule;

typedef struct kith_family_rule {
    const char *cohort;
    kith_family_cohort tier;
} kith_family_rule;

/** The rules, ended by a cohort NULL. */
extern const kith_person_rule KITH_PERSON_COHORTS[];
extern const kith_family_rule KITH_FAMILY_COHORTS[];

/** Severe and multiple disadvantage: part of other cohorts. */
const char *kith_cohort_smd(const kith_life *l);
/** At risk of homelessness: the people of one household. */
const char *kith_cohort_homelessness(const kith_life *lives, uint32_t first,
                                     uint32_t end);

/** What is asked of a person. */
typedef bool (*kith_fact)(const kith_life *l);
/** Whether it is true of any member, of anybody under the roof as well. */
bool kith_kin_any(const kith_kin *k, kith_fact fact);
bool kith_kin_any_at_home(const kith_kin *k, kith_fact fact);

typedef bool (*kith_need_of)(const kith_kin *k);
/**
 * How many of @p needs a family has. A parent who lives elsewhere counts as a
 * member, but may account for one need only (Troubled Families: Surrey's
 * outcomes plan).
 */
unsigned kith_kin_needs(const kith_kin *family, const kith_need_of *needs,
                        unsigned n);

/* Facts that several cohorts ask for. */
bool kith_fact_proven(const kith_life *l);     /**< offence, last year */
bool kith_fact_asb(const kith_life *l);        /**< last year */
bool kith_fact_abuse(const kith_life *l);      /**< any role, last year */
bool kith_fact_schooled(const kith_life *l);   /**< dependent child */
bool kith_fact_school_age(const kith_life *l); /**< 5 to 15 */
bool kith_fact_workless(const kith_life *l);   /**< adult: JSA, ESA, IS, IB */
bool kith_fact_keyworker(const kith_life *l);  /**< an intervention, ever */
bool kith_fact_child(const kith_life *l);      /**< under 18 */
bool kith_fact_evicted(const kith_life *l);    /**< notice, last year */
bool kith_fact_arrears(const kith_life *l);    /**< of 500 pounds and more */
bool kith_fact_on_order(const kith_life *l);   /**< going on */
bool kith_fact_treated(const kith_life *l);    /**< drugs, alcohol, last year */
bool kith_fact_ill(const kith_life *l);        /**< mental health, last year */
bool kith_fact_missing(const kith_life *l);    /**< child, last year */
bool kith_fact_looking(const kith_life *l);    /**< for work, on UC */
bool kith_fact_idle(const kith_life *l);       /**< 16 to 18, no place */
bool kith_fact_unused_place(const kith_life *l); /**< early years */
bool kith_fact_expelled(const kith_life *l);     /**< child, three terms */
bool kith_fact_off_roll(const kith_life *l);     /**< of school age */
/** Missed sessions of the last @p terms, in hundredths of those possible;
 *  -1 when none are known. */
double kith_life_absence(const kith_life *l, unsigned terms, bool any_reason);
/** On a school's roll, or taught at home. */
bool kith_life_on_roll(const kith_life *l);

/** Supporting Families, in cohorts_supporting.c. */
const char *kith_cohort_supporting(const kith_kin *k);
/* Results of a programme, in cohorts_results.c. */
const char *kith_cohort_result_1(const kith_kin *k);
const char *kith_cohort_job_1(const kith_kin *k);
const char *kith_cohort_claim_2(const kith_kin *k);
const char *kith_cohort_job_2(const kith_kin *k);

/* Values of codes as bits, in the order of the event specs. */
enum {
    KITH_PROVEN = 1u << 0 | 1u << 1 | 1u << 2, /* guilty, cautions */
    KITH_CONVICTED = 1u << 0 | 1u << 1,
    KITH_CARE_CIN = 1u << 1,
    KITH_CARE_S47 = 1u << 2,
    KITH_CARE_CPP = 1u << 3,
    KITH_CARE_LAC = 1u << 4,
    KITH_OUT_OF_WORK = 1u << 1 | 1u << 2 | 1u << 3 | 1u << 4,
    KITH_LOOKING = 1u << 1 | 1u << 2 | 1u << 3 | 1u << 4,
    KITH_AWAY = 1u << 2 | 1u << 3 /* alternative provision, PRU */
};

#endif
