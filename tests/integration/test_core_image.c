/* What a crash would leave: unmistakable values in every identifier column, in
 * good rows and in every kind of bad one, through every command that reads
 * them or uses a key. Neither the core image nor anything written or printed
 * holds one; and while a key is held there can be no core. */
#define _XOPEN_SOURCE 700 /* nftw */
#include "../support/files.h"
#include "../support/planted.h"
#include "../support/tracee.h"

#include "base/hex.h"
#include "encode/hmac.h"

#include <ftw.h>
#include <kith/key.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

typedef struct town {
    char folder[256];
    uint8_t project[KITH_KEY_BYTES], north[KITH_KEY_BYTES],
        unit[KITH_KEY_BYTES];
} town;

/* The 32 secret bytes of a key file's "key:" line. */
static void
read_key(uint8_t out[KITH_KEY_BYTES], const town *t, const char *name)
{
    char path[512];
    size_t n = 0;
    test_path(path, t->folder, name);
    char *text = test_read(path, &n);
    const char *line = strstr(text, "\nkey: ");
    assert_non_null(line);
    assert_true(kith_hex_read(out, line + 6, KITH_KEY_BYTES));
    free(text);
}

static void
assert_without(const test_image *image, const char *what, const void *bytes,
               size_t n)
{
    if (test_image_has(image, bytes, n))
        fail_msg("the image holds %s", what);
}

static void
assert_without_key(const test_image *image, const char *what,
                   const uint8_t key[KITH_KEY_BYTES])
{
    char hex[2 * KITH_KEY_BYTES + 1] = "", name[64];
    kith_hex_write(hex, key, KITH_KEY_BYTES);
    (void)snprintf(name, sizeof name, "%s key", what);
    assert_without(image, name, key, KITH_KEY_BYTES);
    (void)snprintf(name, sizeof name, "%s key in hex", what);
    assert_without(image, name, hex, 32);
}

/* Keys that the project key gives, and the states that stand for them. */
static void
assert_without_derived(const test_image *image, const town *t)
{
    static const char *const infos[][3] = {{"block", "D", ""},
                                           {"filter", "D", "A"},
                                           {"filter", "A", "B"},
                                           {"token", "", "name.exact"},
                                           {"identifier", "", "nhs"}};
    char path[512];
    kith_key *key = NULL;
    kith_error err = KITH_ERROR_INIT;
    test_path(path, t->folder, "keys/project.key");
    assert_int_equal(kith_key_load(&key, path, KITH_KEY_PROJECT, &err),
                     KITH_OK);
    for (size_t i = 0; i < sizeof infos / sizeof *infos; i++) {
        uint8_t derived[KITH_KEY_BYTES];
        kith_hmac h;
        assert_int_equal(kith_key_derive(derived, key, "night", infos[i][0],
                                         infos[i][1], infos[i][2], &err),
                         KITH_OK);
        kith_hmac_init(&h, derived, sizeof derived);
        assert_without(image, infos[i][0], derived, sizeof derived);
        assert_without(image, infos[i][0], h.inner, sizeof h.inner);
        assert_without(image, infos[i][0], h.outer, sizeof h.outer);
    }
    kith_key_free(key);
}

static void
assert_without_keys(const test_image *image, const town *t)
{
    assert_without_key(image, "the project's", t->project);
    assert_without_key(image, "the agency's", t->north);
    assert_without_key(image, "the unit's", t->unit);
    assert_without_derived(image, t);
}

/* One command to its end: its image and what it printed hold nothing. */
static void
run_clean(const town *t, const char *const *args, int exit_code)
{
    char output[512];
    size_t n = 0;
    test_path(output, t->folder, "printed");
    test_tracee tracee = {.args = args, .folder = t->folder, .output = output};
    if (!test_tracee_run(&tracee))
        skip();
    char *text = test_read(output, &n);
    if (tracee.exit_code != exit_code)
        fail_msg("kith %s: exit %d: %s", args[0], tracee.exit_code, text);
    assert_true(tracee.stopped && tracee.image.n > 100000);
    for (size_t i = 0; i < TEST_PLANTED; i++) {
        char what[128];
        (void)snprintf(what, sizeof what, "%s after kith %s", test_planted[i],
                       args[0]);
        assert_without(&tracee.image, what, test_planted[i],
                       strlen(test_planted[i]));
        if (strstr(text, test_planted[i]) != NULL)
            fail_msg("kith %s prints %s", args[0], test_planted[i]);
    }
    assert_without_keys(&tracee.image, t);
    assert_without(&tracee.image, "the CLKs' secret", "leak interop", 12);
    free(text);
    test_image_done(&tracee.image);
}

#define ENCODE(agency, out, ...)                                               \
    (const char *const[])                                                      \
    {                                                                          \
        "encode", agency ".yaml", "--key", "keys/project.key", "--agency-key", \
            "keys/" agency ".key", "--data", "extracts", "--exclude",          \
            "optout.csv", "--reference-date", "2026-03-31", "--run", "night",  \
            "--out", out, "--verbose", __VA_ARGS__, NULL                       \
    }
#define RUN(...)                                                               \
    (const char *const[])                                                      \
    {                                                                          \
        __VA_ARGS__, NULL                                                      \
    }

static void
nothing_is_left(void **state)
{
    const town *t = *state;
    run_clean(t, ENCODE("north", "sent", "--threads", "2"), 0);
    run_clean(t, ENCODE("south", "sent", "--threads", "1"), 0);
    run_clean(t, ENCODE("north", "refused", "--max-bad-rows", "1"), 3);
    run_clean(t, ENCODE("north", "refused", "--spec", "wide.yaml"), 2);
    run_clean(t,
              RUN("rekey", "sent/passes", "--key", "unit.key", "--out",
                  "rekeyed/passes", "--verbose"),
              0);
    run_clean(t,
              RUN("rekey", "sent/refs", "--key", "unit.key", "--out",
                  "rekeyed/refs", "--verbose"),
              0);
    run_clean(t,
              RUN("seal", "sent/refs", "--to", "unit.pub", "--from", "sign",
                  "--out", "refs.sealed", "--verbose"),
              0);
    run_clean(t,
              RUN("open", "refs.sealed", "--key", "unit", "--from", "sign.pub",
                  "--out", "opened", "--verbose"),
              0);
    run_clean(t, RUN("run", "kith.yaml", "--verbose"), 0);
    char schema[512];
    const char *fixtures = getenv("KITH_FIXTURES");
    (void)snprintf(schema, sizeof schema, "%s/clk/schema.json",
                   fixtures == NULL ? "fixtures" : fixtures);
    char *whole = realpath(schema, NULL);
    assert_non_null(whole);
    run_clean(t,
              RUN("encode", "clk.csv", "--clk", whole, "--key", "clk.secret",
                  "--out", "clks.json", "--verbose"),
              0);
    free(whole);
    /* So small a town says nothing of controls: the verdict is an error. */
    run_clean(t,
              RUN("attack", "north.yaml", "--key", "keys/project.key",
                  "--agency-key", "keys/north.key", "--data", "extracts",
                  "--reference-date", "2026-03-31", "--run", "night",
                  "--scratch", ".", "--targets", "20", "--out", "attack.json",
                  "--exclude", "optout.csv", "--verbose"),
              1);
}

static unsigned files_looked_at;

static int
look_into(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)ftw;
    size_t n = 0;
    if (type != FTW_F || strstr(path, "/keep/") != NULL)
        return 0;
    uint8_t *bytes = test_read(path, &n);
    const test_image file = {.bytes = bytes, .n = n};
    for (size_t i = 0; i < TEST_PLANTED; i++)
        if (test_image_has(&file, test_planted[i], strlen(test_planted[i])))
            fail_msg("%s holds %s", path, test_planted[i]);
    assert_int_equal(st->st_mode & 077, 0);
    free(bytes);
    files_looked_at++;
    return 0;
}

/* All that those commands wrote, keep/ aside: bundles, results, manifests,
 * sealed and opened files, the attack's figures, audit logs. */
static void
nothing_is_written(void **state)
{
    const town *t = *state;
    static const char *const made[] = {
        "sent",        "refused", "rekeyed",       "opened",
        "refs.sealed", "out",     "attack.json",   "sign.audit.log",
        "keys",        "printed", "unit.audit.log"};
    char path[512];
    files_looked_at = 0;
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        test_path(path, t->folder, made[i]);
        if (test_exists(path))
            assert_int_equal(nftw(path, look_into, 16, FTW_PHYS), 0);
    }
    assert_true(files_looked_at > 60);
}

/* Outputs are whole and about to be put in place: every key is held. */
static void
keys_are_in_no_image(void **state)
{
    const town *t = *state;
    char output[512];
    test_path(output, t->folder, "printed");
    test_tracee tracee = {.args = ENCODE("north", "held", "--threads", "2"),
                          .folder = t->folder,
                          .output = output,
                          .with_keys = true};
    if (!test_tracee_run(&tracee))
        skip();
    assert_int_equal(tracee.exit_code, 0);
    assert_true(tracee.stopped && tracee.image.n > 100000);
    assert_int_equal(tracee.core_limit, 0);
    assert_without_keys(&tracee.image, t);
    test_image_done(&tracee.image);
}

static void
a_crash_leaves_no_core(void **state)
{
    const town *t = *state;
    char output[512], kept[512];
    test_path(output, t->folder, "printed");
    test_tracee tracee = {.args = ENCODE("north", "crashed", "--threads", "2"),
                          .folder = t->folder,
                          .output = output,
                          .with_keys = true,
                          .abort = true};
    if (!test_tracee_run(&tracee))
        skip();
    assert_true(tracee.stopped);
    assert_int_equal(tracee.exit_code, -1);
    assert_false(tracee.dumped);
    test_path(kept, t->folder, "core");
    assert_false(test_exists(kept));
    test_image_done(&tracee.image);
}

/* A search that finds nothing anywhere would pass too: what is held is found
 * while it is held, names anywhere, keys in memory that no core file takes. */
static void
the_search_finds_what_is_there(void **state)
{
    const town *t = *state;
    char output[512];
    test_path(output, t->folder, "printed");
    test_tracee tracee = {.args = ENCODE("north", "found", "--threads", "1"),
                          .folder = t->folder,
                          .output = output,
                          .with_keys = true,
                          .whole = true};
    if (!test_tracee_run(&tracee))
        skip();
    assert_true(test_image_has(&tracee.image, "QUAXLEBURY", 10));
    assert_true(test_image_has(&tracee.image, t->project, sizeof t->project));
    assert_true(test_image_has(&tracee.image, t->north, sizeof t->north));
    test_image_done(&tracee.image);
}

/* One block for each sex: refused. */
static const char wide[] = "name: wide\nextends: default\npasses:\n"
                           "  - {name: W, key: [sex]}\n";

static int
set_up(void **state)
{
    static town t;
    char output[512];
    kith_error err = KITH_ERROR_INIT;
    char path[512];
    test_folder_make(t.folder);
    test_planted_make(t.folder);
    *state = &t;
    test_path(path, t.folder, "wide.yaml");
    test_write(path, wide, sizeof wide - 1);
    test_path(output, t.folder, "printed");
    const char *const *const made[] = {
        RUN("keygen", "--for", "kith.yaml"),
        RUN("keygen", "unit", "--receive", "unit"),
        RUN("keygen", "sign", "--sign", "north"),
        RUN("keygen", "unit.key", "--project", "leak", "--epoch", "e1",
            "--agency", "unit")};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        test_tracee tracee = {
            .args = made[i], .folder = t.folder, .output = output};
        if (test_tracee_run(&tracee) && tracee.exit_code != 0)
            return -1;
        test_image_done(&tracee.image);
    }
    test_path(path, t.folder, "keys/project.key");
    if (!test_exists(path) &&
        kith_key_generate(path, "leak", "e1", NULL, &err) != KITH_OK)
        return -1;
    read_key(t.project, &t, "keys/project.key");
    read_key(t.north, &t, "keys/north.key");
    read_key(t.unit, &t, "unit.key");
    return 0;
}

static int
tear_down(void **state)
{
    const town *t = *state;
    test_folder_remove(t->folder);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_left),
        cmocka_unit_test(nothing_is_written),
        cmocka_unit_test(keys_are_in_no_image),
        cmocka_unit_test(a_crash_leaves_no_core),
        cmocka_unit_test(the_search_finds_what_is_there),
    };
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    /* Their shadows and quarantines keep what the program has let go. */
    (void)tests;
    (void)set_up;
    (void)tear_down;
    printf("ok 1 - core image: not under a sanitizer\n1..1\n");
    return 0;
#else
    return cmocka_run_group_tests_name("core_image", tests, set_up, tear_down);
#endif
}
