#include "base/table.h"

#include "base/alloc.h"

#include <string.h>
#if defined(__x86_64__)
#include <xxh_x86dispatch.h> /* the same sums, by the CPU's widest vectors */
#else
#include <xxhash.h>
#endif

enum { FIND_AHEAD = 32 };

uint64_t
kith_hash64(const void *data, size_t n)
{
    return XXH3_64bits(data, n);
}

void
kith_map64_done(kith_map64 *m)
{
    kith_free(m->slots);
    *m = (kith_map64){0};
}

/* The finaliser of SplitMix64 (Steele et al. 2014): every bit of the key
 * counts, at a fraction of a call's cost. */
static uint64_t
mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static kith_map64_slot *
map_slot(const kith_map64 *m, uint64_t key)
{
    size_t i = (size_t)mix(key) & (m->cap - 1);
    while (m->slots[i].used && m->slots[i].key != key)
        i = (i + 1) & (m->cap - 1);
    return &m->slots[i];
}

static void
map_insert(kith_map64 *m, uint64_t key, uint32_t value)
{
    kith_map64_slot *slot = map_slot(m, key);
    m->n += !slot->used;
    *slot = (kith_map64_slot){key, value, 1};
}

kith_status
kith_map64_reserve(kith_map64 *m, size_t n, kith_error *err)
{
    if (m->cap / 2 >= n && m->cap != 0)
        return KITH_OK;
    kith_status status = KITH_OK;
    kith_map64 next = {.cap = 64};
    while (next.cap / 2 < n)
        next.cap *= 2;
    KITH_TRY(KITH_ALLOC(&next.slots, next.cap, err));
    for (size_t i = 0; i < m->cap; i++) {
        if (m->slots[i].used)
            map_insert(&next, m->slots[i].key, m->slots[i].value);
    }
    kith_map64_done(m);
    *m = next;
    next = (kith_map64){0};
done:
    kith_map64_done(&next);
    return status;
}

kith_status
kith_map64_put(kith_map64 *m, uint64_t key, uint32_t value, kith_error *err)
{
    kith_status status = kith_map64_reserve(m, m->n + 1, err);
    if (status == KITH_OK)
        map_insert(m, key, value);
    return status;
}

void
kith_map64_touch(const kith_map64 *m, uint64_t key)
{
    if (m->cap != 0)
        __builtin_prefetch(&m->slots[mix(key) & (m->cap - 1)]);
}

bool
kith_map64_get(const kith_map64 *m, uint64_t key, uint32_t *value)
{
    if (m->cap == 0)
        return false;
    const kith_map64_slot *slot = map_slot(m, key);
    if (!slot->used)
        return false;
    *value = slot->value;
    return true;
}

void
kith_dict_done(kith_dict *d)
{
    kith_buffer_done(&d->text);
    kith_free(d->offsets);
    kith_free(d->slots);
    *d = (kith_dict){0};
}

const char *
kith_dict_at(const kith_dict *d, uint32_t index)
{
    return d->text.data + d->offsets[index];
}

/* The half of a hash that tells slots apart without a look at the text; the
 * place comes from it too, so that growing reads no text at all. */
static uint32_t
dict_hash(kith_str s)
{
    return (uint32_t)kith_hash64(s.data, s.len);
}

static bool
dict_is(const kith_dict *d, uint64_t slot, uint32_t hash, kith_str s)
{
    const uint32_t index = (uint32_t)slot - 1;
    return (uint32_t)(slot >> 32) == hash &&
           kith_str_equal(s, kith_dict_at(d, index));
}

static size_t
dict_slot(const kith_dict *d, uint32_t hash, kith_str s)
{
    size_t i = hash & (d->n_slots - 1);
    while (d->slots[i] != 0 && !dict_is(d, d->slots[i], hash, s))
        i = (i + 1) & (d->n_slots - 1);
    return i;
}

uint32_t
kith_dict_find(const kith_dict *d, kith_str s)
{
    if (d->n_slots == 0)
        return KITH_DICT_NONE;
    const size_t i = dict_slot(d, dict_hash(s), s);
    return d->slots[i] == 0 ? KITH_DICT_NONE : (uint32_t)d->slots[i] - 1;
}

/* The first slots of a few texts, then what these lead to. */
static void
find_few(const kith_dict *d, const kith_str *all, size_t n, uint32_t *out)
{
    uint32_t hash[FIND_AHEAD];
    for (size_t i = 0; i < n; i++) {
        hash[i] = dict_hash(all[i]);
        __builtin_prefetch(&d->slots[hash[i] & (d->n_slots - 1)]);
    }
    for (size_t i = 0; i < n; i++) {
        const uint64_t slot = d->slots[hash[i] & (d->n_slots - 1)];
        if (slot != 0)
            __builtin_prefetch(&d->offsets[(uint32_t)slot - 1]);
    }
    for (size_t i = 0; i < n; i++) {
        const uint64_t slot = d->slots[hash[i] & (d->n_slots - 1)];
        if (slot != 0)
            __builtin_prefetch(kith_dict_at(d, (uint32_t)slot - 1));
    }
    for (size_t i = 0; i < n; i++) {
        const size_t at = dict_slot(d, hash[i], all[i]);
        out[i] =
            d->slots[at] == 0 ? KITH_DICT_NONE : (uint32_t)d->slots[at] - 1;
    }
}

void
kith_dict_find_all(const kith_dict *d, const kith_str *all, size_t n,
                   uint32_t *out)
{
    for (size_t i = 0; i < n; i += FIND_AHEAD) {
        const size_t few = n - i < FIND_AHEAD ? n - i : FIND_AHEAD;
        if (d->n_slots > 0)
            find_few(d, all + i, few, out + i);
        for (size_t k = i; d->n_slots == 0 && k < i + few; k++)
            out[k] = KITH_DICT_NONE;
    }
}

static kith_status
dict_grow(kith_dict *d, kith_error *err)
{
    kith_status status = KITH_OK;
    uint64_t *slots = NULL;
    const size_t n_slots = d->n_slots == 0 ? 64 : d->n_slots * 2;
    KITH_TRY(KITH_ALLOC(&slots, n_slots, err));
    for (size_t k = 0; k < d->n_slots; k++) {
        if (d->slots[k] == 0)
            continue;
        size_t i = (size_t)(d->slots[k] >> 32) & (n_slots - 1);
        while (slots[i] != 0)
            i = (i + 1) & (n_slots - 1);
        slots[i] = d->slots[k];
    }
    kith_free(d->slots);
    d->slots = slots;
    d->n_slots = n_slots;
done:
    return status;
}

kith_status
kith_dict_add(kith_dict *d, kith_str s, uint32_t *index, kith_error *err)
{
    kith_status status = KITH_OK;
    const uint32_t hash = dict_hash(s);
    if ((size_t)d->n * 2 >= d->n_slots)
        KITH_TRY(dict_grow(d, err));
    const size_t slot = dict_slot(d, hash, s);
    if (d->slots[slot] != 0) {
        *index = (uint32_t)d->slots[slot] - 1;
        return KITH_OK;
    }
    KITH_TRY(KITH_GROW(&d->offsets, &d->offsets_cap, (size_t)d->n + 1, err));
    const size_t at = d->text.len;
    KITH_TRY(kith_buffer_add(&d->text, s.data, s.len, err));
    KITH_TRY(kith_buffer_add(&d->text, "", 1, err));
    d->offsets[d->n] = at;
    *index = d->n++;
    d->slots[slot] = (uint64_t)hash << 32 | d->n;
done:
    return status;
}
