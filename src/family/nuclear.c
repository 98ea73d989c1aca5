#include "family/nuclear.h"

#include <stdlib.h>

/* Points. A couple or a parent needs MIN_*; relationships decide alone. */
enum {
    RELATION_POINTS = 100,
    CARER_POINTS = 40,
    UNIT_POINTS = 25,
    MIN_COUPLE = 14,
    MIN_CHILD = 6,        /* a child needs somebody */
    MIN_ADULT_CHILD = 16, /* a grown-up may be a lodger */
    NEVER = -1000
};

/* Ages: of marriage, of leaving the dependents, of the end of studies. */
enum { ADULT = 16, DEPENDENT_UNTIL = 19, GROWN_UP = 19, STUDENT = 24 };

/* Years between a parent and a child: usual, possible; fathers may be older
 * (ONS births by parents' age). */
enum {
    GAP_LEAST = 15,
    GAP_USUAL_LEAST = 18,
    GAP_USUAL_MOST = 40,
    GAP_LATE = 45,
    GAP_MOTHER_MOST = 50,
    GAP_FATHER_MOST = 60
};

/* The home while it is sorted out; indexes are places in people. */
typedef struct home {
    const kith_members *members;
    const uint32_t *people;
    const kith_member *who[KITH_MAX_HOME];
    uint32_t n;
    int partner[KITH_MAX_HOME]; /* -1 none */
    int parent[KITH_MAX_HOME];  /* one of the parents; -1 none */
    bool has_child[KITH_MAX_HOME];
    uint8_t source[KITH_MAX_HOME]; /* best evidence of belonging */
} home;

const char *
kith_family_role_name(kith_family_role role)
{
    static const char *const names[] = {
        "adult", "parent", "partner", "dependent_child", "non_resident_parent",
        "other"};
    return names[role];
}

const char *
kith_family_source_name(kith_family_source source)
{
    static const char *const names[] = {"alone", "address", "address_surname",
                                        "unit", "relation"};
    return names[source];
}

uint8_t
kith_source_confidence(kith_family_source source)
{
    static const uint8_t percent[] = {50, 60, 80, 85, 95};
    return percent[source];
}

static unsigned
relation(const home *h, uint32_t i, uint32_t k)
{
    return kith_members_relation(h->members, h->people[i], h->people[k]);
}

static bool
same_unit(const home *h, uint32_t i, uint32_t k)
{
    return kith_members_share_unit(h->members, h->people[i], h->people[k]);
}

static bool
same_surname(const home *h, uint32_t i, uint32_t k)
{
    return h->who[i]->stays[KITH_NOW].surname != 0 &&
           h->who[i]->stays[KITH_NOW].surname ==
               h->who[k]->stays[KITH_NOW].surname;
}

static bool
is_grown_up(const home *h, uint32_t i)
{
    return h->who[i]->age >= GROWN_UP;
}

static int
gap(const home *h, uint32_t parent, uint32_t child)
{
    return h->who[parent]->age - h->who[child]->age;
}

static bool
gap_possible(const home *h, uint32_t parent, uint32_t child)
{
    if (h->who[parent]->age < 0 || h->who[child]->age < 0)
        return false;
    const int years = gap(h, parent, child);
    return years >= GAP_LEAST &&
           years <=
               (h->who[parent]->sex == 1 ? GAP_FATHER_MOST : GAP_MOTHER_MOST);
}

/* Whether the two may be brother and sister: somebody here could be a parent
 * of both, of whatever surname. */
static bool
maybe_siblings(const home *h, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < h->n; i++) {
        if (i != a && i != b && gap_possible(h, i, a) &&
            gap_possible(h, i, b) && gap(h, i, a) <= GAP_LATE &&
            gap(h, i, b) <= GAP_LATE)
            return true;
    }
    return false;
}

/* Whether a child here fits both as parents and nobody older. */
static bool
fits_a_child(const home *h, uint32_t a, uint32_t b)
{
    for (uint32_t c = 0; c < h->n; c++) {
        if (!gap_possible(h, a, c) || !gap_possible(h, b, c))
            continue;
        bool elder = false;
        for (uint32_t i = 0; i < h->n && !elder; i++)
            elder = i != a && i != b && gap_possible(h, i, c) &&
                    gap(h, i, c) <= GAP_LATE &&
                    h->who[i]->age > h->who[a]->age &&
                    h->who[i]->age > h->who[b]->age;
        if (!elder)
            return true;
    }
    return false;
}

/* How many grown-ups there are, and whether all have different surnames. */
static uint32_t
count_grown_ups(const home *h, bool *all_different)
{
    uint32_t n = 0;
    *all_different = true;
    for (uint32_t i = 0; i < h->n; i++) {
        if (!is_grown_up(h, i))
            continue;
        n++;
        for (uint32_t k = 0; k < i; k++) {
            if (is_grown_up(h, k) && same_surname(h, i, k))
                *all_different = false;
        }
    }
    return n;
}

static int
age_points(int difference)
{
    const int years = abs(difference);
    return years <= 8 ? 12 : years <= 15 ? 8 : years <= 20 ? 0 : -30;
}

static int
couple_points(const home *h, uint32_t a, uint32_t b, int sharing,
              uint8_t *source)
{
    const kith_member *x = h->who[a];
    const kith_member *y = h->who[b];
    const unsigned known = relation(h, a, b);
    *source = KITH_SOURCE_RELATION;
    if (known & KITH_IS_PARTNER && (x->age < 0 || x->age >= ADULT) &&
        (y->age < 0 || y->age >= ADULT))
        return RELATION_POINTS;
    if (known & (KITH_IS_PARENT | KITH_IS_CHILD) || x->age < ADULT ||
        y->age < ADULT)
        return NEVER;
    for (uint32_t c = 0; c < h->n; c++) {
        if (relation(h, a, c) & relation(h, b, c) & KITH_IS_PARENT)
            return RELATION_POINTS - 1;
    }
    int points = age_points(x->age - y->age) + sharing;
    *source = KITH_SOURCE_ADDRESS;
    if (x->sex != 0 && y->sex != 0)
        points += x->sex != y->sex ? 6 : -6;
    const bool fits = fits_a_child(h, a, b);
    points += fits ? 8 : 0;
    if (maybe_siblings(h, a, b))
        points -= fits ? 6 : 30;
    if (same_surname(h, a, b)) {
        *source = KITH_SOURCE_SURNAME;
        points += 8;
    } else if (x->age < STUDENT && y->age < STUDENT) {
        points -= 8;
    }
    if (same_unit(h, a, b)) {
        *source = KITH_SOURCE_UNIT;
        points += 10;
    }
    return points;
}

static void
raise_source(home *h, uint32_t i, uint8_t source)
{
    if (source > h->source[i])
        h->source[i] = source;
}

/* Best couple first, until none is good enough. Ties go to the first. */
static void
find_couples(home *h)
{
    bool all_different = false;
    const uint32_t n_grown_ups = count_grown_ups(h, &all_different);
    const int sharing = n_grown_ups == 2                   ? 8
                        : n_grown_ups > 2 && all_different ? -8
                                                           : 0;
    for (;;) {
        int best = MIN_COUPLE - 1;
        uint32_t a = 0, b = 0;
        uint8_t source = 0;
        for (uint32_t i = 0; i < h->n; i++) {
            for (uint32_t k = i + 1; k < h->n && h->partner[i] < 0; k++) {
                uint8_t here = 0;
                const int points = h->partner[k] >= 0
                                       ? NEVER
                                       : couple_points(h, i, k, sharing, &here);
                if (points > best) {
                    best = points;
                    a = i;
                    b = k;
                    source = here;
                }
            }
        }
        if (best < MIN_COUPLE)
            return;
        h->partner[a] = (int)b;
        h->partner[b] = (int)a;
        raise_source(h, a, source);
        raise_source(h, b, source);
    }
}

static int
parent_points(const home *h, uint32_t p, uint32_t c, uint8_t *source)
{
    const unsigned known = relation(h, p, c);
    *source = KITH_SOURCE_RELATION;
    if (known & KITH_IS_PARENT)
        return RELATION_POINTS + (h->who[p]->sex == 2);
    if (h->parent[p] >= 0 || !gap_possible(h, p, c) || h->who[p]->age < ADULT ||
        known & KITH_IS_CHILD)
        return NEVER;
    int points = 0;
    const int years = gap(h, p, c);
    if (years >= GAP_USUAL_LEAST && years <= GAP_USUAL_MOST)
        points += 12;
    else if (years <= GAP_LATE)
        points += 6;
    *source = KITH_SOURCE_ADDRESS;
    if (same_surname(h, p, c)) {
        *source = KITH_SOURCE_SURNAME;
        points += 10;
    }
    if (h->partner[p] >= 0) {
        const uint32_t other = (uint32_t)h->partner[p];
        points += gap_possible(h, other, c) ? 4 : 0;
        if (same_surname(h, other, c)) {
            *source = KITH_SOURCE_SURNAME;
            points += 6;
        }
    }
    points += (h->who[p]->sex == 2 ? 2 : 0) + (h->has_child[p] ? 6 : 0);
    if (same_unit(h, p, c)) {
        *source = KITH_SOURCE_UNIT;
        points += UNIT_POINTS;
    }
    if (known & KITH_IS_CARER) {
        *source = KITH_SOURCE_RELATION;
        points += CARER_POINTS;
    }
    return points;
}

/* The best parent of one person; of equals the younger. */
static void
find_parent(home *h, uint32_t c, int least)
{
    int best = least - 1;
    int found = -1;
    uint8_t source = 0;
    for (uint32_t p = 0; p < h->n; p++) {
        uint8_t here = 0;
        const int points = p == c ? NEVER : parent_points(h, p, c, &here);
        if (points > best || (points == best && found >= 0 &&
                              h->who[p]->age < h->who[found]->age)) {
            best = points;
            found = (int)p;
            source = here;
        }
    }
    if (found < 0)
        return;
    h->parent[c] = found;
    h->has_child[found] = true;
    if (h->partner[found] >= 0)
        h->has_child[h->partner[found]] = true;
    raise_source(h, c, source);
    raise_source(h, (uint32_t)found, source);
}

/* Unknown ages sort last. */
static uint16_t
age_rank(const home *h, uint32_t i)
{
    return (uint16_t)h->who[i]->age;
}

/* Youngest first: who has children here is nobody's grown-up child. */
static void
find_parents(home *h)
{
    uint32_t order[KITH_MAX_HOME];
    for (uint32_t i = 0; i < h->n; i++) {
        uint32_t at = i;
        while (at > 0 && age_rank(h, order[at - 1]) > age_rank(h, i)) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = i;
    }
    for (uint32_t i = 0; i < h->n; i++) {
        const uint32_t c = order[i];
        if (h->partner[c] >= 0 || h->has_child[c])
            continue;
        if (h->who[c]->age < 0)
            find_parent(h, c, RELATION_POINTS);
        else
            find_parent(h, c, is_grown_up(h, c) ? MIN_ADULT_CHILD : MIN_CHILD);
    }
}

static bool
is_dependent(const home *h, uint32_t i)
{
    const int16_t age = h->who[i]->age;
    return (age >= 0 && age < ADULT) ||
           (age >= 0 && age < DEPENDENT_UNTIL && h->parent[i] >= 0);
}

/* The family's name is its smallest person. */
static uint32_t
head_of(const home *h, uint32_t i)
{
    const uint32_t p = h->parent[i] >= 0 ? (uint32_t)h->parent[i] : i;
    const int other = h->partner[p];
    return other >= 0 && (uint32_t)other < p ? (uint32_t)other : p;
}

static kith_family_role
role_of(const home *h, uint32_t i, const bool *has_dependent)
{
    if (is_dependent(h, i))
        return KITH_ROLE_DEPENDENT_CHILD;
    if (has_dependent[head_of(h, i)] && h->parent[i] < 0)
        return KITH_ROLE_PARENT;
    if (h->partner[i] >= 0)
        return KITH_ROLE_PARTNER;
    return h->who[i]->age < 0 ? KITH_ROLE_OTHER : KITH_ROLE_ADULT;
}

/* Children nobody here is a parent of stay together. */
static uint32_t
first_orphan(const home *h)
{
    for (uint32_t i = 0; i < h->n; i++) {
        if (is_dependent(h, i) && h->parent[i] < 0)
            return i;
    }
    return h->n;
}

void
kith_nuclear(kith_place *places, const kith_members *members,
             const uint32_t *people, uint32_t n)
{
    home h = {.members = members, .people = people, .n = n};
    bool has_dependent[KITH_MAX_HOME] = {false};
    uint32_t head[KITH_MAX_HOME];
    uint32_t smallest[KITH_MAX_HOME];
    for (uint32_t i = 0; i < n; i++) {
        h.who[i] = &members->people[people[i]];
        h.partner[i] = h.parent[i] = -1;
        smallest[i] = UINT32_MAX;
    }
    find_couples(&h);
    find_parents(&h);
    const uint32_t orphan = first_orphan(&h);
    for (uint32_t i = 0; i < n; i++) {
        head[i] =
            is_dependent(&h, i) && h.parent[i] < 0 ? orphan : head_of(&h, i);
        if (h.parent[i] >= 0 && is_dependent(&h, i))
            has_dependent[head[i]] = true;
        /* people ascend, so the first one seen is the smallest. */
        if (smallest[head[i]] == UINT32_MAX)
            smallest[head[i]] = people[i];
    }
    for (uint32_t i = 0; i < n; i++) {
        places[people[i]] =
            (kith_place){.family = smallest[head[i]],
                         .role = (uint8_t)role_of(&h, i, has_dependent),
                         .source = h.source[i],
                         .confidence = kith_source_confidence(h.source[i])};
    }
}
