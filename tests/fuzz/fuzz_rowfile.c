/* Any bytes as a row file: whole, or refused; never a row too many. */
#include "../support/memfile.h"
#include "io/rowfile.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(int fact)
{
    if (!fact)
        abort();
}

static void
read_all(const kith_rows_in *in, size_t n_file)
{
    kith_error err = KITH_ERROR_INIT;
    const uint64_t n_rows = kith_rows_count(in);
    const size_t row = kith_rows_bytes(in), per = kith_rows_per_frame(in);
    check(row > 0 && per > 0 && n_rows <= n_file / row);
    char *rows = malloc(row * (size_t)(n_rows == 0 ? 1 : n_rows));
    check(rows != NULL);
    /* Frames are verified when read: damage is refused here at the latest. */
    if (kith_rows_read(in, 0, (size_t)n_rows, rows, &err) != KITH_OK)
        check(err.status == KITH_ERR_DATA && err.text[0] != '\0');
    for (uint64_t i = 0; i < n_rows; i++)
        if (kith_rows_peek(in, i, rows, row, &err) != KITH_OK)
            check(err.status == KITH_ERR_DATA || err.status == KITH_ERR_IO);
    free(rows);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    kith_rows_in *in = NULL;
    kith_error err = KITH_ERROR_INIT;
    char path[64];
    const int fd = test_memfile(path, data, n);
    if (kith_rows_open(&in, path, NULL, &err) == KITH_OK)
        read_all(in, n);
    else
        check(
            (err.status == KITH_ERR_DATA || err.status == KITH_ERR_MISMATCH) &&
            err.text[0] != '\0');
    kith_rows_close(in);
    test_memfile_close(fd);
    return 0;
}
