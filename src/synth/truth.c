#include "synth/files.h"
#include "synth/places.h"

#define BIT(need) (1u << KITH_NEED_##need)

static void
put_relative(kith_buffer *b, uint64_t base, int32_t relative)
{
    kith_text_char(b, ',');
    if (relative != KITH_NOBODY)
        kith_text_label(b, 'P', base + (uint32_t)relative);
}

static void
put_needs(kith_buffer *b, uint32_t needs)
{
    bool any = false;
    for (unsigned k = 0; k < KITH_NEEDS; k++) {
        if ((needs >> k & 1u) == 0)
            continue;
        if (any)
            kith_text_char(b, '|');
        any = true;
        kith_text_raw(b, kith_need_name((kith_need)k));
    }
}

/* Severe and multiple disadvantage (Hard Edges): homelessness, drugs or
 * alcohol, crime; how many of the three. */
static unsigned
disadvantages(uint32_t needs)
{
    const uint32_t home = BIT(HOMELESS) | BIT(ROUGH);
    const uint32_t crime = BIT(OFFENCE_ADULT) | BIT(CUSTODY) | BIT(ORDER);
    unsigned n = 0;
    n += (needs & home) != 0;
    n += (needs & BIT(TREATMENT)) != 0;
    n += (needs & crime) != 0;
    return n;
}

static void
put_person(kith_buffer *b, const kith_cell *c, size_t i)
{
    const kith_tables *t = c->world->tables;
    const kith_area *area = &t->areas[c->area];
    const kith_person *p = &c->people[i];
    const uint64_t base = (uint64_t)c->number * KITH_CELL_SLOTS;
    kith_text_label(b, 'P', base + i);
    kith_text_char(b, ',');
    kith_text_label(b, 'H', base + p->household);
    kith_text_char(b, ',');
    kith_text_label(b, 'F', base + p->family);
    kith_text_char(b, ',');
    kith_text_raw(b, kith_household_type_name(c->homes[p->household].type));
    kith_text_char(b, ',');
    kith_text_raw(b,
                  kith_dict_at(&t->names, t->districts[area->district].name));
    kith_text_char(b, ',');
    kith_text_field(b, kith_dict_at(&t->names, area->neighbourhood), ',');
    kith_text_char(b, ',');
    kith_text_raw(b,
                  kith_dict_at(&t->names, t->communities[p->community].name));
    kith_text_raw(b, p->sex == 0 ? ",M," : ",F,");
    kith_text_date(b, p->born, KITH_DATE_ISO);
    kith_text_char(b, ',');
    kith_text_date(b, p->died <= c->world->today ? p->died : KITH_NO_DATE,
                   KITH_DATE_ISO);
    put_relative(b, base, p->mother);
    put_relative(b, base, p->father);
    put_relative(b, base, p->partner);
    kith_text_char(b, ',');
    kith_text_amount(b, (int32_t)(p->latent * 100));
    kith_text_char(b, ',');
    kith_text_u64(b, disadvantages(p->needs));
    kith_text_char(b, ',');
    put_needs(b, p->needs);
    kith_text_char(b, '\n');
}

/* As a council would list it: of the old people a care home, else a hostel. */
static void
put_communal(kith_buffer *b, const kith_cell *c, const kith_household *home)
{
    enum { CARE_AGE = 60 };
    const int32_t born = c->people[home->first].born;
    const bool care = kith_age_years(born, c->world->reference) >= CARE_AGE;
    kith_address a;
    kith_address_at(&a, c->world, c->number, home->dwelling);
    kith_text_raw(b, care ? "care_home," : "hostel,");
    kith_text_u64(b, a.uprn);
    kith_text_char(b, ',');
    kith_text_raw(b, a.postcode);
    kith_text_char(b, ',');
    kith_text_field(b, a.house, ',');
    kith_text_char(b, '\n');
}

static kith_status
list_communal(kith_buffer *b, const kith_cell *c, kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t h = 0; h < c->n_homes; h++) {
        if (c->homes[h].type != KITH_HOME_COMMUNAL || c->homes[h].n == 0)
            continue;
        KITH_TRY(kith_text_reserve(b, err));
        put_communal(b, c, &c->homes[h]);
    }
done:
    return status;
}

kith_status
kith_truth_people(kith_cell_text *text, const kith_cell *c, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer *b = &text->files[KITH_FILE_PERSONS];
    for (size_t i = 0; i < c->n_people; i++) {
        if (c->people[i].born > c->world->today)
            continue;
        KITH_TRY(kith_text_reserve(b, err));
        put_person(b, c, i);
    }
    b = &text->files[KITH_FILE_AREAS];
    const uint32_t n = kith_postcode_count(c->world);
    for (uint32_t i = 0; i < n; i++) {
        const kith_tables *t = c->world->tables;
        const kith_area *area = &t->areas[c->area];
        char postcode[12];
        kith_postcode_at(postcode, c->world, c->number, i);
        KITH_TRY(kith_text_reserve(b, err));
        kith_text_raw(b, postcode);
        kith_text_char(b, ',');
        kith_text_field(b, kith_dict_at(&t->names, area->neighbourhood), ',');
        kith_text_char(b, ',');
        kith_text_raw(
            b, kith_dict_at(&t->names, t->districts[area->district].name));
        /* Neighbourhoods lie between deciles; a register says whole ones. */
        kith_text_char(b, ',');
        kith_text_u64(b, (uint64_t)(area->deprivation + 0.5));
        kith_text_char(b, '\n');
    }
    KITH_TRY(list_communal(&text->files[KITH_FILE_COMMUNAL], c, err));
done:
    return status;
}

/* The six domains of the Troubled Families programme, 2015 to 2020. */
static unsigned
domains(uint32_t needs)
{
    static const uint32_t of[6] = {
        BIT(OFFENCE_ADULT) | BIT(OFFENCE_YOUTH) | BIT(ASB) | BIT(CUSTODY) |
            BIT(ORDER),
        BIT(ABSENCE) | BIT(EXCLUSION) | BIT(OFF_ROLL),
        BIT(EARLY_HELP) | BIT(CIN) | BIT(CPP) | BIT(LAC) | BIT(EARLY_YEARS) |
            BIT(MISSING_CHILD),
        BIT(BENEFIT) | BIT(NEET) | BIT(ARREARS) | BIT(EVICTION),
        BIT(ABUSE),
        BIT(TREATMENT) | BIT(MENTAL_ADULT) | BIT(MENTAL_CHILD)};
    unsigned n = 0;
    for (unsigned i = 0; i < 6; i++)
        n += (needs & of[i]) != 0;
    return n;
}

static void
put_family(kith_buffer *b, const kith_cell *c, size_t first, size_t end)
{
    const kith_tables *t = c->world->tables;
    const kith_area *area = &t->areas[c->area];
    const kith_person *p = &c->people[first];
    const uint64_t base = kith_person_number(c, 0);
    const int32_t today = c->world->today;
    unsigned children = 0;
    unsigned adults = 0;
    uint32_t needs = 0;
    for (size_t i = first; i < end; i++) {
        const kith_person *member = &c->people[i];
        const bool minor = kith_age_years(member->born, today) < 18;
        children += minor && member->born <= today;
        adults += !minor;
        needs |= member->needs;
    }
    const unsigned n = domains(needs);
    kith_text_label(b, 'F', base + p->family);
    kith_text_char(b, ',');
    kith_text_label(b, 'H', base + p->household);
    kith_text_char(b, ',');
    kith_text_raw(b,
                  kith_dict_at(&t->names, t->districts[area->district].name));
    kith_text_char(b, ',');
    kith_text_field(b, kith_dict_at(&t->names, area->neighbourhood), ',');
    kith_text_char(b, ',');
    kith_text_u64(b, children);
    kith_text_char(b, ',');
    kith_text_u64(b, adults);
    kith_text_char(b, ',');
    kith_text_u64(b, n);
    kith_text_raw(b, children != 0 && n >= 2 ? ",yes," : ",no,");
    put_needs(b, needs);
    kith_text_char(b, '\n');
}

/* A family's people stand next to each other. */
kith_status
kith_truth_families(kith_cell_text *text, const kith_cell *c, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer *b = &text->files[KITH_FILE_FAMILIES];
    for (size_t first = 0; first < c->n_people;) {
        size_t end = first + 1;
        while (end < c->n_people &&
               c->people[end].family == c->people[first].family)
            end++;
        KITH_TRY(kith_text_reserve(b, err));
        put_family(b, c, first, end);
        first = end;
    }
done:
    return status;
}
