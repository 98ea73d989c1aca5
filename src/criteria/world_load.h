/**
 * @file world_load.h
 * @brief Everything that evaluation reads, from criteria that are parsed and
 *        people who are loaded: vocabulary, checked criteria, events counted
 *        and not yet held.
 */
#ifndef KITH_CRITERIA_WORLD_LOAD_H
#define KITH_CRITERIA_WORLD_LOAD_H

#include "criteria/eval.h"

#include <kith/job.h>
#include <kith/status.h>

typedef struct kith_world_parts {
    kith_program *program; /* given */
    kith_people *people;
    const char *payload;
    kith_vocabulary *vocabulary; /* found; the caller's to free, whatever */
    kith_agency_types *types;    /* the status: kith_world_parts_done */
    kith_events *events;
} kith_world_parts;

/** @param[in,out] world with its day; verdicts and districts are the caller's
 */
KITH_NODISCARD kith_status kith_world_load(kith_world *world,
                                           kith_world_parts *parts,
                                           kith_job *job, kith_error *err);
/** Frees what was found. */
void kith_world_parts_done(kith_world_parts *parts);

#endif
