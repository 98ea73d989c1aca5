#include "synth/files.h"

#include <stdio.h>
#include <string.h>

unsigned
kith_file_persons(unsigned agency)
{
    return agency * KITH_FILES_EACH;
}

unsigned
kith_file_events(unsigned agency, unsigned events)
{
    return agency * KITH_FILES_EACH + 1 + events;
}

unsigned
kith_file_relations(unsigned agency)
{
    return agency * KITH_FILES_EACH + KITH_FILES_EACH - 1;
}

bool
kith_file_name(char out[128], unsigned file, bool gzip)
{
    const char *tail = gzip ? ".gz" : "";
    if (file >= KITH_FILE_RECORDS) {
        static const char *const names[] = {
            "truth/records.csv", "truth/persons.csv", "truth/families.csv",
            "truth/cohorts.csv", "areas.csv",         "communal.csv"};
        (void)snprintf(out, 128, "%s", names[file - KITH_FILE_RECORDS]);
        return true;
    }
    const kith_agency *a = kith_agency_at(file / KITH_FILES_EACH);
    const unsigned which = file % KITH_FILES_EACH;
    const char *part = NULL;
    if (which == 0)
        part = "persons";
    else if (which == KITH_FILES_EACH - 1)
        part = a->relations;
    else
        part = a->events[which - 1].file;
    if (part == NULL)
        return false;
    (void)snprintf(out, 128, "extracts/%s_%s.csv%s", a->name, part, tail);
    return true;
}

static void
persons_header(kith_buffer *b, const kith_agency *a)
{
    kith_text_raw(b, a->id);
    for (unsigned i = 0;
         i < KITH_AGENCY_COLUMNS && a->columns[i].header != NULL; i++) {
        kith_text_char(b, a->delimiter);
        kith_text_raw(b, a->columns[i].header);
    }
    if (a->household != NULL) {
        kith_text_char(b, a->delimiter);
        kith_text_raw(b, a->household);
    }
    kith_text_char(b, a->delimiter);
    kith_text_raw(b, a->updated);
}

static void
events_header(kith_buffer *b, const kith_agency *a, kith_event_type type)
{
    const kith_event_spec *spec = kith_event_spec_of(type);
    char header[KITH_TEXT_FIELD];
    kith_text_raw(b, a->id);
    kith_text_char(b, a->delimiter);
    kith_text_raw(b, a->start);
    if (spec->spell) {
        kith_text_char(b, a->delimiter);
        kith_text_raw(b, a->end);
    }
    for (unsigned i = 0; i < KITH_EVENT_CODES && spec->codes[i].name; i++) {
        kith_agency_header(header, a, spec->codes[i].name);
        kith_text_char(b, a->delimiter);
        kith_text_raw(b, header);
    }
    for (unsigned i = 0; i < KITH_EVENT_AMOUNTS && spec->amounts[i]; i++) {
        kith_agency_header(header, a, spec->amounts[i]);
        kith_text_char(b, a->delimiter);
        kith_text_raw(b, header);
    }
    if (a->filter != NULL) {
        kith_text_char(b, a->delimiter);
        kith_text_raw(b, a->filter);
    }
}

void
kith_file_header(kith_buffer *b, unsigned file)
{
    if (file == KITH_FILE_RECORDS)
        kith_text_raw(b, "agency,id,person,household,family,errors,"
                         "household_then,communal,family_then");
    else if (file == KITH_FILE_PERSONS)
        kith_text_raw(b, "person,household,family,household_type,district,"
                         "neighbourhood,community,sex,born,died,mother,father,"
                         "partner,deprivation,disadvantages,needs");
    else if (file == KITH_FILE_FAMILIES)
        kith_text_raw(b, "family,household,district,neighbourhood,children,"
                         "adults,domains,complex,needs");
    else if (file == KITH_FILE_COHORTS)
        kith_text_raw(b, "cohort,unit,id,tier");
    else if (file == KITH_FILE_AREAS)
        kith_text_raw(b, "postcode,neighbourhood,district,deprivation_decile");
    else if (file == KITH_FILE_COMMUNAL)
        kith_text_raw(b, "kind,uprn,postcode,house");
    else {
        const kith_agency *a = kith_agency_at(file / KITH_FILES_EACH);
        const unsigned which = file % KITH_FILES_EACH;
        if (which == 0)
            persons_header(b, a);
        else if (which == KITH_FILES_EACH - 1)
            kith_text_raw(b, "ChildID,ParentID,From");
        else
            events_header(b, a, a->events[which - 1].type);
    }
    kith_text_char(b, '\n');
}

const char *
kith_planted_name(kith_planted planted)
{
    static const char *const names[KITH_PLANTED] = {"ragged_row", "repeated_id",
                                                    "future_date"};
    return names[planted];
}

void
kith_cell_text_clear(kith_cell_text *t)
{
    for (unsigned i = 0; i < KITH_FILES; i++)
        t->files[i].len = 0;
    if (t->tally != NULL)
        kith_tally_clear(t->tally);
    t->n_records = 0;
    t->n_events = 0;
    memset(t->errors, 0, sizeof t->errors);
    memset(t->records, 0, sizeof t->records);
    memset(t->planted, 0, sizeof t->planted);
    memset(t->changes, 0, sizeof t->changes);
}

void
kith_cell_text_done(kith_cell_text *t)
{
    for (unsigned i = 0; i < KITH_FILES; i++)
        kith_buffer_done(&t->files[i]);
    kith_tally_free(t->tally);
}
