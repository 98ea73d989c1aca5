#include "cluster/explain.h"

#include "compare/layout.h"
#include "train/model.h"

#include <string.h>

static void
write_digit(FILE *to, const kith_layout *layout, const kith_spec *spec,
            const kith_weight *w, uint32_t pattern, unsigned d)
{
    char level[48];
    const uint8_t l = kith_pattern_level(layout, pattern, d);
    const kith_digit *digit = &layout->digits[d];
    const char *name = digit->name;
    kith_level_name(level, layout, spec, d, l);
    /* Where the key takes either name, the matcher knows no more than which
     * one it took. */
    if (digit->kind == KITH_COMPARE_NAMES)
        name =
            !layout->either
                ? spec->comparisons[digit->comparison].values[digit->slot].text
            : digit->slot == 0 ? "name in the key"
                               : "the other name";
    fprintf(to, "  %-20s %-26s %+8.2f bits\n", name, level, w->digits[d]);
}

static void
write_rows(FILE *to, const kith_layout *layout, const kith_spec *spec,
           const kith_pass_model *model, const uint8_t *a, const uint8_t *b)
{
    kith_weight w;
    const uint32_t pattern = kith_compare_rows(layout, a, b);
    kith_weigh(&w, model, layout, pattern);
    fprintf(to, "Pass %s: the two share a block.\n", model->name);
    for (unsigned d = 0; d < layout->n_digits; d++)
        write_digit(to, layout, spec, &w, pattern, d);
    fprintf(to, "  %-47s %+8.2f bits\n", "prior: share of matches", w.prior);
    fprintf(to, "  %-47s %+8.2f bits\n", "could be a relative instead", w.kin);
    fprintf(to, "  %-47s %+8.2f bits, probability %.6f\n", "total", w.total,
            kith_probability(w.total));
}

static kith_status
explain_pass(FILE *to, const kith_explain_params *params, const kith_refs *refs,
             const kith_explained records[2], unsigned pass, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_explained_rows rows[2] = {{{0}, 0}, {{0}, 0}};
    kith_layout layout;
    bool met = false;
    const char *name = params->spec->passes[pass].name;
    const kith_pass_model *model = kith_model_pass(params->model, name);
    if (model == NULL)
        KITH_TRY(kith_error_set(err, KITH_ERR_MISMATCH,
                                "the model has no pass \"%s\"", name));
    KITH_TRY(kith_layout_build(&layout, params->spec, pass, err));
    for (unsigned i = 0; i < 2; i++)
        KITH_TRY(kith_explained_rows_find(&rows[i], params, refs, &records[i],
                                          name, err));
    for (unsigned i = 0; i < rows[0].n; i++)
        for (unsigned j = 0; j < rows[1].n; j++) {
            const uint8_t *a = rows[0].bytes[i], *b = rows[1].bytes[j];
            if (memcmp(a, b, KITH_ROW_REF) != 0)
                continue;
            met = true;
            write_rows(to, &layout, params->spec, model, a, b);
        }
    if (rows[0].n == 0 || rows[1].n == 0)
        fprintf(to, "Pass %s: a part of its key is unknown.\n", name);
    else if (!met)
        fprintf(to, "Pass %s: the two share no block.\n", name);
done:
    kith_explained_rows_done(&rows[0]);
    kith_explained_rows_done(&rows[1]);
    return status;
}

static void
write_identifiers(FILE *to, const kith_spec *spec, const kith_refs *refs,
                  const kith_explained records[2])
{
    for (uint32_t i = 0; i < refs->n_identifiers; i++) {
        const uint32_t a = kith_refs_token(refs, records[0].record, i);
        const uint32_t b = kith_refs_token(refs, records[1].record, i);
        fprintf(to, "Identifier %s: %s.\n",
                spec->fields[spec->identifiers[i].field].name,
                a == 0 || b == 0 ? "unknown on a side, or shared by too many"
                : a == b         ? "equal"
                                 : "differs");
    }
}

kith_status
kith_explain_pair(FILE *to, const kith_explain_params *params, kith_job *job,
                  kith_error *err)
{
    kith_status status = KITH_OK;
    kith_refs refs = {0};
    kith_explained records[2];
    KITH_TRY(kith_refs_load(&refs, params->refs, params->spec, job, err));
    KITH_TRY(kith_explained_find(&records[0], &refs, params->left, err));
    KITH_TRY(kith_explained_find(&records[1], &refs, params->right, err));
    for (unsigned p = 0; p < params->spec->n_passes; p++)
        KITH_TRY(explain_pass(to, params, &refs, records, p, err));
    write_identifiers(to, params->spec, &refs, records);
    KITH_TRY(kith_explain_results(to, params->results, &refs, records, err));
    if (ferror(to))
        KITH_TRY(
            kith_error_set(err, KITH_ERR_IO, "cannot write the explanation"));
done:
    kith_refs_done(&refs);
    return status;
}
