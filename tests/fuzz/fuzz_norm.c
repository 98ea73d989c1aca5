/* The first byte chooses the kind of field, the rest is its value. */
#include "../support/norm_rules.h"
#include "encode/soundex.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const kith_spec *
shipped(void)
{
    static kith_spec *spec;
    if (spec == NULL && kith_spec_default(&spec, NULL) != KITH_OK)
        abort();
    return spec;
}

static void
check(int fact)
{
    if (!fact)
        abort();
}

/* A value that has been normalised is its own normal form. */
static void
check_stable(const kith_norm *first, const kith_norm_rules *rules,
             kith_field_kind kind)
{
    kith_norm again;
    if (first->len == 0 || kind == KITH_FIELD_DATE)
        return;
    kith_norm_field(&again, rules, kind, (kith_str){first->text, first->len});
    check(again.len == first->len &&
          memcmp(again.text, first->text, first->len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    enum { N_KINDS = KITH_FIELD_EMAIL + 1 };
    const kith_norm_rules rules = {shipped(), 20543 /* 2026-03-31 */};
    kith_date_format format;
    kith_norm out;
    char code[KITH_SOUNDEX_BYTES];
    if (n == 0)
        return 0;
    const kith_field_kind kind = (kith_field_kind)(data[0] % N_KINDS);
    const kith_str raw = {(const char *)data + 1, n - 1};
    check(kith_date_format_parse(&format,
                                 data[0] < 128 ? "dd/mm/yyyy" : "yyyymmdd",
                                 NULL) == KITH_OK);
    test_norm_any(&out, &rules, &format, kind, raw);
    check(test_norm_lawful(&out, kind));
    if (kind == KITH_FIELD_POSTCODE || kind == KITH_FIELD_NHS ||
        kind == KITH_FIELD_UPRN || kind == KITH_FIELD_NINO ||
        kind == KITH_FIELD_UPN || kind == KITH_FIELD_SEX)
        check_stable(&out, &rules, kind);
    (void)kith_soundex(code, raw.data, raw.len);
    return 0;
}
