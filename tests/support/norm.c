#include "norm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static kith_spec *shipped;

void
test_rules_make(kith_norm_rules *rules)
{
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(kith_spec_default(&shipped, &err), KITH_OK);
    rules->spec = shipped;
    assert_true(kith_date_parse_iso(&rules->reference, TEST_REFERENCE, 10));
}

void
test_rules_done(kith_norm_rules *rules)
{
    kith_spec_free(shipped);
    *rules = (kith_norm_rules){0};
}

void
test_norm_cases(test_norm_fn fn, const test_norm_case *cases, size_t n)
{
    kith_norm_rules rules;
    test_rules_make(&rules);
    for (size_t i = 0; i < n; i++) {
        const test_norm_case *c = &cases[i];
        kith_norm out;
        fn(&out, &rules, kith_str_of(c->raw));
        const bool same =
            c->text == NULL
                ? out.len == 0
                : kith_str_equal((kith_str){out.text, out.len}, c->text);
        if (!same || out.reason != c->reason)
            fail_msg("case %zu \"%s\": got \"%.*s\" %s, want \"%s\" %s", i,
                     c->raw, (int)out.len, out.text,
                     kith_norm_reason_name((kith_norm_reason)out.reason),
                     c->text == NULL ? "" : c->text,
                     kith_norm_reason_name(c->reason));
    }
    test_rules_done(&rules);
}
