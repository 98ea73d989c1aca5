#include "pass/batch.h"

#include "base/alloc.h"

#include <string.h>

/* Steps that the last touch may take a row, before it is given up. */
enum { MOST_STEPS = 8 };

/* Which slot a token goes to: (token - low) >> shift. */
typedef struct spread {
    uint64_t low, high;
    unsigned shift;
    size_t n_slots;
} spread;

void
kith_batch_done(kith_batch *b)
{
    kith_free(b->items);
    kith_free(b->scratch);
    kith_free(b->slots);
    kith_free(b->parts);
    *b = (kith_batch){0};
}

/* Rows to take from each file, and the span of their tokens. */
static void
measure(kith_batch *b, spread *s, const kith_cursor *cursors, uint32_t n_files,
        const uint64_t *stop)
{
    b->n = 0;
    *s = (spread){.low = UINT64_MAX, .n_slots = 1};
    for (uint32_t i = 0; i < n_files; i++) {
        const kith_cursor *c = &cursors[i];
        const size_t n =
            stop == NULL ? c->n - c->at : kith_cursor_below(c, *stop);
        b->parts[i] = n;
        if (n == 0)
            continue;
        const uint64_t first = c->tokens[c->at],
                       last = c->tokens[c->at + n - 1];
        s->low = first < s->low ? first : s->low;
        s->high = last > s->high ? last : s->high;
        b->n += n;
    }
    while (s->n_slots < b->n)
        s->n_slots *= 2;
    while (b->n > 0 && (s->high - s->low) >> s->shift >= s->n_slots)
        s->shift++;
}

/* Counting sort by slot, from the cursors' tokens to the items. */
static void
scatter(kith_batch *b, const spread *s, kith_cursor *cursors, uint32_t n_files)
{
    uint32_t *slots = b->slots;
    memset(slots, 0, (s->n_slots + 1) * sizeof *slots);
    for (uint32_t f = 0; f < n_files; f++) {
        const uint64_t *tokens = cursors[f].tokens + cursors[f].at;
        for (size_t i = 0; i < b->parts[f]; i++)
            slots[((tokens[i] - s->low) >> s->shift) + 1]++;
    }
    for (size_t i = 0; i < s->n_slots; i++)
        slots[i + 1] += slots[i];
    for (uint32_t f = 0; f < n_files; f++) {
        kith_cursor *c = &cursors[f];
        for (const size_t end = c->at + b->parts[f]; c->at < end; c->at++) {
            const uint64_t token = c->tokens[c->at];
            b->items[slots[(token - s->low) >> s->shift]++] =
                (kith_keyed){token, (uint32_t)c->at, f};
        }
    }
}

/* Neighbours within a slot; tokens that are not random are left to a sort
 * that does not mind. Both keep the order of equal tokens. */
static void
settle(kith_batch *b)
{
    kith_keyed *items = b->items;
    size_t steps = 0;
    for (size_t i = 1; i < b->n; i++) {
        if (items[i - 1].key <= items[i].key)
            continue;
        const kith_keyed item = items[i];
        size_t j = i;
        for (; j > 0 && items[j - 1].key > item.key; j--)
            items[j] = items[j - 1];
        items[j] = item;
        steps += i - j;
        if (steps > MOST_STEPS * b->n) {
            kith_radix_sort(items, b->scratch, b->n);
            return;
        }
    }
}

kith_status
kith_batch_take(kith_batch *b, kith_cursor *cursors, uint32_t n_files,
                const uint64_t *stop, kith_error *err)
{
    kith_status status = KITH_OK;
    spread s;
    KITH_TRY(KITH_GROW(&b->parts, &b->parts_cap, n_files, err));
    measure(b, &s, cursors, n_files, stop);
    KITH_TRY(KITH_GROW(&b->items, &b->items_cap, b->n, err));
    KITH_TRY(KITH_GROW(&b->scratch, &b->scratch_cap, b->n, err));
    KITH_TRY(KITH_GROW(&b->slots, &b->slots_cap, s.n_slots + 1, err));
    scatter(b, &s, cursors, n_files);
    settle(b);
done:
    return status;
}
