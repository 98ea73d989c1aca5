#include "cli/blocking_report.h"

#include "cli/results.h"
#include "cli/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SUGGESTIONS = 16 };

/* A column of a pass, or a line of all. */
typedef struct measure {
    const char *name; /* as in the file */
    const char *title;
} measure;

enum {
    ROWS,
    BLOCKS,
    WIDEST,
    CANDIDATES,
    IN_WIDEST,
    LINKED,
    ONLY_HERE,
    TRUE_RECALL,
    N_COLUMNS
};

static const measure columns[N_COLUMNS] = {
    {"rows", "rows"},
    {"blocks", "blocks"},
    {"largest_block_rows", "widest"},
    {"candidate_pairs", "pairs"},
    {"candidate_pairs_in_5_widest_blocks", "in 5 widest"},
    {"linked_pairs", "linked"},
    {"linked_pairs_only_here", "only here"},
    {"true_recall", ""},
};

enum {
    ALL_LINKED,
    THROUGH_OTHERS,
    NOT_BLOCKED,
    NO_ESTIMATE,
    RECALL,
    TRUE_PAIRS,
    TRUE_NOT_BLOCKED,
    REAL_RECALL,
    N_LINES
};

static const measure lines[N_LINES] = {
    {"linked_pairs", "pairs inside a person"},
    {"linked_through_others_only", "of them in no block together"},
    {"estimated_not_blocked", "estimated pairs that no pass covers"},
    {"no_estimate_possible", "pairs that allow no estimate"},
    {"estimated_blocking_recall", "estimated recall of all passes"},
    {"true_pairs", "true pairs"},
    {"true_pairs_not_blocked", "true pairs that no pass covers"},
    {"blocking_recall", "recall of all passes, by the truth"},
};

typedef struct suggestion {
    char key[200];
    double gain, width;
} suggestion;

typedef struct report {
    const kith_spec *spec;
    double passes[KITH_MAX_PASSES][N_COLUMNS]; /* NAN: not said */
    double all[N_LINES];
    suggestion suggestions[MAX_SUGGESTIONS];
    size_t n_suggestions;
} report;

static void
keep(double *values, const measure *measures, size_t n, const char *name,
     double value)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(measures[i].name, name) == 0)
            values[i] = value;
    }
}

static kith_status
note_line(void *ctx, char **fields, size_t n, kith_error *err)
{
    report *r = ctx;
    (void)err;
    if (n < 3)
        return KITH_OK;
    const double value = strtod(fields[2], NULL);
    const int pass = kith_spec_pass_index(r->spec, fields[0]);
    if (pass >= 0)
        keep(r->passes[pass], columns, N_COLUMNS, fields[1], value);
    else if (strcmp(fields[0], "all") == 0)
        keep(r->all, lines, N_LINES, fields[1], value);
    else if (strcmp(fields[0], "suggest_pass") == 0 &&
             r->n_suggestions < MAX_SUGGESTIONS) {
        suggestion *s = &r->suggestions[r->n_suggestions++];
        (void)snprintf(s->key, sizeof s->key, "%s", fields[1]);
        s->gain = value;
    } else if (strcmp(fields[0], "suggest_people_a_block") == 0 &&
               r->n_suggestions > 0) {
        r->suggestions[r->n_suggestions - 1].width = value;
    }
    return KITH_OK;
}

/* Counts with commas, shares with three decimals, "-" for what is not said. */
static const char *
number(char out[32], double value)
{
    if (isnan(value))
        return "-";
    if (value == floor(value) && value >= 0)
        return kith_summary_number(out, (uint64_t)value);
    (void)snprintf(out, 32, "%.3f", value);
    return out;
}

static void
print_passes(FILE *to, const report *r)
{
    char text[32];
    const bool truth = !isnan(r->passes[0][TRUE_RECALL]);
    (void)fprintf(to, "%-6s", "pass");
    for (unsigned c = 0; c < TRUE_RECALL; c++)
        (void)fprintf(to, " %11s", columns[c].title);
    (void)fprintf(to, "%s\n", truth ? " true recall" : "");
    for (unsigned p = 0; p < r->spec->n_passes; p++) {
        (void)fprintf(to, "%-6.31s", r->spec->passes[p].name);
        for (unsigned c = 0; c < TRUE_RECALL; c++)
            (void)fprintf(to, " %11s", number(text, r->passes[p][c]));
        if (truth)
            (void)fprintf(to, " %11.3f", r->passes[p][TRUE_RECALL]);
        (void)fprintf(to, "\n");
    }
    (void)fprintf(to, "pairs: compared in blocks; linked: of those inside a "
                      "person, with this pass;\nonly here: with no other.\n");
}

/* The pass that fewest linked pairs hang on, and what it costs. */
static void
print_least(FILE *to, const report *r)
{
    double rows = 0;
    unsigned least = 0;
    for (unsigned p = 0; p < r->spec->n_passes; p++) {
        rows += r->passes[p][ROWS];
        if (r->passes[p][ONLY_HERE] < r->passes[least][ONLY_HERE])
            least = p;
    }
    if (r->spec->n_passes > 1 && rows > 0 && r->all[ALL_LINKED] > 0)
        (void)fprintf(
            to,
            "Pass %.31s earns least: %.2f %% of the linked pairs hang "
            "on it alone, for %.0f %% of the rows.\n",
            r->spec->passes[least].name,
            100 * r->passes[least][ONLY_HERE] / r->all[ALL_LINKED],
            100 * r->passes[least][ROWS] / rows);
}

static void
print_suggestions(FILE *to, const report *r)
{
    char text[32];
    if (r->n_suggestions == 0) {
        (void)fprintf(to, "\nNo further pass made of these parts would find "
                          "one in a thousand pairs more.\n");
        return;
    }
    (void)fprintf(to,
                  "\nA further pass would find, of the pairs that none covers\n"
                  "  %11s %15s  key\n",
                  "pairs, est.", "people a block");
    for (size_t i = 0; i < r->n_suggestions; i++) {
        const suggestion *s = &r->suggestions[i];
        (void)fprintf(to, "  %11s %15.1f  [", number(text, s->gain), s->width);
        for (const char *p = s->key; *p != '\0'; p++)
            (void)fprintf(to, *p == '+' ? ", " : "%c", *p);
        (void)fprintf(to, "]\n");
    }
    (void)fprintf(to, "The width is a guess; encode measures it.\n");
}

kith_status
kith_blocking_report(FILE *to, const char *path, const kith_spec *spec,
                     kith_error *err)
{
    kith_status status = KITH_OK;
    char text[32];
    report r = {.spec = spec};
    for (unsigned p = 0; p < KITH_MAX_PASSES; p++) {
        for (unsigned c = 0; c < N_COLUMNS; c++)
            r.passes[p][c] = (double)NAN;
    }
    for (unsigned i = 0; i < N_LINES; i++)
        r.all[i] = (double)NAN;
    KITH_TRY(kith_result_each(path, note_line, &r, err));
    print_passes(to, &r);
    print_least(to, &r);
    (void)fprintf(to, "\n");
    for (unsigned i = 0; i < N_LINES; i++) {
        if (!isnan(r.all[i]))
            (void)fprintf(to, "%-40s %14s\n", lines[i].title,
                          number(text, r.all[i]));
    }
    print_suggestions(to, &r);
done:
    return status;
}
