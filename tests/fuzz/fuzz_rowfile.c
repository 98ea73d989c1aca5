/*
 * Any bytes as a row file: whole, or refused; never a row too many. Read as
 * they are, and again with every checksum mended, so that damage behind the
 * checksums is met too.
 */
#include "../support/memfile.h"
#include "base/table.h"
#include "io/rowfile.h"
#include "io/rowfile_format.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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

static void
open_and_read(const uint8_t *data, size_t n)
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
}

/* The sizes that the header text speaks of; false when it does not. */
static bool
read_sizes(const uint8_t *text, size_t n, uint64_t *row, uint64_t *per)
{
    kith_meta meta = {{0}};
    kith_error err = KITH_ERROR_INIT;
    const bool good = kith_buffer_add(&meta.text, text, n, &err) == KITH_OK &&
                      kith_meta_u64(&meta, "row_bytes", row, &err) == KITH_OK &&
                      kith_meta_u64(&meta, "frame_rows", per, &err) == KITH_OK;
    kith_meta_done(&meta);
    return good && *row != 0 && *per != 0 && *row < 4096 && *per < 1 << 18;
}

/* Mends the checksums from the header to the footer, where they fit. */
static void
mend(uint8_t *data, size_t n)
{
    uint32_t header = 0;
    uint64_t row = 0, per = 0;
    kith_rows_footer footer = {.n_rows = 0};
    if (n < KITH_ROWS_PREFIX + 8 + sizeof footer)
        return;
    memcpy(&header, data + 12, sizeof header);
    if (header > n - KITH_ROWS_PREFIX - 8 - sizeof footer)
        return;
    uint8_t *text = data + KITH_ROWS_PREFIX;
    const uint64_t sum = kith_hash64(text, header);
    memcpy(text + header, &sum, sizeof sum);
    uint8_t *end = data + n - sizeof footer;
    memcpy(&footer, end, sizeof footer);
    footer.chain = 0;
    uint8_t *at = text + header + 8;
    while (read_sizes(text, header, &row, &per) && at < end) {
        kith_rows_frame_head head;
        const size_t left = (size_t)(end - at);
        if (left < sizeof head)
            break;
        const size_t rows = left - sizeof head < row * per
                                ? left - sizeof head
                                : (size_t)(row * per);
        memcpy(&head, at, sizeof head);
        head.checksum = kith_hash64(at + sizeof head, rows);
        memcpy(at, &head, sizeof head);
        footer.chain = kith_rows_chain(footer.chain, head.checksum);
        at += sizeof head + rows;
    }
    footer.checksum = kith_rows_footer_checksum(&footer);
    memcpy(end, &footer, sizeof footer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    uint8_t *copy = malloc(n + 1);
    check(copy != NULL);
    if (n != 0)
        memcpy(copy, data, n);
    open_and_read(data, n);
    mend(copy, n);
    open_and_read(copy, n);
    free(copy);
    return 0;
}
