/**
 * @file lexer.h
 * @brief A criteria file's text as words, numbers, dates, texts and marks.
 *
 * Errors   KITH_ERR_CONFIG with line and column: an unclosed text, a stray
 *          character, a number or date that is none
 */
#ifndef KITH_CRITERIA_LEXER_H
#define KITH_CRITERIA_LEXER_H

#include "criteria/ast.h"

#include <kith/status.h>

typedef enum kith_token_kind {
    KITH_TOKEN_END,
    KITH_TOKEN_WORD,   /* folded to lower case */
    KITH_TOKEN_NUMBER, /* number */
    KITH_TOKEN_DATE,   /* day */
    KITH_TOKEN_TEXT,   /* without its quotes */
    KITH_TOKEN_MARK    /* one of ( ) { } , : = != < <= > >= + - * / % */
} kith_token_kind;

typedef struct kith_token {
    kith_token_kind kind;
    kith_pos pos;
    const char *text; /* the program's; numbers and dates as written */
    double number;
    int32_t day;
} kith_token;

/**
 * @param text     NUL-terminated, @p n bytes
 * @param[out] out tokens, the last of kind END; owned by @p program
 */
KITH_NODISCARD kith_status kith_lex(kith_program *program, const char *path,
                                    const char *text, size_t n,
                                    kith_token **out, size_t *n_out,
                                    kith_error *err);

#endif
