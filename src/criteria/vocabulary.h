/**
 * @file vocabulary.h
 * @brief The event types that agencies send, their attributes and codes, and
 *        what the extracts cover.
 *
 * Types of the same name are one type: attributes are merged by name. Type,
 * attribute and code texts are compared without regard to case. A type that
 * kith knows and no agency sends is there too, with no coverage: everything
 * about it is unknown. A type nobody knows is a mistake in the criteria.
 * One type has a meaning of its own: "death". Who died on or before the
 * reference date is in no cohort and no longer a member of a family or
 * household; who is not known to have died is alive.
 */
#ifndef KITH_CRITERIA_VOCABULARY_H
#define KITH_CRITERIA_VOCABULARY_H

#include "base/table.h"
#include "encode/bundle.h"
#include "io/meta.h"

#include <kith/status.h>
#include <stdbool.h>
#include <stdint.h>

/** Attributes of one kind that a merged type can have. */
enum { KITH_MAX_ATTRIBUTES = 8 };

typedef struct kith_coverage {
    int32_t from;
    int32_t to; /* last day */
    bool everywhere;
    char *area; /* lower case; NULL: everywhere */
} kith_coverage;

typedef struct kith_event_type {
    char *name;
    bool known; /* attributes are known: built in or declared */
    bool sent;  /* an agency declares it */
    bool spell;
    bool used;     /* a query reads it: only these are loaded */
    bool complete; /* a register: what is not in it is not so */
    uint32_t n_codes;
    uint32_t n_amounts;
    char *codes[KITH_MAX_ATTRIBUTES];
    char *amounts[KITH_MAX_ATTRIBUTES];
    kith_coverage *coverage; /* sorted by first day */
    uint32_t n_coverage;
    size_t coverage_cap;
} kith_event_type;

/** How one agency's types and codes map to the common ones. */
typedef struct kith_agency_types {
    uint32_t n_types;
    uint32_t *type;                    /* common number */
    uint8_t (*code)[KITH_EVENT_CODES]; /* common slot of each code slot */
    uint8_t (*amount)[KITH_EVENT_AMOUNTS];
    uint32_t n_texts;
    uint32_t *text; /* code index -> common text */
} kith_agency_types;

typedef struct kith_vocabulary {
    kith_event_type *types;
    uint32_t n_types;
    size_t types_cap;
    kith_dict texts; /* code texts, lower case */
    uint32_t death;  /* the type that ends a person's membership of all */
} kith_vocabulary;

/** With the built-in types. */
KITH_NODISCARD kith_status kith_vocabulary_new(kith_vocabulary **out,
                                               kith_error *err);
void kith_vocabulary_free(kith_vocabulary *v);

/** The type of a name, or UINT32_MAX. */
uint32_t kith_vocabulary_find(const kith_vocabulary *v, const char *name);
/** Adds a type without known attributes when it is new. */
KITH_NODISCARD kith_status kith_vocabulary_declare(kith_vocabulary *v,
                                                   const char *name,
                                                   bool complete,
                                                   kith_error *err);
/**
 * Merges the header of one agency's events file.
 * @param reference_day  end of a coverage without one
 */
KITH_NODISCARD kith_status kith_vocabulary_merge(
    kith_vocabulary *v, kith_agency_types *out, const kith_meta *meta,
    const char *path, int32_t reference_day, kith_error *err);
void kith_agency_types_done(kith_agency_types *a);

/** Slot of a code or amount; UINT32_MAX when the type has none so named. */
uint32_t kith_event_type_code(const kith_event_type *t, const char *name);
uint32_t kith_event_type_amount(const kith_event_type *t, const char *name);
/** Number of a code text in lower case; KITH_DICT_NONE: nobody sent it. */
uint32_t kith_vocabulary_text(const kith_vocabulary *v, const char *text);

/**
 * Do the coverages that apply to a person in these areas (lower-case names,
 * NULL: unknown) together hold every day of [from, to]?
 */
bool kith_event_type_covered(const kith_event_type *t, const char *district,
                             const char *neighbourhood, int32_t from,
                             int32_t to);
/** Narrows [*from, *to] to what lies between its first and its last day that
 *  they do not hold; it is left alone when they hold all of it. */
void kith_event_type_gap(const kith_event_type *t, const char *district,
                         const char *neighbourhood, int32_t *from, int32_t *to);

#endif
