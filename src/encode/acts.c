#include "encode/acts.h"

#include "base/job.h"

#include <kith/version.h>
#include <stdio.h>
#include <string.h>

static void
add_file(kith_audit *audit, const char *what, const kith_job_file *f)
{
    char line[512];
    snprintf(line, sizeof line, "%s %llu %s", f->sha256,
             (unsigned long long)f->n_bytes, kith_base_name(f->path));
    kith_audit_add(audit, what, line);
}

/* One job may encode several agencies: a file is of this one when it lies
 * below the output folder under the agency's name. */
static bool
is_output(const kith_stage *s, const char *path)
{
    const size_t n_out = strlen(s->params->out);
    const size_t n = strlen(s->mapping->agency);
    const char *name = kith_base_name(path);
    return strncmp(path, s->params->out, n_out) == 0 &&
           strncmp(name, s->mapping->agency, n) == 0 && name[n] == '.';
}

static bool
is_input(const kith_stage *s, const char *path)
{
    return (s->extract.path != NULL && strcmp(path, s->extract.path) == 0) ||
           (s->params->exclude != NULL &&
            strcmp(path, s->params->exclude) == 0);
}

static void
add_files(kith_audit *audit, const kith_stage *s)
{
    size_t n = 0;
    const kith_job_file *files = kith_job_inputs(s->job, &n);
    for (size_t i = 0; i < n; i++)
        if (is_input(s, files[i].path))
            add_file(audit, "input", &files[i]);
    files = kith_job_outputs(s->job, &n);
    for (size_t i = 0; i < n; i++)
        if (is_output(s, files[i].path))
            add_file(audit, "output", &files[i]);
}

void
kith_act_encode(kith_audit *audit, const kith_stage *s)
{
    const kith_encode_params *p = s->params;
    char check[2 * KITH_CHECK_BYTES + 1] = "";
    kith_error ignored = KITH_ERROR_INIT;
    if (audit == NULL)
        return;
    if (kith_key_check(check, p->project_key, s->spec->digest, &ignored) !=
        KITH_OK)
        check[0] = '\0';
    const char *const pairs[][2] = {
        {"agency", s->mapping->agency},
        {"purpose", s->mapping->purpose == NULL ? "" : s->mapping->purpose},
        {"project", kith_key_project(p->project_key)},
        {"epoch", kith_key_epoch(p->project_key)},
        {"run", p->run},
        {"reference_date", p->reference_date},
        {"key_check", check},
        {"spec", s->spec->digest},
        {"normaliser", KITH_NORMALISER_VERSION},
        {"override", s->outdated_key ? "key dates" : ""},
        {"recipient", ""}, /* sealing says who gets it */
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        kith_audit_add(audit, pairs[i][0], pairs[i][1]);
    kith_audit_add_u64(audit, "rows_read", s->counts.rows_read);
    kith_audit_add_u64(audit, "records", s->counts.records);
    kith_audit_add_u64(audit, "rejected", s->rejects.n);
    kith_audit_add_u64(audit, "opted_out", s->counts.excluded);
    add_files(audit, s);
}

void
kith_act_seal(kith_audit *audit, const char *sealed, const char *sender,
              const char *recipient, const kith_meta *header)
{
    size_t cursor = 0;
    if (audit == NULL)
        return;
    kith_audit_add(audit, "sealed", kith_base_name(sealed));
    kith_audit_add(audit, "sender", sender);
    kith_audit_add(audit, "recipient", recipient);
    for (;;) {
        char line[512];
        const kith_str file = kith_meta_next(header, "file", &cursor);
        if (file.data == NULL)
            break;
        snprintf(line, sizeof line, "%.*s", (int)file.len, file.data);
        kith_audit_add(audit, "file", line);
    }
}
