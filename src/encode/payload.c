#include "encode/payload.h"

#include "base/alloc.h"
#include "io/csv.h"

#include <string.h>

enum { N_AREA_COLUMNS = 4, DEPRIVATION = 3, N_DECILES = 10 };

/* "1" to "10"; 0 for anything else. */
static uint8_t
read_decile(kith_str s)
{
    unsigned n = 0;
    for (size_t i = 0; i < s.len && i < 3; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return 0;
        n = n * 10 + (unsigned)(s.data[i] - '0');
    }
    return n > N_DECILES ? 0 : (uint8_t)n;
}

static kith_status
add_area(kith_areas *a, const kith_norm_rules *rules,
         const kith_str row[N_AREA_COLUMNS], kith_error *err)
{
    kith_status status = KITH_OK;
    kith_norm postcode;
    uint32_t index = 0;
    kith_area_place place = {UINT32_MAX, UINT32_MAX, 0};
    kith_norm_postcode(&postcode, rules, row[0]);
    if (postcode.len == 0 || postcode.partial) {
        a->n_skipped++;
        return KITH_OK;
    }
    KITH_TRY(kith_dict_add(
        &a->postcodes, (kith_str){postcode.text, postcode.len}, &index, err));
    KITH_TRY(KITH_GROW(&a->places, &a->places_cap, (size_t)index + 1, err));
    if (row[1].len > 0)
        KITH_TRY(kith_dict_add(&a->neighbourhoods, row[1], &place.neighbourhood,
                               err));
    if (row[2].len > 0)
        KITH_TRY(kith_dict_add(&a->districts, row[2], &place.district, err));
    place.deprivation = read_decile(row[DEPRIVATION]);
    a->n_no_decile += place.deprivation == 0 && row[DEPRIVATION].len > 0;
    a->places[index] = place;
done:
    return status;
}

static kith_status
add_batch(kith_areas *a, const kith_norm_rules *rules,
          const kith_csv_batch *batch, const uint32_t columns[N_AREA_COLUMNS],
          kith_error *err)
{
    kith_status status = KITH_OK;
    for (size_t i = 0; i < batch->n_rows; i++) {
        const kith_str *fields = batch->fields + i * batch->n_columns;
        kith_str row[N_AREA_COLUMNS] = {{0}};
        for (size_t c = 0; c < N_AREA_COLUMNS; c++) {
            if (columns[c] != UINT32_MAX)
                row[c] = fields[columns[c]];
        }
        KITH_TRY(add_area(a, rules, row, err));
    }
done:
    return status;
}

static void
tell_skipped(const kith_areas *a, const char *path, kith_job *job)
{
    if (a->n_skipped > 0) {
        kith_job_count(job, "areas", "rows_without_postcode", a->n_skipped);
        kith_job_warn(job, "%s: %llu rows have no full postcode: left out",
                      path, (unsigned long long)a->n_skipped);
    }
    if (a->n_no_decile > 0) {
        kith_job_count(job, "areas", "deprivation_decile_not_1_to_10",
                       a->n_no_decile);
        kith_job_warn(
            job,
            "%s: deprivation_decile of %llu rows is not 1 to 10: taken "
            "as unknown",
            path, (unsigned long long)a->n_no_decile);
    }
}

kith_status
kith_areas_load(kith_areas *out, const char *path, const kith_norm_rules *rules,
                kith_job *job, kith_error *err)
{
    static const char *const names[] = {"postcode", "neighbourhood",
                                        "district"};
    kith_status status = KITH_OK;
    kith_csv *csv = NULL;
    kith_csv_batch batch = {0};
    uint32_t columns[N_AREA_COLUMNS] = {0};
    *out = (kith_areas){0};
    if (path == NULL)
        return KITH_OK;
    const kith_csv_params params = kith_csv_params_default();
    KITH_TRY(kith_csv_open(&csv, path, &params, err));
    for (unsigned i = 0; i < DEPRIVATION; i++)
        KITH_TRY(kith_csv_column(csv, names[i], &columns[i], err));
    if (!kith_csv_find(csv, "deprivation_decile", &columns[DEPRIVATION]))
        columns[DEPRIVATION] = UINT32_MAX;
    do {
        KITH_TRY(kith_csv_next_whole(csv, &batch, err));
        KITH_TRY(add_batch(out, rules, &batch, columns, err));
    } while (batch.n_rows > 0);
    kith_csv_record(csv, job);
    tell_skipped(out, path, job);
done:
    kith_csv_close(csv);
    kith_csv_batch_done(&batch);
    return status;
}

void
kith_areas_done(kith_areas *a)
{
    kith_dict_done(&a->postcodes);
    kith_dict_done(&a->neighbourhoods);
    kith_dict_done(&a->districts);
    kith_free(a->places);
    *a = (kith_areas){0};
}

static int
field_of_kind(const kith_spec *spec, kith_field_kind kind)
{
    for (unsigned f = 0; f < spec->n_fields; f++)
        if (spec->fields[f].kind == kind)
            return (int)f;
    return -1;
}

void
kith_payload_init(kith_payload *out, const kith_encoder *e,
                  const kith_areas *areas, const kith_communal *communal,
                  int32_t reference)
{
    const kith_spec *spec = e->spec;
    *out = (kith_payload){.encoder = e,
                          .areas = areas,
                          .communal = communal,
                          .reference = reference,
                          .surname = e->has_names
                                         ? e->names[0]
                                         : field_of_kind(spec, KITH_FIELD_NAME),
                          .dob = field_of_kind(spec, KITH_FIELD_DATE),
                          .sex = field_of_kind(spec, KITH_FIELD_SEX),
                          .postcode = field_of_kind(spec, KITH_FIELD_POSTCODE),
                          .house = field_of_kind(spec, KITH_FIELD_HOUSE),
                          .uprn = field_of_kind(spec, KITH_FIELD_UPRN)};
    for (unsigned c = 0; c < spec->n_comparisons; c++)
        if (spec->comparisons[c].kind == KITH_COMPARE_DATE) {
            out->dob = spec->comparisons[c].values[0].parts[0].field;
            break;
        }
}

int32_t
kith_payload_born(const kith_payload *p, const kith_norm *fields)
{
    if (p->dob < 0 || fields[p->dob].len == 0 || fields[p->dob].date.day == 0)
        return KITH_NO_DATE;
    return kith_days_from_ymd(fields[p->dob].date);
}

static const kith_norm *
known(const kith_norm *fields, int field)
{
    if (field < 0 || fields[field].len == 0 || fields[field].partial)
        return NULL;
    return &fields[field];
}

static size_t
put(uint8_t *out, const kith_norm *f)
{
    out[0] = 0;
    out[1] = f->len;
    memcpy(out + 2, f->text, f->len);
    return 2u + f->len;
}

static uint64_t
token64(const kith_hmac *key, const void *data, size_t n)
{
    uint8_t md[KITH_HMAC_BYTES];
    uint64_t token = 0;
    kith_hmac_make(key, data, n, md);
    for (unsigned i = 0; i < 8; i++)
        token = token << 8 | md[i];
    return token + (token == 0);
}

static uint64_t
door_token(const kith_payload *p, const kith_norm *fields)
{
    uint8_t text[2 * KITH_PART_BYTES];
    const kith_norm *postcode = known(fields, p->postcode);
    const kith_norm *house = known(fields, p->house);
    if (postcode == NULL || house == NULL)
        return 0;
    size_t n = put(text, postcode);
    n += put(text + n, house);
    return token64(&p->encoder->address, text, n);
}

static uint64_t
uprn_token(const kith_payload *p, const kith_norm *fields)
{
    uint8_t text[KITH_PART_BYTES];
    const kith_norm *uprn = known(fields, p->uprn);
    return uprn == NULL ? 0
                        : token64(&p->encoder->address, text, put(text, uprn));
}

static uint32_t
surname_token(const kith_payload *p, const kith_norm *fields, uint64_t home)
{
    uint8_t text[8 + KITH_PART_BYTES];
    const kith_norm *surname = known(fields, p->surname);
    if (home == 0 || surname == NULL)
        return 0;
    for (unsigned i = 0; i < 8; i++)
        text[i] = (uint8_t)(home >> (56 - 8 * i));
    const size_t n = 8 + put(text + 8, surname);
    const uint32_t token =
        (uint32_t)(token64(&p->encoder->household_name, text, n) >> 32);
    return token + (token == 0);
}

static void
set_age(const kith_payload *p, const kith_norm *fields, kith_person_row *out)
{
    const int32_t born = kith_payload_born(p, fields);
    out->age = -1;
    out->born_month = KITH_NO_DATE;
    if (p->dob >= 0 && fields[p->dob].len > 0 &&
        fields[p->dob].date.month != 0) {
        kith_ymd first = fields[p->dob].date;
        first.day = 1;
        out->born_month = kith_days_from_ymd(first);
    }
    if (born != KITH_NO_DATE)
        out->age = (int16_t)kith_age_years(born, p->reference);
}

static void
set_area(const kith_payload *p, const kith_norm *fields, kith_person_row *out)
{
    const kith_norm *postcode = known(fields, p->postcode);
    if (kith_communal_has(p->communal, known(fields, p->uprn), postcode,
                          known(fields, p->house)))
        out->place = KITH_PLACE_COMMUNAL;
    out->neighbourhood = out->district = UINT32_MAX;
    if (postcode == NULL)
        return;
    const uint32_t index = kith_dict_find(
        &p->areas->postcodes, (kith_str){postcode->text, postcode->len});
    if (index != KITH_DICT_NONE) {
        const kith_area_place *place = &p->areas->places[index];
        out->neighbourhood = place->neighbourhood;
        out->district = place->district;
        out->place = (uint8_t)(out->place | place->deprivation);
    }
}

void
kith_payload_person(const kith_payload *p, const kith_norm *fields,
                    kith_str household, int32_t updated,
                    const uint8_t pseudonym[KITH_PSEUDONYM_BYTES],
                    kith_person_row *out)
{
    const kith_norm *sex = known(fields, p->sex);
    memset(out, 0, sizeof *out);
    memcpy(out->pseudonym, pseudonym, KITH_PSEUDONYM_BYTES);
    out->door = door_token(p, fields);
    out->address = uprn_token(p, fields);
    if (out->address == 0)
        out->address = out->door;
    out->unit = household.len == 0
                    ? 0
                    : token64(&p->encoder->unit, household.data, household.len);
    out->surname =
        surname_token(p, fields, out->door != 0 ? out->door : out->address);
    out->updated = updated;
    out->sex = sex == NULL ? 0 : sex->text[0] == 'M' ? 1 : 2;
    set_age(p, fields, out);
    set_area(p, fields, out);
}
