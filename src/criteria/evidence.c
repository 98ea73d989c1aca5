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
    const char *criterion;
} writer;

static const char *
truth_name(kith_truth t)
{
    return t == KITH_TRUE ? "yes" : t == KITH_FALSE ? "no" : "unknown";
}

static kith_status
write_line(writer *w, kith_truth truth, const char *columns, const char *note,
           kith_error *err)
{
    return kith_buffer_printf(&w->out->text, err, "%s,%s,%s,%s,%s,%s\n",
                              w->e->cohort->name, w->id, w->criterion,
                              truth_name(truth), columns, note);
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
static void
format_tie(char out[16], int16_t tie)
{
    const int hundredths = tie < 0 ? -tie : tie;
    out[0] = '\0';
    if (tie != KITH_NO_TIE)
        snprintf(out, 16, "%s%d.%02d", tie < 0 ? "-" : "", hundredths / 100,
                 hundredths % 100);
}

static kith_status
write_event(writer *w, const kith_finding *f, kith_truth truth, kith_error *err)
{
    kith_status status = KITH_OK;
    const kith_world *world = w->e->world;
    const kith_event *event = &world->events->all[f->event];
    const char *type = world->vocabulary->types[event->type].name;
    const char *agency = world->people->agencies.names[event->agency];
    char columns[512];
    char pseudonym[33];
    char day[16];
    char bits[16];
    format_tie(bits, world->people->records[event->agency].tie[event->record]);
    if (!may_show(w, f->person)) {
        snprintf(columns, sizeof columns, ",%s,%s,,,%s", agency, type, bits);
        return write_line(w, truth, columns,
                          "another member: person date and record withheld",
                          err);
    }
    KITH_TRY(read_pseudonym(w, event, pseudonym, err));
    kith_date_format_iso(day, event->start);
    snprintf(columns, sizeof columns, "%s,%s,%s,%s,%s,%s",
             kith_dict_at(&world->people->ids, f->person), agency, type, day,
             pseudonym, bits);
    KITH_TRY(write_line(w, truth, columns, "", err));
done:
    return status;
}

static void
format_days(char out[40], kith_days d)
{
    char from[16];
    char to[16];
    kith_date_format_iso(to, d.to);
    if (d.from == INT32_MIN || d.from == d.to) {
        snprintf(out, 40, "on %s", to);
        return;
    }
    kith_date_format_iso(from, d.from);
    snprintf(out, 40, "%s to %s", from, to);
}

/* A period without events: what was looked at, or what is missing. */
static kith_status
write_period(writer *w, const kith_finding *f, kith_truth truth,
             kith_error *err)
{
    const kith_world *world = w->e->world;
    char note[256];
    char columns[128];
    char days[40];
    if (f->query == NULL) {
        return write_line(w, truth, ",,,,,",
                          truth == KITH_UNKNOWN
                              ? "age; role; area or cohort not known"
                              : "by age; role; area or cohort",
                          err);
    }
    const char *type = world->vocabulary->types[f->query->type].name;
    const uint32_t district = f->person == KITH_NO_PERSON
                                  ? KITH_NO_AREA
                                  : world->people->persons[f->person].district;
    format_days(days, f->days);
    snprintf(columns, sizeof columns, ",,%s,,,", type);
    if (truth == KITH_UNKNOWN && f->days.to > world->day)
        snprintf(note, sizeof note, "not over yet: %s %s", type, days);
    else if (truth == KITH_UNKNOWN)
        snprintf(note, sizeof note, "missing extract: %s %s%s%s", type, days,
                 district < world->people->districts.n ? " in " : "",
                 district < world->people->districts.n
                     ? world->districts[district]
                     : "");
    else
        snprintf(note, sizeof note, "looked at %s %s: %s", type, days,
                 f->leaf == KITH_TRUE ? "as required" : "none that counts");
    for (char *c = note; *c != '\0'; c++) {
        if (*c == ',' || *c == '"' || *c == '\n')
            *c = ' '; /* a district's name may hold one; a note never quotes */
    }
    return write_line(w, truth, columns, note, err);
}

/* Same look at the same extract, for another member or another test. */
static bool
same_finding(const kith_finding *a, const kith_finding *b)
{
    if (a->event != UINT64_MAX || b->event != UINT64_MAX)
        return a->event == b->event;
    if (a->query == NULL || b->query == NULL)
        return a->query == b->query;
    return a->query->type == b->query->type && a->days.from == b->days.from &&
           a->days.to == b->days.to;
}

static bool
seen_before(const kith_trace *t, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (same_finding(&t->all[k], &t->all[i]))
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
        /* Events say more than the periods and traits beside them. */
        if ((any_event && !is_event) || seen_before(t, i))
            continue;
        if (n++ == MAX_LINES)
            return write_line(w, truth, ",,,,,", "and more events", err);
        KITH_TRY(is_event ? write_event(w, f, truth, err)
                          : write_period(w, f, truth, err));
    }
    if (n == 0)
        KITH_TRY(write_line(w, truth, ",,,,,", "nobody this is about", err));
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

kith_status
kith_flag_evidence_add(kith_flag_evidence *out, kith_eval *e, const char *id,
                       kith_flagged flagged, kith_error *err)
{
    kith_status status = KITH_OK;
    writer w = {out, e, id, ""};
    bool any = false;
    for (const kith_criterion *c = e->cohort->criteria; c != NULL;
         c = c->next) {
        if (c->kind != KITH_CRITERION ||
            (c->of_person && e->cohort->level != KITH_LEVEL_PERSON))
            continue;
        w.criterion = c->name;
        any = true;
        KITH_TRY(write_cond(&w, c->cond, err));
    }
    w.criterion = "flag";
    if (!any)
        KITH_TRY(write_cond(&w, e->cohort->yes, err));
    if (flagged.verdict == KITH_VERDICT_NEAR_OPEN)
        KITH_TRY(write_line(&w, KITH_UNKNOWN, ",,,,,",
                            "near; yes if the missing extracts say so", err));
done:
    return status;
}
