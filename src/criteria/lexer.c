#include "criteria/lexer.h"

#include "base/alloc.h"
#include "base/date.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct lexer {
    kith_program *program;
    const char *path;
    const char *text;
    size_t n;
    size_t at;
    kith_pos pos;
} lexer;

static char
ahead(const lexer *lx, size_t k)
{
    return lx->at + k < lx->n ? lx->text[lx->at + k] : '\0';
}

/* Columns count characters, not bytes: UTF-8 continuation adds nothing. */
static void
step(lexer *lx, size_t k)
{
    for (; k > 0 && lx->at < lx->n; k--, lx->at++) {
        const unsigned char c = (unsigned char)lx->text[lx->at];
        if (c == '\n') {
            lx->pos.line++;
            lx->pos.column = 1;
        } else if ((c & 0xc0) != 0x80) {
            lx->pos.column++;
        }
    }
}

static bool
is_letter(char c)
{
    return isalpha((unsigned char)c) != 0 || c == '_';
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void
skip_blanks(lexer *lx)
{
    for (;;) {
        const char c = ahead(lx, 0);
        if (c == '#') {
            while (lx->at < lx->n && ahead(lx, 0) != '\n')
                step(lx, 1);
        } else if (lx->at < lx->n &&
                   (c == ' ' || c == '\t' || c == '\r' || c == '\n')) {
            step(lx, 1);
        } else {
            return;
        }
    }
}

static kith_status
lex_word(lexer *lx, kith_token *token, kith_error *err)
{
    size_t k = 0;
    while (is_letter(ahead(lx, k)) || is_digit(ahead(lx, k)))
        k++;
    char *word = NULL;
    kith_status status = kith_program_alloc(lx->program, &word, k + 1, err);
    if (status != KITH_OK)
        return status;
    for (size_t i = 0; i < k; i++)
        word[i] = (char)tolower((unsigned char)ahead(lx, i));
    token->kind = KITH_TOKEN_WORD;
    token->text = word;
    step(lx, k);
    return KITH_OK;
}

static kith_status
lex_text(lexer *lx, kith_token *token, kith_error *err)
{
    size_t k = 1;
    while (lx->at + k < lx->n && ahead(lx, k) != '"' && ahead(lx, k) != '\n')
        k++;
    if (ahead(lx, k) != '"') {
        (void)kith_criteria_error(err, lx->path, lx->text, token->pos,
                                  "this text is not closed");
        kith_error_hint(err, "end it with \" on the same line");
        return KITH_ERR_CONFIG;
    }
    token->kind = KITH_TOKEN_TEXT;
    kith_status status = kith_program_text(lx->program, &token->text,
                                           lx->text + lx->at + 1, k - 1, err);
    step(lx, k + 1);
    return status;
}

/* yyyy-mm-dd, or digits with an optional fraction. */
static kith_status
lex_number(lexer *lx, kith_token *token, kith_error *err)
{
    size_t k = 0;
    while (is_digit(ahead(lx, k)))
        k++;
    const bool date = k == 4 && ahead(lx, 4) == '-' && is_digit(ahead(lx, 5));
    if (date) {
        while (is_digit(ahead(lx, k)) || ahead(lx, k) == '-')
            k++;
    } else if (ahead(lx, k) == '.' && is_digit(ahead(lx, k + 1))) {
        k++;
        while (is_digit(ahead(lx, k)))
            k++;
    }
    token->kind = date ? KITH_TOKEN_DATE : KITH_TOKEN_NUMBER;
    if (date && !kith_date_parse_iso(&token->day, lx->text + lx->at, k)) {
        (void)kith_criteria_error(err, lx->path, lx->text, token->pos,
                                  "not a date");
        kith_error_hint(err, "dates are written yyyy-mm-dd");
        return KITH_ERR_CONFIG;
    }
    /* Twelve digits hold every threshold and keep sums exact. */
    if (!date && (k > 12 || is_letter(ahead(lx, k))))
        return kith_criteria_error(err, lx->path, lx->text, token->pos,
                                   "not a number");
    kith_status status =
        kith_program_text(lx->program, &token->text, lx->text + lx->at, k, err);
    if (status != KITH_OK)
        return status;
    if (!date)
        token->number = strtod(token->text, NULL);
    step(lx, k);
    return KITH_OK;
}

static kith_status
lex_mark(lexer *lx, kith_token *token, kith_error *err)
{
    static const char *const marks[] = {"!=", "<=", ">=", "(", ")", "{",
                                        "}",  ",",  ":",  "=", "<", ">",
                                        "+",  "-",  "*",  "/", "%"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const size_t k = strlen(marks[i]);
        if (lx->n - lx->at >= k &&
            memcmp(lx->text + lx->at, marks[i], k) == 0) {
            token->kind = KITH_TOKEN_MARK;
            token->text = marks[i];
            step(lx, k);
            return KITH_OK;
        }
    }
    (void)kith_criteria_error(err, lx->path, lx->text, token->pos,
                              "this character means nothing here");
    kith_error_hint(err, "put text in double quotes; # starts a comment");
    return KITH_ERR_CONFIG;
}

static kith_status
lex_one(lexer *lx, kith_token *token, kith_error *err)
{
    skip_blanks(lx);
    token->pos = lx->pos;
    token->text = "";
    if (lx->at >= lx->n) {
        token->kind = KITH_TOKEN_END;
        return KITH_OK;
    }
    const char c = ahead(lx, 0);
    if (is_letter(c))
        return lex_word(lx, token, err);
    if (is_digit(c))
        return lex_number(lx, token, err);
    if (c == '"')
        return lex_text(lx, token, err);
    return lex_mark(lx, token, err);
}

kith_status
kith_lex(kith_program *program, const char *path, const char *text, size_t n,
         kith_token **out, size_t *n_out, kith_error *err)
{
    kith_status status = KITH_OK;
    lexer lx = {.program = program,
                .path = path,
                .text = text,
                .n = n,
                .at = n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0,
                .pos = {1, 1}};
    kith_token *tokens = NULL;
    size_t n_tokens = 0;
    size_t cap = 0;
    do {
        KITH_TRY(KITH_GROW(&tokens, &cap, n_tokens + 1, err));
        tokens[n_tokens] = (kith_token){0};
        KITH_TRY(lex_one(&lx, &tokens[n_tokens], err));
    } while (tokens[n_tokens++].kind != KITH_TOKEN_END);
    KITH_TRY(kith_program_alloc(program, out, n_tokens * sizeof **out, err));
    memcpy(*out, tokens, n_tokens * sizeof **out);
    *n_out = n_tokens;
done:
    kith_free(tokens);
    return status;
}
