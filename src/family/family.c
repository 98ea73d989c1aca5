#include <kith/family.h>

#include "base/alloc.h"
#include "base/hex.h"
#include "family/families.h"
#include "family/homes.h"
#include "family/members.h"
#include "io/out.h"

#include <stdlib.h>
#include <string.h>

/* People of one address: a care home or hostel is mostly larger, a family of
 * three generations hardly ever (Census 2011: 0.1 % of households have more
 * than nine). */
enum { MAX_HOUSEHOLD = 12, MAX_FAMILY = 16 };

/* Percent: current address by one source, by several, by the unit's. */
enum { BY_ONE = 75, BY_SEVERAL = 90, BY_UNIT = 70, BY_RELATION = 65 };

kith_family_params
kith_family_params_default(void)
{
    return (kith_family_params){.max_household = MAX_HOUSEHOLD,
                                .max_family = MAX_FAMILY};
}

/* A row of households.csv or families.csv, to be sorted. */
typedef struct group_row {
    uint32_t group; /* the person that names it */
    uint32_t person;
    uint8_t role, source, confidence;
} group_row;

typedef struct rows {
    group_row *items;
    size_t n, cap;
} rows;

static int
compare_rows(const void *a, const void *b)
{
    const group_row *x = a;
    const group_row *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    return (x->role > y->role) - (x->role < y->role);
}

static kith_status
add_row(rows *r, const group_row *row, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_GROW(&r->items, &r->cap, r->n + 1, err));
    r->items[r->n++] = *row;
done:
    return status;
}

static void
sort_rows(rows *r)
{
    if (r->n > 1)
        qsort(r->items, r->n, sizeof *r->items, compare_rows);
    size_t kept = 0;
    for (size_t i = 0; i < r->n; i++) {
        if (kept == 0 || compare_rows(&r->items[kept - 1], &r->items[i]) != 0)
            r->items[kept++] = r->items[i];
    }
    r->n = kept;
}

/* "h" or "f" and the number of the person that names the group. */
static void
group_text(char out[KITH_PERSON_TEXT], char letter, const kith_members *m,
           uint32_t person)
{
    out[0] = letter;
    kith_hex_write_u64(out + 1, m->list.ids[person]);
}

static uint64_t
count_groups(const rows *r)
{
    uint64_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        n += i == 0 || r->items[i].group != r->items[i - 1].group;
    return n;
}

static kith_status
open_file(kith_out **out, const char *folder, const char *name,
          const char *header, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    KITH_TRY(kith_path_join(&path, folder, name, err));
    KITH_TRY(kith_out_open(out, path, false, err));
    KITH_TRY(kith_out_printf(*out, err, "%s\n", header));
done:
    kith_free(path);
    return status;
}

static kith_status
household_rows(rows *r, const kith_members *m, const kith_homes *h,
               const kith_families *f, kith_error *err)
{
    kith_status status = KITH_OK;
    for (uint32_t k = 0; k < h->n; k++) {
        if (h->kinds[k] != KITH_HOME_PRIVATE)
            continue;
        const uint32_t first = h->people[h->begins[k]];
        for (uint32_t i = h->begins[k]; i < h->begins[k + 1]; i++) {
            const uint32_t p = h->people[i];
            const int sure = h->by_unit[p] ? BY_UNIT
                             : m->people[p].stays[KITH_NOW].n_records > 1
                                 ? BY_SEVERAL
                                 : BY_ONE;
            const group_row row = {.group = first,
                                   .person = p,
                                   .source = h->by_unit[p]
                                                 ? KITH_SOURCE_UNIT
                                                 : KITH_SOURCE_ADDRESS,
                                   .confidence = (uint8_t)sure};
            KITH_TRY(add_row(r, &row, err));
        }
    }
    for (size_t i = 0; i < f->n_extras; i++) {
        const kith_extra_place *e = &f->extras[i];
        if (e->home == KITH_NO_HOME)
            continue;
        const group_row row = {.group = h->people[h->begins[e->home]],
                               .person = e->person,
                               .source = KITH_SOURCE_RELATION,
                               .confidence = BY_RELATION};
        KITH_TRY(add_row(r, &row, err));
    }
    sort_rows(r);
done:
    return status;
}

static kith_status
family_rows(rows *r, const kith_members *m, const kith_families *f,
            kith_error *err)
{
    kith_status status = KITH_OK;
    for (uint32_t p = 0; p < m->list.n_persons; p++) {
        const kith_place *place = &f->places[p];
        const group_row row = {place->family, p, place->role, place->source,
                               place->confidence};
        KITH_TRY(add_row(r, &row, err));
    }
    for (size_t i = 0; i < f->n_extras; i++) {
        const kith_place *place = &f->extras[i].place;
        const group_row row = {place->family, f->extras[i].person, place->role,
                               place->source, place->confidence};
        KITH_TRY(add_row(r, &row, err));
    }
    sort_rows(r);
done:
    return status;
}

static kith_status
write_households(const rows *r, const kith_members *m, const char *folder,
                 kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *out = NULL;
    char group[KITH_PERSON_TEXT], person[KITH_PERSON_TEXT];
    KITH_TRY(open_file(&out, folder, "households.csv",
                       "household,person,source,confidence", err));
    for (size_t i = 0; i < r->n; i++) {
        const group_row *row = &r->items[i];
        group_text(group, 'h', m, row->group);
        kith_person_text(person, m->list.ids[row->person]);
        KITH_TRY(kith_out_printf(
            out, err, "%.*s,%.*s,%s,0.%02u\n", KITH_PERSON_TEXT, group,
            KITH_PERSON_TEXT, person,
            kith_family_source_name((kith_family_source)row->source),
            row->confidence));
    }
    kith_out *whole = out;
    out = NULL;
    KITH_TRY(kith_out_commit(whole, job, err));
    kith_job_count(job, "", "households", count_groups(r));
done:
    kith_out_abort(out);
    return status;
}

static kith_status
write_families(const rows *r, const kith_members *m, const char *folder,
               kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *out = NULL;
    char group[KITH_PERSON_TEXT], person[KITH_PERSON_TEXT];
    KITH_TRY(open_file(&out, folder, "families.csv",
                       "family,person,role,source,confidence", err));
    for (size_t i = 0; i < r->n; i++) {
        const group_row *row = &r->items[i];
        group_text(group, 'f', m, row->group);
        kith_person_text(person, m->list.ids[row->person]);
        KITH_TRY(kith_out_printf(
            out, err, "%.*s,%.*s,%s,%s,0.%02u\n", KITH_PERSON_TEXT, group,
            KITH_PERSON_TEXT, person,
            kith_family_role_name((kith_family_role)row->role),
            kith_family_source_name((kith_family_source)row->source),
            row->confidence));
    }
    kith_out *whole = out;
    out = NULL;
    KITH_TRY(kith_out_commit(whole, job, err));
    kith_job_count(job, "", "families", count_groups(r));
done:
    kith_out_abort(out);
    return status;
}

static uint32_t
count_children(const kith_members *m, const uint32_t *people, uint32_t n)
{
    uint32_t n_children = 0;
    for (uint32_t i = 0; i < n; i++)
        n_children +=
            m->people[people[i]].age >= 0 && m->people[people[i]].age < 16;
    return n_children;
}

static kith_status
write_communal(const kith_members *m, const kith_homes *h, const char *folder,
               kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *out = NULL;
    char group[KITH_PERSON_TEXT];
    KITH_TRY(open_file(&out, folder, "communal.csv",
                       "address,people,children,reason", err));
    for (uint32_t k = 0; k < h->n; k++) {
        const uint32_t *people = h->people + h->begins[k];
        const uint32_t n = h->begins[k + 1] - h->begins[k];
        if (h->kinds[k] == KITH_HOME_PRIVATE)
            continue;
        const char *reason = kith_home_kind_name(h->kinds[k]);
        group_text(group, 'h', m, people[0]);
        KITH_TRY(kith_out_printf(out, err, "%.*s,%u,%u,%s\n", KITH_PERSON_TEXT,
                                 group, n, count_children(m, people, n),
                                 reason));
        kith_job_count(job, "communal", reason, 1);
        kith_job_count(job, "communal", "people", n);
    }
    kith_out *whole = out;
    out = NULL;
    KITH_TRY(kith_out_commit(whole, job, err));
done:
    kith_out_abort(out);
    return status;
}

static void
count_people(const kith_members *m, const kith_homes *h, const kith_families *f,
             kith_job *job)
{
    uint64_t n_roles[KITH_ROLE_OTHER + 1] = {0};
    uint64_t n_homeless = 0;
    for (uint32_t p = 0; p < m->list.n_persons; p++) {
        n_roles[f->places[p].role]++;
        n_homeless += h->home_of[p] == KITH_NO_HOME;
    }
    for (size_t i = 0; i < f->n_extras; i++)
        n_roles[f->extras[i].place.role]++;
    for (int i = 0; i <= KITH_ROLE_OTHER; i++)
        kith_job_count(job, "roles", kith_family_role_name((kith_family_role)i),
                       n_roles[i]);
    kith_job_count(job, "", "persons", m->list.n_persons);
    kith_job_count(job, "", "persons_without_address", n_homeless);
}

kith_status
kith_family(const kith_family_params *params, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_members members = {0};
    kith_homes homes = {0};
    kith_families families = {0};
    rows in_homes = {0}, in_families = {0};
    kith_job_stage(job, "family", "", 0, "persons");
    KITH_TRY(kith_members_load(&members, params->persons, params->payload, job,
                               err));
    KITH_TRY(kith_homes_find(&homes, &members, params->max_household, err));
    KITH_TRY(kith_families_find(&families, &members, &homes, params->max_family,
                                job, err));
    KITH_TRY(household_rows(&in_homes, &members, &homes, &families, err));
    KITH_TRY(family_rows(&in_families, &members, &families, err));
    KITH_TRY(write_households(&in_homes, &members, params->out, job, err));
    KITH_TRY(write_families(&in_families, &members, params->out, job, err));
    KITH_TRY(write_communal(&members, &homes, params->out, job, err));
    count_people(&members, &homes, &families, job);
done:
    kith_job_stage_end(job);
    kith_free(in_homes.items);
    kith_free(in_families.items);
    kith_families_done(&families);
    kith_homes_done(&homes);
    kith_members_done(&members);
    return status;
}
