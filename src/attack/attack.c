/* The stage: every pass of the spec, then encodings that must break. */
#include "attack/measures.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/date.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    CANDIDATES = 2500, /* the specification's least */
    WIDE_TARGETS = 20, /* each costs a thousand times a narrow one */
    WIDE_CANDIDATES = 1000,
    WIDE_PEOPLE = 20 /* a block of fewer is not yet wide */
};

typedef struct stage {
    const kith_attack_params *params;
    kith_attack_report *report;
    kith_job *job;
    kith_people people;
    kith_encoder *encoder;  /* as encode would */
    kith_encoder *next_run; /* the same key, another run */
    kith_encoder *stranger; /* another key: the attacker's own */
} stage;

kith_attack_params
kith_attack_params_default(void)
{
    return (kith_attack_params){.seed = 1, .targets = 1000};
}

/* Any other 32 secret bytes are a wrong key; the agency's own are at hand,
 * and make the attack repeatable. */
static kith_status
open_stranger(kith_encoder **out, const kith_spec *spec,
              const kith_attack_params *p, kith_error *err)
{
    return kith_encoder_new(out, spec, p->agency_key, p->agency_key, p->run,
                            err);
}

static kith_status
set_up(stage *s, kith_error *err)
{
    const kith_attack_params *p = s->params;
    kith_status status = KITH_OK;
    kith_buffer run = {0};
    int32_t reference = 0;
    if (!kith_date_parse_iso(&reference, p->reference_date,
                             strlen(p->reference_date)))
        KITH_TRY(kith_error_set(err, KITH_ERR_CONFIG,
                                "reference date: want yyyy-mm-dd"));
    KITH_TRY(kith_people_read(&s->people, p->spec, p->mapping, p->data,
                              reference, s->job, err));
    if (s->people.n == 0)
        KITH_TRY(kith_error_set(err, KITH_ERR_DATA,
                                "%s: no records to try attacks on",
                                p->mapping->persons.file));
    KITH_TRY(kith_buffer_printf(&run, err, "%s+1", p->run));
    KITH_TRY(kith_encoder_new(&s->encoder, p->spec, p->project_key,
                              p->agency_key, p->run, err));
    KITH_TRY(kith_encoder_new(&s->next_run, p->spec, p->project_key,
                              p->agency_key, run.data, err));
    KITH_TRY(open_stranger(&s->stranger, p->spec, p, err));
done:
    kith_buffer_done(&run);
    return status;
}

static kith_status
graphs(const stage *s, const kith_subject *subject,
       const kith_graph_params *base, const double *coverages, size_t n,
       kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < 2 * n; i++) {
        kith_graph_params graph = *base;
        graph.names_only = i < n;
        graph.coverage = coverages[i % n];
        KITH_TRY(kith_measure_graph(subject, &graph, s->job, err));
    }
done:
    return status;
}

/* Everything that is tried on one pass. @param before the pass before, or
 * NULL */
static kith_status
attack_pass(const stage *s, unsigned pass, const kith_target *t,
            const kith_target *before, kith_error *err)
{
    static const double coverages[] = {1, .7, .4};
    const kith_attack_params *p = s->params;
    const kith_subject subject = {s->report, p->spec->passes[pass].name, false};
    const kith_other others[] = {{"run", s->next_run}, {"key", s->stranger}};
    const kith_target_params own = {&s->people, s->stranger, pass, false,
                                    p->seed + 1};
    kith_status status = KITH_OK;
    kith_target list = {.n_rows = 0};
    KITH_TRY(kith_measure_width(&subject, t, err));
    KITH_TRY(kith_measure_shape(&subject, t, p->seed, err));
    KITH_TRY(kith_measure_keys(&subject, t, others, 2, err));
    KITH_TRY(kith_measure_blocks(&subject, t, err));
    if (before != NULL)
        KITH_TRY(kith_measure_passes(&subject, t, before, err));
    KITH_TRY(kith_measure_frequency(&subject, t, p->seed, err));
    KITH_TRY(kith_measure_mining(&subject, t, p->seed, err));
    KITH_TRY(kith_target_make(&list, &own, s->job, err));
    const kith_graph_params graph = {.target = t,
                                     .list = &list,
                                     .n_targets = p->targets,
                                     .n_candidates = CANDIDATES,
                                     .seed = p->seed};
    KITH_TRY(graphs(s, &subject, &graph, coverages, 3, err));
done:
    kith_target_done(&list);
    return status;
}

static kith_status
attack_passes(const stage *s, kith_error *err)
{
    const unsigned n = s->params->spec->n_passes;
    kith_status status = KITH_OK;
    kith_target targets[2] = {{.n_rows = 0}};
    for (unsigned pass = 0; pass < n; pass++) {
        kith_target *t = &targets[pass % 2];
        const kith_target_params params = {&s->people, s->encoder, pass, false,
                                           s->params->seed};
        kith_target_done(t);
        KITH_TRY(kith_target_make(t, &params, s->job, err));
        KITH_TRY(attack_pass(s, pass, t,
                             pass == 0 ? NULL : &targets[(pass + 1) % 2], err));
        kith_job_advance(s->job, 1);
    }
done:
    kith_target_done(&targets[0]);
    kith_target_done(&targets[1]);
    return status;
}

/* One salt for all blocks: the classic encoding. */
static kith_status
control_unsalted(const stage *s, kith_error *err)
{
    const kith_subject subject = {s->report, "control: no salt", true};
    const kith_target_params params = {&s->people, s->encoder, 0, true,
                                       s->params->seed};
    kith_status status = KITH_OK;
    kith_target t = {.n_rows = 0};
    KITH_TRY(kith_target_make(&t, &params, s->job, err));
    KITH_TRY(kith_measure_blocks(&subject, &t, err));
    KITH_TRY(kith_measure_frequency(&subject, &t, s->params->seed, err));
    KITH_TRY(kith_measure_mining(&subject, &t, s->params->seed, err));
    kith_job_advance(s->job, 1);
done:
    kith_target_done(&t);
    return status;
}

/* A spec whose one pass is keyed by the date of birth, or a part of it. */
static bool
wide_spec(kith_spec *out, const kith_spec *spec, const kith_part_kind *parts,
          uint8_t n_parts)
{
    *out = *spec;
    for (unsigned c = 0; c < spec->n_comparisons; c++) {
        if (spec->comparisons[c].kind != KITH_COMPARE_DATE)
            continue;
        kith_value value = spec->comparisons[c].values[0];
        const uint8_t field = value.parts[0].field;
        value.n_parts = n_parts;
        for (unsigned i = 0; i < n_parts; i++)
            value.parts[i] = (kith_part){field, parts[i]};
        out->passes[0] =
            (kith_spec_pass){.name = "wide", .key = {value}, .n_key = 1};
        out->n_passes = 1;
        return true;
    }
    return false;
}

typedef struct wide {
    kith_spec spec;
    kith_encoder *encoder, *stranger;
    kith_target target, list;
} wide;

static void
wide_done(wide *w)
{
    kith_target_done(&w->target);
    kith_target_done(&w->list);
    kith_encoder_free(w->encoder);
    kith_encoder_free(w->stranger);
    *w = (wide){.encoder = NULL};
}

static kith_status
wide_make(wide *w, const stage *s, kith_error *err)
{
    const kith_attack_params *p = s->params;
    kith_status status = KITH_OK;
    KITH_TRY(kith_encoder_new(&w->encoder, &w->spec, p->project_key,
                              p->agency_key, p->run, err));
    KITH_TRY(open_stranger(&w->stranger, &w->spec, p, err));
    const kith_target_params own = {&s->people, w->encoder, 0, false, p->seed};
    const kith_target_params other = {&s->people, w->stranger, 0, false,
                                      p->seed + 1};
    KITH_TRY(kith_target_make(&w->target, &own, s->job, err));
    KITH_TRY(kith_target_make(&w->list, &other, s->job, err));
done:
    return status;
}

/* In a small extract a date of birth is no wide key yet: the birth month, or
 * the year, then has the width that a date has in a region of millions. */
static kith_status
control_wide(const stage *s, kith_error *err)
{
    static const struct {
        const char *name;
        uint8_t n_parts;
        kith_part_kind parts[2];
    } keys[] = {{"control: birth date", 1, {KITH_PART_WHOLE}},
                {"control: birth month", 2, {KITH_PART_YEAR, KITH_PART_MONTH}},
                {"control: birth year", 1, {KITH_PART_YEAR}}};
    const unsigned n_keys = sizeof keys / sizeof *keys;
    static const double whole = 1;
    kith_status status = KITH_OK;
    wide *w = NULL;
    KITH_TRY(KITH_ALLOC(&w, 1, err));
    for (unsigned k = 0; k < n_keys; k++) {
        if (!wide_spec(&w->spec, s->params->spec, keys[k].parts,
                       keys[k].n_parts))
            break;
        KITH_TRY(wide_make(w, s, err));
        if (k + 1 == n_keys ||
            w->target.n_rows >= WIDE_PEOPLE * w->target.n_blocks) {
            const kith_subject subject = {s->report, keys[k].name, true};
            const kith_graph_params graph = {.target = &w->target,
                                             .list = &w->list,
                                             .n_targets = WIDE_TARGETS,
                                             .n_candidates = WIDE_CANDIDATES,
                                             .seed = s->params->seed};
            KITH_TRY(kith_measure_width(&subject, &w->target, err));
            KITH_TRY(graphs(s, &subject, &graph, &whole, 1, err));
            break;
        }
        wide_done(w);
    }
    kith_job_advance(s->job, 1);
done:
    if (w != NULL)
        wide_done(w);
    kith_free(w);
    return status;
}

kith_status
kith_attack(kith_attack_report *out, const kith_attack_params *params,
            kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    stage s = {.params = params, .report = out, .job = job};
    kith_job_stage(job, "attack", params->mapping->agency,
                   params->spec->n_passes + 2u, "encodings");
    KITH_TRY(set_up(&s, err));
    KITH_TRY(attack_passes(&s, err));
    KITH_TRY(control_unsalted(&s, err));
    KITH_TRY(control_wide(&s, err));
    if (params->out != NULL)
        KITH_TRY(kith_report_write(out, params, s.people.n, job, err));
done:
    kith_job_stage_end(job);
    kith_encoder_free(s.encoder);
    kith_encoder_free(s.next_run);
    kith_encoder_free(s.stranger);
    kith_people_done(&s.people);
    return status;
}
