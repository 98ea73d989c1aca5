/**
 * @file chain.h
 * @brief Things that an attacker takes to bear one name, joined step by step.
 *
 * Wherever two of them are seen to have an equal name they become one set. In
 * the end the sets are ranked by their members and named by rank.
 */
#ifndef KITH_ATTACK_CHAIN_H
#define KITH_ATTACK_CHAIN_H

#include "attack/target.h"

/** Zero-initialise; _done frees. */
typedef struct kith_chain {
    uint32_t *parent; /**< of each; a root is its own */
    uint32_t *names;  /**< the true name's number; KITH_DICT_NONE */
    uint32_t n;
    size_t parent_cap, names_cap;
} kith_chain;

/** One more, alone, of the name @p name. */
KITH_NODISCARD kith_status kith_chain_add(kith_chain *c, uint32_t name,
                                          kith_error *err);
void kith_chain_join(kith_chain *c, uint32_t a, uint32_t b);
void kith_chain_done(kith_chain *c);

/** One for each record, of its first name (families share it). */
KITH_NODISCARD kith_status kith_chain_records(kith_chain *out,
                                              const kith_people *people,
                                              const kith_encoder *encoder,
                                              kith_error *err);

/** What each set is named by its rank. */
typedef struct kith_chain_named {
    double named;    /**< share of those with a name that are named right */
    double mode;     /**< share that has the commonest name */
    uint32_t n_sets; /**< of two or more */
    uint32_t most;   /**< members of the greatest */
} kith_chain_named;

KITH_NODISCARD kith_status kith_chain_rank(kith_chain_named *out, kith_chain *c,
                                           kith_error *err);

/** What is joined over all passes. Zero-initialise; _done frees. */
typedef struct kith_chains {
    kith_chain rows; /**< each row of each pass by itself: as they are sent */
    kith_chain records; /**< as if the passes had common refs */
} kith_chains;

/** Joins the rows of each block whose first filter is equal. */
KITH_NODISCARD kith_status kith_chains_pass(kith_chains *c,
                                            const kith_target *t,
                                            kith_error *err);
void kith_chains_done(kith_chains *c);

#endif
