#include "cli/command.h"

#include <errno.h>
#include <kith/job.h>
#include <kith/nearest.h>
#include <kith/version.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* In the order that help lists them. */
/* clang-format off */
static const kith_command *const commands[] = {
    &kith_cmd_run,
    &kith_cmd_keygen,
    &kith_cmd_encode,
    &kith_cmd_seal,
    &kith_cmd_open,
    &kith_cmd_rekey,
    &kith_cmd_blocking,
    &kith_cmd_train,
    &kith_cmd_match,
    &kith_cmd_model,
    &kith_cmd_cluster,
    &kith_cmd_link,
    &kith_cmd_family,
    &kith_cmd_flag,
    &kith_cmd_report,
    &kith_cmd_explain,
    &kith_cmd_inspect,
    &kith_cmd_synth,
    &kith_cmd_evaluate,
    &kith_cmd_sample,
    &kith_cmd_attack,
    &kith_cmd_version,
};
/* clang-format on */
enum { N_COMMANDS = sizeof commands / sizeof *commands };

static const kith_command *
find_command(const char *name)
{
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    return NULL;
}

static kith_status
unknown_command(const char *name, kith_error *err)
{
    const char *names[N_COMMANDS];
    for (size_t i = 0; i < N_COMMANDS; i++)
        names[i] = commands[i]->name;
    const char *nearest = kith_nearest(name, names, N_COMMANDS);
    const kith_status status =
        kith_error_set(err, KITH_ERR_USAGE, "%s: not a kith command", name);
    if (nearest != NULL)
        kith_error_hint(err, "did you mean `kith %s`?", nearest);
    else
        kith_error_hint(err, "`kith help` lists the commands");
    return status;
}

static kith_status
run_with_job(const kith_command *command, const void *args,
             const kith_common *common, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_job *job = NULL;
    kith_job_params params = kith_job_params_default();
    if (common->threads > 1024)
        return kith_error_set(err, KITH_ERR_USAGE,
                              "--threads: want at most 1024");
    params.n_threads = (unsigned)common->threads;
    params.memory_bytes = common->memory;
    params.isa = common->isa;
    params.quiet = common->quiet;
    params.verbose = common->verbose;
    KITH_TRY(kith_job_new(&job, &params, err));
    KITH_TRY(command->run(args, job, err));
    if (common->manifest != NULL)
        KITH_TRY(kith_job_manifest(job, common->manifest, err));
done:
    kith_job_free(job);
    return status;
}

static kith_status
run_command(const kith_command *command, int argc, char **argv, kith_error *err)
{
    kith_status status = KITH_OK;
    alignas(max_align_t) char args[KITH_ARGS_BYTES] = {0};
    kith_common common = {0};
    bool wants_help = false;
    bool wants_man = false;
    const kith_opt_set sets[KITH_OPT_SETS] = {
        {command->options, args},
        {command->plain ? NULL : kith_common_options, &common}};
    if (command->args_bytes > sizeof args)
        return kith_error_set(err, KITH_ERR_INTERNAL, "too many arguments");
    KITH_TRY(kith_opt_defaults(sets, err));
    KITH_TRY(kith_opt_parse(sets, argc, argv, &wants_help, &wants_man, err));
    if (wants_help)
        kith_help_command(stdout, command);
    else if (wants_man)
        kith_help_man(stdout, command);
    else if (command->plain)
        KITH_TRY(command->run(args, NULL, err));
    else
        KITH_TRY(run_with_job(command, args, &common, err));
done:
    if (status == KITH_ERR_USAGE) {
        kith_error_prefix(err, "%s: ", command->name);
        if (err->hint[0] == '\0')
            kith_error_hint(err, "`kith %s --help` says what it takes",
                            command->name);
    }
    return status;
}

static kith_status
dispatch(int argc, char **argv, kith_error *err)
{
    const char *name = argc < 2 ? "" : argv[1];
    if (strcmp(name, "help") == 0 && argc > 2 &&
        strcmp(argv[2], "files") == 0) {
        kith_help_files(stdout);
        return KITH_OK;
    }
    if (strcmp(name, "help") == 0 && argc > 2) {
        const kith_command *command = find_command(argv[2]);
        if (command == NULL)
            return unknown_command(argv[2], err);
        kith_help_command(stdout, command);
        return KITH_OK;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 ||
        strcmp(name, "help") == 0) {
        kith_help_commands(stdout, commands, N_COMMANDS);
        return KITH_OK;
    }
    if (strcmp(name, "--version") == 0)
        name = "version";
    if (name[0] == '\0') {
        const kith_status status =
            kith_error_set(err, KITH_ERR_USAGE, "no command given");
        kith_error_hint(err, "`kith help` lists the commands");
        return status;
    }
    const kith_command *command = find_command(name);
    if (command == NULL)
        return unknown_command(name, err);
    return run_command(command, argc - 1, argv + 1, err);
}

/* A full disk behind a redirected stdout shows only at the close. */
static kith_status
close_stdout(kith_status status, kith_error *err)
{
    const int failed = ferror(stdout);
    errno = 0;
    if ((fclose(stdout) != 0 || failed != 0) && status == KITH_OK)
        status = kith_error_set(err, KITH_ERR_IO, "standard output: %s",
                                errno == 0 ? "write failed" : strerror(errno));
    return status;
}

/* What to do next when the place of the error did not say. */
static const char *
general_hint(kith_status status)
{
    switch (status) {
    case KITH_ERR_MEMORY:
        return "free memory, or give fewer --threads or another --memory";
    case KITH_ERR_IO:
        return "check the name, its permissions and the room on its disk";
    case KITH_ERR_CONFIG:
        return "correct this place; the examples say all that the file may "
               "hold: fixtures/config, or share/doc/kith/examples";
    case KITH_ERR_DATA:
        return "look at this place of the file: was it cut or changed on the "
               "way? Send it again";
    case KITH_ERR_MISMATCH:
        return "encode every agency with the same key, run and spec";
    case KITH_ERR_KEY:
        return "kith keygen makes keys; chmod 400 makes one its owner's alone";
    case KITH_ERR_REJECTS:
        return "correct the rows, or allow more with --max-bad-rows";
    case KITH_ERR_CRYPTO:
        return "does this OpenSSL lack the algorithm (a FIPS build)?";
    case KITH_ERR_THREAD:
        return "give fewer --threads";
    case KITH_OK:
    case KITH_ERR_USAGE:
    case KITH_ERR_INTERNAL:
    default:
        return "this is a bug in kith: please report it";
    }
}

int
main(int argc, char **argv)
{
    kith_error err = KITH_ERROR_INIT;
    (void)umask(077); /* whatever a library may write is ours alone */
    kith_status status = dispatch(argc, argv, &err);
    status = close_stdout(status, &err);
    if (status != KITH_OK) {
        (void)fprintf(stderr, "kith: error: %s\n", err.text);
        (void)fprintf(stderr, "kith: hint: %s\n",
                      err.hint[0] != '\0' ? err.hint : general_hint(status));
    }
    return kith_exit_code(status);
}
