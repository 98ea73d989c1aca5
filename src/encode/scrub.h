/**
 * @file scrub.h
 * @brief The stack that a piece of work leaves behind, overwritten.
 *
 * A worker's stack outlives the work, with what normalising and hashing kept
 * in local variables of functions that are long over.
 */
#ifndef KITH_ENCODE_SCRUB_H
#define KITH_ENCODE_SCRUB_H

/** Overwrites the 64 KiB below the caller's frame: call it last. */
void kith_scrub_stack(void);

#endif
