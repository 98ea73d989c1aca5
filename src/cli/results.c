#include "cli/results.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Splits in place; quotes as the CSV writer sets them. */
static size_t
split(char *line, char **fields)
{
    size_t n = 0;
    char *read = line;
    while (n < KITH_RESULT_FIELDS) {
        char *write = read;
        fields[n++] = write;
        const int quoted = *read == '"';
        read += quoted;
        while (*read != '\0' && (quoted || *read != ',')) {
            if (quoted && *read == '"' && *++read != '"')
                break;
            *write++ = *read++;
        }
        const int more = *read == ',';
        *write = '\0';
        if (!more)
            break;
        read++;
    }
    return n;
}

kith_status
kith_result_each(const char *path, kith_result_fn fn, void *ctx,
                 kith_error *err)
{
    kith_status status = KITH_OK;
    char *line = NULL;
    size_t cap = 0;
    char *fields[KITH_RESULT_FIELDS];
    FILE *f = fopen(path, "r");
    if (f == NULL)
        return errno == ENOENT ? KITH_OK
                               : kith_error_set(err, KITH_ERR_IO, "%s: %s",
                                                path, strerror(errno));
    while (getline(&line, &cap, f) > 0) {
        line[strcspn(line, "\r\n")] = '\0';
        KITH_TRY(fn(ctx, fields, split(line, fields), err));
    }
done:
    free(line);
    (void)fclose(f);
    return status;
}

typedef struct group_count {
    uint64_t n_rows, n_groups;
    char last[128];
    int begun;
} group_count;

static kith_status
count_row(void *ctx, char **fields, size_t n, kith_error *err)
{
    group_count *c = ctx;
    (void)n;
    (void)err;
    if (!c->begun) { /* the header */
        c->begun = 1;
        return KITH_OK;
    }
    c->n_rows++;
    if (c->n_groups == 0 || strcmp(c->last, fields[0]) != 0) {
        c->n_groups++;
        (void)snprintf(c->last, sizeof c->last, "%s", fields[0]);
    }
    return KITH_OK;
}

kith_status
kith_result_count(const char *path, uint64_t *n_rows, uint64_t *n_groups,
                  kith_error *err)
{
    group_count c = {0};
    const kith_status status = kith_result_each(path, count_row, &c, err);
    *n_rows = c.n_rows;
    *n_groups = c.n_groups;
    return status;
}
