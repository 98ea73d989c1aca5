/**
 * @file people.h
 * @brief Persons with age, sex and area, and the families and households
 *        they belong to: who a criterion can be about.
 *
 * Input    persons.csv, families.csv, households.csv, <agency>.people
 * Method   a person's age, sex and area come from the record that was last
 *          true among those that say it
 * Memory   about 150 bytes a person with families and households, 6 a
 *          record, 20 more a record while loading
 */
#ifndef KITH_CRITERIA_PEOPLE_H
#define KITH_CRITERIA_PEOPLE_H

#include "base/table.h"
#include "io/folder.h"

#include <kith/job.h>
#include <kith/status.h>
#include <stdint.h>

#define KITH_NO_PERSON UINT32_MAX
#define KITH_NO_AREA   UINT32_MAX
#define KITH_NO_TIE    INT16_MAX /* the record is tied to no other */

enum { KITH_MAX_ROLES = 64 };

/** Families or households: their members, and the way back. */
typedef struct kith_units {
    kith_dict ids; /* in the order of the file */
    uint32_t n;
    uint32_t *first;    /* n + 1 */
    uint32_t *members;  /* persons */
    uint64_t *roles;    /* bit r: the r-th role word */
    uint32_t *of_first; /* n_persons + 1 */
    uint32_t *of;       /* units of each person */
} kith_units;

typedef struct kith_person {
    int32_t born_month; /* first day of the month; KITH_NO_DATE */
    uint32_t district;  /* KITH_NO_AREA */
    uint32_t neighbourhood;
    int32_t updated;     /* of the record that said the last of these */
    int16_t age;         /* at the reference date; -1 */
    uint8_t sex;         /* 0 unknown, 1 male, 2 female */
    uint8_t deprivation; /* decile of the area, 1 most deprived; 0 unknown */
} kith_person;

/** The records of one agency. */
typedef struct kith_agency_records {
    uint32_t n;
    uint32_t *person; /* KITH_NO_PERSON: in no person */
    int16_t *tie;     /* by which it hangs on its person, 1/100 bit */
    char *people_path;
} kith_agency_records;

typedef struct kith_people {
    uint32_t n;
    char *persons_path;
    kith_dict ids; /* in the order of persons.csv */
    kith_person *persons;
    uint64_t *person_roles; /* of each person, in all their families */
    kith_dict districts;    /* as written by the agencies */
    kith_dict neighbourhoods;
    kith_dict roles; /* words of families.csv, at most KITH_MAX_ROLES */
    kith_folder agencies;
    kith_agency_records *records; /* one an agency */
    kith_units families;
    kith_units households;
} kith_people;

/**
 * @param results folder of persons.csv, families.csv, households.csv; the
 *                latter two may be missing
 * @param payload folder of <agency>.people
 * @retval KITH_ERR_MISMATCH a payload of another run than persons.csv
 */
KITH_NODISCARD kith_status kith_people_load(kith_people **out,
                                            const char *results,
                                            const char *payload, kith_job *job,
                                            kith_error *err);
void kith_people_free(kith_people *people);

/** What people take in memory, about. */
uint64_t kith_people_bytes(const kith_people *people);
/** Number of a role word, or KITH_DICT_NONE. */
uint32_t kith_people_role(const kith_people *people, const char *word);

/* For people.c: reads families.csv or households.csv; without the file
 * nobody is in one. */
KITH_NODISCARD kith_status kith_units_load(kith_units *out, kith_people *people,
                                           const char *path,
                                           const char *unit_column,
                                           kith_job *job, kith_error *err);
void kith_units_done(kith_units *units);

#endif
