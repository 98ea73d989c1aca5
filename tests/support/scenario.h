/**
 * @file scenario.h
 * @brief A small made-up population, written as text, run through the flag
 *        stage.
 *
 * One statement a line:
 *   agency NAME                      the next lines are this agency's
 *   covers TYPE FROM TO [AREA]       a coverage; TYPE "all": every known type
 *   person ID BORN SEX DISTRICT [NEIGHBOURHOOD [DECILE]]
 *                                    ? for unknown; SEX f or m; DECILE of
 *                                    deprivation, 1 to 10
 *   family ID PERSON[:ROLE] ...      ROLE as in families.csv
 *   household ID PERSON ...
 *   tie PERSON BITS                  its record of this agency hangs on that;
 *                                    -: it has none
 *   event PERSON TYPE DATE [name=value ...]
 *   spell PERSON TYPE FROM TO [name=value ...]     TO "open": still active
 * The files are of project p, epoch e, run r and of a key that shows as c.
 * Every agency declares the known event types and those named "type":
 *   type NAME event|spell CODES AMOUNTS            "-" for none
 */
#ifndef TESTS_SUPPORT_SCENARIO_H
#define TESTS_SUPPORT_SCENARIO_H

#include <kith/job.h>
#include <kith/status.h>
#include <stdbool.h>

typedef struct scenario {
    char folder[256];     /* temporary: payload/, results/, out/, x.criteria */
    const char *previous; /* results folder of a last run, or NULL */
    const char *events_run; /* of the events files; NULL: as of the rest */
    unsigned n_threads;
} scenario;

/** Writes the population's files; the reference date is 2026-03-31 unless
 *  @p day says otherwise. Fails the test on a mistake in the text. */
void scenario_write(scenario *s, const char *text, const char *day);
/** Runs the flag stage with one criteria text. */
kith_status scenario_run(scenario *s, const char *criteria, const char *day,
                         kith_error *err);
/** The file out/NAME, NUL-terminated; free with free(). */
char *scenario_output(const scenario *s, const char *name);
/** Is there such a line in out/NAME? */
bool scenario_has_line(const scenario *s, const char *name, const char *line);
/** "id=status id=status ..." of a cohort, in file order; free with free(). */
char *scenario_flags(const scenario *s, const char *cohort);
/** A run's results lie in one folder, and a scenario's in two: moves
 *  persons, families and households beside the flags. @param[out] last that
 * folder */
void scenario_join(const scenario *s, char last[512]);
void scenario_remove(scenario *s);

#endif
