/* The laws of three-valued logic, and that learning more never turns an
 * answer round: unknown may become true or false, nothing else changes. */
#include "base/rng.h"
#include "criteria/truth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void
laws_of_and_or_not(void **state)
{
    (void)state;
    for (int a = 0; a < 3; a++) {
        for (int b = 0; b < 3; b++) {
            const kith_truth x = (kith_truth)a;
            const kith_truth y = (kith_truth)b;
            assert_int_equal(kith_not(kith_and(x, y)),
                             kith_or(kith_not(x), kith_not(y)));
            assert_int_equal(kith_not(kith_or(x, y)),
                             kith_and(kith_not(x), kith_not(y)));
            assert_int_equal(kith_not(kith_not(x)), x);
            assert_int_equal(kith_and(x, kith_or(x, y)), x);
            assert_int_equal(kith_and(x, y), kith_and(y, x));
        }
    }
    assert_int_equal(kith_and(KITH_FALSE, KITH_UNKNOWN), KITH_FALSE);
    assert_int_equal(kith_or(KITH_TRUE, KITH_UNKNOWN), KITH_TRUE);
    assert_int_equal(kith_and(KITH_TRUE, KITH_UNKNOWN), KITH_UNKNOWN);
}

/* k of n of a list of truths. */
static kith_truth
many_of(kith_many many, uint32_t k, const kith_truth *t, uint32_t n)
{
    uint32_t lo = 0;
    uint32_t hi = 0;
    for (uint32_t i = 0; i < n; i++) {
        lo += t[i] == KITH_TRUE;
        hi += t[i] != KITH_FALSE;
    }
    return kith_truth_many(many, k, lo, hi, n);
}

static void
learning_more_never_turns_k_of_n_round(void **state)
{
    (void)state;
    enum { N = 6 };
    kith_rng rng = kith_rng_at(20260331, 1);
    for (int round = 0; round < 20000; round++) {
        kith_truth t[N];
        for (int i = 0; i < N; i++)
            t[i] = (kith_truth)kith_rng_below(&rng, 3);
        const kith_many many = (kith_many)kith_rng_below(&rng, 5);
        const uint32_t k = (uint32_t)kith_rng_below(&rng, N + 1);
        const kith_truth before = many_of(many, k, t, N);
        for (int i = 0; i < N; i++) {
            if (t[i] == KITH_UNKNOWN && kith_rng_below(&rng, 2) == 0)
                t[i] = kith_rng_below(&rng, 2) == 0 ? KITH_TRUE : KITH_FALSE;
        }
        const kith_truth after = many_of(many, k, t, N);
        assert_true(before == KITH_UNKNOWN || before == after);
    }
}

/* When nothing is unknown, the answer is not either. */
static void
full_knowledge_decides(void **state)
{
    (void)state;
    for (int many = KITH_MANY_AT_LEAST; many <= KITH_MANY_NONE; many++) {
        for (uint32_t n = 0; n <= 4; n++) {
            for (uint32_t k = 0; k <= 5; k++)
                assert_int_not_equal(
                    kith_truth_many((kith_many)many, k, n, n, 4), KITH_UNKNOWN);
        }
    }
}

static double
pick(kith_rng *rng, kith_range r)
{
    return r.lo + kith_rng_unit(rng) * (r.hi - r.lo);
}

static kith_range
random_range(kith_rng *rng)
{
    const double a = (double)kith_rng_below(rng, 21) - 10;
    const double b = (double)kith_rng_below(rng, 21) - 10;
    return a < b ? (kith_range){a, b} : (kith_range){b, a};
}

/* Whatever the two numbers really are, the range holds their result, and a
 * comparison that is not unknown says what theirs says. */
static void
ranges_hold_what_they_stand_for(void **state)
{
    (void)state;
    static const char ops[] = "+-*/";
    kith_rng rng = kith_rng_at(20260331, 2);
    for (int round = 0; round < 50000; round++) {
        const kith_range a = random_range(&rng);
        const kith_range b = random_range(&rng);
        const char op = ops[kith_rng_below(&rng, 4)];
        const double x = pick(&rng, a);
        const double y = pick(&rng, b);
        if (op == '/' && y == 0)
            continue;
        const double z = op == '+'   ? x + y
                         : op == '-' ? x - y
                         : op == '*' ? x * y
                                     : x / y;
        const kith_range r = kith_range_arith(a, op, b);
        assert_true(r.lo <= z + 1e-9 && z - 1e-9 <= r.hi);
        const kith_truth less = kith_truth_compare(a, KITH_CMP_LT, b);
        assert_true(less == KITH_UNKNOWN || (less == KITH_TRUE) == (x < y));
        assert_int_equal(kith_truth_compare(a, KITH_CMP_GE, b), kith_not(less));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(laws_of_and_or_not),
        cmocka_unit_test(learning_more_never_turns_k_of_n_round),
        cmocka_unit_test(full_knowledge_decides),
        cmocka_unit_test(ranges_hold_what_they_stand_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
