/* What does not fit the memory budget is refused with both figures. */
#include "base/budget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
the_budget_is_kept(void **state)
{
    kith_error err = KITH_ERROR_INIT;
    kith_job *job = NULL;
    kith_job_params params = kith_job_params_default();
    (void)state;
    params.n_threads = 1;
    params.quiet = true;
    params.memory_bytes = UINT64_C(100) << 20;
    assert_int_equal(kith_job_new(&job, &params, &err), KITH_OK);
    assert_int_equal(
        kith_budget_check(job, "cluster", UINT64_C(100) << 20, &err), KITH_OK);
    assert_int_equal(
        kith_budget_check(job, "cluster", (UINT64_C(100) << 20) + 1, &err),
        KITH_ERR_MEMORY);
    assert_non_null(strstr(err.text, "about 101 MiB"));
    assert_non_null(strstr(err.text, "budget is 100 MiB"));
    assert_non_null(strstr(err.hint, "--memory 1G"));
    kith_job_free(job);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_budget_is_kept)};
    return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
