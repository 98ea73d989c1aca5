/* Any bytes as a file, plain or gzip: read to the end or refused. */
#include "../support/memfile.h"
#include "io/in.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    /* A few kilobytes of gzip can hold gigabytes of zeros. */
    enum { ENOUGH = 1 << 22 };
    static char buffer[1 << 16];
    kith_in *in = NULL;
    kith_error err = KITH_ERROR_INIT;
    char path[64];
    size_t got = 0, total = 0;
    const int fd = test_memfile(path, data, n);
    if (kith_in_open(&in, path, &err) != KITH_OK)
        abort();
    do {
        if (kith_in_read(in, buffer, sizeof buffer, &got, &err) != KITH_OK) {
            if (err.status != KITH_ERR_DATA || err.text[0] == '\0')
                abort();
            break;
        }
        total += got;
    } while (got != 0 && total < ENOUGH);
    if (kith_in_size(in) != n || kith_in_consumed(in) > n)
        abort();
    kith_in_close(in);
    test_memfile_close(fd);
    return 0;
}
