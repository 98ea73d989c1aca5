/* The population maker: bad tables and sizes, numbers, slips, text. */
#include "../support/files.h"
#include "io/utf8.h"
#include "synth/agencies.h"
#include "synth/identity.h"
#include "synth/record.h"
#include "synth/tables.h"

#include <kith/synth.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static kith_status
make(const kith_synth_params *params, kith_error *err)
{
    kith_job *job = NULL;
    kith_job_params jp = kith_job_params_default();
    jp.n_threads = 2;
    jp.quiet = true;
    assert_int_equal(kith_job_new(&job, &jp, err), KITH_OK);
    const kith_status status = kith_synth(params, job, err);
    kith_job_free(job);
    return status;
}

/* Runs with one table replaced; nothing may be left of the output. */
static void
expect_bad_table(const char *name, const char *text, const char *reason)
{
    char folder[256];
    char tables[512];
    char out[512];
    char path[512];
    kith_error err = KITH_ERROR_INIT;
    kith_synth_params params = kith_synth_params_default();
    test_folder_make(folder);
    test_path(out, folder, "out");
    test_path(tables, folder, "");
    test_path(path, folder, name);
    test_write(path, text, strlen(text));
    params.n_people = 100;
    params.tables = tables;
    params.out = out;
    assert_int_equal(make(&params, &err), KITH_ERR_DATA);
    if (strstr(err.text, reason) == NULL || strstr(err.text, name) == NULL)
        fail_msg("%s: wanted \"%s\", got \"%s\"", name, reason, err.text);
    assert_false(test_exists(out));
    test_folder_remove(folder);
}

static void
bad_tables(void **state)
{
    (void)state;
    expect_bad_table("needs.csv", "need,share\ncin,0.1\n", "rate");
    expect_bad_table("needs.csv", "need,rate\ncin,1.5\n", "out of range");
    expect_bad_table("needs.csv", "need,rate\ncin,-0.1\n", "out of range");
    expect_bad_table("needs.csv", "need,rate\ncin,much\n", "not a number");
    expect_bad_table("needs.csv", "need,rate\nluck,0.1\n", "not a need");
    expect_bad_table("needs.csv", "need,rate\n", "has no rows");
    expect_bad_table("needs.csv", "need,rate\ncin,0.1\n",
                     "no row for need offence_adult");
    expect_bad_table(
        "agency_errors.csv",
        "agency,typing,phonetic,ocr,truncation,swapped,nickname,initial,"
        "missing,placeholder,day_month,wrong_year,old_address,old_surname,"
        "spelling,shared_phone,wrong_nhs,duplicate,impossible_date\n"
        "gmp,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n",
        "no row for agency probation");
    expect_bad_table("agency_errors.csv", "agency,typing\ngmp,0.1\n",
                     "phonetic");
    expect_bad_table("forenames_ew.csv",
                     "forename,sex,birth_from,birth_to,weight\n"
                     "Ann,x,1900,1910,5\n",
                     "want m or f");
    expect_bad_table("forenames_ew.csv",
                     "forename,sex,birth_from,birth_to,weight\n"
                     "Ann,f,1900,1910,5\n",
                     "lacks a sex");
    expect_bad_table("names_by_community.csv",
                     "community,kind,sex,name,weight\nirish,last,f,Daly,1\n",
                     ":2: column \"kind\": want forename or surname");
    expect_bad_table("nicknames.csv", "formal,short\nWilliam,\n",
                     ":2: column \"short\": want a name");
    expect_bad_table("communities.csv",
                     "community,census_group,weight,naming,british_forename,"
                     "name_error_factor\nbritish,white,1.5,family,1,1\n",
                     ":2: column \"weight\": out of range");
    expect_bad_table("gm_postcode_sectors.csv",
                     "sector,main_district\nZE1 0,Shetland\n",
                     "without people");
}

static void
district_without_people(void **state)
{
    (void)state;
    expect_bad_table(
        "gm_geography.csv",
        "lsoa21_code,neighbourhood_synthetic,district,population_2021,"
        "imd2019_decile\nA001,Bolton,Bolton,5000,3\nA002,Bury,Bury,0,3\n",
        "district Bury has no people");
    expect_bad_table(
        "gm_geography.csv",
        "lsoa21_code,neighbourhood_synthetic,district,population_2021,"
        "imd2019_decile\nA001,Bolton,Bolton,5000,11\n",
        "out of range");
}

static void
bad_parameters(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    kith_synth_params params = kith_synth_params_default();
    params.out = "never";
    for (params.n_people = 0; params.n_people < 2; params.n_people++)
        assert_int_equal(make(&params, &err), KITH_ERR_USAGE);
    params.n_people = (uint64_t)KITH_SYNTH_MOST_PEOPLE + 1;
    assert_int_equal(make(&params, &err), KITH_ERR_USAGE);
    params.n_people = 100;
    params.n_nights = 61;
    assert_int_equal(make(&params, &err), KITH_ERR_USAGE);
    params.n_nights = 0;
    params.reference_date = "2026-02-30";
    assert_int_equal(make(&params, &err), KITH_ERR_USAGE);
    params.reference_date = "2026-03-31";
    params.shipped = "fixtures/nowhere";
    assert_int_equal(make(&params, &err), KITH_ERR_IO);
    assert_false(test_exists("never"));
}

/* The smallest populations have every file. */
static void
smallest_populations(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {2, 3, 25};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char folder[256];
        char path[512];
        kith_error err = KITH_ERROR_INIT;
        kith_synth_params params = kith_synth_params_default();
        test_folder_make(folder);
        params.n_people = sizes[i];
        params.out = folder;
        assert_int_equal(make(&params, &err), KITH_OK);
        size_t n = 0;
        test_path(path, folder, "truth/persons.csv");
        char *text = test_read(path, &n);
        size_t lines = 0;
        for (size_t k = 0; k < n; k++)
            lines += text[k] == '\n';
        assert_int_equal(lines, sizes[i] + 1);
        free(text);
        test_folder_remove(folder);
    }
}

/* Modulus 11 by hand: 943 476 5919 is the NHS data dictionary's example. */
static bool
nhs_valid(const char *s)
{
    int sum = 0;
    for (int i = 0; i < 9; i++)
        sum += (s[i] - '0') * (10 - i);
    const int check = 11 - sum % 11;
    return check != 10 && (check == 11 ? 0 : check) == s[9] - '0';
}

static int
compare_texts(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

static void
assert_distinct(char (*texts)[16], size_t n)
{
    qsort(texts, n, 16, compare_texts);
    for (size_t i = 1; i < n; i++)
        assert_memory_not_equal(texts[i - 1], texts[i], 16);
}

static void
numbers_are_valid_and_distinct(void **state)
{
    (void)state;
    enum { N = 100000 };
    char(*texts)[16] = calloc(N, 16);
    assert_non_null(texts);
    assert_true(nhs_valid("9434765919"));
    for (uint64_t i = 0; i < N; i++) {
        /* A stride that reaches a country's numbers. */
        kith_nhs_number(texts[i], i * 601);
        assert_true(nhs_valid(texts[i]));
    }
    assert_distinct(texts, N);
    for (uint64_t i = 0; i < N; i++) {
        kith_nino(texts[i], i * 601);
        assert_int_equal(strlen(texts[i]), 9);
        assert_null(strchr("DFIQUV", texts[i][0]));
        assert_null(strchr("DFIOQUV", texts[i][1]));
    }
    assert_distinct(texts, N);
    for (uint64_t i = 0; i < N; i++) {
        kith_upn(texts[i], i * 601);
        unsigned sum = 0;
        for (unsigned d = 1; d <= 12; d++)
            sum += (unsigned)(texts[i][d] - '0') * (d + 1);
        assert_int_equal(texts[i][0], "ABCDEFGHJKLMNPQRTUVWXYZ"[sum % 23]);
    }
    assert_distinct(texts, N);
    free(texts);
}

static void
expect_field(const char *value, char delimiter, const char *want)
{
    kith_buffer b = {0};
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(kith_text_reserve(&b, &err), KITH_OK);
    kith_text_field(&b, value, delimiter);
    assert_int_equal(b.len, strlen(want));
    assert_memory_equal(b.data, want, b.len);
    kith_buffer_done(&b);
}

static void
fields_are_quoted_when_they_must(void **state)
{
    (void)state;
    expect_field("O'Brien", ',', "O'Brien");
    expect_field("a,b", ',', "\"a,b\"");
    expect_field("a,b", ';', "a,b");
    expect_field("say \"hi\"", ',', "\"say \"\"hi\"\"\"");
    expect_field("", ',', "");
}

static void
dates_in_every_style(void **state)
{
    (void)state;
    static const char *const want[] = {"1981-03-07", "07/03/1981", "07MAR1981",
                                       "19810307", "07-03-1981"};
    const int32_t day = kith_days_from_ymd((kith_ymd){1981, 3, 7});
    kith_error err = KITH_ERROR_INIT;
    for (int style = KITH_DATE_ISO; style <= KITH_DATE_DASHED; style++) {
        kith_buffer b = {0};
        assert_int_equal(kith_text_reserve(&b, &err), KITH_OK);
        kith_text_date(&b, day, (kith_date_style)style);
        assert_int_equal(b.len, strlen(want[style]));
        assert_memory_equal(b.data, want[style], b.len);
        b.len = 0;
        kith_text_date(&b, KITH_NO_DATE, (kith_date_style)style);
        assert_int_equal(b.len, 0);
        kith_buffer_done(&b);
    }
}

/* Slips never break a character in two, whatever the name. */
static void
slips_keep_utf8(void **state)
{
    (void)state;
    static const char *const names[] = {"Małgorzata", "Ștefan", "Li",
                                        "Wójcik",     "Ng",     "O'Brien"};
    kith_tables *t = NULL;
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(kith_tables_load(&t, "fixtures/synth", NULL, &err),
                     KITH_OK);
    kith_rng rng = kith_rng_at(5, 5);
    unsigned changed = 0;
    for (unsigned i = 0; i < 20000; i++) {
        char s[KITH_TEXT_FIELD] = {0};
        const char *name = names[i % 6];
        memcpy(s, name, strlen(name));
        const unsigned kind = i / 6 % 4;
        if (kind == 0)
            changed += kith_slip_typing(s, sizeof s, t, &rng);
        else if (kind == 1)
            changed += kith_slip_rewrite(s, sizeof s, &t->phonetic, &rng);
        else if (kind == 2)
            changed += kith_slip_rewrite(s, sizeof s, &t->ocr, &rng);
        else
            changed += kith_slip_variant(s, sizeof s, t, &t->spellings, &rng);
        assert_true(strlen(s) >= 1);
        assert_true(kith_utf8_is_valid(s, strlen(s)));
    }
    assert_true(changed > 5000);
    kith_tables_free(t);
}

/* Ten districts, in neighbourhoods of 30 to 50 thousand people. */
static void
districts_and_neighbourhoods(void **state)
{
    (void)state;
    kith_tables *t = NULL;
    kith_error err = KITH_ERROR_INIT;
    assert_int_equal(kith_tables_load(&t, "fixtures/synth", NULL, &err),
                     KITH_OK);
    assert_int_equal(t->n_districts, 10);
    double people = 0;
    for (size_t i = 0; i < t->n_areas; i++) {
        double here = 0;
        for (size_t k = 0; k < t->n_areas; k++)
            if (t->areas[k].neighbourhood == t->areas[i].neighbourhood)
                here += t->areas[k].population;
        assert_true(here >= 30000 && here <= 50000);
        people += t->areas[i].population;
    }
    /* 2021 Census: 2,867,800; the table rounds neighbourhoods down. */
    assert_true(people > 0.98 * 2867800 && people < 1.02 * 2867800);
    kith_tables_free(t);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_tables),
        cmocka_unit_test(district_without_people),
        cmocka_unit_test(bad_parameters),
        cmocka_unit_test(smallest_populations),
        cmocka_unit_test(numbers_are_valid_and_distinct),
        cmocka_unit_test(fields_are_quoted_when_they_must),
        cmocka_unit_test(dates_in_every_style),
        cmocka_unit_test(slips_keep_utf8),
        cmocka_unit_test(districts_and_neighbourhoods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
