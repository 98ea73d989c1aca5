#include "evaluate/link_scores.h"

#include "base/hex.h"
#include "base/job.h"
#include "io/csv_each.h"

#include <string.h>

enum { LEFT_AGENCY, LEFT_RECORD, RIGHT_AGENCY, RIGHT_RECORD, N_COLUMNS };

/* Links whose places in the truth's table are on their way into the cache. */
enum { AHEAD = 16 };

/* Links are in order of their left records, which have several each. */
typedef struct link {
    uint64_t left, right; /* keys in the truth */
    bool same_left;       /* as the link before in this batch */
} link;

typedef struct reader {
    const kith_truth *truth;
    kith_scores *links;
    const char *path;
    uint32_t places[N_COLUMNS];
} reader;

static bool
read_key(const kith_truth *t, kith_str agency, kith_str record, uint64_t *key)
{
    uint8_t pseudonym[KITH_PSEUDONYM_BYTES];
    if (record.len != 2 * sizeof pseudonym ||
        !kith_hex_read(pseudonym, record.data, sizeof pseudonym))
        return false;
    /* An agency that the truth does not have is in none of its keys. */
    *key = kith_truth_key(kith_dict_find(&t->agencies, agency), pseudonym);
    return true;
}

static bool
same(kith_str a, kith_str b)
{
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static bool
read_link(const reader *r, const kith_str *row, const kith_str *before,
          link *out, uint64_t last_left)
{
    const kith_truth *t = r->truth;
    const uint32_t *at = r->places;
    out->same_left = before != NULL &&
                     same(row[at[LEFT_RECORD]], before[at[LEFT_RECORD]]) &&
                     same(row[at[LEFT_AGENCY]], before[at[LEFT_AGENCY]]);
    out->left = last_left;
    if (!out->same_left &&
        !read_key(t, row[at[LEFT_AGENCY]], row[at[LEFT_RECORD]], &out->left))
        return false;
    if (!read_key(t, row[at[RIGHT_AGENCY]], row[at[RIGHT_RECORD]], &out->right))
        return false;
    if (!out->same_left)
        kith_map64_touch(&t->rows, out->left);
    kith_map64_touch(&t->rows, out->right);
    return true;
}

/* @p left is the truth's record of the link before. */
static void
score_link(const reader *r, const link *l, uint32_t *left)
{
    const kith_truth *t = r->truth;
    if (!l->same_left)
        *left = kith_truth_at(t, l->left);
    const uint32_t right = kith_truth_at(t, l->right);
    if (*left == t->n || right == t->n)
        return;
    r->links->n_found++;
    r->links->n_both += t->person[*left] == t->person[right];
}

static kith_status
score_batch(void *ctx, const kith_csv_batch *b, kith_error *err)
{
    const reader *r = ctx;
    link ring[AHEAD] = {{0}};
    uint32_t left = r->truth->n;
    uint64_t key = 0;
    for (size_t i = 0; i < b->n_rows + AHEAD; i++) {
        link *l = &ring[i % AHEAD];
        if (i >= AHEAD)
            score_link(r, l, &left);
        if (i >= b->n_rows)
            continue;
        const kith_str *row = b->fields + i * b->n_columns;
        if (!read_link(r, row, i == 0 ? NULL : row - b->n_columns, l, key))
            return kith_error_set(err, KITH_ERR_DATA,
                                  "%s:%llu: not a pseudonym", r->path,
                                  (unsigned long long)b->lines[i]);
        key = l->left;
    }
    return KITH_OK;
}

kith_status
kith_link_scores(kith_scores *links, const kith_truth *truth, const char *path,
                 kith_job *job, kith_error *err)
{
    static const char *const columns[N_COLUMNS] = {
        "left_agency", "left_record", "right_agency", "right_record"};
    kith_status status = KITH_OK;
    reader r = {.truth = truth, .links = links, .path = path};
    kith_csv *csv = NULL;
    const kith_csv_params params = kith_csv_params_default();
    KITH_TRY(kith_csv_open(&csv, path, &params, err));
    for (int c = 0; c < N_COLUMNS; c++)
        KITH_TRY(kith_csv_column(csv, columns[c], &r.places[c], err));
    KITH_TRY(kith_csv_each(csv, kith_job_pool(job), score_batch, &r, err));
    kith_csv_record(csv, job);
done:
    kith_csv_close(csv);
    return status;
}
