/**
 * @file behind.h
 * @brief Writing to the disk while the program goes on.
 *
 * Pages wait in memory until fsync asks for them; then a large file keeps the
 * program waiting for as long as the disk takes. Asked for as they are
 * written, most have arrived by then.
 */
#ifndef KITH_IO_BEHIND_H
#define KITH_IO_BEHIND_H

#include <stdint.h>

/** Asks for bytes [from, end) of a file to be written; does not wait, and
 *  says nothing of errors: fsync does. */
void kith_write_behind(int fd, uint64_t from, uint64_t end);

#endif
