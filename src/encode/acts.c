#include "encode/acts.h"

#include "base/job.h"

#include <kith/version.h>
#include <stdio.h>
#include <string.h>

kith_status
kith_act_begin(kith_act *act, const kith_act_rules *rules, const char *name,
               kith_job *job, kith_error *err)
{
    *act = (kith_act){.rules = *rules, .job = job};
    if (rules->audit == NULL)
        return KITH_OK;
    return kith_audit_open(&act->audit, rules->audit, name, err);
}

/* A key outside its dates may be used on order, never silently. */
static kith_status
allow(kith_act *act, const kith_error *outdated, kith_error *err)
{
    if (outdated->status == KITH_OK)
        return KITH_OK;
    if (!act->rules.outdated_key) {
        *err = *outdated;
        return outdated->status;
    }
    act->outdated = true;
    kith_job_warn(act->job, "%s: used all the same", outdated->text);
    kith_job_fact(act->job, "outdated_key", outdated->text);
    return KITH_OK;
}

kith_status
kith_act_key(kith_act *act, const kith_key *key, kith_error *err)
{
    kith_error outdated = KITH_ERROR_INIT;
    if (act->rules.today != NULL)
        outdated.status = kith_key_check_day(key, act->rules.today, &outdated);
    return allow(act, &outdated, err);
}

kith_status
kith_act_seal_key(kith_act *act, const kith_seal_key *key, kith_error *err)
{
    kith_error outdated = KITH_ERROR_INIT;
    if (act->rules.today != NULL)
        outdated.status =
            kith_seal_key_check_day(key, act->rules.today, &outdated);
    return allow(act, &outdated, err);
}

kith_status
kith_act_end(kith_act *act, kith_status status, kith_error *err)
{
    const bool good = status == KITH_OK;
    if (act->outdated)
        kith_audit_add(act->audit, "override", "key dates");
    const kith_status logged = kith_audit_write(
        act->audit, good ? "done" : "failed", good ? err : NULL);
    act->audit = NULL;
    return good ? logged : status;
}

void
kith_act_add_keys(kith_act *act, const kith_key *key, const kith_spec *spec,
                  const char *run)
{
    char check[2 * KITH_CHECK_BYTES + 1] = "";
    kith_error ignored = KITH_ERROR_INIT;
    if (act->audit == NULL)
        return;
    if (kith_key_check(check, key, spec->digest, &ignored) != KITH_OK)
        check[0] = '\0';
    kith_audit_add(act->audit, "project", kith_key_project(key));
    kith_audit_add(act->audit, "epoch", kith_key_epoch(key));
    kith_audit_add(act->audit, "run", run);
    kith_audit_add(act->audit, "key_check", check);
    kith_audit_add(act->audit, "spec", spec->digest);
    kith_audit_add(act->audit, "normaliser", KITH_NORMALISER_VERSION);
}

void
kith_act_add_agency(kith_act *act, const kith_mapping *mapping)
{
    kith_audit_add(act->audit, "agency", mapping->agency);
    kith_audit_add(act->audit, "purpose",
                   mapping->purpose == NULL ? "" : mapping->purpose);
}

void
kith_act_add_file(kith_act *act, const char *what, const kith_job_file *file)
{
    char line[512];
    snprintf(line, sizeof line, "%s %llu %s", file->sha256,
             (unsigned long long)file->n_bytes, kith_base_name(file->path));
    kith_audit_add(act->audit, what, line);
}

void
kith_act_add_files(kith_act *act)
{
    size_t n = 0;
    const kith_job_file *files = kith_job_inputs(act->job, &n);
    for (size_t i = 0; i < n; i++)
        kith_act_add_file(act, "input", &files[i]);
    files = kith_job_outputs(act->job, &n);
    for (size_t i = 0; i < n; i++)
        kith_act_add_file(act, "output", &files[i]);
}

void
kith_act_add_seal(kith_act *act, const char *sealed, const char *sender,
                  const char *recipient, const kith_meta *header)
{
    size_t cursor = 0;
    kith_audit_add(act->audit, "sealed", kith_base_name(sealed));
    kith_audit_add(act->audit, "sender", sender);
    kith_audit_add(act->audit, "recipient", recipient);
    for (;;) {
        char line[512];
        const kith_str file = kith_meta_next(header, "file", &cursor);
        if (file.data == NULL)
            break;
        snprintf(line, sizeof line, "%.*s", (int)file.len, file.data);
        kith_audit_add(act->audit, "file", line);
    }
}
