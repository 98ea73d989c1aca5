#include "synth/agencies.h"

#include <string.h>

const char *
kith_held_name(kith_held held)
{
    static const char *const names[KITH_HELD_KINDS] = {
        "surname",  "forename", "middle", "dob",   "sex",
        "postcode", "house",    "street", "uprn",  "nhs",
        "nino",     "upn",      "phone",  "email", NULL};
    return names[held];
}

const kith_agency *
kith_agency_at(unsigned index)
{
    return &KITH_AGENCIES[index];
}

bool
kith_agency_serves(const kith_agency *a, const char *district)
{
    if (a->districts == NULL)
        return true;
    const char *at = strstr(a->districts, district);
    return at != NULL && at[-1] == '|' && at[strlen(district)] == '|';
}

uint32_t
kith_agency_holds(const kith_agency *a)
{
    uint32_t held = 0;
    for (unsigned i = 0;
         i < KITH_AGENCY_COLUMNS && a->columns[i].header != NULL; i++)
        held |= 1u << a->columns[i].held;
    if ((held >> KITH_HELD_FULL_NAME & 1u) != 0)
        held |= 1u << KITH_HELD_SURNAME | 1u << KITH_HELD_FORENAME;
    return held;
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
