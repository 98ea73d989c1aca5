/**
 * @file key_dates.h
 * @brief The days on which a key may be used, of project, agency and
 *        transport keys alike.
 */
#ifndef KITH_ENCODE_KEY_DATES_H
#define KITH_ENCODE_KEY_DATES_H

#include <kith/key.h>
#include <kith/status.h>

/** KITH_ERR_USAGE: not dates, or it would end before it begins. */
KITH_NODISCARD kith_status kith_key_dates_check(const kith_key_dates *dates,
                                                kith_error *err);

/** KITH_ERR_KEY, by name, on a day outside them.
 *  @param whose "the key of police"
 *  @param today yyyy-mm-dd */
KITH_NODISCARD kith_status kith_key_dates_allow(const kith_key_dates *dates,
                                                const char *whose,
                                                const char *today,
                                                kith_error *err);

#endif
