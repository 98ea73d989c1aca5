#include "base/alloc.h"
#include "synth/tables_parts.h"

#include <string.h>

/* Adds a weighted name to a list, interned in the shared dictionary. */
static kith_status
add_name(kith_tables *t, kith_weights *list, kith_str name, double weight,
         kith_error *err)
{
    uint32_t id = 0;
    kith_status status = kith_dict_add(&t->names, name, &id, err);
    return status != KITH_OK ? status : kith_weights_add(list, id, weight, err);
}

static kith_status
span_of(kith_tables *t, const kith_table_row *row, uint32_t *span,
        kith_error *err)
{
    kith_status status = KITH_OK;
    double from = 0;
    double to = 0;
    KITH_TRY(kith_table_number(row, 2, 1850, 2100, &from, err));
    KITH_TRY(kith_table_number(row, 3, from, 2100, &to, err));
    for (*span = 0; *span < t->n_spans; (*span)++)
        if (t->span_from[*span] == (int32_t)from &&
            t->span_to[*span] == (int32_t)to)
            goto done;
    if (t->n_spans == KITH_SYNTH_SPANS) {
        status = kith_table_wrong(row, 2, "too many spans of years", err);
        goto done;
    }
    t->span_from[*span] = (int32_t)from;
    t->span_to[*span] = (int32_t)to;
    t->n_spans++;
done:
    return status;
}

static kith_status
forename(void *ctx, const kith_table_row *row, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_tables *t = ((kith_table_load *)ctx)->tables;
    uint32_t span = 0;
    double weight = 0;
    const bool male = kith_str_equal(row->fields[1], "m");
    if (!male && !kith_str_equal(row->fields[1], "f"))
        return kith_table_wrong(row, 1, "want m or f", err);
    KITH_TRY(span_of(t, row, &span, err));
    KITH_TRY(kith_table_number(row, 4, 0, 1e12, &weight, err));
    KITH_TRY(add_name(t, &t->forenames[span][male ? 0 : 1], row->fields[0],
                      weight, err));
done:
    return status;
}

static kith_status
surname(void *ctx, const kith_table_row *row, kith_error *err)
{
    kith_tables *t = ((kith_table_load *)ctx)->tables;
    double weight = 0;
    kith_status status = kith_table_number(row, 1, 0, 1e6, &weight, err);
    if (status != KITH_OK)
        return status;
    return add_name(t, &t->surnames, row->fields[0], weight, err);
}

static kith_status
surname_part(void *ctx, const kith_table_row *row, kith_error *err)
{
    kith_tables *t = ((kith_table_load *)ctx)->tables;
    double weight = 0;
    kith_status status = kith_table_number(row, 2, 0, 1e6, &weight, err);
    if (status != KITH_OK)
        return status;
    const bool stem = kith_str_equal(row->fields[0], "stem");
    if (!stem && !kith_str_equal(row->fields[0], "ending"))
        return kith_table_wrong(row, 0, "want stem or ending", err);
    return add_name(t, stem ? &t->stems : &t->endings, row->fields[1], weight,
                    err);
}

static kith_status
naming_of(const kith_table_row *row, kith_naming *out, kith_error *err)
{
    static const char *const names[] = {"family", "own", "gendered", "chain"};
    for (unsigned i = 0; i < 4; i++) {
        if (kith_str_equal(row->fields[3], names[i])) {
            *out = (kith_naming)i;
            return KITH_OK;
        }
    }
    return kith_table_wrong(row, 3, "want family, own, gendered or chain", err);
}

static bool
is_community(const kith_community *c, uint32_t name, int group)
{
    return c->name == name && c->group == group;
}

/* One row a community and census group; a community may be in several. */
static kith_status
community(void *ctx, const kith_table_row *row, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_tables *t = ((kith_table_load *)ctx)->tables;
    uint32_t name = 0;
    uint32_t i = 0;
    double weight = 0;
    const int group = kith_census_group(row->fields[1]);
    if (group < 0)
        return kith_table_wrong(row, 1, "not a census group", err);
    KITH_TRY(kith_table_number(row, 2, 0, 1, &weight, err));
    KITH_TRY(kith_dict_add(&t->names, row->fields[0], &name, err));
    while (i < t->n_communities &&
           !is_community(&t->communities[i], name, group))
        i++;
    if (i == t->n_communities) {
        if (i == KITH_SYNTH_COMMUNITIES) {
            status = kith_table_wrong(row, 0, "too many communities", err);
            goto done;
        }
        t->n_communities++;
    }
    kith_community *c = &t->communities[i];
    c->name = name;
    c->group = (uint8_t)group;
    c->british = kith_str_equal(row->fields[0], "british");
    KITH_TRY(naming_of(row, &c->naming, err));
    KITH_TRY(kith_table_number(row, 4, 0, 1, &c->british_forename, err));
    KITH_TRY(kith_table_number(row, 5, 0, 10, &c->error_factor, err));
    KITH_TRY(kith_weights_add(&t->by_group[group], i, weight, err));
done:
    return status;
}

static kith_status
community_name(void *ctx, const kith_table_row *row, kith_error *err)
{
    kith_tables *t = ((kith_table_load *)ctx)->tables;
    double weight = 0;
    const bool last = kith_str_equal(row->fields[1], "surname");
    kith_status status = kith_table_number(row, 4, 0, 1e12, &weight, err);
    if (status != KITH_OK)
        return status;
    if (!last && !kith_str_equal(row->fields[1], "forename"))
        return kith_table_wrong(row, 1, "want forename or surname", err);
    for (uint32_t i = 0; i < t->n_communities; i++) {
        kith_community *c = &t->communities[i];
        if (!kith_str_equal(row->fields[0], kith_dict_at(&t->names, c->name)))
            continue;
        kith_weights *list =
            last ? &c->surnames
                 : &c->forenames[kith_str_equal(row->fields[2], "f")];
        status = add_name(t, list, row->fields[3], weight, err);
        if (status != KITH_OK)
            return status;
    }
    return KITH_OK; /* or a community that this population does not have */
}

static kith_status
check_lists(const kith_tables *t, kith_error *err)
{
    for (uint32_t i = 0; i < t->n_spans; i++)
        if (t->forenames[i][0].n == 0 || t->forenames[i][1].n == 0)
            return kith_error_set(err, KITH_ERR_DATA,
                                  "forenames_ew.csv: %d-%d lacks a sex",
                                  t->span_from[i], t->span_to[i]);
    for (uint32_t i = 0; i < t->n_communities; i++) {
        const kith_community *c = &t->communities[i];
        if (!c->british && (c->surnames.n == 0 || c->forenames[0].n == 0 ||
                            c->forenames[1].n == 0))
            return kith_error_set(err, KITH_ERR_DATA,
                                  "names_by_community.csv: %s lacks names",
                                  kith_dict_at(&t->names, c->name));
    }
    for (unsigned g = 0; g < KITH_SYNTH_GROUPS; g++)
        if (t->by_group[g].n == 0)
            return kith_error_set(err, KITH_ERR_DATA,
                                  "communities.csv: a census group is empty");
    return KITH_OK;
}

kith_status
kith_tables_load_names(kith_table_load *load, kith_error *err)
{
    static const char *const forenames[] = {"forename", "sex",    "birth_from",
                                            "birth_to", "weight", NULL};
    static const char *const surnames[] = {"surname", "est_per_million", NULL};
    static const char *const parts[] = {"part", "text", "weight", NULL};
    static const char *const communities[] = {
        "community",        "census_group",      "weight", "naming",
        "british_forename", "name_error_factor", NULL};
    static const char *const names[] = {"community", "kind",   "sex",
                                        "name",      "weight", NULL};
    kith_status status = KITH_OK;
    kith_tables *t = load->tables;
    const kith_table_folders *f = load->folders;
    KITH_TRY(
        kith_table_read(f, "forenames_ew.csv", forenames, forename, load, err));
    KITH_TRY(
        kith_table_read(f, "surnames_gb.csv", surnames, surname, load, err));
    KITH_TRY(kith_table_read(f, "surname_parts.csv", parts, surname_part, load,
                             err));
    KITH_TRY(kith_table_read(f, "communities.csv", communities, community, load,
                             err));
    KITH_TRY(kith_table_read(f, "names_by_community.csv", names, community_name,
                             load, err));
    const double listed =
        t->surnames.n == 0 ? 0.0 : t->surnames.sums[t->surnames.n - 1] / 1e6;
    t->tail_share = listed < 1 ? 1 - listed : 0;
    KITH_TRY(check_lists(t, err));
done:
    return status;
}
