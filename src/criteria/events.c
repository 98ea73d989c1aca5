#include "criteria/events.h"

#include "base/alloc.h"
#include "cluster/linked.h"
#include "io/rowfile.h"

#include <unistd.h>

kith_status
kith_events_path(char **out, const char *payload, const char *agency,
                 bool *there, kith_error *err)
{
    kith_status status = kith_folder_file(out, payload, agency, ".events", err);
    *there = status == KITH_OK && access(*out, F_OK) == 0;
    return status;
}

kith_status
kith_events_headers(kith_agency_types **types, kith_vocabulary *v,
                    const kith_people *people, const char *payload,
                    int32_t reference_day, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_agency_types *all = NULL;
    kith_rows_in *in = NULL;
    char *path = NULL;
    KITH_TRY(KITH_ALLOC(&all, people->agencies.n + 1, err));
    for (size_t a = 0; a < people->agencies.n; a++) {
        bool there = false;
        KITH_TRY(kith_events_path(&path, payload, people->agencies.names[a],
                                  &there, err));
        if (there) {
            KITH_TRY(kith_rows_open(&in, path, "events", err));
            KITH_TRY(kith_linked_check(people->persons_path, kith_rows_meta(in),
                                       path, err));
            if (kith_rows_bytes(in) != sizeof(kith_event_row)) {
                status = kith_error_set(err, KITH_ERR_DATA,
                                        "%s: not event rows", path);
                goto done;
            }
            KITH_TRY(kith_vocabulary_merge(v, &all[a], kith_rows_meta(in), path,
                                           reference_day, err));
            kith_rows_close(in);
            in = NULL;
        }
        kith_free(path);
        path = NULL;
    }
    *types = all;
    all = NULL;
done:
    kith_free(path);
    kith_rows_close(in);
    kith_events_headers_free(all, people);
    return status;
}

void
kith_events_headers_free(kith_agency_types *types, const kith_people *people)
{
    for (size_t a = 0; types != NULL && a < people->agencies.n; a++)
        kith_agency_types_done(&types[a]);
    kith_free(types);
}

void
kith_events_range(const kith_events *events, uint32_t person, uint32_t type,
                  uint64_t *lo, uint64_t *hi)
{
    uint64_t a = events->first[person];
    *lo = *hi = a;
    if ((events->types[person] >> (type % 64) & 1) == 0)
        return; /* the usual case by far */
    const uint64_t end = events->first[(size_t)person + 1];
    /* A person has few events: a walk beats a search until there are many. */
    if (end - a > 32) {
        uint64_t b = end;
        while (a < b) {
            const uint64_t mid = a + (b - a) / 2;
            if (events->all[mid].type < type)
                a = mid + 1;
            else
                b = mid;
        }
    }
    while (a < end && events->all[a].type < type)
        a++;
    *lo = a;
    while (a < end && events->all[a].type == type)
        a++;
    *hi = a;
}
