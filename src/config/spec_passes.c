#include "config/spec.h"

#include <stdio.h>
#include <string.h>

/*
 * The passes of one site that names none: wide ones, made of what its spec
 * compares. Narrow blocks protect an encoding that leaves the house; here
 * nothing does, and every pair that no pass brings together is lost for good.
 * On made-up registers of ten records a person, half of them with two or three
 * faults, the shipped narrow passes brought together .60 of the true pairs,
 * these .92.
 */

/* What a comparison offers to keys, as written in the spec. */
typedef struct offer {
    const char *names[2];
    const char *date;
    const char *fine;   /* a place of a few households */
    const char *coarse; /* a place of thousands */
    const char *contexts[KITH_MAX_COMPARISONS];
    unsigned n_contexts;
} offer;

static bool
is_context(const kith_value *value, const kith_spec *spec)
{
    kith_field_kind kind = KITH_FIELD_SEX;
    return kith_value_is_field(value, spec, &kind) && kind != KITH_FIELD_SEX &&
           kind != KITH_FIELD_DATE;
}

/* A place to meet alone: the coarsest that is a whole value, if a finer or a
 * coarser one is there as well; a lone one may be a country. */
static void
offer_place(offer *o, const kith_spec_comparison *c)
{
    if (o->coarse != NULL) {
        o->contexts[o->n_contexts++] = c->values[c->n_values - 1].text;
        return;
    }
    o->coarse = c->values[c->n_values - 1].text;
    for (unsigned v = 0; v + 1u < c->n_values; v++) {
        bool whole = true;
        for (unsigned p = 0; p < c->values[v].n_parts; p++)
            whole = whole && c->values[v].parts[p].kind == KITH_PART_WHOLE;
        if (whole)
            o->fine = c->values[v].text;
    }
}

static offer
find_offer(const kith_spec *spec)
{
    offer o = {0};
    for (unsigned i = 0; i < spec->n_comparisons; i++) {
        const kith_spec_comparison *c = &spec->comparisons[i];
        switch (c->kind) {
        case KITH_COMPARE_NAMES:
            for (unsigned n = 0; n < 2 && o.names[1] == NULL; n++)
                o.names[n] = c->values[n].text;
            break;
        case KITH_COMPARE_DATE:
            if (o.date == NULL)
                o.date = c->values[0].text;
            break;
        case KITH_COMPARE_NESTED:
            offer_place(&o, c);
            break;
        case KITH_COMPARE_TEXT:
        case KITH_COMPARE_EXACT:
            if (is_context(&c->values[0], spec))
                o.contexts[o.n_contexts++] = c->values[0].text;
            break;
        }
    }
    return o;
}

/* Adds "<name>: [<a>.<part of a>, <b>.<part of b>]", and nothing when there
 * is no such value or no room. A part that is "" stands for the whole. */
static kith_status
add(kith_spec_build *b, const char *name, const char *const texts[2],
    const char *const parts[2])
{
    kith_status status = KITH_OK;
    kith_spec *spec = b->spec;
    kith_spec_pass *pass = &spec->passes[spec->n_passes];
    if (spec->n_passes == KITH_MAX_PASSES || texts[0] == NULL)
        return KITH_OK;
    *pass = (kith_spec_pass){0};
    (void)snprintf(pass->name, sizeof pass->name, "%s", name);
    for (unsigned i = 0; i < 2 && texts[i] != NULL; i++) {
        char text[sizeof pass->key[0].text + 16];
        (void)snprintf(text, sizeof text, "%s%s%s", texts[i],
                       parts[i][0] != '\0' ? "." : "", parts[i]);
        KITH_TRY(kith_value_parse(&pass->key[i], text, spec, true, b->err));
        pass->either = pass->either || strcmp(texts[i], "either") == 0;
        pass->n_key++;
    }
    spec->n_passes++;
done:
    return status;
}

#define ADD(name, a, a_part, b_text, b_part)                                   \
    KITH_TRY(add(b, (name), (const char *const[2]){(a), (b_text)},             \
                 (const char *const[2]){(a_part), (b_part)}))

/* With a place, a trade, a school: one name, or the year. */
static kith_status
add_contexts(kith_spec_build *b, const offer *o)
{
    kith_status status = KITH_OK;
    for (unsigned i = 0; i < o->n_contexts; i++) {
        char name[KITH_NAME_BYTES];
        (void)snprintf(name, sizeof name, "T%u", i + 1);
        if (o->names[0] != NULL)
            ADD(name, o->contexts[i], "", "either", "soundex");
        (void)snprintf(name, sizeof name, "Y%u", i + 1);
        if (o->date != NULL)
            ADD(name, o->contexts[i], "", o->date, "year");
    }
done:
    return status;
}

/* Records that agree on a number meet, whatever else is wrong. */
static kith_status
add_identifiers(kith_spec_build *b)
{
    kith_status status = KITH_OK;
    for (unsigned i = 0; i < b->spec->n_identifiers; i++) {
        char name[KITH_NAME_BYTES];
        (void)snprintf(name, sizeof name, "I%u", i + 1);
        ADD(name, b->spec->fields[b->spec->identifiers[i].field].name, "", NULL,
            "");
    }
done:
    return status;
}

kith_status
kith_spec_make_passes(kith_spec_build *b)
{
    kith_status status = KITH_OK;
    const offer o = find_offer(b->spec);
    const bool named = o.names[1] != NULL;
    if (named && o.date != NULL) {
        ADD("D", o.date, "sorted", "either", "soundex");
        ADD("M", o.date, "daymonth", "either", "soundex");
        ADD("X", o.date, "year", "either", "soundex");
    }
    ADD("B", o.date, "", NULL, "");
    if (named) {
        ADD("N", o.names[0], "soundex", o.names[1], "soundex");
        if (o.coarse != NULL)
            ADD("A", o.coarse, "", "either", "soundex");
    }
    ADD("P", o.fine, "", NULL, "");
    KITH_TRY(add_identifiers(b));
    KITH_TRY(add_contexts(b, &o));
done:
    return status;
}
