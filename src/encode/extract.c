#include "encode/extract.h"

#include "base/alloc.h"
#include "io/out.h"

#include <string.h>

kith_status
kith_extract_path(char **out, const kith_mapping *mapping, const char *data,
                  const char *file, kith_error *err)
{
    kith_status status = KITH_OK;
    char *folder = NULL;
    *out = NULL;
    if (file[0] == '/') {
        *out = kith_strdup(file);
        return *out != NULL ? KITH_OK : kith_error_memory(err, 1, strlen(file));
    }
    if (data != NULL)
        return kith_path_join(out, data, file, err);
    const char *slash =
        mapping->path == NULL ? NULL : strrchr(mapping->path, '/');
    if (slash == NULL)
        return kith_path_join(out, ".", file, err);
    const size_t n =
        slash == mapping->path ? 1u : (size_t)(slash - mapping->path);
    KITH_TRY(KITH_ALLOC(&folder, n + 1, err));
    memcpy(folder, mapping->path, n);
    KITH_TRY(kith_path_join(out, folder, file, err));
done:
    kith_free(folder);
    return status;
}

/* Splits "dob.year" into its field and part; part is empty for "dob". */
static int
field_of(const kith_spec *spec, const char *name, const char **part)
{
    char field[KITH_NAME_BYTES];
    const char *dot = strchr(name, '.');
    const size_t n = dot == NULL ? strlen(name) : (size_t)(dot - name);
    *part = dot == NULL ? "" : dot + 1;
    if (n >= sizeof field)
        return -1;
    memcpy(field, name, n);
    field[n] = '\0';
    return kith_spec_field_index(spec, field);
}

/* "surname, forename": which piece of the column this field is. */
static void
set_piece(kith_extract_column *c, const char *field, const char *format)
{
    c->separator = strchr(format, ',') != NULL ? ',' : ' ';
    const size_t want = strlen(field);
    for (const char *at = format; *at != '\0';) {
        const size_t skip = strspn(at, ", ");
        const size_t n = strcspn(at + skip, ", ");
        if (n == 0)
            break;
        if (n == want && memcmp(at + skip, field, n) == 0)
            c->piece = c->n_pieces;
        c->n_pieces++;
        at += skip + n;
    }
}

static kith_status
add_column(kith_extract *x, const kith_map_column *from, int32_t reference,
           kith_error *err)
{
    const char *part = "";
    const int index = field_of(x->spec, from->field, &part);
    uint32_t column = 0;
    if (index < 0)
        return kith_error_set(err, KITH_ERR_CONFIG,
                              "the spec has no field \"%s\"", from->field);
    kith_extract_field *field = &x->fields[index];
    kith_status status = kith_csv_column(x->csv, from->column, &column, err);
    if (status != KITH_OK)
        return status;
    field->mapped = true;
    if (*part != '\0') {
        field->in_parts = true;
        *(strcmp(part, "day") == 0     ? &field->day
          : strcmp(part, "month") == 0 ? &field->month
                                       : &field->year) = column;
        return KITH_OK;
    }
    if (field->n_columns == KITH_MAX_JOINED)
        return kith_error_set(err, KITH_ERR_CONFIG,
                              "more than %d columns feed the field \"%s\"",
                              (int)KITH_MAX_JOINED, from->field);
    kith_extract_column *c = &field->columns[field->n_columns++];
    *c = (kith_extract_column){.column = column};
    if (x->spec->fields[index].kind == KITH_FIELD_DATE) {
        status = kith_date_format_parse(
            &c->format, from->format == NULL ? "yyyy-mm-dd" : from->format,
            err);
        c->format.max_year = kith_ymd_from_days(reference).year;
    } else if (from->format != NULL) {
        set_piece(c, from->field, from->format);
    }
    return status;
}

kith_status
kith_extract_blame(kith_status status, const kith_mapping *mapping,
                   kith_error *err)
{
    if (status != KITH_ERR_DATA)
        return status;
    kith_error_prefix(err, "%s: ", mapping->path);
    err->status = KITH_ERR_CONFIG;
    return KITH_ERR_CONFIG;
}

static kith_status
optional_column(const kith_extract *x, const char *name, uint32_t *out,
                kith_error *err)
{
    *out = KITH_NO_COLUMN;
    return name == NULL ? KITH_OK : kith_csv_column(x->csv, name, out, err);
}

static kith_status
find_columns(kith_extract *x, const kith_map_persons *persons,
             int32_t reference, kith_error *err)
{
    kith_status status = KITH_OK;
    for (unsigned f = 0; f < KITH_MAX_FIELDS; f++)
        x->fields[f].day = x->fields[f].month = x->fields[f].year =
            KITH_NO_COLUMN;
    KITH_TRY(kith_csv_column(x->csv, persons->id, &x->id, err));
    KITH_TRY(optional_column(x, persons->updated, &x->updated, err));
    KITH_TRY(optional_column(x, persons->household, &x->household, err));
    if (persons->updated != NULL) {
        KITH_TRY(kith_date_format_parse(&x->updated_format,
                                        persons->updated_format == NULL
                                            ? "yyyy-mm-dd"
                                            : persons->updated_format,
                                        err));
        x->updated_format.max_year = kith_ymd_from_days(reference).year;
    }
    for (uint32_t i = 0; i < persons->n_columns; i++)
        KITH_TRY(add_column(x, &persons->columns[i], reference, err));
done:
    return status;
}

kith_status
kith_extract_open(kith_extract *out, const kith_spec *spec,
                  const kith_mapping *mapping, const char *data,
                  int32_t reference, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_csv_params params = kith_csv_params_default();
    params.delimiter = mapping->persons.delimiter;
    params.batch_rows = KITH_EXTRACT_ROWS;
    *out = (kith_extract){.spec = spec};
    KITH_TRY(kith_extract_path(&out->path, mapping, data, mapping->persons.file,
                               err));
    KITH_TRY(kith_csv_open(&out->csv, out->path, &params, err));
    KITH_TRY(kith_extract_blame(
        find_columns(out, &mapping->persons, reference, err), mapping, err));
done:
    return status;
}

void
kith_extract_done(kith_extract *x)
{
    kith_csv_close(x->csv);
    kith_free(x->path);
    *x = (kith_extract){0};
}

static kith_str
without_first_word(kith_str s)
{
    size_t i = 0;
    while (i < s.len && s.data[i] != ' ')
        i++;
    return kith_str_trim((kith_str){s.data + i, s.len - i});
}

static kith_str
last_word(kith_str s)
{
    size_t i = s.len;
    while (i > 0 && s.data[i - 1] != ' ')
        i--;
    return (kith_str){s.data + i, s.len - i};
}

/* The last field of a blank-separated list takes one word and the first all
 * before it: "MARY ANN SMITH" as "forename surname". */
static kith_str
word_piece(const kith_extract_column *c, kith_str text)
{
    const kith_str last = last_word(text);
    if (c->n_pieces < 2 || last.len == text.len)
        return c->piece == 0 ? text : (kith_str){text.data, 0};
    if (c->piece + 1u == c->n_pieces)
        return last;
    kith_str rest = kith_str_trim((kith_str){text.data, text.len - last.len});
    for (unsigned i = 0; i < c->piece; i++)
        rest = without_first_word(rest);
    return rest;
}

static kith_str
comma_piece(const kith_extract_column *c, kith_str text)
{
    size_t start = 0;
    for (unsigned piece = 0;; piece++) {
        const char *comma = start >= text.len ? NULL
                                              : memchr(text.data + start, ',',
                                                       text.len - start);
        const size_t end =
            comma == NULL ? text.len : (size_t)(comma - text.data);
        if (piece == c->piece)
            return kith_str_trim((kith_str){text.data + start, end - start});
        if (comma == NULL)
            return (kith_str){text.data, 0};
        start = end + 1;
    }
}

static kith_str
column_text(const kith_extract_column *c, const kith_str *row)
{
    const kith_str text = row[c->column];
    return c->separator == 0     ? text
           : c->separator == ',' ? comma_piece(c, text)
                                 : word_piece(c, text);
}

/* The first column that holds something; its number in *which. */
static kith_str
first_text(const kith_extract_field *field, const kith_str *row,
           unsigned *which)
{
    for (*which = 0; *which < field->n_columns; ++*which) {
        const kith_str text = column_text(&field->columns[*which], row);
        if (text.len > 0)
            return text;
    }
    *which = 0;
    return (kith_str){"", 0};
}

static void
norm_joined(const kith_extract_field *field, const kith_norm_rules *rules,
            kith_field_kind kind, const kith_str *row, kith_norm *out)
{
    char text[4 * KITH_FOLD_BYTES];
    size_t n = 0;
    for (unsigned i = 0; i < field->n_columns; i++) {
        const kith_str piece = column_text(&field->columns[i], row);
        if (n + piece.len + 1 > sizeof text) {
            kith_norm_null(out, KITH_NORM_TOO_LONG);
            return;
        }
        if (piece.len == 0)
            continue;
        if (n > 0)
            text[n++] = ' ';
        memcpy(text + n, piece.data, piece.len);
        n += piece.len;
    }
    kith_norm_field(out, rules, kind, (kith_str){text, n});
}

static kith_str
part_text(uint32_t column, const kith_str *row)
{
    return column == KITH_NO_COLUMN ? (kith_str){"", 0} : row[column];
}

static void
norm_one(const kith_extract_field *field, const kith_norm_rules *rules,
         kith_field_kind kind, const kith_str *row, kith_norm *out)
{
    unsigned which = 0;
    if (!field->mapped) {
        kith_norm_null(out, KITH_NORM_EMPTY);
    } else if (kind == KITH_FIELD_DATE && field->n_columns == 0) {
        kith_norm_date_parts(out, rules, part_text(field->day, row),
                             part_text(field->month, row),
                             part_text(field->year, row));
    } else if (kind == KITH_FIELD_DATE) {
        const kith_str text = first_text(field, row, &which);
        kith_norm_date(out, rules, &field->columns[which].format, text);
    } else if (kind == KITH_FIELD_NAME || kind == KITH_FIELD_TEXT) {
        if (field->n_columns > 1)
            norm_joined(field, rules, kind, row, out);
        else
            kith_norm_field(out, rules, kind,
                            column_text(&field->columns[0], row));
    } else {
        kith_norm_field(out, rules, kind, first_text(field, row, &which));
    }
}

void
kith_extract_row(const kith_extract *x, const kith_norm_rules *rules,
                 const kith_str *row, kith_norm *fields)
{
    for (unsigned f = 0; f < x->spec->n_fields; f++)
        norm_one(&x->fields[f], rules, x->spec->fields[f].kind, row,
                 &fields[f]);
}

uint32_t
kith_extract_source(const kith_extract *x, unsigned field)
{
    const kith_extract_field *f = &x->fields[field];
    if (f->n_columns == 1)
        return f->columns[0].column + 1;
    return f->n_columns == 0 && f->year != KITH_NO_COLUMN ? f->year + 1 : 0;
}
