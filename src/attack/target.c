#include "attack/target.h"

#include "base/alloc.h"
#include "base/job.h"
#include "base/radix.h"
#include "encode/hmac.h"
#include "encode/scrub.h"

#include <openssl/crypto.h>
#include <string.h>

enum { CHUNK = 512 };

typedef struct build {
    const kith_target_params *params;
    kith_encode_worker **workers;
    unsigned n_variants;
    size_t row_bytes;
    uint8_t *rows; /* record x variant */
    bool *there;
} build;

kith_status
kith_target_row(kith_encode_worker *w, const kith_target_params *params,
                uint32_t record, unsigned variant, uint8_t *row, bool *there,
                kith_error *err)
{
    static const char one_block[] = "";
    kith_status status = KITH_OK;
    kith_norm fields[KITH_MAX_FIELDS];
    uint8_t block[KITH_BLOCK_BYTES], md[KITH_HMAC_BYTES];
    const kith_pass_plan *plan = &w->e->passes[params->pass];
    kith_people_fields(params->people, record, fields);
    const size_t n =
        kith_encoder_block(w->e, params->pass, variant, fields, block);
    *there = n > 0;
    if (n == 0)
        goto done;
    kith_encoder_prepare(w, fields);
    const kith_str own = {(const char *)block, n};
    const kith_str salt = params->unsalted ? (kith_str){one_block, 0} : own;
    KITH_TRY(kith_encoder_row(w, params->pass, variant, salt, row, err));
    kith_hmac_make(&plan->block, own.data, own.len, md);
    memcpy(row + KITH_ROW_BLOCK, md, 8);
    const uint64_t order[3] = {params->seed, record, variant};
    const uint64_t ref = kith_hash64(order, sizeof order);
    memcpy(row + KITH_ROW_REF, &ref, sizeof ref);
done:
    OPENSSL_cleanse(fields, sizeof fields);
    OPENSSL_cleanse(block, sizeof block);
    return status;
}

static kith_status
encode_chunk(void *ctx, size_t chunk, unsigned worker, kith_error *err)
{
    build *b = ctx;
    kith_status status = KITH_OK;
    const uint32_t n = b->params->people->n;
    for (uint32_t r = (uint32_t)(chunk * CHUNK);
         r < n && r < (chunk + 1) * CHUNK; r++)
        for (unsigned v = 0; v < b->n_variants; v++) {
            const size_t at = (size_t)r * b->n_variants + v;
            KITH_TRY(kith_target_row(b->workers[worker], b->params, r, v,
                                     b->rows + at * b->row_bytes, &b->there[at],
                                     err));
        }
done:
    kith_scrub_stack();
    return status;
}

static uint64_t
read_u64(const uint8_t *bytes)
{
    uint64_t x;
    memcpy(&x, bytes, sizeof x);
    return x;
}

/* Sorted by ref first, which is as good as random, then stably by block. */
static kith_status
sort_rows(kith_keyed **out, uint32_t *n, const build *b, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_keyed *scratch = NULL;
    const size_t most = (size_t)b->params->people->n * b->n_variants;
    KITH_TRY(KITH_ALLOC(out, most + 1, err));
    KITH_TRY(KITH_ALLOC(&scratch, most + 1, err));
    for (size_t i = 0; i < most; i++)
        if (b->there[i])
            (*out)[(*n)++] = (kith_keyed){
                .key = read_u64(b->rows + i * b->row_bytes + KITH_ROW_REF),
                .value = (uint32_t)i};
    kith_radix_sort(*out, scratch, *n);
    for (uint32_t i = 0; i < *n; i++)
        (*out)[i].key =
            read_u64(b->rows + (*out)[i].value * b->row_bytes + KITH_ROW_BLOCK);
    kith_radix_sort(*out, scratch, *n);
done:
    kith_free(scratch);
    return status;
}

static kith_status
gather(kith_target *t, const build *b, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_keyed *order = NULL;
    KITH_TRY(sort_rows(&order, &t->n_rows, b, err));
    KITH_TRY(KITH_ALLOC(&t->rows, (t->n_rows + 1u) * b->row_bytes, err));
    KITH_TRY(KITH_ALLOC(&t->records, t->n_rows + 1u, err));
    KITH_TRY(KITH_ALLOC(&t->variants, t->n_rows + 1u, err));
    KITH_TRY(KITH_ALLOC(&t->begin, t->n_rows + 1u, err));
    for (uint32_t i = 0; i < t->n_rows; i++) {
        const uint32_t at = order[i].value;
        memcpy(t->rows + i * b->row_bytes, b->rows + at * b->row_bytes,
               b->row_bytes);
        t->records[i] = at / b->n_variants;
        t->variants[i] = (uint8_t)(at % b->n_variants);
        if (i == 0 || order[i].key != order[i - 1].key)
            t->begin[t->n_blocks++] = i;
    }
    t->begin[t->n_blocks] = t->n_rows;
done:
    kith_free(order);
    return status;
}

static void
find_slots(kith_target *t)
{
    for (unsigned d = 0; d < t->layout->n_digits; d++) {
        const kith_digit *digit = &t->layout->digits[d];
        if (digit->kind == KITH_COMPARE_NAMES &&
            digit->filter_offset != KITH_IMPLIED &&
            t->n_slots < KITH_TARGET_SLOTS)
            t->slots[t->n_slots++] =
                (kith_target_slot){digit->filter_offset, digit->slot};
    }
}

kith_status
kith_target_make(kith_target *out, const kith_target_params *params,
                 kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    const unsigned n_workers = kith_job_threads(job);
    const size_t n = params->people->n;
    build b = {.params = params,
               .n_variants =
                   kith_encoder_variants(params->encoder, params->pass)};
    out->params = *params;
    out->layout = &params->encoder->passes[params->pass].layout;
    out->row_bytes = b.row_bytes = out->layout->row_bytes;
    KITH_TRY(KITH_ALLOC(&b.workers, n_workers, err));
    for (unsigned i = 0; i < n_workers; i++)
        KITH_TRY(kith_encode_worker_new(&b.workers[i], params->encoder, err));
    KITH_TRY(KITH_ALLOC(&b.rows, n * b.n_variants * b.row_bytes + 1, err));
    KITH_TRY(KITH_ALLOC(&b.there, n * b.n_variants + 1, err));
    KITH_TRY(kith_for(kith_job_pool(job), (n + CHUNK - 1) / CHUNK, encode_chunk,
                      &b, err));
    KITH_TRY(gather(out, &b, err));
    find_slots(out);
done:
    for (unsigned i = 0; b.workers != NULL && i < n_workers; i++)
        kith_encode_worker_free(b.workers[i]);
    kith_free(b.workers);
    kith_free(b.rows);
    kith_free(b.there);
    return status;
}

void
kith_target_done(kith_target *t)
{
    kith_free(t->rows);
    kith_free(t->records);
    kith_free(t->variants);
    kith_free(t->begin);
    *t = (kith_target){0};
}

uint32_t
kith_target_name(const kith_target *t, uint32_t row, unsigned slot)
{
    const unsigned which = (t->variants[row] ^ t->slots[slot].slot) & 1u;
    const kith_people *p = t->params.people;
    const uint32_t number =
        p->numbers[t->params.encoder->names[which]][t->records[row]];
    return number == KITH_DICT_NONE ? number : 2 * number + which;
}

const char *
kith_target_text(const kith_target *t, uint32_t name)
{
    return kith_people_text(t->params.people,
                            t->params.encoder->names[name & 1u], name / 2);
}

uint32_t
kith_target_names(const kith_target *t)
{
    const kith_people *p = t->params.people;
    const uint8_t *names = t->params.encoder->names;
    const uint32_t a = p->values[names[0]].n, b = p->values[names[1]].n;
    return 2 * (a > b ? a : b);
}

const uint8_t *
kith_target_filter(const kith_target *t, uint32_t row, unsigned slot)
{
    return kith_target_at(t, row) + t->slots[slot].offset;
}
