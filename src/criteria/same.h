/**
 * @file same.h
 * @brief Do two conditions say the same, word for word? Reads what the parser
 *        left, so that it does not matter whether names are bound yet.
 */
#ifndef KITH_CRITERIA_SAME_H
#define KITH_CRITERIA_SAME_H

#include "criteria/ast.h"

/** The same condition, test or value; the order of parts counts. */
bool kith_node_same(const kith_node *a, const kith_node *b);
/** The same conditions in the same order. */
bool kith_nodes_same(const kith_node *a, const kith_node *b);
/** The same events, whatever number of them is asked for. */
bool kith_query_same_events(const kith_query *a, const kith_query *b);
/** The same people, whatever number of them is asked for. */
bool kith_who_same_people(const kith_who *a, const kith_who *b);

#endif
