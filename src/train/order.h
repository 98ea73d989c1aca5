/**
 * @file order.h
 * @brief Levels in their order: a weaker agreement never weighs more than a
 *        stronger one.
 *
 * Where counts say otherwise (rare levels, mostly), neighbouring levels are
 * pooled: they share one ratio of m to u. m stays, u is moved.
 * Order    names, text: exact, then the similarities, then else; nested:
 *          from fine to coarse. A nickname, an initial and the middle levels
 *          of a date lie between exact and else in no order of their own.
 * Source   pool adjacent violators: Barlow et al. 1972; Winkler 1993 on
 *          order-restricted EM for linkage
 */
#ifndef KITH_TRAIN_ORDER_H
#define KITH_TRAIN_ORDER_H

#include "train/model.h"

/** Puts every digit in order. @return bit d: digit d had a level that was
 *  out of order by more than chance */
uint32_t kith_order_levels(kith_pass_model *model, const kith_layout *layout);

#endif
