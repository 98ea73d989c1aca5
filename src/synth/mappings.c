#include "synth/mappings.h"

#include "base/alloc.h"
#include "io/folder.h"
#include "io/out.h"
#include "synth/agencies.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One column that holds two fields, in the order it writes them. */
static kith_status
write_full_name(kith_out *o, const char *header, kith_error *err)
{
    static const char *const fields[2] = {"surname", "forename"};
    kith_status status = KITH_OK;
    for (unsigned i = 0; i < 2; i++)
        KITH_TRY(kith_out_printf(o, err,
                                 "    - {field: %s, column: \"%s\", "
                                 "format: \"surname, forename\"}\n",
                                 fields[i], header));
done:
    return status;
}

static kith_status
write_persons(kith_out *o, const kith_agency *a, const char *tail,
              kith_error *err)
{
    kith_status status = KITH_OK;
    const char *dates = kith_date_style_name(a->dates);
    KITH_TRY(kith_out_printf(o, err,
                             "persons:\n"
                             "  file: %s_persons.csv%s\n"
                             "  id: \"%s\"\n"
                             "  updated: {column: \"%s\", format: %s}\n",
                             a->name, tail, a->id, a->updated, dates));
    if (a->household != NULL)
        KITH_TRY(
            kith_out_printf(o, err, "  household: \"%s\"\n", a->household));
    KITH_TRY(kith_out_printf(o, err, "  columns:\n"));
    for (unsigned i = 0;
         i < KITH_AGENCY_COLUMNS && a->columns[i].header != NULL; i++) {
        const kith_agency_column *c = &a->columns[i];
        if (c->held == KITH_HELD_FULL_NAME) {
            KITH_TRY(write_full_name(o, c->header, err));
            continue;
        }
        KITH_TRY(kith_out_printf(o, err, "    - {field: %s, column: \"%s\"",
                                 kith_held_name(c->held), c->header));
        if (c->held == KITH_HELD_DOB)
            KITH_TRY(kith_out_printf(o, err, ", format: %s", dates));
        KITH_TRY(kith_out_printf(o, err, "}\n"));
    }
done:
    return status;
}

static kith_status
write_attributes(kith_out *o, const kith_agency *a, const kith_event_spec *spec,
                 kith_error *err)
{
    kith_status status = KITH_OK;
    char header[KITH_TEXT_FIELD];
    if (spec->codes[0].name == NULL && spec->amounts[0] == NULL)
        return KITH_OK;
    KITH_TRY(kith_out_printf(o, err, "    attributes:\n"));
    for (unsigned i = 0; i < KITH_EVENT_CODES && spec->codes[i].name; i++) {
        kith_agency_header(header, a, spec->codes[i].name);
        KITH_TRY(kith_out_printf(o, err, "      - {name: %s, column: \"%s\"}\n",
                                 spec->codes[i].name, header));
    }
    for (unsigned i = 0; i < KITH_EVENT_AMOUNTS && spec->amounts[i]; i++) {
        kith_agency_header(header, a, spec->amounts[i]);
        KITH_TRY(kith_out_printf(
            o, err, "      - {name: %s, column: \"%s\", number: yes}\n",
            spec->amounts[i], header));
    }
done:
    return status;
}

static kith_status
write_events(kith_out *o, const kith_agency *a, const char *tail,
             kith_error *err)
{
    kith_status status = KITH_OK;
    if (a->events[0].file == NULL)
        return KITH_OK;
    KITH_TRY(kith_out_printf(o, err, "events:\n"));
    for (unsigned i = 0; i < KITH_AGENCY_FILES && a->events[i].file; i++) {
        const kith_agency_events *e = &a->events[i];
        const kith_event_spec *spec = kith_event_spec_of(e->type);
        KITH_TRY(kith_out_printf(o, err,
                                 "  - file: %s_%s.csv%s\n"
                                 "    type: %s\n"
                                 "    id: \"%s\"\n"
                                 "    start: \"%s\"\n",
                                 a->name, e->file, tail, spec->name, a->id,
                                 a->start));
        if (spec->spell)
            KITH_TRY(kith_out_printf(o, err, "    end: \"%s\"\n", a->end));
        KITH_TRY(kith_out_printf(o, err, "    format: %s\n",
                                 kith_date_style_name(a->dates)));
        if (a->filter != NULL)
            KITH_TRY(kith_out_printf(o, err,
                                     "    where: \"%s\"\n"
                                     "    equals: \"%s\"\n",
                                     a->filter, a->kept));
        KITH_TRY(write_attributes(o, a, spec, err));
    }
done:
    return status;
}

/* One line a type when every district sends it, else one a district. */
static kith_status
write_coverage(kith_out *o, const kith_agency *a, const kith_world *w,
               kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_tables *t = w->tables;
    char from[16];
    if (a->events[0].file == NULL)
        return KITH_OK;
    KITH_TRY(kith_out_printf(o, err, "coverage:\n"));
    for (unsigned i = 0; i < KITH_AGENCY_FILES && a->events[i].file; i++) {
        const kith_agency_events *e = &a->events[i];
        const char *type = kith_event_spec_of(e->type)->name;
        kith_date_format_iso(
            from,
            kith_add_months(w->reference, -12 * kith_event_years(e->type)));
        if (a->districts == NULL && e->gap == NULL) {
            KITH_TRY(kith_out_printf(o, err, "  - {type: %s, from: %s}\n", type,
                                     from));
            continue;
        }
        for (uint32_t d = 0; d < t->n_districts; d++) {
            const char *name = kith_dict_at(&t->names, t->districts[d].name);
            if (!kith_agency_serves(a, name) ||
                (e->gap != NULL && strcmp(e->gap, name) == 0))
                continue;
            KITH_TRY(kith_out_printf(o, err,
                                     "  - {type: %s, from: %s, area: %s}\n",
                                     type, from, name));
        }
    }
done:
    return status;
}

static kith_status
write_mapping(const kith_synth_params *params, const kith_world *w,
              unsigned agency, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *o = NULL;
    char *path = NULL;
    char name[64];
    const kith_agency *a = kith_agency_at(agency);
    const char *tail = params->gzip ? ".gz" : "";
    (void)snprintf(name, sizeof name, "agencies/%s.yaml", a->name);
    KITH_TRY(kith_path_join(&path, params->out, name, err));
    KITH_TRY(kith_out_open(&o, path, false, err));
    KITH_TRY(kith_out_printf(o, err,
                             "agency: %s\n"
                             "title: \"%s\"\n"
                             "purpose: \"%s\"\n"
                             "link: %s\n"
                             "delimiter: \"%c\"\n",
                             a->name, a->title, a->purpose,
                             a->one ? "one" : "many", a->delimiter));
    KITH_TRY(write_persons(o, a, tail, err));
    KITH_TRY(write_events(o, a, tail, err));
    if (a->relations != NULL)
        KITH_TRY(kith_out_printf(
            o, err,
            "relations:\n"
            "  - {file: %s_%s.csv%s, id: ChildID, other: ParentID, "
            "value: child_of, start: From, format: %s}\n",
            a->name, a->relations, tail, kith_date_style_name(a->dates)));
    KITH_TRY(write_coverage(o, a, w, err));
    status = kith_out_commit(o, job, err);
    o = NULL;
done:
    kith_out_abort(o);
    kith_free(path);
    return status;
}

static kith_status
write_criteria(kith_out *o, const char *folder, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_folder list = {0};
    char *whole = NULL;
    char *file = NULL;
    if (folder == NULL)
        return KITH_OK;
    whole = realpath(folder, NULL);
    if (whole == NULL) {
        status = kith_error_set(err, KITH_ERR_IO, "%s: no such folder", folder);
        goto done;
    }
    KITH_TRY(kith_folder_list(&list, whole, ".criteria", err));
    if (list.n != 0)
        KITH_TRY(kith_out_printf(o, err, "criteria:\n"));
    for (size_t i = 0; i < list.n; i++) {
        KITH_TRY(
            kith_folder_file(&file, whole, list.names[i], ".criteria", err));
        KITH_TRY(kith_out_printf(o, err, "  - %s\n", file));
        kith_free(file);
        file = NULL;
    }
done:
    kith_folder_done(&list);
    kith_free(file);
    free(whole); /* realpath's own */
    return status;
}

/* A small population has small neighbourhoods: a third of the share of 30,000
 * residents, to twice that of 50,000, of 2,867,800 (Census 2021). */
static kith_status
write_neighbourhoods(kith_out *o, uint64_t n_people, kith_error *err)
{
    const double share = (double)n_people / 2867800.0;
    if (share >= 1)
        return KITH_OK;
    return kith_out_printf(o, err,
                           "smallest_neighbourhood: %u\n"
                           "largest_neighbourhood: %u\n",
                           (unsigned)(share * 30000.0 / 3),
                           (unsigned)(share * 50000.0 * 2) + 1);
}

/* Rows that no reader can use are made at a rate; the agency with most of them
 * has one for every 350 people. */
enum { BAD_ROWS = 1000, PEOPLE_A_BAD_ROW = 200 };

static kith_status
write_project(const kith_synth_params *params, const kith_world *w,
              const uint64_t *n_records, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *o = NULL;
    char *path = NULL;
    char *spec = NULL;
    const int32_t night = w->today - w->reference;
    /* All nights are of one key epoch, and use the keys of the first day. */
    const kith_ymd d = kith_ymd_from_days(w->reference);
    const char *base = night > 0 ? "../../" : "";
    KITH_TRY(kith_path_join(&path, params->out, "kith.yaml", err));
    KITH_TRY(kith_out_open(&o, path, false, err));
    KITH_TRY(kith_out_printf(o, err,
                             "project: gm-demo\n"
                             "epoch: %d-q%d\n"
                             "reference_date: %s\n"
                             "key: %skeys/project.key\n"
                             "agency_keys: %skeys\n"
                             "data: extracts\n"
                             "areas: areas.csv\n"
                             "communal: communal.csv\n"
                             "region: Greater Manchester\n"
                             "truth: truth/records.csv\n"
                             "out: out\n"
                             "max_bad_rows: %" PRIu64 "\n",
                             (int)d.year, (d.month + 2) / 3,
                             params->reference_date, base, base,
                             BAD_ROWS + params->n_people / PEOPLE_A_BAD_ROW));
    KITH_TRY(write_neighbourhoods(o, params->n_people, err));
    if (night > 0) {
        char before[16];
        kith_date_format_iso(before, w->today - 1);
        KITH_TRY(kith_out_printf(o, err, "previous: %s%s/out/results\n",
                                 night == 1 ? "../.." : "../",
                                 night == 1 ? "" : before));
    }
    if (params->spec != NULL) {
        spec = realpath(params->spec, NULL);
        if (spec == NULL) {
            status = kith_error_set(err, KITH_ERR_IO, "%s: no such file",
                                    params->spec);
            goto done;
        }
        KITH_TRY(kith_out_printf(o, err, "spec: %s\n", spec));
    }
    KITH_TRY(kith_out_printf(o, err, "agencies:\n"));
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++)
        if (n_records[a] > 0)
            KITH_TRY(kith_out_printf(o, err, "  - agencies/%s.yaml\n",
                                     kith_agency_at(a)->name));
    KITH_TRY(write_criteria(o, params->criteria, err));
    status = kith_out_commit(o, job, err);
    o = NULL;
done:
    kith_out_abort(o);
    kith_free(path);
    free(spec); /* realpath's own */
    return status;
}

kith_status
kith_mappings_write(const kith_synth_params *params, const kith_world *w,
                    const uint64_t *n_records, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    for (unsigned a = 0; a < KITH_SYNTH_AGENCIES; a++)
        KITH_TRY(write_mapping(params, w, a, job, err));
    KITH_TRY(write_project(params, w, n_records, job, err));
done:
    return status;
}
