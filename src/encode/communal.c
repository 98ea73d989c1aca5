#include "encode/communal.h"

#include "io/csv.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { KIND, UPRN, POSTCODE, HOUSE, N_COLUMNS };

enum { DOOR_BYTES = 2 * KITH_NORM_BYTES + 1 };

/* The list as it is read; a column that is not there is UINT32_MAX. */
typedef struct reader {
    kith_communal *out;
    const kith_norm_rules *rules;
    const char *path;
    uint32_t columns[N_COLUMNS];
} reader;

static bool
is_kind(kith_str s)
{
    static const char *const kinds[] = {"hostel", "refuge",       "care_home",
                                        "prison", "student_hall", "hmo",
                                        "other"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (s.len == strlen(kinds[i]) &&
            strncasecmp(s.data, kinds[i], s.len) == 0)
            return true;
    return false;
}

static bool
is_known(const kith_norm *n)
{
    return n != NULL && n->len > 0 && !n->partial;
}

static kith_str
join_door(char text[DOOR_BYTES], const kith_norm *postcode,
          const kith_norm *house)
{
    memcpy(text, postcode->text, postcode->len);
    text[postcode->len] = ',';
    memcpy(text + postcode->len + 1, house->text, house->len);
    return (kith_str){text, postcode->len + (size_t)1 + house->len};
}

static kith_status
find_columns(reader *r, const kith_csv *csv, kith_error *err)
{
    static const char *const names[] = {"kind", "uprn", "postcode", "house"};
    kith_status status = KITH_OK;
    KITH_TRY(kith_csv_column(csv, names[KIND], &r->columns[KIND], err));
    for (unsigned i = UPRN; i < N_COLUMNS; i++)
        if (!kith_csv_find(csv, names[i], &r->columns[i]))
            r->columns[i] = UINT32_MAX;
    const bool door =
        r->columns[POSTCODE] != UINT32_MAX && r->columns[HOUSE] != UINT32_MAX;
    if (r->columns[UPRN] == UINT32_MAX && !door) {
        status = kith_error_set(err, KITH_ERR_CONFIG,
                                "%s:1: no column for an address", r->path);
        kith_error_hint(err, "it needs uprn, or postcode and house");
    }
done:
    return status;
}

static kith_status
refuse_kind(const reader *r, uint64_t line, kith_error *err)
{
    kith_error_set(err, KITH_ERR_CONFIG,
                   "%s:%llu: column \"kind\": not a kind of communal address",
                   r->path, (unsigned long long)line);
    kith_error_hint(err, "hostel, refuge, care_home, prison, student_hall, "
                         "hmo or other");
    return KITH_ERR_CONFIG;
}

static kith_status
add_row(const reader *r, const kith_str *fields, uint64_t line, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_communal *out = r->out;
    kith_norm values[N_COLUMNS] = {{0}};
    char text[DOOR_BYTES];
    uint32_t index = 0;
    if (!is_kind(fields[r->columns[KIND]]))
        return refuse_kind(r, line, err);
    if (r->columns[UPRN] != UINT32_MAX)
        kith_norm_uprn(&values[UPRN], fields[r->columns[UPRN]]);
    if (r->columns[POSTCODE] != UINT32_MAX)
        kith_norm_postcode(&values[POSTCODE], r->rules,
                           fields[r->columns[POSTCODE]]);
    if (r->columns[HOUSE] != UINT32_MAX)
        kith_norm_house(&values[HOUSE], r->rules, fields[r->columns[HOUSE]]);
    const bool uprn = is_known(&values[UPRN]);
    const bool door = is_known(&values[POSTCODE]) && is_known(&values[HOUSE]);
    if (uprn)
        KITH_TRY(kith_dict_add(&out->uprns,
                               (kith_str){values[UPRN].text, values[UPRN].len},
                               &index, err));
    if (door)
        KITH_TRY(kith_dict_add(
            &out->doors, join_door(text, &values[POSTCODE], &values[HOUSE]),
            &index, err));
    if (!uprn && !door && out->n_left_out++ < KITH_COMMUNAL_LINES)
        out->lines[out->n_left_out - 1] = line;
done:
    explicit_bzero(values, sizeof values);
    explicit_bzero(text, sizeof text);
    return status;
}

/* An address that is not marked may become somebody's home: whoever keeps the
 * list must see which rows to mend. */
static void
tell_left_out(const kith_communal *c, const char *path, kith_job *job)
{
    char lines[24 * KITH_COMMUNAL_LINES] = "";
    size_t n = 0;
    if (c->n_left_out == 0)
        return;
    for (unsigned i = 0; i < KITH_COMMUNAL_LINES && i < c->n_left_out; i++)
        n += (size_t)snprintf(lines + n, sizeof lines - n, "%s%llu",
                              i > 0 ? ", " : "",
                              (unsigned long long)c->lines[i]);
    kith_job_count(job, "communal", "rows_without_address", c->n_left_out);
    kith_job_warn(job,
                  "%s: %llu rows have no UPRN, and no full postcode with a "
                  "house: left out (line %s%s)",
                  path, (unsigned long long)c->n_left_out, lines,
                  c->n_left_out > KITH_COMMUNAL_LINES ? ", ..." : "");
}

kith_status
kith_communal_load(kith_communal *out, const char *path,
                   const kith_norm_rules *rules, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_csv *csv = NULL;
    kith_csv_batch batch = {.text = {.secret = true}};
    reader r = {.out = out, .rules = rules, .path = path};
    *out = (kith_communal){.uprns = {.text = {.secret = true}},
                           .doors = {.text = {.secret = true}}};
    if (path == NULL)
        return KITH_OK;
    const kith_csv_params params = kith_csv_params_default();
    KITH_TRY(kith_csv_open(&csv, path, &params, err));
    KITH_TRY(find_columns(&r, csv, err));
    do {
        KITH_TRY(kith_csv_next_whole(csv, &batch, err));
        for (size_t i = 0; i < batch.n_rows; i++)
            KITH_TRY(add_row(&r, batch.fields + i * batch.n_columns,
                             batch.lines[i], err));
    } while (batch.n_rows > 0);
    kith_csv_record(csv, job);
    tell_left_out(out, path, job);
done:
    kith_csv_close(csv);
    kith_csv_batch_done(&batch);
    return status;
}

bool
kith_communal_has(const kith_communal *c, const kith_norm *uprn,
                  const kith_norm *postcode, const kith_norm *house)
{
    char text[DOOR_BYTES];
    if (c->uprns.n > 0 && is_known(uprn) &&
        kith_dict_find(&c->uprns, (kith_str){uprn->text, uprn->len}) !=
            KITH_DICT_NONE)
        return true;
    return c->doors.n > 0 && is_known(postcode) && is_known(house) &&
           kith_dict_find(&c->doors, join_door(text, postcode, house)) !=
               KITH_DICT_NONE;
}

void
kith_communal_done(kith_communal *c)
{
    kith_dict_done(&c->uprns);
    kith_dict_done(&c->doors);
    *c = (kith_communal){0};
}
