/*
 * The records of all agencies of a project in the clear, normalised as
 * `kith encode` does, as one CSV on standard output: what a peer that links
 * clear text is given, so that none of the comparison is about cleaning.
 * Columns: agency, id, then each field of the linkage spec; dates as
 * yyyy-mm-dd, and for each name its Soundex code as <field>_sound.
 * An id that comes twice in an extract comes twice here.
 *
 * Usage: clear_csv KITH.YAML
 */
#include "base/date.h"
#include "encode/extract.h"
#include "encode/soundex.h"

#include <kith/project.h>
#include <kith/spec.h>
#include <stdio.h>
#include <string.h>

static void
put_quoted(const char *text, size_t n)
{
    (void)putchar('"');
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '"')
            (void)putchar('"');
        (void)putchar(text[i]);
    }
    (void)putchar('"');
}

static void
put_header(const kith_spec *spec)
{
    (void)printf("agency,id");
    for (unsigned f = 0; f < spec->n_fields; f++) {
        (void)printf(",%s", spec->fields[f].name);
        if (spec->fields[f].kind == KITH_FIELD_NAME)
            (void)printf(",%s_sound", spec->fields[f].name);
    }
    (void)putchar('\n');
}

static void
put_field(const kith_spec_field *field, const kith_norm *norm)
{
    char sound[KITH_SOUNDEX_BYTES];
    (void)putchar(',');
    if (field->kind == KITH_FIELD_DATE) {
        if (norm->len > 0 && norm->date.month > 0 && norm->date.day > 0)
            (void)printf("%04d-%02d-%02d", norm->date.year, norm->date.month,
                         norm->date.day);
        return;
    }
    if (norm->len > 0 && !norm->partial)
        put_quoted(norm->text, norm->len);
    if (field->kind != KITH_FIELD_NAME)
        return;
    (void)putchar(',');
    if (norm->len > 0 && kith_soundex(sound, norm->text, norm->len))
        (void)printf("%.*s", KITH_SOUNDEX_BYTES, sound);
}

static kith_status
put_agency(const kith_project *project, const kith_spec *spec, const char *path,
           kith_error *err)
{
    kith_status status = KITH_OK;
    kith_mapping *mapping = NULL;
    kith_extract x = {0};
    kith_csv_batch batch = {0};
    kith_norm fields[KITH_MAX_FIELDS];
    kith_norm_rules rules = {.spec = spec};
    const char *reference = project->reference_date;
    if (!kith_date_parse_iso(&rules.reference, reference, strlen(reference)))
        return kith_error_set(err, KITH_ERR_CONFIG,
                              "%s: clear_csv wants a reference date, not '%s'",
                              project->path, reference);
    KITH_TRY(kith_mapping_load(&mapping, path, spec, err));
    KITH_TRY(kith_extract_open(&x, spec, mapping, project->data,
                               rules.reference, err));
    for (;;) {
        KITH_TRY(kith_csv_next(x.csv, &batch, err));
        if (batch.n_rows == 0 && batch.n_problems == 0)
            break;
        for (size_t i = 0; i < batch.n_rows; i++) {
            const kith_str *row = batch.fields + i * batch.n_columns;
            kith_extract_row(&x, &rules, row, fields);
            (void)printf("%s,", mapping->agency);
            put_quoted(row[x.id].data, row[x.id].len);
            for (unsigned f = 0; f < spec->n_fields; f++)
                put_field(&spec->fields[f], &fields[f]);
            (void)putchar('\n');
        }
    }
done:
    kith_csv_batch_done(&batch);
    kith_extract_done(&x);
    kith_mapping_free(mapping);
    return status;
}

int
main(int argc, char **argv)
{
    kith_error err = KITH_ERROR_INIT;
    kith_status status = KITH_OK;
    kith_project *project = NULL;
    kith_spec *spec = NULL;
    if (argc != 2) {
        (void)fprintf(stderr, "usage: clear_csv KITH.YAML\n");
        return 2;
    }
    KITH_TRY(kith_project_load(&project, argv[1], &err));
    KITH_TRY(project->spec == NULL
                 ? kith_spec_default(&spec, &err)
                 : kith_spec_load(&spec, project->spec, &err));
    put_header(spec);
    for (uint32_t i = 0; i < project->n_mappings; i++)
        KITH_TRY(put_agency(project, spec, project->mappings[i], &err));
    if (fflush(stdout) != 0)
        status = kith_error_set(&err, KITH_ERR_IO, "standard output: full?");
done:
    if (status != KITH_OK)
        (void)fprintf(stderr, "clear_csv: %s\n", err.text);
    kith_spec_free(spec);
    kith_project_free(project);
    return status == KITH_OK ? 0 : 1;
}
