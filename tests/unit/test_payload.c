/* What family and flag get of fixtures/encode: ages, places, households,
 * events and relations, worked out by hand. */
#include "../support/encoded.h"

#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
people_say_age_place_and_household(void **state)
{
    (void)state;
    test_encoded t;
    size_t n = 0, row_bytes = 0;
    char text[128];
    test_encoded_well(&t, 1);
    kith_person_row *people = test_encoded_rows(&t, "payload/police.people",
                                                "people", &n, &row_bytes);
    assert_int_equal(n, 12);
    assert_int_equal(row_bytes, sizeof *people);
    for (size_t i = 1; i < n; i++)
        assert_true(memcmp(people[i - 1].pseudonym, people[i].pseudonym,
                           KITH_PSEUDONYM_BYTES) < 0);
    const kith_person_row *r01 = &people[test_encoded_record(&t, "R01")];
    const kith_person_row *r02 = &people[test_encoded_record(&t, "R02")];
    const kith_person_row *r06 = &people[test_encoded_record(&t, "R06")];
    const kith_person_row *r11 = &people[test_encoded_record(&t, "R11")];
    const kith_person_row *r12 = &people[test_encoded_record(&t, "R12")];
    const kith_person_row *r16 = &people[test_encoded_record(&t, "R16")];
    assert_int_equal(r01->age, 45);
    assert_int_equal(r01->sex, 1);
    assert_int_equal(r01->born_month,
                     kith_days_from_ymd((kith_ymd){1980, 5, 1}));
    assert_int_equal(r01->updated, kith_days_from_ymd((kith_ymd){2026, 2, 1}));
    assert_int_equal(people[test_encoded_record(&t, "R04")].age,
                     51); /* 1 January */
    assert_int_equal(r06->age, -1);
    assert_int_equal(r06->born_month,
                     kith_days_from_ymd((kith_ymd){1960, 2, 1}));
    assert_int_equal(r11->age, 14); /* 29 February */
    assert_int_equal(r12->age, 12);
    assert_int_equal(r11->updated, KITH_NO_DATE);
    /* One address and family name, one case; other people elsewhere. */
    assert_true(r11->address != 0 && r11->address == r12->address);
    assert_true(r11->surname != 0 && r11->surname == r12->surname);
    assert_true(r11->unit != 0 && r11->unit == r12->unit);
    assert_true(r01->address == r02->address && r01->surname != r02->surname);
    assert_true(r01->address != r11->address && r01->unit != r11->unit);
    assert_int_equal(r16->address, 0);
    assert_int_equal(r16->surname, 0);
    assert_int_equal(r16->unit, 0);
    assert_int_equal(r01->neighbourhood, 0);
    assert_int_equal(r11->neighbourhood, 1);
    assert_int_equal(r11->district, 1);
    assert_int_equal(r01->place, 3);
    assert_int_equal(r11->place, 0); /* "x" is no decile */
    assert_true(r16->district == UINT32_MAX);
    test_encoded_meta(&t, "payload/police.people", "district", text);
    assert_string_equal(text, "Manchester");
    free(people);
    test_encoded_done(&t);
}

static void
events_keep_age_codes_and_amounts(void **state)
{
    (void)state;
    test_encoded t;
    size_t n = 0, row_bytes = 0;
    char text[128];
    test_encoded_well(&t, 1);
    kith_event_row *events = test_encoded_rows(&t, "payload/police.events",
                                               "events", &n, &row_bytes);
    assert_int_equal(n, 8);
    assert_int_equal(row_bytes, sizeof *events);
    for (size_t i = 1; i < n; i++)
        assert_true(events[i - 1].record < events[i].record ||
                    (events[i - 1].record == events[i].record &&
                     events[i - 1].start <= events[i].start));
    test_encoded_meta(&t, "payload/police.events", "type", text);
    assert_string_equal(text, "offence|event|outcome,source|fine");
    test_encoded_meta(&t, "payload/police.events", "coverage", text);
    assert_string_equal(text, "offence|2015-01-01|2026-03-31|");
    const uint32_t r01 = test_encoded_record(&t, "R01"),
                   r12 = test_encoded_record(&t, "R12");
    const uint32_t r04 = test_encoded_record(&t, "R04"),
                   r06 = test_encoded_record(&t, "R06");
    uint32_t guilty = KITH_NO_CODE, caution = KITH_NO_CODE;
    unsigned seen = 0;
    for (size_t i = 0; i < n; i++) {
        const kith_event_row *e = &events[i];
        kith_ymd start = kith_ymd_from_days(e->start);
        if (e->record == r01 && start.year == 2025) {
            assert_int_equal(e->age, 45);
            assert_int_equal(e->amounts[0], 125050);
            assert_int_equal(e->amounts[1], KITH_NO_AMOUNT);
            assert_int_equal(e->end, e->start);
            guilty = e->codes[0];
            seen++;
        } else if (e->record == r01) {
            assert_int_equal(e->age, 43);
            assert_int_equal(e->amounts[0], KITH_NO_AMOUNT);
            caution = e->codes[0];
            seen++;
        } else if (e->record == r04) {
            assert_int_equal(e->age, 50);
            assert_int_equal(e->amounts[0], -399);
            seen++;
        } else if (e->record == r06) {
            assert_int_equal(e->age, -1); /* its day is not known */
            assert_int_equal(e->amounts[0], 700);
            seen++;
        } else if (e->record == r12 && e->type == 0) {
            /* The day before, and on, the twelfth birthday. */
            assert_int_equal(e->age, start.day == 27 ? 11 : 12);
            assert_true((e->codes[0] == KITH_NO_CODE) == (start.day == 28));
            seen++;
        } else {
            assert_int_equal(e->record, r12);
            assert_int_equal(e->age, 12);
            assert_int_equal(e->end,
                             start.day == 10
                                 ? KITH_OPEN_END
                                 : kith_days_from_ymd((kith_ymd){2026, 4, 1}));
            seen++;
        }
    }
    assert_int_equal(seen, 8);
    assert_true(guilty != caution && guilty != KITH_NO_CODE);
    free(events);
    test_encoded_done(&t);
}

static void
children_are_turned_to_their_parents(void **state)
{
    (void)state;
    test_encoded t;
    size_t n = 0, row_bytes = 0;
    test_encoded_well(&t, 1);
    kith_relation_row *r = test_encoded_rows(&t, "payload/police.relations",
                                             "relations", &n, &row_bytes);
    const uint32_t r11 = test_encoded_record(&t, "R11"),
                   r12 = test_encoded_record(&t, "R12");
    assert_int_equal(n, 2);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(r[i].record, test_encoded_record(&t, "R13"));
        assert_int_equal(r[i].kind, KITH_RELATION_PARENT_OF);
        assert_true(r[i].other == r11 || r[i].other == r12);
        assert_int_equal(r[i].end, KITH_OPEN_END);
        assert_int_equal(r[i].start,
                         r[i].other == r12
                             ? KITH_NO_DATE
                             : kith_days_from_ymd((kith_ymd){2012, 2, 29}));
    }
    free(r);
    test_encoded_done(&t);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_say_age_place_and_household),
        cmocka_unit_test(events_keep_age_codes_and_amounts),
        cmocka_unit_test(children_are_turned_to_their_parents),
    };
    return cmocka_run_group_tests_name("payload", tests, NULL, NULL);
}
