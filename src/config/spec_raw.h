/**
 * @file spec_raw.h
 * @brief linkage.yaml as it is written, before names become indices.
 */
#ifndef KITH_CONFIG_SPEC_RAW_H
#define KITH_CONFIG_SPEC_RAW_H

#include "config/yaml.h"

#include <kith/spec.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct kith_raw_field {
    char *name;
    kith_field_kind kind;
} kith_raw_field;

typedef struct kith_raw_comparison {
    char *name;
    kith_compare_kind kind;
    char **values;
    double *similar;
    uint32_t n_values;
    uint32_t n_similar;
} kith_raw_comparison;

typedef struct kith_raw_pass {
    char *name;
    char **key;
    char **without;
    uint32_t widest;
    uint32_t n_key;
    uint32_t n_without;
} kith_raw_pass;

typedef struct kith_raw_identifier {
    char *field;
    bool unique;
    double m;
    double u;
} kith_raw_identifier;

typedef struct kith_raw_rule {
    char *name;
    char **when;
    kith_verdict verdict;
    uint32_t n_when;
} kith_raw_rule;

typedef struct kith_raw_nickname {
    char *formal;
    char **shortened;
    uint32_t n_shortened;
} kith_raw_nickname;

typedef struct kith_raw_filter {
    uint32_t bits;
    uint32_t insertions;
    uint32_t q;
} kith_raw_filter;

typedef struct kith_raw_rarity {
    char *table;
    double *cuts;
    uint32_t n_cuts;
} kith_raw_rarity;

typedef struct kith_raw_spec {
    char *name;
    char *extends;
    kith_raw_field *fields;
    kith_raw_comparison *comparisons;
    kith_raw_pass *passes;
    kith_raw_identifier *identifiers;
    kith_raw_rule *rules;
    kith_raw_nickname *nicknames;
    char **placeholders;
    uint32_t n_fields;
    uint32_t n_comparisons;
    uint32_t n_passes;
    uint32_t n_identifiers;
    uint32_t n_rules;
    uint32_t n_nicknames;
    uint32_t n_placeholders;
    kith_raw_filter filter;
    kith_raw_rarity rarity;
    bool single_site;
    double max_block_mean;
    double max_block_p99;
    double assumed_recall;
    char *threshold_bits; /* a number or "auto" */
    uint32_t min_cell;
    uint32_t max_cluster;
} kith_raw_spec;

extern const cyaml_schema_value_t kith_raw_spec_schema;

/** A file and the files it extends, nearest first. */
enum { KITH_MAX_LAYERS = 8 };

typedef struct kith_spec_layer {
    kith_yaml *yaml;
    kith_raw_spec *raw;
} kith_spec_layer;

typedef struct kith_spec_source {
    kith_spec_layer layers[KITH_MAX_LAYERS];
    size_t n;
} kith_spec_source;

/** Loads @p yaml, which it takes over, and what it extends. */
KITH_NODISCARD kith_status kith_spec_source_load(kith_spec_source *out,
                                                 kith_yaml *yaml,
                                                 kith_error *err);
void kith_spec_source_done(kith_spec_source *source);
/** The nearest layer that says something at @p path, or NULL. */
const kith_spec_layer *kith_spec_said(const kith_spec_source *source,
                                      const char *path);

/** What errors call the spec that ships with kith. */
#define KITH_SHIPPED_NAME "uk-person.yaml (shipped)"
/** The text of the spec that ships with kith, and its length. */
const char *kith_default_spec_text(size_t *n);

#endif
