/* The attacks on a made-up town: narrow, salted passes hold, and what is
 * known to be weak breaks. */
#include "../support/files.h"
#include "../support/keys.h"

#include "base/rng.h"

#include <kith/attack.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PEOPLE = 2400, YEARS = 40, NAMES = 80 };

typedef struct town {
    char folder[256];
    char out[512];
    kith_spec *spec;
    kith_mapping *mapping;
    kith_key *project, *agency;
    kith_job *job;
    kith_error err;
    kith_attack_report report;
} town;

/* Names of few letters; each is nine tenths as common as the one before. */
static void
draw_name(char out[16], kith_rng *rng)
{
    static const char letters[] = "BDFGKLMNPRST";
    unsigned i = 0;
    while (i + 1 < NAMES && kith_rng_below(rng, 10) > 0)
        i++;
    snprintf(out, 16, "%cA%cER%cO", letters[i % 12], letters[i / 12 % 12],
             letters[i * 5 % 12]);
}

static void
write_people(const char *folder)
{
    static char csv[PEOPLE * 80];
    kith_rng rng = kith_rng_at(7, 0);
    char path[512], surname[16], forename[16];
    size_t n = (size_t)sprintf(csv, "REF,SURNAME,FORENAME,DOB,SEX,PCODE\n");
    for (unsigned i = 0; i < PEOPLE; i++) {
        draw_name(surname, &rng);
        draw_name(forename, &rng);
        n += (size_t)sprintf(
            csv + n, "REF%05u,%s,%s,%u-%02u-%02u,%c,M%u %uA%c\n", i, surname,
            forename, 1950 + (unsigned)kith_rng_below(&rng, YEARS),
            2 + (unsigned)kith_rng_below(&rng, 11),
            1 + (unsigned)kith_rng_below(&rng, 28), i % 2 == 0 ? 'M' : 'F',
            1 + i % 30, 1 + i / 30 % 9, (char)('D' + i / 270 % 5));
    }
    test_path(path, folder, "people.csv");
    test_write(path, csv, n);
}

static const char mapping_text[] = "agency: town\n"
                                   "title: A made-up town\n"
                                   "purpose: testing\n"
                                   "link: many\n"
                                   "persons:\n"
                                   "  file: people.csv\n"
                                   "  id: REF\n"
                                   "  columns:\n"
                                   "    - {field: surname, column: SURNAME}\n"
                                   "    - {field: forename, column: FORENAME}\n"
                                   "    - {field: dob, column: DOB}\n"
                                   "    - {field: sex, column: SEX}\n"
                                   "    - {field: postcode, column: PCODE}\n";

static void
town_make(town *t, const char *spec, unsigned threads)
{
    char path[512];
    memset(t, 0, sizeof *t);
    test_folder_make(t->folder);
    write_people(t->folder);
    test_path(path, t->folder, "spec.yaml");
    test_write(path, spec, strlen(spec));
    assert_int_equal(kith_spec_load(&t->spec, path, &t->err), KITH_OK);
    test_path(path, t->folder, "town.yaml");
    test_write(path, mapping_text, sizeof mapping_text - 1);
    if (kith_mapping_load(&t->mapping, path, t->spec, &t->err) != KITH_OK)
        fail_msg("%s", t->err.text);
    t->project = test_key_make("vectors", "e1", NULL, 0);
    t->agency = test_key_make("vectors", "e1", "town", 32);
    kith_job_params job = kith_job_params_default();
    job.n_threads = threads;
    job.quiet = true;
    assert_int_equal(kith_job_new(&t->job, &job, &t->err), KITH_OK);
    test_path(t->out, t->folder, "attack.json");
}

static kith_status
town_attack(town *t, uint64_t seed)
{
    kith_attack_params p = kith_attack_params_default();
    p.spec = t->spec;
    p.mapping = t->mapping;
    p.project_key = t->project;
    p.agency_key = t->agency;
    p.run = "r1";
    p.reference_date = "2026-03-31";
    p.seed = seed;
    p.targets = 100;
    p.out = t->out;
    return kith_attack(&t->report, &p, t->job, &t->err);
}

static void
town_done(town *t)
{
    kith_attack_report_done(&t->report);
    kith_job_free(t->job);
    kith_key_free(t->project);
    kith_key_free(t->agency);
    kith_mapping_free(t->mapping);
    kith_spec_free(t->spec);
    test_folder_remove(t->folder);
}

static const char narrow[] = "name: town\n"
                             "extends: default\n"
                             "passes:\n"
                             "  - {name: D, key: [dob, either.soundex]}\n"
                             "  - {name: A, key: [postcode, dob.year]}\n";
static const char wide[] = "name: town\n"
                           "extends: default\n"
                           "single_site: yes\n"
                           "passes:\n"
                           "  - {name: W, key: [dob.year]}\n";

static const kith_measure *
find(const town *t, const char *subject, const char *name)
{
    for (uint32_t i = 0; i < t->report.n; i++)
        if (strcmp(t->report.measures[i].subject, subject) == 0 &&
            strcmp(t->report.measures[i].name, name) == 0)
            return &t->report.measures[i];
    fail_msg("no measure %s of %s", name, subject);
    return NULL;
}

static void
narrow_passes_hold_and_controls_break(void **state)
{
    (void)state;
    town t;
    unsigned n_controls = 0;
    town_make(&t, narrow, 2);
    if (town_attack(&t, 1) != KITH_OK)
        fail_msg("%s", t.err.text);
    for (uint32_t i = 0; i < t.report.n; i++) {
        const kith_measure *m = &t.report.measures[i];
        /* In a town this small the ranks of names are too close to tell. */
        if (m->verdict == KITH_ATTACK_REPORTED ||
            (m->control && strstr(m->name, "frequency") != NULL))
            continue;
        n_controls += m->control;
        if (m->control != (m->verdict == KITH_ATTACK_BREAKS))
            fail_msg("%s, %s: %f (%s)", m->subject, m->name, m->value, m->note);
    }
    assert_true(n_controls >= 8);
    assert_int_equal(t.report.n_broken, 0);
    /* One salt for all makes one filter of a name. */
    assert_true(
        find(&t, "control: no salt", "bits of a name in two blocks, r")->value >
        .999);
    assert_true(find(&t, "D", "dictionary with the right key")->value == 1);
    assert_true(find(&t, "D", "dictionary, another key")->value == 0);
    town_done(&t);
}

/* 2,400 people in 40 years of birth: some 60 a block. */
static void
a_wide_pass_breaks(void **state)
{
    (void)state;
    town t;
    town_make(&t, wide, 2);
    assert_int_equal(town_attack(&t, 1), KITH_OK);
    const kith_measure *m = find(&t, "W", "people a block, mean");
    assert_int_equal(m->verdict, KITH_ATTACK_BREAKS);
    assert_true(m->value > 58 && m->value < 66);
    m = find(&t, "W", "graph alignment, names, 100 % list");
    assert_int_equal(m->verdict, KITH_ATTACK_BREAKS);
    assert_true(t.report.n_broken >= 3);
    town_done(&t);
}

static void
the_seed_decides_and_threads_do_not(void **state)
{
    (void)state;
    char *texts[3];
    size_t sizes[3];
    for (unsigned i = 0; i < 3; i++) {
        town t;
        town_make(&t, narrow, i == 0 ? 1 : 3);
        assert_int_equal(town_attack(&t, i < 2 ? 1 : 2), KITH_OK);
        texts[i] = test_read(t.out, &sizes[i]);
        town_done(&t);
    }
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(texts[0], texts[1], sizes[0]);
    assert_true(sizes[0] != sizes[2] ||
                memcmp(texts[0], texts[2], sizes[0]) != 0);
    for (unsigned i = 0; i < 3; i++)
        free(texts[i]);
}

static void
a_bad_date_is_refused(void **state)
{
    (void)state;
    town t;
    town_make(&t, narrow, 1);
    kith_attack_params p = kith_attack_params_default();
    p.spec = t.spec;
    p.mapping = t.mapping;
    p.project_key = t.project;
    p.agency_key = t.agency;
    p.run = "r1";
    p.reference_date = "31/03/2026";
    assert_int_equal(kith_attack(&t.report, &p, t.job, &t.err),
                     KITH_ERR_CONFIG);
    assert_int_equal(t.report.n, 0);
    town_done(&t);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(narrow_passes_hold_and_controls_break),
        cmocka_unit_test(a_wide_pass_breaks),
        cmocka_unit_test(the_seed_decides_and_threads_do_not),
        cmocka_unit_test(a_bad_date_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
