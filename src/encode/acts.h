/**
 * @file acts.h
 * @brief What the audit log says of an encode, a sealing and an opening.
 */
#ifndef KITH_ENCODE_ACTS_H
#define KITH_ENCODE_ACTS_H

#include "encode/seal_format.h"
#include "encode/stage.h"

#include <kith/audit.h>

/** @param audit NULL: nothing is logged */
void kith_act_encode(kith_audit *audit, const kith_stage *s);
/** @param header of the sealed file: its "file" lines are told */
void kith_act_seal(kith_audit *audit, const char *sealed, const char *sender,
                   const char *recipient, const kith_meta *header);

#endif
