#include "synth/files.h"

/*
 * Who is in a cohort by construction: the shipped criteria's simple cohorts,
 * worked out from everything that happened to a person, whether or not an
 * agency sends it. What a flag misses is then linkage, coverage or a wrong
 * birth date. The definitions repeat fixtures/criteria on purpose: two ways to
 * the same answer can disagree.
 */

enum {
    EARLY_HELP = 0, /* tiers of social care, as its codes are ordered */
    ENQUIRY = 2,
    PROTECTION = 3,
    LOOKED_AFTER = 4,
    OFTEN = 6, /* visits to A&E in a year: more than five (Red Cross) */
    VERY_OFTEN = 10,
    CAUTION = 1 /* outcomes up to this one are convictions */
};

/* What of a person's events the cohorts ask for. */
typedef struct history {
    unsigned visits;
    int care; /* highest tier now, -1 none */
    bool rough;
    bool homeless, treated, convicted;
} history;

static void
look_at(history *s, const kith_event *e, int32_t today)
{
    const int32_t year = kith_add_months(today, -12) + 1;
    const bool spell = kith_event_spec_of((kith_event_type)e->type)->spell;
    const int32_t end = !spell                   ? e->start
                        : e->end == KITH_NO_DATE ? today
                                                 : e->end;
    if (e->start > today)
        return;
    const bool lately = end >= year;
    switch ((int)e->type) {
    case KITH_EVENT_SOCIAL_CARE:
        if (end >= today && e->codes[0] > s->care)
            s->care = e->codes[0];
        break;
    case KITH_EVENT_AE:
        s->visits += lately;
        break;
    case KITH_EVENT_ROUGH:
        s->rough |= end > kith_add_months(today, -3);
        s->homeless |= lately;
        break;
    case KITH_EVENT_HOMELESS:
    case KITH_EVENT_TEMPORARY:
        s->homeless |= lately;
        break;
    case KITH_EVENT_TREATMENT:
        s->treated |= lately;
        break;
    case KITH_EVENT_OFFENCE:
        s->convicted |= lately && e->codes[0] <= CAUTION;
        break;
    case KITH_EVENT_SENTENCE:
    case KITH_EVENT_ORDER:
        s->convicted |= lately;
        break;
    default:
        break;
    }
}

static void
put_row(kith_buffer *b, const char *cohort, uint64_t person, const char *tier)
{
    kith_text_raw(b, cohort);
    kith_text_char(b, ',');
    kith_text_label(b, 'P', person);
    kith_text_char(b, ',');
    kith_text_raw(b, tier);
    kith_text_char(b, '\n');
}

static const char *
care_tier(int care)
{
    if (care >= LOOKED_AFTER)
        return "looked_after";
    if (care >= PROTECTION)
        return "protection_plan";
    return care >= ENQUIRY ? "enquiry" : "in_need";
}

static void
put_cohorts(kith_buffer *b, const history *s, uint64_t person, int32_t age)
{
    const int disadvantages = s->homeless + s->treated + s->convicted;
    if (age < 18 && s->care > EARLY_HELP)
        put_row(b, "children_in_need", person, care_tier(s->care));
    if (s->visits >= OFTEN)
        put_row(b, "frequent_ae", person,
                s->visits >= VERY_OFTEN ? "ten_or_more" : "six_or_more");
    if (s->rough)
        put_row(b, "rough_sleeping", person, "");
    if (age >= 18 && disadvantages >= 2)
        put_row(b, "smd", person, disadvantages == 3 ? "smd3" : "smd2");
}

kith_status
kith_truth_cohorts(kith_cell_text *text, const kith_cell *c,
                   const kith_events *events, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer *b = &text->files[KITH_FILE_COHORTS];
    const int32_t today = c->world->today;
    for (size_t p = 0; p < c->n_people; p++) {
        history s = {.care = -1};
        for (size_t i = events->first[p]; i < events->first[p + 1]; i++)
            look_at(&s, &events->items[i], today);
        KITH_TRY(kith_text_reserve(b, err));
        put_cohorts(b, &s, kith_person_number(c, p),
                    kith_age_years(c->people[p].born, today));
    }
done:
    return status;
}
