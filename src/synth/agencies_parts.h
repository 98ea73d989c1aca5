/**
 * @file agencies_parts.h
 * @brief Columns and files that several systems of one make share: the rows
 *        of agencies_table.c.
 */
#ifndef KITH_SYNTH_AGENCIES_PARTS_H
#define KITH_SYNTH_AGENCIES_PARTS_H

#include "synth/agencies.h"

/* Columns that several systems of one make share. */
#define KITH_LIQUID_COLUMNS                                                    \
    {                                                                          \
        {KITH_HELD_SURNAME, "Surname"}, {KITH_HELD_FORENAME, "Forename"},      \
            {KITH_HELD_MIDDLE, "Middle Name"},                                 \
            {KITH_HELD_DOB, "Date of Birth"}, {KITH_HELD_SEX, "Gender"},       \
            {KITH_HELD_HOUSE, "House"}, {KITH_HELD_STREET, "Street"},          \
            {KITH_HELD_POSTCODE, "Postcode"}, {KITH_HELD_NHS, "NHS Number"},   \
        {                                                                      \
            KITH_HELD_PHONE, "Telephone"                                       \
        }                                                                      \
    }
#define KITH_SCHOOL_COLUMNS                                                    \
    {                                                                          \
        {KITH_HELD_UPN, "UPN"}, {KITH_HELD_SURNAME, "LegalSurname"},           \
            {KITH_HELD_FORENAME, "LegalForename"}, {KITH_HELD_DOB, "DOB"},     \
            {KITH_HELD_SEX, "Sex"}, {KITH_HELD_HOUSE, "PAON"},                 \
            {KITH_HELD_STREET, "StreetName"},                                  \
            {KITH_HELD_POSTCODE, "PostCode"},                                  \
        {                                                                      \
            KITH_HELD_UPRN, "UPRN"                                             \
        }                                                                      \
    }
#define KITH_CARE_EVENTS                                                       \
    {                                                                          \
        {KITH_EVENT_SOCIAL_CARE, "episodes", NULL},                            \
            {KITH_EVENT_EARLY_YEARS, "early_years", "Wigan"},                  \
            {KITH_EVENT_EET, "eet", NULL},                                     \
            {KITH_EVENT_INTERVENTION, "families", NULL},                       \
            {KITH_EVENT_NOMINATION, "nominations", NULL},                      \
            {KITH_EVENT_YOUNG_CARER, "young_carers", NULL},                    \
            {KITH_EVENT_CARE_DOCUMENT, "documents", NULL},                     \
            {KITH_EVENT_CONFLICT, "conflict", NULL},                           \
        {                                                                      \
            KITH_EVENTS, NULL, NULL                                            \
        }                                                                      \
    }
#define KITH_SCHOOL_EVENTS(gap)                                                \
    {                                                                          \
        {KITH_EVENT_ATTENDANCE, "attendance", NULL},                           \
            {KITH_EVENT_EXCLUSION, "exclusions", gap},                         \
            {KITH_EVENT_ROLL, "roll", NULL},                                   \
            {KITH_EVENT_PROVISION, "provision", NULL},                         \
            {KITH_EVENT_EYFS, "eyfs", NULL},                                   \
            {KITH_EVENT_SPECIAL, "special_needs", NULL},                       \
        {                                                                      \
            KITH_EVENTS, NULL, NULL                                            \
        }                                                                      \
    }
#define KITH_LANDLORD_EVENTS                                                   \
    {                                                                          \
        {KITH_EVENT_ARREARS, "arrears", NULL},                                 \
            {KITH_EVENT_EVICTION, "notices", NULL},                            \
            {KITH_EVENT_TENANCY, "tenancies", NULL},                           \
        {                                                                      \
            KITH_EVENTS, NULL, NULL                                            \
        }                                                                      \
    }

#endif
