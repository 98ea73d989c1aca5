#include "criteria/people.h"

#include "base/alloc.h"
#include "base/date.h"
#include "base/job.h"
#include "criteria/join.h"
#include "encode/bundle.h"
#include "io/out.h"
#include "io/rowfile.h"

#include <unistd.h>

void
kith_people_free(kith_people *people)
{
    if (people == NULL)
        return;
    for (size_t a = 0; people->records != NULL && a < people->agencies.n; a++) {
        kith_free(people->records[a].person);
        kith_free(people->records[a].tie);
        kith_free(people->records[a].people_path);
    }
    kith_free(people->records);
    kith_free(people->persons_path);
    kith_folder_done(&people->agencies);
    kith_units_done(&people->families);
    kith_units_done(&people->households);
    kith_dict_done(&people->ids);
    kith_dict_done(&people->districts);
    kith_dict_done(&people->neighbourhoods);
    kith_dict_done(&people->roles);
    kith_free(people->persons);
    kith_free(people->person_roles);
    kith_free(people);
}

/* A header dictionary into the common one: its index -> the common index. */
static kith_status
merge_names(const kith_meta *meta, const char *name, kith_dict *into,
            uint32_t **out, uint32_t *n, kith_error *err)
{
    kith_status status = KITH_OK;
    size_t cursor = 0;
    size_t cap = 0;
    *n = 0;
    for (;;) {
        const kith_str s = kith_meta_next(meta, name, &cursor);
        if (s.data == NULL)
            return KITH_OK;
        KITH_TRY(KITH_GROW(out, &cap, (size_t)*n + 1, err));
        KITH_TRY(kith_dict_add(into, s, &(*out)[*n], err));
        (*n)++;
    }
done:
    return status;
}

typedef struct area_maps {
    uint32_t *district;
    uint32_t n_district;
    uint32_t *neighbourhood;
    uint32_t n_neighbourhood;
} area_maps;

/* The record that was last true wins; one without a date never does over one
 * with a date; among equals the first agency and record. */
static void
take_record(kith_person *p, const kith_person_row *row, const area_maps *maps)
{
    const bool newer = row->updated > p->updated;
    if (row->age >= 0 && (newer || p->age < 0))
        p->age = row->age;
    if (row->born_month != KITH_NO_DATE &&
        (newer || p->born_month == KITH_NO_DATE))
        p->born_month = row->born_month;
    if (row->sex != 0 && (newer || p->sex == 0))
        p->sex = row->sex;
    if (row->district < maps->n_district &&
        (newer || p->district == KITH_NO_AREA)) {
        p->district = maps->district[row->district];
        p->neighbourhood = row->neighbourhood < maps->n_neighbourhood
                               ? maps->neighbourhood[row->neighbourhood]
                               : KITH_NO_AREA;
        p->deprivation = row->place & KITH_PLACE_DECILE;
    }
    if (newer)
        p->updated = row->updated;
}

static kith_status
describe_agency(kith_people *people, size_t agency, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rows_in *in = NULL;
    kith_person_row *rows = NULL;
    area_maps maps = {0};
    const kith_agency_records *r = &people->records[agency];
    KITH_TRY(kith_rows_open(&in, r->people_path, "people", err));
    const kith_meta *meta = kith_rows_meta(in);
    KITH_TRY(merge_names(meta, "district", &people->districts, &maps.district,
                         &maps.n_district, err));
    KITH_TRY(merge_names(meta, "neighbourhood", &people->neighbourhoods,
                         &maps.neighbourhood, &maps.n_neighbourhood, err));
    const size_t per = kith_rows_per_frame(in);
    KITH_TRY(KITH_ALLOC(&rows, per + 1, err));
    for (uint64_t at = 0; at < r->n;) {
        size_t k = 0;
        KITH_TRY(kith_rows_frame(in, at / per, rows, &k, err));
        for (size_t i = 0; i < k; i++) {
            const uint32_t person = r->person[at + i];
            if (person != KITH_NO_PERSON)
                take_record(&people->persons[person], &rows[i], &maps);
        }
        at += k;
    }
done:
    kith_free(maps.district);
    kith_free(maps.neighbourhood);
    kith_free(rows);
    kith_rows_close(in);
    return status;
}

static kith_status
describe_persons(kith_people *p, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_ALLOC(&p->persons, (size_t)p->n + 1, err));
    for (uint32_t i = 0; i < p->n; i++) {
        p->persons[i] = (kith_person){.born_month = KITH_NO_DATE,
                                      .district = KITH_NO_AREA,
                                      .neighbourhood = KITH_NO_AREA,
                                      .updated = KITH_NO_DATE,
                                      .age = -1};
    }
    for (size_t a = 0; a < p->agencies.n; a++)
        KITH_TRY(describe_agency(p, a, err));
done:
    return status;
}

static uint64_t
dict_bytes(const kith_dict *d)
{
    return d->text.cap + d->offsets_cap * sizeof *d->offsets +
           d->n_slots * sizeof *d->slots;
}

static uint64_t
units_bytes(const kith_units *u, uint32_t n_persons)
{
    const uint64_t n_rows = u->first[u->n];
    return dict_bytes(&u->ids) + n_rows * 16 + 4 * ((uint64_t)u->n + n_persons);
}

uint64_t
kith_people_bytes(const kith_people *people)
{
    uint64_t bytes = dict_bytes(&people->ids) +
                     people->n * (sizeof *people->persons + sizeof(uint64_t)) +
                     units_bytes(&people->families, people->n) +
                     units_bytes(&people->households, people->n);
    for (size_t a = 0; a < people->agencies.n; a++)
        bytes += people->records[a].n * (uint64_t)6;
    return bytes;
}

/* families.csv and households.csv, one a chunk. */
typedef struct units_loop {
    kith_people *people;
    kith_job *job;
    char *paths[2];
} units_loop;

static kith_status
load_units(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    const units_loop *l = ctx;
    (void)worker;
    return kith_units_load(
        chunk == 0 ? &l->people->families : &l->people->households, l->people,
        l->paths[chunk], chunk == 0 ? "family" : "household", l->job, err);
}

static kith_status
load_all_units(kith_people *people, const char *results, kith_job *job,
               kith_error *err)
{
    static const char *const names[2] = {"families.csv", "households.csv"};
    kith_status status = KITH_OK;
    units_loop l = {people, job, {NULL, NULL}};
    for (int i = 0; i < 2; i++) {
        KITH_TRY(kith_path_join(&l.paths[i], results, names[i], err));
        if (access(l.paths[i], F_OK) != 0)
            kith_job_warn(job, "no %s: nobody is in one", l.paths[i]);
    }
    KITH_TRY(kith_for(kith_job_pool(job), 2, load_units, &l, err));
done:
    kith_free(l.paths[0]);
    kith_free(l.paths[1]);
    return status;
}

static kith_status
gather_roles(kith_people *people, kith_error *err)
{
    const kith_units *f = &people->families;
    const uint32_t n_rows = f->first[f->n];
    const kith_status status =
        KITH_ALLOC(&people->person_roles, (size_t)people->n + 1, err);
    for (uint32_t i = 0; status == KITH_OK && i < n_rows; i++)
        people->person_roles[f->members[i]] |= f->roles[i];
    return status;
}

kith_status
kith_people_load(kith_people **out, const char *results, const char *payload,
                 kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_people *people = NULL;
    KITH_TRY(KITH_ALLOC(&people, 1, err));
    KITH_TRY(kith_people_join(people, results, payload, job, err));
    KITH_TRY(describe_persons(people, err));
    KITH_TRY(load_all_units(people, results, job, err));
    KITH_TRY(gather_roles(people, err));
    kith_job_count(job, "persons", "persons", people->n);
    *out = people;
    people = NULL;
done:
    kith_people_free(people);
    return status;
}
