/**
 * @file csv_step.h
 * @brief The parser inside csv.c: window, positions, resync.
 */
#ifndef KITH_IO_CSV_STEP_H
#define KITH_IO_CSV_STEP_H

#include "io/csv_batch.h"
#include "io/in.h"

#include <csv.h>

/*
 * The window holds the file from the start of the row being parsed. A row
 * with a stray quote often swallows the good rows after it before the error
 * shows; keeping its text lets reading go on at the line after its first.
 */
struct kith_csv {
    kith_in *in;
    char *path;
    kith_csv_params params;
    struct csv_parser parser;
    bool parser_ready;

    char *window;
    size_t window_bytes;
    size_t start; /* of the row being parsed */
    size_t at;    /* next byte for the parser */
    size_t end;
    bool at_end;   /* the file has no more */
    bool skipping; /* up to the next line, after a bad row */
    char newline;  /* what ends a line here: LF, or CR in an old Mac file */

    uint64_t line;     /* of `at` */
    uint64_t row_line; /* of `start` */
    uint64_t n_rows;   /* data rows so far, bad ones included */
    bool row_open;     /* the parser is inside a row */
    bool row_ended;    /* set by the parser's callback */
    bool plain;        /* nothing in this row needs a check */
    kith_csv_row row;
    kith_csv_batch *batch; /* being filled; NULL: the header */

    kith_buffer header; /* names, NUL after each */
    const char **names; /* into header */
    size_t n_columns;
    kith_status status; /* sticky: of the header's callback */
    kith_error *err;
};

/** The window's size and a first parser; undone by kith_csv_close. */
KITH_NODISCARD kith_status kith_csv_begin(kith_csv *csv, kith_error *err);
/** Frees the parser and overwrites its field: people's own words. */
void kith_csv_forget(kith_csv *csv);
/** Reads more; `at_end` tells that there is none. */
KITH_NODISCARD kith_status kith_csv_refill(kith_csv *csv, kith_error *err);
/** One step: reads, skips, or parses one line; a row may come of it. */
KITH_NODISCARD kith_status kith_csv_step(kith_csv *csv, kith_error *err);
/** No step will give another row. */
bool kith_csv_finished(const kith_csv *csv);

#endif
