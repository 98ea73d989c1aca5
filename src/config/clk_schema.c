#include "base/alloc.h"
#include "io/in.h"

#include <kith/clk.h>

#include <jansson.h>
#include <math.h>
#include <openssl/evp.h>
#include <string.h>

/* Where in the schema the reader is, for messages. */
typedef struct place {
    const char *path;
    const char *feature; /* "" before the features */
    kith_error *err;
} place;

static kith_status
refuse(const place *at, const char *what, const char *name)
{
    const bool inside = at->feature[0] != '\0';
    kith_error_set(at->err, KITH_ERR_CONFIG, "%s: %s%s%s%s \"%s\"", at->path,
                   inside ? "feature \"" : "", at->feature,
                   inside ? "\": " : "", what, name);
    kith_error_hint(at->err, "kith reads clkhash linkage schemas, version 3");
    return KITH_ERR_CONFIG;
}

/* An optional text member; NULL when absent. */
static kith_status
text_of(char **out, const json_t *object, const char *name, const place *at)
{
    const json_t *v = json_object_get(object, name);
    *out = NULL;
    if (v == NULL)
        return KITH_OK;
    if (!json_is_string(v))
        return refuse(at, "not a text:", name);
    *out = kith_strdup(json_string_value(v));
    return *out == NULL ? kith_error_memory(at->err, 1, 1) : KITH_OK;
}

typedef struct range {
    int64_t least, most, otherwise; /* otherwise: when absent */
} range;

/* An optional whole number. */
static kith_status
whole_of(int64_t *out, const json_t *object, const char *name, range r,
         const place *at)
{
    const json_t *v = json_object_get(object, name);
    *out = r.otherwise;
    if (v == NULL)
        return KITH_OK;
    if (!json_is_integer(v) || json_integer_value(v) < r.least ||
        json_integer_value(v) > r.most)
        return refuse(at, "not a whole number in range:", name);
    *out = json_integer_value(v);
    return KITH_OK;
}

static bool
truth_of(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

static const char *
type_of(const json_t *object)
{
    const char *type = json_string_value(json_object_get(object, "type"));
    return type == NULL ? "" : type;
}

static kith_status
bytes_of(uint8_t **out, size_t *n, const json_t *object, const char *name,
         const place *at)
{
    kith_status status = KITH_OK;
    const char *text = json_string_value(json_object_get(object, name));
    *out = NULL;
    *n = 0;
    if (text == NULL)
        return KITH_OK;
    const size_t len = strlen(text);
    KITH_TRY(KITH_ALLOC(out, len + 1, at->err));
    const int got =
        EVP_DecodeBlock(*out, (const unsigned char *)text, (int)len);
    if (got < 0)
        KITH_TRY(refuse(at, "not base64:", name));
    /* EVP counts the padding as bytes. */
    size_t pad = 0;
    while (pad < 2 && pad < len && text[len - 1 - pad] == '=')
        pad++;
    *n = (size_t)got - pad;
done:
    return status;
}

static kith_status
read_kdf(kith_clk_schema *s, const json_t *kdf, const place *at)
{
    kith_status status = KITH_OK;
    int64_t key_bytes = 0;
    if (strcmp(type_of(kdf), "HKDF") != 0)
        KITH_TRY(refuse(at, "unknown key derivation", type_of(kdf)));
    const char *hash = json_string_value(json_object_get(kdf, "hash"));
    s->sha512 = hash != NULL && strcmp(hash, "SHA512") == 0;
    if (hash != NULL && !s->sha512 && strcmp(hash, "SHA256") != 0)
        KITH_TRY(refuse(at, "unknown hash", hash));
    KITH_TRY(bytes_of(&s->salt, &s->salt_bytes, kdf, "salt", at));
    KITH_TRY(bytes_of(&s->info, &s->info_bytes, kdf, "info", at));
    /* BLAKE2b takes keys of at most 64 bytes. */
    KITH_TRY(whole_of(&key_bytes, kdf, "keySize", (range){1, 64, 64}, at));
    s->key_bytes = (uint32_t)key_bytes;
done:
    return status;
}

static kith_status
read_config(kith_clk_schema *s, const json_t *config, const place *at)
{
    kith_status status = KITH_OK;
    int64_t l = 0;
    int64_t folds = 0;
    KITH_TRY(
        whole_of(&l, config, "l", (range){8, KITH_CLK_MAX_BITS, 1024}, at));
    /* clkhash's JSON Schema says xorFolds, its code reads xor_folds. */
    KITH_TRY(whole_of(&folds, config, "xor_folds", (range){0, 10, 0}, at));
    if (l % 8 != 0 || l << folds > KITH_CLK_MAX_BITS)
        KITH_TRY(refuse(at, "length and folds do not fit:", "l"));
    s->l = (uint32_t)l;
    s->folds = (uint32_t)folds;
    KITH_TRY(read_kdf(s, json_object_get(config, "kdf"), at));
done:
    return status;
}

static kith_status
read_string(kith_clk_feature *f, const json_t *format, const place *at)
{
    kith_status status = KITH_OK;
    const char *encoding =
        json_string_value(json_object_get(format, "encoding"));
    const char *casing = json_string_value(json_object_get(format, "case"));
    f->ascii = encoding != NULL && strcmp(encoding, "ascii") == 0;
    if (encoding != NULL && !f->ascii && strcmp(encoding, "utf-8") != 0)
        KITH_TRY(refuse(at, "kith writes ascii and utf-8 only, not", encoding));
    if (casing != NULL && strcmp(casing, "upper") == 0)
        f->casing = KITH_CLK_UPPER;
    else if (casing != NULL && strcmp(casing, "lower") == 0)
        f->casing = KITH_CLK_LOWER;
    else if (casing != NULL && strcmp(casing, "mixed") != 0)
        KITH_TRY(refuse(at, "unknown case", casing));
    KITH_TRY(whole_of(&f->minimum, format, "minLength",
                      (range){0, INT32_MAX, 0}, at));
    KITH_TRY(whole_of(&f->maximum, format, "maxLength",
                      (range){1, INT32_MAX, INT32_MAX}, at));
    KITH_TRY(text_of(&f->pattern, format, "pattern", at));
done:
    return status;
}

static kith_status
read_enum(kith_clk_feature *f, const json_t *format, const place *at)
{
    kith_status status = KITH_OK;
    const json_t *values = json_object_get(format, "values");
    if (!json_is_array(values))
        KITH_TRY(refuse(at, "missing list", "values"));
    KITH_TRY(KITH_ALLOC(&f->values, json_array_size(values), at->err));
    for (size_t i = 0; i < json_array_size(values); i++) {
        const char *v = json_string_value(json_array_get(values, i));
        f->values[i] = kith_strdup(v == NULL ? "" : v);
        if (f->values[i] == NULL)
            KITH_TRY(kith_error_memory(at->err, 1, 1));
        f->n_values++;
    }
done:
    return status;
}

static kith_status
read_integer(kith_clk_feature *f, const json_t *format, const place *at)
{
    kith_status status = KITH_OK;
    KITH_TRY(whole_of(&f->minimum, format, "minimum",
                      (range){INT64_MIN, INT64_MAX, INT64_MIN}, at));
    KITH_TRY(whole_of(&f->maximum, format, "maximum",
                      (range){INT64_MIN, INT64_MAX, INT64_MAX}, at));
done:
    return status;
}

static kith_status
read_format(kith_clk_feature *f, const json_t *format, const place *at)
{
    kith_status status = KITH_OK;
    const char *type = type_of(format);
    if (strcmp(type, "string") == 0) {
        f->format = KITH_CLK_STRING;
        KITH_TRY(read_string(f, format, at));
    } else if (strcmp(type, "integer") == 0) {
        f->format = KITH_CLK_INTEGER;
        KITH_TRY(read_integer(f, format, at));
    } else if (strcmp(type, "date") == 0) {
        f->format = KITH_CLK_DATE;
        KITH_TRY(text_of(&f->date_format, format, "format", at));
        if (f->date_format == NULL)
            KITH_TRY(refuse(at, "missing", "format"));
    } else if (strcmp(type, "enum") == 0) {
        f->format = KITH_CLK_ENUM;
        KITH_TRY(read_enum(f, format, at));
    } else {
        KITH_TRY(refuse(at, "unknown format type", type));
    }
done:
    return status;
}

static kith_status
read_numeric(kith_clk_feature *f, const json_t *comparison, const place *at)
{
    kith_status status = KITH_OK;
    int64_t precision = 0;
    const json_t *distance = json_object_get(comparison, "thresholdDistance");
    /* The ranges keep every product of clk_tokens.c within 64 bits. */
    KITH_TRY(whole_of(&f->resolution, comparison, "resolution",
                      (range){1, 100000, 0}, at));
    KITH_TRY(whole_of(&precision, comparison, "fractional_precision",
                      (range){0, 6, 0}, at));
    f->precision = (uint32_t)precision;
    const double interval =
        rint(json_number_value(distance) * pow(10, (double)precision));
    if (f->resolution == 0 || !(interval >= 1) || interval > 1e9)
        KITH_TRY(refuse(at, "too small or too large:", "thresholdDistance"));
    f->interval = (int64_t)interval;
done:
    return status;
}

static kith_status
read_comparison(kith_clk_feature *f, const json_t *comparison, const place *at)
{
    kith_status status = KITH_OK;
    const char *type = type_of(comparison);
    int64_t n = 0;
    if (strcmp(type, "ngram") == 0) {
        f->compare = KITH_CLK_NGRAM;
        KITH_TRY(whole_of(&n, comparison, "n", (range){1, 64, 0}, at));
        if (n == 0)
            KITH_TRY(refuse(at, "missing", "n"));
        f->n = (uint32_t)n;
        f->positional = truth_of(comparison, "positional");
    } else if (strcmp(type, "exact") == 0) {
        f->compare = KITH_CLK_EXACT;
    } else if (strcmp(type, "numeric") == 0) {
        f->compare = KITH_CLK_NUMERIC;
        KITH_TRY(read_numeric(f, comparison, at));
    } else {
        KITH_TRY(refuse(at, "unknown comparison", type));
    }
done:
    return status;
}

static kith_status
read_strategy(kith_clk_feature *f, const json_t *strategy, const place *at)
{
    kith_status status = KITH_OK;
    int64_t bits = 0;
    f->per_token = json_object_get(strategy, "bitsPerToken") != NULL;
    const char *name = f->per_token ? "bitsPerToken" : "bitsPerFeature";
    KITH_TRY(whole_of(&bits, strategy, name, (range){1, 1 << 16, 0}, at));
    if (bits == 0)
        KITH_TRY(refuse(at, "missing strategy", name));
    f->bits = (uint32_t)bits;
done:
    return status;
}

static kith_status
read_hashing(kith_clk_feature *f, const json_t *hashing, const place *at)
{
    kith_status status = KITH_OK;
    const json_t *hash = json_object_get(hashing, "hash");
    const json_t *missing = json_object_get(hashing, "missingValue");
    f->double_hash = strcmp(type_of(hash), "doubleHash") == 0;
    f->prevent_singularity = truth_of(hash, "prevent_singularity");
    if (hash != NULL && !f->double_hash &&
        strcmp(type_of(hash), "blakeHash") != 0)
        KITH_TRY(refuse(at, "unknown hash", type_of(hash)));
    KITH_TRY(read_comparison(f, json_object_get(hashing, "comparison"), at));
    KITH_TRY(read_strategy(f, json_object_get(hashing, "strategy"), at));
    KITH_TRY(text_of(&f->sentinel, missing, "sentinel", at));
    KITH_TRY(text_of(&f->replacement, missing, "replaceWith", at));
done:
    return status;
}

static kith_status
read_feature(kith_clk_schema *s, const json_t *json, place *at)
{
    kith_status status = KITH_OK;
    kith_clk_feature *f = &s->features[s->n_features++];
    at->feature = "";
    KITH_TRY(text_of(&f->identifier, json, "identifier", at));
    if (f->identifier == NULL)
        KITH_TRY(refuse(at, "a feature lacks", "identifier"));
    at->feature = f->identifier;
    f->ignored = truth_of(json, "ignored");
    if (f->ignored)
        return KITH_OK;
    KITH_TRY(read_format(f, json_object_get(json, "format"), at));
    KITH_TRY(read_hashing(f, json_object_get(json, "hashing"), at));
    const uint32_t l = s->l << s->folds;
    if (!f->double_hash && (l & (l - 1)) != 0)
        KITH_TRY(refuse(at, "BLAKE2 needs a power of two:", "l"));
done:
    return status;
}

static kith_status
read_schema(kith_clk_schema *s, const json_t *root, place *at)
{
    kith_status status = KITH_OK;
    const json_t *features = json_object_get(root, "features");
    const json_t *version = json_object_get(root, "version");
    if (!json_is_integer(version) || json_integer_value(version) != 3)
        KITH_TRY(refuse(at, "not a schema of", "version 3"));
    KITH_TRY(read_config(s, json_object_get(root, "clkConfig"), at));
    const size_t n = json_array_size(features);
    if (n == 0 || n > KITH_CLK_MAX_FEATURES)
        KITH_TRY(refuse(at, "none or too many:", "features"));
    KITH_TRY(KITH_ALLOC(&s->features, n, at->err));
    for (size_t i = 0; i < n; i++)
        KITH_TRY(read_feature(s, json_array_get(features, i), at));
done:
    return status;
}

kith_status
kith_clk_schema_load(kith_clk_schema **out, const char *path, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_clk_schema *s = NULL;
    json_t *root = NULL;
    char *text = NULL;
    size_t n = 0;
    json_error_t bad;
    place at = {path, "", err};
    *out = NULL;
    KITH_TRY(kith_in_slurp(&text, &n, path, 1 << 20, err));
    root = json_loadb(text, n, JSON_REJECT_DUPLICATES, &bad);
    if (root == NULL)
        KITH_TRY(kith_error_set(err, KITH_ERR_CONFIG, "%s:%d:%d: not JSON",
                                path, bad.line, bad.column));
    KITH_TRY(KITH_ALLOC(&s, 1, err));
    KITH_TRY(read_schema(s, root, &at));
    *out = s;
    s = NULL;
done:
    kith_clk_schema_free(s);
    json_decref(root);
    kith_free(text);
    return status;
}

static void
free_feature(kith_clk_feature *f)
{
    for (uint32_t i = 0; i < f->n_values; i++)
        kith_free(f->values[i]);
    kith_free(f->values);
    kith_free(f->identifier);
    kith_free(f->pattern);
    kith_free(f->date_format);
    kith_free(f->sentinel);
    kith_free(f->replacement);
}

void
kith_clk_schema_free(kith_clk_schema *schema)
{
    if (schema == NULL)
        return;
    for (uint32_t i = 0; i < schema->n_features; i++)
        free_feature(&schema->features[i]);
    kith_free(schema->features);
    kith_free(schema->salt);
    kith_free(schema->info);
    kith_free(schema);
}
