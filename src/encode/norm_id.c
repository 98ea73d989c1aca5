/* Numbers that officials give to people, and how people are reached. */
#include "encode/norm.h"

#include <string.h>

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool
digits_only(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_digit(text[i]))
            return false;
    return true;
}

/* Folds to letters and digits; false, with the null set, when there is
 * nothing to check or far too much. */
static bool
fold_code(kith_norm *out, kith_str raw, char text[KITH_FOLD_BYTES], size_t *n)
{
    size_t foreign = 0;
    *n = kith_fold_plain(text, raw, &foreign);
    if (*n == SIZE_MAX || (*n == 0 && foreign > 0))
        kith_norm_null(out, KITH_NORM_BAD_FORMAT);
    else if (*n == 0)
        kith_norm_null(out, KITH_NORM_EMPTY);
    else
        return true;
    return false;
}

/* NHS Data Dictionary: weights 10 to 2; 11 - (sum mod 11), 11 is 0 and 10 is
 * never given. 0000000000 would pass, so repeated digits are refused. */
void
kith_norm_nhs(kith_norm *out, kith_str raw)
{
    char text[KITH_FOLD_BYTES];
    size_t n = 0;
    if (!fold_code(out, raw, text, &n))
        return;
    if (digits_only(text, n) && kith_norm_repeats(text, n)) {
        kith_norm_null(out, KITH_NORM_PLACEHOLDER);
        return;
    }
    if (n != 10 || !digits_only(text, n)) {
        kith_norm_null(out, KITH_NORM_BAD_FORMAT);
        return;
    }
    unsigned sum = 0;
    for (unsigned i = 0; i < 9; i++)
        sum += (10 - i) * (unsigned)(text[i] - '0');
    const unsigned check = (11 - sum % 11) % 11;
    if (check != (unsigned)(text[9] - '0'))
        kith_norm_null(out, KITH_NORM_BAD_CHECK);
    else
        kith_norm_set(out, text, n);
}

/* HMRC manual NIM39110: no D F I Q U V in the prefix, O not second, six
 * prefixes never given; the suffix A-D is often missing, so 8 are kept. */
void
kith_norm_nino(kith_norm *out, kith_str raw)
{
    static const char never[] = "BG GB KN NK NT TN ZZ";
    char text[KITH_FOLD_BYTES];
    size_t n = 0;
    if (!fold_code(out, raw, text, &n))
        return;
    const bool shaped = (n == 8 || n == 9) && is_letter(text[0]) &&
                        is_letter(text[1]) && digits_only(text + 2, 6);
    /* 11a11111, a temporary reference number; TN and a birth date, the
     * number that an employer makes up. */
    if ((n == 8 && digits_only(text, 2) && is_letter(text[2]) &&
         digits_only(text + 3, 5)) ||
        (shaped && memcmp(text, "TN", 2) == 0)) {
        kith_norm_null(out, KITH_NORM_TEMPORARY);
        return;
    }
    if (!shaped || (n == 9 && (text[8] < 'A' || text[8] > 'D')) ||
        strchr("DFIQUV", text[0]) != NULL ||
        strchr("DFIQUVO", text[1]) != NULL) {
        kith_norm_null(out, KITH_NORM_BAD_FORMAT);
        return;
    }
    for (const char *p = never; *p != '\0'; p += p[2] == ' ' ? 3 : 2)
        if (memcmp(p, text, 2) == 0) {
            kith_norm_null(out, KITH_NORM_BAD_FORMAT);
            return;
        }
    if (kith_norm_repeats(text + 2, 6) || memcmp(text + 2, "123456", 6) == 0)
        kith_norm_null(out, KITH_NORM_PLACEHOLDER);
    else
        kith_norm_set(out, text, 8);
}

/* DfE guide to unique pupil numbers: the first letter is the sum of the 12
 * others with weights 2 to 13, mod 23, over the alphabet without I, O, S. A
 * temporary one ends in a letter. */
void
kith_norm_upn(kith_norm *out, kith_str raw)
{
    static const char letters[] = "ABCDEFGHJKLMNPQRTUVWXYZ";
    char text[KITH_FOLD_BYTES];
    size_t n = 0;
    if (!fold_code(out, raw, text, &n))
        return;
    if (n != 13 || !is_letter(text[0]) || !digits_only(text + 1, 11)) {
        kith_norm_null(out, KITH_NORM_BAD_FORMAT);
        return;
    }
    if (is_letter(text[12])) {
        kith_norm_null(out, KITH_NORM_TEMPORARY);
        return;
    }
    if (kith_norm_repeats(text + 1, 12)) {
        kith_norm_null(out, KITH_NORM_PLACEHOLDER);
        return;
    }
    unsigned sum = 0;
    for (unsigned i = 1; i < 13; i++)
        sum += (i + 1) * (unsigned)(text[i] - '0');
    if (letters[sum % 23] != text[0])
        kith_norm_null(out, KITH_NORM_BAD_CHECK);
    else
        kith_norm_set(out, text, n);
}

/* Keeps digits up to an extension; a plus at the front becomes 00. */
static size_t
phone_digits(char *out, kith_str raw)
{
    size_t n = 0;
    for (size_t i = 0; i < raw.len && n < 30; i++) {
        const char c = raw.data[i];
        if (is_digit(c))
            out[n++] = c;
        else if (c == '+' && n == 0) {
            out[n++] = '0';
            out[n++] = '0';
        } else if (((c | 0x20) == 'x' || (c | 0x20) == 'e') && n > 5)
            break;
    }
    return n;
}

/* Ofcom's numbering plan: a national number has 10 or 11 digits with its 0;
 * 01 02 03 07 08 reach people. Numbers abroad keep their 00. */
void
kith_norm_phone(kith_norm *out, kith_str raw)
{
    char text[34];
    raw = kith_str_trim(raw);
    if (raw.len == 0) {
        kith_norm_null(out, KITH_NORM_EMPTY);
        return;
    }
    size_t n = phone_digits(text, raw);
    if (n > 4 && memcmp(text, "0044", 4) == 0) {
        const size_t skip = n > 5 && text[4] == '0' ? 4 : 3;
        n -= skip;
        memmove(text, text + skip, n);
        text[0] = '0';
    } else if (n == 12 && memcmp(text, "44", 2) == 0) {
        n -= 1;
        memmove(text, text + 1, n);
        text[0] = '0';
    } else if (n == 10 && text[0] == '7') {
        /* A spreadsheet took the 0 of a mobile for a number's. */
        memmove(text + 1, text, n++);
        text[0] = '0';
    }
    const bool abroad =
        n >= 10 && n <= 17 && memcmp(text, "00", 2) == 0 && text[2] != '0';
    const bool national = (n == 10 || n == 11) && text[0] == '0' &&
                          memchr("12378", text[1], 5) != NULL;
    if (n == 0)
        kith_norm_null(out, KITH_NORM_BAD_FORMAT);
    else if (n > 3 &&
             (kith_norm_repeats(text, n) || kith_norm_repeats(text + 2, n - 2)))
        kith_norm_null(out, KITH_NORM_PLACEHOLDER);
    else if (!abroad && !national)
        kith_norm_null(out, KITH_NORM_BAD_FORMAT);
    else
        kith_norm_set(out, text, n);
}

static bool
mail_char(char c)
{
    return (c >= 'a' && c <= 'z') || is_digit(c) ||
           (c != '\0' && strchr("!#$%&*+-/=?^_{|}~.", c) != NULL);
}

/* One @, a local part, a domain with a dot; no quoting, no literals. */
static bool
mail_good(const char *text, size_t n)
{
    const char *at = memchr(text, '@', n);
    if (at == NULL || at == text || at[-1] == '.' || text[0] == '.')
        return false;
    const char *domain = at + 1;
    const char *end = text + n;
    if (memchr(domain, '.', (size_t)(end - domain)) == NULL ||
        domain[0] == '.' || end[-1] == '.')
        return false;
    for (const char *p = text; p < end; p++)
        if (p != at && (!mail_char(*p) || (p[0] == '.' && p[1] == '.')))
            return false;
    return true;
}

void
kith_norm_email(kith_norm *out, const kith_norm_rules *rules, kith_str raw)
{
    char text[KITH_NORM_BYTES + 2];
    static const char scheme[] = "mailto:";
    raw = kith_str_trim(raw);
    if (raw.len == 0) {
        kith_norm_null(out, KITH_NORM_EMPTY);
        return;
    }
    if (raw.len > KITH_NORM_BYTES) {
        kith_norm_null(out, KITH_NORM_TOO_LONG);
        return;
    }
    for (size_t i = 0; i < raw.len; i++) {
        const char c = raw.data[i];
        text[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    size_t n = raw.len;
    text[n] = '\0';
    if (n > 7 && memcmp(text, scheme, 7) == 0) {
        n -= 7;
        memmove(text, text + 7, n + 1);
    }
    char plain[KITH_FOLD_BYTES];
    size_t foreign = 0;
    const char *at = memchr(text, '@', n);
    const size_t local = at == NULL ? n : (size_t)(at - text);
    const size_t n_plain =
        kith_fold_plain(plain, (kith_str){text, local}, &foreign);
    if (n_plain != SIZE_MAX && n_plain > 0 &&
        kith_norm_placeholder(rules, plain, n_plain))
        kith_norm_null(out, KITH_NORM_PLACEHOLDER);
    else if (!mail_good(text, n))
        kith_norm_null(out, KITH_NORM_BAD_FORMAT);
    else
        kith_norm_set(out, text, n);
}
