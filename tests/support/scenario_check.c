#include "scenario_check.h"

#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const usual = "agency all\n"
                                 "covers all 2010-01-01 2026-03-31 Bolton\n";

void
scenario_check_text(const char *criteria, const char *people, const char *want)
{
    kith_error err = KITH_ERROR_INIT;
    scenario s = {0};
    char text[8192];
    (void)snprintf(text, sizeof text, "%s%s", usual, people);
    scenario_write(&s, text, NULL);
    if (scenario_run(&s, criteria, NULL, &err) != KITH_OK)
        fail_msg("%s\n%s", err.text, err.hint);
    char *flags = scenario_flags(&s, "x");
    scenario_remove(&s);
    if (strcmp(flags, want) != 0)
        fail_msg("flags are \"%s\", want \"%s\"", flags, want);
    free(flags);
}

void
scenario_check(const char *level, const char *items, const char *people,
               const char *want)
{
    char text[16384];
    (void)snprintf(text, sizeof text,
                   "terms 1 sep to 31 dec, 1 jan to 31 mar, 1 apr to 31 jul\n"
                   "cohort x version 1 from 2000-01-01\nlevel %s\n%s\n%s\n",
                   level, items,
                   strstr(items, "flag yes") == NULL ? "flag yes when x" : "");
    scenario_check_text(text, people, want);
}

void
scenario_refuse(const char *criteria, const char *where, const char *reason,
                const char *hint)
{
    kith_error err = KITH_ERROR_INIT;
    scenario s = {0};
    scenario_write(&s, "agency all\nperson a 1990-01-01 f Bolton\n", NULL);
    const kith_status status = scenario_run(&s, criteria, NULL, &err);
    scenario_remove(&s);
    if (status != KITH_ERR_CONFIG)
        fail_msg("status %d, want a config error: %s", (int)status, err.text);
    const char *at = strstr(err.text, "x.criteria:");
    assert_non_null(at);
    at += strlen("x.criteria:");
    char want[300];
    (void)snprintf(want, sizeof want, "%s: %s", where, reason);
    if (strncmp(at, want, strlen(want)) != 0)
        fail_msg("error is \"%s\", want \"%s\"", at, want);
    if (strstr(err.hint, hint) == NULL)
        fail_msg("hint is \"%s\", want \"%s\"", err.hint, hint);
}
