/**
 * @file happen.h
 * @brief One person's needs turned into events: shared by the event makers.
 */
#ifndef KITH_SYNTH_HAPPEN_H
#define KITH_SYNTH_HAPPEN_H

#include "synth/events.h"

enum { KITH_YEARS = 3, KITH_YEAR_DAYS = 365 };

/** The person being made, and where the events go. */
typedef struct kith_happen {
    kith_events *events;
    kith_cell *cell;
    kith_person *person;
    uint32_t index;
    double age;      /* years at the reference date */
    int32_t today;   /* the reference date */
    bool with_child; /* lives with a child under 18 as its parent */
    /* Luck that all of a household share, standard normal: children's services
     * take on brothers and sisters, violence is between partners and seen by
     * their children. */
    double care_luck, abuse_luck;
    kith_status status; /* the first failure */
    kith_error *err;
} kith_happen;

/**
 * Whether a need befalls the person in a given year: the people with the
 * highest latent plus own luck, a share of rate x factor in expectation.
 * @param own the person's lasting luck for this need, standard normal
 */
bool kith_happen_year(kith_happen *h, kith_need need, double factor,
                      double own);
/** The same, once and for all. */
bool kith_happen_ever(kith_happen *h, kith_need need, double factor);
/** Marks a need of the last year, for the truth. */
void kith_happen_mark(kith_happen *h, kith_need need);
/** An event (end KITH_NO_DATE) or spell with its codes. */
void kith_happen_add(kith_happen *h, kith_event_type type, int32_t start,
                     int32_t end, uint8_t code0, uint8_t code1);
/** The third and fourth code of the event just added. */
void kith_happen_codes(kith_happen *h, uint8_t code2, uint8_t code3);
/** Amounts of the event just added, in hundredths. */
void kith_happen_amounts(kith_happen *h, int32_t a, int32_t b, int32_t c);
/** A day of the year that ended @p years_ago years before the reference. */
int32_t kith_happen_day(kith_happen *h, int years_ago);

/* The makers, by service. */
void kith_happen_justice(kith_happen *h);
void kith_happen_school(kith_happen *h);
void kith_happen_care(kith_happen *h);
void kith_happen_work(kith_happen *h);
void kith_happen_health(kith_happen *h);
void kith_happen_home(kith_happen *h);
void kith_happen_routine(kith_happen *h);

#endif
