#include "family/families.h"

#include "base/alloc.h"
#include "base/job.h"

/* A second address counts as a second home when it was true within this of
 * the current one: two school terms. */
enum { SECOND_HOME_DAYS = 250, HOMES_PER_CHUNK = 2048, DEPENDENT_UNTIL = 19 };

/* Confidence, percent: a child moved by a relationship alone, a parent
 * elsewhere, a second home. */
enum { MOVED = 75, ELSEWHERE = 85, SECOND = 65 };

typedef struct finder {
    const kith_members *members;
    const kith_homes *homes;
    kith_families *out;
    uint32_t *sizes; /* people of each family, by the person that names it */
    uint32_t max_family;
    kith_family_rejects *rejects;
} finder;

#define NOBODY UINT32_MAX

static bool
home_is_private(const kith_homes *h, uint32_t home)
{
    return home != KITH_NO_HOME && h->kinds[home] == KITH_HOME_PRIVATE &&
           h->begins[home + 1] - h->begins[home] <= KITH_MAX_HOME;
}

static kith_status
homes_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    const finder *f = ctx;
    (void)worker;
    (void)err;
    const uint32_t first = (uint32_t)(chunk * HOMES_PER_CHUNK);
    for (uint32_t k = first; k < first + HOMES_PER_CHUNK && k < f->homes->n;
         k++) {
        if (home_is_private(f->homes, k))
            kith_nuclear(f->out->places, f->members,
                         f->homes->people + f->homes->begins[k],
                         f->homes->begins[k + 1] - f->homes->begins[k]);
    }
    return KITH_OK;
}

static void
count_sizes(finder *f)
{
    const uint32_t n = f->members->list.n_persons;
    for (uint32_t p = 0; p < n; p++)
        f->sizes[p] = 0;
    for (uint32_t p = 0; p < n; p++)
        f->sizes[f->out->places[p].family]++;
}

/* Those no private home holds: alone, until a relationship says more. */
static void
place_rest(finder *f)
{
    const uint32_t n = f->members->list.n_persons;
    for (uint32_t p = 0; p < n; p++) {
        if (!home_is_private(f->homes, f->homes->home_of[p]))
            kith_nuclear(f->out->places, f->members, &p, 1);
    }
    count_sizes(f);
}

static bool
is_child(const finder *f, uint32_t p)
{
    const int16_t age = f->members->people[p].age;
    return age >= 0 && age < DEPENDENT_UNTIL;
}

/* Whom a child belongs with: a parent before a carer, a woman before a man,
 * the first before the others. */
static bool
is_closer(const finder *f, const kith_relation *r, const kith_relation *than)
{
    if (than == NULL)
        return true;
    const bool parent = (r->kind & KITH_IS_CHILD) != 0;
    if (parent != ((than->kind & KITH_IS_CHILD) != 0))
        return parent;
    return f->members->people[than->other].sex != 2 &&
           f->members->people[r->other].sex == 2;
}

static kith_status
reject_family(const finder *f, uint32_t family, uint32_t n_people,
              uint32_t n_children, kith_family_source source, kith_error *err)
{
    const kith_crowd crowd = {.id = f->members->list.ids[family],
                              .n_people = n_people,
                              .n_children = n_children,
                              .source = kith_family_source_name(source),
                              .reason = "family_too_large"};
    return kith_family_reject(f->rejects, crowd, err);
}

/* Breaks up what is too large to be a family. */
static kith_status
break_up(finder *f, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t n = f->members->list.n_persons;
    uint32_t *n_children = NULL; /* by the person that names a family */
    KITH_TRY(KITH_ALLOC(&n_children, n, err));
    for (uint32_t p = 0; p < n; p++) {
        kith_place *place = &f->out->places[p];
        const uint32_t family = place->family;
        if (f->sizes[family] <= f->max_family)
            continue;
        n_children[family] += is_child(f, p);
        *place = (kith_place){
            p, is_child(f, p) ? KITH_ROLE_DEPENDENT_CHILD : KITH_ROLE_ADULT,
            KITH_SOURCE_ALONE, kith_source_confidence(KITH_SOURCE_ALONE)};
    }
    for (uint32_t p = 0; p < n; p++) {
        if (f->sizes[p] > f->max_family)
            KITH_TRY(reject_family(f, p, f->sizes[p], n_children[p],
                                   KITH_SOURCE_ADDRESS, err));
    }
    count_sizes(f);
done:
    kith_free(n_children);
    return status;
}

/*
 * A child who lives with no adult known to be of its family joins a parent
 * named by a relationship, else a grown-up who cares for it: whom, of each
 * person; NOBODY.
 */
static void
find_parents(const finder *f, uint32_t *parents)
{
    const kith_members *m = f->members;
    for (uint32_t p = 0; p < m->list.n_persons; p++)
        parents[p] = NOBODY;
    for (size_t i = 0, j = 0; i < m->n_relations; i = j) {
        const uint32_t child = m->relations[i].person;
        const kith_relation *closest = NULL;
        while (j < m->n_relations && m->relations[j].person == child) {
            const kith_relation *r = &m->relations[j++];
            const bool carer =
                (r->kind & KITH_IS_CARED) != 0 && !is_child(f, r->other);
            if (((r->kind & KITH_IS_CHILD) != 0 || carer) &&
                is_closer(f, r, closest))
                closest = r;
        }
        if (closest != NULL && is_child(f, child) &&
            f->out->places[child].source == KITH_SOURCE_ALONE)
            parents[child] = closest->other;
    }
}

/* The family that a child comes to: its parent may be a child who moves, and
 * so may theirs; care may go in a circle. */
static uint32_t
family_of(const finder *f, const uint32_t *parents, uint32_t child)
{
    enum { GENERATIONS = 4 };
    uint32_t parent = parents[child];
    for (int i = 0; i < GENERATIONS && parents[parent] != NOBODY; i++)
        parent = parents[parent];
    return f->out->places[parent].family;
}

/* All children of one family join it or, where it would grow too large, none
 * does. Renaming the family is left to `rename_families`. */
static kith_status
move_children(finder *f, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t n = f->members->list.n_persons;
    uint32_t *parents = NULL;
    uint32_t *joining = NULL; /* children, by the person that names a family */
    KITH_TRY(KITH_ALLOC(&parents, n, err));
    KITH_TRY(KITH_ALLOC(&joining, n, err));
    find_parents(f, parents);
    for (uint32_t p = 0; p < n; p++) {
        if (parents[p] != NOBODY)
            joining[family_of(f, parents, p)]++;
    }
    for (uint32_t p = 0; p < n; p++) {
        if (joining[p] > 0 && f->sizes[p] + joining[p] > f->max_family)
            KITH_TRY(reject_family(f, p, f->sizes[p] + joining[p], joining[p],
                                   KITH_SOURCE_RELATION, err));
    }
    for (uint32_t p = 0; p < n; p++) {
        if (parents[p] == NOBODY)
            continue;
        const uint32_t family = family_of(f, parents, p);
        if (f->sizes[family] + joining[family] > f->max_family)
            continue;
        f->out->places[p] = (kith_place){family, KITH_ROLE_DEPENDENT_CHILD,
                                         KITH_SOURCE_RELATION, MOVED};
        kith_place *parent = &f->out->places[parents[p]];
        if (parent->role != KITH_ROLE_DEPENDENT_CHILD)
            parent->role = KITH_ROLE_PARENT;
    }
done:
    kith_free(parents);
    kith_free(joining);
    return status;
}

static kith_status
add_extra(finder *f, uint32_t person, uint32_t home, const kith_place *place,
          kith_error *err)
{
    kith_status status = KITH_OK;
    kith_families *out = f->out;
    KITH_TRY(KITH_GROW(&out->extras, &out->extras_cap, out->n_extras + 1, err));
    out->extras[out->n_extras++] = (kith_extra_place){person, home, *place};
done:
    return status;
}

/* Whether a child was lately seen where this parent lives now. */
static bool
second_home(const finder *f, uint32_t child, uint32_t parent)
{
    const kith_stay_seen *now = &f->members->people[child].stays[KITH_NOW];
    const kith_stay_seen *before =
        &f->members->people[child].stays[KITH_BEFORE];
    return before->address != 0 &&
           before->address ==
               f->members->people[parent].stays[KITH_NOW].address &&
           (int64_t)now->updated - before->updated <= SECOND_HOME_DAYS;
}

/* Parents of a child who are not in its family. */
static kith_status
list_elsewhere(finder *f, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_members *m = f->members;
    for (size_t i = 0; i < m->n_relations; i++) {
        const kith_relation *r = &m->relations[i];
        const kith_place *child = &f->out->places[r->person];
        const kith_place *parent = &f->out->places[r->other];
        if ((r->kind & KITH_IS_CHILD) == 0 || !is_child(f, r->person) ||
            child->family == parent->family)
            continue;
        const uint32_t home = f->homes->home_of[r->other];
        if (second_home(f, r->person, r->other) &&
            home_is_private(f->homes, home)) {
            const kith_place place = {parent->family, KITH_ROLE_DEPENDENT_CHILD,
                                      KITH_SOURCE_RELATION, SECOND};
            KITH_TRY(add_extra(f, r->person, home, &place, err));
        } else {
            const kith_place place = {child->family,
                                      KITH_ROLE_NON_RESIDENT_PARENT,
                                      KITH_SOURCE_RELATION, ELSEWHERE};
            KITH_TRY(add_extra(f, r->other, KITH_NO_HOME, &place, err));
        }
    }
done:
    return status;
}

/* A family is named by its smallest person; a move may have changed it. */
static kith_status
rename_families(finder *f, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t n = f->members->list.n_persons;
    uint32_t *smallest = NULL;
    KITH_TRY(KITH_ALLOC(&smallest, n, err));
    for (uint32_t p = 0; p < n; p++)
        smallest[p] = UINT32_MAX;
    for (uint32_t p = 0; p < n; p++) {
        uint32_t *name = &smallest[f->out->places[p].family];
        if (*name == UINT32_MAX)
            *name = p;
    }
    for (uint32_t p = 0; p < n; p++)
        f->out->places[p].family = smallest[f->out->places[p].family];
done:
    kith_free(smallest);
    return status;
}

/* What became of a relationship of one kind; NULL: it was used. */
static const char *
unused_reason(const finder *f, const kith_relation *r, unsigned kind)
{
    const kith_place *place = &f->out->places[r->person];
    const uint32_t home = f->homes->home_of[r->person];
    const bool together =
        home != KITH_NO_HOME && home == f->homes->home_of[r->other];
    if (kind == KITH_LIVES_WITH)
        return together ? NULL : "relations_unused_two_addresses";
    if (place->family == f->out->places[r->other].family)
        return NULL;
    /* Parents elsewhere are listed, as long as the child is one. */
    if (kind == KITH_IS_PARENT)
        return is_child(f, r->other) ? NULL : "relations_unused_grown_up";
    if (kind == KITH_IS_PARTNER && is_child(f, r->person))
        return "relations_unused_too_young";
    return together ? "relations_unused_other_family"
                    : "relations_unused_two_addresses";
}

static void
count_relations(const finder *f)
{
    static const struct {
        unsigned bit;
        bool both_ways; /* stored as the same kind in both directions */
        const char *name;
    } kinds[] = {{KITH_IS_PARENT, false, "parent_of"},
                 {KITH_IS_PARTNER, true, "partner_of"},
                 {KITH_IS_CARER, false, "carer_of"},
                 {KITH_LIVES_WITH, true, "lives_with"}};
    for (size_t i = 0; i < f->members->n_relations; i++) {
        const kith_relation *r = &f->members->relations[i];
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            if ((r->kind & kinds[k].bit) == 0 ||
                (kinds[k].both_ways && r->person > r->other))
                continue;
            const char *reason = unused_reason(f, r, kinds[k].bit);
            kith_job_count(f->rejects->job, kinds[k].name,
                           reason == NULL ? "relations_used" : reason, 1);
        }
    }
}

kith_status
kith_families_find(kith_families *out, const kith_members *members,
                   const kith_homes *homes, uint32_t max_family,
                   kith_family_rejects *rejects, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_families families = {0};
    finder f = {.members = members,
                .homes = homes,
                .out = &families,
                .max_family = max_family,
                .rejects = rejects};
    const uint32_t n = members->list.n_persons;
    KITH_TRY(KITH_ALLOC(&families.places, n, err));
    KITH_TRY(KITH_ALLOC(&f.sizes, n, err));
    KITH_TRY(kith_for(kith_job_pool(rejects->job),
                      (homes->n + HOMES_PER_CHUNK - 1u) / HOMES_PER_CHUNK,
                      homes_chunk, &f, err));
    place_rest(&f);
    KITH_TRY(break_up(&f, err));
    KITH_TRY(move_children(&f, err));
    KITH_TRY(rename_families(&f, err));
    KITH_TRY(list_elsewhere(&f, err));
    count_relations(&f);
    *out = families;
    families = (kith_families){0};
done:
    kith_free(f.sizes);
    kith_families_done(&families);
    return status;
}

void
kith_families_done(kith_families *f)
{
    kith_free(f->places);
    kith_free(f->extras);
    *f = (kith_families){0};
}
