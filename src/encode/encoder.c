/* Rows, refs and tokens of one record. */
#include "encode/encoder.h"

#include "base/alloc.h"

#include <openssl/crypto.h>
#include <string.h>

_Static_assert((int)KITH_GRAM_BLOCKS >= (int)KITH_MAX_COLUMNS,
               "a class's tokens go before its first filter's blocks");

kith_status
kith_encode_worker_new(kith_encode_worker **out, const kith_encoder *e,
                       kith_error *err)
{
    kith_status status = KITH_OK;
    kith_encode_worker *w = NULL;
    *out = NULL;
    KITH_TRY(KITH_ALLOC(&w, 1, err));
    w->e = e;
    KITH_TRY(kith_aes_new(&w->cipher, err));
    for (unsigned i = 0; i < e->spec->n_passes; i++) {
        KITH_TRY(kith_aes_new(&w->refs[i], err));
        KITH_TRY(kith_aes_set_key(w->refs[i], e->passes[i].ref_key, err));
    }
    *out = w;
    w = NULL;
done:
    kith_encode_worker_free(w);
    return status;
}

void
kith_encode_worker_free(kith_encode_worker *w)
{
    if (w == NULL)
        return;
    kith_aes_free(w->cipher);
    for (unsigned i = 0; i < KITH_MAX_PASSES; i++)
        kith_aes_free(w->refs[i]);
    OPENSSL_cleanse(w, sizeof *w);
    kith_free(w);
}

/* A first word this short is a particle (VAN, DE, AL) or an initial. */
enum { LONGEST_PARTICLE = 3 };

/*
 * A name in the table stands for its formal name; one of several words for its
 * first (a middle name or half of a double surname is often left out); any
 * other for itself.
 */
static size_t
formal_bytes(const kith_encoder *e, uint8_t out[KITH_VALUE_BYTES],
             const kith_norm *name, size_t n)
{
    if (n == 0)
        return 0;
    kith_str text = {name->text, name->len};
    uint32_t index = kith_dict_find(&e->shorts, text);
    if (index == KITH_DICT_NONE && name->first < name->len &&
        name->first > LONGEST_PARTICLE) {
        text.len = name->first;
        index = kith_dict_find(&e->shorts, text);
    }
    if (index != KITH_DICT_NONE)
        text = kith_str_of(e->spec->nicknames[e->formals[index]].formal);
    out[0] = 0;
    out[1] = (uint8_t)text.len;
    memcpy(out + 2, text.data, text.len);
    return 2 + text.len;
}

/* Where a token of this value would be kept; NULL: too long to be kept. */
static kith_recent *
recent_slot(kith_encode_worker *w, unsigned s, const uint8_t *value, size_t n)
{
    const size_t at = (kith_hash64(value, n) + s) & (KITH_RECENT - 1);
    return n > sizeof w->recent->value ? NULL : &w->recent[at];
}

static void
make_token(kith_encode_worker *w, unsigned s, kith_recent *slot,
           const uint8_t *value, size_t n)
{
    uint8_t md[KITH_HMAC_BYTES];
    if (slot != NULL && slot->source == s + 1 && slot->len == n &&
        memcmp(slot->value, value, n) == 0) {
        memcpy(w->hashes[s], slot->hash, KITH_AES_BLOCK);
        return;
    }
    kith_hmac_make(&w->e->sources[s].key, value, n, md);
    memcpy(w->hashes[s], md, KITH_AES_BLOCK);
    if (slot == NULL)
        return;
    slot->source = (uint8_t)(s + 1);
    slot->len = (uint8_t)n;
    memcpy(slot->value, value, n);
    memcpy(slot->hash, md, KITH_AES_BLOCK);
}

/* A token whose value is ready and whose slot was asked for. */
typedef struct waiting_token {
    unsigned source;
    kith_recent *slot;
    size_t n;
    uint8_t value[sizeof((kith_recent *)0)->value];
} waiting_token;

/* Slots are asked for first and looked at later: they lie anywhere in the
 * second-level cache. */
static void
make_tokens(kith_encode_worker *w, const kith_norm *fields)
{
    const kith_encoder *e = w->e;
    waiting_token waiting[KITH_MAX_SOURCES];
    uint8_t value[KITH_VALUE_BYTES];
    const kith_keyed_names none = {0, 0}; /* in a key only */
    unsigned n_waiting = 0;
    for (unsigned s = 0; s < e->n_sources; s++) {
        const kith_source *source = &e->sources[s];
        size_t n = kith_value_bytes(value, fields, &source->value, none);
        if (source->nick)
            n = formal_bytes(e, value, &fields[source->value.parts[0].field],
                             n);
        w->known[s] = n > 0;
        if (n == 0)
            continue;
        kith_recent *slot = recent_slot(w, s, value, n);
        if (slot == NULL) {
            make_token(w, s, NULL, value, n);
            continue;
        }
        __builtin_prefetch(slot);
        waiting_token *t = &waiting[n_waiting++];
        t->source = s;
        t->slot = slot;
        t->n = n;
        memcpy(t->value, value, n);
    }
    for (unsigned i = 0; i < n_waiting; i++)
        make_token(w, waiting[i].source, waiting[i].slot, waiting[i].value,
                   waiting[i].n);
}

void
kith_encoder_prepare(kith_encode_worker *w, const kith_norm *fields)
{
    const kith_encoder *e = w->e;
    char text[KITH_VALUE_BYTES];
    make_tokens(w, fields);
    for (unsigned t = 0; t < KITH_MAX_TEXTS; t++) {
        if (e->text_kinds[t] == 0)
            continue;
        const size_t n = kith_value_text(text, fields, &e->texts[t]);
        kith_grams_make(&w->texts[t], text, n, e->text_kinds[t],
                        e->spec->filter_q, e->spec->filter_insertions);
    }
}

unsigned
kith_encoder_variants(const kith_encoder *e, unsigned pass)
{
    return e->spec->passes[pass].either ? 2 : 1;
}

size_t
kith_encoder_block(const kith_encoder *e, unsigned pass, unsigned variant,
                   const kith_norm *fields, uint8_t out[KITH_BLOCK_BYTES])
{
    const kith_keyed_names names = {e->names[variant], e->names[!variant]};
    return kith_block_bytes(out, fields, &e->spec->passes[pass], names);
}

/* The cipher's first four bytes, little-endian as all of a row. */
static void
put_token(uint8_t *out, const uint8_t *cipher)
{
    uint32_t token;
    memcpy(&token, cipher, sizeof token);
    token += token == 0; /* 0 says null */
    memcpy(out, &token, sizeof token);
}

static unsigned
index_of(const kith_place *place, unsigned other)
{
    return place->index + (place->name ? other : 0u);
}

static void
put_tokens(const kith_encode_worker *w, const kith_class_plan *plan,
           unsigned other, uint8_t *row)
{
    for (unsigned i = 0; i < plan->n_tokens; i++)
        if (w->known[index_of(&plan->tokens[i], other)])
            put_token(row + plan->tokens[i].offset,
                      w->secret + i * KITH_AES_BLOCK);
}

/* The tokens go with the first filter, in one call of the cipher, which
 * encrypts eight blocks side by side. @p other is 1 when the class holds the
 * second name. */
static kith_status
write_class(kith_encode_worker *w, const kith_class_plan *plan, unsigned other,
            uint8_t *row, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_grams *first =
        &w->texts[plan->n_filters == 0 ? 0
                                       : index_of(&plan->filters[0], other)];
    uint8_t *plain = first->blocks[KITH_GRAM_BLOCKS - plan->n_tokens];
    size_t n_blocks = plan->n_filters == 0 ? 0 : first->n_blocks;
    for (unsigned i = 0; i < plan->n_tokens; i++)
        memcpy(plain + i * KITH_AES_BLOCK,
               w->hashes[index_of(&plan->tokens[i], other)], KITH_AES_BLOCK);
    KITH_TRY(kith_aes_encrypt(w->cipher, w->secret, plain,
                              plan->n_tokens + n_blocks, err));
    put_tokens(w, plan, other, row);
    if (n_blocks > 0)
        kith_filter_fill(row + plan->filters[0].offset, w->e->spec->filter_bits,
                         first, w->secret + plan->n_tokens * KITH_AES_BLOCK);
    for (unsigned i = 1; i < plan->n_filters; i++) {
        const kith_grams *g = &w->texts[index_of(&plan->filters[i], other)];
        KITH_TRY(kith_aes_encrypt(w->cipher, w->secret,
                                  g->blocks[KITH_GRAM_BLOCKS], g->n_blocks,
                                  err));
        if (g->n_blocks > 0)
            kith_filter_fill(row + plan->filters[i].offset,
                             w->e->spec->filter_bits, g, w->secret);
    }
done:
    return status;
}

kith_status
kith_encoder_row(kith_encode_worker *w, unsigned pass, unsigned variant,
                 kith_str block, uint8_t *row, kith_error *err)
{
    const kith_pass_plan *plan = &w->e->passes[pass];
    kith_status status = KITH_OK;
    uint8_t md[KITH_HMAC_BYTES];
    memset(row, 0, plan->layout.row_bytes);
    kith_hmac_make(&plan->block, block.data, block.len, md);
    memcpy(row + KITH_ROW_BLOCK, md, 8);
    for (unsigned c = 0; c < KITH_KEY_CLASSES; c++) {
        const kith_class_plan *class_plan = &plan->classes[c];
        if (class_plan->n_tokens + class_plan->n_filters == 0)
            continue;
        kith_hmac_make(&class_plan->key, block.data, block.len, md);
        KITH_TRY(kith_aes_set_key(w->cipher, md, err));
        KITH_TRY(write_class(w, class_plan, (c ^ variant) & 1u, row, err));
    }
done:
    OPENSSL_cleanse(md, sizeof md);
    return status;
}

void
kith_encoder_pseudonym(const kith_encoder *e, kith_str id,
                       uint8_t out[KITH_PSEUDONYM_BYTES])
{
    uint8_t md[KITH_HMAC_BYTES];
    kith_hmac_make(&e->pseudonym, id.data, id.len, md);
    memcpy(out, md, KITH_PSEUDONYM_BYTES);
}

void
kith_encoder_ref_of(uint8_t out[KITH_AES_BLOCK], unsigned variant,
                    const uint8_t pseudonym[KITH_PSEUDONYM_BYTES])
{
    memcpy(out, pseudonym, KITH_AES_BLOCK);
    out[KITH_AES_BLOCK - 1] ^= (uint8_t)variant;
}

kith_status
kith_encoder_refs(kith_encode_worker *w, unsigned pass,
                  uint8_t (*refs)[KITH_AES_BLOCK], size_t n, kith_error *err)
{
    return kith_aes_encrypt(w->refs[pass], refs[0], refs[0], n, err);
}

void
kith_encoder_identifier(const kith_encoder *e, unsigned identifier,
                        const kith_norm *fields, uint8_t out[KITH_TOKEN_BYTES])
{
    const kith_norm *f = &fields[e->spec->identifiers[identifier].field];
    uint8_t md[KITH_HMAC_BYTES];
    memset(out, 0, KITH_TOKEN_BYTES);
    if (f->len == 0 || f->partial)
        return;
    kith_hmac_make(&e->identifiers[identifier], f->text, f->len, md);
    memcpy(out, md, KITH_TOKEN_BYTES);
}
