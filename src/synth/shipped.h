/**
 * @file shipped.h
 * @brief Where the tables that ship with kith lie.
 */
#ifndef KITH_SYNTH_SHIPPED_H
#define KITH_SYNTH_SHIPPED_H

#include <kith/status.h>

/**
 * Looks for fixtures/synth in the current folder, then beside the program:
 * in the source tree it was built in, or in share/kith where it was
 * installed.
 * @param[out] out owned by the caller
 * @retval KITH_ERR_IO in none of these
 */
KITH_NODISCARD kith_status kith_shipped_tables(char **out, kith_error *err);

#endif
