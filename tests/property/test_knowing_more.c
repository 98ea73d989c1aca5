/* Whatever a criteria file asks, knowing more never turns an answer round:
 * random conditions on random lives, once with what some agencies hold of
 * them and once with everything. Only "unknown" may become something else,
 * and with everything known nothing is unknown. */
#include "../support/scenario.h"

#include "base/date.h"
#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    ROUNDS = 150,
    PEOPLE = 6,
    EVENTS = 14,
    ROOM = 16384,
    FIRST_DAY = 19358, /* 2023-01-01 */
    TODAY = 20543      /* 2026-03-31 */
};

typedef struct writing {
    char text[ROOM];
    size_t n;
} writing;

static void KITH_PRINTF(2, 3) put(writing *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(w->text + w->n, ROOM - w->n, format, args);
    va_end(args);
    assert_in_range(n, 0, ROOM - w->n - 1);
    w->n += (size_t)n;
}

static uint32_t
below(kith_rng *rng, uint32_t n)
{
    return (uint32_t)kith_rng_below(rng, n);
}

static bool
chance(kith_rng *rng, uint32_t percent)
{
    return below(rng, 100) < percent;
}

/* What the agencies of one type hold: days, and whose. */
typedef struct held {
    bool any;
    bool bolton_only;
    int32_t from;
    int32_t to;
} held;

typedef struct kind {
    const char *name;
    bool spell;
    const char *attributes[2]; /* what one event may say */
} kind;

static const kind kinds[] = {
    {"offence",
     false,
     {"outcome=guilty kind=theft", "outcome=none kind=theft"}},
    {"treatment", true, {"substance=opiate", "substance=alcohol"}},
    {"benefit", true, {"kind=esa", "kind=jsa"}},
    {"attendance",
     false,
     {"possible=50 unauthorised=2", "possible=50 unauthorised=20"}},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void
write_coverage(kith_rng *rng, held *h, const char *name, writing *some)
{
    char from[16], to[16];
    h->any = chance(rng, 80);
    h->bolton_only = chance(rng, 40);
    h->from = chance(rng, 60) ? FIRST_DAY - 10000
                              : FIRST_DAY + (int32_t)below(rng, 900);
    h->to = chance(rng, 60) ? TODAY : TODAY - (int32_t)below(rng, 300);
    kith_date_format_iso(from, h->from);
    kith_date_format_iso(to, h->to);
    if (h->any)
        put(some, "covers %s %s %s%s\n", name, from, to,
            h->bolton_only ? " Bolton" : "");
}

/* One event in all, and in some where an agency of these holds it; where none
 * does it may still have been seen. An attribute may be left empty. */
static void
write_event(kith_rng *rng, const held *holds, writing *all, writing *some)
{
    const uint32_t k = below(rng, KINDS);
    const uint32_t person = below(rng, PEOPLE);
    const char *says = kinds[k].attributes[below(rng, 2)];
    const held *h = &holds[k];
    const int32_t start = FIRST_DAY + (int32_t)below(rng, TODAY - FIRST_DAY);
    const int32_t end = start + (int32_t)below(rng, 200);
    const int32_t last = kinds[k].spell ? end : start;
    char from[16], to[32] = "";
    char line[128];
    kith_date_format_iso(from, start);
    if (kinds[k].spell) {
        to[0] = ' ';
        kith_date_format_iso(to + 1, end);
    }
    (void)snprintf(line, sizeof line, "%s p%u %s %s%s",
                   kinds[k].spell ? "spell" : "event", person, kinds[k].name,
                   from, to);
    put(all, "%s %s\n", line, says);
    const bool covered = h->any && (!h->bolton_only || person % 2 == 0) &&
                         start <= h->to && last >= h->from;
    if (covered || chance(rng, 30))
        put(some, "%s %s\n", line, chance(rng, 85) ? says : "");
}

static void
write_lives(kith_rng *rng, writing *all, writing *some)
{
    held holds[KINDS];
    put(all, "agency all\ncovers all 1990-01-01 2026-03-31\n");
    put(some, "agency some\n");
    for (uint32_t k = 0; k < KINDS; k++)
        write_coverage(rng, &holds[k], kinds[k].name, some);
    for (uint32_t p = 0; p < PEOPLE; p++) {
        const char *place = p % 2 == 0 ? "Bolton" : "Bury";
        const char sex = chance(rng, 50) ? 'f' : 'm';
        const uint32_t year = 1960 + below(rng, 62);
        put(all, "person p%u %u-06-15 %c %s\n", p, year, sex, place);
        if (chance(rng, 90))
            put(some, "person p%u %u-06-15 %c %s\n", p, year,
                chance(rng, 90) ? sex : '?', place);
        else
            put(some, "person p%u ? %c %s\n", p, sex, place);
    }
    static const char families[] = "family f1 p0:other p1:other p2:other\n"
                                   "family f2 p3:other\n"
                                   "family f3 p4:other p5:other\n";
    put(all, "%s", families);
    put(some, "%s", families);
    for (int i = 0; i < EVENTS; i++)
        write_event(rng, holds, all, some);
}

/* No anchors, and windows wherever events are counted: what lies before the
 * first event, and without a window before today, is not asked for. */
static const char *const of_person[] = {
    "has offence, last 12 months",
    "has at least 2 offence where outcome = guilty, last 24 months",
    "has exactly 1 offence, last 12 months",
    "has at most 1 offence where outcome = guilty, last 24 months",
    "has no treatment active",
    "has treatment where substance = opiate, active",
    "has treatment starting last 12 months",
    "has treatment ending last 12 months",
    "has latest offence where outcome = guilty, last 24 months",
    "has first offence where outcome = guilty, last 24 months",
    "has attendance with sum(unauthorised) / sum(possible) > 10 %, "
    "last 12 months",
    "has attendance with max(unauthorised) < 10, last 24 months",
    "has attendance with count() >= 2, last 24 months",
    "has benefit lasting at least 3 months, last 24 months",
    "has benefit lasting under 2 months, last 24 months",
    "has benefit where kind in {esa, jsa}, lasting at least 6 months allowing "
    "gaps of 28 days, last 36 months",
    "has benefit with days() >= 100, last 12 months",
    "has offence during treatment, last 24 months",
    "has offence down by at least 50 % from between 2024-01-01 and 2024-12-31 "
    "to last 12 months",
    "has attendance with sum(unauthorised) up by at least 10 % "
    "from between 2024-01-01 and 2024-12-31 to last 12 months",
    "has offence in 2 consecutive of last 4 years",
    "has offence where age < 18, last 36 months",
    "aged 18 or over",
    "aged 0 to 15",
    "is female",
    "lives in {Bolton}",
};

static const char *const of_family[] = {
    "any member",       "no child",   "every adult", "at least 2 members",
    "exactly 1 member", "any female", "any child",   "at most 1 member",
};

static const char *const of_all[] = {
    "members together have at least 2 offence, last 24 months",
    "children together have no attendance with sum(unauthorised) >= 10, "
    "last 24 months",
    "adults together have benefit with days() >= 200, last 24 months",
};

#define PICK(rng, list) (list)[below((rng), sizeof(list) / sizeof *(list))]

static void
write_condition(kith_rng *rng, writing *w, bool family, int depth)
{
    if (depth > 0 && chance(rng, 60)) {
        put(w, "%s(", chance(rng, 30) ? "not " : "");
        write_condition(rng, w, family, depth - 1);
        put(w, " %s ", chance(rng, 50) ? "and" : "or");
        write_condition(rng, w, family, depth - 1);
        put(w, ")");
    } else if (!family) {
        put(w, "%s", PICK(rng, of_person));
    } else if (chance(rng, 15)) {
        put(w, "%s", PICK(rng, of_all));
    } else {
        put(w, "%s (", PICK(rng, of_family));
        write_condition(rng, w, false, depth > 0 ? depth - 1 : 0);
        put(w, ")");
    }
}

static void
write_criteria(kith_rng *rng, writing *w)
{
    static const char *const many[] = {
        "at least 2 of them", "exactly 1 of them", "at most 2 of them",
        "all of them",        "none of them",      "score s >= 3"};
    const bool family = chance(rng, 50);
    put(w, "cohort x version 1 from 2000-01-01 level %s\n",
        family ? "family" : "person");
    for (int i = 0; i < 3; i++) {
        put(w, "criterion c%d ", i);
        write_condition(rng, w, family, 2);
        put(w, "\n");
    }
    put(w, "score s 1 for c0 2 for c1 3 for (c2 and c0)\nflag yes when %s\n",
        PICK(rng, many));
}

/* "id=status" of one unit in a list of such, or "no". */
static const char *
status_of(const char *flags, const char *id, char out[16])
{
    const char *at = strstr(flags, id);
    (void)snprintf(out, 16, "no");
    if (at != NULL)
        (void)snprintf(out, 16, "%.*s", (int)strcspn(at + strlen(id), " "),
                       at + strlen(id));
    return out;
}

/* The flags; NULL: the condition contradicts itself and was refused. */
static char *
flags_of(const writing *lives, const writing *criteria)
{
    kith_error err = KITH_ERROR_INIT;
    scenario s = {0};
    char *flags = NULL;
    scenario_write(&s, lives->text, NULL);
    const kith_status status = scenario_run(&s, criteria->text, NULL, &err);
    if (status == KITH_OK)
        flags = scenario_flags(&s, "x");
    else if (strstr(err.text, "contradicts") == NULL &&
             strstr(err.text, "nobody can be") == NULL)
        fail_msg("%s\n%s", err.text, criteria->text);
    scenario_remove(&s);
    return flags;
}

static void
knowing_more_never_turns_an_answer_round(void **state)
{
    (void)state;
    static const char *const ids[] = {
        "p0=", "p1=", "p2=", "p3=", "p4=", "p5=", "f1=", "f2=", "f3="};
    static writing all, some, criteria;
    unsigned decided = 0;
    unsigned unknown = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        kith_rng rng = kith_rng_at(20260331, 100 + round);
        all.n = some.n = criteria.n = 0;
        write_lives(&rng, &all, &some);
        write_criteria(&rng, &criteria);
        char *before = flags_of(&some, &criteria);
        char *after = before != NULL ? flags_of(&all, &criteria) : NULL;
        for (size_t i = 0; before != NULL && i < sizeof ids / sizeof *ids;
             i++) {
            char was[16], is[16];
            status_of(before, ids[i], was);
            status_of(after, ids[i], is);
            if (strcmp(is, "unknown") == 0 ||
                (strcmp(was, "unknown") != 0 && strcmp(was, is) != 0))
                fail_msg("round %u, %s was %s, is %s\n%s\n%s\n-- all:\n%s",
                         (unsigned)round, ids[i], was, is, criteria.text,
                         some.text, all.text);
            decided += strcmp(was, "unknown") != 0;
            unknown += strcmp(was, "unknown") == 0;
        }
        free(before);
        free(after);
    }
    /* both happen often, or nothing was tried */
    assert_true(decided > ROUNDS);
    assert_true(unknown > ROUNDS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knowing_more_never_turns_an_answer_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
