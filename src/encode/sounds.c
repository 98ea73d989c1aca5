#include "encode/sounds.h"

#include "base/alloc.h"
#include "base/radix.h"
#include "base/table.h"
#include "encode/values.h"

/* The field of a digit that compares names or text, in this variant. */
static uint8_t
field_of(const kith_encoder *e, const kith_digit *digit, unsigned variant)
{
    const kith_spec_comparison *c = &e->spec->comparisons[digit->comparison];
    const unsigned value =
        c->kind == KITH_COMPARE_NAMES ? digit->slot ^ variant : 0;
    return c->values[value].parts[0].field;
}

/* The sounds of one field that a pass is keyed on. */
typedef struct sound {
    const kith_spec_pass *pass;
    uint8_t field;
    kith_keyed_names names;
} sound;

static bool
is_sound(kith_part part, const sound *s)
{
    return (part.kind == KITH_PART_SOUNDEX || part.kind == KITH_PART_INITIAL) &&
           kith_keyed_field(part.field, s->names) == s->field;
}

static bool
keyed_on(const sound *s)
{
    for (unsigned k = 0; k < s->pass->n_key; k++)
        for (unsigned i = 0; i < s->pass->key[k].n_parts; i++)
            if (is_sound(s->pass->key[k].parts[i], s))
                return true;
    return false;
}

/* Hash of a record's sounds; 0: not known. */
static uint64_t
sound_of(const sound *s, const kith_norm *fields)
{
    uint64_t hash = 0;
    for (unsigned k = 0; k < s->pass->n_key; k++)
        for (unsigned i = 0; i < s->pass->key[k].n_parts; i++) {
            const kith_part part = s->pass->key[k].parts[i];
            char scratch[16];
            if (!is_sound(part, s))
                continue;
            const kith_str text =
                kith_part_text(scratch, fields, part, s->names);
            if (text.len > 0)
                hash ^= kith_hash64(text.data, text.len) + k;
        }
    return hash;
}

/* The rows that have a sound, in order of it. */
static size_t
sort_rows(kith_keyed *items, kith_keyed *scratch, const kith_sample_rows *r,
          const sound *s)
{
    const kith_sample *sample = r->sample;
    size_t n = 0;
    for (uint32_t i = 0; i < sample->n; i++) {
        const uint64_t key = sound_of(s, sample->fields + (size_t)r->order[i] *
                                                              sample->n_fields);
        if (key != 0)
            items[n++] = (kith_keyed){.key = key, .value = i};
    }
    kith_radix_sort(items, scratch, n);
    return n;
}

/* All pairs among @p n rows, at least one, that sound alike. */
static kith_status
count_run(uint64_t levels[KITH_MAX_LEVELS], const kith_keyed *items, size_t n,
          const kith_sample_rows *s, unsigned digit, kith_error *err)
{
    const uint8_t *at[KITH_SAMPLE_RECORDS];
    uint32_t patterns[KITH_SAMPLE_RECORDS + KITH_BLOCK_PAD];
    const kith_layout *layout = s->block->layout;
    kith_status status = KITH_OK;
    size_t filled = 0;
    do
        at[filled] = s->rows + (size_t)items[filled].value * layout->row_bytes;
    while (++filled < n);
    KITH_TRY(kith_block_fill(s->block, at, (uint32_t)n, err));
    for (uint32_t i = 0; i + 1 < n; i++) {
        s->compare(s->block, NULL, i, i + 1, (uint32_t)n, patterns);
        for (uint32_t k = 0; k + i + 1 < n; k++)
            levels[kith_pattern_level(layout, patterns[k], digit)]++;
    }
done:
    return status;
}

static kith_status
count_pairs(uint64_t levels[KITH_MAX_LEVELS], const kith_keyed *items, size_t n,
            const kith_sample_rows *s, unsigned digit, kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0, end = 0; i < n; i = end) {
        while (end < n && items[end].key == items[i].key)
            end++;
        if (end - i > 1)
            KITH_TRY(count_run(levels, items + i, end - i, s, digit, err));
    }
done:
    return status;
}

kith_status
kith_alike_count(kith_alike *out, const kith_sample_rows *s,
                 const kith_encoder *e, unsigned pass, unsigned variant,
                 kith_error *err)
{
    kith_status status = KITH_OK;
    kith_keyed *items = NULL;
    kith_keyed *scratch = NULL;
    const kith_layout *layout = &e->passes[pass].layout;
    KITH_TRY(KITH_ALLOC(&items, s->sample->n, err));
    KITH_TRY(KITH_ALLOC(&scratch, s->sample->n, err));
    for (unsigned d = 0; d < layout->n_digits; d++) {
        const kith_compare_kind kind = layout->digits[d].kind;
        if (kind != KITH_COMPARE_NAMES && kind != KITH_COMPARE_TEXT)
            continue;
        const sound key = {&e->spec->passes[pass],
                           field_of(e, &layout->digits[d], variant),
                           {e->names[variant], e->names[!variant]}};
        if (!keyed_on(&key))
            continue;
        out->keyed[d] = true;
        const size_t n = sort_rows(items, scratch, s, &key);
        KITH_TRY(count_pairs(out->n[d], items, n, s, d, err));
    }
done:
    kith_free(items);
    kith_free(scratch);
    return status;
}
