#include "pass/giant.h"

#include "base/alloc.h"
#include "pass/cursor.h"

#include <stdlib.h>

/* From here on a block keeps one worker busy for a tenth of a second; up to
 * there frames are loaded that hold as much. */
enum { GIANT_ROWS = 1 << 14, GIANT_LEAST = 1 << 10 };
/* Beside a row: its place, its hash, its slot in the grouper. */
enum { BESIDE_ROW = 64 };
/* Pieces of a block: more than cores, few enough to cost nothing. */
enum { PIECES = 256 };

/* One block, and those who compare it. */
typedef struct giant {
    const kith_pass *pass;
    const kith_giant_worker *workers;
    uint8_t *bytes;
    kith_group_row *rows;
    kith_grouper grouper;
    const kith_group *group;
} giant;

uint64_t
kith_giant_rows(const kith_pass *pass, uint64_t memory_bytes,
                unsigned n_workers)
{
    const uint64_t bytes = pass->layout.row_bytes + (uint64_t)BESIDE_ROW;
    const uint64_t rows = memory_bytes / n_workers / bytes;
    return rows > GIANT_ROWS    ? GIANT_ROWS
           : rows < GIANT_LEAST ? GIANT_LEAST
                                : rows;
}

/* Rows [first, end) of a file, all of one token. */
static kith_status
load_file(giant *g, uint32_t file, uint64_t token, uint64_t *n, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_rows_in *rows = g->pass->files[file].rows;
    const size_t row_bytes = g->pass->layout.row_bytes;
    uint64_t first = 0, end = 0;
    KITH_TRY(kith_cursor_span(rows, token, token, &first, &end, err));
    uint8_t *at = g->bytes + *n * row_bytes;
    KITH_TRY(kith_rows_read(rows, first, (size_t)(end - first), at, err));
    for (; first < end; first++, at += row_bytes) {
        if (kith_row_token(at) != token)
            return kith_error_set(err, KITH_ERR_DATA,
                                  "%s: rows are not sorted by block",
                                  kith_rows_path(rows));
        g->rows[(*n)++] = (kith_group_row){at, (uint16_t)file};
    }
done:
    return status;
}

static kith_status
compare_piece(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    giant *g = ctx;
    kith_candidates *c = g->workers[worker].candidates;
    const kith_block *block = &g->workers[0].candidates->block;
    /* Every so manieth row: the first meet the most. */
    for (uint32_t d = (uint32_t)chunk; d < g->group->n_distinct; d += PIECES) {
        const kith_status status =
            kith_candidates_row(c, block, g->group, d, err);
        if (status != KITH_OK)
            return status;
    }
    return KITH_OK;
}

static kith_status
compare_giant(giant *g, const kith_pass_giant *what, kith_pool *pool,
              kith_error *err)
{
    kith_status status = KITH_OK;
    const size_t row_bytes = g->pass->layout.row_bytes;
    kith_candidates *c = g->workers[0].candidates;
    uint64_t n = 0;
    KITH_TRY(KITH_ALLOC(&g->bytes, what->n_rows * row_bytes, err));
    KITH_TRY(KITH_ALLOC(&g->rows, what->n_rows, err));
    for (uint32_t f = 0; f < g->pass->n_files; f++)
        KITH_TRY(load_file(g, f, what->token, &n, err));
    KITH_TRY(kith_grouper_run(&g->grouper, g->rows, (uint32_t)n, row_bytes,
                              kith_pass_reader_link_one(g->workers[0].reader),
                              &g->group, err));
    if (!kith_candidates_wanted(c, g->group))
        goto done;
    KITH_TRY(kith_block_fill(&c->block, g->group->firsts, g->group->n_distinct,
                             err));
    KITH_TRY(kith_for(pool, PIECES, compare_piece, g, err));
done:
    kith_grouper_done(&g->grouper);
    kith_free(g->rows);
    kith_free(g->bytes);
    return status;
}

kith_status
kith_giants_visit(const kith_pass *pass, const kith_giant_worker *workers,
                  kith_pool *pool, uint64_t memory_bytes, kith_error *err)
{
    const uint64_t most =
        memory_bytes / (pass->layout.row_bytes + (uint64_t)BESIDE_ROW);
    for (unsigned w = 0; w < kith_pool_size(pool); w++) {
        size_t n = 0;
        const kith_pass_giant *giants =
            kith_pass_reader_giants(workers[w].reader, &n);
        for (size_t i = 0; i < n; i++) {
            if (giants[i].n_rows > most || giants[i].n_rows > UINT32_MAX) {
                workers[0].candidates->oversized++;
                workers[0].candidates->oversized_rows += giants[i].n_rows;
                continue;
            }
            giant g = {.pass = pass, .workers = workers};
            const kith_status status = compare_giant(&g, &giants[i], pool, err);
            if (status != KITH_OK)
                return status;
        }
        kith_pass_reader_forget(workers[w].reader);
    }
    return KITH_OK;
}
