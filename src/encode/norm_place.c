/* Where people live: postcodes, houses, property references. */
#include "encode/norm.h"

#include <string.h>

static bool
is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
one_of(char c, const char *list)
{
    return c != '\0' && strchr(list, c) != NULL;
}

/*
 * The outward code by BS 7666: A9 A99 AA9 AA99 A9A AA9A, with the letters
 * that each place may hold.
 */
static bool
outward_good(const char *text, size_t n)
{
    if (n == 3 && memcmp(text, "GIR", 3) == 0)
        return true;
    if (n < 2 || n > 4 || !is_letter(text[0]) || one_of(text[0], "QVX"))
        return false;
    const size_t area = is_letter(text[1]) ? 2 : 1;
    if (area == 2 && one_of(text[1], "IJZ"))
        return false;
    if (n <= area || n > area + 2 || !is_digit(text[area]))
        return false;
    if (n == area + 1 || is_digit(text[area + 1]))
        return true;
    return one_of(text[area + 1],
                  area == 1 ? "ABCDEFGHJKPSTUW" : "ABEHMNPRVWXY");
}

static bool
inward_good(const char *text)
{
    return is_digit(text[0]) && is_letter(text[1]) && is_letter(text[2]) &&
           !one_of(text[1], "CIKMOV") && !one_of(text[2], "CIKMOV");
}

/* The digit that a hurried hand wrote as a letter. */
static char
as_digit(char c)
{
    return (char)(c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c);
}

static bool
whole_good(const char *text, size_t n)
{
    return n >= 5 && n <= 7 && outward_good(text, n - 3) &&
           inward_good(text + n - 3);
}

/* Tries letters O, I and L as the digits that must stand in their place. */
static bool
repair(char *text, size_t n)
{
    char copy[8];
    if (n < 5 || n > 7)
        return false;
    memcpy(copy, text, n);
    copy[n - 3] = as_digit(copy[n - 3]);
    /* An L at the end of a London district is more likely another letter. */
    if (!whole_good(copy, n) && copy[n - 4] != 'L')
        copy[n - 4] = as_digit(copy[n - 4]);
    if (!whole_good(copy, n))
        return false;
    memcpy(text, copy, n);
    return true;
}

void
kith_norm_postcode(kith_norm *out, const kith_norm_rules *rules, kith_str raw)
{
    char text[KITH_FOLD_BYTES];
    size_t foreign = 0;
    const size_t n = kith_fold_plain(text, raw, &foreign);
    if (n == 0) {
        kith_norm_null(out, KITH_NORM_EMPTY);
    } else if (n == SIZE_MAX) {
        kith_norm_null(out, KITH_NORM_BAD_FORMAT);
    } else if (kith_norm_placeholder(rules, text, n)) {
        kith_norm_null(out, KITH_NORM_PLACEHOLDER);
    } else if (whole_good(text, n) || repair(text, n)) {
        kith_norm_set(out, text, n);
    } else if (outward_good(text, n)) {
        kith_norm_set(out, text, n);
        out->reason = KITH_NORM_PARTIAL;
        out->partial = true;
    } else {
        kith_norm_null(out, KITH_NORM_BAD_FORMAT);
    }
}

typedef struct house_text {
    char text[KITH_FOLD_BYTES];
    size_t n;
} house_text;

static void
add_word(house_text *h, const char *word, size_t n)
{
    static const char *const flats[] = {"FLAT", "APT", "APARTMENT",
                                        "UNIT", "FLT", "FL"};
    static const char *const noise[] = {"NO", "NUMBER", "NUM"};
    const kith_str w = {word, n};
    for (size_t i = 0; i < sizeof noise / sizeof *noise; i++)
        if (kith_str_equal(w, noise[i]))
            return;
    for (size_t i = 0; i < sizeof flats / sizeof *flats; i++)
        if (kith_str_equal(w, flats[i])) {
            word = "FLAT";
            n = 4;
        }
    while (n > 1 && word[0] == '0') {
        word++;
        n--;
    }
    /* Two numbers side by side stay two: FLAT 3, 12 is not FLAT 31, 2. */
    if (h->n > 0 && is_digit(h->text[h->n - 1]) && is_digit(word[0]) &&
        h->n < KITH_FOLD_BYTES)
        h->text[h->n++] = '/';
    if (h->n + n <= KITH_FOLD_BYTES) {
        memcpy(h->text + h->n, word, n);
        h->n += n;
    }
}

void
kith_norm_house(kith_norm *out, const kith_norm_rules *rules, kith_str raw)
{
    char text[KITH_FOLD_BYTES];
    size_t foreign = 0;
    const size_t n = kith_fold(text, raw, &foreign);
    if (n == SIZE_MAX) {
        kith_norm_null(out, KITH_NORM_TOO_LONG);
        return;
    }
    house_text h = {.n = 0};
    size_t start = 0;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && (is_letter(text[i]) || is_digit(text[i])))
            continue;
        if (i > start)
            add_word(&h, text + start, i - start);
        start = i + 1;
    }
    if (h.n == 0)
        kith_norm_null(out,
                       foreign > 0 ? KITH_NORM_NOT_LATIN : KITH_NORM_EMPTY);
    else if (kith_norm_placeholder(rules, h.text, h.n) ||
             (h.text[0] == '0' && h.n == 1))
        kith_norm_null(out, KITH_NORM_PLACEHOLDER);
    else
        kith_norm_set(out, h.text, h.n);
}

void
kith_norm_uprn(kith_norm *out, kith_str raw)
{
    char text[KITH_FOLD_BYTES];
    size_t foreign = 0;
    size_t n = kith_fold_plain(text, raw, &foreign);
    const char *at = text;
    if (n == 0) {
        kith_norm_null(out,
                       foreign > 0 ? KITH_NORM_BAD_FORMAT : KITH_NORM_EMPTY);
        return;
    }
    for (size_t i = 0; n != SIZE_MAX && i < n; i++)
        if (!is_digit(text[i]))
            n = SIZE_MAX;
    while (n != SIZE_MAX && n > 0 && *at == '0') {
        at++;
        n--;
    }
    if (n == SIZE_MAX || n > 12)
        kith_norm_null(out, KITH_NORM_BAD_FORMAT);
    else if (n == 0 || (n > 3 && *at == '9' && kith_norm_repeats(at, n)))
        kith_norm_null(out, KITH_NORM_PLACEHOLDER);
    else
        kith_norm_set(out, at, n);
}
