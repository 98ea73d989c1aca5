/**
 * @file companions.h
 * @brief Where people live now, judged together with those who moved along.
 *
 * Each record speaks for an address. Who was seen at the same two addresses
 * as somebody else most likely moved with them, so half of what the records
 * of the others say of the two counts too: the child's school knows the new
 * address before the father's employer does. Someone who by a relationship
 * in force lives with another, or is the partner, is likelier where both
 * have been seen.
 * Memory   while at work, 16 bytes a person and 32 a pair of addresses seen
 */
#ifndef KITH_FAMILY_COMPANIONS_H
#define KITH_FAMILY_COMPANIONS_H

#include "family/members.h"

#include <kith/status.h>

/** Puts everyone's current address first, then the latest other. */
KITH_NODISCARD kith_status kith_companions_settle(kith_members *m,
                                                  kith_error *err);

#endif
