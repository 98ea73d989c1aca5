/* sync_file_range is Linux's own. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier) */

#include "io/behind.h"

#include <fcntl.h>

void
kith_write_behind(int fd, uint64_t from, uint64_t end)
{
#if defined(SYNC_FILE_RANGE_WRITE)
    (void)sync_file_range(fd, (off_t)from, (off_t)(end - from),
                          SYNC_FILE_RANGE_WRITE);
#else
    (void)fd;
    (void)from;
    (void)end;
#endif
}
