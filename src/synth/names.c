#include "synth/names.h"

#include <string.h>

/* Shares of people with a double-barrelled name: 2.2 % of public candidates
 * (reference tables' own count). */
static const double DOUBLE_BARRELLED = 0.02;

uint32_t
kith_forename_draw(const kith_tables *t, uint32_t community, uint8_t sex,
                   int32_t birth_year, kith_rng *rng)
{
    const kith_community *c = &t->communities[community];
    if (!c->british && !kith_rng_chance(rng, c->british_forename))
        return kith_weights_draw(&c->forenames[sex], rng);
    uint32_t best = 0;
    int32_t best_gap = INT32_MAX;
    for (uint32_t i = 0; i < t->n_spans; i++) {
        int32_t gap = 0;
        if (birth_year < t->span_from[i])
            gap = t->span_from[i] - birth_year;
        else if (birth_year > t->span_to[i])
            gap = birth_year - t->span_to[i];
        if (gap < best_gap) {
            best_gap = gap;
            best = i;
        }
    }
    return kith_weights_draw(&t->forenames[best][sex], rng);
}

static kith_surname
plain(uint32_t name)
{
    return (kith_surname){name, KITH_DICT_NONE, false, false};
}

kith_surname
kith_surname_draw(const kith_tables *t, uint32_t community, kith_rng *rng)
{
    const kith_community *c = &t->communities[community];
    if (!c->british)
        return plain(kith_weights_draw(&c->surnames, rng));
    if (kith_rng_chance(rng, t->tail_share) || t->surnames.n == 0) {
        const uint32_t stem = kith_weights_draw(&t->stems, rng);
        return (kith_surname){stem, kith_weights_draw(&t->endings, rng), false,
                              false};
    }
    const uint32_t name = kith_weights_draw(&t->surnames, rng);
    if (!kith_rng_chance(rng, DOUBLE_BARRELLED))
        return plain(name);
    return (kith_surname){name, kith_weights_draw(&t->surnames, rng), true,
                          false};
}

kith_surname
kith_surname_for(const kith_tables *t, uint32_t community, kith_surname s,
                 uint8_t sex)
{
    s.feminine =
        t->communities[community].naming == KITH_NAMING_GENDERED && sex == 1;
    return s;
}

void
kith_text_append(char *out, size_t cap, const char *s)
{
    const size_t have = strlen(out);
    size_t n = strlen(s);
    if (have + n + 1 > cap) {
        n = cap - have - 1;
        while (n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80)
            n--;
    }
    memcpy(out + have, s, n);
    out[have + n] = '\0';
}

void
kith_surname_text(const kith_tables *t, kith_surname s,
                  char out[KITH_NAME_TEXT])
{
    out[0] = '\0';
    kith_text_append(out, KITH_NAME_TEXT, kith_dict_at(&t->names, s.a));
    if (s.double_barrelled)
        kith_text_append(out, KITH_NAME_TEXT, "-");
    if (s.b != KITH_DICT_NONE)
        kith_text_append(out, KITH_NAME_TEXT, kith_dict_at(&t->names, s.b));
    const size_t n = strlen(out);
    /* Polish adjectives only: Kowalski, Kowalska. */
    if (s.feminine && n > 3 && strcmp(out + n - 2, "ki") == 0)
        out[n - 1] = 'a';
}
