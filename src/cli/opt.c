#include "cli/opt.h"

#include <getopt.h>
#include <kith/nearest.h>
#include <string.h>

enum {
    MAX_OPTIONS = 48, /* of one command, the common ones included */
    FIRST_CODE = 1000 /* above any character getopt itself returns */
};

/* The rows of all tables in one numbering: getopt returns the number. */
typedef struct option_index {
    const kith_opt *opts[MAX_OPTIONS];
    void *fields[MAX_OPTIONS];
    size_t n;
} option_index;

static void
index_build(option_index *index, const kith_opt_set sets[KITH_OPT_SETS])
{
    index->n = 0;
    for (size_t s = 0; s < KITH_OPT_SETS; s++) {
        const kith_opt *o = sets[s].table;
        for (; o != NULL && o->kind != KITH_OPT_END && index->n < MAX_OPTIONS;
             o++) {
            index->opts[index->n] = o;
            index->fields[index->n++] = (char *)sets[s].args + o->offset;
        }
    }
}

static bool
is_positional(const kith_opt *o)
{
    return (o->flags & KITH_OPT_POSITIONAL) != 0;
}

kith_status
kith_opt_defaults(const kith_opt_set sets[KITH_OPT_SETS], kith_error *err)
{
    kith_status status = KITH_OK;
    option_index index;
    index_build(&index, sets);
    for (size_t i = 0; i < index.n; i++) {
        if (index.opts[i]->initial != NULL)
            KITH_TRY(kith_opt_read(index.fields[i], index.opts[i],
                                   index.opts[i]->initial, err));
    }
done:
    return status;
}

static kith_status
unknown_option(const option_index *index, const char *given, kith_error *err)
{
    const char *names[MAX_OPTIONS];
    size_t n = 0;
    for (size_t i = 0; i < index->n; i++) {
        if (!is_positional(index->opts[i]))
            names[n++] = index->opts[i]->name;
    }
    char name[64];
    (void)snprintf(name, sizeof name, "%s", given + strspn(given, "-"));
    name[strcspn(name, "=")] = '\0';
    const char *nearest = kith_nearest(name, names, n);
    const kith_status status = kith_error_set(
        err, KITH_ERR_USAGE, "%s: not an option, or not unique", given);
    if (nearest != NULL)
        kith_error_hint(err, "did you mean --%s?", nearest);
    else
        kith_error_hint(err, "--help lists the options");
    return status;
}

static kith_status
parse_options(const option_index *index, int argc, char **argv,
              bool seen[MAX_OPTIONS], bool help[2], kith_error *err)
{
    struct option table[MAX_OPTIONS + 3] = {0};
    size_t n = 0;
    for (size_t i = 0; i < index->n; i++) {
        const kith_opt *o = index->opts[i];
        if (is_positional(o))
            continue;
        table[n++] = (struct option){
            o->name, o->kind == KITH_OPT_FLAG ? no_argument : required_argument,
            NULL, FIRST_CODE + (int)i};
    }
    table[n++] = (struct option){"help", no_argument, NULL, 'h'};
    table[n] = (struct option){"man", no_argument, NULL, 'M'};

    kith_status status = KITH_OK;
    optind = 0; /* GNU: begins anew */
    opterr = 0;
    int code;
    while ((code = getopt_long(argc, argv, ":h", table, NULL)) != -1) {
        const char *given = argv[optind - 1];
        if (code == 'h' || code == 'M') {
            help[code == 'M'] = true;
        } else if (code == ':') {
            KITH_TRY(
                kith_error_set(err, KITH_ERR_USAGE, "%s needs a value", given));
        } else if (code < FIRST_CODE) {
            KITH_TRY(unknown_option(index, given, err));
        } else {
            const size_t i = (size_t)(code - FIRST_CODE);
            seen[i] = true;
            KITH_TRY(
                kith_opt_read(index->fields[i], index->opts[i], optarg, err));
        }
    }
done:
    return status;
}

/* Arguments go to the positional rows in order; a list takes the rest. */
static kith_status
parse_arguments(const option_index *index, int argc, char **argv,
                bool seen[MAX_OPTIONS], kith_error *err)
{
    kith_status status = KITH_OK;
    int at = optind;
    for (size_t i = 0; i < index->n && at < argc; i++) {
        const kith_opt *o = index->opts[i];
        if (!is_positional(o))
            continue;
        seen[i] = true;
        if (o->kind == KITH_OPT_LIST) {
            *(kith_opt_list *)index->fields[i] = (kith_opt_list){
                (const char *const *)(argv + at), (uint32_t)(argc - at)};
            at = argc;
        } else {
            KITH_TRY(kith_opt_read(index->fields[i], o, argv[at++], err));
        }
    }
    if (at < argc)
        status = kith_error_set(err, KITH_ERR_USAGE,
                                "%s: one argument too many", argv[at]);
done:
    return status;
}

kith_status
kith_opt_parse(const kith_opt_set sets[KITH_OPT_SETS], int argc, char **argv,
               bool *wants_help, bool *wants_man, kith_error *err)
{
    kith_status status = KITH_OK;
    bool seen[MAX_OPTIONS] = {false};
    bool help[2] = {false, false};
    option_index index;
    index_build(&index, sets);
    KITH_TRY(parse_options(&index, argc, argv, seen, help, err));
    *wants_help = help[0];
    *wants_man = help[1];
    if (help[0] || help[1])
        goto done;
    KITH_TRY(parse_arguments(&index, argc, argv, seen, err));
    for (size_t i = 0; i < index.n; i++) {
        const kith_opt *o = index.opts[i];
        if ((o->flags & KITH_OPT_REQUIRED) != 0 && !seen[i]) {
            status = kith_error_set(err, KITH_ERR_USAGE, "%s%s is missing",
                                    is_positional(o) ? "" : "--", o->name);
            kith_error_hint(err, "%s%s %s: %s", is_positional(o) ? "" : "--",
                            o->name, o->value == NULL ? "" : o->value, o->help);
            goto done;
        }
    }
done:
    return status;
}
