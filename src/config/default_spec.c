#include "config/load.h"
#include "config/spec_raw.h"

/* The shipped spec is one file of the fixtures, compiled in: it is read,
 * checked and extended like any other. */
static const unsigned char text[] = {
#include "default_spec_bytes.inc"
};

const char *
kith_default_spec_text(size_t *n)
{
    *n = sizeof text;
    return (const char *)text;
}

kith_status
kith_spec_default(kith_spec **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_yaml *yaml = NULL;
    *out = NULL;
    KITH_TRY(kith_yaml_parse(&yaml, KITH_SHIPPED_NAME, (const char *)text,
                             sizeof text, err));
    KITH_TRY(kith_spec_from_yaml(out, yaml, err));
done:
    return status;
}
