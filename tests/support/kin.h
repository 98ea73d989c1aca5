/**
 * @file kin.h
 * @brief A made-up payload for kith_family: people, homes, relationships.
 */
#ifndef KITH_TESTS_KIN_H
#define KITH_TESTS_KIN_H

#include "encode/bundle.h"

#include <kith/family.h>
#include <kith/job.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One agency, one record a person unless said otherwise. Person i has the id
 * i + 1, so the first person of a group names it.
 */
enum { KIN_MOST = 6000, TODAY = 20543 /* 2026-03-31 */, MAN = 1, WOMAN = 2 };

typedef struct kin_record {
    kith_person_row row;
    uint32_t person;
} kin_record;

typedef struct kin_world {
    char folder[256];
    kith_job *job;
    kith_error err;
    kin_record records[KIN_MOST];
    uint32_t n, n_persons;
    kith_relation_row relations[KIN_MOST];
    uint32_t n_relations;
    char *families, *households;
    const char *run;
} kin_world;

int kin_setup(void **state);
int kin_teardown(void **state);
/** A record of a person; returns its index. */
uint32_t kin_add_record(kin_world *w, uint32_t person, uint64_t home,
                        uint32_t surname, int age, int sex);
uint32_t kin_add(kin_world *w, uint64_t home, uint32_t surname, int age,
                 int sex);
/** Between records; for single-record persons that is between persons. */
void kin_relate(kin_world *w, uint32_t record_a, uint16_t kind,
                uint32_t record_b);
void kin_write_rows(kin_world *w, const char *name, const char *kind,
                    const void *rows, size_t row_bytes, size_t n);
void kin_write_payload(kin_world *w);
void kin_write_persons(kin_world *w);
char *kin_result(const kin_world *w, const char *name);
kith_status kin_try_run(kin_world *w);
void kin_run(kin_world *w);
/** "f<family>,p<person>,<role>," is a row of families.csv. */
bool kin_is_member(const kin_world *w, uint32_t family, uint32_t person,
                   const char *role);
bool kin_lives_at(const kin_world *w, uint32_t household, uint32_t person);
uint64_t kin_counted(const kin_world *w, const char *scope, const char *reason);

#endif
