#include "family/rejects.h"

#include "base/alloc.h"
#include "base/hex.h"
#include "base/job.h"
#include "cluster/persons.h"

kith_status
kith_family_open(kith_out **out, const char *folder, const char *name,
                 const char *header, kith_error *err)
{
    kith_status status = KITH_OK;
    char *path = NULL;
    KITH_TRY(kith_path_join(&path, folder, name, err));
    KITH_TRY(kith_out_open(out, path, false, err));
    KITH_TRY(kith_out_printf(*out, err, "%s\n", header));
done:
    kith_free(path);
    return status;
}

kith_status
kith_family_rejects_open(kith_family_rejects *out, const char *folder,
                         kith_job *job, kith_error *err)
{
    kith_status status = KITH_OK;
    *out = (kith_family_rejects){.job = job};
    KITH_TRY(kith_family_open(&out->relations, folder, "relations_rejected.csv",
                              "agency,record,other,kind,reason", err));
    KITH_TRY(kith_family_open(&out->families, folder, "families_rejected.csv",
                              "family,people,children,source,reason", err));
done:
    return status;
}

kith_status
kith_family_reject(kith_family_rejects *r, kith_crowd crowd, kith_error *err)
{
    char family[KITH_PERSON_TEXT];
    family[0] = 'f';
    kith_hex_write_u64(family + 1, crowd.id);
    kith_job_count(r->job, "rejected", crowd.reason, 1);
    kith_job_count(r->job, "rejected", "people_of_these", crowd.n_people);
    return kith_out_printf(r->families, err, "%.*s,%u,%u,%s,%s\n",
                           KITH_PERSON_TEXT, family, crowd.n_people,
                           crowd.n_children, crowd.source, crowd.reason);
}

kith_status
kith_family_rejects_commit(kith_family_rejects *r, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_out *relations = r->relations;
    kith_out *families = r->families;
    r->relations = NULL;
    KITH_TRY(kith_out_commit(relations, r->job, err));
    r->families = NULL;
    KITH_TRY(kith_out_commit(families, r->job, err));
done:
    return status;
}

void
kith_family_rejects_abort(kith_family_rejects *r)
{
    kith_out_abort(r->relations);
    kith_out_abort(r->families);
    *r = (kith_family_rejects){0};
}
