#include "base/alloc.h"
#include "base/job.h"
#include "io/out.h"
#include "io/utf8.h"

#include <inttypes.h>
#include <kith/version.h>
#include <stdlib.h>
#include <string.h>

/* One JSON document being written; the first failure sticks. */
typedef struct document {
    kith_out *out;
    char *folder; /* of the manifest, resolved */
    bool first;   /* in the list being written */
    kith_status status;
    kith_error *err;
} document;

static void
put(document *d, const char *text)
{
    if (d->status == KITH_OK)
        d->status = kith_out_write(d->out, text, strlen(text), d->err);
}

static void
put_u64(document *d, uint64_t n)
{
    if (d->status == KITH_OK)
        d->status = kith_out_printf(d->out, d->err, "%" PRIu64, n);
}

/* RFC 8259, 7. A path may be any bytes; what is not UTF-8 is read as
 * Latin-1, so that the document is always well-formed. */
static void
put_string(document *d, const char *text)
{
    const size_t n = strlen(text);
    const bool utf8 = kith_utf8_is_valid(text, n);
    put(d, "\"");
    for (size_t i = 0; i < n && d->status == KITH_OK; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            d->status = kith_out_printf(d->out, d->err, "\\%c", c);
        else if (c < 0x20 || c == 0x7F || (c >= 0x80 && !utf8))
            d->status = kith_out_printf(d->out, d->err, "\\u%04x", c);
        else
            d->status = kith_out_write(d->out, &text[i], 1, d->err);
    }
    put(d, "\"");
}

static void
put_member(document *d, const char *name, const char *value)
{
    put_string(d, name);
    put(d, ": ");
    put_string(d, value);
}

/* Begins an entry of a list, on its own line. */
static void
put_entry(document *d)
{
    put(d, d->first ? "\n    " : ",\n    ");
    d->first = false;
}

static void
open_list(document *d, const char *name, const char *bracket)
{
    put(d, ",\n  ");
    put_string(d, name);
    put(d, bracket);
    d->first = true;
}

static void
close_list(document *d, const char *bracket)
{
    put(d, d->first ? "" : "\n  ");
    put(d, bracket);
}

/* The path with links and dots resolved, or as it is when it is gone. */
static char *
resolve(const char *path)
{
    char *real = realpath(path, NULL);
    return real != NULL ? real : kith_strdup(path);
}

static void
put_path(document *d, const char *path)
{
    char *real = resolve(path);
    const size_t n = strlen(d->folder);
    if (real == NULL)
        d->status = kith_error_memory(d->err, strlen(path), 1);
    else if (strncmp(real, d->folder, n) == 0 && real[n] == '/')
        put_string(d, real + n + 1);
    else
        put_string(d, path);
    kith_free(real);
}

static void
put_files(document *d, const char *name, const kith_job_file *files, size_t n)
{
    open_list(d, name, ": [");
    for (size_t i = 0; i < n && d->status == KITH_OK; i++) {
        /* Sorted by path: several stages may have read the same file. */
        if (i > 0 && strcmp(files[i].path, files[i - 1].path) == 0 &&
            strcmp(files[i].sha256, files[i - 1].sha256) == 0)
            continue;
        put_entry(d);
        put(d, "{\"path\": ");
        put_path(d, files[i].path);
        put(d, ", ");
        put_member(d, "sha256", files[i].sha256);
        put(d, ", \"bytes\": ");
        put_u64(d, files[i].n_bytes);
        put(d, "}");
    }
    close_list(d, "]");
}

/* What an earlier stage of the same job wrote is not an input of the job. */
static size_t
drop_own(kith_job_file *kept, const kith_job_file *inputs, size_t n_inputs,
         const kith_job_file *outputs, size_t n_outputs)
{
    size_t n = 0;
    size_t o = 0;
    for (size_t i = 0; i < n_inputs; i++) {
        while (o < n_outputs && strcmp(outputs[o].path, inputs[i].path) < 0)
            o++;
        if (o == n_outputs || strcmp(outputs[o].path, inputs[i].path) != 0)
            kept[n++] = inputs[i];
    }
    return n;
}

static void
put_inputs(document *d, kith_job *job)
{
    size_t n = 0;
    size_t n_outputs = 0;
    const kith_job_file *inputs = kith_job_inputs(job, &n);
    const kith_job_file *outputs = kith_job_outputs(job, &n_outputs);
    kith_job_file *kept = NULL;
    if (d->status == KITH_OK)
        d->status = KITH_ALLOC(&kept, n + 1, d->err);
    if (d->status == KITH_OK)
        put_files(d, "inputs", kept,
                  drop_own(kept, inputs, n, outputs, n_outputs));
    kith_free(kept);
}

static void
put_facts(document *d, const kith_job *job)
{
    size_t n = 0;
    const kith_job_pair *facts = kith_job_facts(job, &n);
    open_list(d, "facts", ": {");
    for (size_t i = 0; i < n; i++) {
        put_entry(d);
        put_member(d, facts[i].name, facts[i].value);
    }
    close_list(d, "}");
}

static void
put_count(void *ctx, const char *stage, const char *scope, const char *reason,
          uint64_t n)
{
    document *d = ctx;
    put_entry(d);
    put(d, "{");
    put_member(d, "stage", stage);
    put(d, ", ");
    put_member(d, "scope", scope);
    put(d, ", ");
    put_member(d, "reason", reason);
    put(d, ", \"n\": ");
    put_u64(d, n);
    put(d, "}");
}

static void
put_stage(void *ctx, const char *stage, const char *detail, double seconds,
          uint64_t peak_bytes)
{
    document *d = ctx;
    put_entry(d);
    put(d, "{");
    put_member(d, "stage", stage);
    put(d, ", ");
    put_member(d, "detail", detail);
    if (d->status == KITH_OK)
        d->status =
            kith_out_printf(d->out, d->err, ", \"seconds\": %.3f", seconds);
    put(d, ", \"peak_bytes\": ");
    put_u64(d, peak_bytes);
    put(d, "}");
}

static void
put_warnings(document *d, const kith_job *job)
{
    size_t n = 0;
    char *const *warnings = kith_job_warnings(job, &n);
    open_list(d, "warnings", ": [");
    for (size_t i = 0; i < n; i++) {
        put_entry(d);
        put_string(d, warnings[i]);
    }
    close_list(d, "]");
}

static void
put_document(document *d, kith_job *job)
{
    size_t n = 0;
    put(d, "{\n  \"tool\": \"kith\",\n  ");
    put_member(d, "version", kith_version());
    put(d, ",\n  ");
    put_member(d, "build", kith_build_flags());
    put(d, ",\n  \"threads\": ");
    put_u64(d, kith_job_threads(job));
    put_facts(d, job);
    put_inputs(d, job);
    open_list(d, "counts", ": [");
    kith_job_each_count(job, put_count, d);
    close_list(d, "]");
    put_warnings(d, job);
    open_list(d, "stages", ": [");
    kith_job_each_stage(job, put_stage, d);
    close_list(d, "]");
    const kith_job_file *outputs = kith_job_outputs(job, &n);
    put_files(d, "outputs", outputs, n);
    put(d, "\n}\n");
}

/* The resolved folder that @p path lies in, which exists. */
static char *
folder_of(const char *path)
{
    char *copy = kith_strdup(path);
    if (copy == NULL)
        return NULL;
    char *slash = strrchr(copy, '/');
    if (slash != NULL)
        slash[slash == copy ? 1 : 0] = '\0';
    char *folder = resolve(slash != NULL ? copy : ".");
    kith_free(copy);
    return folder;
}

kith_status
kith_job_manifest(kith_job *job, const char *path, kith_error *err)
{
    kith_status status = KITH_OK;
    document d = {.status = KITH_OK, .err = err};
    if (!kith_job_is_whole(job))
        return kith_error_set(err, KITH_ERR_MEMORY,
                              "%s: out of memory while counting: the manifest "
                              "would leave something out",
                              path);
    KITH_TRY(kith_out_open(&d.out, path, false, err));
    d.folder = folder_of(path);
    if (d.folder == NULL) {
        status = kith_error_memory(err, strlen(path), 1);
        goto done;
    }
    put_document(&d, job);
    KITH_TRY(d.status);
    status = kith_out_commit(d.out, NULL, err);
    d.out = NULL;
done:
    kith_out_abort(d.out);
    kith_free(d.folder);
    return status;
}
