/**
 * @file encoded.h
 * @brief One run of encode on fixtures/encode, and a look at what came out.
 */
#ifndef KITH_TESTS_ENCODED_H
#define KITH_TESTS_ENCODED_H

#include "encode/bundle.h"
#include "io/rowfile.h"

#include <kith/encode.h>

/** A run; change params, spec and mapping before test_encode. */
typedef struct test_encoded {
    kith_spec *spec;
    kith_mapping *mapping;
    kith_key *project, *agency;
    kith_encode_params params;
    kith_job *job;
    kith_error err;
    char folder[256];
    char areas[512], exclude[512];
} test_encoded;

/** The shipped spec, police.yaml, fixed keys, run "r1", 31 March 2026. */
void test_encoded_init(test_encoded *t, unsigned threads);
kith_status test_encode(test_encoded *t);
/** Both, and it must succeed. */
void test_encoded_well(test_encoded *t, unsigned threads);
void test_encoded_done(test_encoded *t);

/** A counter of the police's encode. */
uint64_t test_encoded_count(const test_encoded *t, const char *reason);
/** All rows of out/<name>; free() them. */
void *test_encoded_rows(const test_encoded *t, const char *name,
                        const char *kind, size_t *n, size_t *row_bytes);
/** Record number of an id, by way of the lookup that the agency keeps. */
uint32_t test_encoded_record(const test_encoded *t, const char *id);
/** First header value of a name in out/<name>, copied into @p out. */
void test_encoded_meta(const test_encoded *t, const char *name,
                       const char *entry, char out[128]);
/** Names of all files below out, sorted, relative; free() each and all. */
char **test_encoded_files(const test_encoded *t, size_t *n);

#endif
