/**
 * @file bundle.h
 * @brief The rows of the refs and payload bundles, and their headers.
 *
 * All are row files (io/rowfile.h), integers little-endian. Common header:
 * agency, link, project, epoch, run, spec (digest), check (key-check value),
 * normaliser, reference_date, tool.
 * Pass files may add "stat: <digit>|<level>|<pairs>" lines (digits by name as
 * in compare/layout.h): how often random pairs of the source's own records
 * agree at each level of this pass's comparisons, cells below min_cell left
 * out. Training starts the u probabilities from them.
 * Record number: position in <agency>.records, which is sorted by pseudonym;
 * <agency>.people has the same records in the same order.
 */
#ifndef KITH_ENCODE_BUNDLE_H
#define KITH_ENCODE_BUNDLE_H

#include <stdint.h>

enum {
    KITH_PSEUDONYM_BYTES = 16,
    KITH_TOKEN_BYTES = 16,
    KITH_EVENT_CODES = 4,
    KITH_EVENT_AMOUNTS = 4
};

/** Rarity of a name: buckets of bearers per million. */
enum {
    KITH_RARITY_UNKNOWN = 0,
    KITH_RARITY_COMMON = 1,
    KITH_RARITY_MIDDLING = 2,
    KITH_RARITY_RARE = 3,
    KITH_RARITY_SENT, /**< buckets between sites, the unknown one included */
    /** One site, where nothing is sent: each bucket holds names of up to 1.4
     *  times the bearers of the one before; 1 those of fewer than eight. */
    KITH_RARITY_BUCKETS = 64
};

/**
 * kind "records", refs bundle. Followed in the row by n_identifiers tokens
 * of KITH_TOKEN_BYTES each, zero when null.
 * Header: "identifier: <field>" repeated, in order; for each name field and
 * bucket "rarity: <field> <bucket> <n> <sum> <sum of squares>" (source
 * statistic: records in the bucket, sum of p and of p squared over names in
 * it, p the share of the name), cells below min_cell left out.
 */
typedef struct kith_record_row {
    uint8_t pseudonym[KITH_PSEUDONYM_BYTES];
    uint8_t rarity[2]; /**< of the first and second name of `names` */
    uint8_t zero[6];
} kith_record_row;

/** kind "map", refs bundle: row ref of one pass to record, sorted by ref. */
typedef struct kith_map_row {
    uint8_t ref[8]; /**< as in the pass file */
    uint32_t record;
    uint8_t variant; /**< either-passes: 0 first name keyed, 1 second */
    uint8_t zero[3];
} kith_map_row;

/**
 * Parts of kith_person_row.place. That an address is communal leaves the
 * agency, of which kind never: a refuge must not be told from a student hall.
 */
enum {
    /** Decile of the area's deprivation, 1 most deprived; 0 unknown. */
    KITH_PLACE_DECILE = 0x0f,
    KITH_PLACE_COMMUNAL = 0x10 /**< declared communal: encode/communal.h */
};

/**
 * kind "people", payload bundle. Header dictionaries, repeated in index
 * order: "neighbourhood: <name>", "district: <name>".
 */
typedef struct kith_person_row {
    uint8_t pseudonym[KITH_PSEUDONYM_BYTES];
    uint64_t address;       /**< token of UPRN, else postcode+house; 0 null */
    uint64_t door;          /**< token of postcode+house; 0 null */
    uint64_t unit;          /**< token of the agency's own household; 0 null */
    uint32_t surname;       /**< surname, salted with the door, else the
                                 address: compares at one home only; 0 null */
    int32_t born_month;     /**< first day of the birth month; KITH_NO_DATE */
    int32_t updated;        /**< day the record was last true; KITH_NO_DATE */
    int16_t age;            /**< completed years at the reference date; -1 */
    uint8_t sex;            /**< 0 unknown, 1 male, 2 female */
    uint8_t place;          /**< KITH_PLACE_*: what is known of the address */
    uint32_t neighbourhood; /**< dictionary index, UINT32_MAX unknown */
    uint32_t district;      /**< dictionary index, UINT32_MAX unknown */
} kith_person_row;

#define KITH_NO_CODE   UINT32_MAX
#define KITH_NO_AMOUNT INT32_MIN
#define KITH_OPEN_END  INT32_MAX

/**
 * kind "events", payload bundle, sorted by (record, start, type, end).
 * Header: "type: <name>|<event or spell>|<code names>|<amount names>"
 * repeated in index order, names separated by commas; "code: <text>"
 * repeated in index order; "coverage: <type>|<from>|<to>|<area>" repeated.
 */
typedef struct kith_event_row {
    uint32_t record;
    uint16_t type;
    int16_t age;   /**< completed years at start; -1 unknown */
    int32_t start; /**< days since 1970 */
    int32_t end;   /**< last day; KITH_OPEN_END: still active; events: start */
    uint32_t codes[KITH_EVENT_CODES];
    int32_t amounts[KITH_EVENT_AMOUNTS]; /**< hundredths */
} kith_event_row;

typedef enum kith_relation_kind {
    KITH_RELATION_PARENT_OF = 1, /**< record is a parent of other */
    KITH_RELATION_PARTNER_OF,
    KITH_RELATION_CARER_OF,
    KITH_RELATION_LIVES_WITH
} kith_relation_kind;

/** kind "relations", payload bundle, sorted by (record, other, kind). */
typedef struct kith_relation_row {
    uint32_t record;
    uint32_t other;
    uint16_t kind;
    uint16_t zero;
    int32_t start; /**< KITH_NO_DATE: always */
    int32_t end;   /**< KITH_OPEN_END: still */
} kith_relation_row;

#endif
