/**
 * @file files.h
 * @brief Lists of files that commands are given or gather.
 */
#ifndef KITH_CLI_FILES_H
#define KITH_CLI_FILES_H

#include <kith/status.h>
#include <stddef.h>
#include <stdint.h>

/** Zero-initialise; _done frees, the names too. */
typedef struct kith_files {
    char **files;
    uint32_t n;
    size_t cap;
} kith_files;

KITH_NODISCARD kith_status kith_files_add(kith_files *l, const char *folder,
                                          const char *name, kith_error *err);
/** What a folder holds whose name begins with @p prefix, but for hidden
 *  files, in the order of the names. */
KITH_NODISCARD kith_status kith_files_add_folder(kith_files *l,
                                                 const char *folder,
                                                 const char *prefix,
                                                 kith_error *err);
void kith_files_done(kith_files *l);

#endif
