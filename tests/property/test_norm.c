/* Any bytes in any field: a value, a null or a counted reject, never a crash
 * and never a byte outside the kind's alphabet. Also the equalities that the
 * normalisers promise, on random texts. */
#include "../support/norm.h"
#include "../support/norm_rules.h"

#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { N_KINDS = KITH_FIELD_EMAIL + 1, MAX_BYTES = 512 };

/* Bytes of four sorts: any, ASCII, what is found in fields, valid UTF-8. */
static size_t
draw(char *text, kith_rng *rng)
{
    static const char usual[] = "AEIOsmith0123456789 -'./()@+:,\xC3\xA9";
    const size_t n = (size_t)kith_rng_below(
        rng, kith_rng_below(rng, 2) == 0 ? 24 : MAX_BYTES);
    const uint64_t sort = kith_rng_below(rng, 4);
    for (size_t i = 0; i < n; i++) {
        const uint64_t r = kith_rng_next(rng);
        text[i] =
            (char)(sort == 0   ? r & 0xFF
                   : sort == 1 ? 1 + r % 126
                               : (unsigned char)usual[r % (sizeof usual - 1)]);
        if (sort == 3 && i + 1 < n) {
            text[i++] = (char)(0xC2 + r % 30);
            text[i] = (char)(0x80 + (r >> 8) % 64);
        }
    }
    return n;
}

static void
any_bytes_any_kind(void **state)
{
    (void)state;
    kith_norm_rules rules;
    kith_date_format format;
    kith_error err = KITH_ERROR_INIT;
    kith_rng rng = kith_rng_at(20260331, 1);
    uint64_t values = 0, nulls = 0;
    test_rules_make(&rules);
    assert_int_equal(kith_date_format_parse(&format, "dd/mm/yyyy", &err),
                     KITH_OK);
    for (unsigned i = 0; i < 40000; i++) {
        /* Exactly as long as it says: a sanitizer sees every step beyond. */
        char text[MAX_BYTES];
        const size_t n = draw(text, &rng);
        char *exact = malloc(n + (n == 0));
        assert_non_null(exact);
        memcpy(exact, text, n);
        const kith_field_kind kind = (kith_field_kind)(i % N_KINDS);
        kith_norm out;
        test_norm_any(&out, &rules, &format, kind, (kith_str){exact, n});
        free(exact);
        if (!test_norm_lawful(&out, kind))
            fail_msg("draw %u, kind %d: %s", i, (int)kind,
                     kith_norm_reason_name((kith_norm_reason)out.reason));
        values += out.len > 0;
        nulls += out.len == 0;
    }
    assert_true(values > 5000 && nulls > 5000);
    test_rules_done(&rules);
}

/* Case, blanks, apostrophes and hyphens between letters change nothing. */
static void
names_do_not_depend_on_writing(void **state)
{
    (void)state;
    static const char *const joints[] = {
        "", " ", "-", "'", " - ", "\xE2\x80\x99", "\xC2\xA0"};
    kith_norm_rules rules;
    kith_rng rng = kith_rng_at(20260331, 2);
    test_rules_make(&rules);
    for (unsigned i = 0; i < 5000; i++) {
        char text[256], want[32];
        size_t n = 0;
        const size_t n_want = 6 + (size_t)kith_rng_below(&rng, 12);
        for (size_t k = 0; k < n_want; k++) {
            want[k] = (char)('A' + kith_rng_below(&rng, 26));
            /* Words of three letters or more: no initials, no titles. */
            const char *joint =
                k % 3 == 0 && k > 0 && k + 3 <= n_want
                    ? joints[kith_rng_below(&rng, 4) == 0
                                 ? kith_rng_below(&rng, sizeof joints /
                                                            sizeof *joints)
                                 : 0]
                    : "";
            memcpy(text + n, joint, strlen(joint));
            n += strlen(joint);
            text[n++] = (char)(want[k] | (kith_rng_below(&rng, 2) ? 0x20 : 0));
        }
        kith_norm a, b;
        kith_norm_name(&a, &rules, (kith_str){want, n_want});
        kith_norm_name(&b, &rules, (kith_str){text, n});
        if (a.len != b.len && b.len == n_want - 3)
            continue; /* a three-letter title or suffix came up */
        assert_int_equal(a.len, b.len);
        assert_memory_equal(a.text, b.text, a.len);
    }
    test_rules_done(&rules);
}

/* Every NHS number has one check digit or none. */
static void
nhs_check_digits(void **state)
{
    (void)state;
    kith_rng rng = kith_rng_at(20260331, 3);
    unsigned without = 0;
    for (unsigned i = 0; i < 2000; i++) {
        char text[10];
        unsigned good = 0;
        for (unsigned k = 0; k < 9; k++)
            text[k] = (char)('0' + kith_rng_below(&rng, 10));
        for (unsigned d = 0; d < 10; d++) {
            kith_norm out;
            text[9] = (char)('0' + d);
            kith_norm_nhs(&out, (kith_str){text, 10});
            good += out.len == 10;
        }
        assert_true(good <= 1);
        without += good == 0;
    }
    assert_in_range(without, 100, 270); /* one in eleven: 182 */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_bytes_any_kind),
        cmocka_unit_test(names_do_not_depend_on_writing),
        cmocka_unit_test(nhs_check_digits),
    };
    return cmocka_run_group_tests_name("norm", tests, NULL, NULL);
}
