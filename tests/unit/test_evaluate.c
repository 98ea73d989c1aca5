#include "../support/files.h"

#include <kith/evaluate.h>
#include <kith/job.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

/*
 * Two agencies. Truth: person A has a1, a2, b1; B has b2 and a3; C has b3,
 * whose row was rejected, and a4. Found: {a1, b1}, {a2}, {a3, b2}, {a4}.
 * True pairs 3 + 1 + 1 = 5, found 2, both 2.
 */
#define PSEUDONYM(x) "0000000000000000000000000000000" x

static const char truth[] = "agency,id,person,household,family,errors\n"
                            "a,1,A,H1,F1,\n"
                            "a,2,A,H1,F1,missing\n"
                            "b,1,A,H1,F1,\n"
                            "b,2,B,H1,F2,\n"
                            "a,3,B,H1,F2,\n"
                            "b,3,C,H2,F3,\n"
                            "a,4,C,H2,F3,\n";
static const char lookup_a[] =
    "pseudonym,id\n" PSEUDONYM("1") ",1\n" PSEUDONYM("2") ",2\n" PSEUDONYM(
        "3") ",3\n" PSEUDONYM("4") ",4\n" PSEUDONYM("9") ",99\n";
static const char lookup_b[] =
    "pseudonym,id\n" PSEUDONYM("1") ",1\n" PSEUDONYM("2") ",2\n";
static const char persons[] =
    "person,agency,record\n"
    "p0000000000000001,a," PSEUDONYM(
        "1") "\n"
             "p0000000000000001,b," PSEUDONYM(
                 "1") "\n"
                      "p0000000000000002,a," PSEUDONYM(
                          "2") "\n"
                               "p0000000000000003,a," PSEUDONYM(
                                   "3") "\n"
                                        "p0000000000000003,b," PSEUDONYM(
                                            "2") "\n"
                                                 "p0000000000000004,"
                                                 "a," PSEUDONYM(
                                                     "4") "\n"
                                                          "p0000000000000005,"
                                                          "a," PSEUDONYM(
                                                              "9") "\n";

typedef struct world {
    char folder[256];
    kith_job *job;
    kith_error err;
    kith_evaluation found;
} world;

static int
setup(void **state)
{
    world *w = calloc(1, sizeof *w);
    kith_job_params params = kith_job_params_default();
    if (w == NULL)
        return -1;
    params.n_threads = 1;
    params.quiet = true;
    test_folder_make(w->folder);
    *state = w;
    return kith_job_new(&w->job, &params, &w->err) == KITH_OK ? 0 : -1;
}

static int
teardown(void **state)
{
    world *w = *state;
    kith_job_free(w->job);
    test_folder_remove(w->folder);
    free(w);
    return 0;
}

static void
put(const world *w, const char *name, const char *text)
{
    char path[512];
    test_path(path, w->folder, name);
    test_write(path, text, strlen(text));
}

static void
put_all(const world *w)
{
    put(w, "records.csv", truth);
    put(w, "a.lookup.csv", lookup_a);
    put(w, "b.lookup.csv", lookup_b);
    put(w, "persons.csv", persons);
}

static kith_status
run(world *w, const char *links)
{
    char paths[4][512];
    const char *const names[] = {"persons.csv", "records.csv", "evaluation.csv",
                                 "links.csv"};
    for (int i = 0; i < 4; i++)
        test_path(paths[i], w->folder, names[i]);
    const kith_evaluate_params params = {.persons = paths[0],
                                         .lookup = w->folder,
                                         .truth = paths[1],
                                         .links =
                                             links == NULL ? NULL : paths[3],
                                         .out = paths[2]};
    if (links != NULL)
        put(w, "links.csv", links);
    return kith_evaluate(&w->found, &params, w->job, &w->err);
}

/* The truth in a folder, where other tables stand beside it. */
static void
put_truths(world *w)
{
    char truths[512];
    put_all(w);
    test_path(truths, w->folder, "truth");
    assert_int_equal(mkdir(truths, 0700), 0);
    put(w, "truth/records.csv", truth);
}

static kith_status
evaluate_truths(world *w)
{
    char paths[3][512];
    const char *const names[] = {"persons.csv", "truth/records.csv",
                                 "evaluation.csv"};
    for (int i = 0; i < 3; i++)
        test_path(paths[i], w->folder, names[i]);
    const kith_evaluate_params params = {.persons = paths[0],
                                         .lookup = w->folder,
                                         .truth = paths[1],
                                         .out = paths[2]};
    return kith_evaluate(&w->found, &params, w->job, &w->err);
}

static void
assert_row(const world *w, const char *row)
{
    char path[512];
    size_t n = 0;
    test_path(path, w->folder, "evaluation.csv");
    char *text = test_read(path, &n);
    if (strstr(text, row) == NULL)
        print_error("no row %s in\n%s", row, text);
    assert_non_null(strstr(text, row));
    free(text);
}

static void
pairs_are_counted_with_what_was_rejected(void **state)
{
    world *w = *state;
    put_all(w);
    assert_int_equal(run(w, NULL), KITH_OK);
    assert_int_equal(w->found.closed.n_true, 5);
    assert_int_equal(w->found.closed.n_found, 2);
    assert_int_equal(w->found.closed.n_both, 2);
    assert_int_equal(w->found.n_records, 7);
    assert_int_equal(w->found.n_unlinked, 1);
    /* B-cubed recall: A 2/3, 1/3, 2/3; B 1, 1; C 1/2, 1/2: 14/3 of 7. */
    assert_true(w->found.bcubed_recall > 0.666 &&
                w->found.bcubed_recall < 0.667);
    assert_row(w, "\nclosed_recall,all,0.400000\n");
    assert_row(w, "\nclosed_missed_pairs,all,3\n");
    assert_row(w, "\nrecords_without_truth,all,1\n");
}

/* a+a: a1-a2 missed; a+b: a1-b1, a3-b2 found, a2-b1 and a4-b3 missed. */
static void
pairs_are_told_by_agencies(void **state)
{
    world *w = *state;
    put_all(w);
    assert_int_equal(run(w, NULL), KITH_OK);
    assert_row(w, "\nclosed_true_pairs,a+a,1\nclosed_found_pairs,a+a,0\n");
    assert_row(w, "\nclosed_true_pairs,a+b,4\nclosed_found_pairs,a+b,2\n"
                  "closed_missed_pairs,a+b,2\n");
}

static void
links_are_judged_one_by_one(void **state)
{
    world *w = *state;
    put_all(w);
    const char links[] =
        "left_agency,left_record,right_agency,right_record,bits\n"
        "a," PSEUDONYM("1") ",b," PSEUDONYM(
            "1") ",9.5\n"
                 "a," PSEUDONYM("3") ",a," PSEUDONYM(
                     "4") ",1.5\n"
                          "a," PSEUDONYM("3") ",a," PSEUDONYM("9") ",1.5\n";
    assert_int_equal(run(w, links), KITH_OK);
    assert_int_equal(w->found.links.n_found, 2); /* the third: no truth */
    assert_int_equal(w->found.links.n_both, 1);
    assert_row(w, "\nlinks_precision,all,0.500000\n");
    assert_row(w, "\nlinks_recall,all,0.200000\n");
}

/*
 * Families over true persons: A is p1, B p3, C p4. True families F1 {A},
 * F2 {B}, F3 {C}, households H1 {A, B}, H2 {C}. Found family of A and B, with
 * B surer elsewhere: no pair; household of A and B: one pair, right.
 */
static void
homes_and_families_are_compared_over_true_persons(void **state)
{
    world *w = *state;
    put_all(w);
    put(w, "households.csv",
        "household,person,source,confidence\n"
        "h1,p0000000000000001,address,0.90\n"
        "h1,p0000000000000003,address,0.75\n");
    put(w, "families.csv",
        "family,person,role,source,confidence\n"
        "f1,p0000000000000001,parent,address,0.60\n"
        "f1,p0000000000000003,dependent_child,address,0.60\n"
        "f1,p0000000000000004,non_resident_parent,relation,0.95\n"
        "f3,p0000000000000003,dependent_child,relation,0.95\n");
    assert_int_equal(run(w, NULL), KITH_OK);
    assert_row(w, "\nhousehold_true_pairs,all,1\nhousehold_found_pairs,all,1\n"
                  "household_missed_pairs,all,0\n");
    assert_row(w, "\nfamily_true_pairs,all,0\nfamily_found_pairs,all,0\n");
}

/*
 * A (three records) and C are women, B a man. Women: true pairs 3 + 1, found
 * and true 1 (a1-b1): recall 1/4; B-cubed recall (2/3 + 1/3 + 2/3 + 1/2 + 1/2)
 * / 5; the man: all of it.
 */
static void
groups_of_people_are_told_apart(void **state)
{
    world *w = *state;
    put_truths(w);
    put(w, "truth/persons.csv",
        "person,sex,born,district,community\nA,F,1999-12-31,Bolton,british\n"
        "B,M,2000-01-01,Bolton,polish\nC,F,1950-06-01,Wigan,british\n"
        "D,M,1950-06-01,Wigan,british\n");
    assert_int_equal(evaluate_truths(w), KITH_OK);
    assert_row(w, "\ngroup_records,sex=F,5\ngroup_pair_recall,sex=F,0.250000\n"
                  "group_bcubed_precision,sex=F,1.000000\n"
                  "group_bcubed_recall,sex=F,0.533333\n");
    assert_row(w, "\ngroup_pair_recall,sex=M,1.000000\n");
    assert_row(w, "\ngroup_records,born=1980-1999,3\n");
    assert_row(w, "\ngroup_records,born=2000-2009,2\n");
    assert_row(w, "\ngroup_records,community=british,5\n");
}

/*
 * a2 has "typing", a3 "typing" and "swapped"; b3 and the rest are clean. Pairs
 * with typing: a1-a2, a2-b1 (missed), a3-b2 (found): 1 of 3; with swapped
 * a3-b2: found; clean pairs a1-b1 (found), b3-a4 (missed).
 */
static void
recall_is_told_by_error(void **state)
{
    world *w = *state;
    put_all(w);
    put(w, "records.csv",
        "agency,id,person,errors\na,1,A,\na,2,A,typing\nb,1,A,\nb,2,B,\n"
        "a,3,B,swapped|typing\nb,3,C,\na,4,C,\n");
    assert_int_equal(run(w, NULL), KITH_OK);
    assert_row(w, "\nclosed_true_pairs,error=none,2\n"
                  "closed_recall,error=none,0.500000\n");
    assert_row(w, "\nclosed_true_pairs,error=typing,3\n"
                  "closed_recall,error=typing,0.333333\n");
    assert_row(w, "\nclosed_true_pairs,error=swapped,1\n"
                  "closed_recall,error=swapped,1.000000\n");
    assert_int_equal(w->found.n_hardest, 0); /* a handful says little */
}

/* Ten persons of four records; every record of one half has "initial" and is
 * found alone, every record of the other "typing" and is found. */
static void
hardest_errors_come_first(void **state)
{
    enum { PERSONS = 10, RECORDS = 4, TEXT = 4096 };
    world *w = *state;
    char *truths = calloc(3, TEXT);
    assert_non_null(truths);
    char *lookup = truths + TEXT;
    char *found = truths + TEXT * 2;
    size_t n = (size_t)snprintf(truths, TEXT, "agency,id,person,errors\n");
    size_t l = (size_t)snprintf(lookup, TEXT, "pseudonym,id\n");
    size_t f = (size_t)snprintf(found, TEXT, "person,agency,record\n");
    for (int i = 0; i < PERSONS * RECORDS; i++) {
        const bool hard = i < PERSONS * RECORDS / 2;
        n += (size_t)snprintf(truths + n, TEXT - n, "a,%d,P%d,%s\n", i,
                              i / RECORDS, hard ? "initial" : "typing");
        l += (size_t)snprintf(lookup + l, TEXT - l, "%032x,%d\n", i, i);
        f += (size_t)snprintf(found + f, TEXT - f, "p%016x,a,%032x\n",
                              hard ? i : 1000 + i / RECORDS, i);
    }
    put(w, "records.csv", truths);
    put(w, "a.lookup.csv", lookup);
    put(w, "persons.csv", found);
    free(truths);
    assert_int_equal(run(w, NULL), KITH_OK);
    assert_int_equal(w->found.n_hardest, 2);
    assert_string_equal(w->found.hardest[0].kind, "initial");
    assert_int_equal(w->found.hardest[0].n_true, 5 * 6);
    assert_true(w->found.hardest[0].recall < 1e-9);
    assert_string_equal(w->found.hardest[1].kind, "typing");
    assert_true(w->found.hardest[1].recall > 1 - 1e-9);
}

/*
 * Truth: A and C are in "care", A looked after; D, whom no agency knows, too.
 * p1 and p2 (both A) are flagged, p3 (B) too, p4 (C) is not: flagged true
 * persons A and B, one of them right, of three. A "near" and a family do not
 * count, nor does a cohort that the truth does not name.
 */
static void
flags_are_judged_by_true_person(void **state)
{
    world *w = *state;
    put_truths(w);
    put(w, "truth/cohorts.csv",
        "cohort,unit,id,tier\ncare,person,A,looked_after\n"
        "care,person,C,in_need\ncare,person,D,in_need\n");
    put(w, "flags.csv",
        "cohort,version,unit,id,status,tier,since\n"
        "care,1,person,p0000000000000001,yes,looked_after,2026-03-31\n"
        "care,1,person,p0000000000000002,yes,looked_after,2026-03-31\n"
        "care,1,person,p0000000000000003,yes,looked_after,2026-03-31\n"
        "care,1,person,p0000000000000004,near,,2026-03-31\n"
        "care,1,family,f0000000000000004,yes,,2026-03-31\n"
        "other,1,person,p0000000000000004,yes,,2026-03-31\n");
    assert_int_equal(evaluate_truths(w), KITH_OK);
    assert_row(w, "\nflag_true,care,3\nflag_found,care,2\n"
                  "flag_missed_unknown,care,0\n"
                  "flag_precision,care,0.500000\nflag_recall,care,0.333333\n");
    assert_row(w, "\nflag_true,care:looked_after,1\n"
                  "flag_found,care:looked_after,2\n"
                  "flag_missed_unknown,care:looked_after,0\n"
                  "flag_precision,care:looked_after,0.500000\n"
                  "flag_recall,care:looked_after,1.000000\n");
    assert_row(w, "\nflag_recall,care:in_need,0.000000\n");
    put(w, "flags.csv", "cohort,unit,id,status\ncare,person,x,yes\n");
    assert_int_equal(evaluate_truths(w), KITH_ERR_DATA);
    assert_non_null(strstr(w->err.text, "flags.csv:2: "));
}

/*
 * Found families: fx of A alone, fy of B with C, who lives elsewhere and has no
 * vote, fz of C. In "poor" are F1 (A), flagged, and F2 (B), for whom an extract
 * is lacking; F3 (C) is flagged in vain. Found homes: hx of A and B is H1.
 */
static void
flags_are_judged_by_true_family_and_household(void **state)
{
    world *w = *state;
    put_truths(w);
    put(w, "truth/cohorts.csv",
        "cohort,unit,id,tier\npoor,family,F1,\npoor,family,F2,\n"
        "cold,household,H1,\ncold,household,H2,\n");
    put(w, "families.csv",
        "family,person,role,source,confidence\n"
        "fx,p0000000000000001,adult,alone,0.60\n"
        "fx,p0000000000000002,adult,alone,0.60\n"
        "fy,p0000000000000003,dependent_child,relation,0.95\n"
        "fy,p0000000000000004,non_resident_parent,relation,0.95\n"
        "fz,p0000000000000004,adult,alone,0.60\n");
    put(w, "households.csv",
        "household,person,source,confidence\n"
        "hx,p0000000000000001,address,0.90\n"
        "hx,p0000000000000003,address,0.90\n"
        "hy,p0000000000000004,address,0.90\n");
    put(w, "flags.csv",
        "cohort,version,unit,id,status,tier,since\n"
        "poor,1,family,fx,yes,,2026-03-31\n"
        "poor,1,family,fy,unknown,,2026-03-31\n"
        "poor,1,family,fz,yes,,2026-03-31\n"
        "cold,1,household,hx,yes,,2026-03-31\n"
        "cold,1,household,hy,near,,2026-03-31\n");
    assert_int_equal(evaluate_truths(w), KITH_OK);
    assert_row(w, "\nflag_true,poor,2\nflag_found,poor,2\n"
                  "flag_missed_unknown,poor,1\n"
                  "flag_precision,poor,0.500000\nflag_recall,poor,0.500000\n");
    assert_int_equal(w->found.n_cohorts, 2); /* by name */
    assert_string_equal(w->found.cohorts[0].cohort, "cold");
    assert_string_equal(w->found.cohorts[1].cohort, "poor");
    assert_int_equal(w->found.cohorts[1].n_unknown, 1);
    assert_row(w, "\nflag_true,cold,2\nflag_found,cold,1\n"
                  "flag_missed_unknown,cold,0\n"
                  "flag_precision,cold,1.000000\nflag_recall,cold,0.500000\n");
    put(w, "truth/cohorts.csv", "cohort,unit,id\npoor,tribe,F1\n");
    assert_int_equal(evaluate_truths(w), KITH_ERR_DATA);
    assert_non_null(strstr(w->err.text, "cohorts.csv:2: "));
}

/* Truth of a public set has no households; then none are judged. */
static void
a_truth_of_three_columns_will_do(void **state)
{
    world *w = *state;
    put_all(w);
    put(w, "records.csv", "agency,id,person\na,1,x\nb,1,x\n");
    assert_int_equal(run(w, NULL), KITH_OK);
    assert_int_equal(w->found.closed.n_both, 1);
}

static void
damaged_inputs_are_refused_by_line(void **state)
{
    world *w = *state;
    put_all(w);
    put(w, "records.csv", "agency,id,person\na,1,x\na,1,y\n");
    assert_int_equal(run(w, NULL), KITH_ERR_DATA);
    assert_non_null(strstr(w->err.text, "records.csv:3: "));
    put(w, "records.csv", "agency,id,person\na,1,\n");
    assert_int_equal(run(w, NULL), KITH_ERR_DATA);
    assert_non_null(strstr(w->err.text, "records.csv:2: "));
    put(w, "records.csv", "agency,id\na,1\n");
    assert_int_equal(run(w, NULL), KITH_ERR_DATA);
    assert_non_null(strstr(w->err.text, "person"));
    put(w, "records.csv", "agency,id,person\nc,1,x\n");
    assert_int_equal(run(w, NULL), KITH_ERR_IO);
    assert_non_null(strstr(w->err.text, "c.lookup.csv"));
    put(w, "records.csv", truth);
    put(w, "b.lookup.csv", "pseudonym,id\n123,1\n");
    assert_int_equal(run(w, NULL), KITH_ERR_DATA);
    assert_non_null(strstr(w->err.text, "b.lookup.csv:2: "));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pairs_are_counted_with_what_was_rejected),
        TEST(pairs_are_told_by_agencies),
        TEST(links_are_judged_one_by_one),
        TEST(homes_and_families_are_compared_over_true_persons),
        TEST(groups_of_people_are_told_apart),
        TEST(recall_is_told_by_error),
        TEST(hardest_errors_come_first),
        TEST(flags_are_judged_by_true_person),
        TEST(flags_are_judged_by_true_family_and_household),
        TEST(a_truth_of_three_columns_will_do),
        TEST(damaged_inputs_are_refused_by_line),
    };
    return cmocka_run_group_tests_name("evaluate", tests, NULL, NULL);
}
