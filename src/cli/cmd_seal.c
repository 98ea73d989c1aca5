#include "cli/command.h"
#include "cli/files.h"
#include "cli/source.h"

#include <kith/seal.h>
#include <sys/stat.h>

typedef struct seal_args {
    kith_opt_list files;
    const char *to;
    const char *from;
    const char *out;
    kith_act_args act;
} seal_args;

typedef struct open_args {
    const char *sealed;
    const char *key;
    const char *from;
    const char *out;
    kith_act_args act;
} open_args;

static const kith_opt seal_options[] = {
    {KITH_OPT_LIST, "FILES", NULL, "files, or a folder of them", NULL,
     offsetof(seal_args, files), KITH_OPT_REQUIRED | KITH_OPT_POSITIONAL},
    {KITH_OPT_TEXT, "to", "FILE", "the recipient's public key", NULL,
     offsetof(seal_args, to), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "from", "FILE", "your own signing key", NULL,
     offsetof(seal_args, from), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "out", "FILE", "the sealed file; its name is signed", NULL,
     offsetof(seal_args, out), KITH_OPT_REQUIRED},
    KITH_ACT_OPTIONS(seal_args, "your key, <key>.audit.log"),
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static const kith_opt open_options[] = {
    {KITH_OPT_TEXT, "SEALED", NULL, "the sealed file, under its own name", NULL,
     offsetof(open_args, sealed), KITH_OPT_REQUIRED | KITH_OPT_POSITIONAL},
    {KITH_OPT_TEXT, "key", "FILE", "your own receiving key", NULL,
     offsetof(open_args, key), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "from", "FILE", "the sender's public signing key", NULL,
     offsetof(open_args, from), KITH_OPT_REQUIRED},
    {KITH_OPT_TEXT, "out", "FOLDER", "where the files go", NULL,
     offsetof(open_args, out), KITH_OPT_REQUIRED},
    KITH_ACT_OPTIONS(open_args, "your key, <key>.audit.log"),
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
run_seal(const void *args, kith_job *job, kith_error *err)
{
    const seal_args *a = args;
    kith_status status = KITH_OK;
    kith_cli_act act = {.log = NULL};
    kith_files l = {.n = 0};
    for (uint32_t i = 0; i < a->files.n; i++) {
        const char *path = a->files.items[i];
        struct stat s;
        if (stat(path, &s) == 0 && S_ISDIR(s.st_mode))
            KITH_TRY(kith_files_add_folder(&l, path, "", err));
        else
            KITH_TRY(kith_files_add(&l, path[0] == '/' ? "/" : ".",
                                    path + (path[0] == '/'), err));
    }
    KITH_TRY(kith_cli_act_init(&act, &a->act, a->from, err));
    const kith_seal_params params = {.act = act.rules,
                                     .files = (const char *const *)l.files,
                                     .n_files = l.n,
                                     .recipient = a->to,
                                     .sender = a->from,
                                     .out = a->out};
    KITH_TRY(kith_seal(&params, job, err));
done:
    kith_files_done(&l);
    kith_cli_act_done(&act);
    return status;
}

static kith_status
run_open(const void *args, kith_job *job, kith_error *err)
{
    const open_args *a = args;
    kith_status status = KITH_OK;
    kith_cli_act act = {.log = NULL};
    KITH_TRY(kith_cli_act_init(&act, &a->act, a->key, err));
    const kith_open_params params = {.act = act.rules,
                                     .sealed = a->sealed,
                                     .recipient = a->key,
                                     .sender = a->from,
                                     .out = a->out};
    KITH_TRY(kith_open(&params, job, err));
done:
    kith_cli_act_done(&act);
    return status;
}

const kith_command kith_cmd_seal = {
    "seal",
    "Encrypt files of a bundle to one recipient and sign them",
    "The sealed file opens whole or not at all, for that recipient alone. Make "
    "the keys with `kith keygen --receive` and `kith keygen --sign`.",
    seal_options,
    sizeof(seal_args),
    false,
    run_seal,
};

const kith_command kith_cmd_open = {
    "open",
    "Open a sealed file: check its sender, then put its files in place",
    "A changed, truncated, reordered or renamed file is refused before "
    "anything is put in place.",
    open_options,
    sizeof(open_args),
    false,
    run_open,
};
