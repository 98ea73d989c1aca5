#include "criteria/definitions.h"

#include "base/alloc.h"
#include "base/date.h"
#include "criteria/parser.h"
#include "io/in.h"
#include "io/out.h"

#include <string.h>
#include <unistd.h>

#define FILE_NAME   "definitions.criteria"
#define DATE_LINE   "#--- reference date: "
#define SOURCE_LINE "#--- file: "

/* As many files as a run may have cohorts, at 1 MiB each; in practice tens of
 * kilobytes. */
enum { MAX_BYTES = 64 * 1024 * 1024, DATE_BYTES = 10 };

kith_status
kith_definitions_write(const kith_program *program, int32_t day,
                       const char *folder, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *out = NULL;
    char *path = NULL;
    char date[16];
    kith_date_format_iso(date, day);
    KITH_TRY(kith_path_join(&path, folder, FILE_NAME, err));
    KITH_TRY(kith_out_open(&out, path, false, err));
    KITH_TRY(kith_out_printf(out, err, DATE_LINE "%s\n", date));
    for (const kith_source *s = program->sources; s != NULL; s = s->next) {
        const char *slash = strrchr(s->path, '/');
        KITH_TRY(kith_out_printf(out, err, SOURCE_LINE "%s\n",
                                 slash != NULL ? slash + 1 : s->path));
        KITH_TRY(kith_out_write(out, s->text, strlen(s->text), err));
        KITH_TRY(kith_out_write(out, "\n", 1, err));
    }
    kith_out *whole = out;
    out = NULL;
    KITH_TRY(kith_out_commit(whole, job, err));
done:
    kith_out_abort(out);
    kith_free(path);
    return status;
}

/* The next line that begins a file, or the end. */
static char *
next_source(char *text)
{
    char *at = strstr(text, "\n" SOURCE_LINE);
    return at != NULL ? at + 1 : text + strlen(text);
}

static kith_status
parse_sources(kith_program *program, char *text, kith_error *err)
{
    kith_status status = KITH_OK;
    for (char *at = next_source(text); *at != '\0';) {
        char *name = at + strlen(SOURCE_LINE);
        char *body = strchr(name, '\n');
        if (body == NULL)
            break;
        *body++ = '\0';
        /* the line that was just read ended the search before it */
        at = strncmp(body, SOURCE_LINE, strlen(SOURCE_LINE)) == 0
                 ? body
                 : next_source(body);
        KITH_TRY(
            kith_parse_text(program, name, body, (size_t)(at - body), err));
    }
done:
    return status;
}

kith_status
kith_definitions_read(kith_program *program, int32_t *day, bool *there,
                      const char *folder, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    char *text = NULL;
    size_t n = 0;
    KITH_TRY(kith_path_join(&path, folder, FILE_NAME, err));
    *there = access(path, F_OK) == 0;
    if (!*there)
        goto done;
    KITH_TRY(kith_in_slurp(&text, &n, path, MAX_BYTES, err));
    const size_t head = strlen(DATE_LINE);
    if (n < head + DATE_BYTES || memcmp(text, DATE_LINE, head) != 0 ||
        !kith_date_parse_iso(day, text + head, DATE_BYTES)) {
        status = kith_error_set(err, KITH_ERR_MISMATCH,
                                "%s: not as kith flag writes it", path);
        goto done;
    }
    KITH_TRY(parse_sources(program, text, err));
done:
    kith_free(text);
    kith_free(path);
    return status;
}
