#include "cli/opt.h"

#include <ctype.h>
#include <errno.h>
#include <kith/job.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static kith_status
wrong(const char *text, const char *want, kith_error *err)
{
    return kith_error_set(err, KITH_ERR_USAGE, "%s: want %s", text, want);
}

static kith_status
read_count(uint64_t *out, const char *text, kith_error *err)
{
    char *end = NULL;
    errno = 0;
    const unsigned long long n = strtoull(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end != '\0' || errno != 0)
        return wrong(text, "a whole number", err);
    *out = n;
    return KITH_OK;
}

static kith_status
read_size(uint64_t *out, const char *text, kith_error *err)
{
    static const char units[] = "KMGT";
    char *end = NULL;
    errno = 0;
    const unsigned long long n = strtoull(text, &end, 10);
    unsigned shift = 0;
    if (*end != '\0') {
        const char *unit = strchr(units, toupper((unsigned char)*end));
        if (unit != NULL) {
            shift = 10 * ((unsigned)(unit - units) + 1);
            end++;
        }
    }
    if (!isdigit((unsigned char)text[0]) || shift == 0 || *end != '\0' ||
        errno != 0 || n > UINT64_MAX >> shift)
        return wrong(text, "a size with its unit such as 512M or 2G", err);
    *out = (uint64_t)n << shift;
    return KITH_OK;
}

static kith_status
read_real(double *out, const char *text, kith_error *err)
{
    if (strcmp(text, "auto") == 0) {
        *out = (double)NAN;
        return KITH_OK;
    }
    char *end = NULL;
    const double x = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(x))
        return wrong(text, "a number", err);
    *out = x;
    return KITH_OK;
}

kith_status
kith_opt_read_date(kith_opt_date *out, const char *text, kith_error *err)
{
    struct tm t = {0};
    if (strcmp(text, "today") == 0) {
        const time_t now = time(NULL);
        if (localtime_r(&now, &t) == NULL ||
            strftime(out->text, sizeof out->text, "%Y-%m-%d", &t) == 0)
            return kith_error_set(err, KITH_ERR_INTERNAL, "no clock");
        return KITH_OK;
    }
    int end = 0;
    int year = 0;
    int month = 0;
    int day = 0;
    if (strlen(text) == 10 &&
        sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) == 3 &&
        end == 10) {
        t = (struct tm){
            .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
        (void)timegm(&t); /* turns 31 February into March */
        if (t.tm_mon == month - 1 && t.tm_mday == day) {
            memcpy(out->text, text, sizeof out->text);
            return KITH_OK;
        }
    }
    return wrong(text, "a date, yyyy-mm-dd, or today", err);
}

static kith_status
read_shard(kith_opt_shard *out, const char *text, kith_error *err)
{
    char *slash = NULL;
    char *end = NULL;
    errno = 0;
    const unsigned long i = strtoul(text, &slash, 10);
    const unsigned long n = *slash == '/' ? strtoul(slash + 1, &end, 10) : 0;
    if (!isdigit((unsigned char)text[0]) || end == NULL || *end != '\0' ||
        errno != 0 || i < 1 || i > n || n > UINT32_MAX)
        return wrong(text, "a shard such as 1/4", err);
    *out = (kith_opt_shard){(uint32_t)i - 1, (uint32_t)n};
    return KITH_OK;
}

static kith_status
read_isa(kith_isa *out, const char *text, kith_error *err)
{
    static const char *const names[] = {"auto", "scalar", "popcnt",
                                        "avx2", "avx512", "neon"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(text, names[i]) == 0) {
            *out = (kith_isa)i;
            return KITH_OK;
        }
    }
    return wrong(text, "auto, scalar, popcnt, avx2, avx512 or neon", err);
}

kith_status
kith_opt_read(void *field, const kith_opt *opt, const char *text,
              kith_error *err)
{
    kith_status status = KITH_OK;
    switch (opt->kind) {
    case KITH_OPT_FLAG:
        *(bool *)field = true;
        break;
    case KITH_OPT_TEXT:
        *(const char **)field = text;
        break;
    case KITH_OPT_COUNT:
        status = read_count(field, text, err);
        break;
    case KITH_OPT_SIZE:
        status = read_size(field, text, err);
        break;
    case KITH_OPT_REAL:
        status = read_real(field, text, err);
        break;
    case KITH_OPT_DATE:
        status = kith_opt_read_date(field, text, err);
        break;
    case KITH_OPT_SHARD:
        status = read_shard(field, text, err);
        break;
    case KITH_OPT_ISA:
        status = read_isa(field, text, err);
        break;
    case KITH_OPT_LIST:
    case KITH_OPT_END:
        status = kith_error_set(err, KITH_ERR_INTERNAL, "option --%s: no value",
                                opt->name);
        break;
    }
    if (status == KITH_ERR_USAGE)
        kith_error_prefix(
            err, "%s%s: ", (opt->flags & KITH_OPT_POSITIONAL) != 0 ? "" : "--",
            opt->name);
    return status;
}
