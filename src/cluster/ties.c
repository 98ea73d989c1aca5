#include "cluster/ties.h"

#include "base/alloc.h"

#include <stdlib.h>

void
kith_ties_done(kith_ties *t)
{
    kith_free(t->weight);
    kith_free(t->group);
    kith_free(t->links);
    *t = (kith_ties){0};
}

/* Strongest first; equal ones by record, so that the order is one. */
static int
by_weight(const void *x, const void *y)
{
    const kith_edge *a = x;
    const kith_edge *b = y;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    if (a->left != b->left)
        return a->left < b->left ? -1 : 1;
    return (a->right > b->right) - (a->right < b->right);
}

/* Where a record is among the members; n when it is not. */
static uint32_t
place_of(const uint32_t *members, uint32_t n, uint32_t record)
{
    uint32_t lo = 0;
    uint32_t hi = n;
    while (lo < hi) {
        const uint32_t mid = lo + (hi - lo) / 2;
        if (members[mid] < record)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < n && members[lo] == record ? lo : n;
}

/* The links between members, ends as places among them. */
static kith_status
gather(kith_ties *t, size_t *n_links, const kith_edges *edges,
       const uint32_t *members, uint32_t n, int32_t threshold, kith_error *err)
{
    kith_status status = KITH_OK;
    *n_links = 0;
    for (uint32_t i = 0; i < n; i++) {
        const uint64_t end = edges->begins[(size_t)members[i] + 1];
        for (uint64_t k = edges->begins[members[i]]; k < end; k++) {
            kith_edge e = edges->items[k];
            const uint32_t right = place_of(members, n, e.right);
            if (e.weight < threshold || right == n)
                continue;
            e.left = i;
            e.right = right;
            KITH_TRY(KITH_GROW(&t->links, &t->links_cap, *n_links + 1, err));
            t->links[(*n_links)++] = e;
        }
    }
done:
    return status;
}

static void
join(kith_ties *t, uint32_t n, const kith_edge *link)
{
    const uint32_t left = t->group[link->left];
    const uint32_t right = t->group[link->right];
    uint32_t n_left = 0;
    uint32_t n_right = 0;
    if (left == right)
        return;
    for (uint32_t i = 0; i < n; i++) {
        n_left += t->group[i] == left;
        n_right += t->group[i] == right;
    }
    for (uint32_t i = 0; i < n; i++) {
        if ((t->group[i] == left && n_left <= n_right) ||
            (t->group[i] == right && n_right <= n_left))
            t->weight[i] = link->weight;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (t->group[i] == right)
            t->group[i] = left;
    }
}

kith_status
kith_ties_find(kith_ties *t, const kith_edges *edges, const uint32_t *members,
               uint32_t n, int32_t threshold, kith_error *err)
{
    kith_status status = KITH_OK;
    size_t n_links = 0;
    KITH_TRY(KITH_GROW(&t->weight, &t->weight_cap, n, err));
    KITH_TRY(KITH_GROW(&t->group, &t->group_cap, n, err));
    for (uint32_t i = 0; i < n; i++) {
        t->weight[i] = INT16_MAX;
        t->group[i] = i;
    }
    if (n < 2)
        return KITH_OK;
    KITH_TRY(gather(t, &n_links, edges, members, n, threshold, err));
    if (n_links > 0)
        qsort(t->links, n_links, sizeof *t->links, by_weight);
    for (size_t i = 0; i < n_links; i++)
        join(t, n, &t->links[i]);
done:
    return status;
}
