#include "synth/record.h"

#include "synth/identity.h"
#include "synth/names.h"

#include <string.h>

kith_stay
kith_person_stay(const kith_person *p, int32_t on)
{
    for (uint8_t i = 0; i + 1 < p->n_stays; i++)
        if (p->stays[i].from <= on)
            return p->stays[i];
    return p->stays[p->n_stays - 1];
}

static void
set_text(char *out, size_t cap, const char *s)
{
    out[0] = '\0';
    kith_text_append(out, cap, s);
}

static void
set_address(kith_record *r, const kith_world *w, kith_stay stay)
{
    kith_address a;
    kith_address_at(&a, w, stay.cell, stay.dwelling);
    set_text(r->house, sizeof r->house, a.house);
    set_text(r->street, sizeof r->street, a.street);
    set_text(r->postcode, sizeof r->postcode, a.postcode);
    r->uprn = a.uprn;
}

static void
set_email(kith_record *r, uint64_t person)
{
    /* ASCII letters of the names, as a mail provider would have them. */
    size_t n = 0;
    const char *parts[2] = {r->forename, r->surname};
    for (unsigned k = 0; k < 2; k++) {
        for (const char *p = parts[k]; *p != '\0' && n < 40; p++) {
            const char c = (char)(*p | 0x20);
            if (c >= 'a' && c <= 'z')
                r->email[n++] = c;
        }
        if (k == 0)
            r->email[n++] = '.';
    }
    n += kith_text_number(r->email + n, person % 9973, 1);
    memcpy(r->email + n, "@example.com", 13);
}

/* What not every agency holds. */
static void
set_held(kith_record *r, const kith_cell *c, size_t person, kith_held held)
{
    const uint64_t number = kith_person_number(c, person);
    const kith_person *p = &c->people[person];
    if (held == KITH_HELD_NHS)
        kith_nhs_number(r->nhs, number);
    if (held == KITH_HELD_NINO)
        kith_nino(r->nino, number);
    if (held == KITH_HELD_UPN)
        kith_upn(r->upn, number);
    if (held == KITH_HELD_EMAIL)
        set_email(r, number);
    if (held != KITH_HELD_PHONE)
        return;
    /* A phone of one's own from twelve on; before, the household's. */
    const bool own = r->updated - p->born > 12 * 365;
    const uint32_t first = c->homes[p->household].first;
    kith_phone(r->phone, own ? number : kith_person_number(c, first));
}

void
kith_record_of(kith_record *r, const kith_cell *c, size_t person,
               const kith_agency *agency, int32_t on)
{
    const kith_person *p = &c->people[person];
    const kith_tables *t = c->world->tables;
    r->errors = 0;
    r->with = KITH_NOBODY;
    r->updated = on;
    r->dob = p->born;
    r->sex = p->sex == 0 ? 'M' : 'F';
    set_text(r->forename, sizeof r->forename,
             kith_dict_at(&t->names, p->forename));
    r->middle[0] = '\0';
    if (p->middle != KITH_DICT_NONE)
        set_text(r->middle, sizeof r->middle,
                 kith_dict_at(&t->names, p->middle));
    const bool before = p->renamed != KITH_NO_DATE && on < p->renamed;
    kith_surname_text(t, before ? p->former : p->surname, r->surname);
    set_address(r, c->world, kith_person_stay(p, on));
    r->nhs[0] = r->nino[0] = r->upn[0] = r->phone[0] = r->email[0] = '\0';
    for (unsigned i = 0;
         i < KITH_AGENCY_COLUMNS && agency->columns[i].header != NULL; i++)
        set_held(r, c, person, agency->columns[i].held);
}

void
kith_record_visit(kith_record *r, const kith_cell *c, int32_t parent)
{
    const kith_person *p = &c->people[parent];
    r->with = parent;
    set_address(r, c->world, kith_person_stay(p, r->updated));
}

/* What error rates depend on besides the agency: names from abroad and
 * deprived places fare worse (missed links concentrate there: cohorts notes,
 * Q2 and Q4). */
static double
quality(const kith_cell *c, const kith_person *p)
{
    const double names =
        c->world->tables->communities[p->community].error_factor;
    const double place = p->latent > 1 ? 1.35 : p->latent > 0 ? 1.1 : 0.9;
    return names * place;
}

typedef struct spoil {
    kith_record *r;
    const kith_cell *c;
    const kith_person *p;
    const double *rates;
    double factor;
    uint32_t held; /* what the agency has columns for */
    kith_rng *rng;
} spoil;

/* NHS numbers are oftener not known than anything else: so often that the
 * number or, failing that, exact details find the register's record of 95.9 %
 * of the records of agencies that hold it (HESID misses 4.1 %: PMC4550723). */
static const double NHS_MISSING = 11.2;

/* Draws whether an error of @p kind happens; says so in the record only when
 * it then shows. */
static bool
goes_wrong(const spoil *s, kith_error_kind kind, double factor)
{
    const double rate = s->rates[kind] * factor;
    return rate > 0 && kith_rng_chance(s->rng, rate);
}

static void
note(const spoil *s, kith_error_kind kind)
{
    s->r->errors |= 1u << kind;
}

/* The same, where the agency would show it. */
static void
note_in(const spoil *s, kith_held held, kith_error_kind kind)
{
    if ((s->held >> held & 1u) != 0)
        note(s, kind);
}

static void
spoil_address(const spoil *s)
{
    kith_record *r = s->r;
    const kith_person *p = s->p;
    if (p->n_stays > 1 &&
        goes_wrong(s, KITH_ERROR_OLD_ADDRESS, 0.7 * s->factor)) {
        for (uint8_t i = 0; i + 1 < p->n_stays; i++) {
            if (p->stays[i].from > r->updated ||
                p->stays[i + 1].from > r->updated)
                continue;
            set_address(r, s->c->world, p->stays[i + 1]);
            note_in(s, KITH_HELD_POSTCODE, KITH_ERROR_OLD_ADDRESS);
            break;
        }
    }
    if (kith_rng_chance(s->rng, 0.4 * s->rates[KITH_ERROR_TYPING]) &&
        kith_slip_typing(r->postcode, sizeof r->postcode, s->c->world->tables,
                         s->rng))
        note_in(s, KITH_HELD_POSTCODE, KITH_ERROR_TYPING);
}

static void
spoil_surname_age(const spoil *s)
{
    const kith_person *p = s->p;
    if (p->renamed == KITH_NO_DATE || s->r->updated < p->renamed ||
        !goes_wrong(s, KITH_ERROR_OLD_SURNAME, 1))
        return;
    kith_surname_text(s->c->world->tables, p->former, s->r->surname);
    note(s, KITH_ERROR_OLD_SURNAME);
}

static char *
either_name(const spoil *s)
{
    return kith_rng_chance(s->rng, 0.55) ? s->r->surname : s->r->forename;
}

static void
spoil_names(const spoil *s)
{
    const kith_tables *t = s->c->world->tables;
    kith_record *r = s->r;
    if (goes_wrong(s, KITH_ERROR_NICKNAME, 1) &&
        kith_slip_variant(r->forename, sizeof r->forename, t, &t->nicknames,
                          s->rng))
        note(s, KITH_ERROR_NICKNAME);
    if (goes_wrong(s, KITH_ERROR_SPELLING, s->factor) &&
        kith_slip_variant(either_name(s), KITH_TEXT_FIELD, t, &t->spellings,
                          s->rng))
        note(s, KITH_ERROR_SPELLING);
    if (goes_wrong(s, KITH_ERROR_PHONETIC, s->factor) &&
        kith_slip_rewrite(either_name(s), KITH_TEXT_FIELD, &t->phonetic,
                          s->rng))
        note(s, KITH_ERROR_PHONETIC);
    if (goes_wrong(s, KITH_ERROR_OCR, 1) &&
        kith_slip_rewrite(either_name(s), KITH_TEXT_FIELD, &t->ocr, s->rng))
        note(s, KITH_ERROR_OCR);
    if (goes_wrong(s, KITH_ERROR_TYPING, s->factor) &&
        kith_slip_typing(either_name(s), KITH_TEXT_FIELD, t, s->rng))
        note(s, KITH_ERROR_TYPING);
}

/* Cuts a text to @p n bytes, at a whole character. */
static void
cut(char *s, size_t n)
{
    while (n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80)
        n--;
    s[n] = '\0';
}

static void
spoil_form(const spoil *s)
{
    kith_record *r = s->r;
    if (goes_wrong(s, KITH_ERROR_SWAPPED, s->factor) &&
        strcmp(r->surname, r->forename) != 0) {
        char other[KITH_TEXT_FIELD];
        memcpy(other, r->surname, sizeof other);
        memcpy(r->surname, r->forename, sizeof r->surname);
        memcpy(r->forename, other, sizeof r->forename);
        note(s, KITH_ERROR_SWAPPED);
    }
    if (goes_wrong(s, KITH_ERROR_TRUNCATION, 1) && strlen(r->surname) > 8) {
        cut(r->surname, 8);
        note(s, KITH_ERROR_TRUNCATION);
    }
    if (goes_wrong(s, KITH_ERROR_INITIAL, 1) && strlen(r->forename) > 1) {
        cut(r->forename, (unsigned char)r->forename[0] < 128 ? 1 : 2);
        note(s, KITH_ERROR_INITIAL);
    }
}

static void
spoil_birth(const spoil *s)
{
    kith_record *r = s->r;
    if (r->dob == KITH_NO_DATE)
        return;
    kith_ymd d = kith_ymd_from_days(r->dob);
    if (goes_wrong(s, KITH_ERROR_DAY_MONTH, 1) && d.day <= 12 &&
        d.day != d.month) {
        const uint8_t day = d.day;
        d.day = d.month;
        d.month = day;
        note(s, KITH_ERROR_DAY_MONTH);
    }
    if (goes_wrong(s, KITH_ERROR_WRONG_YEAR, 1)) {
        static const int32_t off[6] = {-1, 1, -10, 10, -2, 2};
        d.year += off[kith_rng_below(s->rng, 6)];
        if (!kith_ymd_valid(d))
            d.day = 28;
        note(s, KITH_ERROR_WRONG_YEAR);
    }
    r->dob = kith_days_from_ymd(d);
    if (r->dob > r->updated)
        r->dob = r->updated;
}

static void
lose_something(const spoil *s)
{
    kith_record *r = s->r;
    if (goes_wrong(s, KITH_ERROR_MISSING, s->factor)) {
        const uint64_t which = kith_rng_below(s->rng, 5);
        if (which == 0)
            r->forename[0] = '\0';
        else if (which <= 2)
            r->dob = KITH_NO_DATE;
        else {
            r->postcode[0] = '\0';
            r->house[0] = '\0';
            r->uprn = 0;
        }
        note_in(s, which > 2 ? KITH_HELD_POSTCODE : KITH_HELD_DOB,
                KITH_ERROR_MISSING);
    }
    if (goes_wrong(s, KITH_ERROR_PLACEHOLDER, 1)) {
        static const char *const words[] = {"UNKNOWN", "NOT KNOWN", "BABY",
                                            "TEST"};
        const uint64_t which = kith_rng_below(s->rng, 3);
        if (which == 0)
            set_text(r->forename, sizeof r->forename,
                     words[kith_rng_below(s->rng, 4)]);
        else if (which == 1)
            r->dob = kith_days_from_ymd((kith_ymd){1900, 1, 1});
        else
            set_text(r->postcode, sizeof r->postcode, "ZZ99 3VZ");
        note_in(s, which == 2 ? KITH_HELD_POSTCODE : KITH_HELD_DOB,
                KITH_ERROR_PLACEHOLDER);
    }
    if (r->dob != KITH_NO_DATE && goes_wrong(s, KITH_ERROR_IMPOSSIBLE_DATE, 1))
        note(s, KITH_ERROR_IMPOSSIBLE_DATE);
}

void
kith_record_spoil(kith_record *r, const kith_cell *c, size_t person,
                  unsigned agency, kith_rng *rng)
{
    const kith_person *p = &c->people[person];
    const spoil s = {r,
                     c,
                     p,
                     c->world->tables->errors[agency],
                     quality(c, p),
                     kith_agency_holds(kith_agency_at(agency)),
                     rng};
    spoil_address(&s);
    spoil_surname_age(&s);
    spoil_names(&s);
    spoil_form(&s);
    spoil_birth(&s);
    lose_something(&s);
    if (goes_wrong(&s, KITH_ERROR_SHARED_PHONE, 1)) {
        const uint32_t first = c->homes[p->household].first;
        if (first != person) {
            kith_phone(r->phone, kith_person_number(c, first));
            note_in(&s, KITH_HELD_PHONE, KITH_ERROR_SHARED_PHONE);
        }
    }
    if (goes_wrong(&s, KITH_ERROR_MISSING, NHS_MISSING * s.factor)) {
        r->nhs[0] = '\0';
        note_in(&s, KITH_HELD_NHS, KITH_ERROR_MISSING);
    }
    if (goes_wrong(&s, KITH_ERROR_WRONG_NHS, 1)) {
        const size_t other = kith_rng_below(rng, c->n_people);
        if (other != person) {
            kith_nhs_number(r->nhs, kith_person_number(c, other));
            note(&s, KITH_ERROR_WRONG_NHS);
        }
    }
}
