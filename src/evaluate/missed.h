/**
 * @file missed.h
 * @brief How many pairs no pass covers, from which passes cover the others.
 *
 * The passes share key parts (a surname's sound, a year of birth), so they
 * fail together, and counting pairs covered once and twice, as capture and
 * recapture of animals does, is off by orders of magnitude. What fails is a
 * key part. A pass covers a pair when all parts of its key agree, and the
 * parts agree independently, each with its own probability, the same for all
 * pairs. Those probabilities come by EM from the covered pairs, by the passes
 * that were possible: both records have rows. What they say of the pairs
 * that were possible and met nowhere is the estimate.
 * A dirty record errs in several parts at once, so the estimate is low
 * rather than high.
 * Source   Dempster, Laird & Rubin 1977 (truncated samples: section 4.2)
 */
#ifndef KITH_EVALUATE_MISSED_H
#define KITH_EVALUATE_MISSED_H

#include "base/table.h"

#include <kith/spec.h>

/** Parts of one field, finest distinction last: a name's first letter, its
 *  sound given that, the whole given both. */
enum { KITH_MISSED_PER_FIELD = 5 };
enum { KITH_MISSED_RAW = KITH_MAX_FIELDS * KITH_MISSED_PER_FIELD };

/** Key parts told apart; a spec with more gets no estimate. */
enum { KITH_MISSED_PARTS = 10 };

/** Pairs with one set of possible passes and one of those that cover. */
typedef struct kith_missed_class {
    uint32_t possible, covered; /* bit p: pass p */
    uint64_t n;
} kith_missed_class;

/** Zero-initialise, _init once; _done frees. */
typedef struct kith_missed {
    kith_missed_class *classes;
    size_t n, cap;
    kith_map64 index;
    /** bit 2p + i: alternative i of the key of pass p needs the part; the two
     *  alternatives differ only where either name may agree */
    uint32_t needed_by[KITH_MISSED_PARTS];
    double agree[KITH_MISSED_PARTS]; /* probability */
    unsigned n_parts;                /* 0: too many */
    /** The part of each field's part, 1 up; 0: no pass needs it. */
    uint8_t part_of[KITH_MISSED_RAW];
    uint32_t tested; /* bit i: pairs were found without part i */
} kith_missed;

void kith_missed_init(kith_missed *m, const kith_spec *spec);
void kith_missed_done(kith_missed *m);

KITH_NODISCARD kith_status kith_missed_note(kith_missed *m, uint32_t possible,
                                            uint32_t covered, kith_error *err);

/** Finds the probabilities. After all pairs are noted. */
KITH_NODISCARD kith_status kith_missed_fit(kith_missed *m, kith_error *err);

/**
 * Share of pairs with these possible passes that none of them covers;
 * NAN when nothing is known of a part they need, because no pair was ever
 * found without it.
 */
double kith_missed_share(const kith_missed *m, uint32_t possible);

/** Field of the first (0) or second (1) name of the names comparison. */
uint8_t kith_missed_name(const kith_spec *spec, unsigned which);

/** The key parts (a bit each) that part @p kind of a field needs; 0 when the
 *  passes say nothing of one of them. */
uint32_t kith_missed_parts(const kith_missed *m, const kith_spec *spec,
                           uint8_t field, kith_part_kind kind);

/** Share of pairs with these possible passes that none of them covers, and
 *  whose @p parts all agree: what a further pass keyed on them would find.
 *  NAN as for kith_missed_share. */
double kith_missed_gain(const kith_missed *m, uint32_t possible,
                        uint32_t parts);

#endif
