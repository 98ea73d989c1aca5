/**
 * @file coverage_warn.h
 * @brief Says what the extracts do not cover, before anybody reads "unknown"
 *        in ten thousand lines: types that nobody sends, coverages that end
 *        before the reference date, areas in which nobody lives.
 */
#ifndef KITH_CRITERIA_COVERAGE_WARN_H
#define KITH_CRITERIA_COVERAGE_WARN_H

#include "criteria/people.h"
#include "criteria/vocabulary.h"

#include <kith/job.h>

/** Of the types that queries read. @param day the reference date */
void kith_coverage_warn(const kith_vocabulary *v, const kith_people *people,
                        int32_t day, kith_job *job);

#endif
