/**
 * @file extract.h
 * @brief An agency's persons file, row by row, as normalised records.
 *
 * The mapping says which column feeds which field. Several columns of one
 * field are joined by a blank (names, text) or the first that is not empty is
 * taken (all else); dates may come in three columns.
 */
#ifndef KITH_ENCODE_EXTRACT_H
#define KITH_ENCODE_EXTRACT_H

#include "encode/norm.h"
#include "io/csv.h"

#include <kith/mapping.h>
#include <kith/status.h>
#include <stdint.h>

enum {
    KITH_MAX_JOINED = 6,
    /** Rows of a batch: what two batches come to, some 1.5 KB a record, stays
     *  in the last cache until the sorters have it. */
    KITH_EXTRACT_ROWS = 2048
};
#define KITH_NO_COLUMN UINT32_MAX

/** One column of a field, and which piece of it when it holds several. */
typedef struct kith_extract_column {
    uint32_t column;
    char separator;   /**< ',' or ' '; 0: the whole column */
    uint8_t piece;    /**< place in the mapping's list of fields */
    uint8_t n_pieces; /**< fields that the column holds */
    kith_date_format format;
} kith_extract_column;

typedef struct kith_extract_field {
    bool mapped;
    bool in_parts; /**< a date in day, month and year columns */
    uint8_t n_columns;
    kith_extract_column columns[KITH_MAX_JOINED];
    uint32_t day, month, year;
} kith_extract_field;

typedef struct kith_extract {
    const kith_spec *spec;
    kith_csv *csv;
    char *path;
    uint32_t id;
    uint32_t updated;   /**< KITH_NO_COLUMN without */
    uint32_t household; /**< KITH_NO_COLUMN without */
    kith_date_format updated_format;
    kith_extract_field fields[KITH_MAX_FIELDS];
} kith_extract;

/** A column that is not in the header is the mapping's mistake: an error of
 *  finding one becomes KITH_ERR_CONFIG and names the mapping first. */
KITH_NODISCARD kith_status kith_extract_blame(kith_status status,
                                              const kith_mapping *mapping,
                                              kith_error *err);
/** Path of a file that the mapping names: below @p data, else beside the
 *  mapping; an absolute one stays. */
KITH_NODISCARD kith_status kith_extract_path(char **out,
                                             const kith_mapping *mapping,
                                             const char *data, const char *file,
                                             kith_error *err);

/** Opens the file and finds its columns. Zero-initialise; _done frees. */
KITH_NODISCARD kith_status kith_extract_open(
    kith_extract *out, const kith_spec *spec, const kith_mapping *mapping,
    const char *data, int32_t reference, kith_error *err);
void kith_extract_done(kith_extract *x);

/** Normalises one row into @p fields, an array of the spec's fields. */
void kith_extract_row(const kith_extract *x, const kith_norm_rules *rules,
                      const kith_str *row, kith_norm *fields);

/** Column that a value of @p field came from, from 1; 0 when several. */
uint32_t kith_extract_source(const kith_extract *x, unsigned field);

#endif
