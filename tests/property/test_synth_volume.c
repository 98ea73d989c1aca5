/* How much the agencies hold: records and events a person, by official
 * volumes of contacts. */
#include "../support/files.h"
#include "synth/files.h"

#include <kith/job.h>
#include <kith/synth.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PEOPLE = 10000 };

static int
setup(void **state)
{
    static char folder[256];
    kith_job *job = NULL;
    kith_error err = KITH_ERROR_INIT;
    kith_job_params jp = kith_job_params_default();
    kith_synth_params params = kith_synth_params_default();
    jp.n_threads = 2;
    jp.quiet = true;
    test_folder_make(folder);
    params.n_people = PEOPLE;
    params.out = folder;
    *state = folder;
    if (kith_job_new(&job, &jp, &err) != KITH_OK)
        return -1;
    const kith_status status = kith_synth(&params, job, &err);
    kith_job_free(job);
    return status == KITH_OK ? 0 : -1;
}

static int
teardown(void **state)
{
    test_folder_remove(*state);
    return 0;
}

/* Rows of a file below its header. */
static uint64_t
count_rows(const char *folder, const char *name)
{
    char path[512];
    size_t n = 0;
    uint64_t lines = 0;
    test_path(path, folder, name);
    char *text = test_read(path, &n);
    for (size_t i = 0; i < n; i++)
        lines += text[i] == '\n';
    free(text);
    return lines - 1;
}

static uint64_t
count_events(const char *folder, kith_event_type type)
{
    uint64_t sum = 0;
    char name[128];
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++) {
        const kith_agency *agency = kith_agency_at(a);
        for (unsigned f = 0; f < KITH_AGENCY_FILES && agency->events[f].file;
             f++)
            if (agency->events[f].type == type &&
                kith_file_name(name, kith_file_events(a, f), false))
                sum += count_rows(folder, name);
    }
    return sum;
}

/* Three million people are 30 million records and 60 million events. */
static void
ten_records_and_twenty_events_a_person(void **state)
{
    uint64_t events = 0;
    for (int type = 0; type < KITH_EVENTS; type++)
        events += count_events(*state, (kith_event_type)type);
    assert_in_range(count_rows(*state, "truth/records.csv"), 9 * PEOPLE,
                    11 * PEOPLE);
    assert_in_range(events, 19 * PEOPLE, 24 * PEOPLE);
}

/* 5.16 consultations a year (Hobbs et al. 2016) over two years, for the 97 %
 * on a list: ten a person; no one joins a list by seeing a doctor. */
static void
contacts_are_as_many_as_published(void **state)
{
    const uint64_t contacts = count_events(*state, KITH_EVENT_GP_CONTACT);
    assert_in_range(contacts, 9 * PEOPLE, 11 * PEOPLE);
    const uint64_t outpatients = count_events(*state, KITH_EVENT_OUTPATIENT);
    assert_in_range(outpatients, 12 * PEOPLE / 10, 17 * PEOPLE / 10);
    /* Police hold a quarter of people over ten, not everybody. */
    assert_in_range(count_rows(*state, "extracts/gmp_persons.csv"),
                    4 * PEOPLE / 10, 8 * PEOPLE / 10);
    /* 2.4 people a home, the accounts of twelve years. */
    assert_in_range(count_events(*state, KITH_EVENT_COUNCIL_TAX),
                    3 * PEOPLE / 10, 12 * PEOPLE / 10);
}

/* Every type of the shipped criteria has a sender, and the rarer ones are as
 * frequent as their rates say: 2,250 people are minors, 85 in a thousand
 * people claim, 8.5 in a thousand minors are looked after. */
static void
rare_events_have_their_senders(void **state)
{
    static const struct {
        kith_event_type type;
        uint64_t least, most;
    } types[] = {{KITH_EVENT_YOUNG_CARER, 8, 60},
                 {KITH_EVENT_CARE_DOCUMENT, 15, 150},
                 {KITH_EVENT_CONFLICT, 20, 300},
                 {KITH_EVENT_WORK_PROGRAMME, 50, 180},
                 /* Of 97 % on a list nine in ten were asked. */
                 {KITH_EVENT_ORIGIN, 8000, 9100},
                 /* 0.9 to 1.1 % a year die, three years are kept; practices
                  * tell of 95 % of them, hospitals of 80 %. */
                 {KITH_EVENT_DEATH, 380, 680}};
    char name[128];
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        assert_in_range(count_events(*state, types[i].type), types[i].least,
                        types[i].most);
    for (int type = 0; type < KITH_EVENTS; type++) {
        bool sent = false;
        for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++)
            for (unsigned f = 0; f < KITH_AGENCY_FILES; f++)
                sent |= kith_file_name(name, kith_file_events(a, f), false) &&
                        (int)kith_agency_at(a)->events[f].type == type;
        assert_true(sent);
    }
}

/* Rows of the surgeries' extract with a birth date in April 2026. */
static uint64_t
count_born_in_april(const char *folder, const char *name)
{
    char path[512];
    size_t n = 0;
    uint64_t born = 0;
    test_path(path, folder, name);
    char *text = test_read(path, &n);
    for (size_t at = 0; at < n; at++) {
        /* PatientID,NHSNumber,Surname,Forename,MiddleNames,DOB,... */
        for (unsigned comma = 0; comma < 5; at++)
            comma += text[at] == ',';
        born += memcmp(text + at + 2, "/04/2026", 8) == 0;
        while (text[at] != '\n')
            at++;
    }
    free(text);
    return born;
}

/* Children are born in the nights after the first extract, and registered
 * days later, never before. */
static void
children_are_born_during_nights(void **state)
{
    enum { NIGHTS = 8 };
    char folder[256];
    kith_job *job = NULL;
    kith_error err = KITH_ERROR_INIT;
    kith_job_params jp = kith_job_params_default();
    kith_synth_params params = kith_synth_params_default();
    (void)state;
    jp.n_threads = 2;
    jp.quiet = true;
    test_folder_make(folder);
    params.n_people = 2 * PEOPLE;
    params.out = folder;
    params.n_nights = NIGHTS;
    assert_int_equal(kith_job_new(&job, &jp, &err), KITH_OK);
    assert_int_equal(kith_synth(&params, job, &err), KITH_OK);
    kith_job_free(job);
    assert_int_equal(count_born_in_april(folder, "extracts/gp_persons.csv"), 0);
    assert_int_equal(count_born_in_april(
                         folder, "nights/2026-04-03/extracts/gp_persons.csv"),
                     0);
    assert_true(count_born_in_april(
                    folder, "nights/2026-04-08/extracts/gp_persons.csv") > 0);
    test_folder_remove(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_records_and_twenty_events_a_person),
        cmocka_unit_test(contacts_are_as_many_as_published),
        cmocka_unit_test(children_are_born_during_nights),
        cmocka_unit_test(rare_events_have_their_senders),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
