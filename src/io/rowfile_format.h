/**
 * @file rowfile_format.h
 * @brief The bytes of a row file that reader and writer agree on.
 */
#ifndef KITH_IO_ROWFILE_FORMAT_H
#define KITH_IO_ROWFILE_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "row files are little-endian and read in place"
#endif

#define KITH_ROWS_MAGIC "KITHROWS"
#define KITH_ROWS_END   "KITHEND."

enum {
    KITH_ROWS_PREFIX = 16, /* magic, format version, header bytes */
    KITH_ROWS_MAX_HEADER = 16 * 1024 * 1024,
    /* A frame is about this large: one read, and in cache when verified, with
     * those of twenty agencies' files beside it (at 256 KiB reading them side
     * by side took three times as long). */
    KITH_ROWS_FRAME_BYTES = 64 * 1024,
    KITH_ROWS_MOST_BYTES = 256 * 1024 /* that a reader accepts */
};

typedef struct kith_rows_frame_head {
    uint32_t n_rows;
    uint32_t zero;
    uint64_t checksum; /* XXH3 of the rows */
} kith_rows_frame_head;

typedef struct kith_rows_footer {
    char magic[8];
    uint64_t n_rows;
    uint64_t chain;    /* XXH3 of (chain so far, frame checksum), from 0 */
    uint64_t checksum; /* XXH3 of the above */
} kith_rows_footer;

/** The next link of the chain over frame checksums. */
uint64_t kith_rows_chain(uint64_t chain, uint64_t checksum);
/** Checksum of a footer's first fields. */
uint64_t kith_rows_footer_checksum(const kith_rows_footer *footer);

#endif
