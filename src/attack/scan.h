/**
 * @file scan.h
 * @brief Looks for an extract's values, in clear, in files that are sent.
 *
 * Values   the record ids and normalised fields that random bytes do not hold
 *          by chance: of 8 characters, or of 7 that are letters and digits;
 *          dates in the three usual forms. In files that say words and days
 *          by right only numbers: a word there may be a surname, and the day
 *          from which events are covered somebody's birthday
 */
#ifndef KITH_ATTACK_SCAN_H
#define KITH_ATTACK_SCAN_H

#include "attack/people.h"

/** Zero-initialise; _done frees. */
typedef struct kith_scan {
    kith_dict values; /**< upper case */
    uint32_t *next;   /**< the next value of the same beginning, plus 1 */
    size_t next_cap;
    kith_map64 begins; /**< hash of a beginning to the last value of it */
    uint32_t n_ids;    /**< of the values, the first */
    uint32_t n_plain;  /**< values before the dates */
    kith_str skip[2];  /**< what headers say by right */
} kith_scan;

/** @param run, date what headers hold by right */
KITH_NODISCARD kith_status kith_scan_init(kith_scan *out,
                                          const kith_people *people,
                                          const char *run, const char *date,
                                          kith_error *err);
void kith_scan_done(kith_scan *s);

typedef struct kith_scan_found {
    uint64_t places;
    uint64_t bytes;
    uint32_t files;
} kith_scan_found;

/** Adds what a file holds. @param numbers only values with a digit, no dates */
KITH_NODISCARD kith_status kith_scan_file(kith_scan_found *found,
                                          const kith_scan *s, const char *path,
                                          bool numbers, kith_error *err);
/** Every file of a folder. */
KITH_NODISCARD kith_status kith_scan_folder(kith_scan_found *found,
                                            const kith_scan *s,
                                            const char *path, bool numbers,
                                            kith_error *err);

#endif
