#include "evaluate/cover.h"

#include "base/alloc.h"
#include "cluster/maps.h"
#include "io/folder.h"
#include "pass/cursor.h"
#include "pass/pass.h"

#include <stdio.h>

/* What a visit of all blocks of a pass needs. */
typedef struct visit {
    kith_cover_pass *to;
    const kith_pass *pass;
    const kith_refs *refs;
    kith_ref_map *maps; /* one a file */
    uint32_t *firsts;   /* one a file: number of its first record */
} visit;

static kith_status
note_row(const visit *v, uint16_t file, const uint8_t *row, kith_error *err)
{
    uint32_t record = 0;
    unsigned variant = 0;
    if (!kith_ref_map_find(&v->maps[file], row + KITH_ROW_REF, &record,
                           &variant) ||
        variant >= v->to->n_variants)
        return kith_error_set(err, KITH_ERR_MISMATCH,
                              "pass %s: the refs of %s do not know a row",
                              v->pass->name, v->pass->files[file].agency);
    const uint32_t r = v->firsts[file] + record;
    v->to->tokens[(size_t)r * v->to->n_variants + variant] =
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
open_maps(visit *v, const char *refs_folder, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    KITH_TRY(KITH_ALLOC(&v->maps, v->pass->n_files, err));
    KITH_TRY(KITH_ALLOC(&v->firsts, v->pass->n_files, err));
    for (uint32_t i = 0; i < v->pass->n_files; i++) {
        const char *agency = v->pass->files[i].agency;
        const uint32_t a = kith_refs_agency(v->refs, kith_str_of(agency));
        char name[128];
        if (a == v->refs->n_agencies)
            KITH_TRY(kith_error_set(err, KITH_ERR_MISMATCH,
                                    "%s has passes but no refs", agency));
        (void)snprintf(name, sizeof name, "%s.%s", agency, v->pass->name);
        kith_free(path);
        path = NULL;
        KITH_TRY(kith_folder_file(&path, refs_folder, name, ".map", err));
        KITH_TRY(kith_ref_map_load(&v->maps[i], path, v->refs,
                                   v->refs->agencies[a].n, job, err));
        v->firsts[i] = v->refs->agencies[a].first;
    }
done:
    kith_free(path);
    return status;
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
        KITH_TRY(open_maps(&v, refs_folder, job, err));
        KITH_TRY(visit_blocks(&v, job, err));
        for (uint32_t i = 0; i < pass->n_files; i++)
            kith_ref_map_done(&v.maps[i]);
        kith_free(v.maps);
        kith_free(v.firsts);
        v.maps = NULL;
        v.firsts = NULL;
        kith_pass_close(pass);
        pass = NULL;
    }
done:
    for (uint32_t i = 0; v.maps != NULL && i < pass->n_files; i++)
        kith_ref_map_done(&v.maps[i]);
    kith_free(v.maps);
    kith_free(v.firsts);
    kith_pass_close(pass);
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
