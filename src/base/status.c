#include <kith/status.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

kith_status
kith_error_set(kith_error *err, kith_status status, const char *format, ...)
{
    if (err == NULL)
        return status;
    err->status = status;
    err->hint[0] = '\0';
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return status;
}

void
kith_error_hint(kith_error *err, const char *format, ...)
{
    if (err == NULL)
        return;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->hint, sizeof err->hint, format, args);
    va_end(args);
}

void
kith_error_prefix(kith_error *err, const char *format, ...)
{
    if (err == NULL)
        return;
    char old[sizeof err->text];
    memcpy(old, err->text, sizeof old);
    va_list args;
    va_start(args, format);
    int n = vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    if (n >= 0 && (size_t)n < sizeof err->text)
        (void)snprintf(err->text + n, sizeof err->text - (size_t)n, "%s", old);
}

int
kith_exit_code(kith_status status)
{
    switch (status) {
    case KITH_OK:
        return 0;
    case KITH_ERR_USAGE:
    case KITH_ERR_CONFIG:
    case KITH_ERR_KEY:
        return 2;
    case KITH_ERR_REJECTS:
        return 3;
    case KITH_ERR_MEMORY:
    case KITH_ERR_IO:
    case KITH_ERR_THREAD:
    case KITH_ERR_DATA:
    case KITH_ERR_MISMATCH:
    case KITH_ERR_CRYPTO:
    case KITH_ERR_INTERNAL:
        return 1;
    }
    return 1;
}

const char *
kith_status_name(kith_status status)
{
    static const char *const names[] = {
        "ok",   "memory",   "io",  "thread",  "usage",  "config",
        "data", "mismatch", "key", "rejects", "crypto", "internal"};
    const size_t i = (size_t)status;
    return i < sizeof names / sizeof *names ? names[i] : "unknown";
}
