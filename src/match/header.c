#include "match/header.h"

#include "base/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Entries that a pairs file takes over from the passes it was made of. */
static const char *const shared[] = {
    "project", "epoch", "run", "spec", "check", "normaliser", "reference_date"};

static kith_status
add_files(kith_meta *out, const kith_pass *pass, kith_error *err)
{
    kith_status status = KITH_OK;
    char text[96];
    for (unsigned d = 0; d < pass->layout.n_digits; d++)
        KITH_TRY(kith_meta_add(out, "digit", pass->layout.digits[d].name, err));
    for (uint32_t f = 0; f < pass->n_files; f++) {
        snprintf(text, sizeof text, "%s|%s", pass->files[f].agency,
                 pass->files[f].link_one ? "one" : "many");
        KITH_TRY(kith_meta_add(out, "file", text, err));
    }
done:
    return status;
}

static void
format_missed(char out[40], uint64_t missed)
{
    /* 17 digits give a double back exactly, and the sum of shards is exact
     * below 2^53 units: 33 million expected matches. */
    snprintf(out, 40, "%.17g", (double)missed / KITH_MATCH_UNITS);
}

static kith_status
add_number(kith_meta *out, const char *name, uint64_t number, kith_error *err)
{
    char text[24];
    snprintf(text, sizeof text, "%016" PRIx64, number);
    return kith_meta_add(out, name, text, err);
}

/* All rows of all files, in order: extracts encoded again have other refs
 * under the same names. */
static uint64_t
sum_inputs(const kith_pass *pass)
{
    uint64_t link[2] = {0, 0};
    for (uint32_t f = 0; f < pass->n_files; f++) {
        link[1] = kith_rows_sum(pass->files[f].rows);
        link[0] = kith_hash64(link, sizeof link);
    }
    return link[0];
}

/* The entries that the passes share, and the pass. */
static kith_status
add_shared(kith_meta *out, const kith_pass *pass, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_meta *from = kith_rows_meta(pass->files[0].rows);
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        char value[256];
        if (kith_meta_get(from, shared[i]).data == NULL)
            continue;
        KITH_TRY(kith_meta_copy(from, shared[i], value, sizeof value, err));
        KITH_TRY(kith_meta_add(out, shared[i], value, err));
    }
    KITH_TRY(kith_meta_add(out, "pass", pass->name, err));
done:
    return status;
}

kith_status
kith_pairs_header(kith_meta *out, const kith_pairs_origin *origin,
                  kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_pass *pass = origin->pass;
    char text[40];
    KITH_TRY(add_shared(out, pass, err));
    snprintf(text, sizeof text, "%u/%u", origin->shard + 1, origin->n_shards);
    KITH_TRY(kith_meta_add(out, "shard", text, err));
    KITH_TRY(add_number(out, "inputs", sum_inputs(pass), err));
    KITH_TRY(add_number(
        out, "model",
        kith_hash64(origin->scores->weights,
                    pass->layout.n_patterns * sizeof *origin->scores->weights),
        err));
    KITH_TRY(add_files(out, pass, err));
    format_missed(text, origin->missed);
    KITH_TRY(kith_meta_add(out, "below_floor", text, err));
    snprintf(text, sizeof text, "%.17g", origin->floor_bits);
    KITH_TRY(kith_meta_add(out, "floor", text, err));
done:
    return status;
}

kith_status
kith_pairs_fit(const kith_rows_in *a, const kith_rows_in *b, kith_error *err)
{
    static const char *const names[] = {"project", "epoch",      "run",  "spec",
                                        "check",   "normaliser", "pass", "file",
                                        "inputs",  "model",      "floor"};
    kith_status status = KITH_OK;
    const kith_meta *x = kith_rows_meta(a), *y = kith_rows_meta(b);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        status = kith_meta_same(x, kith_rows_path(a), y, kith_rows_path(b),
                                names[i], err);
        if (status != KITH_OK) {
            kith_error_hint(err, "match every shard again, with the same "
                                 "passes and the same model");
            return status;
        }
    }
    const kith_str shard = kith_meta_get(y, "shard");
    const kith_str other = kith_meta_get(x, "shard");
    if (shard.len != other.len ||
        memcmp(shard.data, other.data, shard.len) != 0)
        return KITH_OK;
    kith_error_set(err, KITH_ERR_MISMATCH, "%s and %s are the same shard, %.*s",
                   kith_rows_path(a), kith_rows_path(b), (int)shard.len,
                   shard.data);
    kith_error_hint(err, "take the copy away");
    return KITH_ERR_MISMATCH;
}

kith_status
kith_pairs_header_join(kith_meta *out, const kith_meta *shard, uint64_t missed,
                       kith_error *err)
{
    kith_status status = KITH_OK;
    const char *at = shard->text.data;
    const char *end = at + shard->text.len;
    while (at < end) {
        const char *eol = memchr(at, '\n', (size_t)(end - at));
        const kith_str line = {at, (size_t)((eol ? eol : end) - at)};
        char text[40];
        at = eol ? eol + 1 : end;
        /* The container writes these itself. */
        if (strncmp(line.data, "kind: ", 6) == 0 ||
            strncmp(line.data, "row_bytes: ", 11) == 0 ||
            strncmp(line.data, "frame_rows: ", 12) == 0)
            continue;
        if (strncmp(line.data, "shard: ", 7) == 0) {
            KITH_TRY(kith_meta_add(out, "shard", "1/1", err));
        } else if (strncmp(line.data, "below_floor: ", 13) == 0) {
            format_missed(text, missed);
            KITH_TRY(kith_meta_add(out, "below_floor", text, err));
        } else {
            KITH_TRY(kith_buffer_add(&out->text, line.data, line.len, err));
            KITH_TRY(kith_buffer_add(&out->text, "\n", 1, err));
        }
    }
done:
    return status;
}

kith_status
kith_pairs_missed(uint64_t *out, const kith_meta *meta, const char *path,
                  kith_error *err)
{
    char text[40], *end = NULL;
    const kith_status status =
        kith_meta_copy(meta, "below_floor", text, sizeof text, err);
    if (status != KITH_OK)
        return status;
    const double missed = strtod(text, &end) * KITH_MATCH_UNITS;
    /* 2^53: what a double holds exactly. */
    if (*end != '\0' || !(missed >= 0 && missed <= 9007199254740992.0))
        return kith_error_set(err, KITH_ERR_DATA,
                              "%s: \"below_floor\" is not a number", path);
    *out = (uint64_t)llround(missed);
    return KITH_OK;
}
