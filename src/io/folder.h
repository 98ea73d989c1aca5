/**
 * @file folder.h
 * @brief The files of a folder that end in a suffix, in name order.
 *
 * The order is by byte value, whatever the file system and locale say, so
 * that everything counted from it is the same everywhere.
 */
#ifndef KITH_IO_FOLDER_H
#define KITH_IO_FOLDER_H

#include <kith/status.h>
#include <stddef.h>

/** Zero-initialise; _done frees. */
typedef struct kith_folder {
    char **names; /* n: file names without the suffix, sorted */
    size_t n;
    size_t cap;
} kith_folder;

/** @param suffix ".records"; KITH_ERR_IO when @p path cannot be read */
KITH_NODISCARD kith_status kith_folder_list(kith_folder *out, const char *path,
                                            const char *suffix,
                                            kith_error *err);
void kith_folder_done(kith_folder *f);
/** path/name + suffix in a fresh string. */
KITH_NODISCARD kith_status kith_folder_file(char **out, const char *path,
                                            const char *name,
                                            const char *suffix,
                                            kith_error *err);

#endif
