#include "criteria/evidence.h"

#include "base/alloc.h"
#include "base/date.h"
#include "base/hex.h"
#include "encode/bundle.h"

#include <stdio.h>
#include <string.h>

/* What every line of one flag shares. */
typedef struct writer {
    kith_flag_evidence *out;
    kith_eval *e;
    const char *id;
} writer;

static const char *
truth_name(kith_truth t)
{
    return t == KITH_TRUE ? "yes" : t == KITH_FALSE ? "no" : "unknown";
}

/* What a line says beside its flag, criterion and status. */
typedef struct columns {
    kith_str person;
    kith_str agency;
    kith_str event;
    kith_str date;
    kith_str record;
    kith_str bits;
    kith_str note;
} columns;

/* What all lines of one criterion begin with. */
static kith_status
begin_criterion(writer *w, const char *criterion, kith_error *err)
{
    const kith_str comma = {",", 1};
    const kith_str parts[] = {
        kith_str_of(w->e->cohort->name), comma, kith_str_of(w->id), comma,
        kith_str_of(criterion),          comma};
    kith_buffer_clear(&w->out->prefix);
    return kith_buffer_join(&w->out->prefix, parts, 6, err);
}

static kith_status
write_line(writer *w, kith_truth truth, columns c, kith_error *err)
{
    const kith_str comma = {",", 1};
    const kith_str parts[] = {{w->out->prefix.data, w->out->prefix.len},
                              kith_str_of(truth_name(truth)),
                              comma,
                              c.person,
                              comma,
                              c.agency,
                              comma,
                              c.event,
                              comma,
                              c.date,
                              comma,
                              c.record,
                              comma,
                              c.bits,
                              comma,
                              c.note,
                              {"\n", 1}};
    return kith_buffer_join(&w->out->text, parts, sizeof parts / sizeof *parts,
                            err);
}

static kith_status
write_note(writer *w, kith_truth truth, const char *note, kith_error *err)
{
    return write_line(w, truth, (columns){.note = kith_str_of(note)}, err);
}

static bool
may_show(const writer *w, uint32_t person)
{
    return w->e->cohort->all_members ||
           (w->e->cohort->level == KITH_LEVEL_PERSON && person == w->e->unit);
}

static kith_status
read_pseudonym(const writer *w, const kith_event *event, char out[33],
               kith_error *err)
{
    uint8_t bytes[KITH_PSEUDONYM_BYTES];
    kith_status status = kith_rows_peek(
        w->out->people[event->agency], event->record, bytes, sizeof bytes, err);
    if (status != KITH_OK)
        return status;
    kith_hex_write(out, bytes, sizeof bytes);
    out[32] = '\0';
    return KITH_OK;
}

/* "12.34"; empty when the record is tied to no other. */
static kith_str
format_tie(char out[16], int16_t tie)
{
    unsigned left = (unsigned)(tie < 0 ? -tie : tie);
    size_t at = 16;
    if (tie == KITH_NO_TIE)
        return (kith_str){out, 0};
    for (int digit = 0; digit < 3 || left > 0; digit++) {
        if (digit == 2)
            out[--at] = '.';
        out[--at] = (char)('0' + left % 10);
        left /= 10;
    }
    if (tie < 0)
        out[--at] = '-';
    return (kith_str){out + at, 16 - at};
}

/* Who nominated, and until when it holds: somebody answers for it. */
static kith_status
note_author(writer *w, const kith_event *event, kith_str *note, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_world *world = w->e->world;
    const kith_vocabulary *v = world->vocabulary;
    const kith_event_type *t = &v->types[event->type];
    kith_buffer *b = &w->out->note;
    char until[16] = "";
    if (strcmp(t->name, "nomination") != 0)
        return KITH_OK;
    const uint32_t slot = kith_event_type_code(t, "by");
    const uint32_t by =
        slot != UINT32_MAX ? world->events->attributes[event->attributes + slot]
                           : KITH_NO_CODE;
    if (event->end != KITH_OPEN_END)
        kith_date_format_iso(until, event->end);
    kith_buffer_clear(b);
    KITH_TRY(kith_buffer_printf(
        b, err, "by %s; %s%s",
        by != KITH_NO_CODE ? kith_dict_at(&v->texts, by) : "nobody named",
        until[0] != '\0' ? "until " : "without an end", until));
    for (char *c = b->data; *c != '\0'; c++) {
        if (*c == ',' || *c == '"' || *c == '\n')
            *c = ' ';
    }
    *note = (kith_str){b->data, b->len};
done:
    return status;
}

static kith_status
write_event(writer *w, const kith_finding *f, kith_truth truth, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_world *world = w->e->world;
    const kith_people *people = world->people;
    const kith_event *event = &world->events->all[f->event];
    char pseudonym[33];
    char day[16];
    char bits[16];
    columns c = {
        .agency = kith_str_of(people->agencies.names[event->agency]),
        .event = kith_str_of(world->vocabulary->types[event->type].name),
        .bits = format_tie(bits,
                           people->records[event->agency].tie[event->record])};
    if (!may_show(w, f->person)) {
        c.note = kith_str_of("another member: person date and record withheld");
        return write_line(w, truth, c, err);
    }
    KITH_TRY(read_pseudonym(w, event, pseudonym, err));
    kith_date_format_iso(day, event->start);
    c.person = kith_str_of(kith_dict_at(&people->ids, f->person));
    c.date = kith_str_of(day);
    c.record = (kith_str){pseudonym, 32};
    KITH_TRY(note_author(w, event, &c.note, err));
    KITH_TRY(write_line(w, truth, c, err));
done:
    return status;
}

/* " on 2026-03-31" or " 2025-04-01 to 2026-03-31". */
static kith_str
format_days(char out[40], kith_days d)
{
    char to[16];
    kith_date_format_iso(to, d.to);
    if (d.from == INT32_MIN || d.from == d.to) {
        memcpy(out, " on ", 4);
        memcpy(out + 4, to, 10);
        return (kith_str){out, 14};
    }
    out[0] = ' ';
    kith_date_format_iso(out + 1, d.from);
    memcpy(out + 11, " to ", 4);
    memcpy(out + 15, to, 10);
    return (kith_str){out, 25};
}

/* Where the person lives, when that is known. */
static const char *
district_name(const kith_world *world, uint32_t person)
{
    const uint32_t district = person == KITH_NO_PERSON
                                  ? KITH_NO_AREA
                                  : world->people->persons[person].district;
    return district < world->people->districts.n
               ? kith_dict_at(&world->people->districts, district)
               : "";
}

/* What an age, a role, an area or another cohort had to do with it: the words
 * before and after a cohort's name, or the first alone. */
typedef struct trait_words {
    const char *before;
    const char *cohort;
} trait_words;

static trait_words
say_trait(const writer *w, const kith_finding *f)
{
    const kith_node *n = f->trait;
    const bool known = f->leaf != KITH_UNKNOWN;
    const bool own = w->e->cohort->level == KITH_LEVEL_PERSON;
    switch ((int)n->kind) {
    case KITH_NODE_COHORT:
        return (trait_words){f->leaf == KITH_TRUE    ? "in cohort "
                             : f->leaf == KITH_FALSE ? "not in cohort "
                                                     : "not known: in cohort ",
                             w->e->world->program->cohorts[n->cohort]->name};
    case KITH_NODE_LIVES:
    case KITH_NODE_AREA:
        return (trait_words){
            known ? "home area decides" : "home area not known", ""};
    case KITH_NODE_ROLE:
        if (n->index == KITH_ROLE_MALE || n->index == KITH_ROLE_FEMALE)
            return (trait_words){
                known ? (own ? "sex decides" : "a member's sex decides")
                      : (own ? "sex not known" : "a member's sex not known"),
                ""};
        if (n->index != KITH_ROLE_CHILD && n->index != KITH_ROLE_ADULT)
            return (trait_words){known ? "role in the family decides"
                                       : "role in the family not known",
                                 ""};
        break;
    default:
        break;
    }
    return (trait_words){
        known ? (own ? "age decides" : "a member's age decides")
              : (own ? "age not known" : "a member's age not known"),
        ""};
}

static kith_status
write_trait(writer *w, const kith_finding *f, kith_truth truth, kith_error *err)
{
    kith_status status = KITH_OK;
    const trait_words said = say_trait(w, f);
    const kith_str parts[] = {kith_str_of(said.before),
                              kith_str_of(said.cohort)};
    kith_buffer_clear(&w->out->note);
    KITH_TRY(kith_buffer_join(&w->out->note, parts, 2, err));
    KITH_TRY(write_note(w, truth, w->out->note.data, err));
done:
    return status;
}

/* A period without events: what was looked at, or what is missing. */
static kith_status
write_period(writer *w, const kith_finding *f, kith_truth truth,
             kith_error *err)
{
    const kith_world *world = w->e->world;
    if (f->query == NULL)
        return write_trait(w, f, truth, err);
    const char *type = world->vocabulary->types[f->query->type].name;
    const char *district = district_name(world, f->person);
    char room[40];
    kith_days period = f->days;
    if (truth == KITH_UNKNOWN && f->person != KITH_NO_PERSON)
        kith_eval_gap(world, f->query, f->person, &period);
    const kith_str days = format_days(room, period);
    kith_buffer *note = &w->out->note;
    kith_buffer_clear(note);
    kith_status status = KITH_OK;
    if (truth == KITH_UNKNOWN) {
        const bool early = f->days.to > world->day;
        const bool expired = f->days.from < w->e->cohort->oldest;
        const kith_str parts[] = {
            kith_str_of(early     ? "not over yet: "
                        : expired ? "older than evidence is kept: "
                                  : "missing extract: "),
            kith_str_of(type), days,
            kith_str_of(early || district[0] == '\0' ? "" : " in "),
            kith_str_of(early ? "" : district)};
        KITH_TRY(kith_buffer_join(note, parts, 5, err));
    } else {
        const kith_str parts[] = {
            kith_str_of("looked at "), kith_str_of(type), days,
            kith_str_of(f->leaf == KITH_TRUE ? ": as required"
                                             : ": none that counts")};
        KITH_TRY(kith_buffer_join(note, parts, 4, err));
    }
    for (char *c = note->data; *c != '\0'; c++) {
        if (*c == ',' || *c == '"' || *c == '\n')
            *c = ' '; /* a district's name may hold one; a note never quotes */
    }
    KITH_TRY(write_line(
        w, truth,
        (columns){.event = kith_str_of(type), .note = {note->data, note->len}},
        err));
done:
    return status;
}

static bool
same_trait(const writer *w, const kith_finding *a, const kith_finding *b)
{
    const trait_words x = say_trait(w, a);
    const trait_words y = say_trait(w, b);
    return strcmp(x.before, y.before) == 0 && strcmp(x.cohort, y.cohort) == 0;
}

/* Same look at the same extract, for another member or another test. */
static bool
same_finding(const writer *w, const kith_finding *a, const kith_finding *b)
{
    if (a->event != UINT64_MAX || b->event != UINT64_MAX)
        return a->event == b->event;
    if (a->query == NULL || b->query == NULL)
        return a->query == b->query && same_trait(w, a, b);
    return a->query->type == b->query->type && a->days.from == b->days.from &&
           a->days.to == b->days.to;
}

static bool
seen_before(const writer *w, size_t i)
{
    const kith_trace *t = &w->out->trace;
    for (size_t k = 0; k < i; k++) {
        if (same_finding(w, &t->all[k], &t->all[i]))
            return true;
    }
    return false;
}

/* A person with hundreds of events still has a readable flag. */
enum { MAX_LINES = 50 };

static kith_status
write_findings(writer *w, kith_truth truth, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_trace *t = &w->out->trace;
    bool any_event = false;
    uint32_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        any_event = any_event || t->all[i].event != UINT64_MAX;
    for (size_t i = 0; i < t->n; i++) {
        const kith_finding *f = &t->all[i];
        const bool is_event = f->event != UINT64_MAX;
        /* What is met by an event needs no more; what is not has all that was
         * looked at. */
        if ((truth == KITH_TRUE && any_event && !is_event) || seen_before(w, i))
            continue;
        if (n++ >= MAX_LINES)
            continue;
        KITH_TRY(is_event ? write_event(w, f, truth, err)
                          : write_period(w, f, truth, err));
    }
    if (n > MAX_LINES) {
        char note[64];
        (void)snprintf(note, sizeof note, "and %u more", n - MAX_LINES);
        w->out->n_left_out += n - MAX_LINES;
        KITH_TRY(write_note(w, truth, note, err));
    }
    if (n == 0)
        KITH_TRY(write_note(w, truth, "no member it asks about", err));
done:
    return status;
}

static kith_status
write_cond(writer *w, const kith_node *cond, kith_error *err)
{
    w->out->trace.n = 0;
    w->e->trace = &w->out->trace;
    const kith_truth truth = kith_eval_cond(w->e, cond);
    w->e->trace = NULL;
    if (w->e->status != KITH_OK)
        return kith_error_memory(err, w->out->trace.n, sizeof(kith_finding));
    return write_findings(w, truth, err);
}

void
kith_flag_evidence_done(kith_flag_evidence *e)
{
    kith_buffer_done(&e->text);
    kith_buffer_done(&e->note);
    kith_buffer_done(&e->prefix);
    kith_trace_done(&e->trace);
}

kith_status
kith_flag_evidence_cond(kith_flag_evidence *out, kith_eval *e, const char *id,
                        const char *name, const kith_node *cond,
                        kith_error *err)
{
    writer w = {out, e, id};
    const kith_status status = begin_criterion(&w, name, err);
    return status == KITH_OK ? write_cond(&w, cond, err) : status;
}

kith_status
kith_flag_evidence_add(kith_flag_evidence *out, kith_eval *e, const char *id,
                       kith_flagged flagged, kith_error *err)
{
    kith_status status = KITH_OK;
    writer w = {out, e, id};
    bool any = false;
    for (const kith_criterion *c = e->cohort->criteria; c != NULL;
         c = c->next) {
        if (c->kind != KITH_CRITERION ||
            (c->of_person && e->cohort->level != KITH_LEVEL_PERSON))
            continue;
        any = true;
        KITH_TRY(begin_criterion(&w, c->name, err));
        KITH_TRY(write_cond(&w, c->cond, err));
    }
    KITH_TRY(begin_criterion(&w, "flag", err));
    if (!any)
        KITH_TRY(write_cond(&w, e->cohort->yes, err));
    if (flagged.verdict == KITH_VERDICT_NEAR_OPEN)
        KITH_TRY(write_note(&w, KITH_UNKNOWN,
                            "near: yes if the missing extracts say so", err));
done:
    return status;
}
