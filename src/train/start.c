#include "train/start.h"

#include "train/defaults.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The sources' counts are worth at most so many pairs against the default. */
static const double least_source_pairs = 1000;

static kith_status
read_stat(kith_source_counts *out, const kith_pass *pass, kith_str text,
          kith_error *err)
{
    char line[128], name[64];
    unsigned level = 0;
    double pairs = 0;
    if (text.len < sizeof line) {
        memcpy(line, text.data, text.len);
        line[text.len] = '\0';
        if (sscanf(line, "%63[^|]|%u|%lf", name, &level, &pairs) == 3)
            for (unsigned d = 0; d < pass->layout.n_digits; d++)
                if (strcmp(pass->layout.digits[d].name, name) == 0 &&
                    level < pass->layout.digits[d].n_levels && pairs >= 0) {
                    out->n[d][level] += pairs;
                    return KITH_OK;
                }
    }
    return kith_error_set(err, KITH_ERR_DATA,
                          "pass %s: a \"stat\" entry of a header is not "
                          "<digit>|<level>|<pairs> of this pass",
                          pass->name);
}

/*
 * Random pairs say what strangers do in a block only where the key leaves the
 * parts of a date apart. Where it fixes the sorted date, two strangers of a
 * block were born on the same day, or on one with day and month swapped; a
 * random pair agrees on the day once in thirty, and on nothing else.
 */
static bool
counts_hold(const kith_digit *digit)
{
    return digit->kind != KITH_COMPARE_DATE ||
           digit->day_offset == KITH_IMPLIED ||
           digit->month_offset != KITH_IMPLIED;
}

kith_status
kith_source_counts_read(kith_source_counts *out, const kith_pass *pass,
                        kith_error *err)
{
    *out = (kith_source_counts){0};
    for (uint32_t f = 0; f < pass->n_files; f++) {
        const kith_meta *meta = kith_rows_meta(pass->files[f].rows);
        size_t cursor = 0;
        for (;;) {
            const kith_str text = kith_meta_next(meta, "stat", &cursor);
            if (text.data == NULL)
                break;
            const kith_status status = read_stat(out, pass, text, err);
            if (status != KITH_OK)
                return status;
        }
    }
    for (unsigned d = 0; d < pass->layout.n_digits; d++)
        if (!counts_hold(&pass->layout.digits[d]))
            memset(out->n[d], 0, sizeof out->n[d]);
    return KITH_OK;
}

static bool
is_deterministic(const kith_layout *layout, const uint8_t *levels)
{
    unsigned n_exact = 0;
    for (unsigned d = 0; d < layout->n_digits; d++) {
        const kith_digit *digit = &layout->digits[d];
        switch (digit->kind) {
        case KITH_COMPARE_NAMES:
        case KITH_COMPARE_DATE:
            if (levels[d] != 1)
                return false;
            n_exact++;
            break;
        case KITH_COMPARE_TEXT:
        case KITH_COMPARE_EXACT:
            if (levels[d] == digit->n_levels - 1)
                return false;
            n_exact += levels[d] == 1;
            break;
        case KITH_COMPARE_NESTED:
            n_exact += levels[d] == 1;
            break;
        }
    }
    return n_exact >= 2 || n_exact == layout->n_digits;
}

uint64_t
kith_count_deterministic(const kith_layout *layout,
                         const kith_patterns *patterns)
{
    uint64_t n = 0;
    for (size_t i = 0; i < patterns->n; i++)
        if (is_deterministic(layout, patterns->levels + i * patterns->n_digits))
            n += patterns->pairs[i];
    return n;
}

/* All agrees but for one slip, which is not in a date: namesakes with nearly
 * the same birth are common, misspelt ones with the very same are not. */
static bool
is_nearly_deterministic(const kith_layout *layout, const uint8_t *levels)
{
    unsigned n_exact = 0, n_slips = 0;
    for (unsigned d = 0; d < layout->n_digits; d++) {
        const kith_digit *digit = &layout->digits[d];
        if (levels[d] == digit->n_levels - 1 ||
            (digit->kind == KITH_COMPARE_DATE && levels[d] != 1))
            return false;
        n_exact += levels[d] == 1;
        n_slips += levels[d] > 1;
    }
    return n_exact >= 2 && n_slips <= 1;
}

uint64_t
kith_count_nearly(const kith_layout *layout, const kith_patterns *patterns)
{
    uint64_t n = 0;
    for (size_t i = 0; i < patterns->n; i++)
        if (is_nearly_deterministic(layout,
                                    patterns->levels + i * patterns->n_digits))
            n += patterns->pairs[i];
    return n;
}

/* The comparison of two names, or NULL. */
static const kith_spec_comparison *
find_names(const kith_spec *spec)
{
    for (unsigned c = 0; c < spec->n_comparisons; c++)
        if (spec->comparisons[c].kind == KITH_COMPARE_NAMES)
            return &spec->comparisons[c];
    return NULL;
}

/* Whether the key leaves the birth open enough to tell relatives by. */
static bool
birth_is_open(const kith_digit *digit)
{
    return digit->kind == KITH_COMPARE_DATE &&
           digit->sorted_offset != KITH_IMPLIED;
}

/* Whether pairs differ in place: by its coarsest value. */
static bool
place_is_open(const kith_digit *digit)
{
    const unsigned last = digit->n_values - 1u;
    return digit->kind == KITH_COMPARE_NESTED &&
           digit->value_offsets[last] != KITH_IMPLIED &&
           digit->value_offsets[last] != KITH_ABSENT;
}

static bool
key_has_field(const kith_spec_pass *pass, uint8_t field)
{
    for (unsigned v = 0; v < pass->n_key; v++)
        for (unsigned i = 0; i < pass->key[v].n_parts; i++)
            if (pass->key[v].parts[i].field == field)
                return true;
    return false;
}

bool
kith_digit_is_sex(const kith_spec *spec, const kith_digit *digit)
{
    const kith_part *part =
        &spec->comparisons[digit->comparison].values[0].parts[0];
    return digit->kind == KITH_COMPARE_EXACT &&
           part->field < KITH_FIELD_OTHER &&
           spec->fields[part->field].kind == KITH_FIELD_SEX;
}

bool
kith_pass_meets_kin(const kith_spec *spec, unsigned pass,
                    const kith_layout *layout)
{
    const kith_spec_comparison *names = find_names(spec);
    bool births = false, open_birth = false;
    bool places = false, open_place = false, sex = false;
    for (unsigned d = 0; d < layout->n_digits; d++) {
        const kith_digit *digit = &layout->digits[d];
        births = births || digit->kind == KITH_COMPARE_DATE;
        open_birth = open_birth || birth_is_open(digit);
        places = places || digit->kind == KITH_COMPARE_NESTED;
        open_place = open_place || place_is_open(digit);
        sex = sex || kith_digit_is_sex(spec, digit);
    }
    if (names == NULL)
        return false;
    if (key_has_field(&spec->passes[pass], names->values[1].parts[0].field))
        return open_birth && open_place;
    return open_birth || (places && (sex || !births));
}

bool
kith_kin_differ(const kith_digit *digit)
{
    return birth_is_open(digit) || (digit->kind == KITH_COMPARE_NAMES &&
                                    digit->slot == 1 && !digit->sounds_alike);
}

/* The sources' counts, with the default as a few pairs more: none where they
 * are many, so that an unseen level is not 0. */
static void
start_stranger(double *p, const kith_digit *digit, const double *counts)
{
    double usual[KITH_MAX_LEVELS];
    double total = 0;
    kith_default_u(usual, digit);
    for (unsigned l = 1; l < digit->n_levels; l++)
        total += counts[l];
    const double defaults = total > least_source_pairs ? 1 : 100;
    for (unsigned l = 1; l < digit->n_levels; l++)
        p[l] = (counts[l] + defaults * usual[l]) / (total + defaults);
}

/* What a level has when it never occurs among millions of random pairs: as
 * little as EM leaves to it, so that model.yaml holds nothing certain. */
static void
keep_possible(double *p, unsigned n_levels)
{
    for (unsigned l = 1; l < n_levels; l++)
        p[l] = fmax(KITH_LEAST_PROBABILITY,
                    fmin(1 - KITH_LEAST_PROBABILITY, p[l]));
}

void
kith_start(kith_pass_model *model, const kith_layout *layout,
           const kith_source_counts *counts, const kith_patterns *patterns)
{
    model->n_digits = layout->n_digits;
    model->n_pairs = patterns->total;
    for (unsigned d = 0; d < layout->n_digits; d++) {
        const kith_digit *digit = &layout->digits[d];
        kith_digit_model *m = &model->digits[d];
        memset(m, 0, sizeof *m);
        memcpy(m->name, digit->name, sizeof m->name);
        m->n_levels = digit->n_levels;
        kith_default_m(m->p[KITH_MATCH], digit);
        start_stranger(m->p[KITH_STRANGER], digit, counts->n[d]);
        const bool like_strangers = digit->kind == KITH_COMPARE_EXACT ||
                                    digit->kind == KITH_COMPARE_TEXT ||
                                    kith_kin_differ(digit);
        memcpy(m->p[KITH_KIN],
               m->p[like_strangers ? KITH_STRANGER : KITH_MATCH],
               sizeof m->p[KITH_KIN]);
        for (unsigned k = 0; k < KITH_CLASSES; k++)
            keep_possible(m->p[k], m->n_levels);
    }
    for (size_t i = 0; i < patterns->n; i++)
        for (unsigned d = 0; d < layout->n_digits; d++)
            model->digits[d]
                .seen[patterns->levels[i * patterns->n_digits + d]] +=
                patterns->pairs[i];
}
