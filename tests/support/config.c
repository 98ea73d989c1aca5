#include "config.h"

#include "config/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

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

static kith_status
load_text(kith_spec **out, const char *text, kith_error *err)
{
    kith_yaml *yaml = NULL;
    *out = NULL;
    const kith_status status =
        kith_yaml_parse(&yaml, "x.yaml", text, strlen(text), err);
    return status != KITH_OK ? status : kith_spec_from_yaml(out, yaml, err);
}

kith_status
test_spec_try(const char *yaml, kith_error *err)
{
    kith_spec *spec = NULL;
    const kith_status status = load_text(&spec, yaml, err);
    kith_spec_free(spec);
    return status;
}

kith_spec *
test_spec_must(const char *yaml)
{
    kith_error err = KITH_ERROR_INIT;
    kith_spec *spec = NULL;
    if (load_text(&spec, yaml, &err) != KITH_OK)
        fail_msg("%s", err.text);
    return spec;
}
