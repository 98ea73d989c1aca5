#include "base/radix.h"

#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 2000 };
static kith_keyed items[MOST], scratch[MOST];

/* Ascending, equal keys in their old order, and none lost: the values are
 * the old positions. */
static void
check(size_t n, const uint64_t *keys)
{
    char seen[MOST] = {0};
    for (size_t i = 0; i < n; i++) {
        assert_true(items[i].value < n && !seen[items[i].value]);
        seen[items[i].value] = 1;
        assert_true(items[i].key == keys[items[i].value]);
        assert_true(i == 0 || items[i - 1].key < items[i].key ||
                    (items[i - 1].key == items[i].key &&
                     items[i - 1].value < items[i].value));
    }
}

static void
test_random_keys(void **state)
{
    static const uint64_t masks[] = {
        UINT64_MAX,          0xFF, 0xFF00000000000000u,
        0x0101010101010101u, 0,    0xFFFF0000u};
    uint64_t keys[MOST];
    kith_rng rng = kith_rng_at(11, 0);
    (void)state;
    for (size_t m = 0; m < sizeof masks / sizeof *masks; m++) {
        for (size_t n = 0; n < MOST; n = n * 3 / 2 + 1) {
            for (size_t i = 0; i < n; i++) {
                keys[i] = kith_rng_next(&rng) & masks[m];
                items[i] = (kith_keyed){keys[i], (uint32_t)i, 0};
            }
            kith_radix_sort(items, scratch, n);
            check(n, keys);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
