#include <kith/rekey.h>

#include "base/alloc.h"
#include "base/hex.h"
#include "compare/layout.h"
#include "encode/acts.h"
#include "encode/bundle.h"
#include "encode/hmac.h"
#include "io/folder.h"
#include "io/out.h"
#include "io/rowfile.h"
#include "io/sorter.h"
#include "pass/scramble.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

typedef struct rekeying {
    const kith_rekey_params *params;
    kith_job *job;
    kith_rows_in *in;
    kith_rows_out *out;
    kith_sorter *sorter;
    kith_meta meta; /* of the new file */
    char run[128];
    uint8_t *frame; /* one frame of the old file */
    kith_layout layout;
    kith_scramble *columns[KITH_MAX_COLUMNS];
} rekeying;

static void
file_done(rekeying *r)
{
    kith_rows_close(r->in);
    kith_rows_abort(r->out);
    kith_sorter_free(r->sorter);
    kith_meta_done(&r->meta);
    kith_free(r->frame);
    for (unsigned i = 0; i < KITH_MAX_COLUMNS; i++)
        kith_scramble_free(r->columns[i]);
    *r = (rekeying){.params = r->params, .job = r->job};
}

static kith_status
hmac_for(kith_hmac *h, const rekeying *r, const char *pass,
         const char *class_name, kith_error *err)
{
    uint8_t derived[KITH_KEY_BYTES];
    kith_status status = kith_key_derive(derived, r->params->key, r->run,
                                         "rekey", pass, class_name, err);
    if (status == KITH_OK)
        kith_hmac_init(h, derived, sizeof derived);
    OPENSSL_cleanse(derived, sizeof derived);
    return status;
}

/* The old header, but for what the container adds itself, and with another
 * key-check value. */
static kith_status
copy_header(rekeying *r, kith_error *err)
{
    kith_status status = KITH_OK;
    static const char *const own[] = {
        "kind: ", "row_bytes: ", "frame_rows: ", "check: "};
    const kith_meta *old = kith_rows_meta(r->in);
    const kith_str check = kith_meta_get(old, "check");
    const char *line = old->text.data;
    kith_hmac h;
    uint8_t mac[KITH_HMAC_BYTES];
    char hex[2 * KITH_CHECK_BYTES + 1] = "";
    if (kith_meta_get(old, "rekeyed").data != NULL) {
        status =
            kith_error_set(err, KITH_ERR_MISMATCH, "%s: is rekeyed already",
                           kith_rows_path(r->in));
        kith_error_hint(err, "rekey what came from the agencies, once; what "
                             "was rekeyed twice matches nothing");
        goto done;
    }
    KITH_TRY(kith_meta_copy(old, "run", r->run, sizeof r->run, err));
    while (line < old->text.data + old->text.len) {
        const char *end = strchr(line, '\n');
        const size_t n = (size_t)(end - line) + 1;
        int skip = 0;
        for (size_t i = 0; i < sizeof own / sizeof *own; i++)
            skip |= strncmp(line, own[i], strlen(own[i])) == 0;
        if (!skip)
            KITH_TRY(kith_buffer_add(&r->meta.text, line, n, err));
        line = end + 1;
    }
    KITH_TRY(hmac_for(&h, r, "", "check", err));
    kith_hmac_make(&h, check.data, check.len, mac);
    kith_hex_write(hex, mac, KITH_CHECK_BYTES);
    KITH_TRY(kith_meta_add(&r->meta, "check", hex, err));
    KITH_TRY(kith_meta_add(&r->meta, "rekeyed", "yes", err));
done:
    OPENSSL_cleanse(&h, sizeof h);
    return status;
}

static kith_status
open_file(rekeying *r, const char *path, const char *kind, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_rows_open(&r->in, path, kind, err));
    KITH_TRY(copy_header(r, err));
    KITH_TRY(KITH_ALLOC(
        &r->frame, kith_rows_per_frame(r->in) * kith_rows_bytes(r->in), err));
done:
    return status;
}

/* ---- passes ---- */

/* The column whose permutation a column takes: an initial is compared with
 * the whole name. */
static unsigned
like_column(const kith_layout *layout, unsigned i)
{
    unsigned like = i;
    if (layout->columns[i].role == KITH_COLUMN_INITIAL)
        for (unsigned c = 0; c < layout->n_columns; c++)
            if (layout->columns[c].role == KITH_COLUMN_EXACT &&
                layout->columns[c].digit == layout->columns[i].digit)
                like = c;
    return like;
}

static kith_status
make_columns(rekeying *r, const char *pass, kith_error *err)
{
    kith_status status = KITH_OK;
    for (unsigned i = 0; i < r->layout.n_columns; i++) {
        const bool filter = r->layout.columns[i].role == KITH_COLUMN_FILTER;
        char name[24];
        (void)snprintf(name, sizeof name, "column %u",
                       like_column(&r->layout, i));
        KITH_TRY(kith_scramble_new(
            &r->columns[i], r->params->key, r->run, pass, name,
            filter ? r->params->spec->filter_bits : 0, err));
    }
done:
    return status;
}

static void
rekey_row(const rekeying *r, const kith_hmac *block, uint8_t *row)
{
    uint8_t mac[KITH_HMAC_BYTES];
    kith_hmac_make(block, row + KITH_ROW_BLOCK, 8, mac);
    memcpy(row + KITH_ROW_BLOCK, mac, 8);
    for (unsigned i = 0; i < r->layout.n_columns; i++) {
        uint8_t *at = row + r->layout.columns[i].offset;
        if (r->layout.columns[i].role == KITH_COLUMN_FILTER) {
            kith_scramble_filter(r->columns[i], at);
            continue;
        }
        uint32_t token = 0;
        memcpy(&token, at, sizeof token);
        token = kith_scramble_token(r->columns[i], token);
        memcpy(at, &token, sizeof token);
    }
}

static kith_status
write_sorted(void *ctx, const void *rows, size_t n, kith_error *err)
{
    rekeying *r = ctx;
    return kith_rows_write(r->out, rows, n, err);
}

static kith_status
rekey_rows(rekeying *r, const char *pass, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_hmac block;
    const size_t row_bytes = kith_rows_bytes(r->in);
    const uint64_t per = kith_rows_per_frame(r->in);
    KITH_TRY(hmac_for(&block, r, pass, "block", err));
    for (uint64_t f = 0; f * per < kith_rows_count(r->in); f++) {
        size_t n = 0;
        KITH_TRY(kith_rows_frame(r->in, f, r->frame, &n, err));
        for (size_t i = 0; i < n; i++)
            rekey_row(r, &block, r->frame + i * row_bytes);
        KITH_TRY(kith_sorter_add(r->sorter, r->frame, n, err));
        kith_job_advance(r->job, n);
    }
    KITH_TRY(kith_sorter_finish(r->sorter, write_sorted, r, err));
done:
    OPENSSL_cleanse(&block, sizeof block);
    return status;
}

static kith_status
commit(rekeying *r, kith_error *err)
{
    kith_rows_out *out = r->out;
    r->out = NULL;
    return kith_rows_commit(out, r->job, err);
}

static kith_status
rekey_pass(rekeying *r, const char *from, const char *to, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_spec *spec = r->params->spec;
    char pass[KITH_NAME_BYTES];
    char digest[65];
    KITH_TRY(open_file(r, from, "pass", err));
    KITH_TRY(
        kith_meta_copy(kith_rows_meta(r->in), "pass", pass, sizeof pass, err));
    KITH_TRY(kith_meta_copy(kith_rows_meta(r->in), "spec", digest,
                            sizeof digest, err));
    const int index = kith_spec_pass_index(spec, pass);
    if (index < 0 || strcmp(digest, spec->digest) != 0)
        KITH_TRY(kith_error_set(err, KITH_ERR_MISMATCH,
                                "%s: of another linkage spec", from));
    KITH_TRY(kith_layout_build(&r->layout, spec, (unsigned)index, err));
    if (r->layout.row_bytes != kith_rows_bytes(r->in))
        KITH_TRY(kith_error_set(err, KITH_ERR_MISMATCH,
                                "%s: of another row layout", from));
    KITH_TRY(make_columns(r, pass, err));
    KITH_TRY(kith_sorter_new(&r->sorter, r->layout.row_bytes, KITH_ROW_HEAD,
                             kith_job_memory(r->job) / 2, r->params->out, err));
    KITH_TRY(kith_rows_create(&r->out, to, "pass", r->layout.row_bytes,
                              &r->meta, err));
    KITH_TRY(rekey_rows(r, pass, err));
    KITH_TRY(commit(r, err));
    kith_job_count(r->job, pass, "rows_rekeyed", kith_sorter_count(r->sorter));
done:
    return status;
}

/* ---- refs ---- */

static bool
token_null(const uint8_t *token)
{
    static const uint8_t zero[KITH_TOKEN_BYTES] = {0};
    return memcmp(token, zero, sizeof zero) == 0;
}

/* Identifier tokens; pseudonyms stay, the payload has them too. */
static kith_status
rekey_tokens(rekeying *r, uint8_t *rows, size_t n, const kith_hmac *keys,
             size_t n_keys, kith_error *err)
{
    const size_t row_bytes = kith_rows_bytes(r->in);
    for (size_t i = 0; i < n; i++) {
        uint8_t *at = rows + i * row_bytes + sizeof(kith_record_row);
        for (size_t k = 0; k < n_keys; k++, at += KITH_TOKEN_BYTES) {
            uint8_t mac[KITH_HMAC_BYTES];
            if (token_null(at))
                continue;
            kith_hmac_make(&keys[k], at, KITH_TOKEN_BYTES, mac);
            memcpy(at, mac, KITH_TOKEN_BYTES);
        }
    }
    return kith_rows_write(r->out, rows, n, err);
}

static kith_status
rekey_refs(rekeying *r, const char *from, const char *to, const char *kind,
           kith_error *err)
{
    kith_status status = KITH_OK;
    kith_hmac keys[KITH_MAX_IDENTIFIERS];
    size_t n_keys = 0;
    KITH_TRY(open_file(r, from, kind, err));
    const size_t row_bytes = kith_rows_bytes(r->in);
    if (strcmp(kind, "records") == 0)
        n_keys = (row_bytes - sizeof(kith_record_row)) / KITH_TOKEN_BYTES;
    if (n_keys > KITH_MAX_IDENTIFIERS)
        KITH_TRY(kith_error_set(err, KITH_ERR_DATA, "%s: too many identifiers",
                                from));
    size_t cursor = 0;
    for (size_t k = 0; k < n_keys; k++) {
        const kith_str s =
            kith_meta_next(kith_rows_meta(r->in), "identifier", &cursor);
        char field[KITH_NAME_BYTES];
        (void)snprintf(field, sizeof field, "%.*s", (int)s.len,
                       s.data == NULL ? "" : s.data);
        KITH_TRY(hmac_for(&keys[k], r, "refs", field, err));
    }
    KITH_TRY(kith_rows_create(&r->out, to, kind, row_bytes, &r->meta, err));
    const uint64_t per = kith_rows_per_frame(r->in);
    for (uint64_t f = 0; f * per < kith_rows_count(r->in); f++) {
        size_t n = 0;
        KITH_TRY(kith_rows_frame(r->in, f, r->frame, &n, err));
        KITH_TRY(rekey_tokens(r, r->frame, n, keys, n_keys, err));
    }
    KITH_TRY(commit(r, err));
done:
    OPENSSL_cleanse(keys, sizeof keys);
    return status;
}

/* ---- the stage ---- */

static kith_status
rekey_kind(rekeying *r, const char *suffix, const char *kind, size_t *n_files,
           kith_error *err)
{
    kith_status status = KITH_OK;
    kith_folder folder = {0};
    char *from = NULL;
    char *to = NULL;
    KITH_TRY(kith_folder_list(&folder, r->params->in, suffix, err));
    for (size_t i = 0; i < folder.n; i++) {
        KITH_TRY(kith_folder_file(&from, r->params->in, folder.names[i], suffix,
                                  err));
        KITH_TRY(kith_folder_file(&to, r->params->out, folder.names[i], suffix,
                                  err));
        KITH_TRY(strcmp(kind, "pass") == 0
                     ? rekey_pass(r, from, to, err)
                     : rekey_refs(r, from, to, kind, err));
        file_done(r);
        kith_free(from);
        kith_free(to);
        from = to = NULL;
    }
    *n_files += folder.n;
done:
    kith_free(from);
    kith_free(to);
    kith_folder_done(&folder);
    return status;
}

static kith_status
run(rekeying *r, kith_error *err)
{
    kith_status status = KITH_OK;
    size_t n_files = 0;
    if (strcmp(r->params->in, r->params->out) == 0)
        KITH_TRY(kith_error_set(err, KITH_ERR_USAGE,
                                "the new files need another folder than %s",
                                r->params->in));
    KITH_TRY(kith_make_folder(r->params->out, err));
    KITH_TRY(rekey_kind(r, ".pass", "pass", &n_files, err));
    KITH_TRY(rekey_kind(r, ".records", "records", &n_files, err));
    KITH_TRY(rekey_kind(r, ".map", "map", &n_files, err));
    if (n_files == 0)
        KITH_TRY(kith_error_set(err, KITH_ERR_IO,
                                "%s: no pass, records or map files",
                                r->params->in));
    kith_job_count(r->job, "", "files_rekeyed", n_files);
done:
    file_done(r);
    return status;
}

kith_status
kith_rekey(const kith_rekey_params *params, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    rekeying r = {.params = params, .job = job};
    kith_act act = {.audit = NULL};
    KITH_TRY(kith_act_begin(&act, &params->act, "rekey", job, err));
    kith_job_stage(job, "rekey", "", 0, "rows");
    status = kith_act_key(&act, params->key, err);
    if (status == KITH_OK)
        status = run(&r, err);
    kith_job_stage_end(job);
    kith_audit_add(act.audit, "unit", kith_key_agency(params->key));
    kith_act_add_keys(&act, params->key, params->spec, "");
    kith_act_add_files(&act);
    status = kith_act_end(&act, status, err);
done:
    return status;
}
