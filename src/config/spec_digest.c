#include "config/spec.h"

#include "base/buffer.h"
#include "io/digest.h"

#include <math.h>

/* The digest is over a text with one line for each thing that changes a
 * result: two specs with the same digest link alike, however they are
 * written. A change of this text's form changes every digest; its first line
 * is its version. */

typedef struct writer {
    kith_buffer text;
    kith_error *err;
} writer;

#define PUT(w, ...)                                                            \
    KITH_TRY(kith_buffer_printf(&(w)->text, (w)->err, __VA_ARGS__))

static kith_status
put_values(writer *w, const kith_value *values, uint8_t n)
{
    kith_status status = KITH_OK;
    for (uint8_t i = 0; i < n; i++)
        PUT(w, " %s", values[i].text);
done:
    return status;
}

static kith_status
put_comparison(writer *w, const kith_spec_comparison *c)
{
    kith_status status = KITH_OK;
    PUT(w, "comparison %s %d", c->name, (int)c->kind);
    KITH_TRY(put_values(w, c->values, c->n_values));
    for (uint8_t t = 0; t < c->n_thresholds; t++)
        PUT(w, " %u", c->thresholds[t]);
    PUT(w, "\n");
done:
    return status;
}

/* What a pass goes without; nothing where it goes without nothing. */
static kith_status
put_without(writer *w, const kith_spec *s, const kith_spec_pass *pass)
{
    kith_status status = KITH_OK;
    for (uint8_t c = 0; c < s->n_comparisons; c++)
        for (uint8_t v = 0; v < s->comparisons[c].n_values; v++)
            if (pass->without[c] >> v & 1u)
                PUT(w, "without %s\n", s->comparisons[c].values[v].text);
done:
    return status;
}

static kith_status
put_pass(writer *w, const kith_spec_pass *pass)
{
    kith_status status = KITH_OK;
    PUT(w, "pass %s", pass->name);
    KITH_TRY(put_values(w, pass->key, pass->n_key));
    PUT(w, "\n");
    if (pass->widest != 0)
        PUT(w, "widest %u\n", pass->widest);
done:
    return status;
}

static kith_status
put_rules(writer *w, const kith_spec *s)
{
    kith_status status = KITH_OK;
    PUT(w, "kith spec 1\nname %s\n", s->name);
    for (uint8_t i = 0; i < s->n_fields; i++)
        PUT(w, "field %s %d\n", s->fields[i].name, (int)s->fields[i].kind);
    for (uint8_t i = 0; i < s->n_comparisons; i++)
        KITH_TRY(put_comparison(w, &s->comparisons[i]));
    for (uint8_t i = 0; i < s->n_passes; i++) {
        KITH_TRY(put_pass(w, &s->passes[i]));
        KITH_TRY(put_without(w, s, &s->passes[i]));
    }
    for (uint8_t i = 0; i < s->n_identifiers; i++) {
        const kith_spec_identifier *d = &s->identifiers[i];
        PUT(w, "identifier %s %d %.17g %.17g\n", s->fields[d->field].name,
            d->unique, d->m, d->u);
    }
    for (uint8_t i = 0; i < s->n_rules; i++) {
        const kith_spec_rule *r = &s->rules[i];
        PUT(w, "rule %s %d %u %u %u %u\n", r->name, (int)r->verdict,
            r->equal_identifiers, r->unequal_identifiers, r->exact, r->differs);
    }
done:
    return status;
}

static kith_status
put_numbers(writer *w, const kith_spec *s)
{
    kith_status status = KITH_OK;
    PUT(w, "filter %u %u %u\n", s->filter_bits, s->filter_insertions,
        s->filter_q);
    PUT(w, "single_site %d\n", s->single_site);
    PUT(w, "blocks %.17g %.17g\n", s->max_block_mean, s->max_block_p99);
    PUT(w, "assumed_recall %.17g\n", s->assumed_recall);
    if (isnan(s->threshold_bits))
        PUT(w, "threshold auto\n");
    else
        PUT(w, "threshold %.17g\n", s->threshold_bits);
    PUT(w, "min_cell %u\nmax_cluster %u\n", s->min_cell, s->max_cluster);
    PUT(w, "rarity %.17g %.17g\n", s->rarity_cuts[0], s->rarity_cuts[1]);
done:
    return status;
}

static kith_status
put_tables(writer *w, const kith_spec *s)
{
    kith_status status = KITH_OK;
    for (uint32_t i = 0; i < s->n_nicknames; i++)
        PUT(w, "nickname %s %s\n", s->nicknames[i].formal,
            s->nicknames[i].shortened);
    for (uint32_t i = 0; i < s->n_placeholders; i++)
        PUT(w, "placeholder %s\n", s->placeholders[i]);
    for (uint32_t i = 0; i < s->n_rates; i++)
        PUT(w, "rate %s %s %.9g\n", s->fields[s->rates[i].field].name,
            s->rates[i].name, (double)s->rates[i].per_million);
done:
    return status;
}

kith_status
kith_spec_fill_digest(kith_spec *spec, kith_error *err)
{
    kith_status status = KITH_OK;
    writer w = {.err = err};
    kith_digest *digest = NULL;
    KITH_TRY(put_rules(&w, spec));
    KITH_TRY(put_numbers(&w, spec));
    KITH_TRY(put_tables(&w, spec));
    KITH_TRY(kith_digest_new(&digest, err));
    KITH_TRY(kith_digest_add(digest, w.text.data, w.text.len, err));
    kith_digest_hex(digest, spec->digest);
    if (spec->digest[0] == '\0')
        status = kith_error_set(err, KITH_ERR_CRYPTO,
                                "OpenSSL cannot compute SHA-256");
done:
    kith_digest_free(digest);
    kith_buffer_done(&w.text);
    return status;
}
