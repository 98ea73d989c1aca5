/* Events and spells about the agency's records. */
#include "encode/side.h"

#include "base/alloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    MAX_TYPES = 64,
    /* A column with more different codes is free text, and free text may
     * name people. */
    MAX_CODES = 4096,
    KEY_BYTES = 24
};

/* The sort key makes rows distinct: equal events keep the file's order. */
typedef struct sorted_event {
    uint8_t key[KEY_BYTES]; /* record, start, type, end, row */
    kith_event_row row;
} sorted_event;

typedef struct event_type {
    const char *name;
    bool spell;
    const char *codes[KITH_EVENT_CODES];
    const char *amounts[KITH_EVENT_AMOUNTS];
    unsigned n_codes, n_amounts;
} event_type;

typedef struct writer {
    kith_stage *s;
    event_type types[MAX_TYPES];
    unsigned n_types;
    kith_dict codes;
    kith_sorter *sorter;
    uint64_t n_events;
    uint64_t n_filtered; /* rows that the mapping does not mean */
    /* Of the file being read: */
    const kith_map_events *map;
    uint16_t type;
    uint32_t start, end, where;
    uint32_t columns[KITH_EVENT_CODES + KITH_EVENT_AMOUNTS];
    uint8_t places[KITH_EVENT_CODES + KITH_EVENT_AMOUNTS];
} writer;

static kith_status
find_type(writer *w, const kith_map_events *map, kith_error *err)
{
    for (w->type = 0; w->type < w->n_types; w->type++)
        if (strcmp(w->types[w->type].name, map->type) == 0)
            break;
    if (w->type == MAX_TYPES)
        return kith_error_set(err, KITH_ERR_CONFIG,
                              "more than %d types of events", (int)MAX_TYPES);
    event_type *type = &w->types[w->type];
    if (w->type == w->n_types) {
        *type = (event_type){.name = map->type};
        w->n_types++;
    }
    type->spell = type->spell || map->end != NULL;
    return KITH_OK;
}

static kith_status
find_place(const char **names, unsigned *n, unsigned max, const char *name,
           uint8_t *place, kith_error *err)
{
    for (*place = 0; *place < *n; ++*place)
        if (strcmp(names[*place], name) == 0)
            return KITH_OK;
    if (*n == max)
        return kith_error_set(err, KITH_ERR_CONFIG,
                              "attribute \"%s\": a type of event has at most "
                              "%u codes and %u amounts",
                              name, (unsigned)KITH_EVENT_CODES,
                              (unsigned)KITH_EVENT_AMOUNTS);
    names[(*n)++] = name;
    return KITH_OK;
}

static kith_status
bind_columns(writer *w, kith_side *side, const kith_map_events *map,
             kith_error *err)
{
    kith_status status = KITH_OK;
    event_type *type = &w->types[w->type];
    w->map = map;
    KITH_TRY(kith_side_column(side, map->id, &side->ids[0], err));
    side->n_ids = 1;
    KITH_TRY(kith_side_column(side, map->start, &w->start, err));
    KITH_TRY(kith_side_column(side, map->end, &w->end, err));
    KITH_TRY(kith_side_column(side, map->where, &w->where, err));
    if (map->n_attributes > sizeof w->places)
        KITH_TRY(kith_error_set(err, KITH_ERR_CONFIG,
                                "events \"%s\": too many attributes",
                                map->type));
    for (uint32_t i = 0; i < map->n_attributes; i++) {
        const kith_map_attribute *a = &map->attributes[i];
        KITH_TRY(kith_side_column(side, a->column, &w->columns[i], err));
        KITH_TRY(a->number
                     ? find_place(type->amounts, &type->n_amounts,
                                  KITH_EVENT_AMOUNTS, a->name, &w->places[i],
                                  err)
                     : find_place(type->codes, &type->n_codes, KITH_EVENT_CODES,
                                  a->name, &w->places[i], err));
    }
done:
    return status;
}

/* Lower case, as criteria write codes; a line break would end the header
 * line that lists it. */
static kith_status
read_code(writer *w, kith_str text, uint32_t *out, kith_error *err)
{
    char lower[128];
    text = kith_str_trim(text);
    *out = KITH_NO_CODE;
    if (text.len == 0)
        return KITH_OK;
    const size_t n = text.len < sizeof lower ? text.len : sizeof lower;
    for (size_t i = 0; i < n; i++) {
        const char c = text.data[i];
        lower[i] = (char)(c >= 'A' && c <= 'Z'     ? c - 'A' + 'a'
                          : (unsigned char)c < ' ' ? ' '
                                                   : c);
    }
    const kith_status status =
        kith_dict_add(&w->codes, (kith_str){lower, n}, out, err);
    if (status == KITH_OK && w->codes.n > MAX_CODES) {
        kith_error_set(err, KITH_ERR_CONFIG,
                       "events \"%s\": more than %d different codes",
                       w->map->type, (int)MAX_CODES);
        kith_error_hint(err, "an attribute must be a code and not free text");
        return KITH_ERR_CONFIG;
    }
    return status;
}

/* "-1,234.567" as hundredths, cut after two decimals. */
static bool
read_amount(kith_str text, int32_t *out)
{
    int64_t value = 0;
    int decimals = -1;
    size_t digits = 0;
    text = kith_str_trim(text);
    const bool minus = text.len > 0 && text.data[0] == '-';
    for (size_t i = minus; i < text.len; i++) {
        const char c = text.data[i];
        if (c == '.' && decimals < 0) {
            decimals = 0;
        } else if (c >= '0' && c <= '9') {
            digits++;
            if (decimals >= 2)
                continue;
            value = value * 10 + (c - '0');
            decimals += decimals >= 0;
        } else if (c != ',') {
            return false;
        }
        if (value > INT32_MAX)
            return false;
    }
    for (int d = decimals < 0 ? 0 : decimals; d < 2; d++)
        value *= 10;
    if (digits == 0 || value > INT32_MAX)
        return false;
    *out = (int32_t)(minus ? -value : value);
    return true;
}

static kith_status
read_attributes(writer *w, kith_side *side, const kith_side_row *from,
                kith_event_row *row, bool *good, kith_error *err)
{
    kith_status status = KITH_OK;
    for (unsigned i = 0; i < KITH_EVENT_CODES; i++)
        row->codes[i] = KITH_NO_CODE;
    for (unsigned i = 0; i < KITH_EVENT_AMOUNTS; i++)
        row->amounts[i] = KITH_NO_AMOUNT;
    *good = true;
    for (uint32_t i = 0; i < w->map->n_attributes && *good; i++) {
        const kith_map_attribute *a = &w->map->attributes[i];
        const kith_str text =
            a->column == NULL ? kith_str_of(a->value == NULL ? "" : a->value)
                              : from->fields[w->columns[i]];
        if (!a->number) {
            KITH_TRY(read_code(w, text, &row->codes[w->places[i]], err));
        } else if (text.len > 0 &&
                   !read_amount(text, &row->amounts[w->places[i]])) {
            *good = false;
            KITH_TRY(kith_side_reject(side, from, w->columns[i], "not_a_number",
                                      err));
        }
    }
done:
    return status;
}

/* Start and end; false when the row is rejected. */
static kith_status
read_period(writer *w, kith_side *side, const kith_side_row *from,
            kith_event_row *row, bool *good, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_side_found found = KITH_SIDE_BAD;
    *good = false;
    KITH_TRY(kith_side_date(side, from, w->start, &row->start, &found, err));
    if (found == KITH_SIDE_ABSENT)
        KITH_TRY(kith_side_reject(side, from, w->start, "missing_date", err));
    if (found != KITH_SIDE_FOUND)
        goto done;
    if (row->start > w->s->reference) {
        KITH_TRY(kith_side_reject(side, from, w->start, "future_date", err));
        goto done;
    }
    row->end = w->map->end == NULL ? row->start : KITH_OPEN_END;
    KITH_TRY(kith_side_date(side, from, w->end, &row->end, &found, err));
    if (found == KITH_SIDE_BAD)
        goto done;
    if (row->end < row->start) {
        KITH_TRY(kith_side_reject(side, from, w->end, "end_before_start", err));
        goto done;
    }
    *good = true;
done:
    return status;
}

static kith_status
add_event(kith_side *side, const kith_side_row *from, kith_error *err)
{
    writer *w = side->ctx;
    kith_status status = KITH_OK;
    sorted_event e;
    kith_side_found found = KITH_SIDE_BAD;
    kith_side_person who;
    bool good = false;
    if (w->where != KITH_NO_COLUMN &&
        !kith_str_equal(from->fields[w->where],
                        w->map->equals == NULL ? "" : w->map->equals)) {
        w->n_filtered++;
        return KITH_OK;
    }
    memset(&e, 0, sizeof e);
    e.row.type = w->type;
    KITH_TRY(kith_side_record(side, from, 0, &who, &found, err));
    if (found != KITH_SIDE_FOUND)
        goto done;
    e.row.record = who.record;
    KITH_TRY(read_period(w, side, from, &e.row, &good, err));
    if (!good)
        goto done;
    KITH_TRY(read_attributes(w, side, from, &e.row, &good, err));
    if (!good)
        goto done;
    e.row.age = (int16_t)(who.born == KITH_NO_DATE || who.born > e.row.start
                              ? -1
                              : kith_age_years(who.born, e.row.start));
    kith_side_put_u32(e.key, e.row.record);
    kith_side_put_day(e.key + 4, e.row.start);
    kith_side_put_u32(e.key + 8, e.row.type);
    kith_side_put_day(e.key + 12, e.row.end);
    kith_side_put_u32(e.key + 16, (uint32_t)(w->n_events >> 32));
    kith_side_put_u32(e.key + 20, (uint32_t)w->n_events);
    w->n_events++;
    KITH_TRY(kith_sorter_add(w->sorter, &e, 1, err));
done:
    return status;
}

static kith_status
read_file(writer *w, const kith_map_events *map, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_side side = {0};
    const kith_side_file file = {map->file, map->format, "event",
                                 map->delimiter};
    KITH_TRY(kith_side_open(&side, w->s, &file, err));
    side.ctx = w;
    KITH_TRY(find_type(w, map, err));
    KITH_TRY(bind_columns(w, &side, map, err));
    KITH_TRY(kith_side_each(&side, add_event, err));
done:
    kith_side_done(&side);
    return status;
}

static kith_status
add_names(kith_buffer *line, const char *const *names, unsigned n,
          kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_buffer_add(line, "|", 1, err));
    for (unsigned i = 0; i < n; i++)
        KITH_TRY(
            kith_buffer_printf(line, err, "%s%s", i == 0 ? "" : ",", names[i]));
done:
    return status;
}

static kith_status
describe_types(const writer *w, kith_meta *meta, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer line = {0};
    for (unsigned i = 0; i < w->n_types; i++) {
        const event_type *t = &w->types[i];
        kith_buffer_clear(&line);
        KITH_TRY(kith_buffer_printf(&line, err, "%s|%s", t->name,
                                    t->spell ? "spell" : "event"));
        KITH_TRY(add_names(&line, t->codes, t->n_codes, err));
        KITH_TRY(add_names(&line, t->amounts, t->n_amounts, err));
        KITH_TRY(kith_meta_add(meta, "type", line.data, err));
    }
done:
    kith_buffer_done(&line);
    return status;
}

static kith_status
describe(const writer *w, kith_meta *meta, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_mapping *m = w->s->mapping;
    kith_buffer line = {0};
    KITH_TRY(kith_buffer_add(&meta->text, w->s->meta.text.data,
                             w->s->meta.text.len, err));
    KITH_TRY(describe_types(w, meta, err));
    for (uint32_t i = 0; i < w->codes.n; i++)
        KITH_TRY(kith_meta_add(meta, "code", kith_dict_at(&w->codes, i), err));
    for (uint32_t i = 0; i < m->n_coverage; i++) {
        const kith_map_coverage *c = &m->coverage[i];
        kith_buffer_clear(&line);
        KITH_TRY(kith_buffer_printf(
            &line, err, "%s|%s|%s|%s", c->type, c->from == NULL ? "" : c->from,
            c->to == NULL ? w->s->params->reference_date : c->to,
            c->area == NULL ? "" : c->area));
        KITH_TRY(kith_meta_add(meta, "coverage", line.data, err));
    }
done:
    kith_buffer_done(&line);
    return status;
}

static kith_status
take_events(void *ctx, const void *rows, size_t n, kith_error *err)
{
    kith_stage *s = ctx;
    kith_status status = KITH_OK;
    const sorted_event *events = rows;
    for (size_t i = 0; i < n; i++)
        KITH_TRY(kith_rows_write(s->event_file, &events[i].row, 1, err));
done:
    return status;
}

kith_status
kith_stage_events(kith_stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_meta meta = {{0}};
    char *path = NULL, *folder = NULL;
    writer *w = NULL;
    KITH_TRY(KITH_ALLOC(&w, 1, err));
    w->s = s;
    KITH_TRY(kith_path_join(&folder, s->params->out, "payload", err));
    KITH_TRY(kith_sorter_new(&w->sorter, sizeof(sorted_event), KEY_BYTES,
                             kith_stage_memory(s, 1, 1), folder, err));
    for (uint32_t i = 0; i < s->mapping->n_events; i++)
        KITH_TRY(read_file(w, &s->mapping->events[i], err));
    KITH_TRY(describe(w, &meta, err));
    KITH_TRY(kith_stage_path(s, &path, "payload", ".events", err));
    KITH_TRY(kith_rows_create(&s->event_file, path, "events",
                              sizeof(kith_event_row), &meta, err));
    KITH_TRY(kith_sorter_finish(w->sorter, take_events, s, err));
    kith_job_count(s->job, s->mapping->agency, "events", w->n_events);
    if (w->n_filtered > 0)
        kith_job_count(s->job, s->mapping->agency, "event_filtered",
                       w->n_filtered);
done:
    if (w != NULL) {
        kith_sorter_free(w->sorter);
        kith_dict_done(&w->codes);
    }
    kith_free(w);
    kith_meta_done(&meta);
    kith_free(path);
    kith_free(folder);
    return status;
}
