/**
 * @file schema.h
 * @brief Short forms of libcyaml's schema macros, as our files need them.
 *
 * An optional text that the file does not give is NULL, an optional number
 * 0, an optional list empty; kith_yaml_has tells 0 from not given.
 */
#ifndef KITH_CONFIG_SCHEMA_H
#define KITH_CONFIG_SCHEMA_H

#include "config/yaml.h"

/** Longest text of a key: names, columns, titles, paths. */
enum { KITH_SCHEMA_TEXT = 1024 };

#define KITH_NEED CYAML_FLAG_DEFAULT
#define KITH_MAY  CYAML_FLAG_OPTIONAL

/** `char *member`, at least one character. */
#define KITH_TEXT(key, flag, type, member)                                     \
    CYAML_FIELD_STRING_PTR(key, (flag) | CYAML_FLAG_POINTER, type, member, 1,  \
                           KITH_SCHEMA_TEXT)
/** An enum of any size, spelled as its strings. */
#define KITH_WORD(key, flag, type, member, strings)                            \
    CYAML_FIELD_ENUM(key, (flag) | CYAML_FLAG_STRICT, type, member, strings,   \
                     CYAML_ARRAY_LEN(strings))
/** `T *member` and `n_member` entries, least to most of them. */
#define KITH_LIST(key, flag, type, member, entry, least, most)                 \
    CYAML_FIELD_SEQUENCE_COUNT(key, (flag) | CYAML_FLAG_POINTER, type, member, \
                               n_##member, entry, least, most)

/** Entry of a list of texts. */
extern const cyaml_schema_value_t kith_schema_text_entry;

#endif
