/**
 * @file measures.h
 * @brief The families of measures; each looks at one encoded pass.
 *
 * The gates are those of the encoding's own specification; each measure's
 * file says what the attacker knows and does.
 */
#ifndef KITH_ATTACK_MEASURES_H
#define KITH_ATTACK_MEASURES_H

#include "attack/chain.h"
#include "attack/report.h"
#include "attack/target.h"

#include <kith/job.h>
#include <kith/train.h>

/** width.c: people a block, against the spec's own limits. */
KITH_NODISCARD kith_status kith_measure_width(const kith_subject *s,
                                              const kith_target *t,
                                              kith_error *err);

/** The mean alone. */
KITH_NODISCARD kith_status kith_width_mean(double *out, const kith_target *t,
                                           kith_error *err);

/** shape.c: fill, weight against length, bits, repeated rows, null masks. */
KITH_NODISCARD kith_status kith_measure_shape(const kith_subject *s,
                                              const kith_target *t,
                                              uint64_t seed, kith_error *err);

/** frequency.c: common filters against common names. */
KITH_NODISCARD kith_status kith_measure_frequency(const kith_subject *s,
                                                  const kith_target *t,
                                                  uint64_t seed,
                                                  kith_error *err);

/** mining.c: bits of q-grams from 20 and 50 aligned values. */
KITH_NODISCARD kith_status kith_measure_mining(const kith_subject *s,
                                               const kith_target *t,
                                               uint64_t seed, kith_error *err);

/** One name in two blocks: do its bits agree beyond chance? */
KITH_NODISCARD kith_status kith_measure_blocks(const kith_subject *s,
                                               const kith_target *t,
                                               kith_error *err);

/** The same records under another run, epoch, project or key. */
typedef struct kith_other {
    const char *what; /**< "run", "key" */
    const kith_encoder *encoder;
} kith_other;

/** keys.c: right key, and for each other encoder no equal token and no
 *  correlated bits. */
KITH_NODISCARD kith_status kith_measure_keys(const kith_subject *s,
                                             const kith_target *t,
                                             const kith_other *others,
                                             unsigned n_others,
                                             kith_error *err);
/** keys.c: the names of a record in two passes. */
KITH_NODISCARD kith_status kith_measure_passes(const kith_subject *s,
                                               const kith_target *a,
                                               const kith_target *b,
                                               kith_error *err);

/** overlap.c: the graph of all rows at once, against a list that has a share
 *  of the records; reported. @param stranger the attacker's own encoder */
KITH_NODISCARD kith_status kith_measure_overlap(const kith_subject *s,
                                                const kith_target *t,
                                                const kith_encoder *stranger,
                                                uint64_t seed, kith_job *job,
                                                kith_error *err);

/** chain.c: sets that were joined, named by their rank. */
KITH_NODISCARD kith_status kith_measure_chain(const kith_subject *s,
                                              const char *name, kith_chain *c,
                                              kith_error *err);

/** loss.c: F1 of the pass's pairs against the same pairs in clear text, for
 *  records with an identifier that is one person's. */
KITH_NODISCARD kith_status kith_measure_loss(const kith_subject *s,
                                             const kith_target *t,
                                             const kith_model *model,
                                             kith_error *err);

/** What the graph attack needs. */
typedef struct kith_graph_params {
    const kith_target *target;
    const kith_target *list; /**< the clear list under the attacker's key */
    double coverage;         /**< share of the records that the list has */
    bool names_only;         /**< it has, and uses, nothing but the names */
    uint32_t n_targets;
    uint32_t n_candidates;
    uint64_t seed;
} kith_graph_params;

/** graph.c: each block's similarity graph against those of the list. */
KITH_NODISCARD kith_status kith_measure_graph(const kith_subject *s,
                                              const kith_graph_params *params,
                                              kith_job *job, kith_error *err);

#endif
