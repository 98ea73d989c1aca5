#include "encode/soundex.h"

#include <string.h>

/* A to Z: 0 a vowel or Y, '-' H and W, which are passed over. */
static const char codes[] = "01230120022455012623010202";

static char
code_of(char c)
{
    return (char)(c == 'H' || c == 'W' ? '-' : codes[c - 'A']);
}

bool
kith_soundex(char out[KITH_SOUNDEX_BYTES], const char *text, size_t n)
{
    size_t kept = 0;
    char last = '0';
    memset(out, '0', KITH_SOUNDEX_BYTES);
    for (size_t i = 0; i < n && kept < KITH_SOUNDEX_BYTES; i++) {
        if (text[i] < 'A' || text[i] > 'Z')
            continue;
        const char code = code_of(text[i]);
        if (kept == 0)
            out[kept++] = text[i];
        else if (code != '-' && code != '0' && code != last)
            out[kept++] = code;
        if (code != '-')
            last = code;
    }
    return kept > 0;
}
