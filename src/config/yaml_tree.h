/**
 * @file yaml_tree.h
 * @brief The tree of a YAML file, with places; only for yaml*.c.
 *
 * Nodes stand in document order. Texts are offsets into one buffer, since
 * it moves as it grows.
 */
#ifndef KITH_CONFIG_YAML_TREE_H
#define KITH_CONFIG_YAML_TREE_H

#include "base/buffer.h"
#include "config/yaml.h"

#include <yaml.h>

typedef enum kith_yaml_kind {
    KITH_YAML_SCALAR,
    KITH_YAML_SEQUENCE,
    KITH_YAML_MAPPING
} kith_yaml_kind;

typedef struct kith_yaml_item {
    kith_yaml_kind kind;
    uint32_t first;    /* first child, KITH_YAML_NONE when empty */
    uint32_t next;     /* next of the same parent, or KITH_YAML_NONE */
    uint32_t n;        /* children */
    size_t key;        /* in a mapping: the key's text; else SIZE_MAX */
    size_t text;       /* of a scalar; else SIZE_MAX */
    uint32_t line;     /* of the value, from 1 */
    uint32_t column;   /* from 1 */
    uint32_t key_line; /* of the key, or of the value */
    uint32_t key_column;
} kith_yaml_item;

struct kith_yaml {
    char *name;
    char *source;
    size_t n_source;
    kith_yaml_item *items;
    size_t n_items;
    size_t items_cap;
    kith_buffer text;
};

/** Fills items and text from source. */
KITH_NODISCARD kith_status kith_yaml_build(kith_yaml *yaml, kith_error *err);

/** Checks the tree against a schema. */
KITH_NODISCARD kith_status kith_yaml_check(const kith_yaml *yaml,
                                           const cyaml_schema_value_t *schema,
                                           kith_error *err);

/** Sets "file:line:column: reason". */
kith_status kith_yaml_fail_at(const kith_yaml *yaml, uint32_t line,
                              uint32_t column, kith_error *err,
                              const char *reason);

#endif
