#include "config/schema.h"

const cyaml_schema_value_t kith_schema_text_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, KITH_SCHEMA_TEXT)};
