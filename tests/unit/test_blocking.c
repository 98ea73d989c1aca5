#include "evaluate/missed.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

enum { POSTCODE, BIRTH, SURNAME, FORENAME };

/* Passes that each need the given parts. */
static void
add_pass(kith_spec *spec, kith_part a, const kith_part *b)
{
    kith_spec_pass *p = &spec->passes[spec->n_passes++];
    p->key[p->n_key++] = (kith_value){.parts = {a}, .n_parts = 1};
    if (b != NULL)
        p->key[p->n_key++] = (kith_value){.parts = {*b}, .n_parts = 1};
}

static kith_spec
spec_of_fields(void)
{
    kith_spec spec = {.n_fields = 4, .n_comparisons = 1};
    spec.fields[POSTCODE].kind = KITH_FIELD_POSTCODE;
    spec.fields[BIRTH].kind = KITH_FIELD_DATE;
    spec.fields[SURNAME].kind = KITH_FIELD_NAME;
    spec.fields[FORENAME].kind = KITH_FIELD_NAME;
    kith_spec_comparison *names = &spec.comparisons[0];
    names->kind = KITH_COMPARE_NAMES;
    names->values[0].parts[0].field = SURNAME;
    names->values[1].parts[0].field = FORENAME;
    return spec;
}

static void
note(kith_missed *m, uint32_t possible, uint32_t covered, unsigned n)
{
    kith_error err = KITH_ERROR_INIT;
    for (unsigned i = 0; i < n; i++)
        assert_int_equal(kith_missed_note(m, possible, covered, &err), KITH_OK);
}

static void
fit(kith_missed *m)
{
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(kith_missed_fit(m, &err), KITH_OK);
}

/*
 * Two passes without a part in common are two independent lists. 60 pairs on
 * both, 20 on the first alone, 30 on the second: Petersen's estimate is
 * 80 * 90 / 60 = 120 pairs, 10 of them on neither. Of those on the second
 * 60 / 90 are on the first: it misses a third of the pairs that can meet
 * there only, however many of them it finds.
 */
static void
two_independent_passes_are_two_lists(void **state)
{
    (void)state;
    kith_spec spec = spec_of_fields();
    kith_missed m = {0};
    add_pass(&spec, (kith_part){POSTCODE, KITH_PART_WHOLE}, NULL);
    add_pass(&spec, (kith_part){BIRTH, KITH_PART_WHOLE}, NULL);
    kith_missed_init(&m, &spec);
    assert_int_equal(m.n_parts, 2);
    note(&m, 3, 3, 60);
    note(&m, 3, 1, 20);
    note(&m, 3, 2, 30);
    note(&m, 1, 1, 40);
    fit(&m);
    assert_true(fabs(kith_missed_share(&m, 3) - 10.0 / 120) < 1e-4);
    assert_true(fabs(kith_missed_share(&m, 1) - 1.0 / 3) < 1e-4);
    assert_true(fabs(kith_missed_share(&m, 2) - 1.0 / 4) < 1e-4);
    kith_missed_done(&m);
}

/* Pairs that no pass covers, known through other records, change nothing. */
static void
pairs_linked_through_others_do_not_count(void **state)
{
    (void)state;
    kith_spec spec = spec_of_fields();
    kith_missed m = {0};
    add_pass(&spec, (kith_part){POSTCODE, KITH_PART_WHOLE}, NULL);
    add_pass(&spec, (kith_part){BIRTH, KITH_PART_WHOLE}, NULL);
    kith_missed_init(&m, &spec);
    note(&m, 3, 0, 1000);
    note(&m, 3, 3, 60);
    note(&m, 3, 1, 20);
    note(&m, 3, 2, 30);
    fit(&m);
    assert_true(fabs(kith_missed_share(&m, 3) - 10.0 / 120) < 1e-4);
    kith_missed_done(&m);
}

/* Nobody was ever found without the surname's sound: how often it fails
 * cannot be known. */
static void
parts_that_every_pass_needs_allow_no_estimate(void **state)
{
    (void)state;
    kith_spec spec = spec_of_fields();
    kith_missed m = {0};
    const kith_part year = {BIRTH, KITH_PART_YEAR};
    const kith_part postcode = {POSTCODE, KITH_PART_WHOLE};
    add_pass(&spec, (kith_part){SURNAME, KITH_PART_SOUNDEX}, &year);
    add_pass(&spec, (kith_part){SURNAME, KITH_PART_SOUNDEX}, &postcode);
    kith_missed_init(&m, &spec);
    assert_int_equal(m.n_parts, 3);
    note(&m, 3, 3, 60);
    note(&m, 3, 1, 20);
    note(&m, 3, 2, 30);
    fit(&m);
    assert_true(isnan(kith_missed_share(&m, 3)));
    assert_true(isnan(kith_missed_share(&m, 0)));
    kith_missed_done(&m);
}

/*
 * Either name with the postcode, and the date of birth alone. With no error
 * in the postcode, the first misses a pair when both names err.
 */
static void
either_name_is_enough(void **state)
{
    (void)state;
    kith_spec spec = spec_of_fields();
    kith_missed m = {0};
    const kith_part either = {KITH_FIELD_EITHER, KITH_PART_SOUNDEX};
    add_pass(&spec, (kith_part){POSTCODE, KITH_PART_WHOLE}, &either);
    add_pass(&spec, (kith_part){BIRTH, KITH_PART_WHOLE}, NULL);
    kith_missed_init(&m, &spec);
    assert_int_equal(m.n_parts, 4);
    m.tested = 15;
    const double agree[] = {1, 0.5, 0.9, 0.8};
    for (unsigned i = 0; i < 4; i++)
        m.agree[i] = 0;
    for (unsigned i = 0; i < 4; i++) {
        const bool first = (m.needed_by[i] & 1) != 0;
        const bool second = (m.needed_by[i] & 2) != 0;
        const bool birth = (m.needed_by[i] & 4) != 0;
        m.agree[i] = birth             ? agree[1]
                     : first && second ? agree[0]
                     : first           ? agree[2]
                                       : agree[3];
    }
    assert_true(fabs(kith_missed_share(&m, 1) - 0.1 * 0.2) < 1e-12);
    assert_true(fabs(kith_missed_share(&m, 2) - 0.5) < 1e-12);
    assert_true(fabs(kith_missed_share(&m, 3) - 0.1 * 0.2 * 0.5) < 1e-12);
    kith_missed_done(&m);
}

/*
 * Pairs that can meet in the postcode's pass only: the postcode fails in a
 * third, and a birth date agrees in 60 of the 80 pairs that the postcode
 * finds. A further pass keyed on the birth date finds 1/3 * 3/4; keyed on
 * both it finds nothing that the postcode does not.
 */
static void
a_further_pass_finds_what_fails_elsewhere(void **state)
{
    (void)state;
    kith_spec spec = spec_of_fields();
    kith_missed m = {0};
    add_pass(&spec, (kith_part){POSTCODE, KITH_PART_WHOLE}, NULL);
    add_pass(&spec, (kith_part){BIRTH, KITH_PART_WHOLE}, NULL);
    kith_missed_init(&m, &spec);
    note(&m, 3, 3, 60);
    note(&m, 3, 1, 20);
    note(&m, 3, 2, 30);
    fit(&m);
    const uint32_t postcode =
        kith_missed_parts(&m, &spec, POSTCODE, KITH_PART_WHOLE);
    const uint32_t birth = kith_missed_parts(&m, &spec, BIRTH, KITH_PART_WHOLE);
    assert_int_equal(postcode | birth, 3);
    assert_int_equal(kith_missed_parts(&m, &spec, SURNAME, KITH_PART_SOUNDEX),
                     0);
    assert_true(fabs(kith_missed_gain(&m, 1, birth) - 0.25) < 1e-4);
    assert_true(fabs(kith_missed_gain(&m, 1, postcode | birth)) < 1e-12);
    assert_true(fabs(kith_missed_gain(&m, 3, birth)) < 1e-12);
    kith_missed_done(&m);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_independent_passes_are_two_lists),
        cmocka_unit_test(pairs_linked_through_others_do_not_count),
        cmocka_unit_test(parts_that_every_pass_needs_allow_no_estimate),
        cmocka_unit_test(either_name_is_enough),
        cmocka_unit_test(a_further_pass_finds_what_fails_elsewhere)};
    return cmocka_run_group_tests_name("blocking", tests, NULL, NULL);
}
