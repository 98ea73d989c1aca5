#include "criteria/trace.h"

#include "base/alloc.h"

void
kith_trace_done(kith_trace *t)
{
    kith_free(t->all);
    *t = (kith_trace){0};
}

kith_status
kith_trace_add(kith_trace *t, kith_finding finding)
{
    kith_status status = KITH_GROW(&t->all, &t->cap, t->n + 1, NULL);
    if (status == KITH_OK)
        t->all[t->n++] = finding;
    return status;
}

void
kith_trace_keep(kith_trace *t, size_t mark, kith_truth truth)
{
    size_t k = mark;
    for (size_t i = mark; i < t->n; i++) {
        if (t->all[i].truth == (uint8_t)truth)
            t->all[k++] = t->all[i];
    }
    t->n = k;
}

void
kith_trace_flip(kith_trace *t, size_t mark)
{
    for (size_t i = mark; i < t->n; i++)
        t->all[i].truth = (uint8_t)(KITH_TRUE - t->all[i].truth);
}

void
kith_trace_stamp(kith_trace *t, size_t mark, kith_truth truth)
{
    for (size_t i = mark; i < t->n; i++)
        t->all[i].truth = (uint8_t)truth;
}
