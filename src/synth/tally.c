#include "synth/tally.h"

#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NHS_MISSING = 1 }; /* the agency holds numbers, this one it has not */

kith_status
kith_tally_new(kith_tally **out, const kith_tables *tables, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_tally *t = NULL;
    KITH_TRY(KITH_ALLOC(&t, 1, err));
    t->n_names = tables->names.n;
    KITH_TRY(KITH_ALLOC(&t->surnames, t->n_names, err));
    *out = t;
    t = NULL;
done:
    kith_tally_free(t);
    return status;
}

void
kith_tally_free(kith_tally *t)
{
    if (t == NULL)
        return;
    kith_free(t->surnames);
    kith_free(t->sketches);
    kith_free(t);
}

void
kith_tally_clear(kith_tally *t)
{
    const kith_tally kept = *t;
    *t = (kith_tally){.surnames = kept.surnames,
                      .n_names = kept.n_names,
                      .sketches = kept.sketches,
                      .sketches_cap = kept.sketches_cap};
    memset(t->surnames, 0, t->n_names * sizeof *t->surnames);
}

/* Whom a need's rate is of: everybody of an age, but for some. */
static bool
is_eligible(const kith_cell *c, size_t person, kith_need need, double age)
{
    const kith_person *p = &c->people[person];
    const kith_household *home = &c->homes[p->household];
    double from = 0;
    double to = 0;
    kith_need_ages(need, &from, &to);
    if (age < from || age >= to)
        return false;
    switch ((int)need) {
    case KITH_NEED_ARREARS:
    case KITH_NEED_EVICTION: /* tenancies */
        return home->social_tenant && home->first == person;
    case KITH_NEED_CONFLICT: /* parents of minors at home */
        return kith_has_minors(c, (uint32_t)person);
    case KITH_NEED_EXIT_PLAN: /* looked-after children */
        return (p->needs >> KITH_NEED_LAC & 1u) != 0;
    case KITH_NEED_WORK_PROGRAMME: /* those out of work */
        return (p->needs >> KITH_NEED_BENEFIT & 1u) != 0;
    default:
        return true;
    }
}

static bool
lately(int32_t day, int32_t today)
{
    return day != KITH_NO_DATE && day > today - 365 && day <= today;
}

void
kith_tally_people(kith_tally *t, const kith_cell *c)
{
    const int32_t today = c->world->reference;
    const kith_area *area = &c->world->tables->areas[c->area];
    t->homes += c->n_homes;
    for (size_t h = 0; h < c->n_homes; h++)
        t->home_types[c->homes[h].type]++;
    for (size_t i = 0; i < c->n_people; i++) {
        const kith_person *p = &c->people[i];
        const double age = (today - p->born) / 365.25;
        if (age < 0)
            continue; /* born in the nights ahead */
        t->everybody++;
        t->deaths += lately(p->died, today);
        if (p->died != KITH_NO_DATE && p->died <= today)
            continue;
        const bool moved =
            kith_person_stay(p, today).from > today - 365 && age >= 1;
        t->people++;
        t->minors += age < 18;
        t->births += age < 1;
        t->weddings += p->partner != KITH_NOBODY && lately(p->married, today);
        t->partings += lately(p->parted, today);
        t->divorces += p->partner == KITH_NOBODY &&
                       p->married != KITH_NO_DATE && lately(p->parted, today);
        t->communities[p->community]++;
        t->districts[area->district]++;
        *(age < 65 ? &t->young : &t->old) += 1;
        *(age < 65 ? &t->moved_young : &t->moved_old) += moved;
        if (p->surname.b == KITH_DICT_NONE)
            t->surnames[p->surname.a]++;
        else
            t->tail_surnames++;
        for (unsigned k = 0; k < KITH_NEEDS; k++) {
            t->eligible[k] += is_eligible(c, i, (kith_need)k, age);
            t->needing[k] += p->needs >> k & 1u;
        }
    }
}

kith_status
kith_tally_record(kith_tally *t, const kith_cell *c, size_t person,
                  unsigned agency, const kith_record *r, kith_error *err)
{
    kith_status status = KITH_OK;
    char key[3 * KITH_TEXT_FIELD];
    const uint32_t held = kith_agency_holds(kith_agency_at(agency));
    const uint32_t needed = 1u << KITH_HELD_DOB | 1u << KITH_HELD_POSTCODE;
    kith_sketch s = {.person = (uint32_t)person,
                     .errors = r->errors,
                     .agency = agency,
                     .community = c->people[person].community};
    if ((held & needed) == needed && r->surname[0] != '\0' &&
        r->forename[0] != '\0' && r->postcode[0] != '\0' &&
        r->dob != KITH_NO_DATE) {
        const int n = snprintf(key, sizeof key, "%s|%s|%s|%d", r->surname,
                               r->forename, r->postcode, (int)r->dob);
        s.hash = kith_hash64(key, (size_t)n) | 1u;
    }
    if ((held >> KITH_HELD_NHS & 1u) != 0)
        s.nhs = r->nhs[0] == '\0' ? NHS_MISSING
                                  : kith_hash64(r->nhs, strlen(r->nhs)) | 2u;
    KITH_TRY(KITH_GROW(&t->sketches, &t->sketches_cap, t->n_sketches + 1, err));
    t->sketches[t->n_sketches++] = s;
done:
    return status;
}

static int
compare_sketches(const void *a, const void *b)
{
    const kith_sketch *x = a;
    const kith_sketch *y = b;
    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    return (x->agency > y->agency) - (x->agency < y->agency);
}

static void
count_pair(kith_tally_pairs *p, bool complete, bool exact)
{
    p->n++;
    p->complete += complete;
    p->exact += exact;
}

static void
pair(kith_tally *t, const kith_sketch *x, const kith_sketch *y)
{
    const bool complete = x->hash != 0 && y->hash != 0;
    const bool exact = complete && x->hash == y->hash;
    const uint32_t errors = x->errors | y->errors;
    count_pair(&t->all, complete, exact);
    count_pair(&t->by_community[x->community], complete, exact);
    for (unsigned k = 0; k < KITH_ERRORS; k++)
        if ((errors >> k & 1u) != 0)
            count_pair(&t->by_error[k], complete, exact);
    if (x->nhs != 0 && y->nhs != 0) {
        t->nhs_pairs++;
        t->nhs_equal += x->nhs == y->nhs && x->nhs != NHS_MISSING;
    }
}

static void
add_spine(kith_tally_spine *sum, const kith_tally_spine *x)
{
    sum->n += x->n;
    sum->exact += x->exact;
    sum->by_nhs += x->by_nhs;
}

/* How deterministic linkage is published: record by record, against all that
 * a register holds of the person, former addresses included. */
static void
count_spine(kith_tally *t, const kith_sketch *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool known = false;
        bool exact = false;
        bool same = false;
        if (kith_agency_at(s[i].agency)->spine)
            continue;
        for (size_t j = 0; j < n; j++) {
            if (!kith_agency_at(s[j].agency)->spine)
                continue;
            known = true;
            exact |= s[i].hash != 0 && s[i].hash == s[j].hash;
            same |= s[i].nhs > NHS_MISSING && s[i].nhs == s[j].nhs;
        }
        const kith_tally_spine one = {known, exact, exact || same};
        add_spine(&t->spine[s[i].agency], &one);
        if (s[i].nhs != 0)
            add_spine(&t->by_group[s[i].community], &one);
    }
}

static void
count_agencies(kith_tally *t, const kith_sketch *s, size_t n)
{
    uint32_t known = 0;
    for (size_t i = 0; i < n; i++)
        known |= 1u << s[i].agency;
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++) {
        if ((known >> a & 1u) == 0)
            continue;
        t->known[a]++;
        for (unsigned b = 0; b < KITH_SYNTH_AGENCIES; b++)
            t->both[a][b] += known >> b & 1u;
    }
    t->per_person[n < KITH_TALLY_PER_PERSON ? n : KITH_TALLY_PER_PERSON - 1]++;
}

void
kith_tally_pair_up(kith_tally *t)
{
    kith_sketch *s = t->sketches;
    qsort(s, t->n_sketches, sizeof *s, compare_sketches);
    uint64_t n_known = 0;
    for (size_t first = 0; first < t->n_sketches;) {
        size_t end = first;
        while (end < t->n_sketches && s[end].person == s[first].person)
            end++;
        for (size_t i = first; i < end; i++)
            for (size_t j = i + 1; j < end; j++)
                if (s[i].agency != s[j].agency)
                    pair(t, &s[i], &s[j]);
        count_spine(t, s + first, end - first);
        count_agencies(t, s + first, end - first);
        n_known++;
        first = end;
    }
    t->per_person[0] += t->everybody - n_known;
    t->n_sketches = 0;
}

static void
add(uint64_t *sum, const uint64_t *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += x[i];
}

static void
add_pairs(kith_tally_pairs *sum, const kith_tally_pairs *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sum[i].n += x[i].n;
        sum[i].complete += x[i].complete;
        sum[i].exact += x[i].exact;
    }
}

void
kith_tally_sum(kith_tally *sum, const kith_tally *t)
{
    sum->people += t->people;
    sum->everybody += t->everybody;
    sum->minors += t->minors;
    sum->homes += t->homes;
    sum->births += t->births;
    sum->deaths += t->deaths;
    sum->weddings += t->weddings;
    sum->divorces += t->divorces;
    sum->partings += t->partings;
    sum->moved_young += t->moved_young;
    sum->young += t->young;
    sum->moved_old += t->moved_old;
    sum->old += t->old;
    sum->nhs_pairs += t->nhs_pairs;
    sum->nhs_equal += t->nhs_equal;
    sum->tail_surnames += t->tail_surnames;
    add(sum->home_types, t->home_types, KITH_HOME_TYPES);
    add(sum->communities, t->communities, KITH_SYNTH_COMMUNITIES);
    add(sum->districts, t->districts, KITH_SYNTH_DISTRICTS);
    add(sum->eligible, t->eligible, KITH_NEEDS);
    add(sum->needing, t->needing, KITH_NEEDS);
    add(sum->known, t->known, KITH_SYNTH_AGENCIES);
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++)
        add(sum->both[a], t->both[a], KITH_SYNTH_AGENCIES);
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++)
        add_spine(&sum->spine[a], &t->spine[a]);
    for (unsigned i = 0; i < KITH_SYNTH_COMMUNITIES; i++)
        add_spine(&sum->by_group[i], &t->by_group[i]);
    add(sum->per_person, t->per_person, KITH_TALLY_PER_PERSON);
    add_pairs(&sum->all, &t->all, 1);
    add_pairs(sum->by_error, t->by_error, KITH_ERRORS);
    add_pairs(sum->by_community, t->by_community, KITH_SYNTH_COMMUNITIES);
    for (size_t i = 0; i < sum->n_names; i++)
        sum->surnames[i] += t->surnames[i];
}
