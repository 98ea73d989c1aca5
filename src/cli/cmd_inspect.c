#include "cli/command.h"

#include <kith/audit.h>
#include <kith/inspect.h>

typedef struct inspect_args {
    const char *file;
    uint64_t rows;
} inspect_args;

static const kith_opt options[] = {
    {KITH_OPT_TEXT, "FILE", NULL,
     "a pass, records, map, people, events, "
     "relations or pairs file, or an audit log",
     NULL, offsetof(inspect_args, file),
     KITH_OPT_REQUIRED | KITH_OPT_POSITIONAL},
    {KITH_OPT_COUNT, "rows", "N",
     "print the first N rows: columns by name, of a pass the bytes", "0",
     offsetof(inspect_args, rows), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const inspect_args *a = args;
    (void)job;
    if (kith_audit_is(a->file))
        return kith_audit_verify(stdout, a->file, err);
    return kith_inspect(stdout, a->file, a->rows, err);
}

const kith_command kith_cmd_inspect = {
    "inspect",
    "Show what an encoded file holds and check every frame of it",
    "Prints the header (agency, project, epoch, run, spec, key-check value), "
    "the number and size of the rows, and verifies the checksum of every "
    "frame. It needs no key and shows nothing that the file does not say.\n"
    "Of an audit log it prints every act and checks that each line fits the "
    "one "
    "before it.",
    options,
    sizeof(inspect_args),
    true,
    run,
};
