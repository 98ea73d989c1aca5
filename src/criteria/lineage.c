#include "criteria/lineage.h"

#include "base/alloc.h"
#include "io/csv.h"
#include "io/out.h"

#include <string.h>
#include <unistd.h>

/* The table of a level: the column of the unit, and those of what it holds. */
static const struct {
    const char *file;
    const char *columns[3];
} tables[] = {
    [KITH_LEVEL_PERSON] = {"persons.csv", {"person", "agency", "record"}},
    [KITH_LEVEL_FAMILY] = {"families.csv", {"family", "person", NULL}},
    [KITH_LEVEL_HOUSEHOLD] = {"households.csv", {"household", "person", NULL}},
};

/* Things held by wanted units, each with its unit. */
typedef struct tracer {
    kith_lineage *l;
    kith_dict things;
    uint32_t *unit_of; /* of each thing; UINT32_MAX none */
    size_t cap;
    kith_buffer key;
    kith_buffer list;
} tracer;

void
kith_lineage_done(kith_lineage *l)
{
    kith_dict_done(&l->wanted);
    kith_dict_done(&l->lists);
    kith_free(l->holders);
    *l = (kith_lineage){0};
}

kith_status
kith_lineage_want(kith_lineage *l, kith_str id, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t at = 0;
    const uint32_t n = l->wanted.n;
    KITH_TRY(kith_dict_add(&l->wanted, id, &at, err));
    if (at < n)
        return KITH_OK;
    KITH_TRY(KITH_GROW(&l->holders, &l->holders_cap, (size_t)at + 1, err));
    l->holders[at] = KITH_DICT_NONE;
done:
    return status;
}

const char *
kith_lineage_of(const kith_lineage *l, kith_str id)
{
    const uint32_t at = kith_dict_find(&l->wanted, id);
    return at == KITH_DICT_NONE || l->holders[at] == KITH_DICT_NONE
               ? ""
               : kith_dict_at(&l->lists, l->holders[at]);
}

/* fields: unit, then what it holds */
static kith_status
key_of(tracer *t, const kith_str *f, kith_str *out, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_buffer_clear(&t->key);
    KITH_TRY(kith_buffer_add(&t->key, f[1].data, f[1].len, err));
    KITH_TRY(kith_buffer_add(&t->key, ",", 1, err));
    KITH_TRY(kith_buffer_add(&t->key, f[2].data, f[2].len, err));
    *out = (kith_str){t->key.data, t->key.len};
done:
    return status;
}

/* What the wanted hold, on this side. */
static kith_status
take_here(tracer *t, const kith_str *f, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_str key = {0};
    uint32_t at = 0;
    const uint32_t unit = kith_dict_find(&t->l->wanted, f[0]);
    if (unit == KITH_DICT_NONE)
        return KITH_OK;
    KITH_TRY(key_of(t, f, &key, err));
    KITH_TRY(kith_dict_add(&t->things, key, &at, err));
    KITH_TRY(KITH_GROW(&t->unit_of, &t->cap, (size_t)at + 1, err));
    t->unit_of[at] = unit;
done:
    return status;
}

/* Is the id one of the space-separated list? */
static bool
has_id(const char *list, kith_str id)
{
    for (const char *p = list; *p != '\0';) {
        const size_t k = strcspn(p, " ");
        if (k == id.len && memcmp(p, id.data, k) == 0)
            return true;
        p += k + (p[k] == ' ');
    }
    return false;
}

/* Who holds it on the other side. */
static kith_status
take_there(tracer *t, const kith_str *f, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_lineage *l = t->l;
    kith_str key = {0};
    KITH_TRY(key_of(t, f, &key, err));
    const uint32_t at = kith_dict_find(&t->things, key);
    if (at == KITH_DICT_NONE)
        return KITH_OK;
    uint32_t *holders = &l->holders[t->unit_of[at]];
    const char *list =
        *holders == KITH_DICT_NONE ? "" : kith_dict_at(&l->lists, *holders);
    if (has_id(list, f[0]))
        return KITH_OK;
    kith_buffer_clear(&t->list);
    KITH_TRY(kith_buffer_printf(&t->list, err, "%s%s%.*s", list,
                                list[0] == '\0' ? "" : " ", (int)f[0].len,
                                f[0].data));
    KITH_TRY(kith_dict_add(&l->lists, (kith_str){t->list.data, t->list.len},
                           holders, err));
done:
    return status;
}

typedef kith_status (*take_fn)(tracer *t, const kith_str *f, kith_error *err);

static kith_status
read_table(tracer *t, kith_level level, const char *path, take_fn take,
           kith_error *err)
{
    kith_status status = KITH_OK;
    kith_csv *csv = NULL;
    kith_csv_batch b = {0};
    const kith_csv_params params = kith_csv_params_default();
    uint32_t columns[3] = {0};
    size_t n = 0;
    KITH_TRY(kith_csv_open(&csv, path, &params, err));
    for (; n < 3 && tables[level].columns[n] != NULL; n++)
        KITH_TRY(
            kith_csv_column(csv, tables[level].columns[n], &columns[n], err));
    for (;;) {
        KITH_TRY(kith_csv_next_whole(csv, &b, err));
        if (b.n_rows == 0)
            break;
        for (size_t r = 0; r < b.n_rows; r++) {
            kith_str f[3] = {{"", 0}, {"", 0}, {"", 0}};
            for (size_t i = 0; i < n; i++)
                f[i] = b.fields[r * b.n_columns + columns[i]];
            KITH_TRY(take(t, f, err));
        }
    }
done:
    kith_csv_batch_done(&b);
    kith_csv_close(csv);
    return status;
}

kith_status
kith_lineage_trace(kith_lineage *l, kith_level level, const char *here,
                   const char *there, kith_error *err)
{
    kith_status status = KITH_OK;
    tracer t = {.l = l};
    char *from = NULL;
    char *to = NULL;
    if (l->wanted.n == 0)
        return KITH_OK;
    KITH_TRY(kith_path_join(&from, here, tables[level].file, err));
    KITH_TRY(kith_path_join(&to, there, tables[level].file, err));
    l->known = access(from, F_OK) == 0 && access(to, F_OK) == 0;
    if (l->known) {
        KITH_TRY(read_table(&t, level, from, take_here, err));
        KITH_TRY(read_table(&t, level, to, take_there, err));
    }
done:
    kith_dict_done(&t.things);
    kith_free(t.unit_of);
    kith_buffer_done(&t.key);
    kith_buffer_done(&t.list);
    kith_free(from);
    kith_free(to);
    return status;
}
