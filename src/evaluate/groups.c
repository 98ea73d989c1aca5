#include "evaluate/groups.h"

#include "base/alloc.h"
#include "base/radix.h"
#include "io/table_file.h"

#include <stdlib.h>
#include <string.h>

/* While the file is read: each found person's surest group. */
typedef struct reader {
    const kith_truth *truth;
    kith_dict groups;
    uint32_t *group; /* of each person of truth->list */
    double *confidence;
} reader;

/* Columns: the group, person, confidence, role. */
static kith_status
group_row(void *ctx, const kith_str *v, const char *where, kith_error *err)
{
    kith_status status = KITH_OK;
    reader *r = ctx;
    uint64_t id = 0;
    uint32_t group = 0;
    char text[32] = {0};
    if (!kith_person_parse(&id, v[1]) || v[2].len >= sizeof text)
        return kith_error_set(err, KITH_ERR_DATA,
                              "%s: not a person or a confidence", where);
    const uint32_t person = kith_person_list_find(&r->truth->list, id);
    if (person == KITH_NO_PERSON || kith_str_equal(v[3], "non_resident_parent"))
        return KITH_OK;
    memcpy(text, v[2].data, v[2].len);
    const double confidence = strtod(text, NULL);
    if (confidence <= r->confidence[person])
        return KITH_OK;
    KITH_TRY(kith_dict_add(&r->groups, v[0], &group, err));
    r->group[person] = group;
    r->confidence[person] = confidence;
done:
    return status;
}

/*
 * For each true person that has a label: the label, and the found group of
 * the person that holds most of its records (the first on a tie). Persons
 * without a group get one of their own.
 */
static size_t
pick_groups(const reader *r, const uint32_t *labels, const kith_keyed *cells,
            uint32_t *truth, uint32_t *found)
{
    const kith_truth *t = r->truth;
    uint32_t next = r->groups.n;
    size_t n = 0;
    for (size_t i = 0; i < t->n;) {
        const uint32_t person = (uint32_t)(cells[i].key >> 32);
        const uint32_t label = labels[cells[i].value];
        size_t best = 0;
        uint32_t holder = 0;
        while (i < t->n && cells[i].key >> 32 == person) {
            const size_t begin = i;
            while (i < t->n && cells[i].key == cells[begin].key)
                i++;
            if (i - begin > best) {
                best = i - begin;
                holder = (uint32_t)cells[begin].key;
            }
        }
        if (label == KITH_DICT_NONE)
            continue;
        const uint32_t group =
            holder < t->list.n_persons ? r->group[holder] : KITH_DICT_NONE;
        truth[n] = label;
        found[n++] = group == KITH_DICT_NONE ? next++ : group;
    }
    return n;
}

static kith_status
compare(kith_agreement *out, const reader *r, const uint32_t *labels,
        kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_truth *t = r->truth;
    kith_keyed *cells = NULL, *scratch = NULL;
    uint32_t *truth = NULL, *found = NULL;
    KITH_TRY(KITH_ALLOC(&cells, t->n, err));
    KITH_TRY(KITH_ALLOC(&scratch, t->n, err));
    KITH_TRY(KITH_ALLOC(&truth, t->n, err));
    KITH_TRY(KITH_ALLOC(&found, t->n, err));
    for (uint32_t i = 0; i < t->n; i++)
        cells[i] =
            (kith_keyed){(uint64_t)t->person[i] << 32 | t->found[i], i, 0};
    kith_radix_sort(cells, scratch, t->n);
    const size_t n = pick_groups(r, labels, cells, truth, found);
    KITH_TRY(kith_contingency(out, truth, found, n, err));
done:
    kith_free(cells);
    kith_free(scratch);
    kith_free(truth);
    kith_free(found);
    return status;
}

kith_status
kith_groups_compare(kith_agreement *out, const kith_truth *truth,
                    const uint32_t *labels, const char *path,
                    const char *column, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    reader r = {.truth = truth};
    const char *const columns[] = {column, "person", "confidence", "role"};
    const kith_table_file file = {path, columns, 4, 3};
    KITH_TRY(KITH_ALLOC(&r.group, truth->list.n_persons, err));
    KITH_TRY(KITH_ALLOC(&r.confidence, truth->list.n_persons, err));
    for (uint32_t p = 0; p < truth->list.n_persons; p++)
        r.group[p] = KITH_DICT_NONE;
    KITH_TRY(kith_table_file_read(&file, group_row, &r, job, err));
    KITH_TRY(compare(out, &r, labels, err));
done:
    kith_dict_done(&r.groups);
    kith_free(r.group);
    kith_free(r.confidence);
    return status;
}
