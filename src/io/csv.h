/**
 * @file csv.h
 * @brief CSV in strict mode behind one wrapper round libcsv.
 *
 * A batch holds parsed rows with their positions; rows that break the
 * grammar, or whose width is not the header's, are listed as bad with line
 * and reason, and reading goes on at the next line.
 * Handled  BOM, CRLF, quoted newlines, blank lines, gzip
 * Refused  an empty file, a header twice the same name, NUL bytes, broken
 *          UTF-8, a field over max_field_bytes
 * Errors   never contain a value
 */
#ifndef KITH_IO_CSV_H
#define KITH_IO_CSV_H

#include "base/buffer.h"

#include <kith/job.h>
#include <kith/status.h>
#include <stdint.h>

typedef enum kith_csv_bad {
    KITH_CSV_RAGGED,   /**< "ragged_row": another number of fields */
    KITH_CSV_QUOTE,    /**< "stray_quote": quote inside an unquoted field */
    KITH_CSV_NUL,      /**< "nul_byte" */
    KITH_CSV_UTF8,     /**< "broken_utf8" */
    KITH_CSV_TOO_LONG, /**< "field_too_long" or line too long */
    KITH_CSV_N_BAD
} kith_csv_bad;

/** snake_case name of a reason, for counters and rejects. */
const char *kith_csv_bad_name(kith_csv_bad bad);

typedef struct kith_csv_problem {
    uint64_t row;    /* data row, from 1, bad ones included */
    uint64_t line;   /* line of the file, from 1 */
    uint32_t column; /* field, from 1; 0: the whole row */
    kith_csv_bad reason;
} kith_csv_problem;

/** Rows of one batch; storage reused by the next. Zero-initialise. */
typedef struct kith_csv_batch {
    kith_buffer text;
    kith_str *fields; /* n_rows x n_columns, row by row; trimmed */
    uint64_t *rows;   /* n_rows: data row number, from 1 */
    uint64_t *lines;  /* n_rows: line of the file, from 1 */
    size_t n_rows;
    size_t n_columns;
    kith_csv_problem *problems;
    size_t n_problems;
    size_t fields_cap, rows_cap, lines_cap, problems_cap;
} kith_csv_batch;

void kith_csv_batch_done(kith_csv_batch *b);

typedef struct kith_csv kith_csv;

typedef struct kith_csv_params {
    char delimiter;
    size_t max_field_bytes; /* 64 KiB */
    size_t batch_rows;      /* 8192 */
} kith_csv_params;

kith_csv_params kith_csv_params_default(void);

/** Opens and reads the header. */
KITH_NODISCARD kith_status kith_csv_open(kith_csv **out, const char *path,
                                         const kith_csv_params *params,
                                         kith_error *err);
size_t kith_csv_columns(const kith_csv *csv);
/** Column by header name (trimmed, case ignored); KITH_ERR_DATA with the
 *  nearest header as hint when absent. */
KITH_NODISCARD kith_status kith_csv_column(const kith_csv *csv,
                                           const char *name, uint32_t *column,
                                           kith_error *err);
/** As kith_csv_column, of a column a file need not have. */
bool kith_csv_find(const kith_csv *csv, const char *name, uint32_t *column);
/** Next batch; n_rows and n_problems both 0 at the end. */
KITH_NODISCARD kith_status kith_csv_next(kith_csv *csv, kith_csv_batch *batch,
                                         kith_error *err);
/** Next batch of a file that is no raw extract, such as kith's own results:
 *  there a bad row is KITH_ERR_DATA. n_rows is 0 at the end. */
KITH_NODISCARD kith_status kith_csv_next_whole(kith_csv *csv,
                                               kith_csv_batch *batch,
                                               kith_error *err);
/** Bytes of the file consumed so far, and its size, for progress. */
uint64_t kith_csv_consumed(const kith_csv *csv);
uint64_t kith_csv_size(const kith_csv *csv);
/** Records the file as an input of the job; after the last batch. */
void kith_csv_record(kith_csv *csv, kith_job *job);
void kith_csv_close(kith_csv *csv);

#endif
