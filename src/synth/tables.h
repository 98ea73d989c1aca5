/**
 * @file tables.h
 * @brief The names, places, rates and error habits a population is made of.
 *
 * Read from a folder of small CSV files; a second folder may replace them
 * file by file (richer tables of the same shape). Read-only after loading,
 * so every worker shares them.
 */
#ifndef KITH_SYNTH_TABLES_H
#define KITH_SYNTH_TABLES_H

#include "base/buffer.h"
#include "base/rng.h"
#include "base/table.h"
#include "synth/rates.h"

#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    KITH_SYNTH_SPANS = 32,       /**< birth-year spans of forenames */
    KITH_SYNTH_COMMUNITIES = 32, /**< naming communities */
    KITH_SYNTH_GROUPS = 5,       /**< asian black mixed white other */
    KITH_SYNTH_DISTRICTS = 16
};

/** Things drawn in proportion to a weight. Zero-initialise. */
typedef struct kith_weights {
    uint32_t *items;
    double *sums; /* running sums of the weights */
    size_t n;
    size_t items_cap, sums_cap;
} kith_weights;

void kith_weights_done(kith_weights *w);
KITH_NODISCARD kith_status kith_weights_add(kith_weights *w, uint32_t item,
                                            double weight, kith_error *err);
/** One item; @p w must not be empty. */
uint32_t kith_weights_draw(const kith_weights *w, kith_rng *rng);

/** How a community passes surnames on. */
typedef enum kith_naming {
    KITH_NAMING_FAMILY,   /**< one surname, wives often take it */
    KITH_NAMING_OWN,      /**< women keep a name of their own */
    KITH_NAMING_GENDERED, /**< -ski for men, -ska for women */
    KITH_NAMING_CHAIN     /**< the father's forename is the surname */
} kith_naming;

/** A community within a census group: one that is in two is two of these. */
typedef struct kith_community {
    uint32_t name; /* in kith_tables.names */
    uint8_t group; /* as kith_census_group counts them */
    kith_weights forenames[2];
    kith_weights surnames;
    kith_naming naming;
    double british_forename; /* share with a British forename */
    double error_factor;     /* how much oftener their names go wrong */
    bool british;            /* draws from the national lists */
} kith_community;

typedef struct kith_area {
    uint32_t code, neighbourhood; /* in kith_tables.names */
    uint32_t district;            /* index into districts */
    double population;
    double deprivation;               /* decile, 1 the most deprived tenth */
    double groups[KITH_SYNTH_GROUPS]; /* running shares */
} kith_area;

typedef struct kith_district {
    uint32_t name;
    uint32_t *sectors; /* in kith_tables.names */
    size_t n_sectors, sectors_cap;
} kith_district;

/** One rewriting habit: original -> replacement. */
typedef struct kith_rewrite {
    char from[8];
    char to[8];
    char position; /* 'a' all, 's' start, 'e' end */
} kith_rewrite;

typedef struct kith_rewrites {
    kith_rewrite *items;
    size_t n, cap;
} kith_rewrites;

/** Alternatives of names: nicknames or spellings, as (name, other) pairs
 *  sorted by name. */
typedef struct kith_variants {
    uint64_t *pairs; /* name << 32 | other */
    size_t n, cap;
} kith_variants;

/** Census group by its column name ("asian"), or -1; and back. */
int kith_census_group(kith_str name);
const char *kith_census_group_name(uint8_t group);

/** One alternative of @p name, or KITH_DICT_NONE. */
uint32_t kith_variants_draw(const kith_variants *v, uint32_t name,
                            kith_rng *rng);

typedef struct kith_tables {
    kith_dict names; /* every string of the tables */
    int32_t span_from[KITH_SYNTH_SPANS], span_to[KITH_SYNTH_SPANS];
    kith_weights forenames[KITH_SYNTH_SPANS][2];
    uint32_t n_spans;
    kith_weights surnames;
    double tail_share; /* of people whose surname is not listed */
    kith_weights stems, endings;
    kith_community communities[KITH_SYNTH_COMMUNITIES];
    uint32_t n_communities;
    kith_weights by_group[KITH_SYNTH_GROUPS];
    kith_area *areas;
    double *area_sums; /* running population */
    size_t n_areas, areas_cap, sums_cap;
    double deprivation_mean, deprivation_sd;
    kith_district districts[KITH_SYNTH_DISTRICTS];
    uint32_t n_districts;
    kith_weights street_stems, street_types;
    char near_key[128][9]; /* neighbours of a key, NUL-terminated */
    kith_rewrites ocr, phonetic;
    kith_variants nicknames, spellings;
    double errors[KITH_SYNTH_AGENCIES][KITH_ERRORS]; /* share of records */
    double needs[KITH_NEEDS];                        /* share of people */
} kith_tables;

/**
 * Loads everything. Errors name file, line and column: a column missing, a
 * number out of its range, a district without people, an empty table.
 * @param richer NULL or a folder whose files replace the shipped ones
 */
KITH_NODISCARD kith_status kith_tables_load(kith_tables **out,
                                            const char *shipped,
                                            const char *richer,
                                            kith_error *err);
void kith_tables_free(kith_tables *t);

#endif
