#include "base/progress.h"

#include "base/job.h"

#include <stdio.h>
#include <unistd.h>

static const uint64_t TTY_EVERY_NS = 200000000u;
static const uint64_t LOG_EVERY_NS = 5000000000u;

void
kith_progress_begin(kith_progress *p, const char *label, uint64_t total,
                    const char *unit, bool quiet)
{
    (void)snprintf(p->label, sizeof p->label, "%s", label);
    p->unit = unit;
    p->total = total;
    p->quiet = quiet;
    p->tty = isatty(STDERR_FILENO) == 1;
    p->drawn = false;
    p->begin_ns = kith_now_ns();
    atomic_store(&p->done, 0);
    atomic_store(&p->next_ns,
                 p->begin_ns + (p->tty ? TTY_EVERY_NS : LOG_EVERY_NS));
}

static void
progress_print(kith_progress *p, uint64_t now)
{
    const uint64_t done = atomic_load(&p->done);
    const double seconds = (double)(now - p->begin_ns) * 1e-9;
    const double rate = seconds > 0 ? (double)done / seconds : 0;
    char eta[48] = "";
    if (p->total > done && rate > 0)
        (void)snprintf(eta, sizeof eta, ", %.0f%%, %.0f s left",
                       100.0 * (double)done / (double)p->total,
                       (double)(p->total - done) / rate);
    (void)fprintf(stderr, "%s%s: %llu %s, %.0f/s%s%s", p->tty ? "\r\033[K" : "",
                  p->label, (unsigned long long)done, p->unit, rate, eta,
                  p->tty ? "" : "\n");
    (void)fflush(stderr);
    p->drawn = true;
}

void
kith_progress_add(kith_progress *p, uint64_t n)
{
    atomic_fetch_add(&p->done, n);
    if (p->quiet)
        return;
    const uint64_t now = kith_now_ns();
    uint64_t due = atomic_load(&p->next_ns);
    if (now < due)
        return;
    const uint64_t next = now + (p->tty ? TTY_EVERY_NS : LOG_EVERY_NS);
    if (atomic_compare_exchange_strong(&p->next_ns, &due, next))
        progress_print(p, now);
}

void
kith_progress_end(kith_progress *p)
{
    if (!p->quiet && p->tty && p->drawn) {
        (void)fputs("\r\033[K", stderr);
        (void)fflush(stderr);
    }
    p->quiet = true;
}
