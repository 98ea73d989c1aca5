#include "scenario.h"

#include "base/date.h"
#include "criteria/vocabulary.h"
#include "encode/bundle.h"
#include "files.h"
#include "io/out.h"
#include "io/rowfile.h"

#include <kith/flag.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_PERSONS = 128, MAX_AGENCIES = 4, MAX_EVENTS = 256, MAX_WORDS = 24 };

typedef struct someone {
    char id[16];
    int32_t born;
    uint8_t sex;
    uint32_t district;
    uint32_t neighbourhood;
    uint8_t decile;
} someone;

typedef struct agency {
    char name[16];
    kith_meta meta;
    kith_event_row rows[MAX_EVENTS];
    size_t n_rows;
    char ties[MAX_PERSONS][16]; /* "bits" of persons.csv */
} agency;

typedef struct author {
    someone persons[MAX_PERSONS];
    uint32_t n_persons;
    agency *agencies;
    size_t n_agencies;
    kith_vocabulary *v;
    uint32_t n_built_in;
    char types[MAX_WORDS][128]; /* "type" lines */
    size_t n_types;
    kith_dict codes;
    kith_dict districts;
    kith_dict neighbourhoods;
    kith_buffer families;
    kith_buffer households;
    int32_t day;
} author;

static kith_error err;

static void
ok(kith_status status)
{
    if (status != KITH_OK)
        fail_msg("%s", err.text);
}

static int32_t
read_day(const char *text)
{
    int32_t day = 0;
    assert_true(kith_date_parse_iso(&day, text, strlen(text)));
    return day;
}

static uint32_t
find_person(const author *a, const char *id)
{
    for (uint32_t i = 0; i < a->n_persons; i++) {
        if (strcmp(a->persons[i].id, id) == 0)
            return i;
    }
    fail_msg("no person %s", id);
    return 0;
}

/* "?": not known. */
static uint32_t
number_of(kith_dict *names, const char *name)
{
    uint32_t number = UINT32_MAX;
    if (strcmp(name, "?") != 0)
        ok(kith_dict_add(names, kith_str_of(name), &number, &err));
    return number;
}

static void
add_person(author *a, char *const *w, size_t n)
{
    assert_true(n >= 5 && n <= 7 && a->n_persons < MAX_PERSONS);
    someone *p = &a->persons[a->n_persons++];
    (void)snprintf(p->id, sizeof p->id, "%s", w[1]);
    p->born = strcmp(w[2], "?") == 0 ? KITH_NO_DATE : read_day(w[2]);
    p->sex = w[3][0] == 'm' ? 1 : w[3][0] == 'f' ? 2 : 0;
    p->district = number_of(&a->districts, w[4]);
    p->neighbourhood = number_of(&a->neighbourhoods, n > 5 ? w[5] : "?");
    p->decile = n > 6 ? (uint8_t)atoi(w[6]) : 0;
}

/* Attributes by the slot that the type declares them in. */
static void
set_attribute(author *a, kith_event_row *row, const char *pair)
{
    char name[32] = "";
    const char *value = strchr(pair, '=');
    assert_non_null(value);
    strncat(name, pair, (size_t)(value - pair));
    const kith_event_type *t = &a->v->types[row->type];
    const uint32_t code = kith_event_type_code(t, name);
    const uint32_t amount = kith_event_type_amount(t, name);
    if (code != UINT32_MAX)
        ok(kith_dict_add(&a->codes, kith_str_of(value + 1), &row->codes[code],
                         &err));
    else if (amount != UINT32_MAX)
        row->amounts[amount] = (int32_t)(atof(value + 1) * 100 + 0.5);
    else
        fail_msg("%s has no %s", t->name, name);
}

static void
add_event(author *a, char *const *w, size_t n, bool spell)
{
    assert_true(n >= 4 && a->n_agencies > 0);
    agency *g = &a->agencies[a->n_agencies - 1];
    assert_true(g->n_rows < MAX_EVENTS);
    kith_event_row *row = &g->rows[g->n_rows++];
    *row = (kith_event_row){.record = find_person(a, w[1]), .age = -1};
    const uint32_t type = kith_vocabulary_find(a->v, w[2]);
    if (type == UINT32_MAX)
        fail_msg("no type %s", w[2]);
    row->type = (uint16_t)type;
    row->start = read_day(w[3]);
    row->end = row->start;
    if (spell)
        row->end = strcmp(w[4], "open") == 0 ? KITH_OPEN_END : read_day(w[4]);
    for (int i = 0; i < KITH_EVENT_CODES; i++)
        row->codes[i] = KITH_NO_CODE;
    for (int i = 0; i < KITH_EVENT_AMOUNTS; i++)
        row->amounts[i] = KITH_NO_AMOUNT;
    const int32_t born = a->persons[row->record].born;
    if (born != KITH_NO_DATE)
        row->age = (int16_t)kith_age_years(born, row->start);
    for (size_t i = spell ? 5 : 4; i < n; i++)
        set_attribute(a, row, w[i]);
}

static void
add_coverage(author *a, char *const *w, size_t n)
{
    char line[256];
    assert_true(n >= 4 && a->n_agencies > 0);
    agency *g = &a->agencies[a->n_agencies - 1];
    for (uint32_t i = 0; i < a->v->n_types; i++) {
        if (strcmp(w[1], "all") != 0 && strcmp(w[1], a->v->types[i].name) != 0)
            continue;
        (void)snprintf(line, sizeof line, "%s|%s|%s|%s", a->v->types[i].name,
                       w[2], w[3], n > 4 ? w[4] : "");
        ok(kith_meta_add(&g->meta, "coverage", line, &err));
    }
}

/* id,person[,role],source,confidence */
static void
add_unit(kith_buffer *out, char *const *w, size_t n, bool roles)
{
    for (size_t i = 2; i < n; i++) {
        char *role = strchr(w[i], ':');
        if (role != NULL)
            *role++ = '\0';
        ok(kith_buffer_printf(out, &err, "%s,%s%s%s,test,1.0\n", w[1], w[i],
                              roles ? "," : "",
                              roles && role != NULL ? role : ""));
    }
}

static void
add_type(author *a, char *const *w, size_t n)
{
    assert_true(n == 5 && a->n_types < MAX_WORDS && a->n_agencies == 0);
    (void)snprintf(a->types[a->n_types], sizeof a->types[0], "%s|%s|%s|%s",
                   w[1], w[2], w[3][0] == '-' ? "" : w[3],
                   w[4][0] == '-' ? "" : w[4]);
    kith_meta meta = {0};
    kith_agency_types types = {0};
    ok(kith_meta_add(&meta, "type", a->types[a->n_types++], &err));
    ok(kith_vocabulary_merge(a->v, &types, &meta, "test", 0, &err));
    kith_agency_types_done(&types);
    kith_meta_done(&meta);
}

static void
add_tie(author *a, char *const *w, size_t n)
{
    assert_true(n == 3 && a->n_agencies > 0);
    agency *g = &a->agencies[a->n_agencies - 1];
    (void)snprintf(g->ties[find_person(a, w[1])], sizeof g->ties[0], "%s",
                   w[2]);
}

static void
read_line(author *a, char *line)
{
    char *w[MAX_WORDS];
    size_t n = 0;
    char *rest = line;
    for (char *p = strtok_r(line, " ", &rest); p != NULL && n < MAX_WORDS;
         p = strtok_r(NULL, " ", &rest))
        w[n++] = p;
    if (n == 0 || w[0][0] == '#')
        return;
    if (strcmp(w[0], "agency") == 0) {
        assert_true(a->n_agencies < MAX_AGENCIES);
        (void)snprintf(a->agencies[a->n_agencies++].name,
                       sizeof a->agencies[0].name, "%s", w[1]);
    } else if (strcmp(w[0], "type") == 0) {
        add_type(a, w, n);
    } else if (strcmp(w[0], "covers") == 0) {
        add_coverage(a, w, n);
    } else if (strcmp(w[0], "person") == 0) {
        add_person(a, w, n);
    } else if (strcmp(w[0], "family") == 0) {
        add_unit(&a->families, w, n, true);
    } else if (strcmp(w[0], "household") == 0) {
        add_unit(&a->households, w, n, false);
    } else if (strcmp(w[0], "event") == 0) {
        add_event(a, w, n, false);
    } else if (strcmp(w[0], "tie") == 0) {
        add_tie(a, w, n);
    } else if (strcmp(w[0], "spell") == 0) {
        add_event(a, w, n, true);
    } else {
        fail_msg("no statement %s", w[0]);
    }
}

static void
pseudonym(uint8_t out[KITH_PSEUDONYM_BYTES], uint32_t person, size_t number)
{
    memset(out, 0, KITH_PSEUDONYM_BYTES);
    out[0] = (uint8_t)(person + 1);
    out[1] = (uint8_t)(number + 1);
}

static void
add_names(kith_meta *meta, const char *entry, const kith_dict *names)
{
    for (uint32_t i = 0; i < names->n; i++)
        ok(kith_meta_add(meta, entry, kith_dict_at(names, i), &err));
}

/* Whose the files are: all of one run. */
static void
add_run(kith_meta *meta, const char *run)
{
    ok(kith_meta_add(meta, "project", "p", &err));
    ok(kith_meta_add(meta, "epoch", "e", &err));
    ok(kith_meta_add(meta, "run", run, &err));
    ok(kith_meta_add(meta, "check", "c", &err));
}

static void
write_people(const author *a, size_t number, const char *folder)
{
    char path[600];
    kith_rows_out *out = NULL;
    kith_meta meta = {0};
    add_run(&meta, "r");
    add_names(&meta, "district", &a->districts);
    add_names(&meta, "neighbourhood", &a->neighbourhoods);
    (void)snprintf(path, sizeof path, "%s/payload/%s.people", folder,
                   a->agencies[number].name);
    ok(kith_rows_create(&out, path, "people", sizeof(kith_person_row), &meta,
                        &err));
    for (uint32_t i = 0; i < a->n_persons; i++) {
        const someone *p = &a->persons[i];
        kith_person_row row = {.born_month = KITH_NO_DATE,
                               .updated = a->day,
                               .age = -1,
                               .sex = p->sex,
                               .place = p->decile,
                               .neighbourhood = p->neighbourhood,
                               .district = p->district};
        pseudonym(row.pseudonym, i, number);
        if (p->born != KITH_NO_DATE) {
            kith_ymd b = kith_ymd_from_days(p->born);
            b.day = 1;
            row.born_month = kith_days_from_ymd(b);
            row.age = (int16_t)kith_age_years(p->born, a->day);
        }
        ok(kith_rows_write(out, &row, 1, &err));
    }
    ok(kith_rows_commit(out, NULL, &err));
    kith_meta_done(&meta);
}

static int
by_record(const void *x, const void *y)
{
    const kith_event_row *a = x;
    const kith_event_row *b = y;
    if (a->record != b->record)
        return a->record < b->record ? -1 : 1;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return (a->type > b->type) - (a->type < b->type);
}

static void
write_events(author *a, size_t number, const scenario *s)
{
    char path[600];
    agency *g = &a->agencies[number];
    kith_rows_out *out = NULL;
    add_run(&g->meta, s->events_run != NULL ? s->events_run : "r");
    for (uint32_t i = 0; i < a->v->n_types; i++) {
        const kith_event_type *t = &a->v->types[i];
        char line[256];
        int k = snprintf(line, sizeof line, "%s|%s|", t->name,
                         t->spell ? "spell" : "event");
        for (uint32_t c = 0; c < t->n_codes; c++)
            k += snprintf(line + k, sizeof line - (size_t)k, "%s%s",
                          c > 0 ? "," : "", t->codes[c]);
        k += snprintf(line + k, sizeof line - (size_t)k, "|");
        for (uint32_t c = 0; c < t->n_amounts; c++)
            k += snprintf(line + k, sizeof line - (size_t)k, "%s%s",
                          c > 0 ? "," : "", t->amounts[c]);
        ok(kith_meta_add(&g->meta, "type", line, &err));
    }
    for (uint32_t i = 0; i < a->codes.n; i++)
        ok(kith_meta_add(&g->meta, "code", kith_dict_at(&a->codes, i), &err));
    qsort(g->rows, g->n_rows, sizeof g->rows[0], by_record);
    (void)snprintf(path, sizeof path, "%s/payload/%s.events", s->folder,
                   g->name);
    ok(kith_rows_create(&out, path, "events", sizeof(kith_event_row), &g->meta,
                        &err));
    ok(kith_rows_write(out, g->rows, g->n_rows, &err));
    ok(kith_rows_commit(out, NULL, &err));
}

static void
write_text(const char *folder, const char *name, const kith_buffer *text)
{
    char path[512];
    test_path(path, folder, name);
    test_write(path, text->data, text->len);
}

static void
write_results(author *a, const char *folder)
{
    kith_buffer text = {0};
    char dir[512];
    test_path(dir, folder, "results");
    ok(kith_make_folder(dir, &err));
    ok(kith_buffer_printf(&text, &err, "person,agency,record,bits\n"));
    for (uint32_t i = 0; i < a->n_persons; i++) {
        for (size_t g = 0; g < a->n_agencies; g++) {
            if (strcmp(a->agencies[g].ties[i], "-") == 0)
                continue;
            ok(kith_buffer_printf(&text, &err, "%s,%s,%02x%02x%028x,%s\n",
                                  a->persons[i].id, a->agencies[g].name, i + 1,
                                  (unsigned)g + 1, 0, a->agencies[g].ties[i]));
        }
    }
    write_text(dir, "persons.csv", &text);
    write_text(dir, "families.csv", &a->families);
    write_text(dir, "households.csv", &a->households);
    kith_buffer_done(&text);
}

static void
author_done(author *a)
{
    for (size_t i = 0; i < MAX_AGENCIES; i++)
        kith_meta_done(&a->agencies[i].meta);
    kith_vocabulary_free(a->v);
    kith_dict_done(&a->codes);
    kith_dict_done(&a->districts);
    kith_dict_done(&a->neighbourhoods);
    kith_buffer_done(&a->families);
    kith_buffer_done(&a->households);
    free(a->agencies);
    free(a);
}

static const char *
the_day(const char *day)
{
    return day != NULL ? day : "2026-03-31";
}

void
scenario_write(scenario *s, const char *text, const char *day)
{
    author *a = calloc(1, sizeof *a);
    assert_non_null(a);
    a->agencies = calloc(MAX_AGENCIES, sizeof *a->agencies);
    assert_non_null(a->agencies);
    char *copy = strdup(text);
    char *rest = copy;
    char payload[512];
    test_folder_make(s->folder);
    test_path(payload, s->folder, "payload");
    ok(kith_make_folder(payload, &err));
    a->day = read_day(the_day(day));
    ok(kith_vocabulary_new(&a->v, &err));
    ok(kith_buffer_printf(&a->families, &err,
                          "family,person,role,source,confidence\n"));
    ok(kith_buffer_printf(&a->households, &err,
                          "household,person,source,confidence\n"));
    for (char *line = strtok_r(copy, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest))
        read_line(a, line);
    for (size_t g = 0; g < a->n_agencies; g++) {
        write_people(a, g, s->folder);
        write_events(a, g, s);
    }
    write_results(a, s->folder);
    author_done(a);
    free(copy);
}

kith_status
scenario_run(scenario *s, const char *criteria, const char *day,
             kith_error *out_err)
{
    char path[512];
    char results[512];
    char payload[512];
    char out[512];
    test_path(path, s->folder, "x.criteria");
    test_path(results, s->folder, "results");
    test_path(payload, s->folder, "payload");
    test_path(out, s->folder, "out");
    test_write(path, criteria, strlen(criteria));
    const char *files[] = {path};
    kith_job *job = NULL;
    kith_job_params jp = kith_job_params_default();
    jp.quiet = true;
    jp.n_threads = s->n_threads == 0 ? 1 : s->n_threads;
    ok(kith_job_new(&job, &jp, &err));
    kith_flag_params fp = kith_flag_params_default();
    fp.results = results;
    fp.payload = payload;
    fp.criteria = files;
    fp.n_criteria = 1;
    fp.reference_date = the_day(day);
    fp.previous = s->previous;
    fp.out = out;
    const kith_status status = kith_flag(NULL, &fp, job, out_err);
    kith_job_free(job);
    return status;
}

void
scenario_remove(scenario *s)
{
    test_folder_remove(s->folder);
}
