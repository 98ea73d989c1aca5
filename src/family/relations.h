/**
 * @file relations.h
 * @brief Relationship records of all agencies: which are believed, and which
 *        are not, why.
 *
 * A relationship is rejected, and listed with its reason, when it
 *   no_person             names a record that is no person's
 *   of_one_person         is of a person with itself
 *   unknown_kind          is of no kind that is known
 *   ends_before_it_begins
 *   begins_in_the_future  of the reference date
 *   impossible_ages       makes somebody a parent who is not 12 years older
 *   too_many_parents      names more than MAX_PARENTS for one child
 *   too_many_children     ... or more than MAX_CHILDREN of one parent, or
 *   too_many_cared_for    as many of one carer
 *   loop                  makes people their own ancestors
 * One that is over is counted and not used, except that parents stay
 * parents.
 * Output   relations_rejected.csv: agency,record,other,kind,reason; the last
 *          four reasons show only across agencies and name persons instead
 */
#ifndef KITH_FAMILY_RELATIONS_H
#define KITH_FAMILY_RELATIONS_H

#include "family/members.h"
#include "io/out.h"
#include "io/rowfile.h"

#include <kith/job.h>
#include <kith/status.h>

/** One agency's relationships, and what they refer to. */
typedef struct kith_relation_source {
    const char *agency;
    const char *payload;        /* folder */
    const kith_rows_in *people; /* its records */
    const uint32_t *persons;    /* of each record */
} kith_relation_source;

/** Adds those of one agency; after all people are read, for their ages. */
KITH_NODISCARD kith_status kith_relations_read(kith_members *m,
                                               const kith_relation_source *from,
                                               kith_out *rejected,
                                               kith_job *job, kith_error *err);
/** Sorts them, one a pair, and rejects what only shows now. */
KITH_NODISCARD kith_status kith_relations_settle(kith_members *m,
                                                 kith_out *rejected,
                                                 kith_job *job,
                                                 kith_error *err);

#endif
