#include "evaluate/further.h"

#include "base/alloc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One in so many of the linked pairs is worth a pass. */
#define WORTH 1e-3

/* People a block that a single site may compare. */
#define WIDE 100.0

enum { MAX_CHOICES = KITH_MAX_PASSES * KITH_MAX_KEY, BEST = 5 };

/* A part that a key may be made of. */
typedef struct choice {
    char name[64];
    uint8_t field;
    uint32_t parts;   /* of the fit */
    double by_chance; /* share of people who agree with one */
} choice;

typedef struct key {
    char name[200];
    uint32_t parts, fields;
    double width; /* people a block */
    double gain;  /* pairs */
} key;

typedef struct keys {
    key *items;
    size_t n, cap;
} keys;

typedef struct choices {
    choice items[MAX_CHOICES];
    size_t n;
} choices;

typedef struct some_pairs {
    uint32_t possible; /* bit p: pass p */
    double n;
} some_pairs;

typedef struct all_pairs {
    some_pairs *items;
    size_t n, cap;
} all_pairs;

typedef struct further {
    const kith_further *from;
    choices choices;
    all_pairs pairs;
    keys keys;
} further;

/* How many share a part by chance. Names: surnames and forenames that agree
 * in .0038 and .0040 of random pairs (Splink's published model of persons),
 * sounds and first letters as in made-up people here; dates: 80 years; a
 * postcode holds 40 people, a sector 5,000, a district 20,000. */
static double
by_chance(kith_field_kind field, kith_part_kind part, double n_persons)
{
    switch (part) {
    case KITH_PART_INITIAL:
        return 1.0 / 16;
    case KITH_PART_SOUNDEX:
        return 1.0 / 250;
    case KITH_PART_YEAR:
        return 1.0 / 80;
    case KITH_PART_MONTH:
        return 1.0 / 12;
    case KITH_PART_DAY:
        return 1.0 / 30;
    case KITH_PART_DAYMONTH:
        return 1.0 / 365;
    case KITH_PART_SORTED:
        return 2.0 / (365 * 80);
    case KITH_PART_DISTRICT:
        return fmin(1, 20000 / n_persons);
    case KITH_PART_SECTOR:
        return fmin(1, 5000 / n_persons);
    case KITH_PART_WHOLE:
    default:
        return field == KITH_FIELD_DATE   ? 1.0 / (365 * 80)
               : field == KITH_FIELD_NAME ? 1.0 / 250
               : field == KITH_FIELD_TEXT ? 1.0 / 250
               : field == KITH_FIELD_SEX  ? 1.0 / 2
                                          : fmin(1, 40 / n_persons);
    }
}

static void
add_choice(choices *to, const kith_further *from, uint8_t field,
           kith_part_kind kind, const char *text)
{
    const kith_spec *spec = from->spec;
    choice *c = &to->items[to->n];
    const char *dot = strchr(text, '.');
    *c = (choice){.field = field,
                  .parts = kith_missed_parts(from->missed, spec, field, kind),
                  .by_chance = by_chance(spec->fields[field].kind, kind,
                                         (double)from->n_persons)};
    (void)snprintf(c->name, sizeof c->name, "%s%.24s", spec->fields[field].name,
                   dot == NULL ? "" : dot);
    if (c->parts == 0 || to->n + 1 == MAX_CHOICES)
        return;
    for (size_t i = 0; i < to->n; i++) {
        if (strcmp(to->items[i].name, c->name) == 0)
            return;
    }
    to->n++;
}

/* The parts of the passes' keys; either name stands for both. */
static void
list_choices(choices *to, const kith_further *from)
{
    const kith_spec *spec = from->spec;
    for (unsigned p = 0; p < spec->n_passes; p++) {
        const kith_spec_pass *pass = &spec->passes[p];
        for (unsigned k = 0; k < pass->n_key; k++) {
            const kith_value *v = &pass->key[k];
            const kith_part *part = &v->parts[0];
            if (v->n_parts != 1)
                continue;
            if (part->field < spec->n_fields) {
                add_choice(to, from, part->field, part->kind, v->text);
                continue;
            }
            for (unsigned which = 0; which < 2; which++)
                add_choice(to, from, kith_missed_name(spec, which), part->kind,
                           v->text);
        }
    }
}

/* The fields that a record needs for a row in a pass: all of one set and, if
 * that is not empty, one of the other. */
typedef struct needs {
    uint32_t all, one;
} needs;

static needs
needs_of(const kith_spec *spec, const kith_spec_pass *pass)
{
    const uint32_t names =
        1u << kith_missed_name(spec, 0) | 1u << kith_missed_name(spec, 1);
    needs n = {0, 0};
    for (unsigned k = 0; k < pass->n_key; k++) {
        for (unsigned i = 0; i < pass->key[k].n_parts; i++) {
            const uint8_t field = pass->key[k].parts[i].field;
            if (field < spec->n_fields)
                n.all |= 1u << field;
            else if (field == KITH_FIELD_OTHER)
                n.all |= names;
            else
                n.one |= names;
        }
    }
    return n;
}

/* Do both records of pairs that could meet in these passes, and in no other,
 * hold the fields? Who has either name has both, unless a pass says not. */
static bool
hold_fields(const kith_spec *spec, uint32_t possible, uint32_t fields)
{
    uint32_t held = 0;
    for (unsigned p = 0; p < spec->n_passes; p++) {
        const needs n = needs_of(spec, &spec->passes[p]);
        if ((possible >> p & 1) != 0)
            held |= n.all | n.one;
        else if ((n.all & ~fields) == 0 &&
                 (n.one == 0 || (n.one & fields) != 0))
            return false;
    }
    return (fields & ~held) == 0;
}

/* Pairs, covered or not, by the passes in which they could meet. */
static kith_status
list_pairs(all_pairs *to, const kith_missed *m, kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < m->n; i++) {
        const kith_missed_class *c = &m->classes[i];
        size_t k = 0;
        if (c->covered == 0)
            continue;
        while (k < to->n && to->items[k].possible != c->possible)
            k++;
        KITH_TRY(KITH_GROW(&to->items, &to->cap, k + 1, err));
        if (k == to->n)
            to->items[to->n++] = (some_pairs){c->possible, 0};
        to->items[k].n += (double)c->n;
    }
    for (size_t k = 0; k < to->n; k++) {
        const double missed = kith_missed_share(m, to->items[k].possible);
        to->items[k].n *= missed < 1 ? 1 / (1 - missed) : 0;
    }
done:
    return status;
}

/* Pairs that a key would find and no pass covers. */
static double
gain_of(const further *f, const key *k)
{
    double gain = 0;
    for (size_t i = 0; i < f->pairs.n; i++) {
        const some_pairs *p = &f->pairs.items[i];
        if (!hold_fields(f->from->spec, p->possible, k->fields))
            continue;
        const double share =
            kith_missed_gain(f->from->missed, p->possible, k->parts);
        gain += isnan(share) ? 0 : p->n * share;
    }
    return gain;
}

static kith_status
add_key(further *f, const choice *const *parts, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    keys *to = &f->keys;
    const kith_spec *spec = f->from->spec;
    key k = {.name = "", .width = (double)f->from->n_persons};
    for (size_t i = 0; i < n; i++) {
        const size_t used = strlen(k.name);
        if ((k.fields >> parts[i]->field & 1) != 0)
            return KITH_OK;
        k.fields |= 1u << parts[i]->field;
        k.parts |= parts[i]->parts;
        k.width *= parts[i]->by_chance;
        (void)snprintf(k.name + used, sizeof k.name - used, "%s%s",
                       i == 0 ? "" : "+", parts[i]->name);
    }
    /* Each block holds somebody; the others are there by chance. */
    k.width += 1;
    if (k.width > (spec->single_site ? WIDE : spec->max_block_mean))
        return KITH_OK;
    k.gain = gain_of(f, &k);
    KITH_TRY(KITH_GROW(&to->items, &to->cap, to->n + 1, err));
    to->items[to->n++] = k;
done:
    return status;
}

static int
compare_keys(const void *a, const void *b)
{
    const key *x = a;
    const key *y = b;
    if (x->gain != y->gain)
        return x->gain < y->gain ? 1 : -1;
    return strcmp(x->name, y->name);
}

static kith_status
write_best(kith_out *out, further *f, kith_error *err)
{
    kith_status status = KITH_OK;
    const double n_linked = (double)f->from->n_linked;
    const keys *k = &f->keys;
    if (k->n > 1)
        qsort(k->items, k->n, sizeof *k->items, compare_keys);
    for (size_t i = 0; i < k->n && i < BEST; i++) {
        const key *best = &k->items[i];
        if (best->gain < WORTH * n_linked || best->gain < 1)
            break;
        KITH_TRY(kith_out_printf(out, err, "suggest_pass,%s,%.0f\n", best->name,
                                 best->gain));
        KITH_TRY(kith_out_printf(out, err, "suggest_people_a_block,%s,%.1f\n",
                                 best->name, best->width));
    }
    if (n_linked > 0)
        KITH_TRY(kith_out_printf(out, err, "all,best_further_pass,%.6f\n",
                                 k->n == 0 ? 0 : k->items[0].gain / n_linked));
done:
    return status;
}

static kith_status
add_keys_of_two(further *f, kith_error *err)
{
    kith_status status = KITH_OK;
    const choices *c = &f->choices;
    for (size_t i = 0; i < c->n; i++) {
        for (size_t j = i + 1; j < c->n; j++) {
            const choice *two[] = {&c->items[i], &c->items[j]};
            KITH_TRY(add_key(f, two, 2, err));
        }
    }
done:
    return status;
}

static kith_status
add_keys_of_three(further *f, kith_error *err)
{
    kith_status status = KITH_OK;
    const choices *c = &f->choices;
    for (size_t i = 0; i < c->n; i++) {
        for (size_t j = i + 1; j < c->n; j++) {
            for (size_t k = j + 1; k < c->n; k++) {
                const choice *three[] = {&c->items[i], &c->items[j],
                                         &c->items[k]};
                KITH_TRY(add_key(f, three, 3, err));
            }
        }
    }
done:
    return status;
}

kith_status
kith_further_write(kith_out *out, const kith_further *from, kith_error *err)
{
    kith_status status = KITH_OK;
    further f = {.from = from};
    list_choices(&f.choices, from);
    KITH_TRY(list_pairs(&f.pairs, from->missed, err));
    KITH_TRY(add_keys_of_two(&f, err));
    KITH_TRY(add_keys_of_three(&f, err));
    KITH_TRY(write_best(out, &f, err));
done:
    kith_free(f.keys.items);
    kith_free(f.pairs.items);
    return status;
}
