#include "family/homes.h"

#include "base/alloc.h"
#include "base/radix.h"

#include <string.h>

/* Unrelated adults: from six people on the census counts a house in multiple
 * occupation as large; below that, flat-sharers are ordinary homes. */
enum { MIN_UNRELATED = 6, ADULT_AGE = 18 };
#define UNRELATED_SURNAMES 0.8

const char *
kith_home_kind_name(kith_home_kind kind)
{
    static const char *const names[] = {"private", "declared",
                                        "too_many_people", "unrelated_adults"};
    return names[kind];
}

/* The address most people of a unit have; the smaller token on a tie. */
static uint64_t
common_address(const kith_members *m, const kith_keyed *unit, size_t n)
{
    uint64_t best = 0;
    size_t best_n = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t address =
            m->people[unit[i].value].stays[KITH_NOW].address;
        size_t same = 0;
        for (size_t k = 0; k < n; k++)
            same += m->people[unit[k].value].stays[KITH_NOW].address == address;
        if (address != 0 &&
            (same > best_n || (same == best_n && address < best))) {
            best = address;
            best_n = same;
        }
    }
    return best;
}

/* Addresses of the persons who have none, from those of whom they are known
 * to live with; the first of several. */
static void
fill_from_relations(const kith_members *m, uint64_t *addresses,
                    uint8_t *sources, unsigned kind)
{
    for (size_t i = 0; i < m->n_relations; i++) {
        const kith_relation *r = &m->relations[i];
        const uint64_t theirs = m->people[r->other].stays[KITH_NOW].address;
        if ((r->kind & kind) == 0 || addresses[r->person] != 0 || theirs == 0)
            continue;
        addresses[r->person] = theirs;
        sources[r->person] = KITH_HOME_BY_RELATION;
    }
}

/* Addresses of the persons who have none, from their units. */
static kith_status
fill_from_units(const kith_members *m, uint64_t *addresses, uint8_t *sources,
                kith_error *err)
{
    kith_status status = KITH_OK;
    kith_keyed *rows = NULL, *scratch = NULL;
    KITH_TRY(KITH_ALLOC(&rows, m->n_units, err));
    KITH_TRY(KITH_ALLOC(&scratch, m->n_units, err));
    for (size_t i = 0; i < m->n_units; i++)
        rows[i] = (kith_keyed){m->units[i].unit, m->units[i].person, 0};
    kith_radix_sort(rows, scratch, m->n_units);
    for (size_t i = 0, j = 0; i < m->n_units; i = j) {
        while (j < m->n_units && rows[j].key == rows[i].key)
            j++;
        const uint64_t address = common_address(m, rows + i, j - i);
        for (size_t k = i; k < j && address != 0; k++) {
            if (addresses[rows[k].value] != 0)
                continue;
            addresses[rows[k].value] = address;
            sources[rows[k].value] = KITH_HOME_BY_UNIT;
        }
    }
done:
    kith_free(rows);
    kith_free(scratch);
    return status;
}

/* Homes in order of address, renumbered by smallest person. */
static kith_status
number_homes(kith_homes *h, const uint64_t *addresses, uint32_t n,
             kith_error *err)
{
    kith_status status = KITH_OK;
    kith_keyed *rows = NULL, *scratch = NULL;
    size_t n_rows = 0;
    KITH_TRY(KITH_ALLOC(&rows, n, err));
    KITH_TRY(KITH_ALLOC(&scratch, n, err));
    KITH_TRY(KITH_ALLOC(&h->people, n, err));
    for (uint32_t p = 0; p < n; p++) {
        h->home_of[p] = KITH_NO_HOME;
        if (addresses[p] != 0)
            rows[n_rows++] = (kith_keyed){addresses[p], p, 0};
    }
    kith_radix_sort(rows, scratch, n_rows);
    /* The sort is stable: the first of a run is its smallest person. */
    for (size_t i = 0; i < n_rows; i++) {
        const bool first = i == 0 || rows[i].key != rows[i - 1].key;
        rows[i].spare = first ? rows[i].value : rows[i - 1].spare;
        h->home_of[rows[i].value] = rows[i].spare;
    }
    KITH_TRY(KITH_ALLOC(&h->begins, (size_t)n + 2, err));
    for (uint32_t p = 0; p < n; p++) {
        if (h->home_of[p] == KITH_NO_HOME)
            continue;
        /* people[] serves as the numbering until it is filled. */
        if (h->home_of[p] == p)
            h->people[p] = h->n++;
        h->home_of[p] = h->people[h->home_of[p]];
        h->begins[h->home_of[p] + 1]++;
    }
    for (uint32_t k = 0; k < h->n; k++)
        h->begins[k + 1] += h->begins[k];
    for (uint32_t p = 0; p < n; p++) {
        if (h->home_of[p] != KITH_NO_HOME)
            h->people[h->begins[h->home_of[p]]++] = p;
    }
    for (uint32_t k = h->n; k > 0; k--)
        h->begins[k] = h->begins[k - 1];
    h->begins[0] = 0;
done:
    kith_free(rows);
    kith_free(scratch);
    return status;
}

/* A refuge or a small hostel looks like any home; only the list of communal
 * addresses tells, by whichever agency's record. */
static bool
declared(const kith_members *m, const uint32_t *people, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (m->people[people[i]].stays[KITH_NOW].communal)
            return true;
    return false;
}

static bool
unrelated_adults(const kith_members *m, const uint32_t *people, uint32_t n)
{
    uint32_t n_surnames = 0, n_known = 0;
    if (n < MIN_UNRELATED)
        return false;
    for (uint32_t i = 0; i < n; i++) {
        const kith_member *p = &m->people[people[i]];
        if (p->age >= 0 && p->age < ADULT_AGE)
            return false;
        if (p->stays[KITH_NOW].surname == 0)
            continue;
        n_known++;
        bool seen = false;
        for (uint32_t k = 0; k < i && !seen; k++)
            seen = m->people[people[k]].stays[KITH_NOW].surname ==
                   p->stays[KITH_NOW].surname;
        n_surnames += !seen;
    }
    return n_known >= MIN_UNRELATED &&
           n_surnames >= UNRELATED_SURNAMES * n_known;
}

static kith_status
judge_homes(kith_homes *h, const kith_members *m, uint32_t max_household,
            kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_ALLOC(&h->kinds, h->n, err));
    for (uint32_t k = 0; k < h->n; k++) {
        const uint32_t n = h->begins[k + 1] - h->begins[k];
        if (declared(m, h->people + h->begins[k], n))
            h->kinds[k] = KITH_HOME_DECLARED;
        else if (n > max_household)
            h->kinds[k] = KITH_HOME_TOO_MANY_PEOPLE;
        else if (unrelated_adults(m, h->people + h->begins[k], n))
            h->kinds[k] = KITH_HOME_UNRELATED_ADULTS;
    }
done:
    return status;
}

kith_status
kith_homes_find(kith_homes *out, const kith_members *members,
                uint32_t max_household, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_homes h = {0};
    uint64_t *addresses = NULL;
    const uint32_t n = members->list.n_persons;
    KITH_TRY(KITH_ALLOC(&addresses, n, err));
    KITH_TRY(KITH_ALLOC(&h.home_of, n, err));
    KITH_TRY(KITH_ALLOC(&h.sources, n, err));
    for (uint32_t p = 0; p < n; p++)
        addresses[p] = members->people[p].stays[KITH_NOW].address;
    fill_from_relations(members, addresses, h.sources, KITH_LIVES_WITH);
    fill_from_relations(members, addresses, h.sources, KITH_IS_PARTNER);
    KITH_TRY(fill_from_units(members, addresses, h.sources, err));
    KITH_TRY(number_homes(&h, addresses, n, err));
    KITH_TRY(judge_homes(&h, members, max_household, err));
    *out = h;
    h = (kith_homes){0};
done:
    kith_free(addresses);
    kith_homes_done(&h);
    return status;
}

void
kith_homes_done(kith_homes *h)
{
    kith_free(h->home_of);
    kith_free(h->sources);
    kith_free(h->people);
    kith_free(h->begins);
    kith_free(h->kinds);
    *h = (kith_homes){0};
}
