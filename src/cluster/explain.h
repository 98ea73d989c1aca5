/**
 * @file explain.h
 * @brief The pieces of kith_explain_pair: a record's rows, and what the
 *        results say of two records.
 */
#ifndef KITH_CLUSTER_EXPLAIN_H
#define KITH_CLUSTER_EXPLAIN_H

#include "cluster/refs.h"

#include <kith/explain.h>

/** One of the two records. */
typedef struct kith_explained {
    const char *text; /**< as given: "agency:pseudonym" */
    uint32_t agency;
    uint32_t record; /**< number among all records */
    char hex[2 * KITH_PSEUDONYM_BYTES + 1];
} kith_explained;

/** Rows of one record in one pass: one, two, or none. */
typedef struct kith_explained_rows {
    uint8_t *bytes[2]; /**< owned; NULL beyond n */
    unsigned n;
} kith_explained_rows;

/** KITH_ERR_USAGE when it is not "agency:pseudonym" of this run. */
KITH_NODISCARD kith_status kith_explained_find(kith_explained *out,
                                               const kith_refs *refs,
                                               const char *text,
                                               kith_error *err);

/**
 * Finds the record's refs in <refs>/<agency>.<pass>.map and its rows in
 * <passes>/<agency>.<pass>.pass; both files are read from end to end.
 */
KITH_NODISCARD kith_status kith_explained_rows_find(
    kith_explained_rows *out, const kith_explain_params *params,
    const kith_refs *refs, const kith_explained *record, const char *pass,
    kith_error *err);
void kith_explained_rows_done(kith_explained_rows *rows);

/** Writes what links.csv, refused.csv and persons.csv say of the two. */
KITH_NODISCARD kith_status kith_explain_results(FILE *to, const char *results,
                                                const kith_refs *refs,
                                                const kith_explained records[2],
                                                kith_error *err);

#endif
