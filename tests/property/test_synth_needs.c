/* How needs and names come together: by place, by family, in one person, after
 * an intervention; never independently. */
#include "base/alloc.h"
#include "synth/events.h"
#include "synth/places.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PEOPLE = 150000, TENTHS = 10, YEAR = 365 };

/* Of how many, how many. */
typedef struct share {
    uint64_t n, have;
} share;

typedef struct seen {
    share claims[TENTHS + 1];  /* out of work, by tenth of deprivation */
    share children_in_need[2]; /* whose brother or sister is not, is */
    share abused[2];           /* whose partner is not, is */
    share homeless_elsewhere;  /* also in justice or treatment */
    share anybody_elsewhere;   /* adults in justice or treatment */
    uint64_t before, after;    /* events round interventions */
    double days_before, days_after;
    uint64_t groups[KITH_SYNTH_GROUPS];
    double group_squares[KITH_SYNTH_GROUPS]; /* of cells' counts */
    uint64_t homes[KITH_HOME_TYPES];
    share margarets, olivias; /* born before 1970 */
} seen;

static void
count(share *s, bool have)
{
    s->n++;
    s->have += have;
}

static double
of(const share *s)
{
    assert_true(s->n > 0);
    return (double)s->have / (double)s->n;
}

static bool
has(const kith_person *p, kith_need need)
{
    return (p->needs >> need & 1u) != 0;
}

static bool
in_justice_or_treatment(const kith_person *p)
{
    return has(p, KITH_NEED_OFFENCE_ADULT) || has(p, KITH_NEED_CUSTODY) ||
           has(p, KITH_NEED_ORDER) || has(p, KITH_NEED_TREATMENT);
}

static void
see_name(seen *s, const kith_cell *c, const kith_person *p)
{
    const char *name = kith_dict_at(&c->world->tables->names, p->forename);
    const bool old = p->born < kith_days_from_ymd((kith_ymd){1970, 1, 1});
    if (strcmp(name, "Margaret") == 0)
        count(&s->margarets, old);
    if (strcmp(name, "Olivia") == 0)
        count(&s->olivias, old);
}

static void
see_person(seen *s, const kith_cell *c, size_t i)
{
    const kith_person *p = &c->people[i];
    const kith_tables *t = c->world->tables;
    const unsigned tenth = (unsigned)(t->areas[c->area].deprivation + 0.5);
    see_name(s, c, p);
    if (p->age >= 18 && p->age < 66)
        count(&s->claims[tenth], has(p, KITH_NEED_BENEFIT));
    if (p->age >= 18) {
        count(&s->anybody_elsewhere, in_justice_or_treatment(p));
        if (has(p, KITH_NEED_HOMELESS) || has(p, KITH_NEED_ROUGH))
            count(&s->homeless_elsewhere, in_justice_or_treatment(p));
    }
    if (p->partner != KITH_NOBODY)
        count(&s->abused[has(&c->people[p->partner], KITH_NEED_ABUSE)],
              has(p, KITH_NEED_ABUSE));
    for (size_t k = i + 1; k < c->n_people && c->people[k].family == p->family;
         k++)
        if (p->child && c->people[k].child && p->age < 18 &&
            c->people[k].age < 18)
            count(&s->children_in_need[has(p, KITH_NEED_CIN)],
                  has(&c->people[k], KITH_NEED_CIN));
}

static bool
is_lessened(const kith_event *e)
{
    return e->type == KITH_EVENT_OFFENCE || e->type == KITH_EVENT_ABUSE ||
           e->type == KITH_EVENT_MENTAL;
}

/* What happened to the families of completed interventions in the year before
 * them and since. */
static void
see_interventions(seen *s, const kith_cell *c, const kith_events *e)
{
    enum { COMPLETED = 1 };
    const int32_t today = c->world->reference;
    int32_t *day = NULL;
    assert_int_equal(KITH_ALLOC(&day, c->n_families, NULL), KITH_OK);
    for (size_t i = 0; i < e->n; i++)
        if (e->items[i].type == KITH_EVENT_INTERVENTION &&
            e->items[i].codes[1] == COMPLETED)
            day[c->people[e->items[i].person].family] = e->items[i].end;
    for (size_t i = 0; i < c->n_people; i++) {
        const int32_t end = day[c->people[i].family];
        if (end == 0 || end > today - 30)
            continue;
        s->days_before += YEAR;
        s->days_after += today - end;
        for (size_t k = e->first[i]; k < e->first[i + 1]; k++) {
            const kith_event *x = &e->items[k];
            s->before +=
                is_lessened(x) && x->start > end - YEAR && x->start <= end;
            s->after += is_lessened(x) && x->start > end && x->start <= today;
        }
    }
    kith_free(day);
}

static void
see_cell(seen *s, const kith_cell *c, const kith_events *e)
{
    uint64_t groups[KITH_SYNTH_GROUPS] = {0};
    const kith_tables *t = c->world->tables;
    for (size_t i = 0; i < c->n_people; i++) {
        see_person(s, c, i);
        groups[t->communities[c->people[i].community].group]++;
    }
    for (unsigned g = 0; g < KITH_SYNTH_GROUPS; g++) {
        s->groups[g] += groups[g];
        s->group_squares[g] += (double)groups[g] * (double)groups[g];
    }
    for (size_t h = 0; h < c->n_homes; h++)
        s->homes[c->homes[h].type]++;
    see_interventions(s, c, e);
}

static int
setup(void **state)
{
    static seen s;
    kith_tables *t = NULL;
    kith_error err = KITH_ERROR_INIT;
    kith_cell c = {0};
    kith_events e = {0};
    if (kith_tables_load(&t, "fixtures/synth", NULL, &err) != KITH_OK)
        return -1;
    kith_world w = {.tables = t, .seed = 21, .n_people = PEOPLE};
    w.reference = w.today = kith_days_from_ymd((kith_ymd){2026, 3, 31});
    kith_world_plan(&w);
    if (kith_places_plan(&w, &err) != KITH_OK)
        return -1;
    for (uint32_t n = 0; n < w.n_cells; n++) {
        if (kith_cell_make(&c, &w, n, &err) != KITH_OK ||
            kith_events_make(&e, &c, &err) != KITH_OK)
            return -1;
        see_cell(&s, &c, &e);
    }
    kith_cell_done(&c);
    kith_events_done(&e);
    kith_tables_free(t);
    *state = &s;
    return 0;
}

/* The poorest areas have half as many again out of work as the middle, and
 * twice what the least poor have. */
static void
needs_follow_deprivation(void **state)
{
    const seen *s = *state;
    share poor = {0, 0};
    share well = {0, 0};
    for (unsigned i = 1; i <= TENTHS; i++) {
        share *to = i <= 3 ? &poor : &well;
        if (i > 3 && i < 7)
            continue;
        to->n += s->claims[i].n;
        to->have += s->claims[i].have;
    }
    assert_true(of(&poor) > 1.4 * of(&well));
}

/* A child whose brother or sister is in need is several times as likely to be
 * in need; so are partners with abuse at home. */
static void
needs_meet_in_families(void **state)
{
    const seen *s = *state;
    assert_true(of(&s->children_in_need[1]) >
                1.8 * of(&s->children_in_need[0]));
    assert_true(of(&s->abused[1]) > 2.2 * of(&s->abused[0]));
}

/* Hard Edges: two thirds of those in homelessness services are also in
 * criminal justice or treatment. All who are owed a duty are more, and less
 * entangled: many times as often as others, all the same. */
static void
disadvantages_meet_in_people(void **state)
{
    const seen *s = *state;
    assert_true(of(&s->homeless_elsewhere) > 5 * of(&s->anybody_elsewhere));
    assert_true(of(&s->homeless_elsewhere) > 0.12);
}

/* Offending less by 73 %, abuse and mental health by 64 % (Troubled Families
 * in Greater Manchester): a third remains, a year's luck apart. */
static void
interventions_have_a_before_and_after(void **state)
{
    const seen *s = *state;
    assert_true(s->before > 200);
    const double before = (double)s->before / s->days_before;
    const double after = (double)s->after / s->days_after;
    assert_true(after < 0.55 * before && after > 0.1 * before);
}

/* Spread evenly, the counts of 1,500 people a cell would vary by their own
 * number (Poisson); they vary many times as much. */
static void
names_cluster_by_area(void **state)
{
    const seen *s = *state;
    for (unsigned g = 0; g < KITH_SYNTH_GROUPS; g++) {
        const double cells = PEOPLE / 1000;
        const double mean = (double)s->groups[g] / cells;
        const double variance = s->group_squares[g] / cells - mean * mean;
        assert_true(s->groups[g] > PEOPLE / 100);
        if (strcmp(kith_census_group_name((uint8_t)g), "asian") == 0)
            assert_true(variance > 20 * mean);
        assert_true(variance > 1.5 * mean);
    }
}

static void
names_are_of_their_time(void **state)
{
    const seen *s = *state;
    assert_true(s->margarets.n > 50 && of(&s->margarets) > 0.8);
    assert_true(s->olivias.n > 50 && of(&s->olivias) < 0.05);
}

static void
there_is_every_kind_of_home(void **state)
{
    const seen *s = *state;
    for (unsigned i = 0; i < KITH_HOME_TYPES; i++)
        assert_true(s->homes[i] > 50);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(needs_follow_deprivation),
        cmocka_unit_test(needs_meet_in_families),
        cmocka_unit_test(disadvantages_meet_in_people),
        cmocka_unit_test(interventions_have_a_before_and_after),
        cmocka_unit_test(names_cluster_by_area),
        cmocka_unit_test(names_are_of_their_time),
        cmocka_unit_test(there_is_every_kind_of_home),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
