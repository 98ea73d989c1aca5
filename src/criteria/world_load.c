#include "criteria/world_load.h"

#include "criteria/check.h"

/* What the family stage calls somebody tells something of an unknown age. */
static const char *const adult_words[] = {
    "adult", "parent", "partner", "carer", "non_resident_parent", NULL};
static const char *const child_words[] = {"dependent_child", NULL};

static uint64_t
role_bits(const kith_people *people, const char *const *words)
{
    uint64_t bits = 0;
    for (; *words != NULL; words++) {
        const uint32_t role = kith_people_role(people, *words);
        if (role < KITH_MAX_ROLES)
            bits |= (uint64_t)1 << role;
    }
    return bits;
}

kith_status
kith_world_load(kith_world *world, kith_world_parts *parts, kith_job *job,
                kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_vocabulary_new(&parts->vocabulary, err));
    KITH_TRY(kith_events_headers(&parts->types, parts->vocabulary,
                                 parts->people, parts->payload, world->day,
                                 err));
    KITH_TRY(kith_check(parts->program, parts->vocabulary, parts->people,
                        world->day, err));
    KITH_TRY(kith_events_count(&parts->events, parts->people, parts->vocabulary,
                               parts->types, parts->payload, job, err));
    world->program = parts->program;
    world->people = parts->people;
    world->vocabulary = parts->vocabulary;
    world->events = parts->events;
    world->adult_roles = role_bits(parts->people, adult_words);
    world->child_roles = role_bits(parts->people, child_words);
    KITH_TRY(kith_world_cover(world, err));
done:
    return status;
}

void
kith_world_parts_done(kith_world_parts *parts)
{
    kith_events_free(parts->events);
    if (parts->types != NULL)
        kith_events_headers_free(parts->types, parts->people);
    kith_vocabulary_free(parts->vocabulary);
    parts->events = NULL;
    parts->types = NULL;
    parts->vocabulary = NULL;
}
