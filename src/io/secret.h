/**
 * @file secret.h
 * @brief Files that hold keys, and the process that holds them.
 */
#ifndef KITH_IO_SECRET_H
#define KITH_IO_SECRET_H

#include <kith/status.h>
#include <stddef.h>

/**
 * Before a key is read: no core file may hold it, and OpenSSL's locked heap
 * is opened (plain memory where the system does not allow locking).
 */
void kith_secret_guard(void);

/**
 * Reads a small file that only its owner may read.
 * @param[out] text cap bytes, caller's; cleanse after use
 * @retval KITH_ERR_KEY missing, a link, open to others, or cap or larger
 */
KITH_NODISCARD kith_status kith_secret_read(char *text, size_t cap, size_t *n,
                                            const char *path, kith_error *err);

#endif
