/* Row 23: k of n across a family, and members who may account for a part of
 * it only. */
#include "../support/scenario_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

/* A non-resident parent accounts for one problem only, each of them. */
static void
row_23_domains_and_the_cap(void **state)
{
    (void)state;
    const char *items =
        "include when any child\n"
        "criterion crime any member has offence, last 12 months\n"
        "criterion abuse any member has domestic_abuse, last 12 months\n"
        "criterion health any member has treatment, last 12 months\n"
        "flag yes when at least 2 of crime, abuse, health\n"
        "near when exactly 1 of them\n";
    const char *people =
        "person k1 2015-01-01 f Bolton\n"
        "person k2 2015-01-01 f Bolton\n"
        "person k3 2015-01-01 f Bolton\n"
        "person away1 1980-01-01 m Bolton\n"
        "person away2 1980-01-01 m Bolton\n"
        "person away3 1980-01-01 m Bolton\n"
        "person other3 1980-01-01 f Bolton\n"
        "person mum2 1985-01-01 f Bolton\n"
        "person single 1985-01-01 f Bolton\n"
        "family f1 k1:dependent_child away1:non_resident_parent\n"
        "family f2 k2:dependent_child away2:non_resident_parent mum2:parent\n"
        "family f3 k3:dependent_child away3:non_resident_parent "
        "other3:non_resident_parent\n"
        "family f4 single:parent\n"
        /* nobody sends Bury: 0 and 1 true of 3, and 2 */
        "person k5 2015-01-01 f Bury\n"
        "person k6 2015-01-01 f Bury\n"
        "person k7 2015-01-01 f Bury\n"
        "family f5 k5:dependent_child\n"
        "family f6 k6:dependent_child\n"
        "family f7 k7:dependent_child\n"
        "event k6 offence 2025-06-01\n"
        "event k7 offence 2025-04-01\n"
        "event k7 domestic_abuse 2026-03-31\n"
        "event away1 offence 2025-06-01\n"
        "event away1 domestic_abuse 2025-06-01\n"
        "event away2 offence 2025-06-01\n"
        "event mum2 domestic_abuse 2025-06-01\n"
        "event away3 offence 2025-06-01\n"
        "event other3 offence 2025-06-01\n"
        "event other3 domestic_abuse 2025-06-01\n"
        "event single offence 2025-06-01\n"
        "event single domestic_abuse 2025-06-01\n";
    char capped[1024];
    (void)snprintf(capped, sizeof capped,
                   "%scap non_resident_parent at 1 criterion", items);
    scenario_check("family", items, people,
                   "f1=yes f2=yes f3=yes f5=unknown f6=near f7=yes");
    /* f3: one gives the offence, the other the abuse */
    scenario_check("family", capped, people,
                   "f1=near f2=yes f3=yes f5=unknown f6=near f7=yes");
}

enum { ROOM = 32768, MEMBERS = 70 };

/* A family of 70; the last, who lives elsewhere, has two needs of his own. */
static void
write_family(char people[ROOM])
{
    size_t at = 0;
    for (unsigned i = 1; i <= MEMBERS; i++)
        at += (size_t)snprintf(people + at, ROOM - at,
                               "person p%u 1980-01-01 m Bolton\n", i);
    for (unsigned i = 1; i <= MEMBERS; i++)
        at += (size_t)snprintf(people + at, ROOM - at, "%s p%u:%s",
                               i % 20 == 1 ? "\nfamily f" : "", i,
                               i == MEMBERS ? "non_resident_parent" : "other");
    (void)snprintf(people + at, ROOM - at,
                   "\nevent p%d offence 2025-06-01\n"
                   "event p%d domestic_abuse 2025-06-01\n",
                   MEMBERS, MEMBERS);
}

/* Of n criteria the last two are met by the capped member alone. */
static void
write_criteria(char items[ROOM], unsigned n, unsigned wanted, const char *cap)
{
    size_t at = 0;
    for (unsigned i = 1; i <= n - 2; i++)
        at += (size_t)snprintf(items + at, ROOM - at,
                               "criterion c%u any male\n", i);
    (void)snprintf(items + at, ROOM - at,
                   "criterion crime any member has offence\n"
                   "criterion abuse any member has domestic_abuse\n"
                   "flag yes when at least %u of them\n"
                   "near when at least %u of them\n%s",
                   wanted, wanted - 1, cap);
}

/* More criteria than a machine word has bits, and more members: the last of
 * each counts like the first. */
static void
row_23_many_criteria_and_members(void **state)
{
    (void)state;
    static const unsigned sizes[] = {65, 200, 256};
    static const char cap[] = "cap non_resident_parent at 1 criterion\n";
    static char items[ROOM];
    static char people[ROOM];
    static char text[ROOM + 64];
    write_family(people);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        write_criteria(items, sizes[i], sizes[i], "");
        scenario_check("family", items, people, "f=yes");
        write_criteria(items, sizes[i], sizes[i] - 1, cap);
        scenario_check("family", items, people, "f=yes");
        write_criteria(items, sizes[i], sizes[i], cap);
        scenario_check("family", items, people, "f=near");
    }
    write_criteria(items, 257, 257, "");
    (void)snprintf(text, sizeof text,
                   "cohort x version 1 from 2000-01-01 level family\n%s",
                   items);
    scenario_refuse(text, "258:11", "more than 256 criteria in one cohort",
                    "make two cohorts");
}

/* A cap holds wherever the flag counts, and not inside a criterion. */
static void
row_23_a_cap_inside_a_condition(void **state)
{
    (void)state;
    const char *items =
        "criterion crime any member has offence, last 12 months\n"
        "criterion abuse any member has domestic_abuse, last 12 months\n"
        "criterion woman any member is female\n"
        "criterion both at least 2 of crime, abuse\n";
    const char *people =
        "person k1 2015-01-01 f Bolton\n"
        "person away1 1980-01-01 m Bolton\n"
        "family f1 k1:dependent_child away1:non_resident_parent\n"
        "event away1 offence 2025-06-01\n"
        "event away1 domestic_abuse 2025-06-01\n";
    char text[1024];
    (void)snprintf(text, sizeof text,
                   "%sflag yes when at least 2 of crime, abuse and woman\n"
                   "cap non_resident_parent at 1 criterion",
                   items);
    scenario_check("family", text, people, "");
    (void)snprintf(text, sizeof text,
                   "%sflag yes when at least 1 of crime, abuse and woman\n"
                   "cap non_resident_parent at 1 criterion",
                   items);
    scenario_check("family", text, people, "f1=yes");
    (void)snprintf(text, sizeof text,
                   "%sflag yes when both\n"
                   "cap non_resident_parent at 1 criterion",
                   items);
    scenario_check("family", text, people, "f1=yes");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(row_23_domains_and_the_cap),
        cmocka_unit_test(row_23_many_criteria_and_members),
        cmocka_unit_test(row_23_a_cap_inside_a_condition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
