/* What changes the digest of a linkage spec, and what does not. */
#include "../support/config.h"

#include <kith/spec.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define SPEC_HEAD                                                              \
    "name: x\n"                                                                \
    "fields:\n"                                                                \
    "  - {name: a, kind: name}\n"                                              \
    "  - {name: b, kind: name}\n"                                              \
    "  - {name: c, kind: date}\n"
#define SPEC_BODY                                                              \
    "comparisons:\n"                                                           \
    "  - {name: n, kind: names, values: [a, b], similar: [0.9]}\n"             \
    "  - {name: d, kind: date, values: [c]}\n"                                 \
    "  - {name: y, kind: exact, values: [c.year]}\n"                           \
    "passes:\n"                                                                \
    "  - {name: P, key: [c, either]}\n"
#define SPEC_TAIL                                                              \
    "identifiers: [{field: c, unique: no, m: 0.9, u: 0.1}]\n"                  \
    "nicknames: [{formal: WILLIAM, short: [BILL]}]\n"                          \
    "placeholders: [NK]\n"
#define SPEC SPEC_HEAD SPEC_BODY SPEC_TAIL

static void
digests_ignore_how_a_spec_is_written(void **state)
{
    (void)state;
    static const char *const same[] = {
        "# a comment\n" SPEC,
        SPEC "\n\n# the end\n",
        /* defaults said out loud */
        SPEC "min_cell: 10\nfilter: {bits: 256, q: 2}\nthreshold_bits: auto\n"
             "rarity: {cuts: [850.0, 60]}\nsingle_site: false\n",
        /* other order of keys, block for flow style, case and punctuation */
        SPEC_HEAD SPEC_TAIL SPEC_BODY,
        SPEC_HEAD SPEC_BODY
        "identifiers:\n  -  u:  0.10\n     m: 0.9\n     unique: off\n"
        "     field: c\n"
        "placeholders: [n/k, NK]\n"
        "nicknames: [{formal: william, short: [Bill, BILL]}]\n",
    };
    kith_spec *s = test_spec_must(SPEC);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        kith_spec *t = test_spec_must(same[i]);
        assert_string_equal(s->digest, t->digest);
        kith_spec_free(t);
    }
    kith_spec_free(s);
}

static void
digests_change_with_the_meaning(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"name: x", "name: y"},
        {"{name: c, kind: date}", "{name: c, kind: date}\n"
                                  "  - {name: e, kind: date}"},
        {"{name: c, kind: date}", "{name: c, kind: date}\n"
                                  "  - {name: e, kind: text}"},
        {"[a, b]", "[b, a]"},
        {"similar: [0.9]", "similar: [0.9, 0.8]"},
        {"similar: [0.9]", "similar: [0.899]"},
        {"kind: date, values: [c]", "kind: exact, values: [c]"},
        {"name: P", "name: Q"},
        {"[c, either]", "[either, c]"},
        {"[c, either]", "[c, either.soundex]"},
        {"[c, either]", "[c+either]"},
        {"[c, either]", "[c, either, other.initial]"},
        {"[c, either]", "[c, either], without: [c.year]"},
        {"unique: no", "unique: yes"},
        {"m: 0.9", "m: 0.900001"},
        {"u: 0.1", "u: 0.2"},
        {"BILL", "WILL"},
        {"[NK]", "[\"NK*\"]"},
        {"[NK]", "[NK, X]"},
        {"name: x", "name: x\nrules: [{name: r, when: [c], verdict: accept}]"},
        {"name: x", "name: x\nrules: [{name: r, when: [c], verdict: refuse}]"},
        {"name: x",
         "name: x\nrules: [{name: r, when: [not c], verdict: refuse}]"},
        {"name: x", "name: x\nrules: [{name: r, when: [d], verdict: refuse}]"},
        {"name: x", "name: x\nmin_cell: 11"},
        {"name: x", "name: x\nmax_cluster: 49"},
        {"name: x", "name: x\nsingle_site: yes"},
        {"name: x", "name: x\nfilter: {insertions: 177}"},
        {"name: x", "name: x\nfilter: {bits: 1024}"},
        {"name: x", "name: x\nfilter: {q: 3}"},
        {"name: x", "name: x\nmax_block_mean: 2.6"},
        {"name: x", "name: x\nmax_block_p99: 9"},
        {"name: x", "name: x\nassumed_recall: 0.9"},
        {"name: x", "name: x\nthreshold_bits: 0"},
        {"name: x", "name: x\nrarity: {cuts: [851, 60]}"},
    };
    enum { N = sizeof changes / sizeof *changes };
    char digests[N + 1][65];
    kith_spec *s = test_spec_must(SPEC);
    memcpy(digests[N], s->digest, 65);
    kith_spec_free(s);
    for (size_t i = 0; i < N; i++) {
        char text[2048];
        const char *at = strstr(SPEC, changes[i][0]);
        assert_non_null(at);
        (void)snprintf(text, sizeof text, "%.*s%s%s",
                       (int)(at - (const char *)SPEC), SPEC, changes[i][1],
                       at + strlen(changes[i][0]));
        s = test_spec_must(text);
        memcpy(digests[i], s->digest, 65);
        kith_spec_free(s);
    }
    for (size_t i = 0; i <= N; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(digests[i], digests[j]) == 0)
                fail_msg("cases %zu and %zu have one digest", j, i);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_ignore_how_a_spec_is_written),
        cmocka_unit_test(digests_change_with_the_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
