/**
 * @file table.h
 * @brief Open-addressing hash tables: u64 -> u32, and string -> dense index.
 *
 * Source   XXH3 (xxhash.com); linear probing, load at most 1/2.
 */
#ifndef KITH_BASE_TABLE_H
#define KITH_BASE_TABLE_H

#include "base/buffer.h"

#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

/** Key, value and mark together: a look-up is one line of cache. */
typedef struct kith_map64_slot {
    uint64_t key;
    uint32_t value;
    uint32_t used;
} kith_map64_slot;

/** u64 -> u32. Zero-initialise; _done frees. Any key value is allowed. */
typedef struct kith_map64 {
    kith_map64_slot *slots; /* cap, a power of two */
    size_t n;
    size_t cap;
} kith_map64;

void kith_map64_done(kith_map64 *m);
/** Room for @p n keys without growing. */
KITH_NODISCARD kith_status kith_map64_reserve(kith_map64 *m, size_t n,
                                              kith_error *err);
/** Inserts or replaces. */
KITH_NODISCARD kith_status kith_map64_put(kith_map64 *m, uint64_t key,
                                          uint32_t value, kith_error *err);
/** Asks for the line that a look-up will need. */
void kith_map64_touch(const kith_map64 *m, uint64_t key);
bool kith_map64_get(const kith_map64 *m, uint64_t key, uint32_t *value);

/**
 * Strings to dense numbers 0, 1, 2 ... in order of first sight.
 * Zero-initialise; _done frees.
 */
typedef struct kith_dict {
    kith_buffer text; /* the strings, NUL after each */
    size_t *offsets;  /* n: where each begins */
    size_t offsets_cap;
    uint32_t n;
    uint64_t *slots; /* hash in the high half, index + 1 in the low; 0 empty */
    size_t n_slots;
} kith_dict;

#define KITH_DICT_NONE UINT32_MAX

void kith_dict_done(kith_dict *d);
/** @param[out] index of @p s, added when new */
KITH_NODISCARD kith_status kith_dict_add(kith_dict *d, kith_str s,
                                         uint32_t *index, kith_error *err);
/** KITH_DICT_NONE when absent. */
uint32_t kith_dict_find(const kith_dict *d, kith_str s);
/** As kith_dict_find, of many: their memory is fetched while others wait. */
void kith_dict_find_all(const kith_dict *d, const kith_str *all, size_t n,
                        uint32_t *out);
/** Borrowed, until the next add. */
const char *kith_dict_at(const kith_dict *d, uint32_t index);

/** XXH3 of any bytes. */
uint64_t kith_hash64(const void *data, size_t n);

#endif
