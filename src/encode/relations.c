/* Dated relationships between two records of the agency. */
#include "encode/side.h"

#include "base/alloc.h"

#include <string.h>
#include <strings.h>

enum { KEY_BYTES = 24 };

typedef struct sorted_relation {
    uint8_t key[KEY_BYTES]; /* record, other, kind, start, row */
    kith_relation_row row;
} sorted_relation;

typedef struct writer {
    kith_sorter *sorter;
    uint64_t n;
    const kith_map_relations *map;
    uint32_t kind, start, end;
} writer;

/* child_of is parent_of, seen from the other end. */
static bool
read_kind(kith_str text, uint16_t *kind, bool *turned)
{
    static const struct {
        const char *word;
        uint16_t kind;
        bool turned;
    } kinds[] = {
        {"parent_of", KITH_RELATION_PARENT_OF, false},
        {"child_of", KITH_RELATION_PARENT_OF, true},
        {"partner_of", KITH_RELATION_PARTNER_OF, false},
        {"carer_of", KITH_RELATION_CARER_OF, false},
        {"lives_with", KITH_RELATION_LIVES_WITH, false},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (text.len == strlen(kinds[i].word) &&
            strncasecmp(text.data, kinds[i].word, text.len) == 0) {
            *kind = kinds[i].kind;
            *turned = kinds[i].turned;
            return true;
        }
    return false;
}

static kith_status
read_period(const writer *w, kith_side *side, const kith_side_row *from,
            kith_relation_row *row, bool *good, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_side_found found = KITH_SIDE_BAD;
    *good = false;
    row->start = KITH_NO_DATE;
    row->end = KITH_OPEN_END;
    KITH_TRY(kith_side_date(side, from, w->start, &row->start, &found, err));
    if (found == KITH_SIDE_BAD)
        goto done;
    KITH_TRY(kith_side_date(side, from, w->end, &row->end, &found, err));
    if (found == KITH_SIDE_BAD)
        goto done;
    if (row->start > side->s->reference) {
        KITH_TRY(kith_side_reject(side, from, w->start, "future_date", err));
        goto done;
    }
    if (row->end < row->start) {
        KITH_TRY(kith_side_reject(side, from, w->end, "end_before_start", err));
        goto done;
    }
    *good = true;
done:
    return status;
}

static kith_status
add_relation(kith_side *side, const kith_side_row *from, kith_error *err)
{
    writer *w = side->ctx;
    kith_status status = KITH_OK;
    sorted_relation r;
    kith_side_found found = KITH_SIDE_BAD;
    kith_side_person ends[2];
    bool turned = false, good = false;
    const kith_str kind = w->kind == KITH_NO_COLUMN
                              ? kith_str_of(w->map->value)
                              : kith_str_trim(from->fields[w->kind]);
    memset(&r, 0, sizeof r);
    if (!read_kind(kind, &r.row.kind, &turned)) {
        KITH_TRY(kith_side_reject(side, from, w->kind, "unknown_kind", err));
        goto done;
    }
    KITH_TRY(kith_side_record(side, from, 0, &ends[0], &found, err));
    if (found != KITH_SIDE_FOUND)
        goto done;
    KITH_TRY(kith_side_record(side, from, 1, &ends[1], &found, err));
    if (found != KITH_SIDE_FOUND)
        goto done;
    if (ends[0].record == ends[1].record) {
        KITH_TRY(kith_side_reject(side, from, side->ids[1], "same_id", err));
        goto done;
    }
    KITH_TRY(read_period(w, side, from, &r.row, &good, err));
    if (!good)
        goto done;
    r.row.record = ends[turned].record;
    r.row.other = ends[!turned].record;
    kith_side_put_u32(r.key, r.row.record);
    kith_side_put_u32(r.key + 4, r.row.other);
    kith_side_put_u32(r.key + 8, r.row.kind);
    kith_side_put_day(r.key + 12, r.row.start);
    kith_side_put_u32(r.key + 16, (uint32_t)(w->n >> 32));
    kith_side_put_u32(r.key + 20, (uint32_t)w->n);
    w->n++;
    KITH_TRY(kith_sorter_add(w->sorter, &r, 1, err));
done:
    return status;
}

static kith_status
read_file(writer *w, kith_stage *s, const kith_map_relations *map,
          kith_error *err)
{
    kith_status status = KITH_OK;
    kith_side side = {0};
    const kith_side_file file = {map->file, map->format, "relation",
                                 map->delimiter};
    KITH_TRY(kith_side_open(&side, s, &file, err));
    side.ctx = w;
    w->map = map;
    KITH_TRY(kith_side_column(&side, map->id, &side.ids[0], err));
    KITH_TRY(kith_side_column(&side, map->other, &side.ids[1], err));
    side.n_ids = KITH_SIDE_IDS;
    KITH_TRY(kith_side_column(&side, map->kind, &w->kind, err));
    KITH_TRY(kith_side_column(&side, map->start, &w->start, err));
    KITH_TRY(kith_side_column(&side, map->end, &w->end, err));
    if (map->kind == NULL && map->value == NULL)
        KITH_TRY(kith_error_set(err, KITH_ERR_CONFIG,
                                "relations \"%s\": neither kind nor value",
                                map->file));
    KITH_TRY(kith_side_each(&side, add_relation, err));
done:
    kith_side_done(&side);
    return status;
}

static kith_status
take_relations(void *ctx, const void *rows, size_t n, kith_error *err)
{
    kith_stage *s = ctx;
    kith_status status = KITH_OK;
    const sorted_relation *relations = rows;
    for (size_t i = 0; i < n; i++)
        KITH_TRY(kith_rows_write(s->relation_file, &relations[i].row, 1, err));
done:
    return status;
}

kith_status
kith_stage_relations(kith_stage *s, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL, *folder = NULL;
    writer w = {.n = 0};
    KITH_TRY(kith_path_join(&folder, s->params->out, "payload", err));
    KITH_TRY(kith_sorter_new(&w.sorter, sizeof(sorted_relation), KEY_BYTES,
                             kith_stage_memory(s, 1, 1), folder, err));
    for (uint32_t i = 0; i < s->mapping->n_relations; i++)
        KITH_TRY(read_file(&w, s, &s->mapping->relations[i], err));
    KITH_TRY(kith_stage_path(s, &path, "payload", ".relations", err));
    KITH_TRY(kith_rows_create(&s->relation_file, path, "relations",
                              sizeof(kith_relation_row), &s->meta, err));
    KITH_TRY(kith_sorter_finish(w.sorter, take_relations, s, err));
    kith_job_count(s->job, s->mapping->agency, "relations", w.n);
done:
    kith_sorter_free(w.sorter);
    kith_free(path);
    kith_free(folder);
    return status;
}
