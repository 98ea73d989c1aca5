/* Lists of opt-outs in the forms people send them. */
#include "../support/files.h"

#include "encode/exclude.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
load(kith_exclude *x, const char *text)
{
    char folder[256], path[512];
    kith_error err = KITH_ERROR_INIT;
    kith_job *job = NULL;
    kith_job_params params = kith_job_params_default();
    params.n_threads = 1;
    assert_int_equal(kith_job_new(&job, &params, &err), KITH_OK);
    test_folder_make(folder);
    test_path(path, folder, "optout.csv");
    test_write(path, text, strlen(text));
    assert_int_equal(kith_exclude_load(x, path, "gmp", job, &err), KITH_OK);
    test_folder_remove(folder);
    kith_job_free(job);
}

static bool
has(const kith_exclude *x, const char *id)
{
    return kith_exclude_has(x, kith_str_of(id));
}

static void
plain_lists(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "A1\nB2\n",         "A1\nB2",
        "A1\r\nB2\r\n",     "\xEF\xBB\xBF\x41\x31\nB2\n", /* A1 after a BOM */
        " A1 \n\n\"B2\"\n", "A1,a reason\nB2,another\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        kith_exclude x;
        load(&x, texts[i]);
        assert_true(has(&x, "A1"));
        assert_true(has(&x, "B2"));
        assert_false(has(&x, "A"));
        assert_false(has(&x, ""));
        assert_false(has(&x, "a reason"));
        kith_exclude_done(&x);
    }
}

static void
with_a_header(void **state)
{
    (void)state;
    kith_exclude x;
    load(&x, "reason,ID\nasked,A1\nasked,B2\n");
    assert_true(has(&x, "A1"));
    assert_true(has(&x, "B2"));
    assert_false(has(&x, "ID"));
    assert_false(has(&x, "asked"));
    kith_exclude_done(&x);
    load(&x, "id,Agency\nA1,GMP\nB2,dwp\nC3\n");
    assert_true(has(&x, "A1"));
    assert_false(has(&x, "B2")); /* another agency's person */
    assert_false(has(&x, "C3"));
    kith_exclude_done(&x);
}

static void
nobody(void **state)
{
    (void)state;
    kith_exclude x;
    load(&x, "");
    assert_false(has(&x, "A1"));
    kith_exclude_done(&x);
    load(&x, "\n\n");
    assert_false(has(&x, ""));
    kith_exclude_done(&x);
}

/* More than one read of the file: no id is cut in two. */
static void
long_lists(void **state)
{
    (void)state;
    static char text[200000];
    size_t n = 0;
    kith_exclude x;
    for (unsigned i = 0; i < 20000; i++) {
        text[n++] = 'P';
        for (unsigned digit = 10000; digit > 0; digit /= 10)
            text[n++] = (char)('0' + i / digit % 10);
        text[n++] = '\n';
    }
    text[n] = '\0';
    load(&x, text);
    assert_int_equal(x.ids.n, 20000);
    assert_true(has(&x, "P00000"));
    assert_true(has(&x, "P19999"));
    kith_exclude_done(&x);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_lists),
        cmocka_unit_test(with_a_header),
        cmocka_unit_test(nobody),
        cmocka_unit_test(long_lists),
    };
    return cmocka_run_group_tests_name("exclude", tests, NULL, NULL);
}
