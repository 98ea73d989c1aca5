/* What is wrong in a criteria file is said with line, column, caret and
 * hint, before anything is flagged. */
#include "../support/scenario.h"
#include "../support/scenario_check.h"

#include "criteria/parser.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "cohort x version 1 from 2000-01-01 level person\n"

static void
words_and_marks(void **state)
{
    (void)state;
    scenario_refuse("cohort x ; version", "1:10",
                    "this character means nothing here", "double quotes");
    scenario_refuse(HEAD "title \"open\nflag", "2:7", "this text is not closed",
                    "same line");
    scenario_refuse("cohort x version 1 from 2026-02-30", "1:25", "not a date",
                    "yyyy-mm-dd");
    scenario_refuse(HEAD "param n = 3x", "2:11", "not a number", "");
    /* columns count characters: the two bytes of an accent are one */
    scenario_refuse(HEAD "title \"caf\xc3\xa9\" ;", "2:14",
                    "this character means nothing here", "");
}

static void
grammar(void **state)
{
    (void)state;
    scenario_refuse("cohrot x", "1:1",
                    "expected criterion, param, set, flag or another item, "
                    "found \"cohrot\"",
                    "did you mean \"cohort\"?");
    scenario_refuse(HEAD "flag yes if has offence", "2:10",
                    "expected \"when\", found \"if\"", "");
    scenario_refuse(HEAD "flag yes when has offence last 12 moths", "2:35",
                    "expected days, weeks, months, years or terms, "
                    "found \"moths\"",
                    "did you mean \"month");
    scenario_refuse(HEAD "flag yes when has offence, recently", "2:28",
                    "expected where, with, a window, active or lasting", "");
    scenario_refuse(HEAD "flag yes when has offence where outcome", "2:40",
                    "expected a comparison such as >= 3, found the end", "");
    scenario_refuse(HEAD "criterion any has offence", "2:11",
                    "expected a name, found \"any\"",
                    "\"any\" is a word of the language");
    scenario_refuse(HEAD "flag yes when aged 9 to 5", "2:20",
                    "no age is in this range", "");
    scenario_refuse(HEAD "flag yes when has offence "
                         "between 2026-01-02 and 2026-01-01",
                    "2:27", "this window ends before it begins", "");
    scenario_refuse("terms 31 feb to 1 mar", "1:7", "no such day in every year",
                    "");
    scenario_refuse(HEAD "flag yes when has offence yes when has offence",
                    "2:31", "said twice in this cohort", "join");
}

static void
nesting_is_limited(void **state)
{
    (void)state;
    char text[2048] = HEAD "flag yes when ";
    for (int i = 0; i < 100; i++)
        strcat(text, "(");
    scenario_refuse(text, "2:79", "nested more than 64 deep", "");
}

static void
names(void **state)
{
    (void)state;
    scenario_refuse(HEAD "flag yes when has ofence", "2:19",
                    "no agency sends events \"ofence\"",
                    "did you mean \"offence\"?");
    scenario_refuse(HEAD "flag yes when has offence where outcom = guilty",
                    "2:33", "offence has no code \"outcom\"",
                    "did you mean \"outcome\"?");
    scenario_refuse(HEAD "flag yes when has offence where outcome in prven\n"
                         "set proven = {guilty}",
                    "2:33", "no set is named \"prven\"",
                    "did you mean \"proven\"?");
    scenario_refuse(HEAD "criterion crime has offence\nflag yes when crme",
                    "3:15", "no criterion is named \"crme\"",
                    "did you mean \"crime\"?");
    scenario_refuse(HEAD "flag yes when has at least visit offence\n"
                         "param visits = 3",
                    "2:28", "no parameter is named \"visit\"",
                    "did you mean \"visits\"?");
    scenario_refuse(HEAD "flag yes when is dependant_child", "2:18",
                    "nobody has the role \"dependant_child\"",
                    "did you mean \"dependent_child\"?");
    scenario_refuse(HEAD "flag yes when in cohort y", "2:25",
                    "no cohort is named \"y\"", "same run");
    scenario_refuse(HEAD "set a = {b} set a = {c} flag yes when has offence",
                    "2:17", "\"a\" is named twice in this cohort", "");
    scenario_refuse(HEAD "scale s = a < b\n"
                         "flag yes when has social_care "
                         "where kind at least c on s",
                    "3:37", "\"c\" is not on scale s", "");
}

static void
units(void **state)
{
    (void)state;
    scenario_refuse(HEAD "flag yes when has offence, active", "2:19",
                    "offence is an event on one day: it is never \"active\"",
                    "last 12 months");
    scenario_refuse(HEAD "flag yes when has offence lasting at least 2 weeks",
                    "2:19", "offence is an event on one day", "");
    scenario_refuse(HEAD "flag yes when has benefit lasting at least 2 terms",
                    "2:44", "a spell lasts days, weeks, months or years", "");
    scenario_refuse(HEAD "flag yes when has attendance where possible = many",
                    "2:36", "attendance has no code \"possible\"",
                    "is an amount");
    scenario_refuse(HEAD "flag yes when has attendance where term > 3", "2:36",
                    "attendance has no amount \"term\"", "is a code");
    scenario_refuse(HEAD "flag yes when has attendance with sum(term) > 3",
                    "2:35", "attendance has no amount \"term\"", "is a code");
    scenario_refuse(HEAD "flag yes when has attendance with sum(term) down by "
                         "at least 5 % from last 1 month to last 2 months",
                    "2:35", "attendance has no amount \"term\"", "is a code");
    scenario_refuse(HEAD "flag yes when has attendance with sum(possible) > 3 "
                         "down by at least 5 % "
                         "from last 1 month to last 2 months",
                    "2:35", "a change is in one amount", "");
    scenario_refuse(HEAD "flag yes when has offence over last 3 terms", "2:27",
                    "terms need a calendar", "terms 1 sep");
    scenario_refuse(HEAD "flag yes when has offence last 0 months", "2:32",
                    "expected 1 or more", "");
    scenario_refuse(HEAD "flag yes when has at least 1.5 offence", "2:28",
                    "expected a whole number", "");
}

static void
contradictions(void **state)
{
    (void)state;
    scenario_refuse(HEAD "criterion a has offence\n"
                         "flag yes when at least 2 of a",
                    "3:15", "2 of 1 can never be reached",
                    "name more criteria");
    scenario_refuse(HEAD "criterion a has offence\n"
                         "flag yes when at least 0 of a",
                    "3:15", "at least 0 is always true", "at least 1");
    scenario_refuse(HEAD "flag yes when at least 1 of them", "2:15",
                    "there is no criterion to choose from", "criterion name");
    scenario_refuse(HEAD "criterion a has offence\n"
                         "flag yes when all of a, a",
                    "3:25", "\"a\" is named twice", "counts once");
    scenario_refuse(HEAD "flag yes when any child aged 20", "2:25",
                    "nobody can be of this age and role",
                    "a child is under 18");
    scenario_refuse("cohort x version 1 from 2000-01-01 level family\n"
                    "flag yes when has offence",
                    "2:15", "which member of the family is this about?",
                    "any member has");
    scenario_refuse("cohort x version 1 from 2000-01-01 level family\n"
                    "criterion a has offence\nflag yes when a",
                    "3:15", "\"a\" is about one person", "any member meets a");
    scenario_refuse("cohort x version 1 from 2000-01-01\n"
                    "flag yes when any member has offence",
                    "1:8", "who is this cohort about?", "level family");
    scenario_refuse(HEAD, "1:8", "cohort \"x\" never says yes", "flag yes");
}

/* What nobody and no event can ever meet is a slip, not an empty cohort. */
static void
what_can_never_be(void **state)
{
    (void)state;
    const char *never = "no event can meet this and what is said before it";
    const char *both = "this contradicts what is said before it";
    scenario_refuse(HEAD "flag yes when has offence "
                         "where kind = theft and kind = fraud",
                    "2:50", never, "in {a, b}");
    scenario_refuse(HEAD "flag yes when has attendance "
                         "where possible > 5 and possible < 3",
                    "2:53", never, "");
    scenario_refuse(HEAD "flag yes when has attendance "
                         "where possible > 5 and possible < 5.01",
                    "2:53", never, "");
    scenario_refuse(HEAD "flag yes when aged 5 to 10 and aged 12 to 15", "2:32",
                    "nobody can be of this age and role", "");
    scenario_refuse(HEAD "flag yes when is male and is female", "2:30", both,
                    "\"or\"");
    scenario_refuse(HEAD "criterion a has offence\n"
                         "flag yes when a and not a",
                    "3:21", both, "leave one out");
}

/* The same said twice, once denied, without a name to know it by; and numbers
 * of the same that no number can be. */
static void
what_contradicts_itself(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where;
    } never[] = {
        {"flag yes when has offence and not has offence", "2:31"},
        {"flag yes when has offence where kind = theft, last 12 months\n"
         "and not (has offence where kind = theft, last 12 months or is male)",
         "3:10"},
        {"flag yes when has offence, last 2 years and has no offence, "
         "last 2 years",
         "2:45"},
        {"flag yes when has at least 3 offence and has at most 2 offence",
         "2:42"},
        {"criterion a has offence and is male\n"
         "flag yes when a and not has offence",
         "3:21"},
        {"criterion a has offence\ncriterion b not has offence\n"
         "flag yes when a and b",
         "4:21"},
        {"criterion a has offence\ncriterion b is male\n"
         "flag yes when at least 1 of a, b and none of a, b",
         "4:38"},
        {"score s 1 for has offence\n"
         "flag yes when score s >= 4 and score s < 3",
         "3:32"},
        {"include when aged under 18\nflag yes when aged over 20", "3:15"},
        {"exclude when has offence\nflag yes when has offence", "3:15"},
        {"flag yes when not is child and not is adult", "2:32"},
        {"flag yes when any child is adult", "2:28"},
        {"flag yes when any member (is male and any child "
         "and no child and is female)",
         "2:53"},
        {"flag yes when any child has offence and no child has offence",
         "2:41"},
    };
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        char text[512];
        (void)snprintf(text, sizeof text, HEAD "%s", never[i].text);
        scenario_refuse(text, never[i].where,
                        i == 8 || i == 10 || i == 11
                            ? "nobody can be of this age and role"
                            : "this contradicts what is said before it",
                        "");
    }
}

/* Their neighbours are not: the ends meet, or one is an alternative. */
static void
what_is_just_possible(void **state)
{
    (void)state;
    static const char *const fine[] = {
        "has attendance where possible >= 5 and possible <= 5",
        "has attendance where possible > 5 and possible < 5.02",
        "has offence where kind in {theft, fraud} and kind in {fraud, drugs}",
        "has offence where kind = theft and kind not in {fraud}",
        "aged 5 to 12 and aged 12 to 15",
        "is male or is female",
        "has offence, last 12 months and has no offence, last 6 months",
        "has at least 2 offence and has at most 2 offence",
        "has offence or not has offence",
        "any child has offence and not every child has offence",
        "every child has offence and no child has offence",
        "not aged 5 to 10 and is child",
    };
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
        char text[256];
        kith_error err = KITH_ERROR_INIT;
        scenario s = {0};
        (void)snprintf(text, sizeof text, HEAD "flag yes when %s\n", fine[i]);
        scenario_write(&s, "agency all\nperson a 1990-01-01 f Bolton\n", NULL);
        if (scenario_run(&s, text, NULL, &err) != KITH_OK)
            fail_msg("%s: %s", fine[i], err.text);
        scenario_remove(&s);
    }
}

static void
cycles(void **state)
{
    (void)state;
    scenario_refuse(HEAD "criterion a b\ncriterion b a\nflag yes when a",
                    "3:13", "\"a\" is defined by itself", "without itself");
    scenario_refuse(HEAD "define carers as any member (is carers)\n"
                         "flag yes when is carers",
                    "2:33", "\"carers\" is defined by itself",
                    "without itself");
    scenario_refuse(HEAD "flag yes when in cohort y\n"
                         "cohort y version 1 from 2000-01-01 level person\n"
                         "flag yes when not in cohort x",
                    "4:29", "cohort \"x\" refers to itself", "only one");
}

static void
effective_dates(void **state)
{
    (void)state;
    scenario_refuse(HEAD "param n = 3 until 2026-01-01, 2 from 2026-01-01\n"
                         "flag yes when has at least n offence",
                    "2:31", "two values of \"n\" are in force on the same day",
                    "a day later");
    scenario_refuse(HEAD "param n = 3 until 2026-01-01\n"
                         "flag yes when has at least n offence",
                    "2:7", "\"n\" has no value on 2026-03-31", "add a value");
    scenario_refuse(HEAD "flag yes when has offence\n"
                         "cohort x version 2 from 2010-01-01 level person\n"
                         "flag yes when has offence",
                    "3:8",
                    "versions 1 and 2 of \"x\" are in force on the same day",
                    "the day before the newer begins");
    scenario_refuse("cohort x version 1 from 2000-01-01 until 1999-01-01 "
                    "level person flag yes when has offence",
                    "1:8", "this cohort ends before it begins", "");
    scenario_refuse("terms 1 sep to 31 dec, 1 dec to 31 dec\n" HEAD
                    "flag yes when has offence",
                    "1:24", "this term overlaps another", "before the next");
}

/* The line and a caret under the column, tabs as one blank. */
static void
the_caret_points_at_the_word(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_program *p = NULL;
    const char *text = "cohort x version 1 from 2000-01-01\n\tlevel persn\n";
    assert_int_equal(kith_program_new(&p, &err), KITH_OK);
    assert_int_equal(kith_parse_text(p, "a.criteria", text, strlen(text), &err),
                     KITH_ERR_CONFIG);
    assert_string_equal(err.text,
                        "a.criteria:2:8: expected person, family or household, "
                        "found \"persn\"\n"
                        "     level persn\n"
                        "           ^");
    kith_program_free(p);
}

/* Precedence: and binds tighter than or, not tighter than and; a comma or an
 * outer condition ends the tests of "where". */
static void
the_tree_is_what_was_written(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_program *p = NULL;
    const char *text =
        "cohort x version 1 from 2000-01-01 level person flag yes when "
        "has offence where kind = theft and outcome in {guilty} "
        "and not aged 5 or is male";
    assert_int_equal(kith_program_new(&p, &err), KITH_OK);
    assert_int_equal(kith_parse_text(p, "a", text, strlen(text), &err),
                     KITH_OK);
    const kith_node *yes = p->cohorts[0]->yes;
    assert_int_equal(yes->kind, KITH_NODE_OR);
    const kith_node *both = yes->child;
    assert_int_equal(both->kind, KITH_NODE_AND);
    assert_int_equal(both->next->kind, KITH_NODE_ROLE);
    assert_int_equal(both->child->kind, KITH_NODE_HAS);
    assert_int_equal(both->child->next->kind, KITH_NODE_NOT);
    assert_int_equal(both->child->next->child->kind, KITH_NODE_AGED);
    const kith_node *test = both->child->query->tests;
    assert_string_equal(test->name, "kind");
    assert_string_equal(test->next->name, "outcome");
    assert_null(test->next->next);
    kith_program_free(p);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_marks),
        cmocka_unit_test(grammar),
        cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(names),
        cmocka_unit_test(units),
        cmocka_unit_test(contradictions),
        cmocka_unit_test(what_can_never_be),
        cmocka_unit_test(what_contradicts_itself),
        cmocka_unit_test(what_is_just_possible),
        cmocka_unit_test(cycles),
        cmocka_unit_test(effective_dates),
        cmocka_unit_test(the_caret_points_at_the_word),
        cmocka_unit_test(the_tree_is_what_was_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
