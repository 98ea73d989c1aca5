#include "synth/places.h"

#include "synth/names.h"
#include "synth/text.h"

#include <string.h>

enum {
    /* UK: 67 million people, 1.8 million live postcodes, 2.4 people a home:
     * about 15 homes a postcode. */
    HOMES_PER_POSTCODE = 15,
    UNITS = 400 /* a sector's possible units: 20 letters twice */
};

/* Inward letters: BS 7666 leaves out C I K M O V. */
static const char LETTERS[] = "ABDEFGHJLNPQRSTUWXYZ";

static uint64_t
mix(uint64_t x)
{
    x ^= x >> 31;
    x *= 0x9E3779B97F4A7C15u;
    return x ^ (x >> 29);
}

void
kith_postcode_at(char out[12], const kith_world *w, uint32_t cell,
                 uint32_t index)
{
    const kith_tables *t = w->tables;
    const kith_area *area = &t->areas[kith_world_area(w, cell)];
    const kith_district *d = &t->districts[area->district];
    const uint32_t per_cell = kith_postcode_count(w, cell);
    /* Cells of a district fill its sectors round robin; each takes its own
     * run of units until a sector is full. */
    const uint32_t sector = cell % (uint32_t)d->n_sectors;
    const uint32_t round = cell / (uint32_t)d->n_sectors;
    const uint32_t unit = ((round * per_cell + index) * 183u) % UNITS;
    const char *text = kith_dict_at(&t->names, d->sectors[sector]);
    const size_t n = strlen(text) < 8 ? strlen(text) : 8;
    memcpy(out, text, n);
    out[n] = LETTERS[unit / 20];
    out[n + 1] = LETTERS[unit % 20];
    out[n + 2] = '\0';
}

uint32_t
kith_postcode_count(const kith_world *w, uint32_t cell)
{
    (void)cell;
    return w->people_per_cell / HOMES_PER_POSTCODE + 1;
}

void
kith_address_at(kith_address *out, const kith_world *w, uint32_t cell,
                uint32_t dwelling)
{
    const kith_tables *t = w->tables;
    const kith_area *area = &t->areas[kith_world_area(w, cell)];
    const uint32_t index = dwelling / HOMES_PER_POSTCODE;
    const uint32_t within = dwelling % HOMES_PER_POSTCODE;
    /* Three postcodes share a street: odd side, even side, the far end. */
    kith_rng rng = kith_rng_at(w->seed ^ 0x5354u,
                               (uint64_t)cell * KITH_CELL_SLOTS + index / 3);
    const uint32_t stem = kith_weights_draw(&t->street_stems, &rng);
    const uint32_t type = kith_weights_draw(&t->street_types, &rng);
    const uint32_t first = 1 + (uint32_t)kith_rng_below(&rng, 60) * 2;
    const bool flats = kith_rng_chance(&rng, 0.15) && index % 3 == 2;
    out->street[0] = '\0';
    kith_text_append(out->street, sizeof out->street,
                     kith_dict_at(&t->names, stem));
    kith_text_append(out->street, sizeof out->street, " ");
    kith_text_append(out->street, sizeof out->street,
                     kith_dict_at(&t->names, type));
    uint32_t number = first + within * 2 + (index % 3 == 1 ? 1 : 0) +
                      (index % 3 == 2 ? 2 * HOMES_PER_POSTCODE : 0);
    out->house[0] = '\0';
    if (flats) {
        kith_text_append(out->house, sizeof out->house, "Flat ");
        number = within + 1;
    }
    char digits[24];
    (void)kith_text_number(digits, number, 1);
    kith_text_append(out->house, sizeof out->house, digits);
    if (!flats && mix((uint64_t)cell << 20 | dwelling) % 40 == 0)
        kith_text_append(out->house, sizeof out->house, "A");
    kith_postcode_at(out->postcode, w, cell, index);
    out->district = kith_dict_at(&t->names, t->districts[area->district].name);
    out->neighbourhood = kith_dict_at(&t->names, area->neighbourhood);
    out->uprn = 10000000000u + (uint64_t)cell * KITH_CELL_SLOTS + dwelling;
}
