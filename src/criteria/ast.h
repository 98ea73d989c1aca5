/**
 * @file ast.h
 * @brief What a criteria file says, as a tree.
 *
 * A file holds term calendars and cohorts. Words are lower-case letters,
 * digits and underscores; text is in double quotes; `#` starts a comment;
 * line ends mean nothing. A comma before a clause is always allowed.
 *
 *   file      := { terms | cohort | ("events" | "registers") NAME
 *                { "," NAME } }
 *                "events" names types that no agency may send yet;
 *                "registers" those that are complete by nature: who is not in
 *                a register of nominations was not nominated
 *   terms     := "terms" span { "," span }
 *   span      := day month "to" day month | date "to" date
 *   cohort    := "cohort" NAME "version" VERSION "from" date ["until" date]
 *                { item }
 *   item      := "title" TEXT | "purpose" TEXT
 *              | "level" ("person" | "family" | "household")
 *              | "evidence" ("own" | "all members") ["of last" n unit]
 *              | "include when" cond | "exclude when" cond
 *              | "param" NAME "=" value { "," value }
 *              | "set" NAME "=" "{" word { "," word } "}"
 *              | "scale" NAME "=" word { "<" word }
 *              | "table" NAME "=" "{" area ":" number { "," ... } "}"
 *              | "define" NAME "as" cond
 *              | "criterion" NAME [TEXT] cond
 *              | "score" NAME [TEXT] { number "for" atom }
 *              | "flag" { "yes when" cond | "near when" cond
 *                       | "tier" NAME "when" cond
 *                       | "cap" NAME "at" number "criterion" }
 *   value     := number ["%"] ["from" date ["until" date]] [TEXT]
 *
 *   cond      := and { "or" and }
 *   and       := unary { "and" unary }
 *   unary     := "not" unary | "(" cond ")" | atom
 *   atom      := subject [predicate]
 *              | predicate                      the person the test is about
 *              | many "of" ("them" | name { "," name })
 *              | "score" NAME compare
 *              | NAME                           a criterion
 *   subject   := ("any" | "every" | "no" | many) who
 *              | who "together"
 *   many      := "at least" n | "at most" n | "exactly" n | "all" | "none"
 *   who       := ["household"] NOUN ["aged" ages] { "who" simple }
 *   predicate := simple | "meets" (NAME | many "of" ...) | "(" cond ")"
 *   simple    := "has" query | "is" ["not"] (ROLE | "aged" ages)
 *              | "aged" ages | ("in" | "not in" | "near") "cohort" NAME
 *              | "on list" NAME | "lives in" ("{" area ... "}" | SET)
 *              | "area" TABLE compare
 *   ages      := n "to" n | "under" n | "over" n | n ["or over"]
 *                each with ["on" date]
 *
 *   query     := ["no" | many | "latest" | "first"] EVENT { [","] clause }
 *   clause    := "where" test { "and" test }
 *              | "with" expr compare { "and" expr compare }
 *              | ["starting" | "ending"] window
 *              | "active" ["at" anchor]
 *              | "lasting" ("at least" | "under") n unit
 *              | "allowing gaps of" n unit
 *              | "during" EVENT ["where" test { "and" test }]
 *              | ("up" | "down") "by at least" n "%"
 *                "from" window "to" window
 *              | "in each of last" n period
 *              | "in" n "consecutive of last" n period
 *   window    := "last" n unit | "next" n unit | "over last" n "terms"
 *              | ["in" | "within"] n unit ("before" | "after") anchor
 *              | "between" date "and" date | "since" (date | anchor)
 *   anchor    := "reference" | ["start of" | "end of"]
 *                ("first" | "latest") EVENT ["where" test { "and" test }]
 *                ["of any member"]
 *   test      := ATTRIBUTE ("=" | "!=") word | ATTRIBUTE ["not"] "in" SET
 *              | ATTRIBUTE ("at least" | "at most") word "on" SCALE
 *              | (ATTRIBUTE | "age") compare
 *              | "(" test { "or" test } ")"
 *   compare   := (">" | ">=" | "<" | "<=" | "=" | "!=") expr
 *   expr      := number ["%"] | PARAM | "(" expr ")" | expr op expr
 *              | ("sum" | "min" | "max" | "average" | "latest" | "first")
 *                "(" AMOUNT ")" | "count" "(" ")" | "days" "(" ")"
 *   unit      := "day(s)" | "week(s)" | "month(s)" | "year(s)" | "term(s)"
 *
 * Owner    every node, string and list belongs to the program's arena
 */
#ifndef KITH_CRITERIA_AST_H
#define KITH_CRITERIA_AST_H

#include <kith/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Line and column of a word in its file, from 1. */
typedef struct kith_pos {
    uint32_t line;
    uint32_t column;
} kith_pos;

typedef enum kith_unit {
    KITH_UNIT_DAY,
    KITH_UNIT_WEEK,
    KITH_UNIT_MONTH,
    KITH_UNIT_YEAR,
    KITH_UNIT_TERM
} kith_unit;

typedef enum kith_compare_op {
    KITH_CMP_EQ,
    KITH_CMP_NE,
    KITH_CMP_LT,
    KITH_CMP_LE,
    KITH_CMP_GT,
    KITH_CMP_GE
} kith_compare_op;

/** How many: of members, of criteria, of events. */
typedef enum kith_many {
    KITH_MANY_AT_LEAST,
    KITH_MANY_AT_MOST,
    KITH_MANY_EXACTLY,
    KITH_MANY_ALL,
    KITH_MANY_NONE
} kith_many;

typedef enum kith_node_kind {
    /* conditions */
    KITH_NODE_AND,     /* children */
    KITH_NODE_OR,      /* children */
    KITH_NODE_NOT,     /* child */
    KITH_NODE_QUANT,   /* who; child: the predicate, or none */
    KITH_NODE_HAS,     /* query */
    KITH_NODE_ROLE,    /* name */
    KITH_NODE_AGED,    /* ages */
    KITH_NODE_COHORT,  /* name; near */
    KITH_NODE_LIVES,   /* words */
    KITH_NODE_AREA,    /* name: the table; op; child: value */
    KITH_NODE_SCORE,   /* name; op; child: value */
    KITH_NODE_MANY_OF, /* many, n; children: criteria */
    KITH_NODE_NAME,    /* name: a criterion */
    /* tests of one event */
    KITH_NODE_TEST_CODE,   /* name, words, negated */
    KITH_NODE_TEST_SCALE,  /* name, scale, op, words[0] */
    KITH_NODE_TEST_AMOUNT, /* name, op; child: value */
    KITH_NODE_TEST_AGE,    /* op; child: value */
    KITH_NODE_TEST_ANY,    /* children */
    /* values */
    KITH_NODE_NUMBER,    /* number */
    KITH_NODE_PARAM,     /* name */
    KITH_NODE_ARITH,     /* arith: + - * /; two children */
    KITH_NODE_AGGREGATE, /* aggregate; name: the amount */
    KITH_NODE_COMPARE    /* op; two children */
} kith_node_kind;

typedef enum kith_aggregate {
    KITH_AGG_COUNT,
    KITH_AGG_DAYS, /* distinct days covered */
    KITH_AGG_SUM,
    KITH_AGG_MIN,
    KITH_AGG_MAX,
    KITH_AGG_AVERAGE,
    KITH_AGG_LATEST,
    KITH_AGG_FIRST
} kith_aggregate;

typedef struct kith_ages {
    int32_t from;
    int32_t to;  /* inclusive */
    int32_t day; /* age on this day; KITH_NO_DATE: the reference date */
} kith_ages;

typedef struct kith_node kith_node;
typedef struct kith_query kith_query;

/** Whom a quantifier ranges over. */
typedef struct kith_who {
    kith_many many;
    uint32_t n;
    bool together;  /* pool their events */
    bool household; /* everybody living with the unit, not its members only */
    kith_node *filter; /* siblings, tests on the person; NULL: any member */
} kith_who;

struct kith_node {
    kith_node_kind kind;
    kith_pos pos;
    const char *name;
    kith_node *child;
    kith_node *next; /* sibling */
    const char *const *words;
    uint32_t n_words;
    kith_compare_op op;
    kith_many many;
    kith_aggregate aggregate;
    uint32_t n;
    char arith;
    bool negated;
    bool near;
    double number;
    kith_ages ages;
    kith_who *who;
    kith_query *query;
    /* set by check */
    const struct kith_set *set;     /* TEST_CODE, LIVES by name */
    const struct kith_set *scale;   /* TEST_SCALE */
    const struct kith_param *param; /* PARAM */
    const struct kith_area_table *table;
    const struct kith_criterion *criterion; /* NAME, SCORE */
    const struct kith_criterion *define;    /* ROLE, by definition */
    const uint32_t *texts; /* TEST_CODE: numbers of the words */
    uint32_t n_texts;
    uint32_t cohort; /* COHORT: number in program */
    uint32_t index;  /* ROLE: kith_role; attributes: slot of the type */
    uint64_t roles;  /* ROLE of kind KITH_ROLE_WORDS: any of these */
};

/** What a ROLE node asks of a person. */
enum kith_role {
    KITH_ROLE_MEMBER = 1,
    KITH_ROLE_CHILD, /* under 18 */
    KITH_ROLE_ADULT, /* 18 or over */
    KITH_ROLE_MALE,
    KITH_ROLE_FEMALE,
    KITH_ROLE_WORDS /* a role word of families.csv */
};

/** A first and a last day. */
typedef struct kith_days {
    int32_t from;
    int32_t to;
} kith_days;

typedef enum kith_window_kind {
    KITH_WINDOW_EVER,
    KITH_WINDOW_LAST,
    KITH_WINDOW_NEXT,
    KITH_WINDOW_TERMS,
    KITH_WINDOW_BEFORE,
    KITH_WINDOW_AFTER,
    KITH_WINDOW_BETWEEN,
    KITH_WINDOW_SINCE
} kith_window_kind;

/** A day to measure from: the reference date, or an event's. */
typedef struct kith_anchor {
    kith_query *query; /* NULL: the reference date */
    bool end;          /* the spell's last day, else its first */
    bool family;       /* an event of any member */
} kith_anchor;

typedef struct kith_window {
    kith_window_kind kind;
    kith_pos pos;
    kith_node *n; /* NUMBER or PARAM */
    kith_unit unit;
    int32_t from; /* BETWEEN, SINCE */
    int32_t to;
    kith_anchor anchor;
    bool fixed; /* set by check: measured from the reference date or given */
    kith_days days;
    uint32_t amount; /* set by check: n as a whole number */
} kith_window;

typedef enum kith_pick {
    KITH_PICK_ALL,
    KITH_PICK_LATEST,
    KITH_PICK_FIRST
} kith_pick;

/** Which day of an event must lie in the window. */
typedef enum kith_match {
    KITH_MATCH_OVERLAP,
    KITH_MATCH_START,
    KITH_MATCH_END
} kith_match;

/** A number of days, weeks ...; count NULL: not said. */
typedef struct kith_span {
    kith_node *count;
    kith_unit unit;
} kith_span;

struct kith_query {
    kith_pos pos;
    const char *event;
    kith_pick pick;
    bool counted; /* many and n were said */
    kith_many many;
    kith_node *n;     /* NUMBER or PARAM */
    kith_node *tests; /* siblings, all must hold */
    kith_node *with;  /* siblings of kind COMPARE */
    kith_window window;
    kith_match match;
    bool active;
    kith_anchor active_at;
    kith_span lasting;
    bool shorter; /* "lasting under" */
    kith_span gaps;
    kith_query *during;
    bool changes;        /* up or down by */
    kith_node *measured; /* what goes up or down; NULL: the count */
    bool up;
    kith_node *change;
    kith_window before;
    kith_window after;
    uint32_t run; /* "in each of": consecutive periods wanted; 0: not said */
    uint32_t of;  /* out of so many */
    kith_unit period;
    /* set by check and bind */
    uint32_t type;   /* number of the event type */
    uint32_t number; /* dense, over the program */
    uint32_t count;  /* n as a whole number */
    uint32_t lasting_n;
    uint32_t gap_days;
    kith_days *periods; /* of "in each of": latest first */
    kith_days need;     /* days that must be covered, of a fixed window */
};

typedef struct kith_set {
    const char *name;
    kith_pos pos;
    const uint32_t *texts; /* numbers of the words; set by check */
    const char *const *words;
    uint32_t n_words;
    bool scale;
    struct kith_set *next;
} kith_set;

/** One value of a parameter, in force from..until. */
typedef struct kith_param_value {
    kith_pos pos;
    double number;
    int32_t from;  /* INT32_MIN: always */
    int32_t until; /* INT32_MAX: still */
    const char *source;
    struct kith_param_value *next;
} kith_param_value;

typedef struct kith_param {
    const char *name;
    kith_pos pos;
    kith_param_value *values;
    double number; /* in force at the reference date; set by bind */
    struct kith_param *next;
} kith_param;

typedef struct kith_area_table {
    const char *name;
    kith_pos pos;
    const char *const *areas;
    const double *values;
    uint32_t n;
    struct kith_area_table *next;
} kith_area_table;

typedef struct kith_weight {
    double weight;
    kith_node *cond;
    struct kith_weight *next;
} kith_weight;

typedef enum kith_criterion_kind {
    KITH_CRITERION,
    KITH_CRITERION_SCORE,
    KITH_CRITERION_DEFINE
} kith_criterion_kind;

/** A criterion, a score or a defined role. */
typedef struct kith_criterion {
    kith_criterion_kind kind;
    const char *name;
    const char *title;
    kith_pos pos;
    kith_node *cond;
    kith_weight *weights;
    uint32_t number; /* position in the cohort, all kinds counted */
    bool of_person;  /* about the bound person; set by check */
    uint8_t mark;    /* check's walk: 0 new, 1 open, 2 done */
    struct kith_criterion *next;
} kith_criterion;

typedef struct kith_tier {
    const char *name;
    kith_pos pos;
    kith_node *cond;
    struct kith_tier *next;
} kith_tier;

typedef struct kith_cap {
    const char *role;
    kith_pos pos;
    uint32_t n;
    kith_node *test; /* ROLE */
    struct kith_cap *next;
} kith_cap;

typedef enum kith_level {
    KITH_LEVEL_PERSON,
    KITH_LEVEL_FAMILY,
    KITH_LEVEL_HOUSEHOLD
} kith_level;

typedef struct kith_cohort {
    const char *name;
    const char *version;
    const char *title;
    const char *purpose;
    const char *path;
    const char *text; /* of the whole file, for carets */
    kith_pos pos;
    int32_t from;
    int32_t until; /* INT32_MAX: still */
    kith_level level;
    bool level_said;
    bool refers;      /* to another cohort; set by check */
    bool all_members; /* evidence on every member may be shown */
    uint32_t kept;    /* "of last": what is older expires; 0: not said */
    kith_unit kept_unit;
    int32_t oldest; /* first day of it; INT32_MIN; set by check */
    kith_node *include;
    kith_node *exclude;
    kith_param *params;
    kith_set *sets;
    kith_area_table *tables;
    kith_criterion *criteria; /* all kinds, in the order written */
    uint32_t n_named;         /* of those */
    uint32_t n_criteria;      /* of kind KITH_CRITERION */
    kith_node *yes;
    kith_node *near;
    kith_tier *tiers;
    kith_cap *caps;
    const struct kith_terms *terms;
} kith_cohort;

/** Is the cohort in force on a day? */
bool kith_cohort_in_force(const kith_cohort *cohort, int32_t day);

/** One span of an academic calendar; yearly ones hold month and day only. */
typedef struct kith_term_span {
    bool yearly;
    int32_t from; /* yearly: month * 100 + day; else a day */
    int32_t to;
    kith_pos pos;
    struct kith_term_span *next;
} kith_term_span;

typedef struct kith_terms {
    kith_term_span *spans;
} kith_terms;

typedef struct kith_arena_block kith_arena_block;

/** A criteria file as it was read. */
typedef struct kith_source {
    const char *path;
    const char *text;
    struct kith_source *next;
} kith_source;

/** All criteria files of a run. */
typedef struct kith_program {
    kith_arena_block *blocks;
    kith_source *sources;  /* in the order read */
    kith_cohort **cohorts; /* in the order read */
    uint32_t n_cohorts;
    size_t cohorts_cap;
    uint32_t *order; /* cohorts, referred ones first; set by check */
    uint32_t n_queries;
    const char **events; /* types declared with "events" */
    uint32_t n_events;
    size_t events_cap;
    const char **registers; /* and with "registers" */
    uint32_t n_registers;
    size_t registers_cap;
} kith_program;

KITH_NODISCARD kith_status kith_program_new(kith_program **out,
                                            kith_error *err);
void kith_program_free(kith_program *program);

/** Zeroed memory that lives as long as the program. */
KITH_NODISCARD kith_status kith_program_alloc(kith_program *program, void *out,
                                              size_t n_bytes, kith_error *err);
/** A copy of @p n bytes of text, NUL-terminated. */
KITH_NODISCARD kith_status kith_program_text(kith_program *program,
                                             const char **out, const char *text,
                                             size_t n, kith_error *err);

/**
 * KITH_ERR_CONFIG with "path:line:column: reason", the line and a caret
 * under the column.
 */
kith_status kith_criteria_error(kith_error *err, const char *path,
                                const char *text, kith_pos pos,
                                const char *format, ...) KITH_PRINTF(5, 6);

#endif
