/**
 * @file model.h
 * @brief The numbers of a trained model, pass by pass.
 *
 * Classes  match: one person; stranger: two people; kin: two people of one
 *          family, who share name and place
 * Null     level 0 says nothing: its factor is 1 in every class
 * Units    probabilities in (0, 1); weights in bits
 */
#ifndef KITH_TRAIN_MODEL_H
#define KITH_TRAIN_MODEL_H

#include "compare/layout.h"

#include <kith/train.h>

/** Classes of candidate pairs. */
enum { KITH_MATCH, KITH_STRANGER, KITH_KIN, KITH_CLASSES };

/** Probabilities stay this far from 0 and 1: no level is ever proof. */
#define KITH_LEAST_PROBABILITY 1e-6

typedef struct kith_digit_model {
    char name[KITH_NAME_BYTES + 16];
    uint8_t n_levels;
    /** By class and level, from 1; level 0 unused. */
    double p[KITH_CLASSES][KITH_MAX_LEVELS];
    uint64_t seen[KITH_MAX_LEVELS]; /**< pairs at this level, nulls too */
} kith_digit_model;

typedef struct kith_pass_model {
    char name[KITH_NAME_BYTES];
    uint64_t n_pairs; /**< it was trained on */
    uint32_t iterations;
    double share[KITH_CLASSES]; /**< of candidate pairs; sums to 1 */
    uint8_t n_digits;
    kith_digit_model digits[KITH_MAX_DIGITS];
} kith_pass_model;

struct kith_model {
    char spec_name[KITH_NAME_BYTES];
    char digest[65]; /**< of the spec */
    kith_pass_model passes[KITH_MAX_PASSES];
    uint8_t n_passes;
};

/** What a pattern weighs, in parts that add up to the total. */
typedef struct kith_weight {
    double prior;                   /**< log2(match / stranger) share */
    double digits[KITH_MAX_DIGITS]; /**< log2(m / u) of the digit's level */
    /** What being perhaps a relative takes off: at most 0. */
    double kin;
    double total;
} kith_weight;

/** log2 of the posterior odds of @p pattern, with its parts. */
void kith_weigh(kith_weight *out, const kith_pass_model *model,
                const kith_layout *layout, uint32_t pattern);

/** 1 / (1 + 2^-bits). */
double kith_probability(double bits);

/** The model of a pass by name, or NULL. */
const kith_pass_model *kith_model_pass(const kith_model *model,
                                       const char *name);

/** The model in @p text; @p path is for messages. */
KITH_NODISCARD kith_status kith_model_parse(kith_model **out, const char *path,
                                            const char *text, size_t n,
                                            const kith_spec *spec,
                                            kith_error *err);

/** model.yaml, commented. */
KITH_NODISCARD kith_status kith_model_save(const kith_model *model,
                                           const kith_spec *spec,
                                           const char *path, kith_job *job,
                                           kith_error *err);

#endif
