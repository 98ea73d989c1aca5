#include "base/nearest.h"

#include <string.h>

/* Longer names are never a typing slip away from a key or column name. */
enum { LONGEST = 63 };

/* Bytes beyond ASCII compare as they are: a hint needs no case folding. */
static unsigned char
lower(char c)
{
    const unsigned char u = (unsigned char)c;
    return u >= 'A' && u <= 'Z' ? (unsigned char)(u + ('a' - 'A')) : u;
}

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Three rows of the table are enough: a swap looks two rows back. */
static size_t
distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
    size_t rows[3][LONGEST + 1] = {{0}};
    for (size_t j = 0; j <= n_b; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n_a; i++) {
        size_t *now = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *above2 = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            const size_t cost = lower(a[i - 1]) != lower(b[j - 1]);
            now[j] =
                least(least(above[j], now[j - 1]) + 1, above[j - 1] + cost);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1]))
                now[j] = least(now[j], above2[j - 2] + 1);
        }
    }
    return rows[n_a % 3][n_b];
}

const char *
kith_nearest(const char *word, const char *const *words, size_t n)
{
    const size_t len = strlen(word);
    const char *best = NULL;
    size_t best_distance = 0;
    if (len == 0 || len > LONGEST)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        const size_t other = strlen(words[i]);
        const size_t longer = len > other ? len : other;
        if (other > LONGEST)
            continue;
        const size_t d = distance(word, len, words[i], other);
        /* One slip is allowed even in a word of two letters. */
        if (d > (longer < 3 ? 1 : longer / 3) || d >= longer)
            continue;
        if (best == NULL || d < best_distance) {
            best = words[i];
            best_distance = d;
        }
    }
    return best;
}
