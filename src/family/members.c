#include "family/members.h"

#include "base/alloc.h"
#include "base/date.h"
#include "base/table.h"
#include "family/doors.h"
#include "io/folder.h"
#include "io/rowfile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Youngest parent that a relationship is believed for. */
enum { LEAST_PARENT_GAP = 12 };

/* Days that halve what a record says of an address; of a record of today. */
enum { HALF_LIFE = 365, FULL_WORTH = 1024 };

/* One agency's payload while it is read. */
typedef struct agency_reader {
    kith_members *members;
    kith_doors *doors;
    kith_job *job;
    const char *name;
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
 * Worth of a record as a witness of where somebody lives now. About one
 * person in seven moves in a year (cohorts: movers), and records are updated
 * at contacts, so a year halves it; measured on the made-up population.
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
            s->score += seen->score;
            s->n_records++;
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

static void
swap_stays(kith_stay_seen *a, kith_stay_seen *b)
{
    const kith_stay_seen keep = *a;
    *a = *b;
    *b = keep;
}

/* The likeliest first, then the latest of the others. */
static void
settle_address(kith_member *m)
{
    kith_stay_seen *s = m->stays;
    for (int i = 1; i < KITH_STAYS_SEEN; i++) {
        if (s[i].score > s[KITH_NOW].score ||
            (s[i].score == s[KITH_NOW].score &&
             s[i].address < s[KITH_NOW].address))
            swap_stays(&s[i], &s[KITH_NOW]);
    }
    for (int i = KITH_BEFORE + 1; i < KITH_STAYS_SEEN; i++) {
        if (s[i].address != 0 && (s[KITH_BEFORE].address == 0 ||
                                  s[i].updated > s[KITH_BEFORE].updated))
            swap_stays(&s[i], &s[KITH_BEFORE]);
    }
}

static kith_status
see_row(agency_reader *r, const kith_person_row *row, uint32_t person,
        kith_error *err)
{
    kith_status status = KITH_OK;
    kith_members *members = r->members;
    kith_member *m = &members->people[person];
    const kith_stay_seen stay = {.address = kith_doors_home(r->doors, row),
                                 .surname = row->surname,
                                 .updated = row->updated,
                                 .score =
                                     worth(row->updated, members->reference),
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

/* All bundles must be of one run; ages are counted from its reference date. */
static kith_status
check_run(kith_members *m, const kith_rows_in *in, const kith_rows_in *first,
          kith_error *err)
{
    static const char *const names[] = {"project", "epoch", "run",
                                        "reference_date"};
    kith_status status = KITH_OK;
    const kith_str text = kith_meta_get(kith_rows_meta(in), "reference_date");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        KITH_TRY(kith_meta_same(kith_rows_meta(first), kith_rows_path(first),
                                kith_rows_meta(in), kith_rows_path(in),
                                names[i], err));
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

static unsigned
kind_bits(uint16_t kind)
{
    switch (kind) {
    case KITH_RELATION_PARENT_OF:
        return KITH_IS_PARENT;
    case KITH_RELATION_PARTNER_OF:
        return KITH_IS_PARTNER;
    case KITH_RELATION_CARER_OF:
        return KITH_IS_CARER;
    case KITH_RELATION_LIVES_WITH:
        return KITH_LIVES_WITH;
    default:
        return 0;
    }
}

static unsigned
reversed(unsigned bits)
{
    unsigned back = bits & (KITH_IS_PARTNER | KITH_LIVES_WITH);
    if (bits & KITH_IS_PARENT)
        back |= KITH_IS_CHILD;
    if (bits & KITH_IS_CHILD)
        back |= KITH_IS_PARENT;
    if (bits & KITH_IS_CARER)
        back |= KITH_IS_CARED;
    if (bits & KITH_IS_CARED)
        back |= KITH_IS_CARER;
    return back;
}

/* Why a relationship is not used; NULL when it is. */
static const char *
relation_fault(const kith_members *m, const kith_relation_row *row,
               uint32_t person, uint32_t other)
{
    if (person == KITH_NO_PERSON || other == KITH_NO_PERSON)
        return "relations_of_no_person";
    if (person == other)
        return "relations_of_one_person";
    /* Parents stay parents; the rest must be in force. */
    if (row->kind != KITH_RELATION_PARENT_OF &&
        ((row->start != KITH_NO_DATE && row->start > m->reference) ||
         row->end < m->reference))
        return "relations_not_in_force";
    const int16_t old = m->people[person].age, young = m->people[other].age;
    if (row->kind == KITH_RELATION_PARENT_OF && old >= 0 && young >= 0 &&
        old - young < LEAST_PARENT_GAP)
        return "relations_with_impossible_ages";
    return kind_bits(row->kind) == 0 ? "relations_of_unknown_kind" : NULL;
}

static kith_status
add_relation(agency_reader *r, const kith_relation_row *row, const char *path,
             kith_error *err)
{
    kith_status status = KITH_OK;
    kith_members *m = r->members;
    if (row->record >= r->n_records || row->other >= r->n_records)
        return kith_error_set(err, KITH_ERR_DATA,
                              "%s: a relationship of no record", path);
    const uint32_t a = r->persons[row->record], b = r->persons[row->other];
    const char *fault = relation_fault(m, row, a, b);
    if (fault != NULL) {
        kith_job_count(r->job, r->name, fault, 1);
        return KITH_OK;
    }
    const unsigned bits = kind_bits(row->kind);
    KITH_TRY(
        KITH_GROW(&m->relations, &m->relations_cap, m->n_relations + 2, err));
    m->relations[m->n_relations++] = (kith_relation){a, b, (uint8_t)bits};
    m->relations[m->n_relations++] =
        (kith_relation){b, a, (uint8_t)reversed(bits)};
    m->people[a].related = m->people[b].related = true;
done:
    return status;
}

/* After all people are read: the ages must be known. */
static kith_status
read_relations(agency_reader *r, const char *payload, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    kith_rows_in *in = NULL;
    kith_relation_row *rows = NULL;
    KITH_TRY(kith_folder_file(&path, payload, r->name, ".relations", err));
    KITH_TRY(kith_rows_open(&in, path, "relations", err));
    if (kith_rows_bytes(in) != sizeof *rows) {
        status = kith_error_set(err, KITH_ERR_DATA, "%s: not relations", path);
        goto done;
    }
    KITH_TRY(KITH_ALLOC(&rows, kith_rows_per_frame(in), err));
    uint64_t at = 0;
    for (uint64_t frame = 0; at < kith_rows_count(in); frame++) {
        size_t n = 0;
        KITH_TRY(kith_rows_frame(in, frame, rows, &n, err));
        for (size_t i = 0; i < n; i++)
            KITH_TRY(add_relation(r, &rows[i], path, err));
        at += n;
    }
    kith_job_count(r->job, r->name, "relations_read", at);
done:
    kith_rows_close(in);
    kith_free(path);
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

static int
compare_units(const void *a, const void *b)
{
    const kith_unit_row *x = a;
    const kith_unit_row *y = b;
    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

static kith_status
order_rows(kith_members *m, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t n = m->list.n_persons;
    if (m->n_relations > 1)
        qsort(m->relations, m->n_relations, sizeof *m->relations,
              compare_relations);
    size_t kept = 0;
    for (size_t i = 0; i < m->n_relations; i++) {
        kith_relation *last = kept == 0 ? NULL : &m->relations[kept - 1];
        if (last != NULL && compare_relations(last, &m->relations[i]) == 0)
            last->kind |= m->relations[i].kind;
        else
            m->relations[kept++] = m->relations[i];
    }
    m->n_relations = kept;
    if (m->n_units > 1)
        qsort(m->units, m->n_units, sizeof *m->units, compare_units);
    KITH_TRY(KITH_ALLOC(&m->unit_begins, (size_t)n + 1, err));
    for (size_t i = 0; i < m->n_units; i++)
        m->unit_begins[m->units[i].person + 1]++;
    for (uint32_t p = 0; p < n; p++)
        m->unit_begins[p + 1] += m->unit_begins[p];
done:
    return status;
}

static kith_status
read_agencies(kith_members *m, const kith_folder *agencies,
              agency_reader *readers, const char *payload, kith_job *job,
              kith_error *err)
{
    kith_status status = KITH_OK;
    kith_folder related = {0};
    kith_doors doors = {0};
    for (size_t a = 0; a < agencies->n; a++) {
        readers[a] = (agency_reader){.members = m,
                                     .doors = &doors,
                                     .job = job,
                                     .name = agencies->names[a]};
        KITH_TRY(open_people(&readers[a], &readers[0], payload, err));
        KITH_TRY(match_people(&readers[a], err));
    }
    KITH_TRY(kith_doors_settle(&doors, err));
    for (size_t a = 0; a < agencies->n; a++)
        KITH_TRY(see_people(&readers[a], err));
    for (uint32_t p = 0; p < m->list.n_persons; p++)
        settle_address(&m->people[p]);
    KITH_TRY(kith_folder_list(&related, payload, ".relations", err));
    for (size_t a = 0; a < agencies->n; a++) {
        for (size_t i = 0; i < related.n; i++) {
            if (strcmp(related.names[i], agencies->names[a]) == 0)
                KITH_TRY(read_relations(&readers[a], payload, err));
        }
    }
done:
    kith_folder_done(&related);
    kith_doors_done(&doors);
    return status;
}

kith_status
kith_members_load(kith_members *out, const char *persons, const char *payload,
                  kith_job *job, kith_error *err)
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
    KITH_TRY(read_agencies(&m, &agencies, readers, payload, job, err));
    KITH_TRY(order_rows(&m, err));
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
    const kith_relation want = {person, other, 0};
    const kith_relation *found = bsearch(&want, m->relations, m->n_relations,
                                         sizeof want, compare_relations);
    return found == NULL ? 0 : found->kind;
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
