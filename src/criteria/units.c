/* families.csv and households.csv as member lists. */
#include "base/alloc.h"
#include "criteria/people.h"
#include "io/lines.h"

#include <string.h>
#include <unistd.h>

/* One row of the file, before it is sorted into its unit. */
typedef struct membership {
    uint32_t unit;
    uint32_t person;
    uint64_t roles;
} membership;

typedef struct loader {
    kith_people *people;
    kith_units *units;
    membership *rows;
    size_t n_rows;
    size_t cap;
    uint64_t n_unknown; /* rows about nobody in persons.csv */
    uint64_t n_roles;   /* role words past the 64th */
} loader;

void
kith_units_done(kith_units *units)
{
    kith_dict_done(&units->ids);
    kith_free(units->first);
    kith_free(units->members);
    kith_free(units->roles);
    kith_free(units->of_first);
    kith_free(units->of);
    *units = (kith_units){0};
}

uint32_t
kith_people_role(const kith_people *people, const char *word)
{
    return kith_dict_find(&people->roles, kith_str_of(word));
}

/* "parent+parenting" to a set of bits. */
static kith_status
read_roles(loader *l, kith_str text, uint64_t *out, kith_error *err)
{
    kith_status status = KITH_OK;
    *out = 0;
    size_t i = 0;
    while (i < text.len) {
        size_t k = i;
        while (k < text.len && text.data[k] != '+')
            k++;
        const kith_str word = kith_str_trim((kith_str){text.data + i, k - i});
        uint32_t role = kith_dict_find(&l->people->roles, word);
        if (role == KITH_DICT_NONE && l->people->roles.n == KITH_MAX_ROLES)
            l->n_roles++;
        else if (word.len > 0)
            KITH_TRY(kith_dict_add(&l->people->roles, word, &role, err));
        if (role < KITH_MAX_ROLES)
            *out |= (uint64_t)1 << role;
        i = k + 1;
    }
done:
    return status;
}

/* Rows of one unit follow each other. */
static kith_status
add_unit(kith_dict *ids, kith_str id, uint32_t *out, kith_error *err)
{
    if (ids->n > 0 && kith_str_equal(id, kith_dict_at(ids, ids->n - 1))) {
        *out = ids->n - 1;
        return KITH_OK;
    }
    return kith_dict_add(ids, id, out, err);
}

/* Columns of the files, in the order of their names below. */
enum { UNIT, PERSON, ROLE, N_COLUMNS, BATCH = 256 };

/* Rows whose persons are looked up together. */
typedef struct batch {
    kith_str fields[BATCH][N_COLUMNS];
    kith_str ids[BATCH];
    uint32_t persons[BATCH];
    size_t n;
} batch;

static kith_status
take_batch(loader *l, batch *b, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_dict_find_all(&l->people->ids, b->ids, b->n, b->persons);
    KITH_TRY(KITH_GROW(&l->rows, &l->cap, l->n_rows + b->n, err));
    for (size_t i = 0; i < b->n; i++) {
        membership m = {.person = b->persons[i]};
        if (m.person == KITH_DICT_NONE) {
            l->n_unknown++;
            continue;
        }
        KITH_TRY(add_unit(&l->units->ids, b->fields[i][UNIT], &m.unit, err));
        KITH_TRY(read_roles(l, b->fields[i][ROLE], &m.roles, err));
        l->rows[l->n_rows++] = m;
    }
    b->n = 0;
done:
    return status;
}

static kith_status
read_lines(loader *l, const kith_lines *lines, kith_str rest, batch *b,
           kith_error *err)
{
    kith_status status = KITH_OK;
    while (kith_lines_row(lines, &rest, b->fields[b->n])) {
        b->ids[b->n] = b->fields[b->n][PERSON];
        if (++b->n == BATCH)
            KITH_TRY(take_batch(l, b, err));
    }
    KITH_TRY(take_batch(l, b, err));
    if (rest.len > 0)
        KITH_TRY(kith_lines_refuse(lines, err));
done:
    return status;
}

/* Counting sort of the rows into units, and of the units into persons. */
static kith_status
arrange(loader *l, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_units *u = l->units;
    const uint32_t n_persons = l->people->n;
    u->n = u->ids.n;
    KITH_TRY(KITH_ALLOC(&u->first, (size_t)u->n + 2, err));
    KITH_TRY(KITH_ALLOC(&u->members, l->n_rows + 1, err));
    KITH_TRY(KITH_ALLOC(&u->roles, l->n_rows + 1, err));
    KITH_TRY(KITH_ALLOC(&u->of_first, (size_t)n_persons + 2, err));
    KITH_TRY(KITH_ALLOC(&u->of, l->n_rows + 1, err));
    for (size_t i = 0; i < l->n_rows; i++) {
        u->first[l->rows[i].unit + 2]++;
        u->of_first[l->rows[i].person + 2]++;
    }
    for (uint32_t i = 2; i < u->n + 2; i++)
        u->first[i] += u->first[i - 1];
    for (uint32_t i = 2; i < n_persons + 2; i++)
        u->of_first[i] += u->of_first[i - 1];
    for (size_t i = 0; i < l->n_rows; i++) {
        const membership *m = &l->rows[i];
        const uint32_t at = u->first[m->unit + 1]++;
        u->members[at] = m->person;
        u->roles[at] = m->roles;
        u->of[u->of_first[m->person + 1]++] = m->unit;
    }
done:
    return status;
}

static kith_status
read_file(loader *l, const char *path, const char *unit_column, kith_job *job,
          kith_error *err)
{
    kith_status status = KITH_OK;
    kith_lines *lines = NULL;
    kith_buffer text = {0};
    batch *b = NULL;
    const char *const names[N_COLUMNS] = {unit_column, "person", "role"};
    const bool has_roles = strcmp(unit_column, "family") == 0;
    KITH_TRY(KITH_ALLOC(&b, 1, err)); /* without roles all theirs are empty */
    KITH_TRY(kith_lines_open(&lines, path, names, has_roles ? 3 : 2, err));
    do {
        KITH_TRY(kith_lines_next(lines, &text, err));
        const kith_str all = {text.data, text.len};
        KITH_TRY(read_lines(l, lines, all, b, err));
    } while (text.len > 0);
    kith_lines_record(lines, job);
done:
    kith_free(b);
    kith_buffer_done(&text);
    kith_lines_close(lines);
    return status;
}

kith_status
kith_units_load(kith_units *out, kith_people *people, const char *path,
                const char *unit_column, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    loader l = {.people = people, .units = out};
    if (access(path, F_OK) == 0)
        KITH_TRY(read_file(&l, path, unit_column, job, err));
    KITH_TRY(arrange(&l, err));
    kith_job_count(job, unit_column, "units", out->n);
    if (l.n_unknown > 0)
        kith_job_count(job, unit_column, "members_without_person", l.n_unknown);
    if (l.n_roles > 0)
        kith_job_count(job, unit_column, "roles_ignored", l.n_roles);
done:
    kith_free(l.rows);
    return status;
}
