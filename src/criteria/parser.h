/**
 * @file parser.h
 * @brief Reads criteria files into a program; the grammar is in ast.h.
 *
 * Errors   KITH_ERR_CONFIG with line, column, caret and hint
 */
#ifndef KITH_CRITERIA_PARSER_H
#define KITH_CRITERIA_PARSER_H

#include "criteria/ast.h"
#include "criteria/lexer.h"

#include <kith/status.h>

/** Parses @p n bytes of @p text and adds its cohorts to @p program. */
KITH_NODISCARD kith_status kith_parse_text(kith_program *program,
                                           const char *path, const char *text,
                                           size_t n, kith_error *err);
/** Reads the file at @p path, then as kith_parse_text. */
KITH_NODISCARD kith_status kith_parse_file(kith_program *program,
                                           const char *path, kith_error *err);

/* The rest is shared by the parser's own files. */

typedef struct kith_parser {
    kith_program *program;
    kith_cohort *cohort; /* being read, or NULL */
    kith_terms *terms;   /* the file's calendar */
    const char *path;
    const char *text;
    const kith_token *tokens;
    size_t n;
    size_t at;
    uint32_t depth; /* of nesting, so that no file can exhaust the stack */
} kith_parser;

/** The token @p k ahead; END past the last. */
const kith_token *kith_parser_peek(const kith_parser *p, size_t k);
/** Is the token @p k ahead this word or mark? */
bool kith_parser_is(const kith_parser *p, size_t k, const char *text);
/** Is it one of a NULL-terminated list? */
bool kith_parser_is_any(const kith_parser *p, size_t k,
                        const char *const *texts);
/** Takes the next token when it is this word or mark. */
bool kith_parser_take(kith_parser *p, const char *text);
KITH_NODISCARD kith_status kith_parser_need(kith_parser *p, const char *text,
                                            kith_error *err);
/** A word that is no keyword; @p what is said in the error. */
KITH_NODISCARD kith_status kith_parser_name(kith_parser *p, const char **out,
                                            const char *what, kith_error *err);
/** A word or text: a code, an area. */
KITH_NODISCARD kith_status kith_parser_code(kith_parser *p, const char **out,
                                            kith_error *err);
KITH_NODISCARD kith_status kith_parser_count(kith_parser *p, uint32_t *out,
                                             kith_error *err);
KITH_NODISCARD kith_status kith_parser_date(kith_parser *p, int32_t *out,
                                            kith_error *err);
KITH_NODISCARD kith_status kith_parser_unit(kith_parser *p, kith_unit *out,
                                            kith_error *err);
/** "{" code { "," code } "}" */
KITH_NODISCARD kith_status kith_parser_codes(kith_parser *p,
                                             const char *const **words,
                                             uint32_t *n, kith_error *err);
/** Copies @p n words into the arena. */
KITH_NODISCARD kith_status kith_parser_keep(kith_parser *p,
                                            const char *const **out,
                                            const char *const *words,
                                            uint32_t n, kith_error *err);
/** Error at the next token: "expected <what>, found <token>". */
KITH_NODISCARD kith_status kith_parser_expected(const kith_parser *p,
                                                const char *what,
                                                kith_error *err);
KITH_NODISCARD kith_status kith_parser_node(kith_parser *p, kith_node **out,
                                            kith_node_kind kind, kith_pos pos,
                                            kith_error *err);
/** Enters one level of nesting; leave with p->depth--. */
KITH_NODISCARD kith_status kith_parser_enter(kith_parser *p, kith_error *err);

/** "at least" n, "at most" n, "exactly" n, "all", "none" follow? */
bool kith_parser_at_many(const kith_parser *p);
KITH_NODISCARD kith_status kith_parser_many(kith_parser *p, kith_many *many,
                                            kith_node **n, kith_error *err);
bool kith_parser_at_compare(const kith_parser *p, size_t k);
KITH_NODISCARD kith_status kith_parser_compare(kith_parser *p,
                                               kith_compare_op *op,
                                               kith_error *err);

/** One item of the cohort being read. */
KITH_NODISCARD kith_status kith_parse_item(kith_parser *p, kith_error *err);
/** The error for a word that begins no item. */
KITH_NODISCARD kith_status kith_parse_no_item(const kith_parser *p,
                                              kith_error *err);
KITH_NODISCARD kith_status kith_parse_cond(kith_parser *p, kith_node **out,
                                           kith_error *err);
KITH_NODISCARD kith_status kith_parse_atom(kith_parser *p, kith_node **out,
                                           kith_error *err);
KITH_NODISCARD kith_status kith_parse_query(kith_parser *p, kith_query **out,
                                            kith_error *err);
/** NUMBER ["%"] or the name of a parameter. */
KITH_NODISCARD kith_status kith_parse_amount(kith_parser *p, kith_node **out,
                                             kith_error *err);
KITH_NODISCARD kith_status kith_parse_expr(kith_parser *p, kith_node **out,
                                           kith_error *err);
/** test { "and" test } */
KITH_NODISCARD kith_status kith_parse_tests(kith_parser *p, kith_node **out,
                                            kith_error *err);
bool kith_parser_at_window(const kith_parser *p);
KITH_NODISCARD kith_status kith_parse_window(kith_parser *p, kith_window *out,
                                             kith_error *err);
KITH_NODISCARD kith_status kith_parse_anchor(kith_parser *p, kith_anchor *out,
                                             kith_error *err);
#endif
