#include "kin.h"

#include "files.h"
#include "links.h"

#include "base/date.h"
#include "base/hex.h"
#include "io/out.h"
#include "io/rowfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

int
kin_setup(void **state)
{
    kin_world *w = calloc(1, sizeof *w);
    kith_job_params params = kith_job_params_default();
    if (w == NULL)
        return -1;
    params.n_threads = 2;
    params.quiet = true;
    test_folder_make(w->folder);
    w->run = "r1";
    *state = w;
    return kith_job_new(&w->job, &params, &w->err) == KITH_OK ? 0 : -1;
}

int
kin_teardown(void **state)
{
    kin_world *w = *state;
    kith_job_free(w->job);
    test_folder_remove(w->folder);
    free(w->families);
    free(w->households);
    free(w);
    return 0;
}

uint32_t
kin_add_record(kin_world *w, uint32_t person, uint64_t home, uint32_t surname,
               int age, int sex)
{
    assert_true(w->n < KIN_MOST);
    kin_record *r = &w->records[w->n];
    *r = (kin_record){.person = person};
    r->row = (kith_person_row){.address = home,
                               .door = home,
                               .surname = surname,
                               .born_month = KITH_NO_DATE,
                               .updated = TODAY - 30,
                               .age = (int16_t)age,
                               .sex = (uint8_t)sex,
                               .neighbourhood = UINT32_MAX,
                               .district = UINT32_MAX};
    test_pseudonym(r->row.pseudonym, 0, w->n);
    return w->n++;
}

uint32_t
kin_add(kin_world *w, uint64_t home, uint32_t surname, int age, int sex)
{
    const uint32_t person = w->n_persons++;
    kin_add_record(w, person, home, surname, age, sex);
    return person;
}

void
kin_relate(kin_world *w, uint32_t record_a, uint16_t kind, uint32_t record_b)
{
    w->relations[w->n_relations++] = (kith_relation_row){.record = record_a,
                                                         .other = record_b,
                                                         .kind = kind,
                                                         .start = KITH_NO_DATE,
                                                         .end = KITH_OPEN_END};
}

static int
compare_rows(const void *a, const void *b)
{
    return memcmp(a, b, KITH_PSEUDONYM_BYTES);
}

static void
ok(const kin_world *w, kith_status status)
{
    if (status != KITH_OK)
        print_error("%s\n", w->err.text);
    assert_int_equal(status, KITH_OK);
}

void
kin_write_rows(kin_world *w, const char *name, const char *kind,
               const void *rows, size_t row_bytes, size_t n)
{
    kith_meta meta = {0};
    kith_rows_out *out = NULL;
    char path[512];
    test_path(path, w->folder, name);
    ok(w, kith_buffer_printf(&meta.text, &w->err,
                             "project: test\nepoch: e\nrun: %s\n"
                             "reference_date: 2026-03-31\n",
                             w->run));
    ok(w, kith_rows_create(&out, path, kind, row_bytes, &meta, &w->err));
    ok(w, kith_rows_write(out, rows, n, &w->err));
    ok(w, kith_rows_commit(out, NULL, &w->err));
    kith_meta_done(&meta);
}

void
kin_write_payload(kin_world *w)
{
    kith_person_row *rows = calloc(w->n + 1u, sizeof *rows);
    uint32_t *places = calloc(w->n + 1u, sizeof *places);
    assert_non_null(rows);
    assert_non_null(places);
    for (uint32_t i = 0; i < w->n; i++)
        rows[i] = w->records[i].row;
    qsort(rows, w->n, sizeof *rows, compare_rows);
    for (uint32_t i = 0; i < w->n; i++) {
        const kith_person_row *found =
            bsearch(&w->records[i].row, rows, w->n, sizeof *rows, compare_rows);
        places[i] = (uint32_t)(found - rows);
    }
    for (uint32_t i = 0; i < w->n_relations; i++) {
        w->relations[i].record = places[w->relations[i].record];
        w->relations[i].other = places[w->relations[i].other];
    }
    kin_write_rows(w, "payload/ahs.people", "people", rows, sizeof *rows, w->n);
    kin_write_rows(w, "payload/ahs.relations", "relations", w->relations,
                   sizeof *w->relations, w->n_relations);
    free(rows);
    free(places);
}

void
kin_write_persons(kin_world *w)
{
    kith_out *out = NULL;
    char path[512], hex[2 * KITH_PSEUDONYM_BYTES];
    test_path(path, w->folder, "persons.csv");
    ok(w, kith_out_open(&out, path, false, &w->err));
    ok(w, kith_out_printf(out, &w->err, "person,agency,record\n"));
    for (uint32_t p = 0; p < w->n_persons; p++) {
        for (uint32_t i = 0; i < w->n; i++) {
            if (w->records[i].person != p)
                continue;
            kith_hex_write(hex, w->records[i].row.pseudonym,
                           KITH_PSEUDONYM_BYTES);
            ok(w, kith_out_printf(out, &w->err, "p%016x,ahs,%.*s\n", p + 1,
                                  (int)sizeof hex, hex));
        }
    }
    ok(w, kith_out_commit(out, NULL, &w->err));
}

char *
kin_result(const kin_world *w, const char *name)
{
    char path[512];
    size_t n = 0;
    test_path(path, w->folder, name);
    return test_read(path, &n);
}

kith_status
kin_try_run(kin_world *w)
{
    kith_family_params params = kith_family_params_default();
    char persons[512], payload[512];
    test_path(persons, w->folder, "persons.csv");
    test_path(payload, w->folder, "payload");
    params.persons = persons;
    params.payload = payload;
    params.out = w->folder;
    return kith_family(&params, w->job, &w->err);
}

void
kin_run(kin_world *w)
{
    kin_write_payload(w);
    kin_write_persons(w);
    ok(w, kin_try_run(w));
    w->families = kin_result(w, "families.csv");
    w->households = kin_result(w, "households.csv");
}

bool
kin_is_member(const kin_world *w, uint32_t family, uint32_t person,
              const char *role)
{
    char row[96];
    snprintf(row, sizeof row, "\nf%016x,p%016x,%s,", family + 1, person + 1,
             role);
    return strstr(w->families, row) != NULL;
}

bool
kin_lives_at(const kin_world *w, uint32_t household, uint32_t person)
{
    char row[96];
    snprintf(row, sizeof row, "\nh%016x,p%016x,", household + 1, person + 1);
    return strstr(w->households, row) != NULL;
}

uint64_t
kin_counted(const kin_world *w, const char *scope, const char *reason)
{
    return kith_job_counted(w->job, "family", scope, reason);
}
