/**
 * @file scratch.h
 * @brief An array that does not fit the memory budget: bytes of a file that
 *        has no name, in the process's address space.
 *
 * The system keeps them in memory while it has some to spare, and writes them
 * out when it has not. They are gone with the process, however it ends.
 * Errors   KITH_ERR_IO: the disk is full, said when room is asked for
 */
#ifndef KITH_IO_SCRATCH_H
#define KITH_IO_SCRATCH_H

#include <kith/status.h>
#include <stdbool.h>
#include <stddef.h>

/** Zero-initialise; _done frees. */
typedef struct kith_scratch {
    void *data; /* moves when room is made */
    size_t n_bytes;
    int fd;
    bool open;
} kith_scratch;

/** @param folder that must exist */
KITH_NODISCARD kith_status kith_scratch_open(kith_scratch *s,
                                             const char *folder,
                                             kith_error *err);
/** Room for @p n_bytes in all, zero where nothing was written. */
KITH_NODISCARD kith_status kith_scratch_room(kith_scratch *s, size_t n_bytes,
                                             kith_error *err);
/** Says that bytes [first, end) are not needed soon; they stay as they are.
 *  Any thread, at any time. */
void kith_scratch_rest(const kith_scratch *s, size_t first, size_t end);
void kith_scratch_done(kith_scratch *s);

#endif
