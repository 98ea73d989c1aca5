/**
 * @file yaml.h
 * @brief The one wrapper of libcyaml: a YAML file into a schema's structure.
 *
 * A file is read twice. First into a tree of its keys and values with their
 * places, against which the schema is checked; so every error says file,
 * line, column and what was meant, and semantic checks can point at the
 * line too. Then by libcyaml, into the structure.
 *
 * Why not libcyaml's own checks: it takes "12abc" for 12, any word but "no"
 * for yes, the later of two equal keys, and says none of it.
 *
 * Refused  more than KITH_YAML_MAX_BYTES, KITH_YAML_MAX_DEPTH levels,
 *          anchors and aliases (a few lines of them can mean gigabytes),
 *          several documents, the same key twice, NUL characters
 * Errors   KITH_ERR_CONFIG "file:line:column: reason", hint when known
 */
#ifndef KITH_CONFIG_YAML_H
#define KITH_CONFIG_YAML_H

#include <cyaml/cyaml.h>
#include <kith/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KITH_YAML_MAX_BYTES = 4 * 1024 * 1024, KITH_YAML_MAX_DEPTH = 16 };

/** One parsed file: its tree, and its text for libcyaml. */
typedef struct kith_yaml kith_yaml;

/** A value in the tree; KITH_YAML_NONE: there is none. */
typedef uint32_t kith_yaml_node;
#define KITH_YAML_ROOT ((kith_yaml_node)0)
#define KITH_YAML_NONE UINT32_MAX

/** Reads and parses a file. A missing file is KITH_ERR_CONFIG too. */
KITH_NODISCARD kith_status kith_yaml_open(kith_yaml **out, const char *path,
                                          kith_error *err);
/** The same from memory; @p path is what errors call it. */
KITH_NODISCARD kith_status kith_yaml_parse(kith_yaml **out, const char *path,
                                           const char *text, size_t n,
                                           kith_error *err);
void kith_yaml_close(kith_yaml *yaml);

/** What errors call the file. Borrowed. */
const char *kith_yaml_name(const kith_yaml *yaml);

/**
 * Checks the file against @p schema and loads it.
 *
 * @param schema    a CYAML_MAPPING with CYAML_FLAG_POINTER
 * @param[out] data owned; kith_yaml_unload frees it, with all it points to
 */
KITH_NODISCARD kith_status kith_yaml_load(const kith_yaml *yaml,
                                          const cyaml_schema_value_t *schema,
                                          void **data, kith_error *err);
void kith_yaml_unload(const cyaml_schema_value_t *schema, void *data);

/** The value at a path of keys and indices: "passes/3/key". */
kith_yaml_node kith_yaml_at(const kith_yaml *yaml, const char *format, ...)
    KITH_PRINTF(2, 3);
/** Whether the file says anything at a path. */
bool kith_yaml_has(const kith_yaml *yaml, const char *path);

/** Sets "file:line:column: reason"; no hint. */
kith_status kith_yaml_fail(const kith_yaml *yaml, kith_yaml_node at,
                           kith_error *err, const char *format, ...)
    KITH_PRINTF(4, 5);
/** Puts "file:line:column: " before an error already set. */
kith_status kith_yaml_locate(const kith_yaml *yaml, kith_yaml_node at,
                             kith_error *err);
/** Adds the hint `did you mean "x"?`, or failing that lists the words. */
void kith_yaml_hint(kith_error *err, const char *word, const char *const *words,
                    size_t n);

#endif
