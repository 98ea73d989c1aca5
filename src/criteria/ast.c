#include "criteria/ast.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Big enough that a usual criteria file takes one or two. */
#define BLOCK_BYTES ((size_t)64 * 1024)

struct kith_arena_block {
    kith_arena_block *next;
    size_t used;
    size_t cap;
    _Alignas(16) char data[];
};

kith_status
kith_program_new(kith_program **out, kith_error *err)
{
    return KITH_ALLOC(out, 1, err);
}

void
kith_program_free(kith_program *program)
{
    if (program == NULL)
        return;
    for (kith_arena_block *b = program->blocks; b != NULL;) {
        kith_arena_block *next = b->next;
        kith_free(b);
        b = next;
    }
    kith_free(program->cohorts);
    kith_free(program->order);
    kith_free(program->events);
    kith_free(program->registers);
    kith_free(program);
}

kith_status
kith_program_alloc(kith_program *program, void *out, size_t n_bytes,
                   kith_error *err)
{
    const size_t want = (n_bytes + 15) & ~(size_t)15;
    kith_arena_block *b = program->blocks;
    if (b == NULL || b->cap - b->used < want) {
        const size_t cap = want > BLOCK_BYTES ? want : BLOCK_BYTES;
        b = kith_alloc_array(1, sizeof *b + cap);
        if (b == NULL)
            return kith_error_memory(err, 1, sizeof *b + cap);
        b->cap = cap;
        b->next = program->blocks;
        program->blocks = b;
    }
    void *p = b->data + b->used;
    b->used += want;
    memcpy(out, &p, sizeof p);
    return KITH_OK;
}

kith_status
kith_program_text(kith_program *program, const char **out, const char *text,
                  size_t n, kith_error *err)
{
    char *copy = NULL;
    kith_status status = kith_program_alloc(program, &copy, n + 1, err);
    if (status != KITH_OK)
        return status;
    memcpy(copy, text, n);
    *out = copy;
    return KITH_OK;
}

/* The line of @p pos in @p text, without its end. */
static const char *
find_line(const char *text, uint32_t line, size_t *n)
{
    for (uint32_t i = 1; i < line; i++) {
        const char *end = strchr(text, '\n');
        if (end == NULL)
            break;
        text = end + 1;
    }
    *n = strcspn(text, "\r\n");
    return text;
}

/* At most SHOWN bytes of the line with the column in it, then the caret. A
 * criteria file holds no personal value: its lines may be shown. */
static void
draw_caret(char *out, size_t cap, const char *text, kith_pos pos)
{
    enum { SHOWN = 100, BEFORE = 60 };
    size_t n = 0;
    const char *line = find_line(text, pos.line, &n);
    size_t at = 0; /* byte of the column: columns count characters */
    for (uint32_t c = 1; at < n; at++) {
        if (((unsigned char)line[at] & 0xc0) != 0x80 && c++ == pos.column)
            break;
    }
    size_t first = at > BEFORE ? at - BEFORE : 0;
    while (first > 0 && ((unsigned char)line[first] & 0xc0) == 0x80)
        first--;
    size_t shown = n - first < SHOWN ? n - first : SHOWN;
    while (shown > 0 && first + shown < n &&
           ((unsigned char)line[first + shown] & 0xc0) == 0x80)
        shown--;
    size_t indent = 0;
    for (size_t i = first; i < at; i++)
        indent += ((unsigned char)line[i] & 0xc0) != 0x80;
    char drawn[SHOWN + 1];
    for (size_t i = 0; i < shown; i++) {
        const unsigned char c = (unsigned char)line[first + i];
        drawn[i] = c < 0x20 || c == 0x7f ? ' ' : (char)c;
    }
    drawn[shown] = '\0';
    snprintf(out, cap, "\n    %s\n    %*s^", drawn, (int)indent, "");
}

kith_status
kith_criteria_error(kith_error *err, const char *path, const char *text,
                    kith_pos pos, const char *format, ...)
{
    char reason[200];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    char caret[240];
    draw_caret(caret, sizeof caret, text, pos);
    return kith_error_set(err, KITH_ERR_CONFIG, "%s:%u:%u: %s%s", path,
                          pos.line, pos.column, reason, caret);
}

bool
kith_cohort_in_force(const kith_cohort *cohort, int32_t day)
{
    return cohort->from <= day && day <= cohort->until;
}
