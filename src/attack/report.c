#include "attack/report.h"

#include "base/alloc.h"
#include "io/out.h"

#include <inttypes.h>
#include <kith/version.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

const char *
kith_attack_verdict_name(kith_attack_verdict verdict)
{
    switch (verdict) {
    case KITH_ATTACK_HOLDS:
        return "holds";
    case KITH_ATTACK_BREAKS:
        return "breaks";
    case KITH_ATTACK_REPORTED:
        break;
    }
    return "reported";
}

void
kith_attack_report_done(kith_attack_report *report)
{
    kith_free(report->measures);
    *report = (kith_attack_report){0};
}

static kith_attack_verdict
judge(double value, kith_gate gate)
{
    if (isnan(gate.least) && isnan(gate.most))
        return KITH_ATTACK_REPORTED;
    if ((!isnan(gate.least) && !(value >= gate.least)) ||
        (!isnan(gate.most) && !(value <= gate.most)))
        return KITH_ATTACK_BREAKS;
    return KITH_ATTACK_HOLDS;
}

kith_status
kith_report_add(const kith_subject *s, const char *name, double value,
                kith_gate gate, kith_error *err, const char *format, ...)
{
    kith_status status = KITH_OK;
    kith_attack_report *r = s->report;
    va_list args;
    KITH_TRY(KITH_GROW(&r->measures, &r->cap, (size_t)r->n + 1, err));
    kith_measure *m = &r->measures[r->n++];
    *m = (kith_measure){.value = value,
                        .least = gate.least,
                        .most = gate.most,
                        .control = s->control,
                        .verdict = judge(value, gate)};
    snprintf(m->name, sizeof m->name, "%s", name);
    snprintf(m->subject, sizeof m->subject, "%s", s->name);
    va_start(args, format);
    vsnprintf(m->note, sizeof m->note, format, args);
    va_end(args);
    r->n_broken += !m->control && m->verdict == KITH_ATTACK_BREAKS;
    r->n_tame += m->control && m->verdict == KITH_ATTACK_HOLDS;
done:
    return status;
}

static kith_status
write_number(kith_out *o, const char *name, double x, kith_error *err)
{
    return isnan(x) ? kith_out_printf(o, err, ", \"%s\": null", name)
                    : kith_out_printf(o, err, ", \"%s\": %.6g", name, x);
}

/* Names, subjects and notes are our own words and pass names: plain ASCII
 * without quotes. */
static kith_status
write_measure(kith_out *o, const kith_measure *m, bool last, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_out_printf(o, err,
                             "    {\"measure\": \"%s\", \"subject\": \"%s\"",
                             m->name, m->subject));
    KITH_TRY(write_number(o, "value", m->value, err));
    KITH_TRY(write_number(o, "least", m->least, err));
    KITH_TRY(write_number(o, "most", m->most, err));
    KITH_TRY(kith_out_printf(
        o, err, ", \"control\": %s, \"verdict\": \"%s\", \"note\": \"%s\"}%s\n",
        m->control ? "true" : "false", kith_attack_verdict_name(m->verdict),
        m->note, last ? "" : ","));
done:
    return status;
}

kith_status
kith_report_write(const kith_attack_report *report,
                  const kith_attack_params *params, uint32_t n_records,
                  kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *o = NULL;
    KITH_TRY(kith_out_open(&o, params->out, false, err));
    KITH_TRY(kith_out_printf(
        o, err,
        "{\n  \"tool\": \"%s\",\n  \"agency\": \"%s\",\n"
        "  \"spec\": \"%s\",\n  \"seed\": %" PRIu64 ",\n"
        "  \"records\": %" PRIu32 ",\n  \"broken\": %" PRIu32 ",\n"
        "  \"controls_that_hold\": %" PRIu32 ",\n  \"measures\": [\n",
        kith_version(), params->mapping->agency, params->spec->digest,
        params->seed, n_records, report->n_broken, report->n_tame));
    for (uint32_t i = 0; i < report->n; i++)
        KITH_TRY(
            write_measure(o, &report->measures[i], i + 1 == report->n, err));
    KITH_TRY(kith_out_printf(o, err, "  ]\n}\n"));
    kith_out *whole = o;
    o = NULL;
    KITH_TRY(kith_out_commit(whole, job, err));
done:
    kith_out_abort(o);
    return status;
}
