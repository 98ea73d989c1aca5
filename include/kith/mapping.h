/**
 * @file mapping.h
 * @brief What one agency sends: files, columns, formats, events, coverage.
 *
 * Read from `<agency>.yaml`. Column names are the CSV header's, compared
 * after trimming and without regard to case. Paths are relative to the
 * mapping file unless the project says `data:`.
 *
 * Errors   KITH_ERR_CONFIG "file:line:column: reason", with a hint
 */
#ifndef KITH_MAPPING_H
#define KITH_MAPPING_H

#include <kith/spec.h>
#include <kith/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Whether a source is already deduplicated. */
typedef enum kith_link_type {
    KITH_LINK_MANY, /**< a person may have several records */
    KITH_LINK_ONE   /**< at most one record a person */
} kith_link_type;

/** One column feeding one field. Several columns of one field are joined by
 *  a space (names, text) or assembled (date parts). */
typedef struct kith_map_column {
    char *field;  /**< spec field, or "dob.day", "dob.month", "dob.year" */
    char *column; /**< CSV header */
    char *format; /**< whole dates: always a pattern of base/dateformat.h,
                       yyyy-mm-dd when the mapping says none; names: the
                       fields the column holds in their order, joined by
                       a comma or blanks ("surname, forename"), or NULL when
                       plain; NULL for everything else */
} kith_map_column;

/** The file with one row a record. */
typedef struct kith_map_persons {
    char *file;
    char *id;             /**< column of the agency's own record id */
    char *updated;        /**< column: when the record was last true; NULL */
    char *updated_format; /**< date format of updated; NULL without it */
    char *household; /**< column of a benefit unit, tenancy or case id; NULL */
    char delimiter;  /**< of this file; the mapping's unless said otherwise */
    kith_map_column *columns;
    uint32_t n_columns;
} kith_map_persons;

/** A coded or numeric attribute of an event. */
typedef struct kith_map_attribute {
    char *name;   /**< the name that criteria use */
    char *column; /**< CSV header; NULL with value */
    char *value;  /**< a constant for every row; NULL with column */
    bool number;  /**< an amount (two decimals kept), else a code */
} kith_map_attribute;

/** A file of events (one date) or spells (start and end). */
typedef struct kith_map_events {
    char *file;
    char *type;     /**< the name that criteria use: "offence" */
    char *id;       /**< column of the record id the event is about */
    char *start;    /**< column of the date, or of the first day */
    char *end;      /**< column of the last day; NULL: an event, not a spell */
    char *format;   /**< of both dates, never NULL */
    char *where;    /**< only rows whose column ... */
    char *equals;   /**< ... equals this; NULL: all rows */
    char delimiter; /**< of this file; the mapping's unless said otherwise */
    kith_map_attribute *attributes;
    uint32_t n_attributes;
} kith_map_events;

/** A file of dated relationships between two records of this agency. */
typedef struct kith_map_relations {
    char *file;
    char *id;       /**< column: the record */
    char *other;    /**< column: the record it is related to */
    char *kind;     /**< column of the kind, or NULL with value */
    char *value;    /**< constant kind: parent_of, child_of, partner_of,
                         carer_of, lives_with; "id parent_of other": the record
                         id is the parent; NULL with kind */
    char *start;    /**< column; NULL */
    char *end;      /**< column; NULL */
    char *format;   /**< of both dates, never NULL */
    char delimiter; /**< of this file; the mapping's unless said otherwise */
} kith_map_relations;

/** What the agency's extract covers: decides unknown from false. */
typedef struct kith_map_coverage {
    char *type; /**< event type */
    char *from; /**< first day, yyyy-mm-dd */
    char *to;   /**< last day, yyyy-mm-dd; NULL: the reference date */
    char *area; /**< district it covers; NULL: everywhere */
} kith_map_coverage;

typedef struct kith_mapping {
    char *agency; /**< short name: a letter, then letters, digits, _ */
    char *title;
    char *purpose; /**< purpose and legal basis, free text; NULL */
    kith_link_type link;
    char delimiter; /**< ',' unless said otherwise */
    kith_map_persons persons;
    kith_map_events *events;
    uint32_t n_events;
    kith_map_relations *relations;
    uint32_t n_relations;
    kith_map_coverage *coverage;
    uint32_t n_coverage;
    char *path; /**< where it was read from */
} kith_mapping;

/** Reads and checks a mapping against @p spec. Free with _free. */
KITH_NODISCARD kith_status kith_mapping_load(kith_mapping **out,
                                             const char *path,
                                             const kith_spec *spec,
                                             kith_error *err);
void kith_mapping_free(kith_mapping *mapping);

/** Checks mappings against each other: no agency twice. */
KITH_NODISCARD kith_status kith_mappings_check(kith_mapping *const *mappings,
                                               size_t n, kith_error *err);

#endif
