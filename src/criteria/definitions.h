/**
 * @file definitions.h
 * @brief The criteria files of a run, as they were: so that a flag can be
 *        explained later, whatever became of the files, and a definition
 *        published.
 *
 * Output   definitions.criteria: the texts one after another, a line
 *          "#--- file: NAME" before each, "#--- reference date: yyyy-mm-dd"
 *          before all. Both are comments of the language
 */
#ifndef KITH_CRITERIA_DEFINITIONS_H
#define KITH_CRITERIA_DEFINITIONS_H

#include "criteria/ast.h"

#include <kith/job.h>
#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

KITH_NODISCARD kith_status kith_definitions_write(const kith_program *program,
                                                  int32_t day,
                                                  const char *folder,
                                                  kith_job *job,
                                                  kith_error *err);
/** @param[out] there are there such results? If not, nothing is read */
KITH_NODISCARD kith_status kith_definitions_read(kith_program *program,
                                                 int32_t *day, bool *there,
                                                 const char *folder,
                                                 kith_error *err);

#endif
