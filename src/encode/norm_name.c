/* Personal names: what one clerk writes and another does not goes. */
#include "encode/norm.h"

#include "encode/soundex.h"

#include <string.h>

enum { MAX_WORDS = 24 };

/* Before a name; after it; and where the rest is another name. */
static const char *const titles[] = {
    "MR",   "MRS",    "MISS",   "MS",   "MX",        "DR",     "PROF", "REV",
    "REVD", "SIR",    "DAME",   "LADY", "LORD",      "MASTER", "CLLR", "CAPT",
    "MAJ",  "FATHER", "SISTER", "SGT",  "PROFESSOR", "DOCTOR",
};
static const char *const suffixes[] = {
    "JR",  "SR", "JNR", "SNR", "JUNIOR", "SENIOR", "ESQ", "ESQUIRE", "II",
    "III", "IV", "OBE", "MBE", "CBE",    "PHD",    "MD",  "DECD",    "DECEASED",
};
static const char *const aliases[] = {"NEE", "AKA", "ALIAS", "FORMERLY"};

typedef struct words {
    kith_str at[MAX_WORDS];
    size_t hyphens[MAX_WORDS]; /* letters before its first hyphen; 0: none */
    size_t n;
} words;

static bool
listed(const char *const *list, size_t n, kith_str word)
{
    for (size_t i = 0; i < n; i++)
        if (kith_str_equal(word, list[i]))
            return true;
    return false;
}

#define LISTED(list, word) listed((list), sizeof(list) / sizeof *(list), (word))

/* Drops what is in brackets; cuts at a slash, where a second name begins. */
static size_t
drop_asides(char *text, size_t n)
{
    size_t kept = 0;
    unsigned depth = 0;
    for (size_t i = 0; i < n; i++) {
        const char c = text[i];
        if (c == '(' || c == '[') {
            depth++;
            text[kept++] = ' ';
        } else if (c == ')' || c == ']') {
            depth -= depth > 0;
        } else if (depth == 0) {
            if ((c == '/' || c == ';') && kept > 0)
                break;
            text[kept++] = c;
        }
    }
    return kept;
}

/* Splits at blanks, full stops and commas; a hyphen joins; digits and other
 * marks go. Words past MAX_WORDS run into the last. */
static void
split_words(words *w, char *text, size_t n)
{
    size_t kept = 0;
    size_t start = 0;
    size_t hyphen = 0;
    w->n = 0;
    for (size_t i = 0; i <= n; i++) {
        const char c = i < n ? text[i] : ' ';
        if (c >= 'A' && c <= 'Z') {
            text[kept++] = c;
        } else if (c == '-' && hyphen == 0) {
            hyphen = kept - start;
        } else if ((c == ' ' || c == '.' || c == ',') && kept > start &&
                   (w->n + 1 < MAX_WORDS || i == n)) {
            w->hyphens[w->n] = hyphen;
            w->at[w->n++] = (kith_str){text + start, kept - start};
            start = kept;
            hyphen = 0;
        }
    }
}

static void
trim_words(words *w)
{
    size_t first = 0;
    for (size_t i = 1; i < w->n; i++)
        if (LISTED(aliases, w->at[i]))
            w->n = i;
    while (first + 1 < w->n && LISTED(titles, w->at[first]))
        first++;
    while (w->n > first + 1 && LISTED(suffixes, w->at[w->n - 1]))
        w->n--;
    /* A middle initial that only some sources hold: JOHN P. But not the O of
     * O BRIEN, nor J P, where it is all there is. */
    while (w->n > first + 1 && w->at[w->n - 1].len == 1 && w->at[first].len > 1)
        w->n--;
    memmove(w->at, w->at + first, (w->n - first) * sizeof *w->at);
    memmove(w->hyphens, w->hyphens + first,
            (w->n - first) * sizeof *w->hyphens);
    w->n -= first;
}

static void
set_name(kith_norm *out, const words *w, const char *joined, size_t length)
{
    kith_norm_set(out, joined, length);
    const size_t word = w->hyphens[0] > 0 ? w->hyphens[0] : w->at[0].len;
    out->first = (uint8_t)(word < out->len ? word : out->len);
    if (out->len > 0 && !kith_soundex(out->sound, out->text, out->len))
        out->sound[0] = '\0';
}

void
kith_norm_name(kith_norm *out, const kith_norm_rules *rules, kith_str raw)
{
    char text[KITH_FOLD_BYTES], plain[KITH_FOLD_BYTES];
    char joined[KITH_FOLD_BYTES];
    size_t foreign = 0;
    size_t n = kith_fold(text, raw, &foreign);
    if (n == SIZE_MAX) {
        kith_norm_null(out, KITH_NORM_TOO_LONG);
        return;
    }
    memcpy(plain, text, n);
    const size_t n_plain = kith_keep_plain(plain, n);
    /* On the whole text first, for N/K and BABY OF SMITH; once more below,
     * for MR UNKNOWN. */
    if (n_plain > 0 && kith_norm_placeholder(rules, plain, n_plain)) {
        kith_norm_null(out, KITH_NORM_PLACEHOLDER);
        return;
    }
    words w;
    n = drop_asides(text, n);
    split_words(&w, text, n);
    trim_words(&w);
    size_t length = 0;
    for (size_t i = 0; i < w.n; i++) {
        memcpy(joined + length, w.at[i].data, w.at[i].len);
        length += w.at[i].len;
    }
    if (length == 0)
        kith_norm_null(out, foreign > 0    ? KITH_NORM_NOT_LATIN
                            : n_plain == 0 ? KITH_NORM_EMPTY
                                           : KITH_NORM_BAD_FORMAT);
    else if ((length != n_plain &&
              kith_norm_placeholder(rules, joined, length)) ||
             (length >= 3 && kith_norm_repeats(joined, length)))
        kith_norm_null(out, KITH_NORM_PLACEHOLDER);
    else
        set_name(out, &w, joined, length);
}
