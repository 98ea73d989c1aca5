#include "base/budget.h"

#include <stdio.h>

kith_status
kith_budget_check(kith_job *job, const char *stage, uint64_t need_bytes,
                  kith_error *err)
{
    const uint64_t mebi = 1 << 20, gibi = 1 << 30;
    const unsigned long long need = (need_bytes + mebi - 1) / mebi;
    const unsigned long long have = kith_job_memory(job) / mebi;
    char name[64], text[32];
    (void)snprintf(name, sizeof name, "memory_estimate_%s", stage);
    (void)snprintf(text, sizeof text, "%llu MiB", need);
    kith_job_fact(job, name, text);
    if (need <= have)
        return KITH_OK;
    kith_error_set(err, KITH_ERR_MEMORY,
                   "%s needs about %llu MiB of memory, the budget is %llu MiB",
                   stage, need, have);
    kith_error_hint(err, "give --memory %lluG on a machine that has them free",
                    (unsigned long long)((need_bytes + gibi - 1) / gibi));
    return KITH_ERR_MEMORY;
}
