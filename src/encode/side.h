/**
 * @file side.h
 * @brief A file beside the persons file, about its records: events or
 *        relations. Opened, its columns found, its rows visited in order.
 *
 * The ids of a batch are looked up side by side, while the rows of the batch
 * before are visited and the next batch is read.
 */
#ifndef KITH_ENCODE_SIDE_H
#define KITH_ENCODE_SIDE_H

#include "encode/stage.h"

enum { KITH_SIDE_IDS = 2 };

/** How a lookup or a date went. */
typedef enum kith_side_found {
    KITH_SIDE_FOUND,
    KITH_SIDE_ABSENT,  /**< empty */
    KITH_SIDE_DROPPED, /**< an opt-out: counted, no reject */
    KITH_SIDE_BAD      /**< not there, or not a date */
} kith_side_found;

/** A record of the extract and its exact day of birth, or KITH_NO_DATE. */
typedef struct kith_side_person {
    uint32_t record;
    int32_t born;
    kith_side_found found;
} kith_side_person;

typedef struct kith_side_row {
    const kith_str *fields;
    uint64_t row, line;
    const kith_side_person *people; /**< of the id columns */
} kith_side_row;

typedef struct kith_side kith_side;

/** One good row of the file. */
typedef kith_status (*kith_side_fn)(kith_side *side, const kith_side_row *row,
                                    kith_error *err);

struct kith_side {
    kith_stage *s;
    kith_csv *csv;
    kith_date_format format;
    const char *what;                 /**< "event": how its counters begin */
    void *ctx;                        /**< the visitor's */
    uint64_t grammar[KITH_CSV_N_BAD]; /**< grammar problems of earlier files */
    uint32_t ids[KITH_SIDE_IDS];      /**< columns of record ids ... */
    unsigned n_ids;                   /**< ... the visitor sets before _each */
};

/** A file as the mapping describes it. */
typedef struct kith_side_file {
    const char *name;
    const char *format; /**< of its dates; NULL: yyyy-mm-dd */
    const char *what;   /**< "event": how its counters begin */
    char delimiter;
} kith_side_file;

/** Opens a file of the mapping. Zero-initialise; _done closes. */
KITH_NODISCARD kith_status kith_side_open(kith_side *side, kith_stage *s,
                                          const kith_side_file *file,
                                          kith_error *err);
/** KITH_NO_COLUMN when @p name is NULL. */
KITH_NODISCARD kith_status kith_side_column(const kith_side *side,
                                            const char *name, uint32_t *out,
                                            kith_error *err);
/** Visits all rows; bad ones go to rejects.csv. */
KITH_NODISCARD kith_status kith_side_each(kith_side *side, kith_side_fn fn,
                                          kith_error *err);
void kith_side_done(kith_side *side);

/** Refuses the row: counted, and written to rejects.csv. */
KITH_NODISCARD kith_status kith_side_reject(kith_side *side,
                                            const kith_side_row *row,
                                            uint32_t column, const char *reason,
                                            kith_error *err);

/** The record of the row's id column @p which; counts, and refuses the row,
 *  when there is none. */
KITH_NODISCARD kith_status kith_side_record(
    kith_side *side, const kith_side_row *row, unsigned which,
    kith_side_person *person, kith_side_found *found, kith_error *err);
/** A date column; KITH_NO_COLUMN is absent. */
KITH_NODISCARD kith_status kith_side_date(kith_side *side,
                                          const kith_side_row *row,
                                          uint32_t column, int32_t *out,
                                          kith_side_found *found,
                                          kith_error *err);

/* Sort keys: unsigned, big endian. */
void kith_side_put_u32(uint8_t out[4], uint32_t value);
/** Signed days in an order that memcmp follows. */
void kith_side_put_day(uint8_t out[4], int32_t day);

#endif
