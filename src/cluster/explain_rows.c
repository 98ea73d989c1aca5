#include "base/alloc.h"
#include "base/hex.h"
#include "cluster/explain.h"
#include "compare/layout.h"
#include "io/rowfile.h"

#include <string.h>

kith_status
kith_explained_find(kith_explained *out, const kith_refs *refs,
                    const char *text, kith_error *err)
{
    uint8_t pseudonym[KITH_PSEUDONYM_BYTES];
    const char *colon = strrchr(text, ':');
    *out = (kith_explained){.text = text};
    if (colon == NULL || strlen(colon + 1) != 2 * sizeof pseudonym ||
        !kith_hex_read(pseudonym, colon + 1, sizeof pseudonym)) {
        kith_error_set(err, KITH_ERR_USAGE,
                       "a record is given as agency:pseudonym, with %d "
                       "hexadecimal characters",
                       2 * KITH_PSEUDONYM_BYTES);
        kith_error_hint(err, "persons.csv and links.csv list them");
        return KITH_ERR_USAGE;
    }
    kith_hex_write(out->hex, pseudonym, sizeof pseudonym);
    out->agency =
        kith_refs_agency(refs, (kith_str){text, (size_t)(colon - text)});
    out->record = refs->n_records;
    if (out->agency < refs->n_agencies)
        out->record = kith_refs_find(refs, out->agency, pseudonym);
    if (out->record == refs->n_records)
        return kith_error_set(err, KITH_ERR_USAGE,
                              "this run has no such record of that agency");
    return KITH_OK;
}

/* Called with every row of a file. */
typedef kith_status (*row_fn)(void *ctx, const uint8_t *row, kith_error *err);

static kith_status
scan(const char *path, const char *kind, size_t row_bytes, row_fn fn, void *ctx,
     kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rows_in *in = NULL;
    uint8_t *rows = NULL;
    KITH_TRY(kith_rows_open(&in, path, kind, err));
    if (kith_rows_bytes(in) != row_bytes)
        KITH_TRY(kith_error_set(err, KITH_ERR_DATA, "%s: rows of %zu bytes",
                                path, kith_rows_bytes(in)));
    const size_t per_frame = kith_rows_per_frame(in);
    rows = kith_alloc_array(per_frame, row_bytes);
    if (rows == NULL)
        KITH_TRY(kith_error_memory(err, per_frame, row_bytes));
    for (uint64_t f = 0; f * per_frame < kith_rows_count(in); f++) {
        size_t n = 0;
        KITH_TRY(kith_rows_frame(in, f, rows, &n, err));
        for (size_t i = 0; i < n; i++)
            KITH_TRY(fn(ctx, rows + i * row_bytes, err));
    }
done:
    kith_free(rows);
    kith_rows_close(in);
    return status;
}

typedef struct finder {
    uint32_t record; /* within its agency */
    uint8_t refs[2][8];
    unsigned n_refs;
    size_t row_bytes;
    kith_explained_rows *rows;
} finder;

static kith_status
find_refs(void *ctx, const uint8_t *bytes, kith_error *err)
{
    (void)err;
    finder *f = ctx;
    kith_map_row row;
    memcpy(&row, bytes, sizeof row);
    if (row.record == f->record && f->n_refs < 2)
        memcpy(f->refs[f->n_refs++], row.ref, sizeof row.ref);
    return KITH_OK;
}

static kith_status
find_rows(void *ctx, const uint8_t *row, kith_error *err)
{
    finder *f = ctx;
    for (unsigned i = 0; i < f->n_refs; i++) {
        if (memcmp(row + KITH_ROW_REF, f->refs[i], 8) != 0 || f->rows->n == 2)
            continue;
        uint8_t *copy = kith_alloc_array(1, f->row_bytes);
        if (copy == NULL)
            return kith_error_memory(err, 1, f->row_bytes);
        memcpy(copy, row, f->row_bytes);
        f->rows->bytes[f->rows->n++] = copy;
    }
    return KITH_OK;
}

static kith_status
scan_bundle(const char *folder, const char *agency, const char *pass,
            const char *kind, size_t row_bytes, finder *f, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer path = {0};
    KITH_TRY(kith_buffer_printf(&path, err, "%s/%s.%s.%s", folder, agency, pass,
                                kind));
    KITH_TRY(scan(path.data, kind, row_bytes,
                  strcmp(kind, "map") == 0 ? find_refs : find_rows, f, err));
done:
    kith_buffer_done(&path);
    return status;
}

kith_status
kith_explained_rows_find(kith_explained_rows *out,
                         const kith_explain_params *params,
                         const kith_refs *refs, const kith_explained *record,
                         const char *pass, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_ref_agency *agency = &refs->agencies[record->agency];
    kith_layout layout;
    *out = (kith_explained_rows){0};
    const int index = kith_spec_pass_index(params->spec, pass);
    KITH_TRY(kith_layout_build(&layout, params->spec, (unsigned)index, err));
    finder f = {.record = record->record - agency->first,
                .row_bytes = layout.row_bytes,
                .rows = out};
    KITH_TRY(scan_bundle(params->refs, agency->name, pass, "map",
                         sizeof(kith_map_row), &f, err));
    if (f.n_refs > 0)
        KITH_TRY(scan_bundle(params->passes, agency->name, pass, "pass",
                             layout.row_bytes, &f, err));
done:
    if (status != KITH_OK)
        kith_explained_rows_done(out);
    return status;
}

void
kith_explained_rows_done(kith_explained_rows *rows)
{
    for (unsigned i = 0; i < rows->n; i++)
        kith_free(rows->bytes[i]);
    *rows = (kith_explained_rows){0};
}
