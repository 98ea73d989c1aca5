/**
 * @file commit.h
 * @brief A run's output folder changes from the last good run to the new one
 *        at once, or not at all.
 *
 * A run writes into <out>/.next. Its manifest, written last, is the mark that
 * it is complete: from then on the children of .next are moved into place,
 * and a run killed while moving is completed by the next one. Killed before
 * the mark, the last good outputs stand untouched.
 * Files that no run wrote stay, in <out> and in the folders inside it: the
 * last manifest says which those are.
 * Locking  one run at a time works on a folder
 */
#ifndef KITH_CLI_COMMIT_H
#define KITH_CLI_COMMIT_H

#include <kith/status.h>

typedef struct kith_commit {
    char *out;  /**< the output folder */
    char *next; /**< <out>/.next, where the run writes */
    int lock;   /**< the folder, locked; -1 */
} kith_commit;

/** Makes <out>, locks it, completes what a killed run left complete, clears
 *  what it left unfinished. */
KITH_NODISCARD kith_status kith_commit_begin(kith_commit *c, const char *out,
                                             kith_error *err);
/** Moves everything into place; .next/manifest.json exists. */
KITH_NODISCARD kith_status kith_commit_finish(kith_commit *c, kith_error *err);
/** Removes an unfinished .next, unlocks, frees. */
void kith_commit_done(kith_commit *c);

#endif
