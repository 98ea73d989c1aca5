/**
 * @file source.h
 * @brief What commands share that use a key: the audit log, leave to use old
 *        keys, and an agency's extract with the keys it is encoded with.
 */
#ifndef KITH_CLI_SOURCE_H
#define KITH_CLI_SOURCE_H

#include "cli/opt.h"

#include <kith/audit.h>
#include <kith/key.h>
#include <kith/mapping.h>
#include <kith/spec.h>
#include <kith/status.h>

typedef struct kith_act_args {
    const char *audit;
    bool outdated_key;
} kith_act_args;

typedef struct kith_source_args {
    const char *mapping;
    const char *key;
    const char *agency_key;
    kith_opt_date reference_date;
    const char *run;
    const char *spec;
    const char *data;
    const char *exclude;
} kith_source_args;

/* Rows of an option table; T is an argument struct with members `act` and
 * `source`. */
/* clang-format off */
#define KITH_ACT_OPTIONS(T, beside)                                            \
    {KITH_OPT_TEXT, "audit", "FILE",                                           \
     "log that gets a line; by default beside " beside, NULL,                  \
     offsetof(T, act.audit), 0},                                               \
    {KITH_OPT_FLAG, "outdated-key", NULL,                                      \
     "use keys outside their dates; warned of, and logged", NULL,              \
     offsetof(T, act.outdated_key), 0}

#define KITH_SOURCE_OPTIONS(T)                                                 \
    {KITH_OPT_TEXT, "MAPPING", NULL, "the agency mapping, <agency>.yaml",      \
     NULL, offsetof(T, source.mapping),                                        \
     KITH_OPT_REQUIRED | KITH_OPT_POSITIONAL},                                 \
    {KITH_OPT_TEXT, "key", "FILE", "project key", NULL,                        \
     offsetof(T, source.key), KITH_OPT_REQUIRED},                              \
    {KITH_OPT_TEXT, "agency-key", "FILE", "the agency's own key", NULL,        \
     offsetof(T, source.agency_key), 0},                                       \
    {KITH_OPT_DATE, "reference-date", "DATE",                                  \
     "ages are as of this day; dates of birth after it are errors", "today",   \
     offsetof(T, source.reference_date), 0},                                   \
    {KITH_OPT_TEXT, "run", "ID",                                               \
     "run id, the same for all agencies of a night; by default the "           \
     "reference date", NULL, offsetof(T, source.run), 0},                      \
    {KITH_OPT_TEXT, "spec", "FILE",                                            \
     "linkage spec; by default the shipped one", NULL,                         \
     offsetof(T, source.spec), 0},                                             \
    {KITH_OPT_TEXT, "data", "FOLDER",                                          \
     "folder of the extract; by default the mapping's", NULL,                  \
     offsetof(T, source.data), 0},                                             \
    {KITH_OPT_TEXT, "exclude", "FILE",                                         \
     "list of record ids to leave out (opt-outs)", NULL,                       \
     offsetof(T, source.exclude), 0}
/* clang-format on */

/** The rules of today. Zero-initialise, stay in place; _done frees. */
typedef struct kith_cli_act {
    kith_act_rules rules;
    kith_opt_date today;
    char *log;
} kith_cli_act;

/** @param key the log, unless one is given, is <key without .key>.audit.log */
KITH_NODISCARD kith_status kith_cli_act_init(kith_cli_act *out,
                                             const kith_act_args *args,
                                             const char *key, kith_error *err);
void kith_cli_act_done(kith_cli_act *act);

/** What the arguments name, loaded. Zero-initialise; _done frees. */
typedef struct kith_source {
    kith_spec *spec;
    kith_mapping *mapping;
    kith_key *key;
    kith_key *agency_key;
    kith_cli_act act;
    const char *run;
} kith_source;

KITH_NODISCARD kith_status kith_source_load(kith_source *out,
                                            const kith_source_args *args,
                                            const kith_act_args *act,
                                            kith_error *err);
void kith_source_done(kith_source *source);

#endif
