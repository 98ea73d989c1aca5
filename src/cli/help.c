#include "cli/command.h"

#include <kith/version.h>
#include <string.h>

enum { HELP_COLUMN = 26, HELP_WIDTH = 80 };

static bool
is_positional(const kith_opt *o)
{
    return (o->flags & KITH_OPT_POSITIONAL) != 0;
}

void
kith_help_wrapped(FILE *to, const char *text, size_t column, size_t indent)
{
    bool first = true;
    while (*text != '\0') {
        const size_t n = strcspn(text, " ");
        if (!first && column + 1 + n > HELP_WIDTH) {
            (void)fprintf(to, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!first) {
            (void)fputc(' ', to);
            column++;
        }
        (void)fprintf(to, "%.*s", (int)n, text);
        first = false;
        column += n;
        text += n;
        text += strspn(text, " ");
    }
    (void)fputc('\n', to);
}

static void
print_option(FILE *to, const kith_opt *o)
{
    char left[80];
    char right[512];
    (void)snprintf(
        left, sizeof left, "  %s%s%s%s", is_positional(o) ? "" : "--", o->name,
        o->value == NULL ? "" : " ", o->value == NULL ? "" : o->value);
    (void)snprintf(
        right, sizeof right, "%s%s%s%s%s", o->help,
        (o->flags & KITH_OPT_REQUIRED) != 0 && !is_positional(o) ? " (required)"
                                                                 : "",
        o->initial == NULL ? "" : " (default: ",
        o->initial == NULL ? "" : o->initial, o->initial == NULL ? "" : ")");
    (void)fprintf(to, "%-*s", HELP_COLUMN, left);
    if (strlen(left) >= HELP_COLUMN)
        (void)fprintf(to, "\n%*s", HELP_COLUMN, "");
    kith_help_wrapped(to, right, HELP_COLUMN, HELP_COLUMN);
}

static void
print_table(FILE *to, const char *title, const kith_opt *table, bool positional)
{
    bool first = true;
    for (const kith_opt *o = table; o->kind != KITH_OPT_END; o++) {
        if (is_positional(o) != positional)
            continue;
        if (first)
            (void)fprintf(to, "\n%s:\n", title);
        first = false;
        print_option(to, o);
    }
}

static void
print_synopsis(FILE *to, const kith_command *c)
{
    (void)fprintf(to, "kith %s [OPTIONS]", c->name);
    for (const kith_opt *o = c->options; o->kind != KITH_OPT_END; o++) {
        if (!is_positional(o))
            continue;
        const bool required = (o->flags & KITH_OPT_REQUIRED) != 0;
        (void)fprintf(to, " %s%s%s%s", required ? "" : "[", o->name,
                      o->kind == KITH_OPT_LIST ? "..." : "",
                      required ? "" : "]");
    }
    (void)fputc('\n', to);
}

/* The paragraphs of the detail, each wrapped. */
static void
print_detail(FILE *to, const char *detail)
{
    while (*detail != '\0') {
        char line[1024];
        const size_t n = strcspn(detail, "\n");
        (void)snprintf(line, sizeof line, "%.*s", (int)n, detail);
        kith_help_wrapped(to, line, 0, 0);
        detail += n;
        if (*detail == '\n')
            detail++;
    }
}

void
kith_help_command(FILE *to, const kith_command *c)
{
    (void)fputs("Usage: ", to);
    print_synopsis(to, c);
    (void)fprintf(to, "\n%s.\n", c->summary);
    if (c->detail[0] != '\0') {
        (void)fputc('\n', to);
        print_detail(to, c->detail);
    }
    print_table(to, "Arguments", c->options, true);
    print_table(to, "Options", c->options, false);
    if (!c->plain)
        print_table(to, "Common options", kith_common_options, false);
}

/* A hyphen that begins an option must not become a typographic one. */
static void
print_roff(FILE *to, const char *text)
{
    if (*text == '.' || *text == '\'')
        (void)fputs("\\&", to);
    for (; *text != '\0'; text++) {
        if (*text == '-')
            (void)fputs("\\-", to);
        else if (*text == '\\')
            (void)fputs("\\e", to);
        else if (*text == '\n')
            (void)fputs("\n.PP\n", to);
        else
            (void)fputc(*text, to);
    }
}

static void
print_man_table(FILE *to, const kith_opt *table)
{
    for (const kith_opt *o = table; o->kind != KITH_OPT_END; o++) {
        (void)fprintf(to, ".TP\n.B %s", is_positional(o) ? "" : "\\-\\-");
        print_roff(to, o->name);
        if (o->value != NULL)
            (void)fprintf(to, " \\fI%s\\fR", o->value);
        (void)fputc('\n', to);
        print_roff(to, o->help);
        if (o->initial != NULL) {
            (void)fputs(" (default: ", to);
            print_roff(to, o->initial);
            (void)fputc(')', to);
        }
        (void)fputs(".\n", to);
    }
}

void
kith_help_man(FILE *to, const kith_command *c)
{
    (void)fprintf(to, ".TH KITH-%s 1 \"\" \"kith %s\" \"kith\"\n", c->name,
                  kith_version());
    (void)fprintf(to, ".SH NAME\nkith-%s \\- ", c->name);
    print_roff(to, c->summary);
    (void)fputs("\n.SH SYNOPSIS\n", to);
    print_synopsis(to, c);
    (void)fputs(".SH DESCRIPTION\n", to);
    print_roff(to, c->summary);
    (void)fputs(".\n.PP\n", to);
    print_roff(to, c->detail);
    (void)fputs("\n.SH OPTIONS\n", to);
    print_man_table(to, c->options);
    if (!c->plain)
        print_man_table(to, kith_common_options);
    (void)fputs(".SH EXIT STATUS\n0 ok, 1 the run failed, 2 command line, "
                "configuration or keys, 3 too many bad rows.\n",
                to);
}

void
kith_help_commands(FILE *to, const kith_command *const *commands, size_t n)
{
    (void)fputs("Usage: kith COMMAND [OPTIONS] ...\n\n"
                "Links records on encoded data, groups people into families,"
                " flags cohorts.\n\n",
                to);
    for (size_t i = 0; i < n; i++)
        (void)fprintf(to, "  %-10s %s\n", commands[i]->name,
                      commands[i]->summary);
    (void)fputs("\n`kith COMMAND --help` says what a command takes."
                " `kith help files` explains the tables\nthat kith writes,"
                " column by column. `kith run kith.yaml` does it all.\n",
                to);
}
