#include "attack/jaro.h"

#include <stdbool.h>

enum { MOST_BYTES = 64, MOST_PREFIX = 4 };
#define PREFIX_SCALE 0.1

/* Letters in common: equal, and no further apart than half the longer text. */
static unsigned
match(const char *a, size_t n_a, const char *b, size_t n_b,
      bool in_a[MOST_BYTES], bool in_b[MOST_BYTES])
{
    const size_t longer = n_a > n_b ? n_a : n_b;
    const size_t reach = longer > 3 ? longer / 2 - 1 : 0;
    unsigned n = 0;
    for (size_t i = 0; i < n_a; i++) {
        const size_t from = i > reach ? i - reach : 0;
        for (size_t j = from; j < n_b && j <= i + reach; j++) {
            if (in_b[j] || a[i] != b[j])
                continue;
            in_a[i] = in_b[j] = true;
            n++;
            break;
        }
    }
    return n;
}

/* Letters in common that stand in another order. */
static unsigned
out_of_order(const char *a, size_t n_a, const char *b, const bool *in_a,
             const bool *in_b)
{
    unsigned n = 0;
    size_t j = 0;
    for (size_t i = 0; i < n_a; i++) {
        if (!in_a[i])
            continue;
        while (!in_b[j])
            j++;
        n += a[i] != b[j++];
    }
    return n;
}

double
kith_jaro_winkler(const char *a, size_t n_a, const char *b, size_t n_b)
{
    bool in_a[MOST_BYTES] = {false}, in_b[MOST_BYTES] = {false};
    n_a = n_a < MOST_BYTES ? n_a : MOST_BYTES;
    n_b = n_b < MOST_BYTES ? n_b : MOST_BYTES;
    const double m = match(a, n_a, b, n_b, in_a, in_b);
    if (m <= 0)
        return 0;
    const double swapped = out_of_order(a, n_a, b, in_a, in_b) / 2.0;
    const double jaro =
        (m / (double)n_a + m / (double)n_b + (m - swapped) / m) / 3;
    size_t prefix = 0;
    while (prefix < MOST_PREFIX && prefix < n_a && prefix < n_b &&
           a[prefix] == b[prefix])
        prefix++;
    return jaro + (double)prefix * PREFIX_SCALE * (1 - jaro);
}
