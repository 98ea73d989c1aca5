#include "family/members.h"

#include "base/alloc.h"
#include "base/budget.h"
#include "base/date.h"
#include "base/radix.h"
#include "base/table.h"
#include "cluster/linked.h"
#include "family/companions.h"
#include "family/doors.h"
#include "family/relations.h"
#include "io/folder.h"
#include "io/rowfile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bytes held at most: a record in the list, its person, its door and its unit
 * with the copies that sorting takes; a person with what is found of it. */
enum { RECORD_BYTES = 22 + 4 + 48 + 32, PERSON_BYTES = 104 + 72 };

/* Days that halve what a record says of an address; of a record of today. */
enum { HALF_LIFE = 90, FULL_WORTH = 1024 };

/* One agency's payload while it is read. */
typedef struct agency_reader {
    kith_members *members;
    kith_doors *doors;
    kith_job *job;
    const char *name;
    const char *persons_path;
    kith_rows_in *in;  /* its people */
    uint32_t *persons; /* of each record */
    uint64_t n_records;
} agency_reader;

static void
vote(int16_t *value, uint8_t *votes, int16_t said)
{
    if (*votes == 0) {
        *value = said;
        *votes = 1;
    } else if (*value == said) {
        *votes = (uint8_t)(*votes + (*votes < UINT8_MAX));
    } else {
        --*votes;
    }
}

/*
 * Worth of a record as a witness of where somebody lives now. Records are
 * updated at contacts, and who has moved is reported from the new address by
 * whoever is met since, so three months halve it: on the made-up population
 * 5.4 % of people are placed wrong, 7.6 % when a year halves it.
 */
static uint32_t
worth(int32_t updated, int32_t reference)
{
    const int32_t unknown = 2 * HALF_LIFE;
    int32_t days = updated == KITH_NO_DATE ? unknown : reference - updated;
    if (days < 0)
        days = 0;
    return 1 + (uint32_t)lround(FULL_WORTH * exp2(-(double)days / HALF_LIFE));
}

/* The four likeliest addresses are kept; a fifth displaces the least. */
static void
see_address(kith_member *m, const kith_stay_seen *seen)
{
    kith_stay_seen *place = &m->stays[0];
    if (seen->address == 0)
        return;
    for (int i = 0; i < KITH_STAYS_SEEN; i++) {
        kith_stay_seen *s = &m->stays[i];
        if (s->address == seen->address) {
            const uint32_t score = s->score + seen->score;
            s->score = score < KITH_MOST_SCORE ? score & KITH_MOST_SCORE
                                               : KITH_MOST_SCORE;
            s->communal |= seen->communal;
            if (s->n_records < KITH_MOST_RECORDS)
                s->n_records++;
            if (s->since == KITH_NO_DATE ||
                (seen->since != KITH_NO_DATE && seen->since < s->since))
                s->since = seen->since;
            if (seen->updated > s->updated) {
                s->updated = seen->updated;
                s->surname = seen->surname != 0 ? seen->surname : s->surname;
            }
            return;
        }
        if (s->score < place->score)
            place = s;
    }
    if (place->score < seen->score)
        *place = *seen;
}

static kith_status
see_row(agency_reader *r, const kith_person_row *row, uint32_t person,
        kith_error *err)
{
    kith_status status = KITH_OK;
    kith_members *members = r->members;
    kith_member *m = &members->people[person];
    const kith_stay_seen stay = {
        .address = kith_doors_home(r->doors, row),
        .surname = row->surname,
        .updated = row->updated,
        .since = row->updated,
        .communal = (row->place & KITH_PLACE_COMMUNAL) != 0,
        .score = KITH_MOST_SCORE & worth(row->updated, members->reference),
        .n_records = 1};
    see_address(m, &stay);
    if (row->age >= 0)
        vote(&m->age, &m->age_votes, row->age);
    if (row->sex != 0) {
        int16_t sex = m->sex;
        vote(&sex, &m->sex_votes, row->sex);
        m->sex = (uint8_t)sex;
    }
    if (row->unit == 0)
        return KITH_OK;
    KITH_TRY(KITH_GROW(&members->units, &members->units_cap,
                       members->n_units + 1, err));
    const struct {
        uint64_t unit, agency;
    } key = {row->unit, kith_hash64(r->name, strlen(r->name))};
    members->units[members->n_units++] =
        (kith_unit_row){kith_hash64(&key, sizeof key), person};
done:
    return status;
}

/* All bundles must be of one run, and made with one key and one way of
 * writing values, or nobody would share a home with another agency's people;
 * ages are counted from its reference date. */
static kith_status
check_run(kith_members *m, const kith_rows_in *in, const kith_rows_in *first,
          kith_error *err)
{
    static const char *const names[] = {"project", "epoch", "run",
                                        "reference_date"};
    static const char *const more[] = {"spec", "check", "normaliser"};
    kith_status status = KITH_OK;
    const kith_meta *x = kith_rows_meta(first), *y = kith_rows_meta(in);
    const char *x_path = kith_rows_path(first), *y_path = kith_rows_path(in);
    const kith_str text = kith_meta_get(y, "reference_date");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        KITH_TRY(kith_meta_same(x, x_path, y, y_path, names[i], err));
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        KITH_TRY(kith_meta_agree(x, x_path, y, y_path, more[i], err));
    if (!kith_date_parse_iso(&m->reference, text.data, text.len))
        status = kith_error_set(err, KITH_ERR_DATA,
                                "%s: its reference date is no date",
                                kith_rows_path(in));
done:
    return status;
}

static kith_status
open_people(agency_reader *r, const agency_reader *first, const char *payload,
            kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    KITH_TRY(kith_folder_file(&path, payload, r->name, ".people", err));
    KITH_TRY(kith_rows_open(&r->in, path, "people", err));
    if (kith_rows_bytes(r->in) != sizeof(kith_person_row)) {
        status =
            kith_error_set(err, KITH_ERR_DATA, "%s: not a people file", path);
        goto done;
    }
    KITH_TRY(check_run(r->members, r->in, first->in, err));
    KITH_TRY(
        kith_linked_check(r->persons_path, kith_rows_meta(r->in), path, err));
    r->n_records = kith_rows_count(r->in);
done:
    kith_free(path);
    return status;
}

/* First reading: which record is which person, which door which property. */
static kith_status
match_people(agency_reader *r, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_person_row *rows = NULL;
    uint8_t(*pseudonyms)[KITH_PSEUDONYM_BYTES] = NULL;
    uint64_t at = 0;
    KITH_TRY(KITH_ALLOC(&rows, kith_rows_per_frame(r->in), err));
    KITH_TRY(KITH_ALLOC(&pseudonyms, (size_t)r->n_records, err));
    KITH_TRY(KITH_ALLOC(&r->persons, (size_t)r->n_records, err));
    for (uint64_t frame = 0; at < r->n_records; frame++) {
        size_t n = 0;
        KITH_TRY(kith_rows_frame(r->in, frame, rows, &n, err));
        for (size_t i = 0; i < n; i++, at++) {
            memcpy(pseudonyms[at], rows[i].pseudonym, KITH_PSEUDONYM_BYTES);
            KITH_TRY(kith_doors_add(r->doors, &rows[i], err));
        }
    }
    KITH_TRY(kith_person_list_match(
        &r->members->list, r->name,
        (const uint8_t(*)[KITH_PSEUDONYM_BYTES])pseudonyms,
        (size_t)r->n_records, r->persons, err));
done:
    kith_free(rows);
    kith_free(pseudonyms);
    return status;
}

/* Second reading: what the records say of their persons. */
static kith_status
see_people(agency_reader *r, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_person_row *rows = NULL;
    uint64_t at = 0, n_unlinked = 0;
    KITH_TRY(KITH_ALLOC(&rows, kith_rows_per_frame(r->in), err));
    for (uint64_t frame = 0; at < r->n_records; frame++) {
        size_t n = 0;
        KITH_TRY(kith_rows_frame(r->in, frame, rows, &n, err));
        for (size_t i = 0; i < n; i++, at++) {
            if (r->persons[at] == KITH_NO_PERSON)
                n_unlinked++;
            else
                KITH_TRY(see_row(r, &rows[i], r->persons[at], err));
        }
    }
    kith_job_count(r->job, r->name, "records", r->n_records);
    if (n_unlinked != 0)
        kith_job_count(r->job, r->name, "records_of_no_person", n_unlinked);
done:
    kith_free(rows);
    return status;
}

static int
compare_relations(const void *a, const void *b)
{
    const kith_relation *x = a;
    const kith_relation *y = b;
    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    return (x->other > y->other) - (x->other < y->other);
}

/* After all people are read: the ages must be known. */
static kith_status
read_relations(kith_members *m, const agency_reader *readers,
               const kith_folder *agencies, const char *payload,
               kith_family_rejects *rejects, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_folder related = {0};
    kith_job *job = readers[0].job;
    KITH_TRY(kith_folder_list(&related, payload, ".relations", err));
    for (size_t a = 0; a < agencies->n; a++) {
        const kith_relation_source from = {.agency = agencies->names[a],
                                           .payload = payload,
                                           .people = readers[a].in,
                                           .persons = readers[a].persons};
        for (size_t i = 0; i < related.n; i++) {
            if (strcmp(related.names[i], agencies->names[a]) == 0)
                KITH_TRY(kith_relations_read(m, &from, rejects->relations, job,
                                             err));
        }
    }
    KITH_TRY(kith_relations_settle(m, rejects->relations, job, err));
done:
    kith_folder_done(&related);
    return status;
}

/* Another payload than that of the persons: no record is anybody's. */
static kith_status
check_met(const agency_reader *readers, size_t n, const char *payload,
          kith_error *err)
{
    uint64_t n_records = 0;
    for (size_t a = 0; a < n; a++) {
        for (uint64_t i = 0; i < readers[a].n_records; i++) {
            if (readers[a].persons[i] != KITH_NO_PERSON)
                return KITH_OK;
        }
        n_records += readers[a].n_records;
    }
    if (n_records == 0)
        return KITH_OK;
    kith_error_set(err, KITH_ERR_MISMATCH,
                   "%s: none of its records is in persons.csv", payload);
    kith_error_hint(err, "give the payload of the agencies that were linked");
    return KITH_ERR_MISMATCH;
}

static kith_status
read_agencies(kith_members *m, const kith_folder *agencies,
              agency_reader *readers, const char *payload, kith_job *job,
              kith_error *err)
{
    kith_status status = KITH_OK;
    kith_doors doors = {0};
    uint64_t n_records = 0;
    for (size_t a = 0; a < agencies->n; a++) {
        readers[a] = (agency_reader){.members = m,
                                     .doors = &doors,
                                     .job = job,
                                     .name = agencies->names[a],
                                     .persons_path = readers[a].persons_path};
        KITH_TRY(open_people(&readers[a], &readers[0], payload, err));
        n_records += readers[a].n_records;
    }
    KITH_TRY(kith_budget_check(job, "family",
                               n_records * RECORD_BYTES +
                                   m->list.n_persons * (uint64_t)PERSON_BYTES,
                               err));
    for (size_t a = 0; a < agencies->n; a++)
        KITH_TRY(match_people(&readers[a], err));
    KITH_TRY(check_met(readers, agencies->n, payload, err));
    KITH_TRY(kith_doors_settle(&doors, err));
    for (size_t a = 0; a < agencies->n; a++)
        KITH_TRY(see_people(&readers[a], err));
done:
    kith_doors_done(&doors);
    return status;
}

kith_status
kith_members_load(kith_members *out, const char *persons, const char *payload,
                  kith_family_rejects *rejects, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_members m = {0};
    kith_folder agencies = {0};
    agency_reader *readers = NULL;
    KITH_TRY(kith_person_list_load(&m.list, persons, job, err));
    KITH_TRY(KITH_ALLOC(&m.people, m.list.n_persons, err));
    for (uint32_t p = 0; p < m.list.n_persons; p++)
        m.people[p].age = -1;
    KITH_TRY(kith_folder_list(&agencies, payload, ".people", err));
    KITH_TRY(KITH_ALLOC(&readers, agencies.n, err));
    for (size_t a = 0; a < agencies.n; a++)
        readers[a].persons_path = persons;
    KITH_TRY(read_agencies(&m, &agencies, readers, payload, job, err));
    if (agencies.n > 0)
        KITH_TRY(read_relations(&m, readers, &agencies, payload, rejects, err));
    KITH_TRY(kith_companions_settle(&m, err));
    KITH_TRY(kith_members_order_units(&m, rejects, err));
    *out = m;
    m = (kith_members){0};
done:
    for (size_t a = 0; readers != NULL && a < agencies.n; a++) {
        kith_free(readers[a].persons);
        kith_rows_close(readers[a].in);
    }
    kith_free(readers);
    kith_folder_done(&agencies);
    kith_members_done(&m);
    return status;
}

void
kith_members_done(kith_members *m)
{
    kith_person_list_done(&m->list);
    kith_free(m->people);
    kith_free(m->units);
    kith_free(m->unit_begins);
    kith_free(m->relations);
    *m = (kith_members){0};
}

unsigned
kith_members_relation(const kith_members *m, uint32_t person, uint32_t other)
{
    if (!m->people[person].related || !m->people[other].related)
        return 0;
    const kith_relation want = {.person = person, .other = other};
    const kith_relation *found = bsearch(&want, m->relations, m->n_relations,
                                         sizeof want, compare_relations);
    return found == NULL ? 0 : found->kind;
}

size_t
kith_members_first_relation(const kith_members *m, uint32_t person)
{
    size_t low = 0, high = m->n_relations;
    while (low < high) {
        const size_t mid = low + (high - low) / 2;
        if (m->relations[mid].person < person)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

bool
kith_members_share_unit(const kith_members *m, uint32_t a, uint32_t b)
{
    uint64_t i = m->unit_begins[a], j = m->unit_begins[b];
    while (i < m->unit_begins[a + 1] && j < m->unit_begins[b + 1]) {
        if (m->units[i].unit == m->units[j].unit)
            return true;
        if (m->units[i].unit < m->units[j].unit)
            i++;
        else
            j++;
    }
    return false;
}
