#include "synth/rows.h"

#include "synth/identity.h"

#include <string.h>

static void
put_id(kith_buffer *b, unsigned agency, uint64_t number)
{
    kith_text_char(b, kith_agency_at(agency)->letter);
    kith_text_digits(b, kith_scramble9(number, agency + 1), 9);
}

/* "O'BRIEN, Mary", as registers are typed; quoted where commas part fields.
 * Without a forename, the surname alone. */
static void
put_full_name(kith_buffer *b, const kith_record *r, char delimiter)
{
    char text[2 * KITH_TEXT_FIELD];
    size_t n = 0;
    for (const char *p = r->surname; *p != '\0'; p++)
        text[n++] = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
    text[n] = '\0';
    if (r->forename[0] != '\0') {
        memcpy(text + n, ", ", 2);
        memcpy(text + n + 2, r->forename, strlen(r->forename) + 1);
    }
    kith_text_field(b, text, delimiter);
}

static void
put_held(kith_buffer *b, const kith_agency *a, kith_held held,
         const kith_record *r)
{
    const char d = a->delimiter;
    switch (held) {
    case KITH_HELD_SURNAME:
        kith_text_field(b, r->surname, d);
        break;
    case KITH_HELD_FORENAME:
        kith_text_field(b, r->forename, d);
        break;
    case KITH_HELD_MIDDLE:
        kith_text_field(b, r->middle, d);
        break;
    case KITH_HELD_DOB:
        if ((r->errors >> KITH_ERROR_IMPOSSIBLE_DATE & 1u) != 0)
            kith_text_no_such_day(b, r->dob, a->dates);
        else
            kith_text_date(b, r->dob, a->dates);
        break;
    case KITH_HELD_SEX:
        if (r->sex != '\0')
            kith_text_char(b, r->sex);
        break;
    case KITH_HELD_POSTCODE:
        kith_text_field(b, r->postcode, d);
        break;
    case KITH_HELD_HOUSE:
        kith_text_field(b, r->house, d);
        break;
    case KITH_HELD_STREET:
        kith_text_field(b, r->street, d);
        break;
    case KITH_HELD_UPRN:
        if (r->uprn != 0)
            kith_text_u64(b, r->uprn);
        break;
    case KITH_HELD_NHS:
        kith_text_field(b, r->nhs, d);
        break;
    case KITH_HELD_NINO:
        kith_text_field(b, r->nino, d);
        break;
    case KITH_HELD_UPN:
        kith_text_field(b, r->upn, d);
        break;
    case KITH_HELD_PHONE:
        kith_text_field(b, r->phone, d);
        break;
    case KITH_HELD_EMAIL:
        kith_text_field(b, r->email, d);
        break;
    case KITH_HELD_FULL_NAME:
        put_full_name(b, r, d);
        break;
    case KITH_HELD_KINDS:
        break;
    }
}

/* A benefit unit is a family; a tenancy and a property are a household. */
static void
put_household(kith_buffer *b, unsigned agency, const kith_cell *c,
              const kith_person *p)
{
    const kith_agency *a = kith_agency_at(agency);
    const uint32_t within = a->household[0] == 'B' ? p->family : p->household;
    kith_text_char(b, 'U');
    kith_text_digits(
        b,
        kith_scramble9((uint64_t)c->number * KITH_CELL_SLOTS + within,
                       agency + 101),
        9);
}

static void
put_errors(kith_buffer *b, uint32_t errors)
{
    bool any = false;
    for (unsigned k = 0; k < KITH_ERRORS; k++) {
        if ((errors >> k & 1u) == 0)
            continue;
        if (any)
            kith_text_char(b, '|');
        any = true;
        kith_text_raw(b, kith_error_kind_name((kith_error_kind)k));
    }
}

/* The household the person lived in on a day: one of these, wherever it lived
 * then, or a former one that is known by its address only. */
static void
put_household_then(kith_buffer *b, const kith_cell *c, const kith_person *p,
                   int32_t on)
{
    const kith_stay s = kith_person_stay(p, on);
    const bool former = s.household == KITH_FORMER;
    kith_text_label(b, former ? 'X' : 'H',
                    (uint64_t)(former ? s.cell : c->number) * KITH_CELL_SLOTS +
                        (former ? s.dwelling : s.household));
}

/* The family of that day; a former one is known by the person. */
static void
put_family_then(kith_buffer *b, const kith_cell *c, size_t person, int32_t on)
{
    const kith_stay s = kith_person_stay(&c->people[person], on);
    const bool former = s.family == KITH_FORMER;
    kith_text_label(b, former ? 'X' : 'F',
                    kith_person_number(c, former ? person : s.family));
}

static kith_status
truth_row(kith_cell_text *text, unsigned agency, const kith_cell *c,
          size_t person, const kith_record *r, kith_error *err)
{
    kith_buffer *b = &text->files[KITH_FILE_RECORDS];
    kith_status status = kith_text_reserve(b, err);
    if (status != KITH_OK)
        return status;
    const kith_person *p = &c->people[person];
    const uint64_t base = (uint64_t)c->number * KITH_CELL_SLOTS;
    kith_text_raw(b, kith_agency_at(agency)->name);
    kith_text_char(b, ',');
    put_id(b, agency, r->number);
    kith_text_char(b, ',');
    kith_text_label(b, 'P', base + person);
    kith_text_char(b, ',');
    kith_text_label(b, 'H', base + p->household);
    kith_text_char(b, ',');
    kith_text_label(b, 'F', base + p->family);
    kith_text_char(b, ',');
    put_errors(b, r->errors);
    kith_text_char(b, ',');
    put_household_then(b, c, r->with == KITH_NOBODY ? p : &c->people[r->with],
                       r->updated);
    kith_text_raw(b, c->homes[p->household].type == KITH_HOME_COMMUNAL ? ",yes,"
                                                                       : ",,");
    put_family_then(b, c, person, r->updated);
    kith_text_char(b, '\n');
    return KITH_OK;
}

static kith_status
record_row(kith_cell_text *text, unsigned agency, const kith_cell *c,
           const kith_person *p, const kith_record *r, kith_error *err)
{
    const kith_agency *a = kith_agency_at(agency);
    kith_buffer *b = &text->files[kith_file_persons(agency)];
    kith_status status = kith_text_reserve(b, err);
    if (status != KITH_OK)
        return status;
    const int32_t age = (r->updated - p->born) / 365;
    put_id(b, agency, r->number);
    for (unsigned i = 0;
         i < KITH_AGENCY_COLUMNS && a->columns[i].header != NULL; i++) {
        const kith_held held = a->columns[i].held;
        kith_text_char(b, a->delimiter);
        /* Children have no NINO, adults no UPN, few children an e-mail. */
        if ((held == KITH_HELD_NINO && age < 16) ||
            (held == KITH_HELD_UPN && age >= 19) ||
            (held == KITH_HELD_EMAIL && age < 14))
            continue;
        put_held(b, a, held, r);
    }
    if (a->household != NULL) {
        kith_text_char(b, a->delimiter);
        put_household(b, agency, c, p);
    }
    kith_text_char(b, a->delimiter);
    kith_text_date(b, r->updated, a->dates);
    kith_text_char(b, '\n');
    return KITH_OK;
}

kith_status
kith_row_person(kith_cell_text *text, unsigned agency, const kith_cell *c,
                size_t person, const kith_record *r, kith_error *err)
{
    kith_status status =
        record_row(text, agency, c, &c->people[person], r, err);
    if (status != KITH_OK)
        return status;
    return truth_row(text, agency, c, person, r, err);
}

kith_status
kith_row_planted(kith_cell_text *text, unsigned agency, const kith_cell *c,
                 size_t person, const kith_record *r, bool ragged,
                 kith_error *err)
{
    kith_buffer *b = &text->files[kith_file_persons(agency)];
    kith_status status =
        record_row(text, agency, c, &c->people[person], r, err);
    if (status != KITH_OK || !ragged)
        return status;
    while (b->data[b->len - 1] != kith_agency_at(agency)->delimiter)
        b->len--;
    b->data[b->len - 1] = '\n';
    return KITH_OK;
}

kith_status
kith_row_event(kith_cell_text *text, unsigned agency, unsigned file,
               const kith_event *e, uint64_t record, kith_error *err)
{
    const kith_agency *a = kith_agency_at(agency);
    const kith_event_spec *spec = kith_event_spec_of(a->events[file].type);
    kith_buffer *b = &text->files[kith_file_events(agency, file)];
    kith_status status = kith_text_reserve(b, err);
    if (status != KITH_OK)
        return status;
    put_id(b, agency, record);
    kith_text_char(b, a->delimiter);
    kith_text_date(b, e->start, a->dates);
    if (spec->spell) {
        kith_text_char(b, a->delimiter);
        kith_text_date(b, e->end, a->dates);
    }
    for (unsigned i = 0; i < KITH_EVENT_CODES && spec->codes[i].name; i++) {
        kith_text_char(b, a->delimiter);
        kith_text_raw(b, spec->codes[i].values[e->codes[i]]);
    }
    for (unsigned i = 0; i < KITH_EVENT_AMOUNTS && spec->amounts[i]; i++) {
        kith_text_char(b, a->delimiter);
        kith_text_amount(b, e->amounts[i]);
    }
    if (a->filter != NULL) {
        kith_text_char(b, a->delimiter);
        kith_text_raw(b, e->left_out ? a->left_out : a->kept);
    }
    kith_text_char(b, '\n');
    return KITH_OK;
}

kith_status
kith_row_relation(kith_cell_text *text, unsigned agency, uint64_t child,
                  uint64_t parent, int32_t from, kith_error *err)
{
    kith_buffer *b = &text->files[kith_file_relations(agency)];
    kith_status status = kith_text_reserve(b, err);
    if (status != KITH_OK)
        return status;
    put_id(b, agency, child);
    kith_text_char(b, ',');
    put_id(b, agency, parent);
    kith_text_char(b, ',');
    kith_text_date(b, from, kith_agency_at(agency)->dates);
    kith_text_char(b, '\n');
    return KITH_OK;
}
