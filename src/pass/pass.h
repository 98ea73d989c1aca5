/**
 * @file pass.h
 * @brief One pass of all agencies: its files, checked against each other,
 *        and its blocks, one at a time, in order of the block key.
 *
 * Input    <folder>/<agency>.<pass>.pass, rows sorted by (block, ref)
 * Ranges   the key space is cut into n_ranges equal parts; block tokens come
 *          from a keyed pseudorandom function, so parts hold about as many
 *          rows each. The number depends on the row counts alone, never on
 *          the threads. A range is read by itself, front to back.
 * Memory   of a reader: one or two frames of each file, and the largest
 *          block that is not put off
 * Errors   KITH_ERR_MISMATCH, by name, when files are of another project,
 *          epoch, run, spec, key or normaliser, or an agency comes twice;
 *          KITH_ERR_DATA when a file is damaged or not sorted
 */
#ifndef KITH_PASS_PASS_H
#define KITH_PASS_PASS_H

#include "compare/layout.h"
#include "io/rowfile.h"
#include "pass/group.h"

#include <kith/job.h>
#include <kith/spec.h>
#include <kith/status.h>

/** Most agencies in one pass: file numbers in pairs are 16 bits wide. */
enum { KITH_MAX_AGENCIES = 4096 };

typedef struct kith_pass_file {
    char agency[64];
    bool link_one; /**< deduplicated: no two rows are one person */
    kith_rows_in *rows;
} kith_pass_file;

typedef struct kith_pass {
    const char *name; /**< borrowed from the spec */
    kith_layout layout;
    kith_pass_file *files; /**< n_files, in order of agency */
    uint32_t n_files;
    bool any_link_one;
    uint64_t n_rows;
    uint32_t n_ranges; /**< at least 1 */
} kith_pass;

/** Opens pass @p index of @p spec; no file at all is KITH_ERR_IO. */
KITH_NODISCARD kith_status kith_pass_open(kith_pass **out,
                                          const kith_spec *spec, unsigned index,
                                          const char *folder, kith_error *err);
void kith_pass_close(kith_pass *pass);

/** Called with each block of two or more rows. */
typedef kith_status (*kith_group_fn)(void *ctx, const kith_group *group,
                                     kith_error *err);

typedef struct kith_pass_counts {
    uint64_t rows;          /**< rows read */
    uint64_t blocks;        /**< runs of equal block tokens */
    uint64_t largest_block; /**< rows */
} kith_pass_counts;

typedef struct kith_pass_reader kith_pass_reader;

/** One per worker. */
KITH_NODISCARD kith_status kith_pass_reader_new(kith_pass_reader **out,
                                                const kith_pass *pass,
                                                kith_error *err);
void kith_pass_reader_free(kith_pass_reader *reader);

/**
 * Blocks of more than @p rows are put off: counted, but not visited, and
 * never in memory. Without this call none is.
 */
void kith_pass_reader_limit(kith_pass_reader *reader, uint64_t rows);

/** A block that was put off. */
typedef struct kith_pass_giant {
    uint64_t token;
    uint64_t n_rows;
} kith_pass_giant;

/** Those put off so far, in order of reading. */
const kith_pass_giant *kith_pass_reader_giants(const kith_pass_reader *reader,
                                               size_t *n);
void kith_pass_reader_forget(kith_pass_reader *reader);
/** By file, whether it is deduplicated; NULL when none is. */
const bool *kith_pass_reader_link_one(const kith_pass_reader *reader);

/** Visits the blocks of range @p range in order of their token, and adds to
 *  @p counts (the largest block is the greatest so far). */
KITH_NODISCARD kith_status kith_pass_read(kith_pass_reader *reader,
                                          uint32_t range, kith_group_fn fn,
                                          void *ctx, kith_pass_counts *counts,
                                          kith_error *err);

#endif
