#include <kith/family.h>

#include "family/families.h"
#include "family/homes.h"
#include "family/members.h"
#include "family/rejects.h"
#include "family/results.h"

/* People of one address: a care home or hostel is mostly larger, a family of
 * three generations hardly ever (Census 2011: 0.1 % of households have more
 * than nine). */
enum { MAX_HOUSEHOLD = 12, MAX_FAMILY = 16 };

kith_family_params
kith_family_params_default(void)
{
    return (kith_family_params){.max_household = MAX_HOUSEHOLD,
                                .max_family = MAX_FAMILY};
}

static void
count_people(const kith_members *m, const kith_homes *h, const kith_families *f,
             kith_job *job)
{
    uint64_t n_roles[KITH_ROLE_OTHER + 1] = {0};
    uint64_t n_homeless = 0;
    for (uint32_t p = 0; p < m->list.n_persons; p++) {
        n_roles[f->places[p].role]++;
        n_homeless += h->home_of[p] == KITH_NO_HOME;
    }
    for (size_t i = 0; i < f->n_extras; i++)
        n_roles[f->extras[i].place.role]++;
    for (int i = 0; i <= KITH_ROLE_OTHER; i++)
        kith_job_count(job, "roles", kith_family_role_name((kith_family_role)i),
                       n_roles[i]);
    kith_job_count(job, "", "persons", m->list.n_persons);
    kith_job_count(job, "", "persons_without_address", n_homeless);
}

kith_status
kith_family(const kith_family_params *params, kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_members members = {0};
    kith_homes homes = {0};
    kith_families families = {0};
    kith_family_rejects rejects = {0};
    kith_job_stage(job, "family", "", 0, "persons");
    KITH_TRY(kith_family_rejects_open(&rejects, params->out, job, err));
    KITH_TRY(kith_members_load(&members, params->persons, params->payload,
                               &rejects, job, err));
    KITH_TRY(kith_homes_find(&homes, &members, params->max_household, err));
    KITH_TRY(kith_families_find(&families, &members, &homes, params->max_family,
                                &rejects, err));
    KITH_TRY(
        kith_family_write(&members, &homes, &families, params->out, job, err));
    KITH_TRY(kith_family_rejects_commit(&rejects, err));
    count_people(&members, &homes, &families, job);
done:
    kith_job_stage_end(job);
    kith_family_rejects_abort(&rejects);
    kith_families_done(&families);
    kith_homes_done(&homes);
    kith_members_done(&members);
    return status;
}
