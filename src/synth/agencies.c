#include "synth/agencies.h"

#include <string.h>

#define DEA "Digital Economy Act 2017 s35, multiple disadvantages"
#define CDA "Crime and Disorder Act 1998 s115"
#define HSC "Health and Social Care Act 2012 s251B"

#define NORTH "|Bolton|Bury|Oldham|Rochdale|Wigan|"
#define SOUTH "|Salford|Stockport|Tameside|Trafford|"
#define CITY  "|Manchester|"

const char *
kith_held_name(kith_held held)
{
    static const char *const names[KITH_HELD_KINDS] = {
        "surname", "forename", "middle", "dob",  "sex", "postcode", "house",
        "street",  "uprn",     "nhs",    "nino", "upn", "phone",    "email"};
    return names[held];
}

/* Columns that several systems of one make share. */
#define LIQUID_COLUMNS                                                         \
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
#define SCHOOL_COLUMNS                                                         \
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
#define CARE_EVENTS                                                            \
    {                                                                          \
        {KITH_EVENT_SOCIAL_CARE, "episodes", NULL},                            \
            {KITH_EVENT_EARLY_YEARS, "early_years", "Wigan"},                  \
            {KITH_EVENT_EET, "eet", NULL},                                     \
            {KITH_EVENT_INTERVENTION, "families", NULL},                       \
            {KITH_EVENT_NOMINATION, "nominations", NULL},                      \
        {                                                                      \
            KITH_EVENTS, NULL, NULL                                            \
        }                                                                      \
    }
#define SCHOOL_EVENTS(gap)                                                     \
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
#define LANDLORD_EVENTS                                                        \
    {                                                                          \
        {KITH_EVENT_ARREARS, "arrears", NULL},                                 \
            {KITH_EVENT_EVICTION, "notices", NULL},                            \
        {                                                                      \
            KITH_EVENTS, NULL, NULL                                            \
        }                                                                      \
    }

static const kith_agency AGENCIES[KITH_SYNTH_AGENCIES] = {
    {.name = "gmp",
     .title = "Greater Manchester Police",
     .purpose = CDA,
     .delimiter = ',',
     .dates = KITH_DATE_BRITISH,
     .share = 0.25,
     .min_age = 10,
     .max_age = 90,
     .births = 0.98,
     .lag = 420,
     .letter = 'N',
     .id = "NOMINAL_REF",
     .updated = "LAST_SEEN",
     .start = "OFFENCE_DATE",
     .end = "END_DATE",
     .columns = {{KITH_HELD_SURNAME, "SURNAME"},
                 {KITH_HELD_FORENAME, "FORENAME1"},
                 {KITH_HELD_MIDDLE, "FORENAME2"},
                 {KITH_HELD_DOB, "DOB"},
                 {KITH_HELD_SEX, "GENDER"},
                 {KITH_HELD_HOUSE, "HOUSE_NO"},
                 {KITH_HELD_STREET, "STREET"},
                 {KITH_HELD_POSTCODE, "POSTCODE"},
                 {KITH_HELD_PHONE, "CONTACT_NO"}},
     .events = {{KITH_EVENT_OFFENCE, "offences", NULL},
                {KITH_EVENT_ASB, "asb", NULL},
                {KITH_EVENT_ABUSE, "domestic_abuse", NULL},
                {KITH_EVENT_MISSING, "missing", "Oldham"}}},
    {.name = "probation",
     .title = "Probation Service, Greater Manchester",
     .purpose = "Offender Management Act 2007 s14",
     .delimiter = '|',
     .dates = KITH_DATE_ORACLE,
     .one = true,
     .min_age = 18,
     .max_age = 110,
     .lag = 250,
     .letter = 'X',
     .id = "CRN",
     .updated = "LAST_CONTACT",
     .start = "START_DATE",
     .end = "END_DATE",
     .columns = {{KITH_HELD_SURNAME, "FAMILY_NAME"},
                 {KITH_HELD_FORENAME, "GIVEN_NAME"},
                 {KITH_HELD_DOB, "DATE_OF_BIRTH"},
                 {KITH_HELD_SEX, "SEX"},
                 {KITH_HELD_HOUSE, "ADDRESS1"},
                 {KITH_HELD_POSTCODE, "POSTCODE"},
                 {KITH_HELD_NINO, "NINO"}},
     .events = {{KITH_EVENT_SENTENCE, "sentences", NULL},
                {KITH_EVENT_ORDER, "orders", NULL},
                {KITH_EVENT_RISK, "assessments", NULL}}},
    {.name = "yjs",
     .title = "Youth justice services",
     .purpose = CDA,
     .districts = "|Bolton|Bury|Manchester|Oldham|Rochdale|Salford|Stockport|"
                  "Tameside|Trafford|",
     .delimiter = ',',
     .dates = KITH_DATE_ISO,
     .min_age = 10,
     .max_age = 18,
     .lag = 200,
     .letter = 'Y',
     .id = "YPID",
     .updated = "Updated",
     .start = "Date",
     .end = "EndDate",
     .columns = {{KITH_HELD_FORENAME, "FirstName"},
                 {KITH_HELD_SURNAME, "LastName"},
                 {KITH_HELD_DOB, "BirthDate"},
                 {KITH_HELD_SEX, "Gender"},
                 {KITH_HELD_HOUSE, "House"},
                 {KITH_HELD_STREET, "Street"},
                 {KITH_HELD_POSTCODE, "PostCode"}},
     .events = {{KITH_EVENT_OFFENCE, "outcomes", NULL},
                {KITH_EVENT_ORDER, "interventions", NULL}}},
    {.name = "dwp",
     .title = "Department for Work and Pensions",
     .purpose = DEA,
     .delimiter = ',',
     .dates = KITH_DATE_COMPACT,
     .one = true,
     .share = 0.90,
     .min_age = 0,
     .max_age = 110,
     .lag = 250,
     .letter = 'C',
     .id = "CLAIM_REF",
     .updated = "ADDR_FROM",
     .household = "BENEFIT_UNIT",
     .start = "START_DT",
     .end = "END_DT",
     .columns = {{KITH_HELD_NINO, "NINO"},
                 {KITH_HELD_SURNAME, "SURNAME"},
                 {KITH_HELD_FORENAME, "FIRST_FORENAME"},
                 {KITH_HELD_MIDDLE, "OTHER_FORENAME"},
                 {KITH_HELD_DOB, "DOB"},
                 {KITH_HELD_SEX, "SEX"},
                 {KITH_HELD_HOUSE, "ADDR_LINE_1"},
                 {KITH_HELD_POSTCODE, "PCODE"}},
     .events = {{KITH_EVENT_BENEFIT, "benefits", NULL},
                {KITH_EVENT_EMPLOYMENT, "employment", NULL},
                {KITH_EVENT_LIST, "lists", NULL}}},
    {.name = "hospital",
     .title = "Hospital trusts",
     .purpose = HSC,
     .delimiter = ',',
     .dates = KITH_DATE_DASHED,
     .share = 0.74,
     .min_age = 0,
     .max_age = 110,
     .lag = 420,
     .letter = 'H',
     .id = "LOCAL_PATIENT_ID",
     .updated = "LAST_ATTENDED",
     .start = "ARRIVAL_DATE",
     .end = "DISCHARGE_DATE",
     .columns = {{KITH_HELD_NHS, "NHS_NO"},
                 {KITH_HELD_SURNAME, "SURNAME"},
                 {KITH_HELD_FORENAME, "FORENAME"},
                 {KITH_HELD_DOB, "DATE_OF_BIRTH"},
                 {KITH_HELD_SEX, "SEX"},
                 {KITH_HELD_HOUSE, "ADDRESS"},
                 {KITH_HELD_POSTCODE, "POSTCODE"},
                 {KITH_HELD_PHONE, "MOBILE"}},
     .events = {{KITH_EVENT_AE, "ae", NULL},
                {KITH_EVENT_ADMISSION, "admissions", NULL},
                {KITH_EVENT_PREGNANCY, "maternity", NULL}}},
    {.name = "gp",
     .title = "General practices",
     .purpose = HSC,
     .delimiter = ',',
     .dates = KITH_DATE_BRITISH,
     .share = 0.97,
     .min_age = 0,
     .max_age = 110,
     .former = 0.25,
     .lag = 300,
     .letter = 'G',
     .id = "PatientID",
     .updated = "RegisteredOn",
     .columns = {{KITH_HELD_NHS, "NHSNumber"},
                 {KITH_HELD_SURNAME, "Surname"},
                 {KITH_HELD_FORENAME, "Forename"},
                 {KITH_HELD_MIDDLE, "MiddleNames"},
                 {KITH_HELD_DOB, "DOB"},
                 {KITH_HELD_SEX, "Sex"},
                 {KITH_HELD_HOUSE, "HouseNumber"},
                 {KITH_HELD_STREET, "Road"},
                 {KITH_HELD_POSTCODE, "Postcode"},
                 {KITH_HELD_PHONE, "Phone"},
                 {KITH_HELD_EMAIL, "Email"}}},
    {.name = "mental_health",
     .title = "Mental health trusts",
     .purpose = HSC,
     .delimiter = ',',
     .dates = KITH_DATE_ISO,
     .lag = 250,
     .letter = 'M',
     .id = "client_id",
     .updated = "last_updated",
     .start = "contact_date",
     .columns = {{KITH_HELD_NHS, "nhs_number"},
                 {KITH_HELD_SURNAME, "family_name"},
                 {KITH_HELD_FORENAME, "given_name"},
                 {KITH_HELD_DOB, "birth_date"},
                 {KITH_HELD_SEX, "sex"},
                 {KITH_HELD_HOUSE, "house"},
                 {KITH_HELD_POSTCODE, "postcode"}},
     .events = {{KITH_EVENT_MENTAL, "contacts", "Tameside"}}},
    {.name = "drug_treatment",
     .title = "Drug and alcohol services",
     .purpose = DEA,
     .delimiter = ',',
     .dates = KITH_DATE_BRITISH,
     .lag = 200,
     .letter = 'D',
     .id = "ClientRef",
     .updated = "ReviewDate",
     .start = "TriageDate",
     .end = "DischargeDate",
     /* Attributors only: initials would be all NDTMS takes; the local
      * services hold names, but no house number. */
     .columns = {{KITH_HELD_SURNAME, "Surname"},
                 {KITH_HELD_FORENAME, "Forename"},
                 {KITH_HELD_DOB, "DoB"},
                 {KITH_HELD_SEX, "Sex"},
                 {KITH_HELD_POSTCODE, "Postcode"}},
     .events = {{KITH_EVENT_TREATMENT, "episodes", NULL}}},
    {.name = "fire",
     .title = "Fire and Rescue Service, safe and well visits",
     .purpose = DEA,
     .delimiter = ',',
     .dates = KITH_DATE_BRITISH,
     .share = 0.06,
     .min_age = 25,
     .max_age = 105,
     .births = 0.6,
     .lag = 500,
     .letter = 'F',
     .id = "VISIT_NO",
     .updated = "VISIT_DATE",
     /* The person met at the door: no sex, an age now and then. */
     .columns = {{KITH_HELD_SURNAME, "NAME_LAST"},
                 {KITH_HELD_FORENAME, "NAME_FIRST"},
                 {KITH_HELD_DOB, "DOB"},
                 {KITH_HELD_HOUSE, "PREMISES"},
                 {KITH_HELD_STREET, "THOROUGHFARE"},
                 {KITH_HELD_POSTCODE, "POSTCODE"},
                 {KITH_HELD_UPRN, "UPRN"}}},
    {.name = "outreach",
     .title = "Homelessness outreach teams",
     .purpose = "Homelessness Reduction Act 2017",
     .delimiter = ',',
     .dates = KITH_DATE_BRITISH,
     .lag = 120,
     .letter = 'O',
     .id = "Ref",
     .updated = "Last seen",
     .start = "Seen on",
     /* No fixed abode: no address at all. */
     .columns = {{KITH_HELD_SURNAME, "Last name"},
                 {KITH_HELD_FORENAME, "First name"},
                 {KITH_HELD_DOB, "Date of birth"},
                 {KITH_HELD_SEX, "Gender"},
                 {KITH_HELD_PHONE, "Phone"}},
     .events = {{KITH_EVENT_ROUGH, "sightings", NULL}}},
    {.name = "housing_north",
     .title = "Housing providers, north",
     .purpose = DEA,
     .districts = NORTH,
     .delimiter = ';',
     .dates = KITH_DATE_BRITISH,
     .tenants = true,
     .share = 0.9,
     .min_age = 0,
     .max_age = 110,
     .former = 0.3,
     .lag = 400,
     .letter = 'T',
     .id = "PERSON_REF",
     .updated = "LAST_VERIFIED",
     .household = "TENANCY_REF",
     .start = "STATEMENT_DATE",
     .columns = {{KITH_HELD_SURNAME, "SURNAME"},
                 {KITH_HELD_FORENAME, "FORENAME"},
                 {KITH_HELD_DOB, "DOB"},
                 {KITH_HELD_SEX, "SEX"},
                 {KITH_HELD_NINO, "NI_NUMBER"},
                 {KITH_HELD_UPRN, "UPRN"},
                 {KITH_HELD_HOUSE, "HOUSE_NUMBER"},
                 {KITH_HELD_STREET, "STREET_NAME"},
                 {KITH_HELD_POSTCODE, "POST_CODE"},
                 {KITH_HELD_PHONE, "TEL"}},
     .events = LANDLORD_EVENTS},
    {.name = "housing_south",
     .title = "Housing providers, south",
     .purpose = DEA,
     .districts = "|Manchester|Salford|Stockport|Tameside|Trafford|",
     .delimiter = ',',
     .dates = KITH_DATE_ISO,
     .tenants = true,
     .share = 0.85,
     .min_age = 0,
     .max_age = 110,
     .former = 0.3,
     .lag = 450,
     .letter = 'U',
     .id = "customer_no",
     .updated = "verified_on",
     .household = "tenancy_no",
     .start = "as_at",
     .columns = {{KITH_HELD_FORENAME, "first_name"},
                 {KITH_HELD_SURNAME, "last_name"},
                 {KITH_HELD_DOB, "date_of_birth"},
                 {KITH_HELD_HOUSE, "property"},
                 {KITH_HELD_STREET, "street"},
                 {KITH_HELD_POSTCODE, "postcode"},
                 {KITH_HELD_PHONE, "mobile"},
                 {KITH_HELD_EMAIL, "email"}},
     .events = LANDLORD_EVENTS},
    {.name = "care_city",
     .title = "Children's social care, Manchester",
     .purpose = "Children Act 2004 s10",
     .districts = CITY,
     .delimiter = ',',
     .dates = KITH_DATE_BRITISH,
     .lag = 220,
     .letter = 'L',
     .id = "Person ID",
     .updated = "Last Updated",
     .start = "Start Date",
     .end = "End Date",
     .relations = "relationships",
     .columns = LIQUID_COLUMNS,
     .events = CARE_EVENTS},
    {.name = "care_north",
     .title = "Children's social care, northern councils",
     .purpose = "Children Act 2004 s10",
     .districts = NORTH,
     .delimiter = ',',
     .dates = KITH_DATE_ISO,
     .lag = 220,
     .letter = 'K',
     .id = "Person ID",
     .updated = "Last Updated",
     .start = "Start Date",
     .end = "End Date",
     .relations = "relationships",
     .columns = LIQUID_COLUMNS,
     .events = CARE_EVENTS},
    {.name = "care_south",
     .title = "Children's social care, southern councils",
     .purpose = "Children Act 2004 s10",
     .districts = SOUTH,
     .delimiter = ',',
     .dates = KITH_DATE_BRITISH,
     .lag = 220,
     .letter = 'J',
     .id = "Person ID",
     .updated = "Last Updated",
     .start = "Start Date",
     .end = "End Date",
     .relations = "relationships",
     .columns = LIQUID_COLUMNS,
     .events = CARE_EVENTS},
    {.name = "schools_city",
     .title = "Schools, Manchester",
     .purpose = "Education Act 1996 s537A",
     .districts = CITY,
     .delimiter = ',',
     .dates = KITH_DATE_ISO,
     .share = 0.95,
     .min_age = 4,
     .max_age = 17,
     .former = 0.35,
     .lag = 300,
     .letter = 'S',
     .id = "PupilID",
     .updated = "CensusDate",
     .start = "StartDate",
     .end = "EndDate",
     .relations = "contacts",
     .columns = SCHOOL_COLUMNS,
     .events = SCHOOL_EVENTS(NULL)},
    {.name = "schools_north",
     .title = "Schools, northern councils",
     .purpose = "Education Act 1996 s537A",
     .districts = NORTH,
     .delimiter = ',',
     .dates = KITH_DATE_BRITISH,
     .share = 0.95,
     .min_age = 4,
     .max_age = 17,
     .former = 0.35,
     .lag = 300,
     .letter = 'P',
     .id = "PupilID",
     .updated = "CensusDate",
     .start = "StartDate",
     .end = "EndDate",
     .columns = SCHOOL_COLUMNS,
     .events = SCHOOL_EVENTS("Rochdale")},
    {.name = "schools_south",
     .title = "Schools, southern councils",
     .purpose = "Education Act 1996 s537A",
     .districts = SOUTH,
     .delimiter = ',',
     .dates = KITH_DATE_ISO,
     .share = 0.93,
     .min_age = 4,
     .max_age = 17,
     .former = 0.35,
     .lag = 300,
     .letter = 'Q',
     .id = "PupilID",
     .updated = "CensusDate",
     .start = "StartDate",
     .end = "EndDate",
     .columns = SCHOOL_COLUMNS,
     .events = SCHOOL_EVENTS(NULL)},
    {.name = "council_tax",
     .title = "Council tax and electoral registers",
     .purpose = DEA,
     .delimiter = ',',
     .dates = KITH_DATE_BRITISH,
     .share = 0.92,
     .min_age = 18,
     .max_age = 110,
     .former = 0.35,
     .births = 0.65,
     .lag = 200,
     .letter = 'B',
     .id = "ACCOUNT",
     .updated = "LIABLE_FROM",
     .household = "PROPERTY_REF",
     /* No sex; a birth date where there is a reduction or a first vote. */
     .columns = {{KITH_HELD_SURNAME, "SURNAME"},
                 {KITH_HELD_FORENAME, "FORENAMES"},
                 {KITH_HELD_DOB, "BIRTH_DATE"},
                 {KITH_HELD_UPRN, "UPRN"},
                 {KITH_HELD_HOUSE, "NUMBER"},
                 {KITH_HELD_STREET, "STREET"},
                 {KITH_HELD_POSTCODE, "POSTCODE"},
                 {KITH_HELD_EMAIL, "EMAIL"}}},
    {.name = "housing_options",
     .title = "Councils' housing options",
     .purpose = "Housing Act 1996 part 7",
     .delimiter = ',',
     .dates = KITH_DATE_BRITISH,
     .lag = 200,
     .letter = 'R',
     .id = "CaseRef",
     .updated = "CaseOpened",
     .start = "DutyStart",
     .end = "DutyEnd",
     .columns = {{KITH_HELD_SURNAME, "Surname"},
                 {KITH_HELD_FORENAME, "FirstName"},
                 {KITH_HELD_DOB, "DOB"},
                 {KITH_HELD_SEX, "Gender"},
                 {KITH_HELD_POSTCODE, "LastPostcode"},
                 {KITH_HELD_NINO, "NINO"},
                 {KITH_HELD_PHONE, "Phone"}},
     .events = {{KITH_EVENT_HOMELESS, "duties", NULL},
                {KITH_EVENT_TEMPORARY, "placements", "Salford"}}},
};

const kith_agency *
kith_agency_at(unsigned index)
{
    return &AGENCIES[index];
}

bool
kith_agency_serves(const kith_agency *a, const char *district)
{
    if (a->districts == NULL)
        return true;
    const char *at = strstr(a->districts, district);
    return at != NULL && at[-1] == '|' && at[strlen(district)] == '|';
}

void
kith_agency_header(char out[KITH_TEXT_FIELD], const kith_agency *a,
                   const char *attribute)
{
    const bool capitals = a->id[1] >= 'A' && a->id[1] <= 'Z';
    size_t n = 0;
    for (; attribute[n] != '\0' && n + 1 < KITH_TEXT_FIELD; n++) {
        const char ch = attribute[n];
        out[n] =
            capitals && ch >= 'a' && ch <= 'z' ? (char)(ch - 'a' + 'A') : ch;
    }
    out[n] = '\0';
}
