#include "cluster/rarity.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Three buckets carry no more than this: the rare one's mean frequency is an
 * estimate from few names. */
#define MAX_BITS 4.0

/* Slot of a name field: which of the two names of `names` it is, or -1. */
static int
slot_of(const kith_spec *spec, const char *field)
{
    const int index = kith_spec_field_index(spec, field);
    for (uint8_t c = 0; c < spec->n_comparisons; c++) {
        const kith_spec_comparison *names = &spec->comparisons[c];
        if (names->kind != KITH_COMPARE_NAMES)
            continue;
        for (int s = 0; s < 2; s++) {
            if (names->values[s].parts[0].field == index)
                return s;
        }
    }
    return -1;
}

/* One line: "<field> <bucket> <n> <sum> <sum of squares>". */
static bool
read_line(kith_rarity_sums *sums, kith_str line, const kith_spec *spec)
{
    char text[160];
    char field[KITH_NAME_BYTES];
    unsigned bucket = 0;
    double n = 0, p = 0, p2 = 0;
    if (line.len >= sizeof text)
        return false;
    memcpy(text, line.data, line.len);
    text[line.len] = '\0';
    if (sscanf(text, "%31s %u %lf %lf %lf", field, &bucket, &n, &p, &p2) != 5)
        return false;
    if (bucket >= KITH_RARITY_BUCKETS || !(n >= 0) || !(p >= 0) || !(p2 >= 0))
        return false;
    const int slot = slot_of(spec, field);
    if (slot >= 0) {
        sums->n[slot][bucket] += n;
        sums->p[slot][bucket] += p;
        sums->p2[slot][bucket] += p2;
    }
    return true;
}

kith_status
kith_rarity_add(kith_rarity_sums *sums, const kith_meta *meta,
                const kith_spec *spec, const char *path, kith_error *err)
{
    kith_rarity_sums here = {0};
    size_t cursor = 0;
    for (;;) {
        const kith_str line = kith_meta_next(meta, "rarity", &cursor);
        if (line.data == NULL)
            break;
        if (!read_line(&here, line, spec))
            return kith_error_set(err, KITH_ERR_DATA,
                                  "%s: damaged \"rarity\" line in the header",
                                  path);
    }
    for (int s = 0; s < 2; s++) {
        double n = 0;
        for (int b = 0; b < KITH_RARITY_BUCKETS; b++)
            n += here.n[s][b];
        for (int b = 0; b < KITH_RARITY_BUCKETS; b++) {
            sums->n[s][b] += here.n[s][b];
            sums->p[s][b] += n * here.p[s][b];
            sums->p2[s][b] += n * here.p2[s][b];
        }
    }
    return KITH_OK;
}

void
kith_rarity_finish(double bits[2][KITH_RARITY_BUCKETS],
                   const kith_rarity_sums *sums)
{
    for (int s = 0; s < 2; s++) {
        double p = 0, p2 = 0;
        for (int b = KITH_RARITY_COMMON; b < KITH_RARITY_BUCKETS; b++) {
            p += sums->p[s][b];
            p2 += sums->p2[s][b];
        }
        for (int b = 0; b < KITH_RARITY_BUCKETS; b++) {
            bits[s][b] = 0;
            if (b == KITH_RARITY_UNKNOWN || !(sums->p[s][b] > 0) ||
                !(sums->p2[s][b] > 0))
                continue;
            const double here = sums->p2[s][b] / sums->p[s][b];
            bits[s][b] = fmax(-MAX_BITS, fmin(MAX_BITS, log2(p2 / p / here)));
        }
    }
}
