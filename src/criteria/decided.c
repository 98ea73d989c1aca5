#include "criteria/decided.h"

#include "base/alloc.h"
#include "criteria/level.h"
#include "io/out.h"
#include "io/rowfile.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "population.rows"

void
kith_decided_free(kith_decided *decided)
{
    if (decided == NULL)
        return;
    for (uint32_t i = 0; decided->all != NULL && i < decided->n; i++) {
        kith_free(decided->all[i].name);
        kith_free(decided->all[i].version);
        kith_free(decided->all[i].verdicts);
    }
    kith_free(decided->all);
    kith_people_free(decided->people);
    kith_free(decided);
}

static kith_status
copy_text(char **out, kith_str s, kith_error *err)
{
    kith_status status = KITH_ALLOC(out, s.len + 1, err);
    if (status == KITH_OK && s.len > 0)
        memcpy(*out, s.data, s.len);
    return status;
}

static kith_status
name_cohort(kith_decided_cohort *c, kith_str name, kith_str version,
            kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(copy_text(&c->name, name, err));
    KITH_TRY(copy_text(&c->version, version, err));
    KITH_TRY(KITH_ALLOC(&c->verdicts, (size_t)c->n_units + 1, err));
done:
    return status;
}

kith_status
kith_decided_new(kith_decided **out, const kith_world *world,
                 kith_people **people, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_decided *d = NULL;
    const kith_program *p = world->program;
    KITH_TRY(KITH_ALLOC(&d, 1, err));
    KITH_TRY(KITH_ALLOC(&d->all, (size_t)p->n_cohorts + 1, err));
    for (uint32_t i = 0; i < p->n_cohorts; i++) {
        const kith_cohort *c = p->cohorts[i];
        if (world->verdicts[i] == NULL)
            continue; /* not in force */
        kith_decided_cohort *to = &d->all[d->n++];
        to->level = c->level;
        to->n_units = kith_level_count(world->people, c->level);
        KITH_TRY(name_cohort(to, kith_str_of(c->name), kith_str_of(c->version),
                             err));
        memcpy(to->verdicts, world->verdicts[i], to->n_units);
    }
    d->people = *people;
    *people = NULL;
    *out = d;
    d = NULL;
done:
    kith_decided_free(d);
    return status;
}

static kith_status
describe(kith_meta *meta, const kith_decided *d, kith_error *err)
{
    kith_status status = KITH_OK;
    for (uint32_t i = 0; i < d->n; i++) {
        const kith_decided_cohort *c = &d->all[i];
        KITH_TRY(kith_buffer_printf(&meta->text, err, "cohort: %s|%s|%s|%u\n",
                                    c->name, c->version,
                                    kith_level_unit(c->level), c->n_units));
    }
done:
    return status;
}

kith_status
kith_decided_save(const kith_decided *decided, const char *folder,
                  kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_meta meta = {0};
    kith_rows_out *out = NULL;
    char *path = NULL;
    KITH_TRY(describe(&meta, decided, err));
    KITH_TRY(kith_path_join(&path, folder, FILE_NAME, err));
    KITH_TRY(kith_rows_create(&out, path, "population", 1, &meta, err));
    for (uint32_t i = 0; i < decided->n; i++)
        KITH_TRY(kith_rows_write(out, decided->all[i].verdicts,
                                 decided->all[i].n_units, err));
    status = kith_rows_commit(out, job, err);
    out = NULL;
done:
    kith_rows_abort(out);
    kith_meta_done(&meta);
    kith_free(path);
    return status;
}

/* The part before the next bar; *rest moves past it. */
static kith_str
next_part(kith_str *rest)
{
    const char *bar = memchr(rest->data, '|', rest->len);
    const size_t n = bar != NULL ? (size_t)(bar - rest->data) : rest->len;
    const kith_str part = {rest->data, n};
    const size_t skip = bar != NULL ? n + 1 : n;
    *rest = (kith_str){rest->data + skip, rest->len - skip};
    return part;
}

static kith_status
read_cohort(kith_decided *d, const kith_rows_in *in, kith_str line,
            uint64_t *first, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_decided_cohort *c = &d->all[d->n++];
    const kith_str name = next_part(&line);
    const kith_str version = next_part(&line);
    char units[16];
    c->level = kith_level_of(next_part(&line));
    c->n_units = kith_level_count(d->people, c->level);
    const int n = snprintf(units, sizeof units, "%u", c->n_units);
    if ((size_t)n != line.len || memcmp(units, line.data, line.len) != 0 ||
        *first + c->n_units > kith_rows_count(in)) {
        status = kith_error_set(err, KITH_ERR_MISMATCH,
                                "%s: of other persons than these results",
                                kith_rows_path(in));
        goto done;
    }
    KITH_TRY(name_cohort(c, name, version, err));
    KITH_TRY(kith_rows_read(in, *first, c->n_units, c->verdicts, err));
    *first += c->n_units;
done:
    return status;
}

static kith_status
read_population(kith_decided *d, const char *path, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_rows_in *in = NULL;
    size_t cap = 0;
    size_t cursor = 0;
    uint64_t first = 0;
    KITH_TRY(kith_rows_open(&in, path, "population", err));
    for (;;) {
        const kith_str line =
            kith_meta_next(kith_rows_meta(in), "cohort", &cursor);
        if (line.data == NULL)
            break;
        KITH_TRY(KITH_GROW(&d->all, &cap, (size_t)d->n + 1, err));
        d->all[d->n] = (kith_decided_cohort){0};
        KITH_TRY(read_cohort(d, in, line, &first, err));
    }
done:
    kith_rows_close(in);
    return status;
}

kith_status
kith_decided_load(kith_decided **out, const char *results, const char *flags,
                  const char *payload, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_decided *d = NULL;
    char *path = NULL;
    KITH_TRY(KITH_ALLOC(&d, 1, err));
    KITH_TRY(kith_people_load(&d->people, results, payload, job, err));
    KITH_TRY(kith_path_join(&path, flags, FILE_NAME, err));
    if (access(path, F_OK) != 0) {
        status = kith_error_set(err, KITH_ERR_IO, "%s: no such file", path);
        kith_error_hint(err, "kith flag writes it beside flags.csv");
        goto done;
    }
    KITH_TRY(read_population(d, path, err));
    *out = d;
    d = NULL;
done:
    kith_free(path);
    kith_decided_free(d);
    return status;
}

const kith_decided_cohort *
kith_decided_find(const kith_decided *decided, const char *name)
{
    for (uint32_t i = 0; i < decided->n; i++) {
        if (strcmp(decided->all[i].name, name) == 0)
            return &decided->all[i];
    }
    return NULL;
}
