/* model.yaml: written, read back, edited, damaged. */
#include "../support/files.h"
#include "../support/specs.h"
#include "base/alloc.h"
#include "train/start.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct fixture {
    kith_spec spec;
    kith_model *model;
    char folder[256];
    char path[512];
} fixture;

/* The untrained model of every pass. */
static int
setup(void **state)
{
    kith_error err = KITH_ERROR_INIT;
    const kith_source_counts none = {{{0}}};
    const kith_patterns empty = {.total = 1234};
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    test_spec(&f->spec, 512);
    f->model = kith_alloc_array(1, sizeof *f->model);
    assert_non_null(f->model);
    memcpy(f->model->spec_name, f->spec.name, sizeof f->spec.name);
    memcpy(f->model->digest, f->spec.digest, sizeof f->spec.digest);
    for (unsigned p = 0; p < f->spec.n_passes; p++) {
        kith_layout layout;
        kith_pass_model *pass = &f->model->passes[f->model->n_passes++];
        assert_int_equal(kith_layout_build(&layout, &f->spec, p, &err),
                         KITH_OK);
        memcpy(pass->name, f->spec.passes[p].name, sizeof pass->name);
        kith_start(pass, &layout, &none, &empty);
        pass->share[KITH_MATCH] = 1.0 / 3;
        pass->share[KITH_KIN] = p == 0 ? 0.125 : 0;
        pass->share[KITH_STRANGER] =
            1 - pass->share[KITH_MATCH] - pass->share[KITH_KIN];
        pass->digits[0].seen[1] = 77;
    }
    test_folder_make(f->folder);
    test_path(f->path, f->folder, "model.yaml");
    assert_int_equal(kith_model_save(f->model, &f->spec, f->path, NULL, &err),
                     KITH_OK);
    *state = f;
    return 0;
}

static int
teardown(void **state)
{
    fixture *f = *state;
    test_folder_remove(f->folder);
    kith_model_free(f->model);
    free(f);
    return 0;
}

static void
test_round_trip(void **state)
{
    const fixture *f = *state;
    kith_error err = KITH_ERROR_INIT;
    kith_model *read = NULL;
    uint64_t n = 99;
    assert_int_equal(kith_model_load(&read, f->path, &f->spec, &err), KITH_OK);
    assert_int_equal(read->n_passes, f->spec.n_passes);
    for (unsigned p = 0; p < read->n_passes; p++) {
        const kith_pass_model *a = &f->model->passes[p];
        const kith_pass_model *b = &read->passes[p];
        assert_int_equal(b->n_pairs, 1234);
        assert_int_equal(b->digits[0].seen[1], 77);
        for (unsigned c = 0; c < KITH_CLASSES; c++)
            assert_true(fabs(a->share[c] - b->share[c]) < 1e-6);
        for (unsigned d = 0; d < b->n_digits; d++)
            for (unsigned c = 0; c < KITH_CLASSES; c++)
                for (unsigned l = 1; l < b->digits[d].n_levels; l++)
                    assert_true(fabs(a->digits[d].p[c][l] -
                                     b->digits[d].p[c][l]) < 1e-6);
    }
    FILE *to = tmpfile();
    assert_non_null(to);
    assert_int_equal(kith_model_diff(to, f->model, read, &n, &err), KITH_OK);
    assert_int_equal(n, 0);
    fclose(to);
    kith_model_free(read);
}

static char *
edited(const fixture *f, const char *from, const char *to)
{
    size_t n = 0;
    char *bytes = test_read(f->path, &n);
    char *text = calloc(1, n + 1000);
    assert_non_null(text);
    memcpy(text, bytes, n);
    free(bytes);
    char *at = strstr(text, from);
    assert_non_null(at);
    memmove(at + strlen(to), at + strlen(from), strlen(at + strlen(from)) + 1);
    memcpy(at, to, strlen(to));
    return text;
}

/* The line, from 1, on which @p from stands. */
static unsigned
line_of(const fixture *f, const char *from)
{
    size_t n = 0;
    char *text = test_read(f->path, &n);
    unsigned line = 1;
    const char *at = text;
    while (memcmp(at, from, strlen(from)) != 0)
        line += *at++ == '\n';
    free(text);
    return line;
}

static void
refuse(const fixture *f, const char *from, const char *to, kith_status want,
       const char *why)
{
    kith_error err = KITH_ERROR_INIT;
    kith_model *read = NULL;
    char place[64];
    char *text = edited(f, from, to);
    assert_int_equal(
        kith_model_parse(&read, "m.yaml", text, strlen(text), &f->spec, &err),
        want);
    assert_null(read);
    assert_non_null(strstr(err.text, why));
    snprintf(place, sizeof place, "m.yaml:%u: ", line_of(f, from));
    assert_memory_equal(err.text, place, strlen(place));
    free(text);
}

static void
test_damage(void **state)
{
    const fixture *f = *state;
    refuse(f, "kith_model: 1", "kith_model: 2", KITH_ERR_CONFIG,
           "another version");
    refuse(f, "digest: aa", "digest: ba", KITH_ERR_MISMATCH,
           "another linkage spec");
    refuse(f, "pass: D", "pass: Q", KITH_ERR_CONFIG, "has pass \"D\"");
    refuse(f, "digit: name B", "digit: name C", KITH_ERR_CONFIG,
           "has digit \"name B\"");
    refuse(f, "pairs: 1234", "pairs: -3", KITH_ERR_CONFIG, "not a count");
    refuse(f, "pairs: 1234", "pairs: 1e400", KITH_ERR_CONFIG, "not a number");
    refuse(f, "match: 0.333333", "match: nan", KITH_ERR_CONFIG, "not a number");
    refuse(f, "match: 0.333333", "match: 0", KITH_ERR_CONFIG,
           "between 0 and 1");
    refuse(f, "kin: 0.125", "kin: 0.7", KITH_ERR_CONFIG, "less than 1");
    refuse(f, "m: 0.95", "m: 1.95", KITH_ERR_CONFIG, "between 0 and 1");
    refuse(f, "m: 0.95", "m: 0x.9", KITH_ERR_CONFIG, "expected {m:");
    refuse(f, "m: 0.95", "m:0.95", KITH_ERR_CONFIG, "expected {m:");
    refuse(f, "iterations", "iteration", KITH_ERR_CONFIG,
           "expected \"iterations:\"");
}

static void
test_sums(void **state)
{
    const fixture *f = *state;
    kith_error err = KITH_ERROR_INIT;
    kith_model *read = NULL;
    char *text = edited(f, "m: 0.95", "m: 0.90");
    assert_int_equal(
        kith_model_parse(&read, "m.yaml", text, strlen(text), &f->spec, &err),
        KITH_ERR_CONFIG);
    assert_non_null(strstr(err.text, "do not sum to 1"));
    free(text);
}

/* Cut anywhere, it is refused, never read in part. */
static void
test_truncation(void **state)
{
    const fixture *f = *state;
    size_t n = 0;
    char *text = test_read(f->path, &n);
    /* Up to the last level's closing brace; what follows is a comment. */
    size_t last = n;
    while (text[last - 1] != '}')
        last--;
    for (size_t cut = 0; cut < last; cut += 7) {
        kith_error err = KITH_ERROR_INIT;
        kith_model *read = NULL;
        /* A digest cut short is another spec's. */
        const kith_status status =
            kith_model_parse(&read, "m.yaml", text, cut, &f->spec, &err);
        assert_true(status == KITH_ERR_CONFIG || status == KITH_ERR_MISMATCH);
        assert_null(read);
    }
    free(text);
}

static void
test_more_than_the_spec(void **state)
{
    const fixture *f = *state;
    kith_error err = KITH_ERROR_INIT;
    kith_spec fewer = f->spec;
    kith_model *read = NULL;
    fewer.n_passes--;
    assert_int_equal(kith_model_load(&read, f->path, &fewer, &err),
                     KITH_ERR_CONFIG);
    assert_non_null(strstr(err.text, "more than the spec's passes"));
}

static void
test_difference(void **state)
{
    const fixture *f = *state;
    kith_error err = KITH_ERROR_INIT;
    kith_model other = *f->model;
    char text[256] = "";
    uint64_t n = 0;
    /* u of the exact surname halves: one bit more. */
    other.passes[1].digits[0].p[KITH_STRANGER][1] /= 2;
    FILE *to = tmpfile();
    assert_non_null(to);
    assert_int_equal(kith_model_diff(to, f->model, &other, &n, &err), KITH_OK);
    assert_int_equal(n, 1);
    rewind(to);
    assert_non_null(fgets(text, sizeof text, to));
    assert_non_null(strstr(text, "pass A: name A level 1: "));
    assert_non_null(strstr(text, "(+1.00)"));
    other.digest[0] = 'b';
    assert_int_equal(kith_model_diff(to, f->model, &other, &n, &err),
                     KITH_ERR_MISMATCH);
    fclose(to);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_round_trip, setup, teardown),
        cmocka_unit_test_setup_teardown(test_damage, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sums, setup, teardown),
        cmocka_unit_test_setup_teardown(test_truncation, setup, teardown),
        cmocka_unit_test_setup_teardown(test_more_than_the_spec, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_difference, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
