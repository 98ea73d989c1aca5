#include "io/in.h"

#include <kith/job.h>

kith_status
kith_job_input_file(kith_job *job, const char *path, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_in *in = NULL;
    char block[4096];
    size_t n = 1;
    KITH_TRY(kith_in_open(&in, path, err));
    while (n != 0)
        KITH_TRY(kith_in_read(in, block, sizeof block, &n, err));
    kith_in_record(in, job);
done:
    kith_in_close(in);
    return status;
}
