/* Folding to A-Z and 0-9, and the kinds that need nothing more. */
#include "encode/norm.h"

#include <string.h>
#include <utf8proc.h>

static const char *const reason_names[KITH_NORM_REASONS] = {
    [KITH_NORM_GOOD] = "good",
    [KITH_NORM_EMPTY] = "empty",
    [KITH_NORM_PLACEHOLDER] = "placeholder",
    [KITH_NORM_UNKNOWN] = "unknown",
    [KITH_NORM_NOT_LATIN] = "not_latin",
    [KITH_NORM_TOO_LONG] = "too_long",
    [KITH_NORM_BAD_FORMAT] = "bad_format",
    [KITH_NORM_BAD_CHECK] = "bad_check",
    [KITH_NORM_TEMPORARY] = "temporary",
    [KITH_NORM_TOO_OLD] = "too_old",
    [KITH_NORM_JANUARY] = "first_of_january",
    [KITH_NORM_PARTIAL] = "partial",
    [KITH_NORM_NOT_A_DATE] = "not_a_date",
    [KITH_NORM_FUTURE] = "future_date",
};

const char *
kith_norm_reason_name(kith_norm_reason reason)
{
    return reason_names[reason];
}

bool
kith_norm_is_reject(kith_norm_reason reason)
{
    return reason == KITH_NORM_NOT_A_DATE || reason == KITH_NORM_FUTURE;
}

void
kith_norm_null(kith_norm *out, kith_norm_reason reason)
{
    out->len = 0;
    out->partial = false;
    out->first = 0;
    out->date = (kith_ymd){0};
    out->sound[0] = '\0';
    out->reason = (uint8_t)reason;
}

void
kith_norm_set(kith_norm *out, const char *text, size_t n)
{
    kith_norm_null(out, KITH_NORM_GOOD);
    if (n == 0) {
        out->reason = KITH_NORM_EMPTY;
    } else if (n > KITH_NORM_BYTES) {
        out->reason = KITH_NORM_TOO_LONG;
    } else {
        memcpy(out->text, text, n);
        out->len = out->first = (uint8_t)n;
    }
}

bool
kith_norm_repeats(const char *text, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (text[i] != text[0])
            return false;
    return n > 0;
}

/* Letters that NFKD leaves whole, as passports spell them (ICAO 9303). */
static const char *
spelling(utf8proc_int32_t c)
{
    switch (c) {
    case 0x00DF: /* sharp s */
    case 0x1E9E:
        return "SS";
    case 0x00C6: /* ae */
    case 0x00E6:
        return "AE";
    case 0x0152: /* oe */
    case 0x0153:
        return "OE";
    case 0x00D8: /* o with stroke */
    case 0x00F8:
        return "O";
    case 0x0141: /* l with stroke */
    case 0x0142:
        return "L";
    case 0x00D0: /* eth, d with stroke */
    case 0x00F0:
    case 0x0110:
    case 0x0111:
        return "D";
    case 0x00DE: /* thorn */
    case 0x00FE:
        return "TH";
    case 0x0126: /* h with stroke */
    case 0x0127:
        return "H";
    case 0x0131: /* dotless i */
        return "I";
    case 0x0166: /* t with stroke */
    case 0x0167:
        return "T";
    case 0x014A: /* eng */
    case 0x014B:
        return "NG";
    case 0x018F: /* schwa */
    case 0x0259:
        return "A";
    default:
        return NULL;
    }
}

static bool
apostrophe(utf8proc_int32_t c)
{
    return c == '\'' || c == '`' || c == 0x2018 || c == 0x2019 || c == 0x201B ||
           c == 0x02BC || c == 0x02BB || c == 0x00B4 || c == 0x2032 ||
           c == 0x055A || c == 0xFF07 || c == 0x02B9;
}

typedef struct folder {
    char *out;
    size_t n;
    size_t foreign;
    bool full;
} folder;

static void
put(folder *f, char c)
{
    if (f->n == KITH_FOLD_BYTES)
        f->full = true;
    else if (c != ' ' || (f->n > 0 && f->out[f->n - 1] != ' '))
        f->out[f->n++] = c;
}

static void
put_ascii(folder *f, char c)
{
    if (c >= 'a' && c <= 'z')
        put(f, (char)(c - 'a' + 'A'));
    else if (c > ' ' && c < 0x7F)
        put(f, c);
    else
        put(f, ' ');
}

/* One code point after compatibility decomposition. */
static void
put_point(folder *f, utf8proc_int32_t c)
{
    const utf8proc_category_t category = utf8proc_category(c);
    const char *spelled = spelling(c);
    if (apostrophe(c))
        return;
    if (c < 0x80) {
        put_ascii(f, (char)c);
    } else if (spelled != NULL) {
        while (*spelled != '\0')
            put(f, *spelled++);
    } else if (category == UTF8PROC_CATEGORY_PD || c == 0x2212) {
        put(f, '-');
    } else if (category == UTF8PROC_CATEGORY_ZS ||
               category == UTF8PROC_CATEGORY_CC) {
        put(f, ' ');
    } else if (category >= UTF8PROC_CATEGORY_LU &&
               category <= UTF8PROC_CATEGORY_LO) {
        f->foreign++;
    }
}

static void
fold_point(folder *f, utf8proc_int32_t c)
{
    /* The longest decomposition in Unicode is 18 code points. */
    utf8proc_int32_t parts[32];
    int boundary = 0;
    const utf8proc_ssize_t n =
        apostrophe(c)
            ? -1
            : utf8proc_decompose_char(c, parts, 32,
                                      UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT,
                                      &boundary);
    for (utf8proc_ssize_t i = 0; i < n && i < 32; i++)
        put_point(f, parts[i]);
}

size_t
kith_fold(char out[KITH_FOLD_BYTES], kith_str raw, size_t *foreign)
{
    folder f = {.out = out};
    const unsigned char *at = (const unsigned char *)raw.data;
    size_t left = raw.len;
    while (left > 0 && !f.full) {
        utf8proc_int32_t c = -1;
        utf8proc_ssize_t n = 1;
        if (*at < 0x80) {
            if (*at != '\'' && *at != '`')
                put_ascii(&f, (char)*at);
        } else {
            n = utf8proc_iterate(at, (utf8proc_ssize_t)left, &c);
            if (n > 0)
                fold_point(&f, c);
            else
                n = 1; /* a broken byte: the reader refuses such rows */
        }
        at += n;
        left -= (size_t)n;
    }
    while (f.n > 0 && out[f.n - 1] == ' ')
        f.n--;
    *foreign = f.foreign;
    return f.full ? SIZE_MAX : f.n;
}

size_t
kith_keep_plain(char *text, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        /* Stored always, counted when kept: no branch to guess. */
        text[kept] = text[i];
        kept += (text[i] >= 'A' && text[i] <= 'Z') ||
                (text[i] >= '0' && text[i] <= '9');
    }
    return kept;
}

size_t
kith_fold_plain(char out[KITH_FOLD_BYTES], kith_str raw, size_t *foreign)
{
    const size_t n = kith_fold(out, raw, foreign);
    if (n == SIZE_MAX)
        return n;
    return kith_keep_plain(out, n);
}

bool
kith_norm_placeholder(const kith_norm_rules *rules, const char *text, size_t n)
{
    return kith_spec_is_placeholder(rules->spec, text, n);
}

void
kith_norm_text(kith_norm *out, const kith_norm_rules *rules, kith_str raw)
{
    char text[KITH_FOLD_BYTES];
    size_t foreign = 0;
    const size_t n = kith_fold_plain(text, raw, &foreign);
    if (n == SIZE_MAX)
        kith_norm_null(out, KITH_NORM_TOO_LONG);
    else if (n == 0)
        kith_norm_null(out,
                       foreign > 0 ? KITH_NORM_NOT_LATIN : KITH_NORM_EMPTY);
    else if (kith_norm_placeholder(rules, text, n))
        kith_norm_null(out, KITH_NORM_PLACEHOLDER);
    else
        kith_norm_set(out, text, n);
}

void
kith_norm_sex(kith_norm *out, kith_str raw)
{
    /* Words and codes in use; 1 and 2 are ISO/IEC 5218, as the NHS writes
     * them. 0 is not known, 9 not specified, X and I neither. */
    static const char *const male[] = {"M", "1", "MALE", "MAN", "BOY"};
    static const char *const female[] = {"F", "2", "FEMALE", "WOMAN", "GIRL"};
    char text[KITH_FOLD_BYTES];
    size_t foreign = 0;
    const size_t n = kith_fold_plain(text, raw, &foreign);
    if (n == 0) {
        kith_norm_null(out, KITH_NORM_EMPTY);
        return;
    }
    for (size_t i = 0; n != SIZE_MAX && i < sizeof male / sizeof *male; i++) {
        const kith_str value = {text, n};
        if (kith_str_equal(value, male[i])) {
            kith_norm_set(out, "M", 1);
            return;
        }
        if (kith_str_equal(value, female[i])) {
            kith_norm_set(out, "F", 1);
            return;
        }
    }
    kith_norm_null(out, KITH_NORM_UNKNOWN);
}

void
kith_norm_field(kith_norm *out, const kith_norm_rules *rules,
                kith_field_kind kind, kith_str raw)
{
    switch (kind) {
    case KITH_FIELD_NAME:
        kith_norm_name(out, rules, raw);
        break;
    case KITH_FIELD_SEX:
        kith_norm_sex(out, raw);
        break;
    case KITH_FIELD_POSTCODE:
        kith_norm_postcode(out, rules, raw);
        break;
    case KITH_FIELD_HOUSE:
        kith_norm_house(out, rules, raw);
        break;
    case KITH_FIELD_UPRN:
        kith_norm_uprn(out, raw);
        break;
    case KITH_FIELD_NHS:
        kith_norm_nhs(out, raw);
        break;
    case KITH_FIELD_NINO:
        kith_norm_nino(out, raw);
        break;
    case KITH_FIELD_UPN:
        kith_norm_upn(out, raw);
        break;
    case KITH_FIELD_PHONE:
        kith_norm_phone(out, raw);
        break;
    case KITH_FIELD_EMAIL:
        kith_norm_email(out, rules, raw);
        break;
    case KITH_FIELD_DATE: /* needs a format: kith_norm_date */
    case KITH_FIELD_TEXT:
    case KITH_FIELD_CODE:
        kith_norm_text(out, rules, raw);
        break;
    }
}
