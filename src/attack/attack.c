/* The stage: every pass of the spec, all passes together, then encodings that
 * must break. */
#include "attack/stage.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/date.h"
#include "encode/acts.h"
#include "encode/scrub.h"

#include <stdio.h>
#include <string.h>

enum { CANDIDATES = 2500 /* the specification's least */ };

typedef kith_attack_stage stage;

kith_attack_params
kith_attack_params_default(void)
{
    return (kith_attack_params){.seed = 1, .targets = CANDIDATES};
}

/* What shares the secret but for one word of what the keys are derived from,
 * and a stranger's. Any other 32 secret bytes are a wrong key; the agency's
 * own are at hand, and make the attack repeatable. */
static kith_status
open_others(stage *s, kith_error *err)
{
    const kith_attack_params *p = s->params;
    kith_status status = KITH_OK;
    kith_buffer run = {0}, epoch = {0}, project = {0};
    kith_key *keys[2] = {NULL, NULL};
    KITH_TRY(kith_buffer_printf(&run, err, "%s+1", p->run));
    KITH_TRY(kith_buffer_printf(&epoch, err, "%s+1",
                                kith_key_epoch(p->project_key)));
    KITH_TRY(kith_buffer_printf(&project, err, "%s+1",
                                kith_key_project(p->project_key)));
    KITH_TRY(kith_key_sibling(&keys[0], p->project_key,
                              kith_key_project(p->project_key), epoch.data,
                              err));
    KITH_TRY(kith_key_sibling(&keys[1], p->project_key, project.data,
                              kith_key_epoch(p->project_key), err));
    KITH_TRY(kith_encoder_new(&s->others[KITH_OTHER_RUN], p->spec,
                              p->project_key, p->agency_key, run.data, err));
    KITH_TRY(kith_encoder_new(&s->others[KITH_OTHER_EPOCH], p->spec, keys[0],
                              p->agency_key, p->run, err));
    KITH_TRY(kith_encoder_new(&s->others[KITH_OTHER_PROJECT], p->spec, keys[1],
                              p->agency_key, p->run, err));
    KITH_TRY(kith_encoder_new(&s->others[KITH_OTHER_KEY], p->spec,
                              p->agency_key, p->agency_key, p->run, err));
done:
    kith_key_free(keys[0]);
    kith_key_free(keys[1]);
    kith_buffer_done(&run);
    kith_buffer_done(&epoch);
    kith_buffer_done(&project);
    return status;
}

static kith_status
set_up(stage *s, kith_error *err)
{
    const kith_attack_params *p = s->params;
    kith_status status = KITH_OK;
    kith_people_params people = {p->spec, p->mapping, p->data, p->exclude, 0};
    if (!kith_date_parse_iso(&people.reference, p->reference_date,
                             strlen(p->reference_date)))
        KITH_TRY(kith_error_set(err, KITH_ERR_CONFIG,
                                "reference date: want yyyy-mm-dd"));
    KITH_TRY(kith_people_read(&s->people, &people, s->job, err));
    if (s->people.n == 0)
        KITH_TRY(kith_error_set(err, KITH_ERR_DATA,
                                "%s: no records to try attacks on",
                                p->mapping->persons.file));
    KITH_TRY(kith_encoder_new(&s->encoder, p->spec, p->project_key,
                              p->agency_key, p->run, err));
    KITH_TRY(open_others(s, err));
    KITH_TRY(
        kith_chain_records(&s->chains.records, &s->people, s->encoder, err));
done:
    return status;
}

kith_status
kith_attack_graphs(const stage *s, const kith_subject *subject,
                   const kith_graph_params *base, const double *coverages,
                   size_t n, kith_error *err)
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
    const kith_other others[] = {{"run", s->others[KITH_OTHER_RUN]},
                                 {"epoch", s->others[KITH_OTHER_EPOCH]},
                                 {"project", s->others[KITH_OTHER_PROJECT]},
                                 {"key", s->others[KITH_OTHER_KEY]}};
    const kith_target_params own = {&s->people, s->others[KITH_OTHER_KEY], pass,
                                    false, p->seed + 1};
    kith_status status = KITH_OK;
    kith_target list = {.n_rows = 0};
    KITH_TRY(kith_measure_width(&subject, t, err));
    KITH_TRY(kith_measure_shape(&subject, t, p->seed, err));
    KITH_TRY(kith_measure_keys(&subject, t, others, KITH_OTHERS, err));
    KITH_TRY(kith_measure_blocks(&subject, t, err));
    if (before != NULL)
        KITH_TRY(kith_measure_passes(&subject, t, before, err));
    KITH_TRY(kith_measure_frequency(&subject, t, p->seed, err));
    KITH_TRY(kith_measure_mining(&subject, t, p->seed, err));
    if (pass == 0)
        KITH_TRY(kith_measure_overlap(&subject, t, s->others[KITH_OTHER_KEY],
                                      p->seed, s->job, err));
    if (s->model != NULL)
        KITH_TRY(kith_measure_loss(&subject, t, s->model, err));
    KITH_TRY(kith_target_make(&list, &own, s->job, err));
    const kith_graph_params graph = {.target = t,
                                     .list = &list,
                                     .n_targets = p->targets,
                                     .n_candidates = CANDIDATES,
                                     .seed = p->seed};
    KITH_TRY(kith_attack_graphs(s, &subject, &graph, coverages, 3, err));
done:
    kith_target_done(&list);
    return status;
}

static kith_status
attack_passes(stage *s, kith_error *err)
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
        KITH_TRY(kith_chains_pass(&s->chains, t, err));
        KITH_TRY(attack_pass(s, pass, t,
                             pass == 0 ? NULL : &targets[(pass + 1) % 2], err));
        kith_job_advance(s->job, 1);
    }
done:
    kith_target_done(&targets[0]);
    kith_target_done(&targets[1]);
    return status;
}

/* What equal names join from block to block and pass to pass: the rows as
 * they are sent, and the records if the passes had common refs. */
static kith_status
attack_chains(stage *s, kith_error *err)
{
    const kith_subject all = {s->report, KITH_ALL_PASSES, false};
    kith_status status = KITH_OK;
    if (s->chains.rows.n == 0)
        return KITH_OK;
    KITH_TRY(kith_measure_chain(&all, "frequency alignment, chained passes",
                                &s->chains.rows, err));
    KITH_TRY(kith_measure_chain(&all, "the same, if refs were common",
                                &s->chains.records, err));
done:
    return status;
}

static kith_status
attack_all(stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(set_up(s, err));
    KITH_TRY(kith_attack_trial(s, err));
    kith_job_advance(s->job, 1);
    KITH_TRY(attack_passes(s, err));
    KITH_TRY(attack_chains(s, err));
    KITH_TRY(kith_control_unsalted(s, err));
    kith_job_advance(s->job, 1);
    KITH_TRY(kith_control_wide(s, err));
    KITH_TRY(kith_control_chained(s, err));
    kith_job_advance(s->job, 1);
    if (s->params->out != NULL)
        KITH_TRY(
            kith_report_write(s->report, s->params, s->people.n, s->job, err));
done:
    return status;
}

static void
log_act(kith_act *act, const stage *s)
{
    const kith_attack_params *p = s->params;
    kith_act_add_agency(act, p->mapping);
    kith_act_add_keys(act, p->project_key, p->spec, p->run);
    kith_audit_add_u64(act->audit, "records", s->people.n);
    kith_audit_add_u64(act->audit, "measures", s->report->n);
    kith_audit_add_u64(act->audit, "broken", s->report->n_broken);
    kith_act_add_files(act);
}

kith_status
kith_attack(kith_attack_report *out, const kith_attack_params *params,
            kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    stage s = {.params = params, .report = out, .job = job};
    kith_act act = {.audit = NULL};
    KITH_TRY(kith_act_begin(&act, &params->act, "attack", job, err));
    kith_job_stage(job, "attack", params->mapping->agency,
                   params->spec->n_passes + 3u, "encodings");
    status = kith_act_key(&act, params->project_key, err);
    if (status == KITH_OK)
        status = kith_act_key(&act, params->agency_key, err);
    if (status == KITH_OK)
        status = attack_all(&s, err);
    kith_job_stage_end(job);
    log_act(&act, &s);
    status = kith_act_end(&act, status, err);
    kith_scrub_stack();
    kith_encoder_free(s.encoder);
    for (unsigned i = 0; i < KITH_OTHERS; i++)
        kith_encoder_free(s.others[i]);
    kith_model_free(s.model);
    kith_chains_done(&s.chains);
    kith_people_done(&s.people);
done:
    return status;
}
