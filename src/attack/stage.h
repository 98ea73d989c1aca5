/**
 * @file stage.h
 * @brief What all the attacks of one run share.
 */
#ifndef KITH_ATTACK_STAGE_H
#define KITH_ATTACK_STAGE_H

#include "attack/measures.h"

#include <kith/train.h>

/** The subject of what is about no pass alone. */
#define KITH_ALL_PASSES "all passes"

/** Encodings that must have nothing in common with the one under attack. */
enum { KITH_OTHER_RUN, KITH_OTHER_EPOCH, KITH_OTHER_PROJECT, KITH_OTHER_KEY };
enum { KITH_OTHERS = KITH_OTHER_KEY + 1 };

typedef struct kith_attack_stage {
    const kith_attack_params *params;
    kith_attack_report *report;
    kith_job *job;
    kith_people people;
    kith_encoder *encoder;             /**< as encode would */
    kith_encoder *others[KITH_OTHERS]; /**< the last is the attacker's own */
    kith_model *model; /**< of the trial; NULL when there was none */
    kith_chains chains;
} kith_attack_stage;

/** controls.c: encodings that must break. */
KITH_NODISCARD kith_status kith_control_unsalted(const kith_attack_stage *s,
                                                 kith_error *err);
KITH_NODISCARD kith_status kith_control_wide(const kith_attack_stage *s,
                                             kith_error *err);
KITH_NODISCARD kith_status kith_control_chained(const kith_attack_stage *s,
                                                kith_error *err);

/** trial.c: encodes, trains and matches in a folder of its own, searches what
 *  would be sent for values in clear, and follows the pairs from record to
 *  record. Makes the model. */
KITH_NODISCARD kith_status kith_attack_trial(kith_attack_stage *s,
                                             kith_error *err);

/** attack.c: a list of clear records under the attacker's own key is what
 *  their graphs are drawn from. */
KITH_NODISCARD kith_status kith_attack_graphs(const kith_attack_stage *s,
                                              const kith_subject *subject,
                                              const kith_graph_params *base,
                                              const double *coverages, size_t n,
                                              kith_error *err);

#endif
