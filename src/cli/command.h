/**
 * @file command.h
 * @brief The commands of kith: what each is called, takes and does.
 */
#ifndef KITH_CLI_COMMAND_H
#define KITH_CLI_COMMAND_H

#include "cli/opt.h"

#include <kith/job.h>
#include <kith/status.h>

enum { KITH_ARGS_BYTES = 512 /**< room for any command's arguments */ };

typedef struct kith_command {
    const char *name;
    const char *summary; /**< one line, no full stop */
    const char *detail;  /**< paragraphs for --help and the man page */
    const kith_opt *options;
    size_t args_bytes;
    bool plain; /**< needs no job: no threads, memory, progress */
    kith_status (*run)(const void *args, kith_job *job, kith_error *err);
} kith_command;

/** Options that every command with a job takes. */
typedef struct kith_common {
    uint64_t threads;
    uint64_t memory;
    kith_isa isa;
    bool quiet;
    bool verbose;
    const char *manifest;
} kith_common;
extern const kith_opt kith_common_options[];

extern const kith_command kith_cmd_keygen;
extern const kith_command kith_cmd_encode;
extern const kith_command kith_cmd_rekey;
extern const kith_command kith_cmd_train;
extern const kith_command kith_cmd_match;
extern const kith_command kith_cmd_model;
extern const kith_command kith_cmd_cluster;
extern const kith_command kith_cmd_link;
extern const kith_command kith_cmd_family;
extern const kith_command kith_cmd_flag;
extern const kith_command kith_cmd_report;
extern const kith_command kith_cmd_report;
extern const kith_command kith_cmd_run;
extern const kith_command kith_cmd_synth;
extern const kith_command kith_cmd_evaluate;
extern const kith_command kith_cmd_blocking;
extern const kith_command kith_cmd_sample;
extern const kith_command kith_cmd_inspect;
extern const kith_command kith_cmd_explain;
extern const kith_command kith_cmd_seal;
extern const kith_command kith_cmd_open;
extern const kith_command kith_cmd_attack;
extern const kith_command kith_cmd_version;

/** --help. */
void kith_help_command(FILE *to, const kith_command *command);
/** --man: roff for man(7). */
void kith_help_man(FILE *to, const kith_command *command);
/** The tables that kith writes, column by column. */
void kith_help_files(FILE *to);
/** Words wrapped to the width of help: the first line begins at @p column,
 *  the others at @p indent. */
void kith_help_wrapped(FILE *to, const char *text, size_t column,
                       size_t indent);
/** The list of commands. */
void kith_help_commands(FILE *to, const kith_command *const *commands,
                        size_t n);

/** folder/name in a fresh string; free() it. */
KITH_NODISCARD kith_status kith_cli_join(char **out, const char *folder,
                                         const char *name, kith_error *err);
/** A zeroed array; free() it. */
KITH_NODISCARD kith_status kith_cli_alloc(void *out, size_t n, size_t size,
                                          kith_error *err);
bool kith_cli_exists(const char *path);
/** mkdir -p, mode 0700 for what it makes. */
KITH_NODISCARD kith_status kith_cli_make_folder(const char *path,
                                                kith_error *err);
/** Copies a small file. */
KITH_NODISCARD kith_status kith_cli_copy(const char *to, const char *from,
                                         kith_error *err);

#endif
