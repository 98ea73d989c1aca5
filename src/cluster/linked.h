/**
 * @file linked.h
 * @brief Which run persons.csv is of: run.txt beside it.
 *
 * A CSV file has no header to say so. Cluster writes "project: ...", "epoch:
 * ..." and "run: ..." lines, and "check: ...", which tells the key, unless the
 * refs were given the linkage unit's own key, as a payload never is. The
 * stages after it refuse by name a payload of another run or key. Where there
 * is no run.txt, as beside a file made otherwise, nothing is compared.
 */
#ifndef KITH_CLUSTER_LINKED_H
#define KITH_CLUSTER_LINKED_H

#include "io/meta.h"

#include <kith/job.h>
#include <kith/status.h>

/** Writes <folder>/run.txt from the header of a bundle. */
KITH_NODISCARD kith_status kith_linked_write(const kith_meta *meta,
                                             const char *folder, kith_job *job,
                                             kith_error *err);
/** KITH_ERR_MISMATCH when @p meta, of the file @p path, is of another run
 *  than the run.txt beside @p persons. */
KITH_NODISCARD kith_status kith_linked_check(const char *persons,
                                             const kith_meta *meta,
                                             const char *path, kith_error *err);

#endif
