#include "cluster/ties.h"

#include "base/alloc.h"

void
kith_ties_done(kith_ties *t)
{
    kith_free(t->weight);
    kith_free(t->group);
    kith_free(t->links);
    kith_free(t->order);
    kith_free(t->scratch);
    *t = (kith_ties){0};
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
    for (uint32_t i = 0; i < n; i++)
        __builtin_prefetch(&edges->begins[members[i]]);
    for (uint32_t i = 0; i < n; i++)
        __builtin_prefetch(&edges->items[edges->begins[members[i]]]);
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t end = edges->begins[(size_t)members[i] + 1];
        for (uint32_t k = edges->begins[members[i]]; k < end; k++) {
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

/* False when the two are together already. */
static bool
join(kith_ties *t, uint32_t n, const kith_edge *link)
{
    const uint32_t left = t->group[link->left];
    const uint32_t right = t->group[link->right];
    uint32_t n_left = 0;
    uint32_t n_right = 0;
    if (left == right)
        return false;
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
    return true;
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
    KITH_TRY(KITH_GROW(&t->order, &t->order_cap, n_links, err));
    KITH_TRY(KITH_GROW(&t->scratch, &t->scratch_cap, n_links, err));
    /* Strongest first; a stable sort leaves equal ones in order of record. */
    for (size_t i = 0; i < n_links; i++)
        t->order[i] = (kith_keyed){(uint64_t)(INT16_MAX - t->links[i].weight),
                                   (uint32_t)i, 0};
    kith_radix_sort(t->order, t->scratch, n_links);
    uint32_t n_groups = n;
    for (size_t i = 0; i < n_links && n_groups > 1; i++)
        n_groups -= join(t, n, &t->links[t->order[i].value]);
done:
    return status;
}
