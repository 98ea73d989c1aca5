#include "cli/command.h"
#include "cli/source.h"

#include <kith/attack.h>
#include <math.h>
#include <string.h>

typedef struct attack_args {
    kith_source_args source;
    kith_act_args act;
    const char *scratch;
    const char *out;
    uint64_t seed;
    uint64_t targets;
} attack_args;

static const kith_opt options[] = {
    KITH_SOURCE_OPTIONS(attack_args),
    KITH_ACT_OPTIONS(attack_args, "the agency key, <agency>.audit.log"),
    {KITH_OPT_TEXT, "out", "FILE", "write the figures as JSON", NULL,
     offsetof(attack_args, out), 0},
    {KITH_OPT_TEXT, "scratch", "FOLDER",
     "where bundles and pairs are made for a while", "/tmp",
     offsetof(attack_args, scratch), 0},
    {KITH_OPT_COUNT, "seed", "N", "of samples and of the attacker's lists", "1",
     offsetof(attack_args, seed), 0},
    {KITH_OPT_COUNT, "targets", "N",
     "blocks of each pass that the graph attack tries", "2500",
     offsetof(attack_args, targets), 0},
    {KITH_OPT_END, NULL, NULL, NULL, NULL, 0, 0},
};

static void
format_gate(char out[32], const kith_measure *m)
{
    if (isnan(m->least) && isnan(m->most))
        snprintf(out, 32, "-");
    else if (isnan(m->least))
        snprintf(out, 32, "<= %.4g", m->most);
    else if (isnan(m->most))
        snprintf(out, 32, ">= %.4g", m->least);
    else
        snprintf(out, 32, "%.4g .. %.4g", m->least, m->most);
}

static void
print_report(FILE *to, const kith_attack_report *report)
{
    const char *subject = "";
    for (uint32_t i = 0; i < report->n; i++) {
        const kith_measure *m = &report->measures[i];
        char gate[32];
        format_gate(gate, m);
        if (strcmp(subject, m->subject) != 0)
            (void)fprintf(to, "%s%s%s%s\n", i == 0 ? "" : "\n",
                          m->control || strcmp(m->subject, "all passes") == 0
                              ? ""
                              : "pass ",
                          m->subject, m->control ? " (must break)" : "");
        subject = m->subject;
        (void)fprintf(to, "  %-39s %10.4g  %-13s %-8s  %s\n", m->name, m->value,
                      gate, kith_attack_verdict_name(m->verdict), m->note);
    }
}

static kith_status
judge(const kith_attack_report *report, kith_error *err)
{
    kith_status status = KITH_OK;
    if (report->n_broken > 0) {
        status = kith_error_set(err, KITH_ERR_DATA,
                                "%u measures of the encoding break their gate",
                                report->n_broken);
        kith_error_hint(err, "do not send this encoding; narrow the passes "
                             "that break");
    } else if (report->n_tame > 0) {
        status = kith_error_set(err, KITH_ERR_DATA,
                                "%u measures of a control that must break "
                                "their gate do not",
                                report->n_tame);
        kith_error_hint(err, "the extract is too small, or too unlike a "
                             "population, for the gates to prove anything");
    }
    return status;
}

static kith_status
run(const void *args, kith_job *job, kith_error *err)
{
    const attack_args *a = args;
    kith_status status = KITH_OK;
    kith_source source = {.spec = NULL};
    kith_attack_report report = {.n = 0};
    if (a->targets == 0 || a->targets > UINT32_MAX)
        return kith_error_set(err, KITH_ERR_USAGE,
                              "--targets: want a number from 1");
    KITH_TRY(kith_source_load(&source, &a->source, &a->act, err));
    kith_attack_params params = kith_attack_params_default();
    params.spec = source.spec;
    params.mapping = source.mapping;
    params.project_key = source.key;
    params.agency_key = source.agency_key;
    params.reference_date = a->source.reference_date.text;
    params.run = source.run;
    params.data = a->source.data;
    params.exclude = a->source.exclude;
    params.act = source.act.rules;
    params.scratch = a->scratch;
    params.seed = a->seed;
    params.targets = (uint32_t)a->targets;
    params.out = a->out;
    KITH_TRY(kith_attack(&report, &params, job, err));
    print_report(stdout, &report);
    KITH_TRY(judge(&report, err));
done:
    kith_attack_report_done(&report);
    kith_source_done(&source);
    return status;
}

const kith_command kith_cmd_attack = {
    "attack",
    "Try known attacks on an agency's own encoding, before it is sent",
    "Encodes the extract in memory as `kith encode` would and attacks it as "
    "someone would who has no key, but a list of names, or even the extract "
    "itself in the clear. Each figure is printed with its gate. Encodings that "
    "are known to be weak are attacked too: a gate proves something only if "
    "they break it.\n"
    "The graph attack is tried by an attacker with a list of names, and by one "
    "who holds every column of the extract, repetitions included.\n"
    "Runs at the agency, which holds truth and key. Bundles, a model and pairs "
    "are made as the stages make them, in a folder below --scratch that is "
    "removed at the end, and searched for values in clear. The figures are "
    "aggregates; no value, token or key is printed or written.",
    options,
    sizeof(attack_args),
    false,
    run,
};
