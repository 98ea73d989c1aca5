#include "criteria/cohorts_out.h"

#include "base/alloc.h"
#include "criteria/level.h"
#include "io/out.h"

/* Every count and flag must be shown with its definition: what the names in
 * the other tables stand for. */
static kith_status
write_definition(kith_out *to, const kith_cohort *c, const char *criterion,
                 const char *title, kith_error *err)
{
    kith_status status = KITH_OK;
    KITH_TRY(kith_out_printf(to, err, "%s,%s,%s,%s,", c->name, c->version,
                             kith_level_unit(c->level), criterion));
    KITH_TRY(kith_out_csv(to, kith_str_of(title), ',', err));
    KITH_TRY(kith_out_csv(
        to, kith_str_of(criterion[0] == '\0' ? c->purpose : ""), '\n', err));
done:
    return status;
}

kith_status
kith_cohorts_write(const kith_world *world, const char *folder, kith_job *job,
                   kith_error *err)
{
    static const char header[] =
        "cohort,version,unit,criterion,title,purpose\n";
    kith_status status = KITH_OK;
    const kith_program *p = world->program;
    kith_out *to = NULL;
    char *path = NULL;
    KITH_TRY(kith_path_join(&path, folder, "cohorts.csv", err));
    KITH_TRY(kith_out_open(&to, path, false, err));
    KITH_TRY(kith_out_write(to, header, sizeof header - 1, err));
    for (uint32_t i = 0; i < p->n_cohorts; i++) {
        const kith_cohort *c = p->cohorts[i];
        if (world->verdicts[i] == NULL)
            continue;
        KITH_TRY(write_definition(to, c, "", c->title, err));
        for (const kith_criterion *k = c->criteria; k != NULL; k = k->next) {
            if (k->kind != KITH_CRITERION_DEFINE)
                KITH_TRY(write_definition(to, c, k->name, k->title, err));
        }
    }
    status = kith_out_commit(to, job, err);
    to = NULL;
done:
    kith_out_abort(to);
    kith_free(path);
    return status;
}
