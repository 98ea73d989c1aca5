#include "evaluate/strata.h"

#include "base/alloc.h"
#include "base/date.h"
#include "base/radix.h"
#include "io/table_file.h"

#include <stdio.h>
#include <string.h>

enum { PERSON, SEX, BORN, DISTRICT, COMMUNITY, N_COLUMNS };
enum { N_GROUPINGS = N_COLUMNS - 1 };

static const char *const columns[N_COLUMNS] = {"person", "sex", "born",
                                               "district", "community"};

typedef struct reader {
    const kith_truth *truth;
    kith_strata *strata;
    uint32_t (*groups)[N_GROUPINGS]; /* of each true person */
} reader;

/* Years of birth, not ages: the truth has no reference date. */
static const char *
birth_band(kith_str born)
{
    static const char *const names[] = {"before 1940", "1940-1959",
                                        "1960-1979",   "1980-1999",
                                        "2000-2009",   "2010 and after"};
    static const int32_t ends[] = {1940, 1960, 1980, 2000, 2010};
    int32_t day = 0;
    if (!kith_date_parse_iso(&day, born.data, born.len))
        return "unknown";
    const int32_t year = kith_ymd_from_days(day).year;
    size_t band = 0;
    while (band < sizeof ends / sizeof *ends && year >= ends[band])
        band++;
    return names[band];
}

static kith_status
person_row(void *ctx, const kith_str *v, const char *where, kith_error *err)
{
    kith_status status = KITH_OK;
    reader *r = ctx;
    const uint32_t person = kith_dict_find(&r->truth->persons, v[PERSON]);
    (void)where;
    if (person == KITH_DICT_NONE)
        return KITH_OK; /* has no record */
    for (int c = SEX; c < N_COLUMNS; c++) {
        char name[128];
        const kith_str value = c == BORN ? kith_str_of(birth_band(v[c])) : v[c];
        (void)snprintf(name, sizeof name, "%s=%.*s", columns[c],
                       (int)(value.len < 64 ? value.len : 64), value.data);
        KITH_TRY(kith_dict_add(&r->strata->names, kith_str_of(name),
                               &r->groups[person][c - 1], err));
    }
done:
    return status;
}

static void
add_score(kith_strata *s, const uint32_t *groups, uint32_t n_both,
          uint32_t n_true, uint32_t n_found)
{
    for (int g = 0; g < N_GROUPINGS; g++) {
        if (groups[g] == KITH_DICT_NONE)
            continue;
        kith_stratum *item = &s->items[groups[g]];
        item->n_records++;
        item->n_true += n_true - 1;
        item->n_both += n_both - 1;
        item->precision += (double)n_both / n_found;
        item->recall += (double)n_both / n_true;
    }
}

static kith_status
score_records(reader *r, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_truth *t = r->truth;
    kith_keyed *cells = NULL, *scratch = NULL;
    uint32_t *true_sizes = NULL, *found_sizes = NULL;
    KITH_TRY(KITH_ALLOC(&cells, t->n, err));
    KITH_TRY(KITH_ALLOC(&scratch, t->n, err));
    KITH_TRY(KITH_ALLOC(&true_sizes, t->n, err));
    KITH_TRY(KITH_ALLOC(&found_sizes, (size_t)t->n + t->list.n_persons, err));
    for (uint32_t i = 0; i < t->n; i++) {
        true_sizes[t->person[i]]++;
        found_sizes[t->found[i]]++;
        cells[i].key = (uint64_t)t->person[i] << 32 | t->found[i];
    }
    kith_radix_sort(cells, scratch, t->n);
    for (size_t i = 0, j = 0; i < t->n; i = j) {
        while (j < t->n && cells[j].key == cells[i].key)
            j++;
        const uint32_t person = (uint32_t)(cells[i].key >> 32);
        for (size_t k = i; k < j; k++)
            add_score(r->strata, r->groups[person], (uint32_t)(j - i),
                      true_sizes[person], found_sizes[(uint32_t)cells[i].key]);
    }
done:
    kith_free(cells);
    kith_free(scratch);
    kith_free(true_sizes);
    kith_free(found_sizes);
    return status;
}

/* A few dozen names: insertion will do. */
static kith_status
order_names(kith_strata *s, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_ALLOC(&s->order, s->names.n, err));
    for (uint32_t i = 0; i < s->names.n; i++) {
        uint32_t at = i;
        while (at > 0 && strcmp(kith_dict_at(&s->names, s->order[at - 1]),
                                kith_dict_at(&s->names, i)) > 0) {
            s->order[at] = s->order[at - 1];
            at--;
        }
        s->order[at] = i;
    }
done:
    return status;
}

kith_status
kith_strata_score(kith_strata *out, const kith_truth *truth, const char *path,
                  kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_strata strata = {0};
    reader r = {.truth = truth, .strata = &strata};
    const kith_table_file file = {path, columns, N_COLUMNS, 1};
    KITH_TRY(KITH_ALLOC(&r.groups, truth->persons.n, err));
    for (uint32_t p = 0; p < truth->persons.n; p++)
        for (int g = 0; g < N_GROUPINGS; g++)
            r.groups[p][g] = KITH_DICT_NONE;
    KITH_TRY(kith_table_file_read(&file, person_row, &r, job, err));
    KITH_TRY(KITH_ALLOC(&strata.items, strata.names.n, err));
    KITH_TRY(order_names(&strata, err));
    KITH_TRY(score_records(&r, err));
    for (uint32_t i = 0; i < strata.names.n; i++) {
        kith_stratum *s = &strata.items[i];
        if (s->n_records > 0) {
            s->precision /= (double)s->n_records;
            s->recall /= (double)s->n_records;
        }
    }
    *out = strata;
    strata = (kith_strata){0};
done:
    kith_free(r.groups);
    kith_strata_done(&strata);
    return status;
}

void
kith_strata_done(kith_strata *s)
{
    kith_dict_done(&s->names);
    kith_free(s->items);
    kith_free(s->order);
    *s = (kith_strata){0};
}
