#include "synth/fidelity.h"

#include "base/alloc.h"
#include "io/out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Nothing is prescribed. */
static const double NONE = -1;

typedef struct report {
    kith_out *out;
    const kith_tally *t;
    const kith_fidelity_errors *made;
    const kith_world *w;
    kith_error *err;
} report;

static kith_status
line(const report *r, const char *measure, const char *group, double wanted,
     uint64_t part, uint64_t whole)
{
    kith_status status = KITH_OK;
    const double share = whole == 0 ? 0 : (double)part / (double)whole;
    KITH_TRY(kith_out_printf(r->out, r->err, "%s,%s,", measure, group));
    if (wanted >= 0)
        KITH_TRY(kith_out_printf(r->out, r->err, "%.5f", wanted));
    KITH_TRY(kith_out_printf(r->out, r->err, ",%.5f,%llu\n", share,
                             (unsigned long long)whole));
done:
    return status;
}

/* "pakistani (mixed)": the community, and the census group it is counted in.
 */
static const char *
community_label(char out[96], const kith_tables *t, uint32_t i)
{
    const kith_community *c = &t->communities[i];
    (void)snprintf(out, 96, "%s (%s)", kith_dict_at(&t->names, c->name),
                   kith_census_group_name(c->group));
    return out;
}

static kith_status
write_people(const report *r)
{
    kith_status status = KITH_OK;
    char label[96];
    const kith_tally *t = r->t;
    const kith_tables *tables = r->w->tables;
    /* Greater Manchester, 2021 Census: 2.4 people a home, shares by age (under
     * one: births); moves: ONS 2011. England and Wales, 2019 (ONS), of 59.4
     * million: 530,841 deaths, 219,850 weddings and 107,599 divorces, of two
     * people each. */
    KITH_TRY(line(r, "people_per_home", "all", 2.4, t->people, t->homes));
    KITH_TRY(line(r, "under_18", "all", 0.228, t->minors, t->people));
    KITH_TRY(line(r, "65_and_over", "all", 0.158, t->old, t->people));
    KITH_TRY(line(r, "births_in_year", "all", 0.0115, t->births, t->people));
    KITH_TRY(line(r, "deaths_in_year", "all", 0.0089, t->deaths, t->people));
    KITH_TRY(line(r, "married_in_year", "all", 0.0074, t->weddings, t->people));
    KITH_TRY(
        line(r, "divorced_in_year", "all", 0.0036, t->divorces, t->people));
    KITH_TRY(line(r, "parted_in_year", "all", NONE, t->partings, t->people));
    KITH_TRY(
        line(r, "moved_in_year", "under_65", 0.14, t->moved_young, t->young));
    KITH_TRY(line(r, "moved_in_year", "65_plus", 0.036, t->moved_old, t->old));
    for (unsigned i = 0; i < KITH_HOME_TYPES; i++)
        KITH_TRY(line(r, "household_type",
                      kith_household_type_name((kith_household_type)i), NONE,
                      t->home_types[i], t->homes));
    for (uint32_t i = 0; i < tables->n_communities; i++)
        KITH_TRY(line(r, "community", community_label(label, tables, i), NONE,
                      t->communities[i], t->people));
    double people[KITH_SYNTH_DISTRICTS] = {0};
    for (size_t i = 0; i < tables->n_areas; i++)
        people[tables->areas[i].district] += tables->areas[i].population;
    for (uint32_t i = 0; i < tables->n_districts; i++)
        KITH_TRY(line(r, "district",
                      kith_dict_at(&tables->names, tables->districts[i].name),
                      people[i] / tables->area_sums[tables->n_areas - 1],
                      t->districts[i], t->people));
done:
    return status;
}

static kith_status
write_needs(const report *r)
{
    kith_status status = KITH_OK;
    for (unsigned k = 0; k < KITH_NEEDS; k++) {
        KITH_TRY(line(r, "need", kith_need_name((kith_need)k),
                      r->w->tables->needs[k], r->t->needing[k],
                      r->t->eligible[k]));
    }
done:
    return status;
}

static kith_status
write_agencies(const report *r)
{
    kith_status status = KITH_OK;
    const kith_tally *t = r->t;
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++)
        KITH_TRY(line(r, "known_to", kith_agency_at(a)->name, NONE, t->known[a],
                      t->everybody));
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++) {
        for (unsigned b = 0; b < KITH_SYNTH_AGENCIES; b++) {
            char pair[64];
            if (a == b || t->known[a] == 0)
                continue;
            (void)snprintf(pair, sizeof pair, "%s in %s",
                           kith_agency_at(a)->name, kith_agency_at(b)->name);
            KITH_TRY(
                line(r, "overlap", pair, NONE, t->both[a][b], t->known[a]));
        }
    }
    for (unsigned n = 0; n < KITH_TALLY_PER_PERSON; n++) {
        char text[32];
        if (t->per_person[n] == 0)
            continue;
        (void)snprintf(text, sizeof text, "%u", n);
        KITH_TRY(line(r, "records_per_person", text, NONE, t->per_person[n],
                      t->everybody));
    }
done:
    return status;
}

static int
downwards(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a;
    const uint32_t y = *(const uint32_t *)b;
    return (x < y) - (x > y);
}

/* Cumulative shares of the commonest surnames. About 1.2 % of people in
 * Great Britain are called Smith (surname lists of electors). */
static kith_status
write_surnames(const report *r)
{
    static const size_t ranks[] = {1, 10, 50, 100, 500};
    /* Robinson, Allen, Fisher, Giles in Great Britain, bearers in a million
     * (ing.iac.es/~crb/ftr/names.html). */
    static const struct {
        size_t rank;
        double per_million;
    } points[] = {{15, 3523}, {49, 2082}, {93, 1294}, {390, 420}};
    kith_status status = KITH_OK;
    uint32_t *counts = NULL;
    const kith_tally *t = r->t;
    KITH_TRY(KITH_ALLOC(&counts, t->n_names, r->err));
    memcpy(counts, t->surnames, t->n_names * sizeof *counts);
    qsort(counts, t->n_names, sizeof *counts, downwards);
    uint64_t sum = 0;
    size_t next = 0;
    for (size_t i = 0; i < t->n_names && next < 5; i++) {
        sum += counts[i];
        if (i + 1 != ranks[next])
            continue;
        char text[32];
        (void)snprintf(text, sizeof text, "top_%zu", ranks[next++]);
        KITH_TRY(
            line(r, "surnames", text, i == 0 ? 0.0119 : NONE, sum, t->people));
    }
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        char text[32];
        (void)snprintf(text, sizeof text, "rank_%zu", points[i].rank);
        if (points[i].rank <= t->n_names)
            KITH_TRY(line(r, "surnames", text, points[i].per_million / 1e6,
                          counts[points[i].rank - 1], t->people));
    }
    KITH_TRY(line(r, "surnames", "tail", NONE, t->tail_surnames, t->people));
done:
    kith_free(counts);
    return status;
}

static kith_status
pairs_lines(const report *r, const char *group, const kith_tally_pairs *p)
{
    kith_status status =
        line(r, "exact_of_all_pairs", group, NONE, p->exact, p->n);
    if (status != KITH_OK)
        return status;
    return line(r, "exact_of_complete_pairs", group, NONE, p->exact,
                p->complete);
}

/* Errors that any record can show, at the same rate for everybody. Others need
 * somebody who moved, was renamed, has a nickname or a long name, and befall
 * some groups oftener: the table's rate is of those, not of all records. */
static bool
befalls_anybody(unsigned kind)
{
    return kind == KITH_ERROR_INITIAL || kind == KITH_ERROR_PLACEHOLDER ||
           kind == KITH_ERROR_WRONG_YEAR || kind == KITH_ERROR_WRONG_NHS ||
           kind == KITH_ERROR_IMPOSSIBLE_DATE;
}

/* Errors as they were made, beside the rates of the table. */
static kith_status
write_errors(const report *r)
{
    kith_status status = KITH_OK;
    for (unsigned k = 0; k < KITH_ERRORS; k++) {
        const char *kind = kith_error_kind_name((kith_error_kind)k);
        uint64_t made = 0;
        uint64_t records = 0;
        double wanted = 0;
        for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++) {
            char group[64];
            const double rate = r->w->tables->errors[a][k];
            made += r->made->errors[a][k];
            records += r->made->records[a];
            wanted += rate * (double)r->made->records[a];
            (void)snprintf(group, sizeof group, "%s: %s",
                           kith_agency_at(a)->name, kind);
            if (rate > 0)
                KITH_TRY(line(r, "error_rate_of_agency", group, rate,
                              r->made->errors[a][k], r->made->records[a]));
        }
        KITH_TRY(line(
            r, "error_rate", kind,
            befalls_anybody(k) && records > 0 ? wanted / (double)records : NONE,
            made, records));
    }
done:
    return status;
}

static bool
holds_nhs(const kith_agency *a)
{
    return (kith_agency_holds(a) >> KITH_HELD_NHS & 1u) != 0;
}

/*
 * Deterministic linkage as it is published: which share of an agency's records
 * about people on the register of patients find one there. HESID, which has
 * the NHS number and falls back on exact details, misses 4.1 % (PMC4550723).
 * Without the number nothing is prescribed but "far less": of 3.7 million
 * ambulance records without one, 18 % matched on exact name, sex, birth date
 * and postcode (CUREd, PMC9583284, table 1).
 */
static kith_status
write_spine(const report *r)
{
    kith_status status = KITH_OK;
    char label[96];
    kith_tally_spine with = {0};
    kith_tally_spine without = {0};
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++) {
        const kith_tally_spine *s = &r->t->spine[a];
        kith_tally_spine *sum = holds_nhs(kith_agency_at(a)) ? &with : &without;
        sum->n += s->n;
        sum->exact += s->exact;
        sum->by_nhs += s->by_nhs;
        if (!kith_agency_at(a)->spine)
            KITH_TRY(line(r, "exact_to_register", kith_agency_at(a)->name, NONE,
                          s->exact, s->n));
    }
    KITH_TRY(line(r, "exact_to_register", "agencies with the NHS number", NONE,
                  with.exact, with.n));
    KITH_TRY(line(r, "exact_to_register", "agencies without the NHS number",
                  NONE, without.exact, without.n));
    KITH_TRY(line(r, "number_or_exact_to_register",
                  "agencies with the NHS number", 0.959, with.by_nhs, with.n));
    const kith_tables *tables = r->w->tables;
    for (uint32_t i = 0; i < tables->n_communities; i++)
        KITH_TRY(line(r, "number_or_exact_to_register",
                      community_label(label, tables, i), NONE,
                      r->t->by_group[i].by_nhs, r->t->by_group[i].n));
done:
    return status;
}

/* How hard it is: pairs of one person's records in two agencies that exact
 * names, birth date and postcode would join, former addresses included. */
static kith_status
write_difficulty(const report *r)
{
    kith_status status = KITH_OK;
    char label[96];
    const kith_tally *t = r->t;
    const kith_tables *tables = r->w->tables;
    KITH_TRY(pairs_lines(r, "all", &t->all));
    KITH_TRY(line(r, "same_nhs_number", "pairs of agencies that hold it", NONE,
                  t->nhs_equal, t->nhs_pairs));
    for (unsigned k = 0; k < KITH_ERRORS; k++)
        KITH_TRY(pairs_lines(r, kith_error_kind_name((kith_error_kind)k),
                             &t->by_error[k]));
    for (uint32_t i = 0; i < tables->n_communities; i++)
        KITH_TRY(pairs_lines(r, community_label(label, tables, i),
                             &t->by_community[i]));
done:
    return status;
}

kith_status
kith_fidelity_write(const char *path, const kith_tally *t,
                    const kith_fidelity_errors *made, const kith_world *w,
                    kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    report r = {NULL, t, made, w, err};
    KITH_TRY(kith_out_open(&r.out, path, false, err));
    KITH_TRY(kith_out_printf(r.out, err, "measure,group,wanted,observed,n\n"));
    KITH_TRY(write_people(&r));
    KITH_TRY(write_needs(&r));
    KITH_TRY(write_surnames(&r));
    KITH_TRY(write_agencies(&r));
    KITH_TRY(write_errors(&r));
    KITH_TRY(write_spine(&r));
    KITH_TRY(write_difficulty(&r));
    status = kith_out_commit(r.out, job, err);
    r.out = NULL;
done:
    kith_out_abort(r.out);
    return status;
}
