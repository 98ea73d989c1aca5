#include "evaluate/true_units.h"

#include "base/alloc.h"
#include "base/radix.h"
#include "io/table_file.h"

kith_unit_kind
kith_unit_kind_of(kith_str name)
{
    static const char *const names[KITH_UNIT_KINDS] = {"person", "household",
                                                       "family"};
    for (int k = 0; k < KITH_UNIT_KINDS; k++)
        if (kith_str_equal(name, names[k]))
            return (kith_unit_kind)k;
    return KITH_UNIT_KINDS;
}

/* Keys of (what is found, what is true) pairs, sorted: the commonest truth of
 * each, the first on a tie. */
static kith_status
elect(const kith_keyed *votes, size_t n, uint32_t *of, uint32_t n_found,
      kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t *most = NULL;
    KITH_TRY(KITH_ALLOC(&most, n_found, err));
    for (size_t i = 0, j = 0; i < n; i = j) {
        while (j < n && votes[j].key == votes[i].key)
            j++;
        const uint32_t found = (uint32_t)(votes[i].key >> 32);
        if (found >= n_found || j - i <= most[found])
            continue;
        most[found] = (uint32_t)(j - i);
        of[found] = (uint32_t)votes[i].key;
    }
done:
    kith_free(most);
    return status;
}

static kith_status
find_persons(kith_true_units *u, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_truth *t = u->truth;
    kith_keyed *votes = NULL, *scratch = NULL;
    KITH_TRY(KITH_ALLOC(&votes, t->n, err));
    KITH_TRY(KITH_ALLOC(&scratch, t->n, err));
    KITH_TRY(KITH_ALLOC(&u->persons, t->list.n_persons, err));
    for (uint32_t p = 0; p < t->list.n_persons; p++)
        u->persons[p] = KITH_NO_PERSON;
    for (uint32_t i = 0; i < t->n; i++)
        votes[i].key = (uint64_t)t->found[i] << 32 | t->person[i];
    kith_radix_sort(votes, scratch, t->n);
    KITH_TRY(elect(votes, t->n, u->persons, t->list.n_persons, err));
done:
    kith_free(votes);
    kith_free(scratch);
    return status;
}

/* While households.csv or families.csv is read. */
typedef struct reader {
    kith_true_units *units;
    kith_unit_kind kind;
    uint32_t *label_of; /* true person -> its household or family */
    kith_keyed *votes;
    size_t n, cap;
} reader;

/* Columns: the group, person, role. */
static kith_status
member_row(void *ctx, const kith_str *v, const char *where, kith_error *err)
{
    kith_status status = KITH_OK;
    reader *r = ctx;
    kith_true_units *u = r->units;
    uint64_t id = 0;
    uint32_t group = 0;
    if (!kith_person_parse(&id, v[1]))
        return kith_error_set(err, KITH_ERR_DATA, "%s: not a person", where);
    KITH_TRY(kith_dict_add(&u->found[r->kind], v[0], &group, err));
    const uint32_t found = kith_person_list_find(&u->truth->list, id);
    if (found == KITH_NO_PERSON || u->persons[found] == KITH_NO_PERSON ||
        kith_str_equal(v[2], "non_resident_parent"))
        return KITH_OK;
    const uint32_t label = r->label_of[u->persons[found]];
    if (label == KITH_DICT_NONE)
        return KITH_OK;
    KITH_TRY(KITH_GROW(&r->votes, &r->cap, r->n + 1, err));
    r->votes[r->n++] = (kith_keyed){(uint64_t)group << 32 | label, 0, 0};
done:
    return status;
}

static kith_status
find_groups(kith_true_units *u, kith_unit_kind kind, const uint32_t *labels,
            const char *path, kith_job *job, kith_error *err)
{
    static const char *const names[KITH_UNIT_KINDS] = {NULL, "household",
                                                       "family"};
    kith_status status = KITH_OK;
    const kith_truth *t = u->truth;
    kith_keyed *scratch = NULL;
    reader r = {.units = u, .kind = kind};
    const char *const columns[] = {names[kind], "person", "role"};
    const kith_table_file file = {path, columns, 3, 2};
    if (path == NULL)
        return KITH_OK;
    KITH_TRY(KITH_ALLOC(&r.label_of, t->persons.n, err));
    for (uint32_t p = 0; p < t->persons.n; p++)
        r.label_of[p] = KITH_DICT_NONE;
    for (uint32_t i = 0; i < t->n; i++)
        r.label_of[t->person[i]] = labels[i];
    KITH_TRY(kith_table_file_read(&file, member_row, &r, job, err));
    const uint32_t n_found = u->found[kind].n;
    KITH_TRY(KITH_ALLOC(&u->of[kind], n_found, err));
    for (uint32_t g = 0; g < n_found; g++)
        u->of[kind][g] = KITH_DICT_NONE;
    KITH_TRY(KITH_ALLOC(&scratch, r.n, err));
    kith_radix_sort(r.votes, scratch, r.n);
    KITH_TRY(elect(r.votes, r.n, u->of[kind], n_found, err));
done:
    kith_free(r.label_of);
    kith_free(r.votes);
    kith_free(scratch);
    return status;
}

kith_status
kith_true_units_load(kith_true_units *out, const kith_truth *truth,
                     const char *households, const char *families,
                     kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    out->truth = truth;
    KITH_TRY(find_persons(out, err));
    KITH_TRY(find_groups(out, KITH_UNIT_OF_HOUSEHOLD, truth->household,
                         households, job, err));
    KITH_TRY(find_groups(out, KITH_UNIT_OF_FAMILY, truth->family, families, job,
                         err));
done:
    return status;
}

void
kith_true_units_done(kith_true_units *u)
{
    kith_free(u->persons);
    for (int k = 0; k < KITH_UNIT_KINDS; k++) {
        kith_dict_done(&u->found[k]);
        kith_free(u->of[k]);
    }
    *u = (kith_true_units){0};
}

uint32_t
kith_true_unit_find(const kith_true_units *u, kith_unit_kind kind, kith_str id)
{
    const kith_truth *t = u->truth;
    return kith_dict_find(kind == KITH_UNIT_OF_PERSON      ? &t->persons
                          : kind == KITH_UNIT_OF_HOUSEHOLD ? &t->households
                                                           : &t->families,
                          id);
}

bool
kith_true_unit_of(const kith_true_units *u, kith_unit_kind kind, kith_str id,
                  uint32_t *unit)
{
    *unit = KITH_DICT_NONE;
    if (kind == KITH_UNIT_OF_PERSON) {
        uint64_t person = 0;
        if (!kith_person_parse(&person, id))
            return false;
        const uint32_t found = kith_person_list_find(&u->truth->list, person);
        if (found != KITH_NO_PERSON && u->persons[found] != KITH_NO_PERSON)
            *unit = u->persons[found];
        return true;
    }
    const uint32_t found = kith_dict_find(&u->found[kind], id);
    if (found != KITH_DICT_NONE)
        *unit = u->of[kind][found];
    return true;
}
