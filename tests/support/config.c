#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void
test_refusals(const test_refusal *cases, size_t n, test_loader load)
{
    for (size_t i = 0; i < n; i++) {
        kith_error err = KITH_ERROR_INIT;
        const kith_status status = load(cases[i].yaml, &err);
        if (status != KITH_ERR_CONFIG || err.status != KITH_ERR_CONFIG)
            fail_msg("case %zu: status %s (%s):\n%s", i,
                     kith_status_name(status), err.text, cases[i].yaml);
        assert_string_equal(err.text, cases[i].text);
        assert_string_equal(err.hint,
                            cases[i].hint != NULL ? cases[i].hint : "");
    }
}
