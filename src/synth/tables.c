#include "synth/tables.h"

#include "base/alloc.h"
#include "io/out.h"
#include "synth/tables_parts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const GROUPS[KITH_SYNTH_GROUPS] = {"asian", "black", "mixed",
                                                      "white", "other"};

int
kith_census_group(kith_str name)
{
    for (int i = 0; i < KITH_SYNTH_GROUPS; i++)
        if (kith_str_equal(name, GROUPS[i]))
            return i;
    return -1;
}

const char *
kith_census_group_name(uint8_t group)
{
    return GROUPS[group];
}

uint32_t
kith_variants_draw(const kith_variants *v, uint32_t name, kith_rng *rng)
{
    const uint64_t key = (uint64_t)name << 32;
    size_t low = 0;
    size_t high = v->n;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (v->pairs[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = low;
    while (end < v->n && v->pairs[end] >> 32 == name)
        end++;
    if (end == low)
        return KITH_DICT_NONE;
    return (uint32_t)v->pairs[low + kith_rng_below(rng, end - low)];
}

/* A folder that holds none of the tables is not the one that was meant. */
static kith_status
check_richer(const char *folder, kith_error *err)
{
    static const char *const names[] = {"forenames_ew.csv",
                                        "surnames_gb.csv",
                                        "surname_parts.csv",
                                        "communities.csv",
                                        "gm_geography.csv",
                                        "names_by_community.csv",
                                        "gm_lsoa_profile.csv",
                                        "gm_postcode_sectors.csv",
                                        "street_stems.csv",
                                        "street_types.csv",
                                        "keyboard_uk.csv",
                                        "ocr_confusions.csv",
                                        "phonetic_rules.csv",
                                        "nicknames.csv",
                                        "agency_errors.csv",
                                        "name_transliterations.csv",
                                        "needs.csv"};
    kith_status status = KITH_OK;
    char *path = NULL;
    bool found = folder == NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && !found; i++) {
        KITH_TRY(kith_path_join(&path, folder, names[i], err));
        found = access(path, F_OK) == 0;
        kith_free(path);
        path = NULL;
    }
    if (!found) {
        status = kith_error_set(err, KITH_ERR_IO,
                                "%s: no such folder, or none of the tables is "
                                "in it",
                                folder);
        kith_error_hint(err, "fixtures/synth/README.md lists their names");
    }
done:
    kith_free(path);
    return status;
}

kith_status
kith_tables_load(kith_tables **out, const char *shipped, const char *richer,
                 kith_error *err)
{
    kith_status status = KITH_OK;
    kith_tables *t = NULL;
    const kith_table_folders folders = {shipped, richer};
    kith_table_load load = {.folders = &folders};
    KITH_TRY(check_richer(richer, err));
    KITH_TRY(KITH_ALLOC(&t, 1, err));
    load.tables = t;
    KITH_TRY(kith_tables_load_names(&load, err));
    KITH_TRY(kith_tables_load_places(&load, err));
    KITH_TRY(kith_tables_load_errors(&load, err));
    KITH_TRY(kith_tables_load_rates(&load, err));
    *out = t;
    t = NULL;
done:
    kith_free(load.group);
    kith_tables_free(t);
    return status;
}

void
kith_tables_free(kith_tables *t)
{
    if (t == NULL)
        return;
    kith_dict_done(&t->names);
    for (size_t i = 0; i < KITH_SYNTH_SPANS; i++)
        for (size_t s = 0; s < 2; s++)
            kith_weights_done(&t->forenames[i][s]);
    kith_weights_done(&t->surnames);
    kith_weights_done(&t->stems);
    kith_weights_done(&t->endings);
    for (size_t i = 0; i < KITH_SYNTH_COMMUNITIES; i++) {
        kith_weights_done(&t->communities[i].forenames[0]);
        kith_weights_done(&t->communities[i].forenames[1]);
        kith_weights_done(&t->communities[i].surnames);
    }
    for (size_t i = 0; i < KITH_SYNTH_GROUPS; i++)
        kith_weights_done(&t->by_group[i]);
    for (size_t i = 0; i < KITH_SYNTH_DISTRICTS; i++)
        kith_free(t->districts[i].sectors);
    kith_free(t->areas);
    kith_free(t->area_sums);
    kith_weights_done(&t->street_stems);
    kith_weights_done(&t->street_types);
    kith_free(t->ocr.items);
    kith_free(t->phonetic.items);
    kith_free(t->nicknames.pairs);
    kith_free(t->spellings.pairs);
    kith_free(t);
}
