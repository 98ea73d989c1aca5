#include "criteria/vocabulary.h"

#include "base/alloc.h"
#include "base/date.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The types that the shipped criteria use, so that a criteria file can name
 * one before any agency sends it. "name|event or spell|codes|amounts", as in
 * the header of an events file. */
static const char *const known_types[] = {
    "offence|event|outcome,kind|",
    "asb_action|event|action|",
    "sentence|spell|kind|months",
    "order|spell|kind|",
    "attendance|event|term|possible,authorised,unauthorised",
    "exclusion|event|kind,phase|days",
    "school_roll|spell|status,phase|",
    "provision|spell|kind,reason|",
    "early_years|event|eligible,taken_up|hours",
    "social_care|spell|kind,placement|",
    "care_document|event|kind|",
    "benefit|spell|kind,conditionality|",
    "eet_status|event|status|",
    "rent_arrears|event||balance",
    "eviction_notice|event|kind|",
    "domestic_abuse|event|role,kind|",
    "treatment|spell|substance|",
    "mental_health|event|kind,flag|",
    "ae_attendance|event|arrival|",
    "admission|spell|method|",
    "eyfs|event|area,goal|level",
    "homeless_duty|spell|kind,reason|",
    "temporary_accommodation|spell|kind|",
    "rough_sleeping|event|kind|",
    "special_need|spell|kind|",
    "young_carer|spell||",
    "pregnancy|spell||",
    "youth_custody|spell||",
    "missing|event|kind|days",
    "parental_conflict|event||",
    "intervention|spell|programme,outcome|",
    "employment|spell|kind|hours",
    "work_programme|spell|outcome|",
    "risk_assessment|event|harm|reoffending",
    "nomination|spell|cohort,criterion,decision,by|",
    "list|spell|name|",
    "death|event||",
};

static char *
lower_copy(kith_str s)
{
    char *copy = kith_alloc_array(s.len + 1, 1);
    for (size_t i = 0; copy != NULL && i < s.len; i++)
        copy[i] = (char)tolower((unsigned char)s.data[i]);
    return copy;
}

/* The part before @p sep; *rest moves past it. */
static kith_str
next_part(kith_str *rest, char sep)
{
    size_t k = 0;
    while (k < rest->len && rest->data[k] != sep)
        k++;
    const kith_str part = {rest->data, k};
    const size_t past = k < rest->len ? k + 1 : k;
    rest->data += past;
    rest->len -= past;
    return kith_str_trim(part);
}

static kith_status
add_type(kith_vocabulary *v, kith_str name, uint32_t *out, kith_error *err)
{
    kith_status status = KITH_OK;
    char *lower = lower_copy(name);
    if (lower == NULL)
        return kith_error_memory(err, name.len, 1);
    *out = kith_vocabulary_find(v, lower);
    if (*out == UINT32_MAX) {
        KITH_TRY(
            KITH_GROW(&v->types, &v->types_cap, (size_t)v->n_types + 1, err));
        v->types[v->n_types] = (kith_event_type){.name = lower};
        lower = NULL;
        *out = v->n_types++;
    }
done:
    kith_free(lower);
    return status;
}

/* Adds the names of a comma list and gives each one's slot. */
static kith_status
add_names(char **names, uint32_t *n, kith_str list, uint8_t *slots,
          size_t n_slots, kith_error *err)
{
    for (size_t i = 0; list.len > 0; i++) {
        const kith_str part = next_part(&list, ',');
        uint32_t at = 0;
        char *lower = lower_copy(part);
        if (lower == NULL)
            return kith_error_memory(err, part.len, 1);
        while (at < *n && strcmp(names[at], lower) != 0)
            at++;
        if (at == KITH_MAX_ATTRIBUTES || i == n_slots) {
            kith_free(lower);
            return kith_error_set(err, KITH_ERR_DATA,
                                  "too many attributes of one event type");
        }
        slots[i] = (uint8_t)at;
        if (at == *n)
            names[(*n)++] = lower;
        else
            kith_free(lower);
    }
    return KITH_OK;
}

/* "name|event or spell|codes|amounts" */
static kith_status
merge_type(kith_vocabulary *v, kith_str text, uint32_t *type, uint8_t *codes,
           uint8_t *amounts, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_str name = next_part(&text, '|');
    const kith_str nature = next_part(&text, '|');
    KITH_TRY(add_type(v, name, type, err));
    kith_event_type *t = &v->types[*type];
    t->known = true;
    t->spell = t->spell || kith_str_equal(nature, "spell");
    KITH_TRY(add_names(t->codes, &t->n_codes, next_part(&text, '|'), codes,
                       KITH_EVENT_CODES, err));
    KITH_TRY(add_names(t->amounts, &t->n_amounts, next_part(&text, '|'),
                       amounts, KITH_EVENT_AMOUNTS, err));
done:
    return status;
}

kith_status
kith_vocabulary_new(kith_vocabulary **out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_vocabulary *v = NULL;
    KITH_TRY(KITH_ALLOC(&v, 1, err));
    for (size_t i = 0; i < sizeof known_types / sizeof known_types[0]; i++) {
        uint32_t type = 0;
        uint8_t codes[KITH_EVENT_CODES];
        uint8_t amounts[KITH_EVENT_AMOUNTS];
        KITH_TRY(merge_type(v, kith_str_of(known_types[i]), &type, codes,
                            amounts, err));
    }
    v->death = kith_vocabulary_find(v, "death");
    *out = v;
    v = NULL;
done:
    kith_vocabulary_free(v);
    return status;
}

void
kith_vocabulary_free(kith_vocabulary *v)
{
    if (v == NULL)
        return;
    for (uint32_t i = 0; i < v->n_types; i++) {
        kith_event_type *t = &v->types[i];
        kith_free(t->name);
        for (uint32_t k = 0; k < KITH_MAX_ATTRIBUTES; k++) {
            kith_free(t->codes[k]);
            kith_free(t->amounts[k]);
        }
        for (uint32_t k = 0; k < t->n_coverage; k++)
            kith_free(t->coverage[k].area);
        kith_free(t->coverage);
    }
    kith_free(v->types);
    kith_dict_done(&v->texts);
    kith_free(v);
}

void
kith_agency_types_done(kith_agency_types *a)
{
    kith_free(a->type);
    kith_free(a->code);
    kith_free(a->amount);
    kith_free(a->text);
    *a = (kith_agency_types){0};
}

uint32_t
kith_vocabulary_find(const kith_vocabulary *v, const char *name)
{
    for (uint32_t i = 0; i < v->n_types; i++) {
        if (strcmp(v->types[i].name, name) == 0)
            return i;
    }
    return UINT32_MAX;
}

kith_status
kith_vocabulary_declare(kith_vocabulary *v, const char *name, bool complete,
                        kith_error *err)
{
    uint32_t type = 0;
    const kith_status status = add_type(v, kith_str_of(name), &type, err);
    if (status == KITH_OK && complete)
        v->types[type].complete = true;
    return status;
}

static kith_status
merge_types(kith_vocabulary *v, kith_agency_types *out, const kith_meta *meta,
            kith_error *err)
{
    kith_status status = KITH_OK;
    size_t cursor = 0;
    size_t caps[3] = {0};
    for (;;) {
        const kith_str text = kith_meta_next(meta, "type", &cursor);
        if (text.data == NULL)
            break;
        const size_t want = (size_t)out->n_types + 1;
        KITH_TRY(KITH_GROW(&out->type, &caps[0], want, err));
        KITH_TRY(KITH_GROW(&out->code, &caps[1], want, err));
        KITH_TRY(KITH_GROW(&out->amount, &caps[2], want, err));
        const uint32_t i = out->n_types;
        memset(out->code[i], 0xff, sizeof out->code[i]);
        memset(out->amount[i], 0xff, sizeof out->amount[i]);
        KITH_TRY(merge_type(v, text, &out->type[i], out->code[i],
                            out->amount[i], err));
        v->types[out->type[i]].sent = true;
        out->n_types++;
    }
done:
    return status;
}

static kith_status
merge_texts(kith_vocabulary *v, kith_agency_types *out, const kith_meta *meta,
            kith_error *err)
{
    kith_status status = KITH_OK;
    size_t cursor = 0;
    size_t cap = 0;
    char *lower = NULL;
    for (;;) {
        const kith_str text = kith_meta_next(meta, "code", &cursor);
        if (text.data == NULL)
            break;
        KITH_TRY(KITH_GROW(&out->text, &cap, (size_t)out->n_texts + 1, err));
        kith_free(lower);
        lower = lower_copy(kith_str_trim(text));
        if (lower == NULL) {
            status = kith_error_memory(err, text.len, 1);
            goto done;
        }
        KITH_TRY(kith_dict_add(&v->texts, kith_str_of(lower),
                               &out->text[out->n_texts], err));
        out->n_texts++;
    }
done:
    kith_free(lower);
    return status;
}

static int
by_first_day(const void *a, const void *b)
{
    const kith_coverage *x = a;
    const kith_coverage *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

/* "<type>|<from>|<to>|<area>"; to and area may be empty. */
static kith_status
merge_coverage(kith_vocabulary *v, kith_str text, int32_t reference_day,
               const char *path, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t type = 0;
    KITH_TRY(add_type(v, next_part(&text, '|'), &type, err));
    const kith_str from = next_part(&text, '|');
    const kith_str to = next_part(&text, '|');
    const kith_str area = next_part(&text, '|');
    kith_event_type *t = &v->types[type];
    kith_coverage c = {.to = reference_day, .everywhere = area.len == 0};
    if (!kith_date_parse_iso(&c.from, from.data, from.len) ||
        (to.len > 0 && !kith_date_parse_iso(&c.to, to.data, to.len)))
        return kith_error_set(err, KITH_ERR_DATA,
                              "%s: a coverage line without its dates", path);
    KITH_TRY(KITH_GROW(&t->coverage, &t->coverage_cap,
                       (size_t)t->n_coverage + 1, err));
    if (area.len > 0 && (c.area = lower_copy(area)) == NULL)
        return kith_error_memory(err, area.len, 1);
    t->sent = true;
    t->coverage[t->n_coverage++] = c;
    qsort(t->coverage, t->n_coverage, sizeof *t->coverage, by_first_day);
done:
    return status;
}

kith_status
kith_vocabulary_merge(kith_vocabulary *v, kith_agency_types *out,
                      const kith_meta *meta, const char *path,
                      int32_t reference_day, kith_error *err)
{
    kith_status status = KITH_OK;
    size_t cursor = 0;
    KITH_TRY(merge_types(v, out, meta, err));
    KITH_TRY(merge_texts(v, out, meta, err));
    for (;;) {
        const kith_str text = kith_meta_next(meta, "coverage", &cursor);
        if (text.data == NULL)
            break;
        KITH_TRY(merge_coverage(v, text, reference_day, path, err));
    }
done:
    if (status != KITH_OK)
        kith_agency_types_done(out);
    return status;
}

static uint32_t
find_name(char *const *names, uint32_t n, const char *name)
{
    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    return UINT32_MAX;
}

uint32_t
kith_event_type_code(const kith_event_type *t, const char *name)
{
    return find_name(t->codes, t->n_codes, name);
}

uint32_t
kith_event_type_amount(const kith_event_type *t, const char *name)
{
    return find_name(t->amounts, t->n_amounts, name);
}

uint32_t
kith_vocabulary_text(const kith_vocabulary *v, const char *text)
{
    return kith_dict_find(&v->texts, kith_str_of(text));
}

static bool
applies(const kith_coverage *c, const char *district, const char *neighbourhood)
{
    return c->everywhere ||
           (district != NULL && strcmp(c->area, district) == 0) ||
           (neighbourhood != NULL && strcmp(c->area, neighbourhood) == 0);
}

bool
kith_event_type_covered(const kith_event_type *t, const char *district,
                        const char *neighbourhood, int32_t from, int32_t to)
{
    int64_t need = from; /* first day not yet known to be covered */
    if (t->complete)
        return true;
    for (uint32_t i = 0; i < t->n_coverage && need <= to; i++) {
        const kith_coverage *c = &t->coverage[i];
        if (applies(c, district, neighbourhood) && c->from <= need &&
            c->to >= need)
            need = (int64_t)c->to + 1;
    }
    return need > to;
}

void
kith_event_type_gap(const kith_event_type *t, const char *district,
                    const char *neighbourhood, int32_t *from, int32_t *to)
{
    int64_t first = *from;
    int64_t last = *to;
    /* Every round drops the days of one coverage at least. */
    for (bool moved = true; moved && first <= last;) {
        moved = false;
        for (uint32_t i = 0; i < t->n_coverage; i++) {
            const kith_coverage *c = &t->coverage[i];
            if (!applies(c, district, neighbourhood))
                continue;
            if (c->from <= first && c->to >= first) {
                first = (int64_t)c->to + 1;
                moved = true;
            }
            if (c->from <= last && c->to >= last) {
                last = (int64_t)c->from - 1;
                moved = true;
            }
        }
    }
    if (first > last)
        return;
    *from = (int32_t)first;
    *to = (int32_t)last;
}
