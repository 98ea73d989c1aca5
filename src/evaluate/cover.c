#include "evaluate/cover.h"

#include "base/alloc.h"
#include "cluster/maps.h"
#include "pass/cursor.h"
#include "pass/pass.h"

/* What a visit of all blocks of a pass needs. */
typedef struct visit {
    kith_cover_pass *to;
    const kith_pass *pass;
    const kith_refs *refs;
    kith_ref_slice maps; /* all of them */
    uint32_t *agencies;  /* one a file */
} visit;

static kith_status
note_row(const visit *v, uint16_t file, const uint8_t *row, kith_error *err)
{
    const uint32_t agency = v->agencies[file];
    uint32_t found = 0; /* x 2 + variant */
    if (!kith_ref_slice_find(&v->maps, agency,
                             kith_ref_number(row + KITH_ROW_REF), &found) ||
        (found & 1) >= v->to->n_variants)
        return kith_error_set(err, KITH_ERR_MISMATCH,
                              "pass %s: the refs of %s do not know a row",
                              v->pass->name, v->pass->files[file].agency);
    const uint32_t r = v->refs->agencies[agency].first + (found >> 1);
    v->to->tokens[(size_t)r * v->to->n_variants + (found & 1)] =
        kith_row_token(row);
    return KITH_OK;
}

static void
note_width(kith_cover_pass *to, uint64_t pairs)
{
    for (unsigned i = 0; i < KITH_COVER_WIDEST; i++) {
        if (pairs > to->widest[i]) {
            const uint64_t next = to->widest[i];
            to->widest[i] = pairs;
            pairs = next;
        }
    }
}

static kith_status
note_block(void *ctx, const kith_group *group, kith_error *err)
{
    kith_status status = KITH_OK;
    visit *v = ctx;
    v->to->candidates += group->n_pairs;
    note_width(v->to, group->n_pairs);
    for (uint32_t i = 0; i < group->n_rows; i++)
        KITH_TRY(note_row(v, group->files[i], group->rows[i], err));
done:
    return status;
}

static kith_status
read_maps(visit *v, const char *refs_folder, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_ref_maps maps = {0};
    const uint32_t n = v->pass->n_files;
    KITH_TRY(KITH_ALLOC(&v->agencies, n, err));
    for (uint32_t i = 0; i < n; i++) {
        const char *agency = v->pass->files[i].agency;
        v->agencies[i] = kith_refs_agency(v->refs, kith_str_of(agency));
        if (v->agencies[i] == v->refs->n_agencies)
            KITH_TRY(kith_error_set(err, KITH_ERR_MISMATCH,
                                    "%s has passes but no refs", agency));
    }
    KITH_TRY(kith_ref_maps_open(&maps, v->refs, refs_folder, v->pass->name,
                                v->agencies, n, err));
    KITH_TRY(kith_ref_slice_load(&v->maps, &maps, 0, UINT64_MAX, err));
done:
    kith_ref_maps_done(&maps);
    return status;
}

static void
close_pass(visit *v, kith_pass **pass)
{
    kith_ref_slice_done(&v->maps);
    kith_free(v->agencies);
    v->agencies = NULL;
    kith_pass_close(*pass);
    *pass = NULL;
}

static kith_status
visit_blocks(visit *v, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_pass_reader *reader = NULL;
    kith_pass_counts counts = {0};
    KITH_TRY(kith_pass_reader_new(&reader, v->pass, err));
    for (uint32_t range = 0; range < v->pass->n_ranges; range++) {
        const uint64_t before = counts.rows;
        KITH_TRY(kith_pass_read(reader, range, note_block, v, &counts, err));
        kith_job_advance(job, counts.rows - before);
    }
    v->to->rows = counts.rows;
    v->to->blocks = counts.blocks;
    v->to->largest = counts.largest_block;
done:
    kith_pass_reader_free(reader);
    return status;
}

kith_status
kith_cover_load(kith_cover *out, const kith_spec *spec,
                const char *passes_folder, const char *refs_folder,
                const kith_refs *refs, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_pass *pass = NULL;
    visit v = {.refs = refs};
    for (unsigned p = 0; p < spec->n_passes; p++) {
        KITH_TRY(kith_pass_open(&pass, spec, p, passes_folder, err));
        v.pass = pass;
        v.to = &out->passes[p];
        v.to->n_variants = pass->layout.either ? 2 : 1;
        out->n_passes = p + 1;
        KITH_TRY(KITH_ALLOC(&v.to->tokens,
                            (size_t)refs->n_records * v.to->n_variants, err));
        KITH_TRY(read_maps(&v, refs_folder, err));
        KITH_TRY(visit_blocks(&v, job, err));
        close_pass(&v, &pass);
    }
done:
    close_pass(&v, &pass);
    if (status != KITH_OK)
        kith_cover_done(out);
    return status;
}

void
kith_cover_done(kith_cover *c)
{
    for (unsigned p = 0; p < c->n_passes; p++)
        kith_free(c->passes[p].tokens);
    *c = (kith_cover){0};
}

uint32_t
kith_cover_mask(const kith_cover *c, uint32_t a, uint32_t b)
{
    uint32_t mask = 0;
    for (unsigned p = 0; p < c->n_passes; p++) {
        const kith_cover_pass *pass = &c->passes[p];
        const unsigned n = pass->n_variants;
        for (unsigned i = 0; i < n * n; i++) {
            const uint64_t x = pass->tokens[(size_t)a * n + i / n];
            const uint64_t y = pass->tokens[(size_t)b * n + i % n];
            if (x != 0 && x == y)
                mask |= 1u << p;
        }
    }
    return mask;
}

static bool
has_row(const kith_cover_pass *pass, uint32_t record)
{
    for (unsigned i = 0; i < pass->n_variants; i++) {
        if (pass->tokens[(size_t)record * pass->n_variants + i] != 0)
            return true;
    }
    return false;
}

uint32_t
kith_cover_possible(const kith_cover *c, uint32_t a, uint32_t b)
{
    uint32_t mask = 0;
    for (unsigned p = 0; p < c->n_passes; p++) {
        if (has_row(&c->passes[p], a) && has_row(&c->passes[p], b))
            mask |= 1u << p;
    }
    return mask;
}
