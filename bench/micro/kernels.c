/*
 * Pairs a second of every comparison kernel that this CPU can run, on one
 * core, with blocks that fit its caches: the full person model in a wide
 * pass, and filters alone at three widths. Beside them, how fast the machine
 * reads memory.
 *
 * Usage: kernels [SECONDS per measurement]
 */
#include "base/alloc.h"
#include "base/rng.h"
#include "compare/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROWS = 850 }; /* people born on one day, ten records each */

static double seconds = 0.5;

/* Time that this thread had a core: other work on the machine counts less. */
static uint64_t
cpu_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static kith_value
whole(uint8_t field)
{
    return (kith_value){.parts = {{field, KITH_PART_WHOLE}}, .n_parts = 1};
}

/* Fields: surname, forename, dob, sex, uprn, house, postcode. */
static void
person_spec(kith_spec *s, uint16_t bits)
{
    *s = (kith_spec){.filter_bits = bits, .n_comparisons = 4, .n_passes = 1};
    s->comparisons[0] = (kith_spec_comparison){.name = "name",
                                               .kind = KITH_COMPARE_NAMES,
                                               .values = {whole(0), whole(1)},
                                               .n_values = 2,
                                               .thresholds = {870, 760},
                                               .n_thresholds = 2};
    s->comparisons[1] = (kith_spec_comparison){.name = "birth",
                                               .kind = KITH_COMPARE_DATE,
                                               .values = {whole(2)},
                                               .n_values = 1};
    s->comparisons[2] = (kith_spec_comparison){.name = "sex",
                                               .kind = KITH_COMPARE_EXACT,
                                               .values = {whole(3)},
                                               .n_values = 1};
    s->comparisons[3] = (kith_spec_comparison){
        .name = "place",
        .kind = KITH_COMPARE_NESTED,
        .values = {whole(4), whole(5), whole(6), whole(6), whole(6)},
        .n_values = 5};
    s->comparisons[3].values[3].parts[0].kind = KITH_PART_SECTOR;
    s->comparisons[3].values[4].parts[0].kind = KITH_PART_DISTRICT;
    s->passes[0].key[0] = whole(2);
    s->passes[0].n_key = 1;
}

/* One text, all different: every pair needs its filters. */
static void
filter_spec(kith_spec *s, uint16_t bits)
{
    *s = (kith_spec){.filter_bits = bits, .n_comparisons = 1, .n_passes = 1};
    s->comparisons[0] = (kith_spec_comparison){.name = "text",
                                               .kind = KITH_COMPARE_TEXT,
                                               .values = {whole(0)},
                                               .n_values = 1,
                                               .thresholds = {800},
                                               .n_thresholds = 1};
}

static uint8_t *
make_rows(const kith_layout *l, kith_rng *rng)
{
    uint8_t *rows = kith_alloc_array(ROWS, l->row_bytes);
    if (rows == NULL)
        exit(1);
    for (unsigned r = 0; r < ROWS; r++)
        for (unsigned c = 0; c < l->n_columns; c++) {
            uint8_t *at = rows + (size_t)r * l->row_bytes;
            at += l->columns[c].offset;
            if (l->columns[c].role == KITH_COLUMN_FILTER) {
                for (unsigned i = 0; i < l->filter_bytes; i++)
                    at[i] = (uint8_t)kith_rng_next(rng);
                continue;
            }
            /* Two sexes, a thousand of anything else. */
            const bool sex =
                l->digits[l->columns[c].digit].n_levels == 3 && l->n_digits > 1;
            const uint32_t token =
                1 + (uint32_t)kith_rng_below(rng, sex ? 2 : 1000);
            memcpy(at, &token, sizeof token);
        }
    return rows;
}

static double
pairs_per_second(const kith_layout *l, kith_compare_fn compare,
                 const uint8_t *rows)
{
    static uint32_t patterns[KITH_BLOCK_TILE + KITH_BLOCK_PAD];
    kith_error err = KITH_ERROR_INIT;
    const uint8_t *at[ROWS];
    kith_block block;
    uint64_t pairs = 0, sum = 0;
    for (unsigned r = 0; r < ROWS; r++)
        at[r] = rows + (size_t)r * l->row_bytes;
    kith_block_init(&block, l);
    if (kith_block_fill(&block, at, ROWS, &err) != KITH_OK)
        exit(1);
    const uint64_t begin = cpu_ns();
    uint64_t now = begin;
    while ((double)(now - begin) < seconds * 1e9) {
        for (uint32_t r = 0; r + 1 < ROWS; r++) {
            compare(&block, NULL, r, r + 1, ROWS, patterns);
            pairs += ROWS - 1 - r;
            sum += patterns[0];
        }
        now = cpu_ns();
    }
    kith_block_done(&block);
    /* The sum is used, so that the work is. */
    return sum == 1 ? 0 : (double)pairs / ((double)(now - begin) * 1e-9);
}

enum { FEW = 7 }; /* distinct rows of a narrow block */

/* The same for blocks of a few rows, compared row by row. */
static double
few_per_second(const kith_layout *l, kith_few_fn compare, const uint8_t *rows)
{
    uint32_t patterns[KITH_FEW_PATTERNS];
    kith_error err = KITH_ERROR_INIT;
    kith_few few;
    uint64_t pairs = 0, sum = 0;
    if (kith_few_init(&few, l, &err) != KITH_OK)
        exit(1);
    const uint64_t begin = cpu_ns();
    uint64_t now = begin;
    while ((double)(now - begin) < seconds * 1e9) {
        for (uint32_t r = 0; r + FEW <= ROWS; r += FEW) {
            const uint8_t *at[FEW];
            for (uint32_t i = 0; i < FEW; i++)
                at[i] = rows + (size_t)(r + i) * l->row_bytes;
            compare(&few, NULL, at, FEW, patterns);
            pairs += FEW * (FEW - 1) / 2;
            sum += patterns[1];
        }
        now = cpu_ns();
    }
    kith_few_done(&few);
    return sum == 1 ? 0 : (double)pairs / ((double)(now - begin) * 1e-9);
}

/* What a pair of 512-bit filters costs where nothing else is done: AND, count
 * and compare with a threshold, eight words at a time. */
#if defined(__x86_64__)
__attribute__((target("popcnt")))
#endif
static double
bare_per_second(const uint64_t (*filters)[8])
{
    uint64_t pairs = 0, above = 0;
    const uint64_t begin = cpu_ns();
    uint64_t now = begin;
    while ((double)(now - begin) < seconds * 1e9) {
        for (uint32_t r = 0; r + 1 < ROWS; r++) {
            for (uint32_t j = r + 1; j < ROWS; j++) {
                int sum = 0;
                for (unsigned w = 0; w < 8; w++)
                    sum += __builtin_popcountll(filters[r][w] & filters[j][w]);
                above += sum > 200;
            }
            pairs += ROWS - 1 - r;
        }
        now = cpu_ns();
    }
    return above == 1 ? 0 : (double)pairs / ((double)(now - begin) * 1e-9);
}

static void
measure_bare(void)
{
    static uint64_t filters[ROWS][8];
    kith_rng rng = kith_rng_at(1, 0);
    for (unsigned r = 0; r < ROWS; r++)
        for (unsigned w = 0; w < 8; w++)
            filters[r][w] = kith_rng_next(&rng);
    printf("bare AND, POPCNT and threshold, 512 bits: %.1f M/s\n",
           bare_per_second((const uint64_t(*)[8])filters) * 1e-6);
}

static void
measure(const char *what, void (*make)(kith_spec *, uint16_t), uint16_t bits,
        unsigned block)
{
    kith_error err = KITH_ERROR_INIT;
    kith_rng rng = kith_rng_at(1, bits);
    kith_spec *spec = kith_alloc_array(1, sizeof *spec);
    kith_layout layout;
    if (spec == NULL)
        exit(1);
    make(spec, bits);
    if (kith_layout_build(&layout, spec, 0, &err) != KITH_OK)
        exit(1);
    uint8_t *rows = make_rows(&layout, &rng);
    printf("%-28s %5u bits:", what, bits);
    for (int isa = KITH_ISA_SCALAR; isa <= KITH_ISA_NEON; isa++) {
        kith_kernel kernel;
        if (kith_kernel_choose(&kernel, (kith_isa)isa, &err) != KITH_OK)
            continue;
        printf("  %s %.1f M/s", kith_isa_name((kith_isa)isa),
               (block == FEW
                    ? few_per_second(&layout, kernel.few, rows)
                    : pairs_per_second(&layout, kernel.compare, rows)) *
                   1e-6);
        fflush(stdout);
    }
    printf("\n");
    kith_free(rows);
    kith_free(spec);
}

/* Sequential reads from main memory: the sum of 256 MiB of words. */
static void
measure_memory(void)
{
    enum { WORDS = 32 << 20 };
    uint64_t *words = kith_alloc_array(WORDS, sizeof *words);
    if (words == NULL)
        exit(1);
    memset(words, 1, WORDS * sizeof *words);
    double best = 0;
    uint64_t sum = 0;
    for (unsigned round = 0; round < 5; round++) {
        const uint64_t begin = cpu_ns();
        for (size_t i = 0; i < WORDS; i += 4)
            sum += words[i] + words[i + 1] + words[i + 2] + words[i + 3];
        const double rate =
            (double)WORDS * sizeof *words / (double)(cpu_ns() - begin);
        best = rate > best ? rate : best;
    }
    printf("sequential reads of memory: %.1f GB/s%s\n", best,
           sum == 1 ? "!" : "");
    kith_free(words);
}

int
main(int argc, char **argv)
{
    if (argc > 1)
        seconds = atof(argv[1]);
    measure_memory();
    measure_bare();
    measure("person model, blocks of 7", person_spec, 512, FEW);
    measure("person model, wide pass", person_spec, 512, ROWS);
    measure("person model, wide pass", person_spec, 1024, ROWS);
    measure("one filter, Dice", filter_spec, 256, ROWS);
    measure("one filter, Dice", filter_spec, 512, ROWS);
    measure("one filter, Dice", filter_spec, 1024, ROWS);
    return 0;
}
