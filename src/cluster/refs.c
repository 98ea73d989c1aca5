#include "cluster/refs.h"

#include "base/alloc.h"
#include "base/radix.h"
#include "cluster/rarity.h"
#include "io/folder.h"
#include "io/rowfile.h"

#include <string.h>

/*
 * A phone or e-mail of more records than this is a switchboard, a hostel or
 * a support worker and says nothing about who its bearers are. A unique
 * number is nulled only when no person could have that many records.
 */
enum { MAX_SHARED_BEARERS = 6 };

/* One identifier while it is read: the known tokens, then sorted. */
typedef struct token_list {
    kith_keyed *items;
    size_t n, cap;
} token_list;

typedef struct loader {
    kith_refs *refs;
    const kith_spec *spec;
    token_list lists[KITH_MAX_IDENTIFIERS];
    kith_rarity_sums sums;
    kith_rows_in **files; /* one an agency */
    uint8_t *rows;
    size_t rows_cap;
    /* of the agency being read: spec identifier of each token column */
    int columns[KITH_MAX_IDENTIFIERS];
    uint32_t n_columns;
} loader;

kith_status
kith_refs_check(const kith_refs *r, const kith_meta *meta, const char *path,
                kith_error *err)
{
    static const char *const names[] = {"project", "epoch", "run", "spec",
                                        "check"};
    kith_status status = KITH_OK;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        KITH_TRY(
            kith_meta_same(&r->meta, r->meta_path, meta, path, names[i], err));
    KITH_TRY(
        kith_meta_agree(&r->meta, r->meta_path, meta, path, "normaliser", err));
done:
    return status;
}

uint32_t
kith_refs_agency(const kith_refs *r, kith_str name)
{
    uint32_t a = 0;
    while (a < r->n_agencies && !kith_str_equal(name, r->agencies[a].name))
        a++;
    return a;
}

uint32_t
kith_refs_find(const kith_refs *r, uint32_t agency,
               const uint8_t pseudonym[KITH_PSEUDONYM_BYTES])
{
    uint32_t low = r->agencies[agency].first;
    uint32_t high = low + r->agencies[agency].n;
    while (low < high) {
        const uint32_t mid = low + (high - low) / 2;
        const int order =
            memcmp(r->records[mid].pseudonym, pseudonym, KITH_PSEUDONYM_BYTES);
        if (order == 0)
            return mid;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return r->n_records;
}

static kith_status
check_spec(const kith_meta *meta, const char *path, const kith_spec *spec,
           kith_error *err)
{
    const kith_str digest = kith_meta_get(meta, "spec");
    if (digest.data != NULL && kith_str_equal(digest, spec->digest))
        return KITH_OK;
    kith_error_set(err, KITH_ERR_MISMATCH,
                   "%s was encoded under another linkage spec", path);
    kith_error_hint(err, "use the linkage.yaml it was encoded with, or "
                         "encode again");
    return KITH_ERR_MISMATCH;
}

/* Which spec identifier each token column of this file holds. */
static kith_status
read_columns(loader *l, const kith_rows_in *in, kith_error *err)
{
    const kith_meta *meta = kith_rows_meta(in);
    size_t cursor = 0;
    l->n_columns = 0;
    for (;;) {
        const kith_str field = kith_meta_next(meta, "identifier", &cursor);
        if (field.data == NULL || l->n_columns == KITH_MAX_IDENTIFIERS)
            break;
        int found = -1;
        for (uint8_t i = 0; i < l->spec->n_identifiers; i++) {
            const uint8_t f = l->spec->identifiers[i].field;
            if (kith_str_equal(field, l->spec->fields[f].name))
                found = i;
        }
        l->columns[l->n_columns++] = found;
    }
    const size_t want =
        sizeof(kith_record_row) + (size_t)l->n_columns * KITH_TOKEN_BYTES;
    if (kith_rows_bytes(in) == want)
        return KITH_OK;
    return kith_error_set(err, KITH_ERR_DATA,
                          "%s: rows of %zu bytes where %zu are expected",
                          kith_rows_path(in), kith_rows_bytes(in), want);
}

/* Opens every bundle, so that sizes are known before anything is read. */
static kith_status
open_agencies(loader *l, const char *folder, const kith_folder *list,
              kith_error *err)
{
    kith_status status = KITH_OK;
    kith_refs *r = l->refs;
    char *path = NULL;
    uint64_t n = 0;
    for (size_t a = 0; a < list->n; a++) {
        kith_free(path);
        path = NULL;
        KITH_TRY(
            kith_folder_file(&path, folder, list->names[a], ".records", err));
        KITH_TRY(kith_rows_open(&l->files[a], path, "records", err));
        const kith_meta *meta = kith_rows_meta(l->files[a]);
        if (a == 0) {
            KITH_TRY(kith_buffer_add(&r->meta.text, meta->text.data,
                                     meta->text.len, err));
            r->meta_path = path;
            path = NULL;
        }
        KITH_TRY(kith_refs_check(r, meta, kith_rows_path(l->files[a]), err));
        KITH_TRY(check_spec(meta, kith_rows_path(l->files[a]), l->spec, err));
        kith_ref_agency *agency = &r->agencies[r->n_agencies];
        agency->name = kith_strdup(list->names[a]);
        if (agency->name == NULL)
            KITH_TRY(kith_error_memory(err, 1, strlen(list->names[a])));
        r->n_agencies++;
        const size_t name_bytes = strlen(agency->name);
        if (name_bytes > r->longest_name)
            r->longest_name = name_bytes;
        agency->one = kith_str_equal(kith_meta_get(meta, "link"), "one");
        agency->first = (uint32_t)n;
        agency->n = (uint32_t)kith_rows_count(l->files[a]);
        n += kith_rows_count(l->files[a]);
        if (n >= UINT32_MAX / 2)
            KITH_TRY(kith_error_set(err, KITH_ERR_DATA,
                                    "%s: more than two billion records",
                                    folder));
    }
    r->n_records = (uint32_t)n;
done:
    kith_free(path);
    return status;
}

static bool
token_known(const uint8_t token[KITH_TOKEN_BYTES])
{
    static const uint8_t null[KITH_TOKEN_BYTES];
    return memcmp(token, null, sizeof null) != 0;
}

static kith_status
take_row(loader *l, const uint8_t *row, uint32_t record, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_refs *r = l->refs;
    kith_record_row head;
    memcpy(&head, row, sizeof head);
    memcpy(r->records[record].pseudonym, head.pseudonym, KITH_PSEUDONYM_BYTES);
    for (unsigned s = 0; s < 2; s++)
        if (head.rarity[s] < KITH_RARITY_BUCKETS)
            *kith_refs_marks(r, record) |= (uint32_t)head.rarity[s] << 8 * s;
    for (uint32_t c = 0; c < l->n_columns; c++) {
        const uint8_t *token = row + sizeof head + (size_t)c * KITH_TOKEN_BYTES;
        if (l->columns[c] < 0 || !token_known(token))
            continue;
        token_list *list = &l->lists[l->columns[c]];
        KITH_TRY(KITH_GROW(&list->items, &list->cap, list->n + 1, err));
        /* 64 of 128 bits: among 30 million tokens two meet by chance with
         * probability 2e-5. */
        kith_keyed *item = &list->items[list->n++];
        *item = (kith_keyed){.value = record};
        memcpy(&item->key, token, sizeof item->key);
    }
done:
    return status;
}

static kith_status
read_agency(loader *l, uint32_t a, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_refs *r = l->refs;
    const kith_rows_in *in = l->files[a];
    const size_t bytes = kith_rows_bytes(in);
    uint32_t record = r->agencies[a].first;
    const uint32_t end = record + r->agencies[a].n;
    KITH_TRY(read_columns(l, in, err));
    KITH_TRY(kith_rarity_add(&l->sums, kith_rows_meta(in), l->spec,
                             kith_rows_path(in), err));
    KITH_TRY(KITH_GROW(&l->rows, &l->rows_cap, kith_rows_per_frame(in) * bytes,
                       err));
    for (uint64_t frame = 0; record < end; frame++) {
        size_t n = 0;
        KITH_TRY(kith_rows_frame(in, frame, l->rows, &n, err));
        for (size_t i = 0; i < n; i++, record++) {
            r->records[record].agency = (uint16_t)a;
            KITH_TRY(take_row(l, l->rows + i * bytes, record, err));
        }
        kith_job_advance(job, n);
    }
    kith_job_count(job, r->agencies[a].name, "records", r->agencies[a].n);
done:
    return status;
}

/* Equal tokens get one dense number; those with too many bearers get 0. */
static kith_status
number_tokens(loader *l, uint32_t id, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_refs *r = l->refs;
    token_list *list = &l->lists[id];
    const uint32_t cap = l->spec->identifiers[id].unique ? l->spec->max_cluster
                                                         : MAX_SHARED_BEARERS;
    kith_keyed *scratch = NULL;
    uint32_t number = 0;
    KITH_TRY(KITH_ALLOC(&scratch, list->n, err));
    kith_radix_sort(list->items, scratch, list->n);
    for (size_t i = 0, j = 0; i < list->n; i = j) {
        while (j < list->n && list->items[j].key == list->items[i].key)
            j++;
        if (j - i > cap) {
            r->n_shared[id] += j - i;
            continue;
        }
        number++;
        for (size_t k = i; k < j; k++)
            kith_refs_marks(r, list->items[k].value)[1 + id] = number;
    }
done:
    kith_free(scratch);
    kith_free(list->items);
    *list = (token_list){0};
    return status;
}

static kith_status
allocate_records(kith_refs *r, kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t n = r->n_records;
    KITH_TRY(KITH_ALLOC(&r->records, n, err));
    KITH_TRY(KITH_ALLOC(&r->marks, n * (r->n_identifiers + 1), err));
done:
    return status;
}

static void
count_shared(const loader *l, kith_job *job)
{
    for (uint32_t i = 0; i < l->spec->n_identifiers; i++) {
        const uint8_t field = l->spec->identifiers[i].field;
        if (l->refs->n_shared[i] != 0)
            kith_job_count(job, l->spec->fields[field].name,
                           "identifier_shared_by_too_many",
                           l->refs->n_shared[i]);
    }
}

kith_status
kith_refs_load(kith_refs *out, const char *folder, const kith_spec *spec,
               kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_refs refs = {.n_identifiers = spec->n_identifiers};
    loader l = {.refs = &refs, .spec = spec};
    kith_folder list = {0};
    KITH_TRY(kith_folder_list(&list, folder, ".records", err));
    if (list.n == 0 || list.n > UINT16_MAX) {
        status = kith_error_set(err, KITH_ERR_IO,
                                "%s: holds %zu refs bundles (*.records)",
                                folder, list.n);
        kith_error_hint(err, "encode the agencies first");
        goto done;
    }
    KITH_TRY(KITH_ALLOC(&l.files, list.n, err));
    KITH_TRY(KITH_ALLOC(&refs.agencies, list.n, err));
    KITH_TRY(open_agencies(&l, folder, &list, err));
    KITH_TRY(allocate_records(&refs, err));
    for (uint32_t a = 0; a < refs.n_agencies; a++)
        KITH_TRY(read_agency(&l, a, job, err));
    for (uint32_t i = 0; i < spec->n_identifiers; i++)
        KITH_TRY(number_tokens(&l, i, err));
    kith_rarity_finish(refs.rarity_bits, &l.sums);
    count_shared(&l, job);
    *out = refs;
    refs = (kith_refs){0};
done:
    for (size_t a = 0; l.files != NULL && a < list.n; a++)
        kith_rows_close(l.files[a]);
    kith_free(l.files);
    kith_free(l.rows);
    for (size_t i = 0; i < KITH_MAX_IDENTIFIERS; i++)
        kith_free(l.lists[i].items);
    kith_folder_done(&list);
    kith_refs_done(&refs);
    return status;
}

void
kith_refs_done(kith_refs *r)
{
    for (uint32_t a = 0; a < r->n_agencies; a++)
        kith_free(r->agencies[a].name);
    kith_free(r->agencies);
    kith_free(r->records);
    kith_free(r->marks);
    kith_meta_done(&r->meta);
    kith_free(r->meta_path);
    *r = (kith_refs){0};
}
