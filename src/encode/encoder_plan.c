/* From spec and keys to the plan of every row. */
#include "encode/encoder.h"

#include "base/alloc.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

typedef struct planner {
    kith_encoder *e;
    const kith_key *project;
    const kith_key *agency;
    const char *run;
    int exact[KITH_MAX_COMPARISONS]; /* first source by role, -1 not yet */
    int nick[KITH_MAX_COMPARISONS];
    int initial[KITH_MAX_COMPARISONS];
    int parts[KITH_MAX_COMPARISONS][KITH_MAX_VALUES];
    int dates[KITH_MAX_COMPARISONS][KITH_PART_DISTRICT + 1];
} planner;

static kith_status
derive(kith_hmac *out, const planner *p, const char *purpose, const char *pass,
       const char *class_name, kith_error *err)
{
    uint8_t key[KITH_KEY_BYTES];
    const kith_status status = kith_key_derive(key, p->project, p->run, purpose,
                                               pass, class_name, err);
    if (status == KITH_OK)
        kith_hmac_init(out, key, sizeof key);
    OPENSSL_cleanse(key, sizeof key);
    return status;
}

/* The agency's keys; a pseudonym must outlive the run. */
static kith_status
derive_own(kith_hmac *out, const planner *p, const char *run,
           const char *purpose, kith_error *err)
{
    uint8_t key[KITH_KEY_BYTES];
    const kith_status status =
        kith_key_derive(key, p->agency, run, purpose, "", "", err);
    if (status == KITH_OK)
        kith_hmac_init(out, key, sizeof key);
    OPENSSL_cleanse(key, sizeof key);
    return status;
}

/* Adds sources of n values that share the kind @p role of a comparison. */
static kith_status
add_sources(planner *p, int *first, const kith_value *values, unsigned n,
            const char *kind, kith_error *err)
{
    kith_encoder *e = p->e;
    if (*first >= 0)
        return KITH_OK;
    if (e->n_sources + n > KITH_MAX_SOURCES)
        return kith_error_set(err, KITH_ERR_CONFIG,
                              "the spec compares more than %d values",
                              (int)KITH_MAX_SOURCES);
    kith_hmac key;
    const kith_status status = derive(&key, p, "token", "", kind, err);
    *first = (int)e->n_sources;
    for (unsigned i = 0; i < n && status == KITH_OK; i++) {
        kith_source *s = &e->sources[e->n_sources++];
        s->key = key;
        s->value = values[i];
    }
    OPENSSL_cleanse(&key, sizeof key);
    return status;
}

static kith_part_kind
date_part(kith_column_role role)
{
    switch (role) {
    case KITH_COLUMN_DAY:
        return KITH_PART_DAY;
    case KITH_COLUMN_MONTH:
        return KITH_PART_MONTH;
    case KITH_COLUMN_YEAR:
        return KITH_PART_YEAR;
    case KITH_COLUMN_SORTED:
        return KITH_PART_SORTED;
    case KITH_COLUMN_EXACT:
    case KITH_COLUMN_NICK:
    case KITH_COLUMN_INITIAL:
    case KITH_COLUMN_VALUE:
    case KITH_COLUMN_FILTER:
        break;
    }
    return KITH_PART_WHOLE;
}

static const char *
date_part_name(kith_part_kind kind)
{
    return kind == KITH_PART_DAY     ? "day"
           : kind == KITH_PART_MONTH ? "month"
           : kind == KITH_PART_YEAR  ? "year"
                                     : "sorted";
}

/* The source of a token column: for names that of the first name. */
static kith_status
column_source(planner *p, const kith_column *column, int *source,
              kith_error *err)
{
    const unsigned c = column->comparison;
    const kith_spec_comparison *comparison = &p->e->spec->comparisons[c];
    const bool names = comparison->kind == KITH_COMPARE_NAMES;
    char kind[2 * KITH_NAME_BYTES];
    kith_status status = KITH_OK;
    if (column->role == KITH_COLUMN_EXACT || column->role == KITH_COLUMN_NICK) {
        const bool nick = column->role == KITH_COLUMN_NICK;
        int *first = nick ? &p->nick[c] : &p->exact[c];
        const unsigned before = p->e->n_sources;
        snprintf(kind, sizeof kind, "%s.%s", comparison->name,
                 nick ? "nickname" : "exact");
        status =
            add_sources(p, first, comparison->values, names ? 2 : 1, kind, err);
        for (unsigned i = before; nick && i < p->e->n_sources; i++)
            p->e->sources[i].nick = true;
        *source = *first;
    } else if (column->role == KITH_COLUMN_INITIAL) {
        /* The kind of the exact token: an initial there equals it. */
        kith_value values[2] = {comparison->values[0], comparison->values[1]};
        values[0].parts[0].kind = values[1].parts[0].kind = KITH_PART_INITIAL;
        snprintf(kind, sizeof kind, "%s.exact", comparison->name);
        status = add_sources(p, &p->initial[c], values, 2, kind, err);
        *source = p->initial[c];
    } else if (column->role == KITH_COLUMN_VALUE) {
        int *first = &p->parts[c][column->value];
        snprintf(kind, sizeof kind, "%s.%u", comparison->name, column->value);
        status = add_sources(p, first, &comparison->values[column->value], 1,
                             kind, err);
        *source = *first;
    } else {
        kith_value value = comparison->values[0];
        value.parts[0].kind = date_part(column->role);
        int *first = &p->dates[c][value.parts[0].kind];
        snprintf(kind, sizeof kind, "%s.%s", comparison->name,
                 date_part_name(value.parts[0].kind));
        status = add_sources(p, first, &value, 1, kind, err);
        *source = *first;
    }
    return status;
}

/* The text behind a filter column; names are texts 0 and 1. */
static uint8_t
column_text(planner *p, const kith_column *column)
{
    const unsigned c = column->comparison;
    const kith_spec_comparison *comparison = &p->e->spec->comparisons[c];
    if (comparison->kind == KITH_COMPARE_NAMES) {
        for (unsigned i = 0; i < 2; i++) {
            p->e->texts[i] = comparison->values[i];
            p->e->text_kinds[i] = KITH_GRAM_NAME;
        }
        return 0;
    }
    p->e->texts[2 + c] = comparison->values[0];
    p->e->text_kinds[2 + c] = (uint8_t)(KITH_GRAM_TEXT + c);
    return (uint8_t)(2 + c);
}

static kith_status
plan_column(planner *p, kith_pass_plan *plan, const kith_column *column,
            kith_error *err)
{
    const bool names =
        p->e->spec->comparisons[column->comparison].kind == KITH_COMPARE_NAMES;
    kith_class_plan *class_plan =
        &plan->classes[names && column->slot == 1 ? KITH_CLASS_B
                                                  : KITH_CLASS_A];
    if (column->role == KITH_COLUMN_FILTER) {
        class_plan->filters[class_plan->n_filters++] =
            (kith_place){column->offset, column_text(p, column), names};
        return KITH_OK;
    }
    int source = -1;
    const kith_status status = column_source(p, column, &source, err);
    if (status == KITH_OK)
        class_plan->tokens[class_plan->n_tokens++] =
            (kith_place){column->offset, (uint8_t)source, names};
    return status;
}

static kith_status
plan_pass(planner *p, unsigned pass, kith_error *err)
{
    static const char *const classes[KITH_KEY_CLASSES] = {"A", "B"};
    kith_status status = KITH_OK;
    kith_pass_plan *plan = &p->e->passes[pass];
    const char *name = p->e->spec->passes[pass].name;
    KITH_TRY(kith_layout_build(&plan->layout, p->e->spec, pass, err));
    KITH_TRY(derive(&plan->block, p, "block", name, "", err));
    for (unsigned c = 0; c < KITH_KEY_CLASSES; c++)
        KITH_TRY(
            derive(&plan->classes[c].key, p, "filter", name, classes[c], err));
    KITH_TRY(kith_key_derive(plan->ref_key, p->agency, p->run, "ref", name, "",
                             err));
    for (unsigned i = 0; i < plan->layout.n_columns; i++)
        KITH_TRY(plan_column(p, plan, &plan->layout.columns[i], err));
done:
    return status;
}

static kith_status
find_names(kith_encoder *e, kith_error *err)
{
    const kith_spec *spec = e->spec;
    for (unsigned c = 0; c < spec->n_comparisons; c++) {
        const kith_spec_comparison *comparison = &spec->comparisons[c];
        if (comparison->kind != KITH_COMPARE_NAMES)
            continue;
        if (e->has_names)
            return kith_error_set(err, KITH_ERR_CONFIG,
                                  "only one comparison can be of names");
        e->has_names = true;
        for (unsigned i = 0; i < 2; i++)
            e->names[i] = comparison->values[i].parts[0].field;
    }
    for (unsigned pass = 0; pass < spec->n_passes; pass++)
        if (spec->passes[pass].either && !e->has_names)
            return kith_error_set(err, KITH_ERR_CONFIG,
                                  "pass \"%s\" keys either name, and no "
                                  "comparison is of names",
                                  spec->passes[pass].name);
    return KITH_OK;
}

static kith_status
index_nicknames(kith_encoder *e, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_spec *spec = e->spec;
    if (spec->n_nicknames == 0)
        return KITH_OK;
    KITH_TRY(KITH_ALLOC(&e->formals, spec->n_nicknames, err));
    for (uint32_t i = 0; i < spec->n_nicknames; i++) {
        uint32_t index = 0;
        const uint32_t before = e->shorts.n;
        KITH_TRY(kith_dict_add(&e->shorts,
                               kith_str_of(spec->nicknames[i].shortened),
                               &index, err));
        if (e->shorts.n > before) /* the first formal name of several */
            e->formals[index] = i;
    }
done:
    return status;
}

static kith_status
plan_keys(planner *p, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_encoder *e = p->e;
    KITH_TRY(derive_own(&e->pseudonym, p, "", "pseudonym", err));
    KITH_TRY(derive_own(&e->unit, p, p->run, "unit", err));
    KITH_TRY(derive(&e->address, p, "address", "", "", err));
    KITH_TRY(derive(&e->household_name, p, "surname", "", "", err));
    for (unsigned i = 0; i < e->spec->n_identifiers; i++) {
        const uint8_t field = e->spec->identifiers[i].field;
        KITH_TRY(derive(&e->identifiers[i], p, "identifier", "",
                        e->spec->fields[field].name, err));
    }
done:
    return status;
}

kith_status
kith_encoder_new(kith_encoder **out, const kith_spec *spec,
                 const kith_key *project_key, const kith_key *agency_key,
                 const char *run, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_encoder *e = OPENSSL_secure_zalloc(sizeof *e);
    planner p = {
        .e = e, .project = project_key, .agency = agency_key, .run = run};
    memset(p.exact, -1, sizeof p.exact);
    memset(p.nick, -1, sizeof p.nick);
    memset(p.initial, -1, sizeof p.initial);
    memset(p.parts, -1, sizeof p.parts);
    memset(p.dates, -1, sizeof p.dates);
    *out = NULL;
    if (e == NULL)
        return kith_error_memory(err, 1, sizeof *e);
    e->spec = spec;
    KITH_TRY(find_names(e, err));
    KITH_TRY(index_nicknames(e, err));
    KITH_TRY(plan_keys(&p, err));
    for (unsigned pass = 0; pass < spec->n_passes; pass++)
        KITH_TRY(plan_pass(&p, pass, err));
    *out = e;
    e = NULL;
done:
    kith_encoder_free(e);
    return status;
}

void
kith_encoder_free(kith_encoder *e)
{
    if (e == NULL)
        return;
    kith_dict_done(&e->shorts);
    kith_free(e->formals);
    OPENSSL_secure_clear_free(e, sizeof *e);
}
