/* Every kernel gives, bit for bit, what the plain comparison gives. */
#include "../support/kernels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void
check_isa(kith_isa isa)
{
    kith_error err = KITH_ERROR_INIT;
    kith_kernel kernel;
    if (!kith_kernel_supported(isa)) {
        assert_int_equal(kith_kernel_choose(&kernel, isa, &err),
                         KITH_ERR_USAGE);
        print_message("# this CPU has no %s\n", kith_isa_name(isa));
        skip();
    }
    assert_int_equal(kith_kernel_choose(&kernel, isa, &err), KITH_OK);
    test_kernel(&kernel);
}

static void
test_scalar(void **state)
{
    (void)state;
    check_isa(KITH_ISA_SCALAR);
}

static void
test_popcnt(void **state)
{
    (void)state;
    check_isa(KITH_ISA_POPCNT);
}

static void
test_avx2(void **state)
{
    (void)state;
    check_isa(KITH_ISA_AVX2);
}

static void
test_avx512(void **state)
{
    (void)state;
    check_isa(KITH_ISA_AVX512);
}

static void
test_neon(void **state)
{
    (void)state;
    check_isa(KITH_ISA_NEON);
}

static void
test_auto(void **state)
{
    (void)state;
    check_isa(KITH_ISA_AUTO);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scalar), cmocka_unit_test(test_popcnt),
        cmocka_unit_test(test_avx2),   cmocka_unit_test(test_avx512),
        cmocka_unit_test(test_neon),   cmocka_unit_test(test_auto),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
