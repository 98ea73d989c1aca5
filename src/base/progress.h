/**
 * @file progress.h
 * @brief One progress line: redrawn at 5 Hz on a terminal, printed every few
 *        seconds in a log.
 *
 * Threads  kith_progress_add may be called by any worker; one of them prints.
 */
#ifndef KITH_BASE_PROGRESS_H
#define KITH_BASE_PROGRESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct kith_progress {
    char label[96];
    const char *unit; /* borrowed literal */
    uint64_t total;   /* 0: unknown */
    uint64_t begin_ns;
    _Atomic uint64_t done;
    _Atomic uint64_t next_ns; /* when the next line is due */
    bool quiet;
    bool tty;
    bool drawn; /* a line stands on the terminal; printer only */
} kith_progress;

void kith_progress_begin(kith_progress *p, const char *label, uint64_t total,
                         const char *unit, bool quiet);
void kith_progress_add(kith_progress *p, uint64_t n);
/** Clears the terminal's line. */
void kith_progress_end(kith_progress *p);

#endif
