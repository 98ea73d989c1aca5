/**
 * @file check.h
 * @brief Finds what is wrong in parsed criteria before any data is read, and
 *        binds names: parameters to their value in force, events and
 *        attributes to numbers, windows to days.
 *
 * Finds    unknown events, attributes, sets, roles, criteria, cohorts (with
 *          the nearest name), wrong units, cycles, contradictions, an empty
 *          k of n, overlapping effective dates, a missing calendar, a test
 *          on nobody
 * Errors   KITH_ERR_CONFIG with line, column, caret and hint
 */
#ifndef KITH_CRITERIA_CHECK_H
#define KITH_CRITERIA_CHECK_H

#include "criteria/ast.h"
#include "criteria/people.h"
#include "criteria/vocabulary.h"

#include <kith/status.h>

/**
 * @param people NULL: role words are not checked
 * @param day    the reference date
 */
KITH_NODISCARD kith_status kith_check(kith_program *program, kith_vocabulary *v,
                                      const kith_people *people, int32_t day,
                                      kith_error *err);

/* The rest is shared by the checker's own files. */

typedef struct kith_checker {
    kith_program *program;
    kith_vocabulary *v;
    const kith_people *people;
    int32_t day;
    kith_cohort *cohort;
    const kith_event_type *type; /* of the query being checked */
} kith_checker;

/** Error at a place of the cohort being checked. */
kith_status kith_check_error(const kith_checker *c, kith_error *err,
                             kith_pos pos, const char *format, ...)
    KITH_PRINTF(4, 5);
/** The same error, with a hint. */
kith_status kith_check_hinted(kith_status status, kith_error *err,
                              const char *hint);
/** Adds "did you mean" with the nearest of @p words. */
void kith_check_hint(kith_error *err, const char *word,
                     const char *const *words, size_t n);

/**
 * @param bound is a person given? If not, tests on a person are errors
 */
KITH_NODISCARD kith_status kith_check_cond(kith_checker *c, kith_node *node,
                                           bool bound, kith_error *err);
KITH_NODISCARD kith_status kith_check_query(kith_checker *c, kith_query *q,
                                            kith_error *err);
/** A number or parameter as a whole number of at least @p least. */
KITH_NODISCARD kith_status kith_check_count(kith_checker *c, kith_node *node,
                                            uint32_t least, uint32_t *out,
                                            kith_error *err);
/** Numbers and parameters anywhere in an expression. */
KITH_NODISCARD kith_status kith_check_expr(kith_checker *c, kith_node *node,
                                           kith_error *err);
/** Refuses conditions of the cohort that nobody can ever meet; all names must
 *  be bound. */
KITH_NODISCARD kith_status kith_check_contradictions(const kith_checker *c,
                                                     kith_error *err);
/** Refuses tests that no event can meet all at once. */
KITH_NODISCARD kith_status kith_check_tests_together(const kith_checker *c,
                                                     const kith_node *tests,
                                                     kith_error *err);
/** The criterion, score or definition of a name, or NULL. */
kith_criterion *kith_check_find(const kith_checker *c, const char *name);
/** The defined role of a word, singular or plural, or NULL. */
kith_criterion *kith_check_define(const kith_checker *c, const char *word);
/** Words as numbers of code texts, in the arena. */
KITH_NODISCARD kith_status kith_check_texts(kith_checker *c,
                                            const uint32_t **out,
                                            const char *const *words,
                                            uint32_t n, kith_error *err);
const kith_set *kith_check_set(const kith_checker *c, const char *name,
                               bool scale);

#endif
