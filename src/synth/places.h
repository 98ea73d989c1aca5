/**
 * @file places.h
 * @brief Addresses as a function of (cell, dwelling): no storage.
 */
#ifndef KITH_SYNTH_PLACES_H
#define KITH_SYNTH_PLACES_H

#include "synth/world.h"

typedef struct kith_address {
    char house[32];
    char street[64];
    char postcode[12];
    const char *district;      /* borrowed */
    const char *neighbourhood; /* borrowed */
    uint64_t uprn;
} kith_address;

void kith_address_at(kith_address *out, const kith_world *w, uint32_t cell,
                     uint32_t dwelling);
/** Postcode @p index of a cell, 0 based: those its dwellings have. */
void kith_postcode_at(char out[12], const kith_world *w, uint32_t cell,
                      uint32_t index);
/** How many postcodes a cell has. */
uint32_t kith_postcode_count(const kith_world *w);
/**
 * Gives every cell postcodes of its own; call once the world is planned.
 * KITH_ERR_DATA: the tables' sectors, and postal areas from elsewhere, do not
 * hold so many people.
 */
KITH_NODISCARD kith_status kith_places_plan(kith_world *w, kith_error *err);

#endif
