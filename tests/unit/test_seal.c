#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../support/files.h"
#include "base/rng.h"

#include <kith/seal.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A folder with two parties' keys, two files and what comes of them. */
typedef struct room {
    char folder[256];
    char receive[512], receive_pub[512], sign[512], sign_pub[512];
    char a[512], b[512], sealed[512], out[512];
    kith_act_rules rules; /* of opening */
    kith_job *job;
} room;

static void
make_keys(const room *r, const char *name, kith_seal_use use)
{
    char path[512];
    kith_error err = KITH_ERROR_INIT;
    test_path(path, r->folder, name);
    assert_int_equal(kith_seal_keygen(path, use, name, NULL, &err), KITH_OK);
}

static void
fill(const char *path, size_t n, uint64_t seed)
{
    uint8_t *bytes = malloc(n + 8);
    kith_rng rng = kith_rng_at(seed, n);
    assert_non_null(bytes);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)kith_rng_next(&rng);
    test_write(path, bytes, n);
    free(bytes);
}

static void
room_make(room *r, size_t a_bytes, size_t b_bytes)
{
    const kith_job_params jp = {.n_threads = 1, .quiet = true};
    kith_error err = KITH_ERROR_INIT;
    *r = (room){.job = NULL};
    test_folder_make(r->folder);
    make_keys(r, "unit", KITH_SEAL_RECEIVE);
    make_keys(r, "police", KITH_SEAL_SIGN);
    test_path(r->receive, r->folder, "unit");
    test_path(r->receive_pub, r->folder, "unit.pub");
    test_path(r->sign, r->folder, "police");
    test_path(r->sign_pub, r->folder, "police.pub");
    test_path(r->a, r->folder, "a.pass");
    test_path(r->b, r->folder, "b.pass");
    test_path(r->sealed, r->folder, "night.sealed");
    test_path(r->out, r->folder, "opened");
    fill(r->a, a_bytes, 1);
    fill(r->b, b_bytes, 2);
    assert_int_equal(kith_job_new(&r->job, &jp, &err), KITH_OK);
}

static void
room_done(room *r)
{
    kith_job_free(r->job);
    test_folder_remove(r->folder);
}

static void
seal(const room *r)
{
    kith_error err = KITH_ERROR_INIT;
    const char *const files[] = {r->a, r->b};
    const kith_seal_params p = {.files = files,
                                .n_files = 2,
                                .recipient = r->receive_pub,
                                .sender = r->sign,
                                .out = r->sealed,
                                .any_file = true};
    assert_int_equal(kith_seal(&p, r->job, &err), KITH_OK);
}

static kith_status
unseal(const room *r, const char *sealed, kith_error *err)
{
    const kith_open_params p = {.sealed = sealed,
                                .recipient = r->receive,
                                .sender = r->sign_pub,
                                .out = r->out,
                                .act = r->rules};
    return kith_open(&p, r->job, err);
}

static void
assert_same(const char *x_path, const char *folder, const char *name)
{
    char y_path[512];
    size_t n = 0;
    size_t m = 0;
    test_path(y_path, folder, name);
    void *x = test_read(x_path, &n);
    void *y = test_read(y_path, &m);
    assert_int_equal(n, m);
    if (n > 0)
        assert_memory_equal(x, y, n);
    free(x);
    free(y);
}

static void
test_round_trip(void **state)
{
    (void)state;
    /* Empty files, and totals below, at, and above whole chunks. */
    static const size_t sizes[][2] = {{0, 0},         {1, 0},     {0, 65536},
                                      {65536, 65536}, {65535, 1}, {65536, 1},
                                      {200000, 3000}, {7, 131072}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        room r;
        kith_error err = KITH_ERROR_INIT;
        room_make(&r, sizes[i][0], sizes[i][1]);
        seal(&r);
        assert_int_equal(unseal(&r, r.sealed, &err), KITH_OK);
        assert_same(r.a, r.out, "a.pass");
        assert_same(r.b, r.out, "b.pass");
        room_done(&r);
    }
}

static void
assert_refused(const room *r, const char *path)
{
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(unseal(r, path, &err), KITH_ERR_DATA);
    if (test_exists(r->out))
        assert_int_equal(test_folder_count(r->out), 0);
}

static void
test_every_flipped_bit_is_refused(void **state)
{
    (void)state;
    room r;
    size_t n = 0;
    room_make(&r, 40, 3);
    seal(&r);
    uint8_t *bytes = test_read(r.sealed, &n);
    for (size_t i = 0; i < n; i++) {
        bytes[i] ^= (uint8_t)(1u << (i % 8));
        test_write(r.sealed, bytes, n);
        assert_refused(&r, r.sealed);
        bytes[i] ^= (uint8_t)(1u << (i % 8));
    }
    for (size_t i = 0; i < n; i++) {
        test_write(r.sealed, bytes, i);
        assert_refused(&r, r.sealed);
    }
    free(bytes);
    room_done(&r);
}

static void
test_reordered_chunks_are_refused(void **state)
{
    (void)state;
    enum { CHUNK = 65536 + 16 };
    room r;
    size_t n = 0;
    room_make(&r, 65536, 2 * 65536);
    seal(&r);
    uint8_t *bytes = test_read(r.sealed, &n);
    const size_t begin = n - 3 * CHUNK;
    uint8_t *swap = malloc(CHUNK);
    assert_non_null(swap);
    memcpy(swap, bytes + begin, CHUNK);
    memcpy(bytes + begin, bytes + begin + CHUNK, CHUNK);
    memcpy(bytes + begin + CHUNK, swap, CHUNK);
    test_write(r.sealed, bytes, n);
    assert_refused(&r, r.sealed);
    /* Cut after a whole chunk: the one now last was not sealed as last. */
    memcpy(bytes + begin + CHUNK, bytes + begin, CHUNK);
    memcpy(bytes + begin, swap, CHUNK);
    test_write(r.sealed, bytes, n - CHUNK);
    assert_refused(&r, r.sealed);
    free(swap);
    free(bytes);
    room_done(&r);
}

static void
test_other_name_is_refused(void **state)
{
    (void)state;
    room r;
    char other[512];
    size_t n = 0;
    room_make(&r, 10, 10);
    seal(&r);
    test_path(other, r.folder, "tomorrow.sealed");
    void *bytes = test_read(r.sealed, &n);
    test_write(other, bytes, n);
    assert_refused(&r, other);
    free(bytes);
    room_done(&r);
}

static void
test_other_parties_are_refused(void **state)
{
    (void)state;
    room r;
    room_make(&r, 10, 10);
    seal(&r);
    make_keys(&r, "intruder", KITH_SEAL_SIGN);
    test_path(r.sign_pub, r.folder, "intruder.pub");
    assert_refused(&r, r.sealed);
    test_path(r.sign_pub, r.folder, "police.pub");
    make_keys(&r, "elsewhere", KITH_SEAL_RECEIVE);
    test_path(r.receive, r.folder, "elsewhere");
    assert_refused(&r, r.sealed);
    room_done(&r);
}

/* What is bound to a name is the key, and not only the name: another key of
 * the same owner opens nothing and vouches for nothing. */
static void
test_same_names_other_keys_are_refused(void **state)
{
    (void)state;
    room r, other;
    room_make(&r, 10, 10);
    room_make(&other, 10, 10); /* "unit" and "police" of elsewhere */
    seal(&r);
    char *const paths[] = {r.receive, r.sign_pub};
    const char *const theirs[] = {other.receive, other.sign_pub};
    for (unsigned i = 0; i < 2; i++) {
        char own[512];
        (void)snprintf(own, sizeof own, "%s", paths[i]);
        (void)snprintf(paths[i], 512, "%s", theirs[i]);
        assert_refused(&r, r.sealed);
        (void)snprintf(paths[i], 512, "%s", own);
    }
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(unseal(&r, r.sealed, &err), KITH_OK);
    room_done(&other);
    room_done(&r);
}

/* Chunks of another night under this night's header and name: both are the
 * sender's own, sealed to this recipient with the same keys. */
static void
test_mixed_files_are_refused(void **state)
{
    (void)state;
    room r;
    size_t n[2] = {0, 0};
    uint8_t *nights[2];
    room_make(&r, 40, 3);
    for (unsigned i = 0; i < 2; i++) {
        seal(&r);
        nights[i] = test_read(r.sealed, &n[i]);
    }
    assert_int_equal(n[0], n[1]);
    const size_t chunk = 40 + 3 + 16; /* both files' bytes, and the tag */
    memcpy(nights[0] + n[0] - chunk, nights[1] + n[1] - chunk, chunk);
    test_write(r.sealed, nights[0], n[0]);
    assert_refused(&r, r.sealed);
    free(nights[0]);
    free(nights[1]);
    room_done(&r);
}

/* Keys for a time: neither half is used on another day, but on order. */
static void
test_dates_are_kept(void **state)
{
    (void)state;
    static const kith_key_dates spring = {"2026-03-01", "2026-05-31"};
    static const struct {
        const char *today;
        bool good;
    } days[] = {{"2026-02-28", false},
                {"2026-03-01", true},
                {"2026-05-31", true},
                {"2026-06-01", false}};
    room r;
    kith_error err = KITH_ERROR_INIT;
    room_make(&r, 10, 10);
    test_path(r.receive, r.folder, "spring");
    test_path(r.receive_pub, r.folder, "spring.pub");
    assert_int_equal(
        kith_seal_keygen(r.receive, KITH_SEAL_RECEIVE, "unit", &spring, &err),
        KITH_OK);
    seal(&r);
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        r.rules = (kith_act_rules){.today = days[i].today};
        assert_int_equal(unseal(&r, r.sealed, &err),
                         days[i].good ? KITH_OK : KITH_ERR_KEY);
        r.rules.outdated_key = true;
        assert_int_equal(unseal(&r, r.sealed, &err), KITH_OK);
    }
    assert_non_null(strstr(err.text, "until 2026-05-31"));
    const kith_key_dates wrong = {"2026-05-31", "2026-03-01"};
    test_path(r.receive, r.folder, "never");
    assert_int_equal(
        kith_seal_keygen(r.receive, KITH_SEAL_RECEIVE, "unit", &wrong, &err),
        KITH_ERR_USAGE);
    assert_false(test_exists(r.receive));
    room_done(&r);
}

/* A lookup file, an extract or a key does not go out by a slip. */
static void
test_only_bundles_are_sealed(void **state)
{
    (void)state;
    room r;
    kith_error err = KITH_ERROR_INIT;
    room_make(&r, 10, 10);
    const char *const files[] = {r.a};
    const kith_seal_params p = {.files = files,
                                .n_files = 1,
                                .recipient = r.receive_pub,
                                .sender = r.sign,
                                .out = r.sealed};
    assert_int_equal(kith_seal(&p, r.job, &err), KITH_ERR_USAGE);
    assert_false(test_exists(r.sealed));
    assert_non_null(strstr(err.hint, "keep/"));
    room_done(&r);
}

static void
test_keys_are_guarded(void **state)
{
    (void)state;
    room r;
    kith_error err = KITH_ERROR_INIT;
    room_make(&r, 10, 10);
    struct stat st;
    assert_int_equal(stat(r.receive, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0400);
    assert_int_equal(
        kith_seal_keygen(r.receive, KITH_SEAL_RECEIVE, "unit", NULL, &err),
        KITH_ERR_KEY);
    seal(&r);
    assert_int_equal(chmod(r.receive, 0440), 0);
    assert_int_equal(unseal(&r, r.sealed, &err), KITH_ERR_KEY);
    /* A public key where a private one is wanted, and the other use. */
    assert_int_equal(chmod(r.receive_pub, 0400), 0);
    (void)snprintf(r.receive, sizeof r.receive, "%s", r.receive_pub);
    assert_int_equal(unseal(&r, r.sealed, &err), KITH_ERR_KEY);
    (void)snprintf(r.receive, sizeof r.receive, "%s", r.sign);
    assert_int_equal(unseal(&r, r.sealed, &err), KITH_ERR_KEY);
    room_done(&r);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_every_flipped_bit_is_refused),
        cmocka_unit_test(test_reordered_chunks_are_refused),
        cmocka_unit_test(test_other_name_is_refused),
        cmocka_unit_test(test_other_parties_are_refused),
        cmocka_unit_test(test_same_names_other_keys_are_refused),
        cmocka_unit_test(test_mixed_files_are_refused),
        cmocka_unit_test(test_dates_are_kept),
        cmocka_unit_test(test_only_bundles_are_sealed),
        cmocka_unit_test(test_keys_are_guarded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
