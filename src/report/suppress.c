#include "report/suppress.h"

/* The shown child of @p p with the smallest count above 0. */
static uint32_t
smallest_shown(const kith_cell *cells, const uint32_t *parent,
               const uint64_t *counts, uint32_t n, uint32_t p)
{
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < n; i++) {
        if (parent[i] == p && cells[i] == KITH_CELL_SHOWN && counts[i] > 0 &&
            (best == UINT32_MAX || counts[i] < counts[best]))
            best = i;
    }
    return best;
}

void
kith_suppress(kith_cell *out, const uint32_t *parent, const uint64_t *counts,
              uint32_t n, uint32_t below)
{
    for (uint32_t i = 0; i < n; i++)
        out[i] = counts[i] > 0 && counts[i] < below ? KITH_CELL_SMALL
                                                    : KITH_CELL_SHOWN;
    /* Parents come first, so that a cell hidden here is seen as hidden when
     * its own children are looked at. */
    for (uint32_t p = 0; p < n; p++) {
        uint32_t hidden = 0;
        uint32_t children = 0;
        for (uint32_t i = p + 1; i < n; i++) {
            hidden += parent[i] == p && out[i] != KITH_CELL_SHOWN;
            children += parent[i] == p;
        }
        const uint32_t wanted = out[p] == KITH_CELL_SHOWN ? 2 : 1;
        if (children == 0 || hidden >= wanted ||
            (hidden == 0 && out[p] == KITH_CELL_SHOWN))
            continue;
        const uint32_t other = smallest_shown(out, parent, counts, n, p);
        if (other != UINT32_MAX)
            out[other] = KITH_CELL_HIDDEN;
    }
}

void
kith_hidden_add(kith_hidden *h, kith_cell cell)
{
    h->n_small += cell == KITH_CELL_SMALL;
    h->n_hidden += cell == KITH_CELL_HIDDEN;
}

void
kith_hidden_count(const kith_hidden *h, const char *file, kith_job *job)
{
    kith_job_count(job, file, "cells_suppressed", h->n_small);
    kith_job_count(job, file, "cells_hidden_beside_them", h->n_hidden);
}

uint64_t
kith_round_to(uint64_t count, uint32_t to)
{
    return to < 2 ? count : (count + to / 2) / to * to;
}

kith_status
kith_cell_write(kith_buffer *out, kith_cell cell, uint64_t count,
                uint32_t below, uint32_t round_to, kith_error *err)
{
    if (cell == KITH_CELL_SMALL)
        return kith_buffer_printf(out, err, "<%u", below);
    if (cell == KITH_CELL_HIDDEN)
        return kith_buffer_add(out, "c", 1, err);
    return kith_buffer_printf(
        out, err, "%llu", (unsigned long long)kith_round_to(count, round_to));
}
