/**
 * @file scenario_check.h
 * @brief One criterion on a few made-up people: what the flags must be.
 *
 * Everybody whose district is Bolton is covered for the whole time; nobody
 * in Bury is. The reference date is 2026-03-31.
 */
#ifndef TESTS_SUPPORT_SCENARIO_CHECK_H
#define TESTS_SUPPORT_SCENARIO_CHECK_H

/**
 * @param level  "person" or "family"
 * @param items  the cohort's other items; "flag yes when x" is added when
 *               they define a criterion x and no flag
 * @param people statements of scenario.h after the usual coverage
 * @param want   "id=status ..." as scenario_flags gives them
 */
void scenario_check(const char *level, const char *items, const char *people,
                    const char *want);
/** The same for a criteria text of its own and cohort x. */
void scenario_check_text(const char *criteria, const char *people,
                         const char *want);
/** The text must be refused: "line:column: ..." and hint begin so. */
void scenario_refuse(const char *criteria, const char *where,
                     const char *reason, const char *hint);

#endif
