#include "config/spec_raw.h"

#include "config/schema.h"

enum {
    MAX_NICKNAMES = 20000,    /* formal names in one file */
    MAX_PLACEHOLDERS = 10000, /* in one file */
    MAX_SHORT = 100           /* short forms of one formal name */
};

static const cyaml_schema_value_t number_entry = {
    CYAML_VALUE_FLOAT(CYAML_FLAG_DEFAULT, double)};

static const cyaml_strval_t field_kinds[] = {
    {"name", KITH_FIELD_NAME},   {"date", KITH_FIELD_DATE},
    {"sex", KITH_FIELD_SEX},     {"postcode", KITH_FIELD_POSTCODE},
    {"house", KITH_FIELD_HOUSE}, {"text", KITH_FIELD_TEXT},
    {"code", KITH_FIELD_CODE},   {"uprn", KITH_FIELD_UPRN},
    {"nhs", KITH_FIELD_NHS},     {"nino", KITH_FIELD_NINO},
    {"upn", KITH_FIELD_UPN},     {"phone", KITH_FIELD_PHONE},
    {"email", KITH_FIELD_EMAIL}};
static const cyaml_schema_field_t field_fields[] = {
    KITH_TEXT("name", KITH_NEED, kith_raw_field, name),
    KITH_WORD("kind", KITH_NEED, kith_raw_field, kind, field_kinds),
    CYAML_FIELD_END};
static const cyaml_schema_value_t field_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, kith_raw_field, field_fields)};

static const cyaml_strval_t compare_kinds[] = {{"names", KITH_COMPARE_NAMES},
                                               {"text", KITH_COMPARE_TEXT},
                                               {"date", KITH_COMPARE_DATE},
                                               {"exact", KITH_COMPARE_EXACT},
                                               {"nested", KITH_COMPARE_NESTED}};
static const cyaml_schema_field_t comparison_fields[] = {
    KITH_TEXT("name", KITH_NEED, kith_raw_comparison, name),
    KITH_WORD("kind", KITH_NEED, kith_raw_comparison, kind, compare_kinds),
    KITH_LIST("values", KITH_NEED, kith_raw_comparison, values,
              &kith_schema_text_entry, 1, KITH_MAX_VALUES),
    KITH_LIST("similar", KITH_MAY, kith_raw_comparison, similar, &number_entry,
              1, KITH_MAX_THRESHOLDS),
    CYAML_FIELD_END};
static const cyaml_schema_value_t comparison_entry = {CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, kith_raw_comparison, comparison_fields)};

static const cyaml_schema_field_t pass_fields[] = {
    KITH_TEXT("name", KITH_NEED, kith_raw_pass, name),
    KITH_LIST("key", KITH_NEED, kith_raw_pass, key, &kith_schema_text_entry, 1,
              KITH_MAX_KEY),
    KITH_LIST("without", KITH_MAY, kith_raw_pass, without,
              &kith_schema_text_entry, 1, KITH_MAX_VALUES),
    CYAML_FIELD_UINT("widest", KITH_MAY, kith_raw_pass, widest),
    CYAML_FIELD_END};
static const cyaml_schema_value_t pass_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, kith_raw_pass, pass_fields)};

static const cyaml_schema_field_t identifier_fields[] = {
    KITH_TEXT("field", KITH_NEED, kith_raw_identifier, field),
    CYAML_FIELD_BOOL("unique", KITH_NEED, kith_raw_identifier, unique),
    CYAML_FIELD_FLOAT("m", KITH_NEED, kith_raw_identifier, m),
    CYAML_FIELD_FLOAT("u", KITH_NEED, kith_raw_identifier, u), CYAML_FIELD_END};
static const cyaml_schema_value_t identifier_entry = {CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, kith_raw_identifier, identifier_fields)};

static const cyaml_strval_t verdicts[] = {{"accept", KITH_ACCEPT},
                                          {"refuse", KITH_REFUSE}};
static const cyaml_schema_field_t rule_fields[] = {
    KITH_TEXT("name", KITH_NEED, kith_raw_rule, name),
    KITH_LIST("when", KITH_NEED, kith_raw_rule, when, &kith_schema_text_entry,
              1, KITH_MAX_IDENTIFIERS + KITH_MAX_COMPARISONS),
    KITH_WORD("verdict", KITH_NEED, kith_raw_rule, verdict, verdicts),
    CYAML_FIELD_END};
static const cyaml_schema_value_t rule_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, kith_raw_rule, rule_fields)};

static const cyaml_schema_field_t nickname_fields[] = {
    KITH_TEXT("formal", KITH_NEED, kith_raw_nickname, formal),
    KITH_LIST("short", KITH_NEED, kith_raw_nickname, shortened,
              &kith_schema_text_entry, 1, MAX_SHORT),
    CYAML_FIELD_END};
static const cyaml_schema_value_t nickname_entry = {CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, kith_raw_nickname, nickname_fields)};

static const cyaml_schema_field_t filter_fields[] = {
    CYAML_FIELD_UINT("bits", KITH_MAY, kith_raw_filter, bits),
    CYAML_FIELD_UINT("insertions", KITH_MAY, kith_raw_filter, insertions),
    CYAML_FIELD_UINT("q", KITH_MAY, kith_raw_filter, q), CYAML_FIELD_END};

static const cyaml_schema_field_t rarity_fields[] = {
    KITH_TEXT("table", KITH_MAY, kith_raw_rarity, table),
    KITH_LIST("cuts", KITH_MAY, kith_raw_rarity, cuts, &number_entry, 2, 2),
    CYAML_FIELD_END};

static const cyaml_schema_field_t spec_fields[] = {
    KITH_TEXT("name", KITH_MAY, kith_raw_spec, name),
    KITH_TEXT("extends", KITH_MAY, kith_raw_spec, extends),
    KITH_LIST("fields", KITH_MAY, kith_raw_spec, fields, &field_entry, 1,
              KITH_MAX_FIELDS),
    KITH_LIST("comparisons", KITH_MAY, kith_raw_spec, comparisons,
              &comparison_entry, 1, KITH_MAX_COMPARISONS),
    KITH_LIST("passes", KITH_MAY, kith_raw_spec, passes, &pass_entry, 1,
              KITH_MAX_PASSES),
    KITH_LIST("identifiers", KITH_MAY, kith_raw_spec, identifiers,
              &identifier_entry, 0, KITH_MAX_IDENTIFIERS),
    KITH_LIST("rules", KITH_MAY, kith_raw_spec, rules, &rule_entry, 0,
              KITH_MAX_RULES),
    CYAML_FIELD_MAPPING("filter", CYAML_FLAG_OPTIONAL, kith_raw_spec, filter,
                        filter_fields),
    CYAML_FIELD_BOOL("single_site", KITH_MAY, kith_raw_spec, single_site),
    CYAML_FIELD_FLOAT("max_block_mean", KITH_MAY, kith_raw_spec,
                      max_block_mean),
    CYAML_FIELD_FLOAT("max_block_p99", KITH_MAY, kith_raw_spec, max_block_p99),
    CYAML_FIELD_FLOAT("assumed_recall", KITH_MAY, kith_raw_spec,
                      assumed_recall),
    KITH_TEXT("threshold_bits", KITH_MAY, kith_raw_spec, threshold_bits),
    CYAML_FIELD_UINT("min_cell", KITH_MAY, kith_raw_spec, min_cell),
    CYAML_FIELD_UINT("max_cluster", KITH_MAY, kith_raw_spec, max_cluster),
    KITH_LIST("nicknames", KITH_MAY, kith_raw_spec, nicknames, &nickname_entry,
              0, MAX_NICKNAMES),
    KITH_LIST("placeholders", KITH_MAY, kith_raw_spec, placeholders,
              &kith_schema_text_entry, 0, MAX_PLACEHOLDERS),
    CYAML_FIELD_MAPPING("rarity", CYAML_FLAG_OPTIONAL, kith_raw_spec, rarity,
                        rarity_fields),
    CYAML_FIELD_END};

const cyaml_schema_value_t kith_raw_spec_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, kith_raw_spec, spec_fields)};
