#include "attack/scan.h"

#include "base/alloc.h"
#include "io/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    BEGIN = 7,      /* characters by which values are found */
    MOST = 256,     /* characters of a value */
    CHUNK = 1 << 20 /* bytes read at once */
};

static bool
is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static uint8_t
upper(uint8_t c)
{
    return c >= 'a' && c <= 'z' ? (uint8_t)(c - 'a' + 'A') : c;
}

static bool
is_letter(uint8_t c)
{
    return upper(c) >= 'A' && upper(c) <= 'Z';
}

static bool
has_digit(const char *text)
{
    for (; *text != '\0'; text++)
        if (is_digit((uint8_t)*text))
            return true;
    return false;
}

static kith_status
add_value(kith_scan *s, const char *text, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    char value[MOST];
    bool letter = false, digit = false;
    uint32_t index = 0, last = 0;
    if (n < BEGIN || n >= MOST)
        return KITH_OK;
    for (size_t i = 0; i < n; i++) {
        value[i] = (char)upper((uint8_t)text[i]);
        letter = letter || is_letter((uint8_t)text[i]);
        digit = digit || is_digit((uint8_t)text[i]);
    }
    const kith_str v = {value, n};
    if (n == BEGIN && !(letter && digit))
        goto done;
    for (unsigned i = 0; i < 2; i++)
        if (s->skip[i].len == n && memcmp(s->skip[i].data, value, n) == 0)
            goto done;
    const uint32_t before = s->values.n;
    KITH_TRY(kith_dict_add(&s->values, v, &index, err));
    if (s->values.n == before)
        goto done;
    KITH_TRY(KITH_GROW(&s->next, &s->next_cap, s->values.n, err));
    const uint64_t key = kith_hash64(value, BEGIN);
    s->next[index] = kith_map64_get(&s->begins, key, &last) ? last + 1 : 0;
    KITH_TRY(kith_map64_put(&s->begins, key, index, err));
done:
    OPENSSL_cleanse(value, sizeof value);
    return status;
}

/* As people write them; "19800517" itself is added with the other values. */
static kith_status
add_date(kith_scan *s, const char *d, size_t n, kith_error *err)
{
    kith_status status = KITH_OK;
    char text[16];
    if (n != 8)
        return KITH_OK;
    snprintf(text, sizeof text, "%.2s/%.2s/%.4s", d + 6, d + 4, d);
    KITH_TRY(add_value(s, text, 10, err));
    snprintf(text, sizeof text, "%.4s-%.2s-%.2s", d, d + 4, d + 6);
    KITH_TRY(add_value(s, text, 10, err));
done:
    OPENSSL_cleanse(text, sizeof text);
    return status;
}

static kith_status
add_field(kith_scan *s, const kith_people *people, unsigned field,
          kith_error *err)
{
    kith_status status = KITH_OK;
    for (uint32_t v = 0; v < people->values[field].n; v++) {
        const char *text = kith_people_text(people, field, v);
        const size_t n = strlen(text);
        KITH_TRY(add_value(s, text, n, err));
        if (people->spec->fields[field].kind == KITH_FIELD_DATE)
            KITH_TRY(add_date(s, text, n, err));
    }
done:
    return status;
}

kith_status
kith_scan_init(kith_scan *out, const kith_people *people, const char *run,
               const char *date, kith_error *err)
{
    kith_status status = KITH_OK;
    out->values.text.secret = true;
    out->skip[0] = kith_str_of(run);
    out->skip[1] = kith_str_of(date);
    for (uint32_t i = 0; i < people->ids.n; i++) {
        const char *id = kith_dict_at(&people->ids, i);
        KITH_TRY(add_value(out, id, strlen(id), err));
    }
    out->n_ids = out->values.n;
    for (unsigned dates = 0; dates < 2; dates++) {
        for (unsigned f = 0; f < people->spec->n_fields; f++)
            if ((people->spec->fields[f].kind == KITH_FIELD_DATE) == dates)
                KITH_TRY(add_field(out, people, f, err));
        if (dates == 0)
            out->n_plain = out->values.n;
    }
done:
    return status;
}

void
kith_scan_done(kith_scan *s)
{
    kith_dict_done(&s->values);
    kith_map64_done(&s->begins);
    kith_free(s->next);
    *s = (kith_scan){.next = NULL};
}

/* A number inside a longer one is that one's. */
static bool
stands_alone(const uint8_t *bytes, size_t at, size_t n, size_t end)
{
    for (size_t i = at; i < at + n; i++)
        if (!is_digit(bytes[i]))
            return true;
    return (at == 0 || !(is_digit(bytes[at - 1]) || bytes[at - 1] == '.')) &&
           (at + n == end || !is_digit(bytes[at + n]));
}

/* Whether a value begins at @p at. Seven characters are looked for as they
 * are, more of them in either case. */
static bool
value_at(const kith_scan *s, const uint8_t *bytes, size_t at, size_t end,
         bool numbers)
{
    char begin[BEGIN];
    uint32_t index = 0;
    for (unsigned i = 0; i < BEGIN; i++)
        begin[i] = (char)upper(bytes[at + i]);
    if (!kith_map64_get(&s->begins, kith_hash64(begin, BEGIN), &index))
        return false;
    for (uint32_t v = index + 1; v != 0; v = s->next[v - 1]) {
        const char *value = kith_dict_at(&s->values, v - 1);
        const size_t n = strlen(value);
        size_t i = 0;
        if (at + n > end || (numbers && (v > s->n_plain || !has_digit(value))))
            continue;
        while (i < n && (n == BEGIN ? bytes[at + i] : upper(bytes[at + i])) ==
                            (uint8_t)value[i])
            i++;
        if (i == n && stands_alone(bytes, at, n, end))
            return true;
    }
    return false;
}

/* Counts the values that begin in [0, limit). */
static uint64_t
count_values(const kith_scan *s, const uint8_t *bytes, size_t limit, size_t end,
             bool numbers)
{
    uint64_t places = 0;
    size_t run = 0; /* printable bytes up to here */
    for (size_t i = 0; i < end; i++) {
        run = bytes[i] >= ' ' && bytes[i] <= '~' ? run + 1 : 0;
        if (run < BEGIN || i + 1 - BEGIN >= limit)
            continue;
        places += value_at(s, bytes, i + 1 - BEGIN, end, numbers);
    }
    return places;
}

kith_status
kith_scan_file(kith_scan_found *found, const kith_scan *s, const char *path,
               bool numbers, kith_error *err)
{
    kith_status status = KITH_OK;
    uint8_t *bytes = NULL;
    size_t kept = 0;
    ssize_t got = 0;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return kith_error_set(err, KITH_ERR_IO, "%s: %s", path,
                              strerror(errno));
    KITH_TRY(KITH_ALLOC(&bytes, (size_t)CHUNK + MOST, err));
    do {
        got = read(fd, bytes + kept, CHUNK);
        if (got < 0)
            KITH_TRY(kith_error_set(err, KITH_ERR_IO, "%s: %s", path,
                                    strerror(errno)));
        const size_t end = kept + (size_t)got;
        const size_t limit = got > 0 && end > MOST ? end - MOST : end;
        found->places += count_values(s, bytes, limit, end, numbers);
        found->bytes += (uint64_t)got;
        kept = got > 0 ? end - limit : 0;
        memmove(bytes, bytes + limit, kept);
    } while (got > 0);
    found->files++;
done:
    kith_free(bytes);
    (void)close(fd);
    return status;
}

kith_status
kith_scan_folder(kith_scan_found *found, const kith_scan *s, const char *path,
                 bool numbers, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_folder folder = {0};
    char *file = NULL;
    KITH_TRY(kith_folder_list(&folder, path, "", err));
    for (size_t i = 0; i < folder.n; i++) {
        KITH_TRY(kith_folder_file(&file, path, folder.names[i], "", err));
        KITH_TRY(kith_scan_file(found, s, file, numbers, err));
        kith_free(file);
        file = NULL;
    }
done:
    kith_free(file);
    kith_folder_done(&folder);
    return status;
}
