/* The first byte chooses delimiter and limits, the rest is the file. */
#include "../support/memfile.h"
#include "io/csv.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(int fact)
{
    if (!fact)
        abort();
}

/* What a batch promises whatever the file. */
static void
check_batch(const kith_csv_batch *b, const kith_csv_params *params,
            uint64_t *row, uint64_t *line)
{
    const char *end =
        b->text.len == 0 ? b->text.data : b->text.data + b->text.len;
    check(b->n_rows <= params->batch_rows);
    for (size_t i = 0; i < b->n_rows; i++) {
        check(b->rows[i] > *row && b->lines[i] >= *line);
        *row = b->rows[i];
        *line = b->lines[i];
    }
    for (size_t i = 0; i < b->n_rows * b->n_columns; i++) {
        const kith_str f = b->fields[i];
        check(f.len <= params->max_field_bytes);
        check(f.len == 0 || (f.data >= b->text.data && f.data + f.len <= end));
        check(f.len == 0 || memchr(f.data, '\0', f.len) == NULL);
    }
    for (size_t i = 0; i < b->n_problems; i++)
        check(b->problems[i].row > 0 && b->problems[i].line > 0 &&
              b->problems[i].reason < KITH_CSV_N_BAD);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char delimiters[] = {',', ';', '\t', '|'};
    kith_csv_params params = kith_csv_params_default();
    kith_csv *csv = NULL;
    kith_csv_batch b = {0};
    kith_error err = KITH_ERROR_INIT;
    uint64_t row = 0, line = 0, n_seen = 0;
    char path[64];
    if (n == 0)
        return 0;
    params.delimiter = delimiters[data[0] & 3];
    params.max_field_bytes = (data[0] & 4) != 0 ? 16 : params.max_field_bytes;
    params.batch_rows = (data[0] & 8) != 0 ? 3 : params.batch_rows;
    const int fd = test_memfile(path, data + 1, n - 1);
    if (kith_csv_open(&csv, path, &params, &err) == KITH_OK) {
        do {
            check(kith_csv_next(csv, &b, &err) == KITH_OK ||
                  err.status == KITH_ERR_DATA);
            if (err.status != KITH_OK)
                break;
            check_batch(&b, &params, &row, &line);
            n_seen += b.n_rows + b.n_problems;
            check(n_seen <= n);
        } while (b.n_rows + b.n_problems != 0);
    } else {
        check(err.status == KITH_ERR_DATA && err.text[0] != '\0');
    }
    kith_csv_batch_done(&b);
    kith_csv_close(csv);
    test_memfile_close(fd);
    return 0;
}
