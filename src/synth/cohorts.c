#include "synth/cohorts.h"

#include "base/alloc.h"
#include "synth/files.h"

/* An order or a warrant; notice, or arrears that lead to it. */
static bool
loses_home(const kith_life *l, bool any_notice)
{
    const uint32_t ordered = 1u << 1 | 1u << 2;
    const kith_asked asked = {KITH_EVENT_EVICTION,
                              kith_span_months(l->today, 6),
                              any_notice ? 0 : ordered, 0};
    return kith_life_has(l, &asked);
}

static bool
owes_much(const kith_life *l)
{
    enum { MUCH = 1000 * 100 };
    const kith_asked asked = {KITH_EVENT_ARREARS, kith_span_months(l->today, 6),
                              0, 0};
    const kith_event *e = kith_life_latest(l, &asked);
    return e != NULL && e->amounts[0] >= MUCH;
}

static bool
leaves_prison(const kith_life *l)
{
    const kith_asked held = {KITH_EVENT_SENTENCE, kith_span_today(l->today), 0,
                             0};
    for (const kith_event *e = NULL; (e = kith_life_next(l, e, &held)) != NULL;)
        if (e->end != KITH_NO_DATE && e->end <= l->today + 56)
            return true;
    return false;
}

const char *
kith_cohort_homelessness(const kith_life *lives, uint32_t first, uint32_t end)
{
    const uint32_t prevention_or_relief = 1u << 0 | 1u << 1;
    bool duty = false;
    bool placed = false;
    bool ordered = false;
    bool notice = false;
    bool released = false;
    for (uint32_t i = first; i < end; i++) {
        const kith_life *l = &lives[i];
        if (!l->here)
            continue;
        duty |= kith_life_now(l, KITH_EVENT_HOMELESS, prevention_or_relief);
        placed |= kith_life_now(l, KITH_EVENT_TEMPORARY, 0);
        ordered |= loses_home(l, false);
        notice |= loses_home(l, true) || owes_much(l);
        released |= leaves_prison(l);
    }
    if (placed)
        return "homeless";
    if (duty)
        return "owed_a_duty";
    return ordered || (notice && released) ? "" : NULL;
}

/* One row: "troubled_families_2,family,F000001234,four_or_more". */
static kith_status
put_row(kith_buffer *b, const char *cohort, const char *unit, char letter,
        uint64_t number, const char *tier, kith_error *err)
{
    if (tier == NULL)
        return KITH_OK;
    kith_status status = kith_text_reserve(b, err);
    if (status != KITH_OK)
        return status;
    kith_text_raw(b, cohort);
    kith_text_char(b, ',');
    kith_text_raw(b, unit);
    kith_text_char(b, ',');
    kith_text_label(b, letter, number);
    kith_text_char(b, ',');
    kith_text_raw(b, tier);
    kith_text_char(b, '\n');
    return KITH_OK;
}

static void
add_absent(kith_kin *k, int32_t parent)
{
    if (parent == KITH_NOBODY || k->n_absent == KITH_KIN_ABSENT ||
        ((uint32_t)parent >= k->first && (uint32_t)parent < k->end))
        return;
    for (uint32_t i = 0; i < k->n_absent; i++)
        if (k->absent[i] == (uint32_t)parent)
            return;
    k->absent[k->n_absent++] = (uint32_t)parent;
}

/* The family that begins at @p first: its people stand next to each other. */
static kith_kin
kin_at(const kith_cell *c, const kith_life *lives, uint32_t first)
{
    const kith_household *home = &c->homes[c->people[first].household];
    kith_kin k = {.lives = lives,
                  .first = first,
                  .end = first,
                  .home_first = home->first,
                  .home_end = home->first + home->n,
                  .today = c->world->today};
    while (k.end < c->n_people &&
           c->people[k.end].family == c->people[first].family)
        k.end++;
    for (uint32_t i = k.first; i < k.end; i++) {
        if (!lives[i].here || lives[i].age >= 18)
            continue;
        add_absent(&k, c->people[i].mother);
        add_absent(&k, c->people[i].father);
    }
    return k;
}

static kith_status
put_people(kith_buffer *b, const kith_cell *c, const kith_life *lives,
           kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < c->n_people; i++)
        for (const kith_person_rule *r = KITH_PERSON_COHORTS;
             lives[i].here && r->cohort != NULL; r++)
            KITH_TRY(put_row(b, r->cohort, "person", 'P',
                             kith_person_number(c, i), r->tier(&lives[i]),
                             err));
done:
    return status;
}

static kith_status
put_families(kith_buffer *b, const kith_cell *c, const kith_life *lives,
             kith_error *err)
{
    kith_status status = KITH_OK;
    for (uint32_t i = 0; i < c->n_people;) {
        const kith_kin k = kin_at(c, lives, i);
        const uint64_t number = kith_person_number(c, c->people[i].family);
        for (const kith_family_rule *r = KITH_FAMILY_COHORTS; r->cohort != NULL;
             r++)
            KITH_TRY(
                put_row(b, r->cohort, "family", 'F', number, r->tier(&k), err));
        i = k.end;
    }
done:
    return status;
}

/* Homes where people live together; an institution is not one. */
static kith_status
put_homes(kith_buffer *b, const kith_cell *c, const kith_life *lives,
          kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t h = 0; h < c->n_homes; h++) {
        const kith_household *home = &c->homes[h];
        if (home->type == KITH_HOME_COMMUNAL)
            continue;
        const char *tier =
            kith_cohort_homelessness(lives, home->first, home->first + home->n);
        KITH_TRY(put_row(b, "homelessness_risk", "household", 'H',
                         kith_person_number(c, h), tier, err));
    }
done:
    return status;
}

kith_status
kith_truth_cohorts(kith_cell_text *text, const kith_cell *c,
                   const kith_events *events, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer *b = &text->files[KITH_FILE_COHORTS];
    kith_life *lives = NULL;
    KITH_TRY(KITH_ALLOC(&lives, c->n_people, err));
    kith_lives_begin(lives, c, events);
    KITH_TRY(put_people(b, c, lives, err));
    KITH_TRY(put_families(b, c, lives, err));
    KITH_TRY(put_homes(b, c, lives, err));
done:
    kith_free(lives);
    return status;
}
