#include "family/relations.h"

#include "base/alloc.h"
#include "base/date.h"
#include "base/hex.h"
#include "base/radix.h"
#include "io/folder.h"

#include <string.h>

/* Youngest parent that a relationship is believed for. */
enum { LEAST_PARENT_GAP = 12 };

/* Birth, adoptive and step-parents and guardians of one child; more is a
 * worker or a home entered in the wrong column. */
enum { MAX_PARENTS = 6 };

/* Of one parent or carer: no British family is known to have had as many; a
 * worker, or a home, entered in the wrong column has. */
enum { MAX_CHILDREN = 30 };

static const char *
kind_name(uint16_t kind)
{
    switch (kind) {
    case KITH_RELATION_PARENT_OF:
        return "parent_of";
    case KITH_RELATION_PARTNER_OF:
        return "partner_of";
    case KITH_RELATION_CARER_OF:
        return "carer_of";
    case KITH_RELATION_LIVES_WITH:
        return "lives_with";
    default:
        return "unknown";
    }
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
    if (bits & KITH_IS_CARER)
        back |= KITH_IS_CARED;
    return back;
}

/* Why a relationship is rejected; NULL when it is not. */
static const char *
fault_of(const kith_members *m, const kith_relation_row *row, uint32_t person,
         uint32_t other)
{
    const bool dated = row->start != KITH_NO_DATE;
    if (person == KITH_NO_PERSON || other == KITH_NO_PERSON)
        return "no_person";
    if (person == other)
        return "of_one_person";
    if (kind_bits(row->kind) == 0)
        return "unknown_kind";
    if (dated && row->end < row->start)
        return "ends_before_it_begins";
    if (dated && row->start > m->reference)
        return "begins_in_the_future";
    const int16_t old = m->people[person].age, young = m->people[other].age;
    if (row->kind == KITH_RELATION_PARENT_OF && old >= 0 && young >= 0 &&
        old - young < LEAST_PARENT_GAP)
        return "impossible_ages";
    return NULL;
}

/* Where relationships of all agencies together are listed. */
typedef struct listing {
    kith_out *rejected;
    kith_job *job;
} listing;

static void
count_reject(kith_job *job, const char *scope, const char *fault)
{
    char reason[64] = "relations_";
    strncat(reason, fault, sizeof reason - strlen(reason) - 1);
    kith_job_count(job, scope, reason, 1);
}

static kith_status
list_reject(const kith_relation_source *from, const kith_relation_row *row,
            const char *fault, kith_out *rejected, kith_error *err)
{
    kith_status status = KITH_OK;
    uint8_t record[KITH_PSEUDONYM_BYTES], other[KITH_PSEUDONYM_BYTES];
    char left[2 * sizeof record], right[2 * sizeof other];
    KITH_TRY(
        kith_rows_peek(from->people, row->record, record, sizeof record, err));
    KITH_TRY(
        kith_rows_peek(from->people, row->other, other, sizeof other, err));
    kith_hex_write(left, record, sizeof record);
    kith_hex_write(right, other, sizeof other);
    KITH_TRY(kith_out_printf(
        rejected, err, "%s,%.*s,%.*s,%s,%s\n", from->agency, (int)sizeof left,
        left, (int)sizeof right, right, kind_name(row->kind), fault));
done:
    return status;
}

static kith_status
take_row(kith_members *m, const kith_relation_source *from,
         const kith_relation_row *row, kith_out *rejected, kith_job *job,
         kith_error *err)
{
    kith_status status = KITH_OK;
    const uint64_t n = kith_rows_count(from->people);
    if (row->record >= n || row->other >= n)
        return kith_error_set(err, KITH_ERR_DATA,
                              "%s/%s.relations: a relationship of no record",
                              from->payload, from->agency);
    const uint32_t a = from->persons[row->record];
    const uint32_t b = from->persons[row->other];
    const char *fault = fault_of(m, row, a, b);
    if (fault != NULL) {
        count_reject(job, from->agency, fault);
        return list_reject(from, row, fault, rejected, err);
    }
    if (row->kind != KITH_RELATION_PARENT_OF && row->end < m->reference) {
        kith_job_count(job, from->agency, "relations_not_in_force", 1);
        return KITH_OK;
    }
    const unsigned bits = kind_bits(row->kind);
    KITH_TRY(
        KITH_GROW(&m->relations, &m->relations_cap, m->n_relations + 2, err));
    m->relations[m->n_relations++] =
        (kith_relation){a, b, (uint8_t)bits, row->start, row->end};
    m->relations[m->n_relations++] =
        (kith_relation){b, a, (uint8_t)reversed(bits), row->start, row->end};
    m->people[a].related = m->people[b].related = true;
done:
    return status;
}

kith_status
kith_relations_read(kith_members *m, const kith_relation_source *from,
                    kith_out *rejected, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    kith_rows_in *in = NULL;
    kith_relation_row *rows = NULL;
    KITH_TRY(kith_folder_file(&path, from->payload, from->agency, ".relations",
                              err));
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
            KITH_TRY(take_row(m, from, &rows[i], rejected, job, err));
        at += n;
    }
    kith_job_count(job, from->agency, "relations_read", at);
done:
    kith_rows_close(in);
    kith_free(path);
    kith_free(rows);
    return status;
}

/* What two agencies, or two records, say of a pair: all kinds, from the first
 * day to the last. */
static void
join_relation(kith_relation *to, const kith_relation *r)
{
    to->kind |= r->kind;
    if (r->start < to->start)
        to->start = r->start;
    if (r->end > to->end)
        to->end = r->end;
}

/* By (person, other), one a pair. */
static kith_status
order_relations(kith_members *m, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_keyed *rows = NULL, *scratch = NULL;
    kith_relation *ordered = NULL;
    size_t kept = 0;
    KITH_TRY(KITH_ALLOC(&rows, m->n_relations, err));
    KITH_TRY(KITH_ALLOC(&scratch, m->n_relations, err));
    KITH_TRY(KITH_ALLOC(&ordered, m->n_relations, err));
    for (size_t i = 0; i < m->n_relations; i++) {
        const kith_relation *r = &m->relations[i];
        rows[i] =
            (kith_keyed){(uint64_t)r->person << 32 | r->other, (uint32_t)i, 0};
    }
    kith_radix_sort(rows, scratch, m->n_relations);
    for (size_t i = 0; i < m->n_relations; i++) {
        const kith_relation *r = &m->relations[rows[i].value];
        if (i > 0 && rows[i].key == rows[i - 1].key)
            join_relation(&ordered[kept - 1], r);
        else
            ordered[kept++] = *r;
    }
    kith_free(m->relations);
    m->relations = ordered;
    m->relations_cap = m->n_relations;
    m->n_relations = kept;
    ordered = NULL;
done:
    kith_free(rows);
    kith_free(scratch);
    kith_free(ordered);
    return status;
}

/* A relationship that is not believed, seen from the parent or carer. */
static kith_status
reject_kind(const kith_members *m, const kith_relation *r, const char *kind,
            const char *fault, const listing *to, kith_error *err)
{
    char left[KITH_PERSON_TEXT], right[KITH_PERSON_TEXT];
    count_reject(to->job, "", fault);
    kith_person_text(left, m->list.ids[r->person]);
    kith_person_text(right, m->list.ids[r->other]);
    return kith_out_printf(to->rejected, err, ",%.*s,%.*s,%s,%s\n",
                           KITH_PERSON_TEXT, left, KITH_PERSON_TEXT, right,
                           kind, fault);
}

static kith_status
reject_parent(const kith_members *m, const kith_relation *r, const char *fault,
              const listing *to, kith_error *err)
{
    return (r->kind & KITH_IS_PARENT) == 0
               ? KITH_OK
               : reject_kind(m, r, "parent_of", fault, to, err);
}

/* What is left of each person's parents and children while people in no loop
 * are peeled off: who has no parents left is nobody's descendant in a loop. */
typedef struct peel {
    kith_members *m;
    uint32_t *n_parents; /* left, of each person */
    uint32_t *first;     /* of each person's relations; n_persons + 1 */
    uint32_t *ready;     /* persons without parents left */
    size_t n_ready;
} peel;

static kith_status
start_peeling(peel *p, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_members *m = p->m;
    const uint32_t n = m->list.n_persons;
    KITH_TRY(KITH_ALLOC(&p->n_parents, n, err));
    KITH_TRY(KITH_ALLOC(&p->ready, n, err));
    KITH_TRY(KITH_ALLOC(&p->first, (size_t)n + 1, err));
    for (size_t i = 0; i < m->n_relations; i++) {
        const kith_relation *r = &m->relations[i];
        p->n_parents[r->person] += (r->kind & KITH_IS_CHILD) != 0;
        p->first[r->person + 1]++;
    }
    for (uint32_t k = 0; k < n; k++) {
        p->first[k + 1] += p->first[k];
        if (p->n_parents[k] == 0)
            p->ready[p->n_ready++] = k;
    }
done:
    return status;
}

static void
peel_off(peel *p)
{
    for (size_t at = 0; at < p->n_ready; at++) {
        const uint32_t person = p->ready[at];
        for (uint32_t i = p->first[person]; i < p->first[person + 1]; i++) {
            const kith_relation *r = &p->m->relations[i];
            if ((r->kind & KITH_IS_PARENT) != 0 &&
                --p->n_parents[r->other] == 0)
                p->ready[p->n_ready++] = r->other;
        }
    }
}

/*
 * Drops the parent relationships into everyone who still has parents left:
 * they are in a loop, or descend from one and may be part of another. Ages
 * have removed what they could, so few people get here.
 */
static kith_status
drop_loops(kith_members *m, const listing *to, kith_error *err)
{
    kith_status status = KITH_OK;
    peel p = {.m = m};
    KITH_TRY(start_peeling(&p, err));
    peel_off(&p);
    for (size_t i = 0; i < m->n_relations; i++) {
        kith_relation *r = &m->relations[i];
        const unsigned parental = r->kind & (KITH_IS_PARENT | KITH_IS_CHILD);
        if (parental == 0 || p.n_parents[r->person] == 0 ||
            p.n_parents[r->other] == 0)
            continue;
        KITH_TRY(reject_parent(m, r, "loop", to, err));
        r->kind &= (uint8_t) ~(KITH_IS_PARENT | KITH_IS_CHILD);
    }
done:
    kith_free(p.n_parents);
    kith_free(p.first);
    kith_free(p.ready);
    return status;
}

/* How many parents each person has, and children, and people to care for. */
typedef struct crowd {
    uint32_t n_parents;
    uint32_t n_children;
    uint32_t n_cared;
} crowd;

/* Why a parent relationship is one of too many, seen from the parent. */
static const char *
crowd_fault(const crowd *parent, const crowd *child)
{
    return parent->n_children > MAX_CHILDREN ? "too_many_children"
           : child->n_parents > MAX_PARENTS  ? "too_many_parents"
                                             : NULL;
}

static kith_status
drop_if_crowd(const kith_members *m, kith_relation *r, const crowd *crowds,
              const listing *to, kith_error *err)
{
    kith_status status = KITH_OK;
    const crowd *person = &crowds[r->person];
    const crowd *other = &crowds[r->other];
    const char *fault = crowd_fault(person, other);
    if ((r->kind & KITH_IS_PARENT) != 0 && fault != NULL) {
        KITH_TRY(reject_parent(m, r, fault, to, err));
        r->kind &= (uint8_t)~KITH_IS_PARENT;
    }
    if ((r->kind & KITH_IS_CHILD) != 0 && crowd_fault(other, person) != NULL)
        r->kind &= (uint8_t)~KITH_IS_CHILD;
    if ((r->kind & KITH_IS_CARER) != 0 && person->n_cared > MAX_CHILDREN) {
        KITH_TRY(reject_kind(m, r, "carer_of", "too_many_cared_for", to, err));
        r->kind &= (uint8_t)~KITH_IS_CARER;
    }
    if ((r->kind & KITH_IS_CARED) != 0 && other->n_cared > MAX_CHILDREN)
        r->kind &= (uint8_t)~KITH_IS_CARED;
done:
    return status;
}

static kith_status
drop_crowds(kith_members *m, const listing *to, kith_error *err)
{
    kith_status status = KITH_OK;
    crowd *crowds = NULL;
    KITH_TRY(KITH_ALLOC(&crowds, m->list.n_persons, err));
    for (size_t i = 0; i < m->n_relations; i++) {
        crowd *c = &crowds[m->relations[i].person];
        c->n_parents += (m->relations[i].kind & KITH_IS_CHILD) != 0;
        c->n_children += (m->relations[i].kind & KITH_IS_PARENT) != 0;
        c->n_cared += (m->relations[i].kind & KITH_IS_CARER) != 0;
    }
    for (size_t i = 0; i < m->n_relations; i++)
        KITH_TRY(drop_if_crowd(m, &m->relations[i], crowds, to, err));
done:
    kith_free(crowds);
    return status;
}

kith_status
kith_relations_settle(kith_members *m, kith_out *rejected, kith_job *job,
                      kith_error *err)
{
    kith_status status = KITH_OK;
    size_t kept = 0;
    const listing to = {rejected, job};
    KITH_TRY(order_relations(m, err));
    KITH_TRY(drop_crowds(m, &to, err));
    KITH_TRY(drop_loops(m, &to, err));
    for (size_t i = 0; i < m->n_relations; i++) {
        if (m->relations[i].kind != 0)
            m->relations[kept++] = m->relations[i];
    }
    m->n_relations = kept;
done:
    return status;
}
