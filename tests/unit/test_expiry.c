/* Evidence expires, and so do nominations, whose authors are named. */
#include "../support/scenario.h"
#include "../support/scenario_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 24 months are from 1 April 2024; a spell that reaches into them counts. */
static void
older_evidence_is_not_looked_at(void **state)
{
    (void)state;
    static const char people[] =
        "person last 1990-01-01 m Bolton\nperson day 1990-01-01 m Bolton\n"
        "person into 1990-01-01 m Bolton\nperson over 1990-01-01 m Bolton\n"
        "event last offence 2024-04-01 outcome=guilty\n"
        "event day offence 2024-03-31 outcome=guilty\n"
        "spell into sentence 2020-01-01 2024-04-01 kind=custody\n"
        "spell over sentence 2020-01-01 2024-03-31 kind=custody\n";
    static const char items[] = "criterion x has latest offence\n"
                                "  or has sentence where kind = custody";
    char kept[256] = "evidence own, of last 24 months\n";
    strcat(kept, items);
    scenario_check("person", items, people,
                   "last=yes day=yes into=yes over=yes");
    scenario_check("person", kept, people, "last=yes into=yes");
}

/* Who left long ago: what came in the year after nobody may look at. */
static void
expired_windows_are_unknown(void **state)
{
    (void)state;
    scenario_check("person",
                   "evidence own of last 2 years\n"
                   "criterion x has no offence within 12 months after start of "
                   "latest intervention",
                   "person new 1990-01-01 m Bolton\n"
                   "person old 1990-01-01 m Bolton\n"
                   "spell new intervention 2025-01-01 open programme=help\n"
                   "spell old intervention 2023-01-01 open programme=help\n",
                   "new=yes old=unknown");
}

static void
criteria_cannot_ask_for_what_expired(void **state)
{
    (void)state;
    scenario_refuse("cohort x version 1 from 2000-01-01 level person\n"
                    "evidence own of last 12 months\n"
                    "flag yes when has offence, last 24 months",
                    "3:28",
                    "this reaches back further than the cohort keeps evidence",
                    "of last");
    scenario_refuse("cohort x version 1 from 2000-01-01 level person\n"
                    "evidence own of last 0 months\n"
                    "flag yes when has offence",
                    "2:22", "evidence is kept for days, weeks, months or years",
                    "");
}

/* Somebody answers for a nomination, and it ends. */
static void
nominations_name_their_author(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    scenario s = {0};
    scenario_write(&s,
                   "agency city\n"
                   "person a 1990-01-01 m Bolton\n"
                   "person b 1990-01-01 m Bolton\n"
                   "spell a nomination 2026-01-01 2026-06-30 decision=include "
                   "by=officer\n"
                   "spell b nomination 2026-01-01 open decision=include\n",
                   NULL);
    assert_int_equal(
        scenario_run(&s,
                     "registers nomination\n"
                     "cohort x version 1 from 2000-01-01 level person\n"
                     "flag yes when has nomination where decision = include, "
                     "active\n",
                     NULL, &err),
        KITH_OK);
    char *text = scenario_output(&s, "evidence.csv");
    assert_non_null(strstr(text, ",by officer; until 2026-06-30\n"));
    assert_non_null(strstr(text, ",by nobody named; without an end\n"));
    free(text);
    scenario_remove(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(older_evidence_is_not_looked_at),
        cmocka_unit_test(expired_windows_are_unknown),
        cmocka_unit_test(criteria_cannot_ask_for_what_expired),
        cmocka_unit_test(nominations_name_their_author),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
