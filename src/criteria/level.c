#include "criteria/level.h"

const char *
kith_level_unit(kith_level level)
{
    return level == KITH_LEVEL_PERSON   ? "person"
           : level == KITH_LEVEL_FAMILY ? "family"
                                        : "household";
}

kith_level
kith_level_of(kith_str name)
{
    return kith_str_equal(name, "person")   ? KITH_LEVEL_PERSON
           : kith_str_equal(name, "family") ? KITH_LEVEL_FAMILY
                                            : KITH_LEVEL_HOUSEHOLD;
}

uint32_t
kith_level_count(const kith_people *people, kith_level level)
{
    const kith_units *u = kith_level_units(people, level);
    return u != NULL ? u->n : people->n;
}

const kith_dict *
kith_level_ids(const kith_people *people, kith_level level)
{
    const kith_units *u = kith_level_units(people, level);
    return u != NULL ? &u->ids : &people->ids;
}

const kith_units *
kith_level_units(const kith_people *people, kith_level level)
{
    return level == KITH_LEVEL_PERSON   ? NULL
           : level == KITH_LEVEL_FAMILY ? &people->families
                                        : &people->households;
}
