#include "synth/places.h"

#include "synth/names.h"
#include "synth/text.h"

#include <string.h>

enum {
    /* UK: 67 million people, 1.8 million live postcodes, 2.4 people a home:
     * about 15 homes a postcode. */
    HOMES_PER_POSTCODE = 15,
    PEOPLE_PER_POSTCODE = 33, /* at 2.2 a home: room for small homes */
    UNITS = 400               /* a sector's possible units: 20 letters twice */
};

/*
 * Postal areas from elsewhere: a population larger than the sectors of the
 * tables hold (4 million people in those that ship) goes on in them, sector
 * for sector. So "BL1 1" is followed by "AB1 1", and each postcode stays one
 * place of 15 homes.
 */
static const char ELSEWHERE[][3] = {
    "AB", "AL", "BA", "BB", "BD", "BH", "BN", "BR", "BS", "CA", "CB", "CF",
    "CH", "CM", "CO", "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH",
    "DL", "DN", "DT", "DY", "EH", "EN", "EX", "FK", "FY", "GL", "GU", "HA",
    "HD", "HG", "HP", "HR", "HS", "HU", "HX", "IG", "IP", "IV", "KA", "KT",
    "KW", "KY", "LA", "LD", "LE", "LL", "LN", "LS", "LU", "ME", "MK", "ML",
    "NE", "NG", "NN", "NP", "NR", "OX", "PA", "PE", "PH", "PL", "PO", "PR",
    "RG", "RH", "RM", "SA", "SG", "SL", "SM", "SN", "SO", "SP", "SR", "SS",
    "ST", "SY", "TA", "TD", "TF", "TN", "TQ", "TR", "TS", "TW", "UB", "WD",
    "WF", "WR", "WS", "WV", "YO", "ZE"};
enum { N_ELSEWHERE = sizeof ELSEWHERE / sizeof *ELSEWHERE };

/* Inward letters: BS 7666 leaves out C I K M O V. */
static const char LETTERS[] = "ABDEFGHJLNPQRSTUWXYZ";

static uint64_t
mix(uint64_t x)
{
    x ^= x >> 31;
    x *= 0x9E3779B97F4A7C15u;
    return x ^ (x >> 29);
}

/* Letters that a sector begins with: 1 or 2. */
static size_t
letters_of(const char *sector)
{
    return sector[0] != '\0' && sector[1] >= 'A' && sector[1] <= 'Z' ? 2 : 1;
}

/* Which of the tables' postal areas a sector lies in; their number when it is
 * in none. */
static uint32_t
postal_area(const kith_world *w, const char *sector)
{
    const size_t letters = letters_of(sector);
    for (uint32_t i = 0; i < w->n_postal_areas; i++)
        if (strncmp(w->postal_areas[i], sector, letters) == 0 &&
            w->postal_areas[i][letters] == '\0')
            return i;
    return w->n_postal_areas;
}

/* The sector's letters, or those of an area elsewhere; returns their number
 * in the sector. */
static size_t
put_letters(char out[12], const kith_world *w, const char *sector,
            uint32_t level)
{
    const size_t letters = letters_of(sector);
    const char *from = sector;
    size_t n = letters;
    if (level > 0) {
        const uint32_t area = postal_area(w, sector);
        from = ELSEWHERE[w->elsewhere[(level - 1) * w->n_postal_areas + area]];
        n = 2;
    }
    memcpy(out, from, n);
    out[n] = '\0';
    return letters;
}

void
kith_postcode_at(char out[12], const kith_world *w, uint32_t cell,
                 uint32_t index)
{
    const kith_tables *t = w->tables;
    const kith_area *area = &t->areas[kith_world_area(w, cell)];
    const kith_district *d = &t->districts[area->district];
    const uint32_t per_cell = kith_postcode_count(w);
    /* Cells of a district fill its sectors round robin; each takes its own
     * run of units until a sector is full. */
    const uint32_t local = cell - w->first_cell[area->district];
    const uint32_t sector = local % (uint32_t)d->n_sectors;
    const uint32_t slot = local / (uint32_t)d->n_sectors * per_cell + index;
    const uint32_t unit = slot % UNITS * 183u % UNITS;
    const char *text = kith_dict_at(&t->names, d->sectors[sector]);
    const size_t begin = put_letters(out, w, text, slot / UNITS);
    size_t n = strlen(out);
    const size_t rest = strlen(text + begin) < 6 ? strlen(text + begin) : 6;
    memcpy(out + n, text + begin, rest);
    n += rest;
    out[n] = LETTERS[unit / 20];
    out[n + 1] = LETTERS[unit % 20];
    out[n + 2] = '\0';
}

uint32_t
kith_postcode_count(const kith_world *w)
{
    return w->people_per_cell / PEOPLE_PER_POSTCODE + 1;
}

/* The postal areas of the tables, and those that are not in them. */
static kith_status
find_areas(kith_world *w, kith_error *err)
{
    const kith_tables *t = w->tables;
    w->n_postal_areas = 0;
    for (uint32_t d = 0; d < t->n_districts; d++) {
        for (size_t s = 0; s < t->districts[d].n_sectors; s++) {
            const char *text =
                kith_dict_at(&t->names, t->districts[d].sectors[s]);
            if (postal_area(w, text) < w->n_postal_areas)
                continue;
            if (w->n_postal_areas == KITH_POSTAL_AREAS)
                return kith_error_set(err, KITH_ERR_DATA,
                                      "gm_postcode_sectors.csv: more than %d "
                                      "postal areas",
                                      KITH_POSTAL_AREAS);
            char *area = w->postal_areas[w->n_postal_areas++];
            memset(area, 0, sizeof w->postal_areas[0]);
            memcpy(area, text, letters_of(text));
        }
    }
    w->n_elsewhere = 0;
    for (uint8_t i = 0; i < N_ELSEWHERE; i++)
        if (postal_area(w, ELSEWHERE[i]) == w->n_postal_areas)
            w->elsewhere[w->n_elsewhere++] = i;
    return KITH_OK;
}

/* How often the fullest district fills all its sectors. */
static uint32_t
count_levels(const kith_world *w, const uint32_t *end_cell)
{
    const kith_tables *t = w->tables;
    uint32_t levels = 0;
    for (uint32_t d = 0; d < t->n_districts; d++) {
        const size_t n = end_cell[d] - w->first_cell[d];
        const size_t sectors = t->districts[d].n_sectors;
        const size_t slots =
            (n + sectors - 1) / sectors * kith_postcode_count(w);
        const uint32_t full = slots == 0 ? 0 : (uint32_t)((slots - 1) / UNITS);
        levels = full > levels ? full : levels;
    }
    return levels;
}

kith_status
kith_places_plan(kith_world *w, kith_error *err)
{
    kith_status status = KITH_OK;
    uint32_t end_cell[KITH_SYNTH_DISTRICTS] = {0};
    memset(w->first_cell, 0, sizeof w->first_cell);
    for (uint32_t c = w->n_cells; c-- > 0;) {
        const uint32_t d = w->tables->areas[kith_world_area(w, c)].district;
        end_cell[d] = end_cell[d] == 0 ? c + 1 : end_cell[d];
        w->first_cell[d] = c;
    }
    KITH_TRY(find_areas(w, err));
    if ((uint64_t)count_levels(w, end_cell) * w->n_postal_areas >
        w->n_elsewhere)
        status = kith_error_set(err, KITH_ERR_DATA,
                                "gm_postcode_sectors.csv: too few sectors for "
                                "so many people");
done:
    return status;
}

void
kith_address_at(kith_address *out, const kith_world *w, uint32_t cell,
                uint32_t dwelling)
{
    const kith_tables *t = w->tables;
    const kith_area *area = &t->areas[kith_world_area(w, cell)];
    const uint32_t last = kith_postcode_count(w) - 1;
    const uint32_t of = dwelling / HOMES_PER_POSTCODE;
    const uint32_t index = of < last ? of : last; /* which may hold more */
    const uint32_t within = dwelling - index * HOMES_PER_POSTCODE;
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
