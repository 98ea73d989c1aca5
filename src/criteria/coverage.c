/* Which queries have all the data they need, by district. */
#include "base/alloc.h"
#include "criteria/eval.h"

#include <ctype.h>
#include <string.h>

static char *
lower_copy(const char *s)
{
    const size_t n = strlen(s);
    char *copy = kith_alloc_array(n + 1, 1);
    for (size_t i = 0; copy != NULL && i < n; i++)
        copy[i] = (char)tolower((unsigned char)s[i]);
    return copy;
}

static kith_status
lower_names(char ***out, const kith_dict *names, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_ALLOC(out, (size_t)names->n + 1, err));
    for (uint32_t i = 0; i < names->n; i++) {
        (*out)[i] = lower_copy(kith_dict_at(names, i));
        if ((*out)[i] == NULL) {
            status = kith_error_memory(err, names->n, 1);
            goto done;
        }
    }
done:
    return status;
}

static void
free_names(char **names)
{
    for (char **p = names; p != NULL && *p != NULL; p++)
        kith_free(*p);
    kith_free(names);
}

void
kith_world_done(kith_world *w)
{
    free_names(w->districts);
    free_names(w->neighbourhoods);
    for (uint32_t i = 0; w->covered != NULL && i < w->program->n_queries; i++)
        kith_free(w->covered[i]);
    kith_free(w->covered);
    kith_free(w->always);
    w->always = NULL;
    w->districts = NULL;
    w->neighbourhoods = NULL;
    w->covered = NULL;
}

/* A coverage by neighbourhood differs within a district: not remembered. */
static bool
by_district(const kith_world *w, const kith_event_type *t)
{
    for (uint32_t i = 0; i < t->n_coverage; i++) {
        if (t->coverage[i].everywhere)
            continue;
        for (char **n = w->neighbourhoods; *n != NULL; n++) {
            if (strcmp(*n, t->coverage[i].area) == 0)
                return false;
        }
    }
    return true;
}

static kith_status
cover_query(kith_world *w, const kith_query *q, kith_error *err)
{
    const kith_event_type *t = &w->vocabulary->types[q->type];
    if (!q->window.fixed || w->covered[q->number] != NULL || !by_district(w, t))
        return KITH_OK;
    const uint32_t n = w->people->districts.n;
    uint8_t *covered = NULL;
    kith_status status = KITH_ALLOC(&covered, (size_t)n + 1, err);
    if (status != KITH_OK)
        return status;
    w->always[q->number] = 1;
    for (uint32_t d = 0; d <= n; d++) {
        covered[d] = kith_event_type_covered(t, d < n ? w->districts[d] : NULL,
                                             NULL, q->need.from, q->need.to);
        w->always[q->number] &= covered[d];
    }
    w->covered[q->number] = covered;
    return KITH_OK;
}

static kith_status
cover_cond(kith_world *w, const kith_node *node, kith_error *err)
{
    kith_status status = KITH_OK;
    if (node == NULL)
        return KITH_OK;
    if (node->kind == KITH_NODE_HAS)
        return cover_query(w, node->query, err);
    if (node->kind == KITH_NODE_QUANT) {
        for (const kith_node *f = node->who->filter; f != NULL; f = f->next)
            KITH_TRY(cover_cond(w, f, err));
    }
    for (const kith_node *k = node->child; k != NULL; k = k->next)
        KITH_TRY(cover_cond(w, k, err));
done:
    return status;
}

static kith_status
cover_cohort(kith_world *w, const kith_cohort *c, kith_error *err)
{
    kith_status status = KITH_OK;
    for (const kith_criterion *k = c->criteria; k != NULL; k = k->next) {
        KITH_TRY(cover_cond(w, k->cond, err));
        for (const kith_weight *i = k->weights; i != NULL; i = i->next)
            KITH_TRY(cover_cond(w, i->cond, err));
    }
    KITH_TRY(cover_cond(w, c->include, err));
    KITH_TRY(cover_cond(w, c->exclude, err));
    KITH_TRY(cover_cond(w, c->yes, err));
    KITH_TRY(cover_cond(w, c->near, err));
    for (const kith_tier *t = c->tiers; t != NULL; t = t->next)
        KITH_TRY(cover_cond(w, t->cond, err));
done:
    return status;
}

kith_status
kith_world_cover(kith_world *w, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(lower_names(&w->districts, &w->people->districts, err));
    KITH_TRY(lower_names(&w->neighbourhoods, &w->people->neighbourhoods, err));
    KITH_TRY(KITH_ALLOC(&w->covered, (size_t)w->program->n_queries + 1, err));
    KITH_TRY(KITH_ALLOC(&w->always, (size_t)w->program->n_queries + 1, err));
    for (uint32_t i = 0; i < w->program->n_cohorts; i++)
        KITH_TRY(cover_cohort(w, w->program->cohorts[i], err));
done:
    return status;
}

/* In lower case; NULL when it is not known. */
static const char *
district_of(const kith_world *w, const kith_person *p)
{
    return p->district < w->people->districts.n ? w->districts[p->district]
                                                : NULL;
}

static const char *
neighbourhood_of(const kith_world *w, const kith_person *p)
{
    return p->neighbourhood < w->people->neighbourhoods.n
               ? w->neighbourhoods[p->neighbourhood]
               : NULL;
}

bool
kith_eval_covered(const kith_world *w, const kith_query *q, uint32_t person,
                  const kith_days *days)
{
    const kith_person *p = &w->people->persons[person];
    const uint32_t n = w->people->districts.n;
    if (days == &q->need && w->covered[q->number] != NULL)
        return w->covered[q->number][p->district < n ? p->district : n] != 0;
    return kith_event_type_covered(&w->vocabulary->types[q->type],
                                   district_of(w, p), neighbourhood_of(w, p),
                                   days->from, days->to);
}

void
kith_eval_gap(const kith_world *w, const kith_query *q, uint32_t person,
              kith_days *days)
{
    const kith_person *p = &w->people->persons[person];
    kith_event_type_gap(&w->vocabulary->types[q->type], district_of(w, p),
                        neighbourhood_of(w, p), &days->from, &days->to);
}
