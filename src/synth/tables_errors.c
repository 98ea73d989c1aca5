#include "base/alloc.h"
#include "synth/tables_parts.h"

#include <stdlib.h>
#include <string.h>

static kith_status
near_key(void *ctx, const kith_table_row *row, kith_error *err)
{
    kith_tables *t = ((kith_table_load *)ctx)->tables;
    (void)err;
    const kith_str key = row->fields[0];
    const kith_str near = row->fields[1];
    if (key.len != 1 || near.len != 1)
        return KITH_OK; /* a named key: space, enter */
    const unsigned char k = (unsigned char)key.data[0];
    if (k < 128 && strlen(t->near_key[k]) + 1 < sizeof t->near_key[k])
        strncat(t->near_key[k], near.data, 1);
    return KITH_OK;
}

static kith_status
add_rewrite(kith_rewrites *list, kith_str from, kith_str to, char position,
            kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rewrite r = {.position = position};
    if (from.len == 0 || from.len >= sizeof r.from || to.len >= sizeof r.to)
        return KITH_OK;
    KITH_TRY(KITH_GROW(&list->items, &list->cap, list->n + 1, err));
    memcpy(r.from, from.data, from.len);
    memcpy(r.to, to.data, to.len);
    list->items[list->n++] = r;
done:
    return status;
}

static kith_status
ocr(void *ctx, const kith_table_row *row, kith_error *err)
{
    kith_tables *t = ((kith_table_load *)ctx)->tables;
    return add_rewrite(&t->ocr, row->fields[0], row->fields[1], 'a', err);
}

static kith_status
phonetic(void *ctx, const kith_table_row *row, kith_error *err)
{
    kith_tables *t = ((kith_table_load *)ctx)->tables;
    const char where = row->fields[0].len == 0 ? 'a' : row->fields[0].data[0];
    return add_rewrite(&t->phonetic, row->fields[1], row->fields[2], where,
                       err);
}

static kith_status
add_pair(kith_variants *v, uint32_t name, uint32_t other, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(KITH_GROW(&v->pairs, &v->cap, v->n + 1, err));
    v->pairs[v->n++] = (uint64_t)name << 32 | other;
done:
    return status;
}

/* Names are written with capitals in the name lists; nickname tables may be
 * in lower case. */
static kith_status
intern_capital(kith_tables *t, const kith_table_row *row, unsigned field,
               uint32_t *id, kith_error *err)
{
    char text[64];
    const kith_str s = row->fields[field];
    if (s.len == 0 || s.len >= sizeof text)
        return kith_table_wrong(row, field, "want a name, at most 63 bytes",
                                err);
    memcpy(text, s.data, s.len);
    if (text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] - 'a' + 'A');
    return kith_dict_add(&t->names, (kith_str){text, s.len}, id, err);
}

static kith_status
nickname(void *ctx, const kith_table_row *row, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_tables *t = ((kith_table_load *)ctx)->tables;
    uint32_t formal = 0;
    uint32_t shortened = 0;
    KITH_TRY(intern_capital(t, row, 0, &formal, err));
    KITH_TRY(intern_capital(t, row, 1, &shortened, err));
    KITH_TRY(add_pair(&t->nicknames, formal, shortened, err));
done:
    return status;
}

/* Every pair of different spellings of the group that just ended. */
static kith_status
end_group(kith_table_load *load, kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < load->n_group; i++)
        for (size_t j = 0; j < load->n_group; j++)
            if (load->group[i] != load->group[j])
                KITH_TRY(add_pair(&load->tables->spellings, load->group[i],
                                  load->group[j], err));
    load->n_group = 0;
done:
    return status;
}

static kith_status
spelling(void *ctx, const kith_table_row *row, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_table_load *load = ctx;
    double group = 0;
    uint32_t name = 0;
    KITH_TRY(kith_table_number(row, 0, 0, 1e9, &group, err));
    if ((uint32_t)group != load->group_id)
        KITH_TRY(end_group(load, err));
    load->group_id = (uint32_t)group;
    KITH_TRY(intern_capital(load->tables, row, 1, &name, err));
    KITH_TRY(KITH_GROW(&load->group, &load->group_cap, load->n_group + 1, err));
    load->group[load->n_group++] = name;
done:
    return status;
}

static int
compare_pairs(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

kith_status
kith_tables_load_errors(kith_table_load *load, kith_error *err)
{
    static const char *const keys[] = {"key", "neighbour", NULL};
    static const char *const misread[] = {"original", "misread", NULL};
    static const char *const sounds[] = {"position", "original", "replacement",
                                         NULL};
    static const char *const shorts[] = {"formal", "short", NULL};
    static const char *const variants[] = {"group_id", "variant", NULL};
    kith_status status = KITH_OK;
    kith_tables *t = load->tables;
    const kith_table_folders *f = load->folders;
    KITH_TRY(kith_table_read(f, "keyboard_uk.csv", keys, near_key, load, err));
    KITH_TRY(kith_table_read(f, "ocr_confusions.csv", misread, ocr, load, err));
    KITH_TRY(
        kith_table_read(f, "phonetic_rules.csv", sounds, phonetic, load, err));
    KITH_TRY(kith_table_read(f, "nicknames.csv", shorts, nickname, load, err));
    KITH_TRY(kith_table_read(f, "name_transliterations.csv", variants, spelling,
                             load, err));
    KITH_TRY(end_group(load, err));
    qsort(t->nicknames.pairs, t->nicknames.n, sizeof *t->nicknames.pairs,
          compare_pairs);
    qsort(t->spellings.pairs, t->spellings.n, sizeof *t->spellings.pairs,
          compare_pairs);
done:
    return status;
}
