/**
 * @file report.h
 * @brief The list of figures, and how they are judged and written.
 */
#ifndef KITH_ATTACK_REPORT_H
#define KITH_ATTACK_REPORT_H

#include <kith/attack.h>
#include <math.h>

/** What a figure is about, for every measure of one target. */
typedef struct kith_subject {
    kith_attack_report *report;
    const char *name; /**< the pass, or the control */
    bool control;
} kith_subject;

typedef struct kith_gate {
    double least, most; /**< NAN: open */
} kith_gate;

static inline kith_gate
kith_gate_most(double most)
{
    return (kith_gate){(double)NAN, most};
}

static inline kith_gate
kith_gate_least(double least)
{
    return (kith_gate){least, (double)NAN};
}

/** For what is reported only. */
static inline kith_gate
kith_gate_none(void)
{
    return (kith_gate){(double)NAN, (double)NAN};
}

/** Judges a figure and adds it. The note is a printf format. */
KITH_NODISCARD kith_status kith_report_add(const kith_subject *s,
                                           const char *name, double value,
                                           kith_gate gate, kith_error *err,
                                           const char *format, ...)
    KITH_PRINTF(6, 7);

/** The report as JSON, through io/out.h. */
KITH_NODISCARD kith_status kith_report_write(const kith_attack_report *report,
                                             const kith_attack_params *params,
                                             uint32_t n_records, kith_job *job,
                                             kith_error *err);

#endif
