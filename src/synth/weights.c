#include "base/alloc.h"
#include "synth/tables.h"

void
kith_weights_done(kith_weights *w)
{
    kith_free(w->items);
    kith_free(w->sums);
    *w = (kith_weights){0};
}

kith_status
kith_weights_add(kith_weights *w, uint32_t item, double weight, kith_error *err)
{
    kith_status status = KITH_OK;
    if (weight <= 0)
        return KITH_OK;
    KITH_TRY(KITH_GROW(&w->items, &w->items_cap, w->n + 1, err));
    KITH_TRY(KITH_GROW(&w->sums, &w->sums_cap, w->n + 1, err));
    w->items[w->n] = item;
    w->sums[w->n] = weight + (w->n == 0 ? 0.0 : w->sums[w->n - 1]);
    w->n++;
done:
    return status;
}

uint32_t
kith_weights_draw(const kith_weights *w, kith_rng *rng)
{
    const double x = kith_rng_unit(rng) * w->sums[w->n - 1];
    size_t low = 0;
    size_t high = w->n - 1;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (w->sums[middle] > x)
            high = middle;
        else
            low = middle + 1;
    }
    return w->items[low];
}
