#include "base/alloc.h"
#include "synth/tables_parts.h"

#include <math.h>
#include <stdio.h>

static kith_status
district_of(kith_tables *t, const kith_table_row *row, unsigned field, bool add,
            uint32_t *out, kith_error *err)
{
    uint32_t name = 0;
    kith_status status =
        kith_dict_add(&t->names, row->fields[field], &name, err);
    if (status != KITH_OK)
        return status;
    for (*out = 0; *out < t->n_districts; (*out)++)
        if (t->districts[*out].name == name)
            return KITH_OK;
    if (!add)
        return kith_table_wrong(
            row, field, "a district without people in gm_geography.csv", err);
    if (t->n_districts == KITH_SYNTH_DISTRICTS)
        return kith_table_wrong(row, field, "too many districts", err);
    t->districts[t->n_districts++].name = name;
    return KITH_OK;
}

static kith_status
area(void *ctx, const kith_table_row *row, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_table_load *load = ctx;
    kith_tables *t = load->tables;
    kith_area a = {0};
    KITH_TRY(kith_dict_add(&t->names, row->fields[0], &a.code, err));
    KITH_TRY(kith_dict_add(&t->names, row->fields[1], &a.neighbourhood, err));
    KITH_TRY(district_of(t, row, 2, true, &a.district, err));
    KITH_TRY(kith_table_number(row, 3, 0, 1e9, &a.population, err));
    if (load->districts[a.district][0] == '\0')
        (void)snprintf(load->districts[a.district],
                       sizeof load->districts[a.district], "%s", row->where);
    KITH_TRY(kith_table_number(row, 4, 1, 10, &a.deprivation, err));
    KITH_TRY(KITH_GROW(&t->areas, &t->areas_cap, t->n_areas + 1, err));
    KITH_TRY(KITH_GROW(&t->area_sums, &t->sums_cap, t->n_areas + 1, err));
    t->area_sums[t->n_areas] =
        a.population + (t->n_areas == 0 ? 0.0 : t->area_sums[t->n_areas - 1]);
    t->areas[t->n_areas++] = a;
done:
    return status;
}

/* Census groups of an area, as running shares. */
static kith_status
profile(void *ctx, const kith_table_row *row, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_tables *t = ((kith_table_load *)ctx)->tables;
    double counts[KITH_SYNTH_GROUPS];
    double total = 0;
    for (unsigned g = 0; g < KITH_SYNTH_GROUPS; g++) {
        KITH_TRY(kith_table_number(row, g + 1, 0, 1e9, &counts[g], err));
        total += counts[g];
    }
    if (total <= 0) {
        status = kith_table_wrong(row, 1, "an area without people", err);
        goto done;
    }
    for (size_t i = 0; i < t->n_areas; i++) {
        kith_area *a = &t->areas[i];
        if (!kith_str_equal(row->fields[0], kith_dict_at(&t->names, a->code)))
            continue;
        double sum = 0;
        for (unsigned g = 0; g < KITH_SYNTH_GROUPS; g++) {
            sum += counts[g] / total;
            a->groups[g] = sum;
        }
    }
done:
    return status;
}

static kith_status
sector(void *ctx, const kith_table_row *row, kith_error *err)
{
    kith_status status = KITH_OK;
    kith_tables *t = ((kith_table_load *)ctx)->tables;
    uint32_t d = 0;
    uint32_t name = 0;
    KITH_TRY(district_of(t, row, 1, false, &d, err));
    kith_district *district = &t->districts[d];
    KITH_TRY(kith_dict_add(&t->names, row->fields[0], &name, err));
    KITH_TRY(KITH_GROW(&district->sectors, &district->sectors_cap,
                       district->n_sectors + 1, err));
    district->sectors[district->n_sectors++] = name;
done:
    return status;
}

static kith_status
street_part(kith_table_load *load, kith_weights *list,
            const kith_table_row *row, unsigned field, kith_error *err)
{
    double weight = 0;
    uint32_t id = 0;
    kith_status status = kith_table_number(row, field, 0, 1e9, &weight, err);
    if (status == KITH_OK)
        status = kith_dict_add(&load->tables->names, row->fields[0], &id, err);
    return status != KITH_OK ? status : kith_weights_add(list, id, weight, err);
}

static kith_status
street_stem(void *ctx, const kith_table_row *row, kith_error *err)
{
    kith_table_load *load = ctx;
    return street_part(load, &load->tables->street_stems, row, 1, err);
}

static kith_status
street_type(void *ctx, const kith_table_row *row, kith_error *err)
{
    kith_table_load *load = ctx;
    return street_part(load, &load->tables->street_types, row, 1, err);
}

static kith_status
check_people(const kith_table_load *load, kith_error *err)
{
    const kith_tables *t = load->tables;
    double people[KITH_SYNTH_DISTRICTS] = {0};
    for (size_t i = 0; i < t->n_areas; i++)
        people[t->areas[i].district] += t->areas[i].population;
    for (uint32_t d = 0; d < t->n_districts; d++)
        if (people[d] <= 0)
            return kith_error_set(
                err, KITH_ERR_DATA,
                "%s: column \"population_2021\": district %s has no people",
                load->districts[d],
                kith_dict_at(&t->names, t->districts[d].name));
    return KITH_OK;
}

/* Every district has sectors, every area its census groups; deprivation's
 * mean and spread, weighted by people, standardise it. */
static kith_status
check_places(kith_tables *t, kith_error *err)
{
    double sum = 0;
    double squares = 0;
    for (size_t i = 0; i < t->n_areas; i++) {
        const kith_area *a = &t->areas[i];
        sum += a->population * a->deprivation;
        squares += a->population * a->deprivation * a->deprivation;
        if (a->population > 0 && a->groups[KITH_SYNTH_GROUPS - 1] <= 0)
            return kith_error_set(err, KITH_ERR_DATA,
                                  "gm_lsoa_profile.csv: no row for area %s",
                                  kith_dict_at(&t->names, a->code));
    }
    for (uint32_t d = 0; d < t->n_districts; d++)
        if (t->districts[d].n_sectors == 0)
            return kith_error_set(
                err, KITH_ERR_DATA,
                "gm_postcode_sectors.csv: district %s has no sectors",
                kith_dict_at(&t->names, t->districts[d].name));
    const double total = t->area_sums[t->n_areas - 1];
    t->deprivation_mean = sum / total;
    const double mean = t->deprivation_mean;
    t->deprivation_sd = sqrt(fmax(squares / total - mean * mean, 0.01));
    return KITH_OK;
}

kith_status
kith_tables_load_places(kith_table_load *load, kith_error *err)
{
    static const char *const areas[] = {
        "lsoa21_code",     "neighbourhood_synthetic", "district",
        "population_2021", "imd2019_decile",          NULL};
    static const char *const profiles[] = {
        "lsoa21_code", "eth_asian", "eth_black", "eth_mixed",
        "eth_white",   "eth_other", NULL};
    static const char *const sectors[] = {"sector", "main_district", NULL};
    static const char *const stems[] = {"stem", "weight", NULL};
    static const char *const types[] = {"type", "suggested_share_gm", NULL};
    kith_status status = KITH_OK;
    const kith_table_folders *f = load->folders;
    KITH_TRY(kith_table_read(f, "gm_geography.csv", areas, area, load, err));
    KITH_TRY(check_people(load, err));
    KITH_TRY(kith_table_read(f, "gm_lsoa_profile.csv", profiles, profile, load,
                             err));
    KITH_TRY(kith_table_read(f, "gm_postcode_sectors.csv", sectors, sector,
                             load, err));
    KITH_TRY(
        kith_table_read(f, "street_stems.csv", stems, street_stem, load, err));
    KITH_TRY(
        kith_table_read(f, "street_types.csv", types, street_type, load, err));
    KITH_TRY(check_places(load->tables, err));
done:
    return status;
}
