#include "criteria/coverage_warn.h"

#include "base/date.h"

#include <string.h>
#include <strings.h>

static bool
has_name(const kith_dict *names, const char *area)
{
    for (uint32_t i = 0; i < names->n; i++) {
        if (strcasecmp(kith_dict_at(names, i), area) == 0)
            return true;
    }
    return false;
}

/* Was the area of coverage @p i named by one before? */
static bool
is_repeated(const kith_event_type *t, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++) {
        if (t->coverage[k].everywhere == t->coverage[i].everywhere &&
            (t->coverage[i].everywhere ||
             strcmp(t->coverage[k].area, t->coverage[i].area) == 0))
            return true;
    }
    return false;
}

/* The last day of @p day's past that is covered there: what holds everywhere
 * holds in an area. */
static int32_t
covered_until(const kith_event_type *t, const kith_coverage *where)
{
    int32_t until = INT32_MIN;
    for (uint32_t i = 0; i < t->n_coverage; i++) {
        const kith_coverage *c = &t->coverage[i];
        const bool holds = c->everywhere || (!where->everywhere &&
                                             strcmp(c->area, where->area) == 0);
        if (holds && c->to > until)
            until = c->to;
    }
    return until;
}

static void
warn_of_end(const kith_event_type *t, const kith_coverage *where, int32_t day,
            kith_job *job)
{
    const int32_t until = covered_until(t, where);
    char first[16];
    char last[16];
    if (until >= day)
        return;
    kith_date_format_iso(first, until + 1);
    kith_date_format_iso(last, day);
    kith_job_warn(job,
                  "no extract covers \"%s\" from %s to %s%s%s: what depends on "
                  "these days is unknown",
                  t->name, first, last, where->everywhere ? "" : " in ",
                  where->everywhere ? "" : where->area);
}

static void
warn_of_type(const kith_event_type *t, const kith_people *people, int32_t day,
             kith_job *job)
{
    for (uint32_t i = 0; i < t->n_coverage; i++) {
        const kith_coverage *c = &t->coverage[i];
        if (is_repeated(t, i))
            continue;
        if (!c->everywhere && !has_name(&people->districts, c->area) &&
            !has_name(&people->neighbourhoods, c->area))
            kith_job_warn(job,
                          "the coverage of \"%s\" names the area \"%s\", in "
                          "which nobody lives: is it spelt as in areas.csv?",
                          t->name, c->area);
        else
            warn_of_end(t, c, day, job);
    }
}

void
kith_coverage_warn(const kith_vocabulary *v, const kith_people *people,
                   int32_t day, kith_job *job)
{
    for (uint32_t i = 0; i < v->n_types; i++) {
        const kith_event_type *t = &v->types[i];
        if (!t->used || i == v->death)
            continue; /* who is not known to have died is alive */
        if (!t->sent && !t->complete)
            kith_job_warn(job,
                          "no agency sends \"%s\": what depends on it is "
                          "unknown",
                          t->name);
        warn_of_type(t, people, day, job);
    }
}
