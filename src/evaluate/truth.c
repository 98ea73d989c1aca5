#include "evaluate/truth.h"

#include "base/alloc.h"
#include "base/hex.h"
#include "io/folder.h"
#include "io/table_file.h"

#include <string.h>

/* Records whose places in the table are on their way into the cache. */
enum { AHEAD = 16 };

/* A home until all households are known. */
#define IN_COMMUNAL (KITH_DICT_NONE - 1)

/* What stands for a record's own id: of 30 million, two are alike by chance
 * with probability 2e-5. */
static uint64_t
hash_id(uint32_t agency, kith_str id)
{
    const uint64_t key[2] = {agency, kith_hash64(id.data, id.len)};
    return kith_hash64(key, sizeof key);
}

uint64_t
kith_truth_key(uint32_t agency, const uint8_t pseudonym[KITH_PSEUDONYM_BYTES])
{
    uint8_t bytes[4 + KITH_PSEUDONYM_BYTES];
    for (unsigned i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(agency >> (8 * i));
    memcpy(bytes + 4, pseudonym, KITH_PSEUDONYM_BYTES);
    return kith_hash64(bytes, sizeof bytes);
}

typedef struct reader {
    kith_truth *truth;
    uint32_t agency; /* lookup: of the file */
} reader;

static kith_status
label(kith_dict *dict, kith_str value, uint32_t *out, kith_error *err)
{
    *out = KITH_DICT_NONE;
    return value.len == 0 ? KITH_OK : kith_dict_add(dict, value, out, err);
}

/* "typing|old_address": a bit each. Kinds past the last bit are not told
 * apart, which no list of kinds comes near. */
static kith_status
read_errors(kith_truth *t, kith_str list, uint32_t *out, kith_error *err)
{
    kith_status status = KITH_OK;
    *out = 0;
    while (list.len > 0) {
        const char *bar = memchr(list.data, '|', list.len);
        const size_t n = bar == NULL ? list.len : (size_t)(bar - list.data);
        uint32_t kind = 0;
        KITH_TRY(kith_dict_add(&t->error_kinds, (kith_str){list.data, n}, &kind,
                               err));
        if (kind < KITH_TRUTH_ERRORS)
            *out |= 1u << kind;
        const size_t used = bar == NULL ? n : n + 1;
        list = (kith_str){list.data + used, list.len - used};
    }
done:
    return status;
}

/* Columns: agency, id, person, household, family, errors, communal. */
static kith_status
truth_row(void *ctx, const kith_str *v, const char *where, kith_error *err)
{
    kith_status status = KITH_OK;
    reader *r = ctx;
    kith_truth *t = r->truth;
    uint32_t agency = 0, before = 0;
    const size_t want = (size_t)t->n + 1;
    KITH_TRY(kith_dict_add(&t->agencies, v[0], &agency, err));
    const uint64_t key = hash_id(agency, v[1]);
    const bool twice = kith_map64_get(&t->ids, key, &before);
    if (twice || v[2].len == 0)
        return kith_error_set(err, KITH_ERR_DATA, "%s: %s", where,
                              twice ? "the record is there twice"
                                    : "column \"person\" is empty");
    KITH_TRY(kith_map64_put(&t->ids, key, t->n, err));
    KITH_TRY(KITH_GROW(&t->agency, &t->agency_cap, want, err));
    KITH_TRY(KITH_GROW(&t->person, &t->person_cap, want, err));
    KITH_TRY(KITH_GROW(&t->household, &t->household_cap, want, err));
    KITH_TRY(KITH_GROW(&t->family, &t->family_cap, want, err));
    KITH_TRY(KITH_GROW(&t->errors, &t->errors_cap, want, err));
    KITH_TRY(KITH_GROW(&t->home, &t->home_cap, want, err));
    t->agency[t->n] = agency;
    KITH_TRY(kith_dict_add(&t->persons, v[2], &t->person[t->n], err));
    KITH_TRY(label(&t->households, v[3], &t->household[t->n], err));
    KITH_TRY(label(&t->families, v[4], &t->family[t->n], err));
    KITH_TRY(read_errors(t, v[5], &t->errors[t->n], err));
    t->home[t->n] =
        kith_str_equal(v[6], "yes") ? IN_COMMUNAL : t->household[t->n];
    t->n++;
done:
    return status;
}

/* Columns: pseudonym, id. */
static kith_status
lookup_row(void *ctx, const kith_str *v, const char *where, kith_error *err)
{
    kith_status status = KITH_OK;
    reader *r = ctx;
    kith_truth *t = r->truth;
    uint8_t pseudonym[KITH_PSEUDONYM_BYTES];
    if (v[0].len != 2 * sizeof pseudonym ||
        !kith_hex_read(pseudonym, v[0].data, sizeof pseudonym))
        return kith_error_set(err, KITH_ERR_DATA,
                              "%s: column \"pseudonym\": not a pseudonym",
                              where);
    uint32_t row = 0;
    if (!kith_map64_get(&t->ids, hash_id(r->agency, v[1]), &row))
        t->n_without_truth++;
    else
        KITH_TRY(kith_map64_put(&t->rows, kith_truth_key(r->agency, pseudonym),
                                row, err));
done:
    return status;
}

static kith_status
read_lookups(reader *r, const char *folder, kith_job *job, kith_error *err)
{
    static const char *const columns[] = {"pseudonym", "id"};
    kith_status status = KITH_OK;
    char *path = NULL;
    for (uint32_t a = 0; a < r->truth->agencies.n; a++) {
        const char *name = kith_dict_at(&r->truth->agencies, a);
        r->agency = a;
        kith_free(path);
        path = NULL;
        KITH_TRY(kith_folder_file(&path, folder, name, ".lookup.csv", err));
        const kith_table_file file = {path, columns, 2, 2};
        KITH_TRY(kith_table_file_read(&file, lookup_row, r, job, err));
    }
done:
    kith_free(path);
    return status;
}

/* Looked up in the table while the keys of those AHEAD are on their way. */
static kith_status
match_list(kith_truth *t, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_person_list *list = &t->list;
    uint64_t keys[AHEAD];
    uint32_t *agencies = NULL; /* of the list's, in the truth */
    KITH_TRY(KITH_ALLOC(&agencies, list->agencies.n, err));
    for (uint32_t a = 0; a < list->agencies.n; a++)
        agencies[a] = kith_dict_find(
            &t->agencies, kith_str_of(kith_dict_at(&list->agencies, a)));
    for (size_t i = 0; i < (size_t)list->n_records + AHEAD; i++) {
        if (i >= AHEAD) {
            const size_t now = i - AHEAD;
            const uint32_t row = kith_truth_at(t, keys[now % AHEAD]);
            if (agencies[list->agency_of[now]] != KITH_DICT_NONE && row < t->n)
                t->found[row] = list->person_of[now];
        }
        if (i < list->n_records) {
            keys[i % AHEAD] = kith_truth_key(agencies[list->agency_of[i]],
                                             list->pseudonyms[i]);
            kith_map64_touch(&t->rows, keys[i % AHEAD]);
        }
    }
done:
    kith_free(agencies);
    return status;
}

static kith_status
find_persons(kith_truth *t, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_ALLOC(&t->found, t->n, err));
    for (uint32_t i = 0; i < t->n; i++)
        t->found[i] = KITH_NO_PERSON;
    KITH_TRY(match_list(t, err));
    uint32_t next = t->list.n_persons;
    for (uint32_t i = 0; i < t->n; i++) {
        if (t->found[i] != KITH_NO_PERSON)
            continue;
        t->found[i] = next++;
        t->n_unlinked++;
    }
done:
    return status;
}

kith_status
kith_truth_load(kith_truth *out, const char *path, const char *lookup,
                const char *persons, kith_job *job, kith_error *err)
{
    static const char *const columns[] = {
        "agency", "id", "person", "household", "family", "errors", "communal"};
    kith_status status = KITH_OK;
    kith_truth t = {0};
    reader r = {.truth = &t};
    const kith_table_file file = {path, columns, 7, 3};
    KITH_TRY(kith_table_file_read(&file, truth_row, &r, job, err));
    for (uint32_t i = 0; i < t.n; i++) {
        if (t.home[i] == IN_COMMUNAL)
            t.home[i] = t.households.n + t.person[i];
    }
    KITH_TRY(read_lookups(&r, lookup, job, err));
    KITH_TRY(kith_person_list_load(&t.list, persons, job, err));
    KITH_TRY(find_persons(&t, err));
    *out = t;
    t = (kith_truth){0};
done:
    kith_truth_done(&t);
    return status;
}

void
kith_truth_done(kith_truth *t)
{
    kith_dict_done(&t->agencies);
    kith_dict_done(&t->persons);
    kith_dict_done(&t->households);
    kith_dict_done(&t->families);
    kith_dict_done(&t->error_kinds);
    kith_map64_done(&t->ids);
    kith_map64_done(&t->rows);
    kith_person_list_done(&t->list);
    kith_free(t->agency);
    kith_free(t->person);
    kith_free(t->household);
    kith_free(t->family);
    kith_free(t->errors);
    kith_free(t->home);
    kith_free(t->found);
    *t = (kith_truth){0};
}

uint32_t
kith_truth_at(const kith_truth *t, uint64_t key)
{
    uint32_t row = t->n;
    (void)kith_map64_get(&t->rows, key, &row);
    return row;
}

uint32_t
kith_truth_find(const kith_truth *t, kith_str agency,
                const uint8_t pseudonym[KITH_PSEUDONYM_BYTES])
{
    const uint32_t a = kith_dict_find(&t->agencies, agency);
    return a == KITH_DICT_NONE ? t->n
                               : kith_truth_at(t, kith_truth_key(a, pseudonym));
}
