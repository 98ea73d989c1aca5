#include "encode/exclude.h"

#include "io/in.h"

#include <string.h>
#include <strings.h>

enum { MAX_FIELDS = 16 };

typedef struct reader {
    kith_exclude *out;
    const char *agency;
    bool header_read;
    unsigned id_field;
    int agency_field; /* -1: none */
} reader;

/* Splits at commas; a quoted id may hold no comma. */
static unsigned
split(kith_str line, kith_str fields[MAX_FIELDS])
{
    unsigned n = 0;
    size_t start = 0;
    for (size_t i = 0; i <= line.len && n < MAX_FIELDS; i++) {
        if (i < line.len && line.data[i] != ',')
            continue;
        kith_str f = kith_str_trim((kith_str){line.data + start, i - start});
        if (f.len >= 2 && f.data[0] == '"' && f.data[f.len - 1] == '"')
            f = (kith_str){f.data + 1, f.len - 2};
        fields[n++] = f;
        start = i + 1;
    }
    return n;
}

static bool
is_word(kith_str s, const char *word)
{
    return s.len == strlen(word) && strncasecmp(s.data, word, s.len) == 0;
}

/* True when the line is a header and not an id. */
static bool
read_header(reader *r, const kith_str *fields, unsigned n)
{
    bool header = false;
    for (unsigned i = 0; i < n; i++) {
        if (is_word(fields[i], "id")) {
            r->id_field = i;
            header = true;
        }
        if (is_word(fields[i], "agency"))
            r->agency_field = (int)i;
    }
    if (!header)
        r->agency_field = -1;
    return header;
}

static kith_status
add_line(reader *r, kith_str line, kith_error *err)
{
    kith_str fields[MAX_FIELDS];
    uint32_t index = 0;
    line.len -= line.len > 0 && line.data[line.len - 1] == '\r';
    const unsigned n = split(kith_str_trim(line), fields);
    const bool first = !r->header_read;
    r->header_read = true;
    if (first && read_header(r, fields, n))
        return KITH_OK;
    if (r->id_field >= n || fields[r->id_field].len == 0)
        return KITH_OK;
    if (r->agency_field >= 0 && ((unsigned)r->agency_field >= n ||
                                 !is_word(fields[r->agency_field], r->agency)))
        return KITH_OK;
    return kith_dict_add(&r->out->ids, fields[r->id_field], &index, err);
}

static kith_status
add_lines(reader *r, kith_buffer *text, bool last, kith_error *err)
{
    kith_status status = KITH_OK;
    size_t start = 0;
    for (;;) {
        const char *end = start >= text->len ? NULL
                                             : memchr(text->data + start, '\n',
                                                      text->len - start);
        if (end == NULL && !(last && start < text->len))
            break;
        const size_t stop =
            end == NULL ? text->len : (size_t)(end - text->data);
        KITH_TRY(
            add_line(r, (kith_str){text->data + start, stop - start}, err));
        start = stop + 1;
    }
    if (start < text->len)
        memmove(text->data, text->data + start, text->len - start);
    text->len = start < text->len ? text->len - start : 0;
done:
    return status;
}

kith_status
kith_exclude_load(kith_exclude *out, const char *path, const char *agency,
                  kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_in *in = NULL;
    kith_buffer text = {.secret = true};
    char chunk[16384];
    size_t n = 0;
    reader r = {.out = out, .agency = agency, .agency_field = -1};
    *out = (kith_exclude){.ids = {.text = {.secret = true}}};
    KITH_TRY(kith_in_open(&in, path, err));
    do {
        const char *from = chunk;
        KITH_TRY(kith_in_read(in, chunk, sizeof chunk, &n, err));
        if (!r.header_read && text.len == 0 && n >= 3 &&
            memcmp(chunk, "\xEF\xBB\xBF", 3) == 0)
            from += 3;
        KITH_TRY(kith_buffer_add(&text, from, n - (size_t)(from - chunk), err));
        KITH_TRY(add_lines(&r, &text, n == 0, err));
    } while (n > 0);
    kith_in_record(in, job);
done:
    kith_in_close(in);
    kith_buffer_done(&text);
    explicit_bzero(chunk, sizeof chunk);
    return status;
}

bool
kith_exclude_has(const kith_exclude *x, kith_str id)
{
    return kith_dict_find(&x->ids, id) != KITH_DICT_NONE;
}

void
kith_exclude_done(kith_exclude *x)
{
    kith_dict_done(&x->ids);
}
