#include "cluster/stable_ids.h"

#include "base/alloc.h"
#include "base/hex.h"
#include "base/radix.h"

#include <stdlib.h>
#include <string.h>

/* How many records of one previous person are in one cluster tonight. */
typedef struct overlap {
    uint32_t n;
    uint32_t person; /* index into the previous ids: in order of id */
    uint32_t cluster;
} overlap;

typedef struct naming {
    const kith_clusters *clusters;
    const kith_refs *refs;
    const kith_person_list *previous;
    uint64_t *ids;
    bool *named;     /* cluster has its id */
    kith_map64 used; /* ids given so far */
    kith_id_counts counts;
} naming;

/* Most records first, then smaller id, then smaller cluster. */
static int
compare_overlaps(const void *a, const void *b)
{
    const overlap *x = a;
    const overlap *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    return (x->cluster > y->cluster) - (x->cluster < y->cluster);
}

/* One row per (previous person, cluster) pair; previous rows are in order of
 * person, so pairs of one person are neighbours after sorting by both. */
static kith_status
find_overlaps(const naming *m, overlap **out, size_t *n_out, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_person_list *p = m->previous;
    kith_keyed *rows = NULL, *scratch = NULL;
    uint32_t *agencies = NULL;
    size_t n = 0, n_pairs = 0;
    KITH_TRY(KITH_ALLOC(&rows, p->n_records, err));
    KITH_TRY(KITH_ALLOC(&scratch, p->n_records, err));
    KITH_TRY(KITH_ALLOC(&agencies, p->agencies.n, err));
    for (uint32_t a = 0; a < p->agencies.n; a++)
        agencies[a] = kith_refs_agency(
            m->refs, kith_str_of(kith_dict_at(&p->agencies, a)));
    for (uint32_t i = 0; i < p->n_records; i++) {
        const uint32_t agency = agencies[p->agency_of[i]];
        if (agency == m->refs->n_agencies)
            continue;
        const uint32_t r = kith_refs_find(m->refs, agency, p->pseudonyms[i]);
        if (r < m->refs->n_records)
            rows[n++].key =
                (uint64_t)p->person_of[i] << 32 | m->clusters->cluster_of[r];
    }
    kith_radix_sort(rows, scratch, n);
    KITH_TRY(KITH_ALLOC(out, n, err));
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || rows[i].key != rows[i - 1].key)
            (*out)[n_pairs++] = (overlap){0, (uint32_t)(rows[i].key >> 32),
                                          (uint32_t)rows[i].key};
        (*out)[n_pairs - 1].n++;
    }
    *n_out = n_pairs;
done:
    kith_free(rows);
    kith_free(scratch);
    kith_free(agencies);
    return status;
}

static kith_status
inherit(naming *m, kith_error *err)
{
    enum { SEEN = 1, TAKEN = 2 };
    kith_status status = KITH_OK;
    overlap *pairs = NULL;
    uint8_t *state = NULL; /* of each previous person */
    size_t n = 0;
    KITH_TRY(find_overlaps(m, &pairs, &n, err));
    KITH_TRY(KITH_ALLOC(&state, m->previous->n_persons, err));
    if (n > 1)
        qsort(pairs, n, sizeof *pairs, compare_overlaps);
    for (size_t i = 0; i < n; i++) {
        const overlap *o = &pairs[i];
        if (state[o->person] != TAKEN)
            state[o->person] = SEEN;
        if (state[o->person] == TAKEN || m->named[o->cluster])
            continue;
        const uint64_t id = m->previous->ids[o->person];
        m->ids[o->cluster] = id;
        m->named[o->cluster] = true;
        state[o->person] = TAKEN;
        KITH_TRY(kith_map64_put(&m->used, id, o->cluster, err));
        m->counts.kept++;
    }
    for (uint32_t i = 0; i < m->previous->n_persons; i++) {
        m->counts.merged += state[i] == SEEN;
        m->counts.gone += state[i] == 0;
    }
done:
    kith_free(pairs);
    kith_free(state);
    return status;
}

/* The hash of a record; the attempt sets apart a name that is taken, by an
 * inherited id of a cluster this one split from. */
static uint64_t
name_of(const kith_refs *refs, uint32_t record, unsigned attempt)
{
    char text[160];
    const char *agency = refs->agencies[refs->records[record].agency].name;
    size_t n = strlen(agency);
    if (n > 64)
        n = 64;
    memcpy(text, agency, n);
    text[n++] = ':';
    kith_hex_write(text + n, refs->records[record].pseudonym,
                   KITH_PSEUDONYM_BYTES);
    n += 2 * KITH_PSEUDONYM_BYTES;
    text[n++] = (char)('0' + (attempt & 63));
    return kith_hash64(text, n);
}

/* Clusters are numbered by their smallest record, so the first record of
 * each number names it. */
static kith_status
name_rest(naming *m, kith_error *err)
{
    kith_status status = KITH_OK;
    for (uint32_t r = 0; r < m->refs->n_records; r++) {
        const uint32_t c = m->clusters->cluster_of[r];
        if (m->named[c])
            continue;
        uint64_t id = name_of(m->refs, r, 0);
        uint32_t ignored = 0;
        for (unsigned attempt = 1; kith_map64_get(&m->used, id, &ignored);
             attempt++)
            id = attempt < 64 ? name_of(m->refs, r, attempt) : id + 1;
        m->ids[c] = id;
        m->named[c] = true;
        KITH_TRY(kith_map64_put(&m->used, id, c, err));
        m->counts.fresh++;
    }
done:
    return status;
}

kith_status
kith_stable_ids(uint64_t **ids, kith_id_counts *counts,
                const kith_clusters *clusters, const kith_refs *refs,
                const kith_person_list *previous, kith_error *err)
{
    kith_status status = KITH_OK;
    naming m = {.clusters = clusters, .refs = refs, .previous = previous};
    KITH_TRY(KITH_ALLOC(&m.ids, clusters->n, err));
    KITH_TRY(KITH_ALLOC(&m.named, clusters->n, err));
    KITH_TRY(kith_map64_reserve(&m.used, clusters->n, err));
    if (previous != NULL)
        KITH_TRY(inherit(&m, err));
    KITH_TRY(name_rest(&m, err));
    *ids = m.ids;
    m.ids = NULL;
    *counts = m.counts;
done:
    kith_free(m.ids);
    kith_free(m.named);
    kith_map64_done(&m.used);
    return status;
}
