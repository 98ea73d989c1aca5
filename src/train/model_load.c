/*
 * model.yaml is a small subset of YAML, the one that model_save.c writes:
 * comments from " #" or a leading "#" to the end of the line, blank lines,
 * and "name: value" lines in a fixed order with fixed indentation. A strict
 * line reader can then say which line is wrong, and nobody's anchors, tags
 * or duplicate keys need a meaning.
 */
#include "base/alloc.h"
#include "base/buffer.h"
#include "io/in.h"
#include "train/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A thousand levels in sixteen passes are 100 KB. */
enum { MAX_MODEL_BYTES = 4 << 20 };

/* Six digits are written, twelve levels at most are summed. */
static const double sum_tolerance = 1e-4;

typedef struct reader {
    const char *path;
    const char *at, *end;
    unsigned line;
    kith_str text; /* of the line, without comment */
    kith_error *err;
} reader;

static kith_status
refuse(reader *r, const char *what)
{
    return kith_error_set(r->err, KITH_ERR_CONFIG, "%s:%u: %s", r->path,
                          r->line, what);
}

/* The next line that says something; empty at the end. */
static void
next_line(reader *r)
{
    r->text = (kith_str){r->at, 0};
    while (r->at < r->end && r->text.len == 0) {
        const char *eol = memchr(r->at, '\n', (size_t)(r->end - r->at));
        const char *stop = eol != NULL ? eol : r->end;
        r->line++;
        const char *from = r->at, *to = from;
        while (to < stop && !(*to == '#' && (to == from || to[-1] == ' ')))
            to++;
        while (to > from && (to[-1] == ' ' || to[-1] == '\r'))
            to--;
        r->text = (kith_str){from, (size_t)(to - from)};
        r->at = eol != NULL ? eol + 1 : r->end;
    }
}

/* The next line must begin with @p name; gives what follows. */
static kith_status
take(reader *r, const char *name, kith_str *value)
{
    const size_t n = strlen(name);
    next_line(r);
    if (r->text.len < n || memcmp(r->text.data, name, n) != 0) {
        while (*name == ' ' || *name == '-')
            name++;
        return kith_error_set(r->err, KITH_ERR_CONFIG,
                              "%s:%u: expected \"%s\" here", r->path, r->line,
                              name);
    }
    *value = kith_str_trim((kith_str){r->text.data + n, r->text.len - n});
    return KITH_OK;
}

static kith_status
take_heading(reader *r, const char *name)
{
    kith_str value;
    const kith_status status = take(r, name, &value);
    if (status == KITH_OK && value.len != 0)
        return refuse(r, "nothing may follow on this line");
    return status;
}

/* Nothing but a plain decimal number. */
static bool
parse_number(kith_str text, double *out)
{
    char copy[40];
    char *end = NULL;
    if (text.len == 0 || text.len >= sizeof copy)
        return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    if (strspn(copy, "0123456789.eE+-") != text.len)
        return false;
    *out = strtod(copy, &end);
    return *end == '\0' && isfinite(*out);
}

static kith_status
take_number(reader *r, const char *name, double *out)
{
    kith_str value;
    const kith_status status = take(r, name, &value);
    if (status == KITH_OK && !parse_number(value, out))
        return refuse(r, "not a number");
    return status;
}

static kith_status
take_count(reader *r, const char *name, double most, double *out)
{
    const kith_status status = take_number(r, name, out);
    if (status == KITH_OK && (*out < 0 || *out > most || *out != floor(*out)))
        return refuse(r, "not a count");
    return status;
}

static kith_status
take_name(reader *r, const char *name, char *out, size_t cap)
{
    kith_str value;
    const kith_status status = take(r, name, &value);
    if (status != KITH_OK)
        return status;
    if (value.len == 0 || value.len >= cap)
        return refuse(r, "empty or too long");
    memcpy(out, value.data, value.len);
    out[value.len] = '\0';
    return KITH_OK;
}

/* "m: 0.9": the value of @p name inside a level's braces. */
static bool
inside(kith_str *rest, const char *name, char stop, double *out)
{
    const size_t n = strlen(name);
    if (rest->len < n || memcmp(rest->data, name, n) != 0)
        return false;
    const char *from = rest->data + n;
    const char *to = memchr(from, stop, rest->len - n);
    if (to == NULL || !parse_number((kith_str){from, (size_t)(to - from)}, out))
        return false;
    rest->len -= (size_t)(to + 1 - rest->data);
    rest->data = to + 1;
    return true;
}

static kith_status
take_level(reader *r, kith_digit_model *digit, unsigned level)
{
    kith_str rest;
    double seen = 0;
    const kith_status status = take(r, "          - {", &rest);
    if (status != KITH_OK)
        return status;
    double *const p[KITH_CLASSES] = {&digit->p[KITH_MATCH][level],
                                     &digit->p[KITH_STRANGER][level],
                                     &digit->p[KITH_KIN][level]};
    if (!inside(&rest, "m: ", ',', p[0]) || !inside(&rest, " u: ", ',', p[1]) ||
        !inside(&rest, " kin: ", ',', p[2]) ||
        !inside(&rest, " seen: ", '}', &seen) || rest.len != 0)
        return refuse(r, "expected {m: , u: , kin: , seen: }");
    for (unsigned c = 0; c < KITH_CLASSES; c++)
        if (!(*p[c] > 0 && *p[c] < 1))
            return refuse(r, "a probability must lie between 0 and 1");
    if (seen < 0 || seen > 1e18 || seen != floor(seen))
        return refuse(r, "\"seen\" is not a count");
    digit->seen[level] = (uint64_t)seen;
    return KITH_OK;
}

static kith_status
take_digit(reader *r, kith_digit_model *digit, const kith_digit *want)
{
    static const char *const sums[KITH_CLASSES] = {
        "the m of this digit do not sum to 1",
        "the u of this digit do not sum to 1",
        "the kin of this digit do not sum to 1"};
    kith_status status = KITH_OK;
    KITH_TRY(take_name(r, "      - digit:", digit->name, sizeof digit->name));
    if (strcmp(digit->name, want->name) != 0)
        KITH_TRY(kith_error_set(r->err, KITH_ERR_CONFIG,
                                "%s:%u: the spec has digit \"%s\" here",
                                r->path, r->line, want->name));
    KITH_TRY(take_heading(r, "        levels:"));
    digit->n_levels = want->n_levels;
    for (unsigned l = 1; l < digit->n_levels; l++)
        KITH_TRY(take_level(r, digit, l));
    for (unsigned c = 0; c < KITH_CLASSES; c++) {
        double sum = 0;
        for (unsigned l = 1; l < digit->n_levels; l++)
            sum += digit->p[c][l];
        if (fabs(sum - 1) > sum_tolerance)
            KITH_TRY(refuse(r, sums[c]));
    }
done:
    return status;
}

static kith_status
take_pass(reader *r, kith_pass_model *pass, const kith_spec *spec,
          unsigned index)
{
    kith_status status = KITH_OK;
    kith_layout layout;
    double pairs = 0, iterations = 0;
    KITH_TRY(kith_layout_build(&layout, spec, index, r->err));
    KITH_TRY(take_name(r, "  - pass:", pass->name, sizeof pass->name));
    if (strcmp(pass->name, spec->passes[index].name) != 0)
        KITH_TRY(kith_error_set(r->err, KITH_ERR_CONFIG,
                                "%s:%u: the spec has pass \"%s\" here", r->path,
                                r->line, spec->passes[index].name));
    KITH_TRY(take_count(r, "    pairs:", 1e18, &pairs));
    KITH_TRY(take_count(r, "    iterations:", 1e9, &iterations));
    KITH_TRY(take_number(r, "    match:", &pass->share[KITH_MATCH]));
    if (!(pass->share[KITH_MATCH] > 0 && pass->share[KITH_MATCH] < 1))
        KITH_TRY(refuse(r, "a share must lie between 0 and 1"));
    KITH_TRY(take_number(r, "    kin:", &pass->share[KITH_KIN]));
    pass->share[KITH_STRANGER] =
        1 - pass->share[KITH_MATCH] - pass->share[KITH_KIN];
    if (!(pass->share[KITH_KIN] >= 0 && pass->share[KITH_STRANGER] > 0))
        KITH_TRY(refuse(r, "match and kin must sum to less than 1"));
    pass->n_pairs = (uint64_t)pairs;
    pass->iterations = (uint32_t)iterations;
    KITH_TRY(take_heading(r, "    digits:"));
    for (; pass->n_digits < layout.n_digits; pass->n_digits++)
        KITH_TRY(take_digit(r, &pass->digits[pass->n_digits],
                            &layout.digits[pass->n_digits]));
done:
    return status;
}

static kith_status
take_model(reader *r, kith_model *model, const kith_spec *spec)
{
    kith_status status = KITH_OK;
    double version = 0;
    KITH_TRY(take_number(r, "kith_model:", &version));
    if (version != 1)
        KITH_TRY(refuse(r, "a model of another version; this kith reads 1"));
    KITH_TRY(take_name(r, "spec:", model->spec_name, sizeof model->spec_name));
    KITH_TRY(take_name(r, "digest:", model->digest, sizeof model->digest));
    if (strcmp(model->digest, spec->digest) != 0) {
        kith_error_set(r->err, KITH_ERR_MISMATCH,
                       "%s:%u: trained with another linkage spec than \"%s\"",
                       r->path, r->line, spec->name);
        kith_error_hint(r->err, "train again with this spec");
        KITH_TRY(KITH_ERR_MISMATCH);
    }
    KITH_TRY(take_heading(r, "passes:"));
    for (; model->n_passes < spec->n_passes; model->n_passes++)
        KITH_TRY(take_pass(r, &model->passes[model->n_passes], spec,
                           model->n_passes));
    next_line(r);
    if (r->text.len != 0)
        KITH_TRY(refuse(r, "more than the spec's passes"));
done:
    return status;
}

kith_status
kith_model_parse(kith_model **out, const char *path, const char *text, size_t n,
                 const kith_spec *spec, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_model *model = NULL;
    reader r = {.path = path, .at = text, .end = text + n, .err = err};
    *out = NULL;
    KITH_TRY(KITH_ALLOC(&model, 1, err));
    KITH_TRY(take_model(&r, model, spec));
    *out = model;
    model = NULL;
done:
    kith_model_free(model);
    return status;
}

kith_status
kith_model_load(kith_model **out, const char *path, const kith_spec *spec,
                kith_error *err)
{
    kith_status status = KITH_OK;
    char *text = NULL;
    size_t n = 0;
    *out = NULL;
    KITH_TRY(kith_in_slurp(&text, &n, path, MAX_MODEL_BYTES, err));
    KITH_TRY(kith_model_parse(out, path, text, n, spec, err));
done:
    kith_free(text);
    return status;
}
