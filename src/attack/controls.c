/* Encodings that are known to be weak: a gate that they hold proves nothing. */
#include "attack/stage.h"

#include "base/alloc.h"

enum { WIDE_TARGETS = 200, WIDE_CANDIDATES = 2500 };

/* One salt for all blocks: the classic encoding. */
kith_status
kith_control_unsalted(const kith_attack_stage *s, kith_error *err)
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
    KITH_TRY(kith_measure_overlap(&subject, &t, s->others[KITH_OTHER_KEY],
                                  s->params->seed, s->job, err));
done:
    kith_target_done(&t);
    return status;
}

/* The passes that chain: the birth year, and both names by their sound. */
static bool
chained_spec(kith_spec *out, const kith_spec *spec)
{
    const kith_spec_comparison *names = NULL, *date = NULL;
    for (unsigned c = 0; c < spec->n_comparisons; c++) {
        if (spec->comparisons[c].kind == KITH_COMPARE_NAMES)
            names = &spec->comparisons[c];
        if (spec->comparisons[c].kind == KITH_COMPARE_DATE)
            date = &spec->comparisons[c];
    }
    if (names == NULL || date == NULL)
        return false;
    *out = *spec;
    const uint8_t born = date->values[0].parts[0].field;
    out->passes[0] = (kith_spec_pass){
        .name = "year",
        .key = {{.parts = {{born, KITH_PART_YEAR}}, .n_parts = 1}},
        .n_key = 1};
    out->passes[1] = (kith_spec_pass){.name = "sound", .n_key = 2};
    for (unsigned i = 0; i < 2; i++)
        out->passes[1].key[i] = (kith_value){
            .parts = {{names->values[i].parts[0].field, KITH_PART_SOUNDEX}},
            .n_parts = 1};
    out->n_passes = 2;
    return true;
}

/* Wide passes and one ref of a record in all of them. */
kith_status
kith_control_chained(const kith_attack_stage *s, kith_error *err)
{
    const kith_subject subject = {s->report,
                                  "control: wide passes, common refs", true};
    const kith_attack_params *p = s->params;
    kith_status status = KITH_OK;
    kith_encoder *encoder = NULL;
    kith_spec *spec = NULL;
    kith_chains chains = {.rows = {.n = 0}};
    kith_target t = {.n_rows = 0};
    KITH_TRY(KITH_ALLOC(&spec, 1, err));
    if (!chained_spec(spec, p->spec))
        goto done;
    KITH_TRY(kith_encoder_new(&encoder, spec, p->project_key, p->agency_key,
                              p->run, err));
    KITH_TRY(kith_chain_records(&chains.records, &s->people, encoder, err));
    for (unsigned pass = 0; pass < spec->n_passes; pass++) {
        const kith_target_params params = {&s->people, encoder, pass, false,
                                           p->seed};
        kith_target_done(&t);
        KITH_TRY(kith_target_make(&t, &params, s->job, err));
        KITH_TRY(kith_chains_pass(&chains, &t, err));
    }
    KITH_TRY(kith_measure_chain(&subject, "frequency alignment, chained passes",
                                &chains.records, err));
done:
    kith_target_done(&t);
    kith_chains_done(&chains);
    kith_encoder_free(encoder);
    kith_free(spec);
    return status;
}

/* A spec whose one pass is keyed by the date of birth, or a part of it, and
 * whose rows carry all that is compared. */
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
wide_make(wide *w, const kith_attack_stage *s, kith_error *err)
{
    const kith_attack_params *p = s->params;
    kith_status status = KITH_OK;
    KITH_TRY(kith_encoder_new(&w->encoder, &w->spec, p->project_key,
                              p->agency_key, p->run, err));
    KITH_TRY(kith_encoder_new(&w->stranger, &w->spec, p->agency_key,
                              p->agency_key, p->run, err));
    const kith_target_params own = {&s->people, w->encoder, 0, false, p->seed};
    const kith_target_params other = {&s->people, w->stranger, 0, false,
                                      p->seed + 1};
    KITH_TRY(kith_target_make(&w->target, &own, s->job, err));
    KITH_TRY(kith_target_make(&w->list, &other, s->job, err));
done:
    return status;
}

static kith_status
wide_measure(const wide *w, const kith_attack_stage *s, const char *name,
             kith_error *err)
{
    static const double whole = 1;
    const kith_subject subject = {s->report, name, true};
    const kith_graph_params graph = {.target = &w->target,
                                     .list = &w->list,
                                     .n_targets = WIDE_TARGETS,
                                     .n_candidates = WIDE_CANDIDATES,
                                     .seed = s->params->seed};
    kith_status status = KITH_OK;
    KITH_TRY(kith_measure_width(&subject, &w->target, err));
    KITH_TRY(kith_attack_graphs(s, &subject, &graph, &whole, 1, err));
done:
    return status;
}

/* In an extract of few people a date of birth is no wide key yet: the birth
 * month, or the year, then has the width that a date has among many. */
kith_status
kith_control_wide(const kith_attack_stage *s, kith_error *err)
{
    static const struct {
        const char *name;
        uint8_t n_parts;
        kith_part_kind parts[2];
    } keys[] = {{"control: birth date", 1, {KITH_PART_WHOLE}},
                {"control: birth month", 2, {KITH_PART_YEAR, KITH_PART_MONTH}},
                {"control: birth year", 1, {KITH_PART_YEAR}}};
    const unsigned n_keys = sizeof keys / sizeof *keys;
    kith_status status = KITH_OK;
    wide *w = NULL;
    bool found = false;
    KITH_TRY(KITH_ALLOC(&w, 1, err));
    for (unsigned k = 0; k < n_keys && !found; k++) {
        if (!wide_spec(&w->spec, s->params->spec, keys[k].parts,
                       keys[k].n_parts))
            break;
        KITH_TRY(wide_make(w, s, err));
        double mean = 0;
        KITH_TRY(kith_width_mean(&mean, &w->target, err));
        found = mean > s->params->spec->max_block_mean || k + 1 == n_keys;
        if (found)
            KITH_TRY(wide_measure(w, s, keys[k].name, err));
        wide_done(w);
    }
done:
    if (w != NULL)
        wide_done(w);
    kith_free(w);
    return status;
}
