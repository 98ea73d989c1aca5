/* From columns to fields: joined, split, assembled, from first to last. */
#include "../support/files.h"
#include "../support/norm.h"

#include "encode/extract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct fixture {
    char folder[256];
    kith_norm_rules rules;
    kith_extract x;
    kith_csv_batch batch;
    kith_norm fields[KITH_MAX_FIELDS];
} fixture;

static char persons_file[] = "persons.csv", id_column[] = "id",
            mapping_file[] = "agency.yaml";

/* Opens @p csv with these columns and normalises its first row. */
static void
read_row(fixture *f, const char *csv, kith_map_column *columns,
         uint32_t n_columns)
{
    kith_error err = KITH_ERROR_INIT;
    char path[512];
    kith_mapping mapping = {.path = mapping_file,
                            .persons = {.file = persons_file,
                                        .delimiter = ',',
                                        .id = id_column,
                                        .columns = columns,
                                        .n_columns = n_columns}};
    test_folder_make(f->folder);
    test_path(path, f->folder, persons_file);
    test_write(path, csv, strlen(csv));
    test_rules_make(&f->rules);
    if (kith_extract_open(&f->x, f->rules.spec, &mapping, f->folder,
                          f->rules.reference, &err) != KITH_OK)
        fail_msg("%s", err.text);
    f->batch = (kith_csv_batch){.n_rows = 0};
    assert_int_equal(kith_csv_next(f->x.csv, &f->batch, &err), KITH_OK);
    assert_int_equal(f->batch.n_rows, 1);
    kith_extract_row(&f->x, &f->rules, f->batch.fields, f->fields);
}

static void
done(fixture *f)
{
    kith_csv_batch_done(&f->batch);
    kith_extract_done(&f->x);
    test_rules_done(&f->rules);
    test_folder_remove(f->folder);
}

static void
expect(const fixture *f, const char *field, const char *text)
{
    const int i = kith_spec_field_index(f->rules.spec, field);
    const kith_norm *n = &f->fields[i];
    if (!kith_str_equal((kith_str){n->text, n->len}, text))
        fail_msg("%s: got \"%.*s\", want \"%s\"", field, (int)n->len, n->text,
                 text);
}

#define COLUMN(f, c, p)                                                        \
    {                                                                          \
        .field = (char[]){f}, .column = (char[]){c}, .format = (p)             \
    }

static void
columns_of_one_name_are_joined(void **state)
{
    (void)state;
    fixture f;
    kith_map_column columns[] = {COLUMN("forename", "first", NULL),
                                 COLUMN("forename", "second", NULL),
                                 COLUMN("surname", "last", NULL)};
    read_row(&f, "id,first,second,last\n1,Mary,Ann,de Silva\n", columns, 3);
    expect(&f, "forename", "MARYANN");
    expect(&f, "surname", "DESILVA");
    expect(&f, "postcode", "");
    done(&f);
}

static void
one_column_holds_two_names(void **state)
{
    (void)state;
    static const struct {
        const char *format, *value, *surname, *forename;
    } cases[] = {
        {"surname, forename", "\"Smith, Mary Ann\"", "SMITH", "MARYANN"},
        {"surname, forename", "Smith", "SMITH", ""},
        {"surname, forename", "\", Mary\"", "", "MARY"},
        {"surname, forename", "\"Smith,Mary,x\"", "SMITH", "MARY"},
        {"forename surname", "Mary Ann Smith", "SMITH", "MARYANN"},
        {"forename surname", "Mary", "", "MARY"},
        {"surname forename", "Smith Jones Mary", "SMITHJONES", "MARY"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture f;
        char csv[128], format[32];
        snprintf(format, sizeof format, "%s", cases[i].format);
        snprintf(csv, sizeof csv, "id,name\n1,%s\n", cases[i].value);
        kith_map_column columns[] = {COLUMN("surname", "name", format),
                                     COLUMN("forename", "name", format)};
        read_row(&f, csv, columns, 2);
        expect(&f, "surname", cases[i].surname);
        expect(&f, "forename", cases[i].forename);
        done(&f);
    }
}

static void
dates_in_three_columns(void **state)
{
    (void)state;
    fixture f;
    kith_map_column columns[] = {COLUMN("dob.day", "d", NULL),
                                 COLUMN("dob.month", "m", NULL),
                                 COLUMN("dob.year", "y", NULL)};
    read_row(&f, "id,d,m,y\n1,7,11,1969\n", columns, 3);
    expect(&f, "dob", "19691107");
    done(&f);
    /* Only the year is sent. */
    read_row(&f, "id,y\n1,1969\n", columns + 2, 1);
    expect(&f, "dob", "1969");
    done(&f);
}

/* A second telephone column counts when the first is empty. */
static void
first_that_holds_something(void **state)
{
    (void)state;
    fixture f;
    kith_map_column columns[] = {COLUMN("phone", "home", NULL),
                                 COLUMN("phone", "mobile", NULL)};
    read_row(&f, "id,home,mobile\n1,,07700 900123\n", columns, 2);
    expect(&f, "phone", "07700900123");
    done(&f);
    read_row(&f, "id,home,mobile\n1,0161 496 0123,07700 900123\n", columns, 2);
    expect(&f, "phone", "01614960123");
    done(&f);
}

static void
missing_column_is_named(void **state)
{
    (void)state;
    kith_error err = KITH_ERROR_INIT;
    char folder[256], path[512];
    kith_norm_rules rules;
    kith_extract x;
    kith_map_column columns[] = {COLUMN("surname", "surnam", NULL)};
    kith_mapping mapping = {.path = mapping_file,
                            .persons = {.file = persons_file,
                                        .delimiter = ',',
                                        .id = id_column,
                                        .columns = columns,
                                        .n_columns = 1}};
    test_folder_make(folder);
    test_path(path, folder, persons_file);
    test_write(path, "id,surname\n1,x\n", 15);
    test_rules_make(&rules);
    assert_int_equal(kith_extract_open(&x, rules.spec, &mapping, folder,
                                       rules.reference, &err),
                     KITH_ERR_CONFIG);
    assert_non_null(strstr(err.text, "agency.yaml: "));
    assert_non_null(strstr(err.text, "surnam"));
    assert_non_null(strstr(err.hint, "surname"));
    kith_extract_done(&x);
    test_rules_done(&rules);
    test_folder_remove(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_of_one_name_are_joined),
        cmocka_unit_test(one_column_holds_two_names),
        cmocka_unit_test(dates_in_three_columns),
        cmocka_unit_test(first_that_holds_something),
        cmocka_unit_test(missing_column_is_named),
    };
    return cmocka_run_group_tests_name("extract", tests, NULL, NULL);
}
