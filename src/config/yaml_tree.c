#include "config/yaml_tree.h"

#include "base/alloc.h"

#include <stdio.h>
#include <string.h>

/** The open mappings and sequences while events come in. */
typedef struct builder {
    kith_yaml *yaml;
    struct {
        uint32_t item;
        uint32_t last; /* last child so far */
    } open[KITH_YAML_MAX_DEPTH];
    uint32_t depth;
    /* The key read last, waiting for its value. */
    size_t key;
    yaml_mark_t key_mark;
    unsigned n_documents;
} builder;

static uint32_t
from_one(size_t zero_based)
{
    return zero_based >= UINT32_MAX ? UINT32_MAX : (uint32_t)zero_based + 1;
}

static kith_status
fail_at_mark(const kith_yaml *yaml, yaml_mark_t mark, kith_error *err,
             const char *reason)
{
    return kith_yaml_fail_at(yaml, from_one(mark.line), from_one(mark.column),
                             err, reason);
}

/** Appends a text and its NUL to the buffer. */
static kith_status
keep_text(kith_yaml *yaml, const yaml_event_t *event, size_t *offset,
          kith_error *err)
{
    const char *text = (const char *)event->data.scalar.value;
    const size_t n = event->data.scalar.length;
    if (memchr(text, '\0', n) != NULL)
        return fail_at_mark(yaml, event->start_mark, err, "a NUL character");
    *offset = yaml->text.len;
    return kith_buffer_add(&yaml->text, text, n + 1, err);
}

/** Adds a node as the next child of the innermost open one. */
static kith_status
add_item(builder *b, kith_yaml_kind kind, yaml_mark_t mark, uint32_t *index,
         kith_error *err)
{
    kith_yaml *y = b->yaml;
    kith_status status = KITH_OK;
    KITH_TRY(KITH_GROW(&y->items, &y->items_cap, y->n_items + 1, err));
    const uint32_t i = (uint32_t)y->n_items++;
    kith_yaml_item item = {.kind = kind,
                           .first = KITH_YAML_NONE,
                           .next = KITH_YAML_NONE,
                           .key = b->key,
                           .text = SIZE_MAX,
                           .line = from_one(mark.line),
                           .column = from_one(mark.column)};
    const yaml_mark_t where = b->key == SIZE_MAX ? mark : b->key_mark;
    item.key_line = from_one(where.line);
    item.key_column = from_one(where.column);
    y->items[i] = item;
    b->key = SIZE_MAX;
    if (b->depth > 0) {
        const uint32_t parent = b->open[b->depth - 1].item;
        const uint32_t last = b->open[b->depth - 1].last;
        if (last == KITH_YAML_NONE)
            y->items[parent].first = i;
        else
            y->items[last].next = i;
        y->items[parent].n++;
        b->open[b->depth - 1].last = i;
    }
    *index = i;
done:
    return status;
}

static bool
wants_key(const builder *b)
{
    return b->depth > 0 && b->key == SIZE_MAX &&
           b->yaml->items[b->open[b->depth - 1].item].kind == KITH_YAML_MAPPING;
}

static kith_status
on_scalar(builder *b, const yaml_event_t *event, kith_error *err)
{
    kith_status status = KITH_OK;
    size_t text = 0;
    KITH_TRY(keep_text(b->yaml, event, &text, err));
    if (wants_key(b)) {
        b->key = text;
        b->key_mark = event->start_mark;
    } else {
        uint32_t i = 0;
        KITH_TRY(add_item(b, KITH_YAML_SCALAR, event->start_mark, &i, err));
        b->yaml->items[i].text = text;
    }
done:
    return status;
}

static kith_status
on_open(builder *b, kith_yaml_kind kind, const yaml_event_t *event,
        kith_error *err)
{
    kith_status status = KITH_OK;
    if (wants_key(b))
        return fail_at_mark(b->yaml, event->start_mark, err,
                            "a key must be a plain word");
    if (b->depth == KITH_YAML_MAX_DEPTH)
        return fail_at_mark(b->yaml, event->start_mark, err,
                            "nested too deeply");
    uint32_t i = 0;
    KITH_TRY(add_item(b, kind, event->start_mark, &i, err));
    b->open[b->depth].item = i;
    b->open[b->depth].last = KITH_YAML_NONE;
    b->depth++;
done:
    return status;
}

static kith_status
on_anchor(const builder *b, const yaml_event_t *event, kith_error *err)
{
    fail_at_mark(b->yaml, event->start_mark, err,
                 "anchors and aliases (& and *) are not allowed here");
    kith_error_hint(err, "write the value out, or put it in quotes");
    return KITH_ERR_CONFIG;
}

static kith_status
on_event(builder *b, const yaml_event_t *event, kith_error *err)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (b->n_documents++ > 0)
            return fail_at_mark(b->yaml, event->start_mark, err,
                                "a second document in one file");
        return KITH_OK;
    case YAML_ALIAS_EVENT:
        return on_anchor(b, event, err);
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor != NULL ? on_anchor(b, event, err)
                                                 : on_scalar(b, event, err);
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor != NULL
                   ? on_anchor(b, event, err)
                   : on_open(b, KITH_YAML_SEQUENCE, event, err);
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor != NULL
                   ? on_anchor(b, event, err)
                   : on_open(b, KITH_YAML_MAPPING, event, err);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        b->depth--;
        return KITH_OK;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return KITH_OK;
    }
    return KITH_OK;
}

/** libyaml's own complaint: the text is not YAML. */
static kith_status
fail_syntax(const kith_yaml *yaml, const yaml_parser_t *p, kith_error *err)
{
    if (p->error == YAML_MEMORY_ERROR)
        return kith_error_memory(err, yaml->n_source, 1);
    char reason[160];
    (void)snprintf(reason, sizeof reason, "not YAML: %s%s%s",
                   p->context != NULL ? p->context : "",
                   p->context != NULL ? ", " : "",
                   p->problem != NULL ? p->problem : "cannot be parsed");
    if (p->error == YAML_READER_ERROR) {
        /* Readers know bytes, not lines: count the lines up to there. */
        uint32_t line = 1;
        for (size_t i = 0; i < p->problem_offset && i < yaml->n_source; i++)
            line += yaml->source[i] == '\n';
        return kith_yaml_fail_at(yaml, line, 1, err, reason);
    }
    fail_at_mark(yaml, p->problem_mark, err, reason);
    kith_error_hint(err, "check the indentation (blanks, not tabs), and "
                         "quote texts that hold : # or *");
    return KITH_ERR_CONFIG;
}

kith_status
kith_yaml_build(kith_yaml *yaml, kith_error *err)
{
    kith_status status = KITH_OK;
    yaml_parser_t parser;
    builder b = {.yaml = yaml, .key = SIZE_MAX};
    if (yaml_parser_initialize(&parser) == 0)
        return kith_error_memory(err, 1, sizeof parser);
    yaml_parser_set_input_string(&parser, (const unsigned char *)yaml->source,
                                 yaml->n_source);
    for (bool more = true; more;) {
        yaml_event_t event;
        if (yaml_parser_parse(&parser, &event) == 0)
            KITH_TRY(fail_syntax(yaml, &parser, err));
        more = event.type != YAML_STREAM_END_EVENT;
        status = on_event(&b, &event, err);
        yaml_event_delete(&event);
        KITH_TRY(status);
    }
    if (yaml->n_items == 0)
        status = kith_yaml_fail_at(yaml, 1, 1, err, "the file is empty");
done:
    yaml_parser_delete(&parser);
    return status;
}
