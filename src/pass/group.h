/**
 * @file group.h
 * @brief The rows of one block, with identical rows brought together.
 *
 * Rows are identical when all bytes after the ref are: the same person as
 * many agencies sent it. Distinct row d stands for rows
 * [begin[d], begin[d + 1]); the one with the least ref comes first.
 * A source that says `link: one` holds no two rows of one person: pairs
 * inside its file are not candidates, and not counted.
 */
#ifndef KITH_PASS_GROUP_H
#define KITH_PASS_GROUP_H

#include <kith/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct kith_group {
    const uint8_t **rows;   /**< n_rows */
    uint16_t *files;        /**< n_rows: index of the agency */
    uint32_t *begin;        /**< n_distinct + 1 */
    const uint8_t **firsts; /**< n_distinct: the first row of each */
    uint32_t n_rows;
    uint32_t n_distinct;
    uint64_t n_pairs;     /**< candidate pairs of the whole block */
    const bool *link_one; /**< by file; NULL when no source says so */
    /** n_distinct, where link_one is not NULL: whether a `link: one` file has
     *  two of the rows, two people whom this pass cannot tell apart. */
    bool *repeats;
} kith_group;

/** A row as read, before grouping. */
typedef struct kith_group_row {
    const uint8_t *row;
    uint16_t file;
} kith_group_row;

/** Storage of groups, reused from block to block. Zero-initialise. */
typedef struct kith_grouper {
    kith_group group;
    uint64_t *hashes;
    uint32_t *owner; /* row -> distinct row */
    uint32_t *slots; /* hash table of distinct rows */
    size_t rows_cap; /* of all arrays but slots */
    size_t slots_cap;
} kith_grouper;

void kith_grouper_done(kith_grouper *g);

/** Groups @p n rows of @p row_bytes, which come file by file.
 *  @param[out] out borrowed, until the next call */
KITH_NODISCARD kith_status kith_grouper_run(
    kith_grouper *g, const kith_group_row *rows, uint32_t n, size_t row_bytes,
    const bool *link_one, const kith_group **out, kith_error *err);

/** Whether rows @p a and @p b (indices into rows) may be one person. */
static inline bool
kith_group_allowed(const kith_group *group, uint32_t a, uint32_t b)
{
    return group->link_one == NULL || group->files[a] != group->files[b] ||
           !group->link_one[group->files[a]];
}

/** kith_group_pairs where some source says `link: one`. */
uint64_t kith_group_pairs_link_one(const kith_group *group, uint32_t d,
                                   uint32_t e);

/** Candidate pairs between two distinct rows, or inside one when d == e. */
static inline uint64_t
kith_group_pairs(const kith_group *group, uint32_t d, uint32_t e)
{
    const uint64_t n = group->begin[d + 1] - group->begin[d];
    if (group->link_one != NULL)
        return kith_group_pairs_link_one(group, d, e);
    return d == e ? n * (n - 1) / 2
                  : n * (group->begin[e + 1] - group->begin[e]);
}

#endif
