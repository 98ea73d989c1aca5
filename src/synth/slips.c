#include "synth/names.h"
#include "synth/record.h"

#include <string.h>

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void
remove_at(char *s, size_t i)
{
    memmove(s + i, s + i + 1, strlen(s + i));
}

static void
insert_at(char *s, size_t cap, size_t i, char c)
{
    const size_t n = strlen(s);
    if (n + 2 > cap)
        return;
    memmove(s + i + 1, s + i, n - i + 1);
    s[i] = c;
}

static char
near(const kith_tables *t, char c, kith_rng *rng)
{
    const bool upper = c >= 'A' && c <= 'Z';
    const unsigned char lower = (unsigned char)(upper ? c - 'A' + 'a' : c);
    if (lower >= 128)
        return c;
    const char *keys = t->near_key[lower];
    const size_t n = strlen(keys);
    if (n == 0)
        return c;
    const char k = keys[kith_rng_below(rng, n)];
    return upper && k >= 'a' && k <= 'z' ? (char)(k - 'a' + 'A') : k;
}

/* Substitution 40 %, omission 25 %, insertion 15 %, transposition 20 %
 * (Damerau 1964 found single slips of these four kinds to be 80 % of all). */
bool
kith_slip_typing(char *s, size_t cap, const kith_tables *t, kith_rng *rng)
{
    const size_t n = strlen(s);
    if (n < 2)
        return false;
    /* The first letter is seldom wrong. */
    size_t i = 1 + kith_rng_below(rng, n - 1);
    if (kith_rng_chance(rng, 0.08))
        i = 0;
    if (!is_letter(s[i]) && !is_digit(s[i]))
        return false;
    const double x = kith_rng_unit(rng);
    const char old = s[i];
    if (x < 0.4) {
        s[i] = near(t, s[i], rng);
        return s[i] != old;
    }
    if (x < 0.65 && n > 3) {
        remove_at(s, i);
        return true;
    }
    if (x < 0.8) {
        insert_at(s, cap, i, near(t, s[i], rng));
        return true;
    }
    if (i + 1 >= n || s[i + 1] == old ||
        !(is_letter(s[i + 1]) || is_digit(s[i + 1])))
        return false;
    s[i] = s[i + 1];
    s[i + 1] = old;
    return true;
}

/* Where @p from occurs at or after @p begin, in lower case or as written. */
static char *
find_part(char *s, const kith_rewrite *r)
{
    const size_t n = strlen(s);
    const size_t m = strlen(r->from);
    if (m > n)
        return NULL;
    if (r->position == 'e')
        return strcmp(s + n - m, r->from) == 0 ? s + n - m : NULL;
    if (r->position != 's')
        return strstr(s, r->from);
    if ((s[0] | 0x20) != r->from[0] || strncmp(s + 1, r->from + 1, m - 1) != 0)
        return NULL;
    return s;
}

bool
kith_slip_rewrite(char *s, size_t cap, const kith_rewrites *rules,
                  kith_rng *rng)
{
    if (rules->n == 0)
        return false;
    /* The first that fits, from one drawn on: few of many rules do. */
    const size_t first = kith_rng_below(rng, rules->n);
    for (size_t i = 0; i < rules->n; i++) {
        const kith_rewrite *r = &rules->items[(first + i) % rules->n];
        char *at = find_part(s, r);
        const size_t from = strlen(r->from);
        const size_t to = strlen(r->to);
        const size_t n = strlen(s);
        if (at == NULL || n + to - from + 1 > cap || n + to - from < 2)
            continue;
        const bool upper = at == s && s[0] >= 'A' && s[0] <= 'Z';
        memmove(at + to, at + from, strlen(at + from) + 1);
        memcpy(at, r->to, to);
        if (upper && s[0] >= 'a' && s[0] <= 'z')
            s[0] = (char)(s[0] - 'a' + 'A');
        return true;
    }
    return false;
}

bool
kith_slip_variant(char *s, size_t cap, const kith_tables *t,
                  const kith_variants *variants, kith_rng *rng)
{
    const uint32_t name = kith_dict_find(&t->names, kith_str_of(s));
    if (name == KITH_DICT_NONE)
        return false;
    const uint32_t other = kith_variants_draw(variants, name, rng);
    if (other == KITH_DICT_NONE)
        return false;
    s[0] = '\0';
    kith_text_append(s, cap, kith_dict_at(&t->names, other));
    return true;
}
