/**
 * @file opt.h
 * @brief One option table per command drives parsing, usage, help and man
 *        pages.
 *
 * A table is constant and ends with a KITH_OPT_END row. Each row says where
 * in the command's own argument struct the value goes, so that a command
 * reads plain, typed fields.
 * Parsing  getopt_long; texts point into argv and live as long as it does
 * Errors   KITH_ERR_USAGE, with the nearest option as hint
 */
#ifndef KITH_CLI_OPT_H
#define KITH_CLI_OPT_H

#include <kith/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** What a value is, and so the type of the field that takes it. */
typedef enum kith_opt_kind {
    KITH_OPT_END,
    KITH_OPT_FLAG,  /**< bool */
    KITH_OPT_TEXT,  /**< const char *; NULL when not given */
    KITH_OPT_COUNT, /**< uint64_t */
    KITH_OPT_SIZE,  /**< uint64_t, bytes: 512M, 2G */
    KITH_OPT_REAL,  /**< double */
    KITH_OPT_DATE,  /**< kith_opt_date: yyyy-mm-dd or today */
    KITH_OPT_SHARD, /**< kith_opt_shard: i/n, i from 1 */
    KITH_OPT_ISA,   /**< kith_isa */
    KITH_OPT_LIST   /**< kith_opt_list: all remaining arguments */
} kith_opt_kind;

typedef struct kith_opt_date {
    char text[11]; /**< yyyy-mm-dd, or empty */
} kith_opt_date;

typedef struct kith_opt_shard {
    uint32_t index; /**< from 0 */
    uint32_t n;
} kith_opt_shard;

typedef struct kith_opt_list {
    const char *const *items; /**< borrowed from argv */
    uint32_t n;
} kith_opt_list;

typedef enum kith_opt_flags {
    KITH_OPT_OPTIONAL = 0,
    KITH_OPT_REQUIRED = 1,
    KITH_OPT_POSITIONAL = 2 /**< an argument, not an option */
} kith_opt_flags;

typedef struct kith_opt {
    kith_opt_kind kind;
    const char *name;    /**< "threads"; of an argument: "FILE" */
    const char *value;   /**< what the help shows: "FOLDER"; NULL for flags */
    const char *help;    /**< one sentence, no full stop */
    const char *initial; /**< the default as one would type it, or NULL */
    size_t offset;       /**< of the field in the argument struct */
    unsigned flags;      /**< KITH_OPT_REQUIRED | KITH_OPT_POSITIONAL */
} kith_opt;

/** One command's table with the struct that it fills. */
typedef struct kith_opt_set {
    const kith_opt *table;
    void *args;
} kith_opt_set;

enum { KITH_OPT_SETS = 2 /**< the command's own, the common ones */ };

/** Sets every default. */
KITH_NODISCARD kith_status
kith_opt_defaults(const kith_opt_set sets[KITH_OPT_SETS], kith_error *err);

/**
 * Parses argv[1..]; argv[0] is the command's name.
 * @param[out] wants_help --help was given: nothing else is checked
 * @param[out] wants_man  --man was given
 */
KITH_NODISCARD kith_status
kith_opt_parse(const kith_opt_set sets[KITH_OPT_SETS], int argc, char **argv,
               bool *wants_help, bool *wants_man, kith_error *err);

/** Reads one value as its kind says, into @p field. */
KITH_NODISCARD kith_status kith_opt_read(void *field, const kith_opt *opt,
                                         const char *text, kith_error *err);

/** "today" or yyyy-mm-dd to a checked date. */
KITH_NODISCARD kith_status kith_opt_read_date(kith_opt_date *out,
                                              const char *text,
                                              kith_error *err);

#endif
