/* Events that flag cannot use are counted, each by its reason, and the others
 * decide as if those were not there. */
#include "../support/files.h"
#include "../support/scenario.h"
#include "base/job.h"
#include "encode/bundle.h"
#include "io/rowfile.h"

#include <kith/flag.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static kith_error err = KITH_ERROR_INIT;

static void
ok(kith_status status)
{
    if (status != KITH_OK)
        fail_msg("%s", err.text);
}

/* The five events of a, in the order of their days, and what becomes of
 * them: the header and the people stay as they were. */
static void
spoil(const scenario *s)
{
    char path[512];
    kith_rows_in *in = NULL;
    kith_rows_out *out = NULL;
    kith_meta meta = {0};
    kith_event_row rows[8];
    test_path(path, s->folder, "payload/all.events");
    ok(kith_rows_open(&in, path, "events", &err));
    const size_t n = (size_t)kith_rows_count(in);
    assert_int_equal(n, 6);
    ok(kith_rows_read(in, 0, n, rows, &err));
    const char *text = kith_rows_meta(in)->text.data;
    for (int i = 0; i < 3; i++) /* the container's own lines */
        text = strchr(text, '\n') + 1;
    ok(kith_buffer_add(&meta.text, text, strlen(text), &err));
    kith_rows_close(in);
    rows[1].record = 2; /* there are two */
    rows[2].type = UINT16_MAX;
    rows[3].end = rows[3].start - 1;
    rows[4].end = INT32_MIN;
    ok(kith_rows_create(&out, path, "events", sizeof rows[0], &meta, &err));
    ok(kith_rows_write(out, rows, n, &err));
    ok(kith_rows_commit(out, NULL, &err));
    kith_meta_done(&meta);
}

static void
unusable_events_are_counted(void **state)
{
    (void)state;
    static const char criteria[] =
        "cohort x version 1 from 2000-01-01 level person\n"
        "criterion one has exactly 1 offence, last 12 months\n"
        "flag yes when one\n";
    scenario s = {0};
    char results[512], payload[512], out[512], path[512];
    const char *const paths[] = {path};
    kith_job *job = NULL;
    scenario_write(&s,
                   "agency all\ncovers all 2010-01-01 2026-03-31\n"
                   "person a 1990-01-01 f Bolton\n"
                   "person b 1990-01-01 f Bolton\n"
                   "tie b -\n"
                   "event a offence 2025-05-01\n"
                   "event a offence 2025-06-01\n"
                   "event a offence 2025-07-01\n"
                   "event a offence 2025-08-01\n"
                   "event a offence 2025-09-01\n"
                   "event b offence 2025-05-01\n",
                   NULL);
    spoil(&s);
    test_path(path, s.folder, "x.criteria");
    test_write(path, criteria, sizeof criteria - 1);
    test_path(results, s.folder, "results");
    test_path(payload, s.folder, "payload");
    test_path(out, s.folder, "out");
    kith_job_params jp = kith_job_params_default();
    jp.quiet = true;
    ok(kith_job_new(&job, &jp, &err));
    kith_flag_params params = kith_flag_params_default();
    params.results = results;
    params.payload = payload;
    params.criteria = paths;
    params.n_criteria = 1;
    params.reference_date = "2026-03-31";
    params.out = out;
    ok(kith_flag(NULL, &params, job, &err));
    static const struct {
        const char *reason;
        uint64_t n;
    } counts[] = {{"read", 1},
                  {"of_no_person", 1},
                  {"reject_record_not_in_people", 1},
                  {"reject_type_not_in_header", 1},
                  {"reject_end_before_start", 2}};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        assert_int_equal(
            kith_job_counted(job, "flag", "events", counts[i].reason),
            counts[i].n);
    char *flags = scenario_flags(&s, "x");
    assert_string_equal(flags, "a=yes");
    free(flags);
    kith_job_free(job);
    scenario_remove(&s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unusable_events_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
