#include "pass/group.h"

#include "base/alloc.h"
#include "base/table.h"
#include "compare/layout.h"

#include <string.h>

#define NO_SLOT UINT32_MAX

/* Up to here a distinct row is found by looking at all of them. */
enum { SMALL_BLOCK = 24 };
/* The head and what a row says in tokens, about. */
enum { SIGNED_BYTES = 64 };

void
kith_grouper_done(kith_grouper *g)
{
    kith_free(g->group.rows);
    kith_free(g->group.files);
    kith_free(g->group.begin);
    kith_free(g->group.firsts);
    kith_free(g->group.repeats);
    kith_free(g->hashes);
    kith_free(g->owner);
    kith_free(g->slots);
    *g = (kith_grouper){0};
}

static size_t
slots_wanted(uint32_t n)
{
    size_t want = 64;
    while (want < 2 * (size_t)n)
        want *= 2;
    return want;
}

/* One capacity for all: a look at it is all that most blocks cost. */
static kith_status
grow(kith_grouper *g, uint32_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_group *group = &g->group;
    size_t cap = g->rows_cap < 64 ? 64 : g->rows_cap;
    while (cap < n)
        cap *= 2;
    kith_grouper_done(g);
    KITH_TRY(KITH_ALLOC(&group->rows, cap, err));
    KITH_TRY(KITH_ALLOC(&group->files, cap, err));
    KITH_TRY(KITH_ALLOC(&group->begin, cap + 1, err));
    KITH_TRY(KITH_ALLOC(&group->firsts, cap, err));
    KITH_TRY(KITH_ALLOC(&group->repeats, cap, err));
    KITH_TRY(KITH_ALLOC(&g->hashes, cap, err));
    KITH_TRY(KITH_ALLOC(&g->owner, cap, err));
    g->rows_cap = cap;
done:
    return status;
}

static kith_status
reserve(kith_grouper *g, uint32_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    if (n > g->rows_cap)
        KITH_TRY(grow(g, n, err));
    if (n > SMALL_BLOCK)
        KITH_TRY(KITH_GROW(&g->slots, &g->slots_cap, slots_wanted(n), err));
done:
    return status;
}

static inline bool
same_row(const uint8_t *a, const uint8_t *b, size_t row_bytes)
{
    return memcmp(a + KITH_ROW_HEAD, b + KITH_ROW_HEAD,
                  row_bytes - KITH_ROW_HEAD) == 0;
}

/* Rows are multiples of eight bytes and begin with their tokens: a mix of
 * those tells nearly all rows apart. */
static inline uint64_t
sign_row(const uint8_t *row, size_t row_bytes)
{
    const size_t end = row_bytes < SIGNED_BYTES ? row_bytes : SIGNED_BYTES;
    uint64_t sum = 0;
    for (size_t i = KITH_ROW_HEAD; i < end; i += 8) {
        uint64_t x;
        memcpy(&x, row + i, sizeof x);
        /* Odd multipliers, so that no word is lost; places differ by the
         * turn. From the golden ratio: Knuth, TAOCP vol. 3, 6.4. */
        sum = (sum << 7 | sum >> 57) ^ x * 0x9E3779B97F4A7C15u;
    }
    return sum;
}

/* Distinct row that equals @p row. In a small block looking is cheaper than
 * a table. */
static uint32_t
find_small(kith_grouper *g, const uint8_t *row, size_t row_bytes)
{
    const uint64_t sign = sign_row(row, row_bytes);
    for (uint32_t d = 0; d < g->group.n_distinct; d++)
        if (g->hashes[d] == sign &&
            same_row(g->group.firsts[d], row, row_bytes))
            return d;
    g->hashes[g->group.n_distinct] = sign;
    return NO_SLOT;
}

/* The same by hash; a new row's place in the table is taken. */
static uint32_t
find_large(kith_grouper *g, const uint8_t *row, size_t row_bytes, size_t mask)
{
    const uint64_t hash =
        kith_hash64(row + KITH_ROW_HEAD, row_bytes - KITH_ROW_HEAD);
    size_t at = (size_t)hash & mask;
    for (; g->slots[at] != NO_SLOT; at = (at + 1) & mask) {
        const uint32_t d = g->slots[at];
        if (g->hashes[d] == hash &&
            same_row(g->group.firsts[d], row, row_bytes))
            return d;
    }
    g->slots[at] = g->group.n_distinct; /* which the caller adds now */
    g->hashes[g->group.n_distinct] = hash;
    return NO_SLOT;
}

/* Says for each row which distinct row it is; counts them in begin[d + 1]. */
static void
find_distinct(kith_grouper *g, const kith_group_row *rows, uint32_t n,
              size_t row_bytes)
{
    const bool small = n <= SMALL_BLOCK;
    const size_t mask = slots_wanted(n) - 1;
    if (!small)
        memset(g->slots, 0xFF, (mask + 1) * sizeof *g->slots);
    g->group.n_distinct = 0;
    g->group.begin[0] = 0;
    for (uint32_t i = 0; i < n; i++) {
        const uint8_t *row = rows[i].row;
        uint32_t d = small ? find_small(g, row, row_bytes)
                           : find_large(g, row, row_bytes, mask);
        if (d == NO_SLOT) {
            d = g->group.n_distinct++;
            g->group.firsts[d] = row;
            g->group.begin[d + 1] = 0;
        }
        g->owner[i] = d;
        g->group.begin[d + 1]++;
    }
}

/* Rows of a file lie side by side until the least comes first. */
static void
find_repeats(kith_group *group)
{
    for (uint32_t d = 0; d < group->n_distinct; d++) {
        bool repeats = false;
        for (uint32_t i = group->begin[d] + 1; i < group->begin[d + 1]; i++)
            repeats = repeats || !kith_group_allowed(group, i - 1, i);
        group->repeats[d] = repeats;
    }
}

/* The least ref is drawn at random among the sources, pass by pass: the
 * matcher makes that row the centre of the star. */
static void
put_least_first(kith_group *group, uint32_t d)
{
    const uint32_t begin = group->begin[d];
    uint32_t least = begin;
    for (uint32_t i = begin + 1; i < group->begin[d + 1]; i++)
        if (memcmp(group->rows[i] + KITH_ROW_REF,
                   group->rows[least] + KITH_ROW_REF, 8) < 0)
            least = i;
    const uint8_t *row = group->rows[least];
    const uint16_t file = group->files[least];
    group->rows[least] = group->rows[begin];
    group->files[least] = group->files[begin];
    group->rows[begin] = row;
    group->files[begin] = file;
    group->firsts[d] = row;
}

static uint64_t
pairs_of(uint64_t n)
{
    return n * (n - 1) / 2;
}

/* Candidate pairs of the block; its rows come file by file. */
static uint64_t
count_pairs(const kith_group_row *rows, uint32_t n, const bool *link_one)
{
    uint64_t pairs = pairs_of(n);
    for (uint32_t i = 0; link_one != NULL && i < n;) {
        uint32_t j = i + 1;
        while (j < n && rows[j].file == rows[i].file)
            j++;
        if (link_one[rows[i].file])
            pairs -= pairs_of(j - i);
        i = j;
    }
    return pairs;
}

kith_status
kith_grouper_run(kith_grouper *g, const kith_group_row *rows, uint32_t n,
                 size_t row_bytes, const bool *link_one, const kith_group **out,
                 kith_error *err)
{
    const kith_status status = reserve(g, n, err);
    if (status != KITH_OK)
        return status;
    kith_group *group = &g->group;
    find_distinct(g, rows, n, row_bytes);
    for (uint32_t d = 0; d < group->n_distinct; d++)
        group->begin[d + 1] += group->begin[d];
    /* Counting sort; begin[d] moves to its end and back. */
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t at = group->begin[g->owner[i]]++;
        group->rows[at] = rows[i].row;
        group->files[at] = rows[i].file;
    }
    for (uint32_t d = group->n_distinct; d > 0; d--)
        group->begin[d] = group->begin[d - 1];
    group->begin[0] = 0;
    group->n_rows = n;
    group->n_pairs = count_pairs(rows, n, link_one);
    group->link_one = link_one;
    if (link_one != NULL)
        find_repeats(group);
    for (uint32_t d = 0; d < group->n_distinct; d++)
        put_least_first(group, d);
    *out = group;
    return KITH_OK;
}

/* Rows of one file that distinct row d stands for; files are few and blocks
 * short wherever sources are deduplicated, so a scan will do. */
static uint64_t
rows_of_file(const kith_group *group, uint32_t d, uint16_t file)
{
    uint64_t n = 0;
    for (uint32_t i = group->begin[d]; i < group->begin[d + 1]; i++)
        n += group->files[i] == file;
    return n;
}

uint64_t
kith_group_pairs_link_one(const kith_group *group, uint32_t d, uint32_t e)
{
    const uint64_t n_d = group->begin[d + 1] - group->begin[d];
    const uint64_t n_e = group->begin[e + 1] - group->begin[e];
    /* Each row of d takes out the rows of e (or of d) of its own file. */
    uint64_t barred = 0;
    for (uint32_t i = group->begin[d]; i < group->begin[d + 1]; i++)
        if (group->link_one[group->files[i]])
            barred += rows_of_file(group, e, group->files[i]) - (d == e);
    return d == e ? pairs_of(n_d) - barred / 2 : n_d * n_e - barred;
}
