/* Soundex: the examples that the National Archives publish, and the rules
 * where variants differ. */
#include "encode/soundex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
expect(const char *name, const char *code)
{
    char out[KITH_SOUNDEX_BYTES];
    assert_true(kith_soundex(out, name, strlen(name)));
    assert_memory_equal(out, code, KITH_SOUNDEX_BYTES);
}

static void
published_examples(void **state)
{
    (void)state;
    /* www.archives.gov/research/census/soundex */
    expect("WASHINGTON", "W252");
    expect("LEE", "L000");
    expect("GUTIERREZ", "G362");
    expect("PFISTER", "P236");
    expect("JACKSON", "J250");
    expect("TYMCZAK", "T522");
    expect("VANDEUSEN", "V532");
    expect("ASHCRAFT", "A261");
    /* Knuth, TAOCP vol. 3, 6: names of equal code */
    expect("EULER", "E460");
    expect("ELLERY", "E460");
    expect("GAUSS", "G200");
    expect("GHOSH", "G200");
    expect("HILBERT", "H416");
    expect("HEILBRONN", "H416");
    expect("KNUTH", "K530");
    expect("KANT", "K530");
    expect("LLOYD", "L300");
    expect("LADD", "L300");
    expect("LUKASIEWICZ", "L222");
    expect("LISSAJOUS", "L222");
}

static void
pinned_variant(void **state)
{
    (void)state;
    expect("ASHCROFT", "A261"); /* H does not separate S and C */
    expect("TWSA", "T200");
    expect("WWILLIAMS", "W452");
    expect("HANSON", "H525");
    expect("SMITH", "S530");
    expect("SMYTHE", "S530");
    expect("A", "A000");
    expect("O1BRIEN", "O165");
    /* Spellings of one Scottish name share a block. */
    expect("MACDONALD", "M235");
    expect("MCDONALD", "M235");
}

static void
no_letters(void **state)
{
    (void)state;
    char out[KITH_SOUNDEX_BYTES];
    assert_false(kith_soundex(out, "", 0));
    assert_false(kith_soundex(out, "123", 3));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_examples),
        cmocka_unit_test(pinned_variant),
        cmocka_unit_test(no_letters),
    };
    return cmocka_run_group_tests_name("soundex", tests, NULL, NULL);
}
