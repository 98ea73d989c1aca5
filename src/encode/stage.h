/**
 * @file stage.h
 * @brief What the parts of one encode share, from the first row to commit.
 *
 * Order    read (read.c): batches of the persons file are encoded in slices
 *          side by side and appended in input order to the sorters;
 *          finish (passes.c, records.c): sorted rows become files;
 *          payload files (events.c, relations.c); then all files are
 *          committed together (encode.c)
 * Memory   sorters share the job's budget by what a record takes in each;
 *          beside them the batches' slices and about 40 bytes a
 *          record (which ids were seen, exact births) and one entry a
 *          different name
 */
#ifndef KITH_ENCODE_STAGE_H
#define KITH_ENCODE_STAGE_H

#include "encode/acts.h"
#include "encode/bundle.h"
#include "encode/communal.h"
#include "encode/encoder.h"
#include "encode/exclude.h"
#include "encode/extract.h"
#include "encode/payload.h"
#include "encode/rejects.h"
#include "encode/sample.h"
#include "io/rowfile.h"
#include "io/sorter.h"

#include <kith/encode.h>
#include <kith/job.h>

/** A record on its way through the sorter; identifier tokens follow. */
typedef struct kith_sorted_record {
    uint8_t pseudonym[KITH_PSEUDONYM_BYTES];
    uint32_t sequence; /**< order of acceptance, from 0 */
    uint32_t rows;     /**< bit 2 x pass + variant: it has that row */
    uint32_t names[2]; /**< entries of stage.names, KITH_DICT_NONE null */
    kith_person_row person;
} kith_sorted_record;

/** One name field's values and their bearers in this extract. */
typedef struct kith_name_counts {
    kith_dict names;
    uint64_t *bearers; /**< of each name */
    size_t bearers_cap;
    uint64_t total;
} kith_name_counts;

typedef struct kith_stage_counts {
    uint64_t rows_read, records, excluded, missing_id, repeated_id;
    uint64_t values[KITH_MAX_FIELDS][KITH_NORM_REASONS];
    uint64_t bad_updated;
    uint64_t communal; /* records at a declared address */
    uint64_t rows[KITH_MAX_PASSES];
    uint64_t blocks[KITH_MAX_PASSES];
    uint64_t in_wide_blocks[KITH_MAX_PASSES]; /* rows left out */
} kith_stage_counts;

typedef struct kith_stage {
    const kith_encode_params *params;
    kith_job *job;
    const kith_spec *spec;
    const kith_mapping *mapping;
    int32_t reference;
    kith_act act; /**< the audit log's line */
    kith_norm_rules rules;
    kith_encoder *encoder;
    kith_encode_worker **workers;
    unsigned n_workers;
    kith_extract extract;
    kith_areas areas;
    kith_communal communal;
    kith_payload payload;
    kith_exclude exclude;
    kith_rejects rejects;
    kith_out *lookup;
    kith_sample sample;
    kith_name_counts names[2];
    kith_stage_counts counts;

    kith_sorter *passes[KITH_MAX_PASSES];
    kith_sorter *records;
    kith_sorter *maps[KITH_MAX_PASSES];
    kith_map64 seen; /**< start of the pseudonym -> sequence */
    uint32_t n_records;
    int32_t *born; /**< of each sequence: exact day, for ages at events */
    size_t born_cap;
    uint32_t *record_of; /**< sequence -> record number */

    kith_meta meta; /**< the header entries that all files share */
    kith_rows_out *pass_files[KITH_MAX_PASSES];
    kith_rows_out *map_files[KITH_MAX_PASSES];
    kith_rows_out *record_file, *people_file, *event_file, *relation_file;
} kith_stage;

/** First eight bytes of a pseudonym: what tells records apart. */
uint64_t kith_pseudonym_key(const uint8_t pseudonym[KITH_PSEUDONYM_BYTES]);

/** What a sorter may take of the job's memory, of which all sorters together
 *  leave an eighth: the same share as a record takes in it of what one takes
 *  in @p all, so that they are full at the same time. */
uint64_t kith_stage_memory(const kith_stage *s, uint64_t bytes, uint64_t all);

/** read.c: the persons file into the sorters. */
KITH_NODISCARD kith_status kith_stage_read(kith_stage *s, kith_error *err);

/** null_shares.c: warns of columns whose values are mostly none of their
 *  kind; KITH_ERR_REJECTS past the limit given. */
KITH_NODISCARD kith_status kith_stage_null_shares(const kith_stage *s,
                                                  kith_error *err);

/** passes.c: one pass file each, with its statistics and block widths, and
 *  beside them the records. */
KITH_NODISCARD kith_status kith_stage_passes(kith_stage *s, kith_error *err);

/** records.c: records and people, and row refs for the maps' sorters. */
KITH_NODISCARD kith_status kith_stage_records(kith_stage *s, unsigned worker,
                                              kith_error *err);
/** records.c: the maps of row refs, after the records. */
KITH_NODISCARD kith_status kith_stage_maps(kith_stage *s, kith_error *err);

/** events.c and relations.c. */
KITH_NODISCARD kith_status kith_stage_events(kith_stage *s, kith_error *err);
KITH_NODISCARD kith_status kith_stage_relations(kith_stage *s, kith_error *err);

/** A record of this extract by its id; UINT32_MAX when there is none. */
uint32_t kith_stage_find(const kith_stage *s, kith_str id, int32_t *born);

/** <out>/<folder>/<agency><suffix>, fresh. */
KITH_NODISCARD kith_status kith_stage_path(const kith_stage *s, char **out,
                                           const char *folder,
                                           const char *suffix, kith_error *err);

#endif
