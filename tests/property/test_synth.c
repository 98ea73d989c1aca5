/* A population: the same at any thread count, whole, true to its rates. */
#include "../support/files.h"
#include "base/alloc.h"
#include "base/date.h"
#include "base/job.h"
#include "base/table.h"
#include "io/csv.h"
#include "synth/files.h"
#include "synth/tables.h"

#include <kith/mapping.h>
#include <kith/synth.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
make_with(const char *out, uint64_t people, unsigned threads, uint32_t n_nights,
          bool gzip)
{
    kith_job *job = NULL;
    kith_error err = KITH_ERROR_INIT;
    kith_job_params jp = kith_job_params_default();
    jp.n_threads = threads;
    jp.quiet = true;
    kith_synth_params params = kith_synth_params_default();
    params.seed = 7;
    params.n_people = people;
    params.out = out;
    params.n_nights = n_nights;
    params.report = true;
    params.gzip = gzip;
    assert_int_equal(kith_job_new(&job, &jp, &err), KITH_OK);
    if (kith_synth(&params, job, &err) != KITH_OK)
        fail_msg("%s", err.text);
    kith_job_free(job);
}

static void
make_nights(const char *out, uint64_t people, unsigned threads,
            uint32_t n_nights)
{
    make_with(out, people, threads, n_nights, false);
}

static void
make(const char *out, uint64_t people, unsigned threads)
{
    make_with(out, people, threads, 0, false);
}

static void
assert_same(const char *a, const char *b, const char *name)
{
    char pa[512];
    char pb[512];
    size_t na = 0;
    size_t nb = 0;
    test_path(pa, a, name);
    test_path(pb, b, name);
    char *ta = test_read(pa, &na);
    char *tb = test_read(pb, &nb);
    if (na != nb || memcmp(ta, tb, na) != 0)
        fail_msg("%s differs", name);
    free(ta);
    free(tb);
}

static void
assert_same_day(const char *a, const char *b, const char *day, bool gzip)
{
    static const char *const others[] = {"truth/planted.csv",
                                         "agencies/gmp.yaml", "kith.yaml"};
    char name[128];
    char path[256];
    for (unsigned f = 0; f < KITH_FILES; f++) {
        if (!kith_file_name(name, f, gzip && f < KITH_FILE_RECORDS))
            continue;
        (void)snprintf(path, sizeof path, "%s%s", day, name);
        assert_same(a, b, path);
    }
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++) {
        (void)snprintf(path, sizeof path, "%s%s", day, others[i]);
        assert_same(a, b, path);
    }
}

static void
same_with(bool gzip)
{
    enum { RUNS = 4 };
    static const unsigned threads[RUNS] = {1, 2, 3, 7};
    char folders[RUNS][256];
    for (unsigned i = 0; i < RUNS; i++) {
        test_folder_make(folders[i]);
        make_with(folders[i], 2500, threads[i], 2, gzip);
    }
    for (unsigned i = 1; i < RUNS; i++) {
        assert_same_day(folders[0], folders[i], "", gzip);
        assert_same(folders[0], folders[i], "truth/fidelity.csv");
        assert_same_day(folders[0], folders[i], "nights/2026-04-01/", gzip);
        assert_same_day(folders[0], folders[i], "nights/2026-04-02/", gzip);
        assert_same(folders[0], folders[i],
                    "nights/2026-04-02/truth/changes.csv");
    }
    for (unsigned i = 0; i < RUNS; i++)
        test_folder_remove(folders[i]);
}

static void
same_at_any_thread_count(void **state)
{
    (void)state;
    same_with(false);
    same_with(true);
}

typedef void (*row_fn)(void *ctx, const kith_str *fields, size_t n);

/* Visits every good row; returns the number of bad ones. */
static uint64_t
each_row(const char *folder, const char *name, char delimiter, row_fn fn,
         void *ctx)
{
    char path[512];
    kith_error err = KITH_ERROR_INIT;
    kith_csv *csv = NULL;
    kith_csv_batch batch = {0};
    kith_csv_params params = kith_csv_params_default();
    params.delimiter = delimiter;
    uint64_t bad = 0;
    test_path(path, folder, name);
    if (kith_csv_open(&csv, path, &params, &err) != KITH_OK)
        fail_msg("%s", err.text);
    do {
        assert_int_equal(kith_csv_next(csv, &batch, &err), KITH_OK);
        bad += batch.n_problems;
        for (size_t i = 0; i < batch.n_problems; i++)
            assert_int_equal(batch.problems[i].reason, KITH_CSV_RAGGED);
        for (size_t r = 0; r < batch.n_rows; r++)
            fn(ctx, batch.fields + r * batch.n_columns, batch.n_columns);
    } while (batch.n_rows + batch.n_problems != 0);
    kith_csv_batch_done(&batch);
    kith_csv_close(csv);
    return bad;
}

/* Fields are not NUL-terminated. */
static uint64_t
number(kith_str field)
{
    uint64_t n = 0;
    for (size_t i = 0; i < field.len; i++) {
        assert_true(field.data[i] >= '0' && field.data[i] <= '9');
        n = n * 10 + (uint64_t)(field.data[i] - '0');
    }
    return n;
}

/* Ids of one agency's records, as the truth and the extracts tell them. */
typedef struct ids {
    const char *agency;
    kith_dict truth;
    kith_dict seen;
    uint64_t n_truth, n_rows, n_unknown;
    uint64_t n_other_home; /* made in another household that is known */
    uint64_t n_other_family;
    uint64_t planted[KITH_PLANTED];
} ids;

static void
truth_row(void *ctx, const kith_str *v, size_t n)
{
    ids *x = ctx;
    uint32_t index = 0;
    assert_int_equal(n, 9);
    assert_true(v[2].len == 10 && v[2].data[0] == 'P');
    assert_true(v[3].len == 10 && v[4].len == 10 && v[6].len == 10);
    assert_int_equal(v[8].len, 10);
    x->n_other_home += v[6].data[0] == 'H' && memcmp(v[3].data, v[6].data, 10);
    x->n_other_family += memcmp(v[4].data, v[8].data, 10) != 0;
    if (!kith_str_equal(v[0], x->agency))
        return;
    assert_int_equal(kith_dict_add(&x->truth, v[1], &index, NULL), KITH_OK);
    x->n_truth++;
}

static void
extract_row(void *ctx, const kith_str *v, size_t n)
{
    ids *x = ctx;
    uint32_t index = 0;
    (void)n;
    x->n_rows++;
    if (kith_dict_find(&x->truth, v[0]) == KITH_DICT_NONE)
        x->n_unknown++;
    assert_int_equal(kith_dict_add(&x->seen, v[0], &index, NULL), KITH_OK);
}

static void
event_row(void *ctx, const kith_str *v, size_t n)
{
    ids *x = ctx;
    (void)n;
    assert_true(kith_dict_find(&x->truth, v[0]) != KITH_DICT_NONE);
}

static void
planted_row(void *ctx, const kith_str *v, size_t n)
{
    ids *x = ctx;
    assert_int_equal(n, 3);
    if (!kith_str_equal(v[0], x->agency))
        return;
    for (unsigned k = 0; k < KITH_PLANTED; k++)
        if (kith_str_equal(v[1], kith_planted_name((kith_planted)k)))
            x->planted[k] = number(v[2]);
}

static void
check_agency(const char *folder, unsigned a)
{
    char name[128];
    const kith_agency *agency = kith_agency_at(a);
    ids x = {.agency = agency->name};
    each_row(folder, "truth/records.csv", ',', truth_row, &x);
    each_row(folder, "truth/planted.csv", ',', planted_row, &x);
    assert_true(kith_file_name(name, kith_file_persons(a), false));
    const uint64_t bad =
        each_row(folder, name, agency->delimiter, extract_row, &x);
    assert_int_equal(x.n_unknown, 0);
    /* 60,000 records. 1,400 children, one in five apart from a father nearby,
     * a third of those with him too, for three records in ten; and those who
     * lived with their parents or another partner when it was made. */
    assert_in_range(x.n_other_home, 300, 6000);
    assert_in_range(x.n_other_family, x.n_other_home / 4, 9000);
    assert_int_equal(x.truth.n, x.n_truth); /* ids are unique */
    assert_int_equal(x.seen.n, x.n_truth);  /* every record is there */
    assert_int_equal(bad, x.planted[KITH_PLANTED_RAGGED]);
    assert_int_equal(x.n_rows, x.n_truth + x.planted[KITH_PLANTED_REPEATED]);
    for (unsigned e = 0; agency->events[e].file != NULL; e++) {
        assert_true(kith_file_name(name, kith_file_events(a, e), false));
        assert_int_equal(
            each_row(folder, name, agency->delimiter, event_row, &x), 0);
    }
    if (kith_file_name(name, kith_file_relations(a), false))
        assert_int_equal(each_row(folder, name, ',', event_row, &x), 0);
    kith_dict_done(&x.truth);
    kith_dict_done(&x.seen);
}

/* Everybody is there, once, with a birth date. */
static void
person_row(void *ctx, const kith_str *v, size_t n)
{
    uint64_t *people = ctx;
    int32_t born = 0;
    assert_int_equal(n, 16);
    assert_int_equal(v[0].len, 10);
    assert_true(kith_date_parse_iso(&born, v[8].data, v[8].len));
    ++*people;
}

static void
every_record_has_its_truth(void **state)
{
    (void)state;
    char folder[256];
    uint64_t people = 0;
    test_folder_make(folder);
    make(folder, 6000, 2);
    each_row(folder, "truth/persons.csv", ',', person_row, &people);
    assert_int_equal(people, 6000);
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++)
        check_agency(folder, a);
    test_folder_remove(folder);
}

static void
count_row(void *ctx, const kith_str *v, size_t n)
{
    uint64_t *sum = ctx;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < v[i].len; k++)
            *sum = *sum * 31 + (unsigned char)v[i].data[k];
}

/* Compressed or not, the extracts say the same. */
static void
gzip_says_the_same(void **state)
{
    (void)state;
    char folders[2][256];
    for (unsigned i = 0; i < 2; i++) {
        test_folder_make(folders[i]);
        make_with(folders[i], 600, 2, 0, i == 1);
    }
    for (unsigned f = 0; f < KITH_FILE_RECORDS; f++) {
        char name[128];
        uint64_t sums[2] = {0, 0};
        const char delimiter = kith_agency_at(f / KITH_FILES_EACH)->delimiter;
        for (unsigned i = 0; i < 2; i++)
            if (kith_file_name(name, f, i == 1))
                each_row(folders[i], name, delimiter, count_row, &sums[i]);
        assert_int_equal(sums[0], sums[1]);
    }
    for (unsigned i = 0; i < 2; i++)
        test_folder_remove(folders[i]);
}

static void
mappings_load(void **state)
{
    (void)state;
    char folder[256];
    kith_error err = KITH_ERROR_INIT;
    kith_spec *spec = NULL;
    test_folder_make(folder);
    make(folder, 200, 2);
    assert_int_equal(kith_spec_default(&spec, &err), KITH_OK);
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++) {
        char name[128];
        char path[512];
        kith_mapping *mapping = NULL;
        (void)snprintf(name, sizeof name, "agencies/%s.yaml",
                       kith_agency_at(a)->name);
        test_path(path, folder, name);
        if (kith_mapping_load(&mapping, path, spec, &err) != KITH_OK)
            fail_msg("%s", err.text);
        assert_string_equal(mapping->agency, kith_agency_at(a)->name);
        kith_mapping_free(mapping);
    }
    kith_spec_free(spec);
    test_folder_remove(folder);
}

/* The rows of two nights, by id. */
typedef struct night {
    kith_dict rows; /* id and the rest, one string a row */
    kith_dict ids;
} night;

static void
night_row(void *ctx, const kith_str *v, size_t n)
{
    night *x = ctx;
    uint32_t index = 0;
    const uint32_t before = x->ids.n;
    assert_int_equal(kith_dict_add(&x->ids, v[0], &index, NULL), KITH_OK);
    if (x->ids.n == before)
        return; /* an id that is repeated on purpose */
    kith_buffer text = {0};
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(kith_buffer_add(&text, v[i].data, v[i].len, NULL),
                         KITH_OK);
        assert_int_equal(kith_buffer_add(&text, "|", 1, NULL), KITH_OK);
    }
    const kith_str row = {text.data, text.len};
    assert_int_equal(kith_dict_add(&x->rows, row, &index, NULL), KITH_OK);
    kith_buffer_done(&text);
}

static void
night_read(night *x, const char *folder, const char *name, char delimiter)
{
    memset(x, 0, sizeof *x);
    each_row(folder, name, delimiter, night_row, x);
    assert_int_equal(x->rows.n, x->ids.n);
}

static void
night_done(night *x)
{
    kith_dict_done(&x->rows);
    kith_dict_done(&x->ids);
}

/* How many strings of @p a are not in @p b. */
static uint64_t
missing_from(const kith_dict *a, const kith_dict *b)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < a->n; i++)
        n += kith_dict_find(b, kith_str_of(kith_dict_at(a, i))) ==
             KITH_DICT_NONE;
    return n;
}

/* What truth/changes.csv says of an agency. */
typedef struct changes {
    const char *agency;
    uint64_t n[KITH_CHANGES];
} changes;

static void
change_row(void *ctx, const kith_str *v, size_t n)
{
    changes *x = ctx;
    assert_int_equal(n, 4);
    for (unsigned k = 0; k < KITH_CHANGES && kith_str_equal(v[0], x->agency);
         k++)
        x->n[k] = number(v[k + 1]);
}

static void
nights_differ_by_what_changed(void **state)
{
    (void)state;
    char folder[256];
    char later[512];
    uint64_t total[KITH_CHANGES] = {0};
    test_folder_make(folder);
    make_nights(folder, 8000, 2, 1);
    test_path(later, folder, "nights/2026-04-01");
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++) {
        char name[128];
        night before;
        night after;
        changes x = {.agency = kith_agency_at(a)->name};
        const char delimiter = kith_agency_at(a)->delimiter;
        assert_true(kith_file_name(name, kith_file_persons(a), false));
        night_read(&before, folder, name, delimiter);
        night_read(&after, later, name, delimiter);
        each_row(later, "truth/changes.csv", ',', change_row, &x);
        const uint64_t n_new = missing_from(&after.ids, &before.ids);
        assert_int_equal(n_new, x.n[KITH_CHANGE_NEW]);
        assert_int_equal(missing_from(&before.ids, &after.ids),
                         x.n[KITH_CHANGE_WITHDRAWN]);
        assert_int_equal(missing_from(&after.rows, &before.rows),
                         n_new + x.n[KITH_CHANGE_CHANGED]);
        for (unsigned k = 0; k < KITH_CHANGES; k++)
            total[k] += x.n[k];
        night_done(&before);
        night_done(&after);
    }
    for (unsigned k = 0; k < KITH_CHANGES; k++)
        assert_true(total[k] > 0);
    test_folder_remove(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_at_any_thread_count),
        cmocka_unit_test(gzip_says_the_same),
        cmocka_unit_test(every_record_has_its_truth),
        cmocka_unit_test(mappings_load),
        cmocka_unit_test(nights_differ_by_what_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
