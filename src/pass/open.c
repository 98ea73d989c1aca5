#include "pass/pass.h"

#include "base/alloc.h"
#include "io/folder.h"

#include <string.h>

/* Rows of a range: enough that the frames cut at its ends are a small part
 * of what is read (some 20 frames a file at 20 agencies), few enough that
 * many cores share a pass. */
enum { RANGE_ROWS_MOST = 1 << 19, RANGE_ROWS_LEAST = 1 << 14, RANGES = 32 };

static uint32_t
count_ranges(uint64_t n_rows)
{
    uint64_t rows = n_rows / RANGES;
    rows = rows > RANGE_ROWS_MOST    ? RANGE_ROWS_MOST
           : rows < RANGE_ROWS_LEAST ? RANGE_ROWS_LEAST
                                     : rows;
    return (uint32_t)((n_rows + rows - 1) / rows + (n_rows == 0));
}

/* Everything that rows must share to be comparable. */
static kith_status
check_same(const kith_pass *pass, const kith_rows_in *rows, kith_error *err)
{
    static const char *const names[] = {"project", "epoch", "run",
                                        "spec",    "check", "normaliser"};
    kith_status status = KITH_OK;
    const kith_rows_in *first = pass->files[0].rows;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        KITH_TRY(kith_meta_same(kith_rows_meta(first), kith_rows_path(first),
                                kith_rows_meta(rows), kith_rows_path(rows),
                                names[i], err));
done:
    return status;
}

static kith_status
check_agency(const kith_pass *pass, uint32_t index, kith_error *err)
{
    for (uint32_t i = 0; i < index; i++)
        if (strcmp(pass->files[i].agency, pass->files[index].agency) == 0)
            return kith_error_set(err, KITH_ERR_MISMATCH,
                                  "%s and %s are both of agency \"%s\"",
                                  kith_rows_path(pass->files[i].rows),
                                  kith_rows_path(pass->files[index].rows),
                                  pass->files[index].agency);
    return KITH_OK;
}

static kith_status
check_spec(const kith_pass *pass, const kith_rows_in *rows,
           const kith_spec *spec, kith_error *err)
{
    const kith_str digest = kith_meta_get(kith_rows_meta(rows), "spec");
    if (!kith_str_equal(digest, spec->digest)) {
        kith_error_set(err, KITH_ERR_MISMATCH,
                       "%s: encoded with another linkage spec than \"%s\"",
                       kith_rows_path(rows), spec->name);
        kith_error_hint(err, "encode again with this spec, or link with the "
                             "one it was encoded with");
        return KITH_ERR_MISMATCH;
    }
    if (kith_rows_bytes(rows) != pass->layout.row_bytes)
        return kith_error_set(err, KITH_ERR_DATA,
                              "%s: rows of %zu bytes, pass %s has %u",
                              kith_rows_path(rows), kith_rows_bytes(rows),
                              pass->name, pass->layout.row_bytes);
    return KITH_OK;
}

static kith_status
open_file(kith_pass *pass, const kith_spec *spec, const char *path,
          kith_error *err)
{
    kith_status status = KITH_OK;
    kith_pass_file *file = &pass->files[pass->n_files];
    KITH_TRY(kith_rows_open(&file->rows, path, "pass", err));
    pass->n_files++;
    const kith_meta *meta = kith_rows_meta(file->rows);
    KITH_TRY(
        kith_meta_copy(meta, "agency", file->agency, sizeof file->agency, err));
    KITH_TRY(check_agency(pass, pass->n_files - 1, err));
    KITH_TRY(check_same(pass, file->rows, err));
    KITH_TRY(check_spec(pass, file->rows, spec, err));
    file->link_one = kith_str_equal(kith_meta_get(meta, "link"), "one");
    pass->any_link_one = pass->any_link_one || file->link_one;
    pass->n_rows += kith_rows_count(file->rows);
done:
    return status;
}

static kith_status
open_files(kith_pass *pass, const kith_spec *spec, const char *folder,
           kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer suffix = {0};
    kith_folder list = {0};
    char *path = NULL;
    KITH_TRY(kith_buffer_printf(&suffix, err, ".%s.pass", pass->name));
    KITH_TRY(kith_folder_list(&list, folder, suffix.data, err));
    if (list.n == 0 || list.n > KITH_MAX_AGENCIES) {
        status = kith_error_set(
            err, KITH_ERR_IO, "%s: %zu files <agency>%s, want 1 to %d", folder,
            list.n, suffix.data, (int)KITH_MAX_AGENCIES);
        kith_error_hint(err, "kith encode writes one for each agency");
        goto done;
    }
    KITH_TRY(KITH_ALLOC(&pass->files, list.n, err));
    for (size_t i = 0; i < list.n; i++) {
        kith_free(path);
        KITH_TRY(
            kith_folder_file(&path, folder, list.names[i], suffix.data, err));
        KITH_TRY(open_file(pass, spec, path, err));
    }
done:
    kith_free(path);
    kith_folder_done(&list);
    kith_buffer_done(&suffix);
    return status;
}

kith_status
kith_pass_open(kith_pass **out, const kith_spec *spec, unsigned index,
               const char *folder, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_pass *pass = NULL;
    *out = NULL;
    KITH_TRY(KITH_ALLOC(&pass, 1, err));
    pass->name = spec->passes[index].name;
    KITH_TRY(kith_layout_build(&pass->layout, spec, index, err));
    KITH_TRY(open_files(pass, spec, folder, err));
    pass->n_ranges = count_ranges(pass->n_rows);
    *out = pass;
    pass = NULL;
done:
    kith_pass_close(pass);
    return status;
}

void
kith_pass_close(kith_pass *pass)
{
    if (pass == NULL)
        return;
    for (uint32_t i = 0; i < pass->n_files; i++)
        kith_rows_close(pass->files[i].rows);
    kith_free(pass->files);
    kith_free(pass);
}
