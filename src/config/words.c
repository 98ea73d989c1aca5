#include "config/words.h"

#include "base/alloc.h"
#include "base/date.h"

#include <kith/spec.h>
#include <stdio.h>
#include <string.h>

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_word(const char *text, const char *also)
{
    for (const char *p = text; *p != '\0'; p++)
        if (!is_letter(*p) && !(*p >= '0' && *p <= '9') &&
            strchr(also, *p) == NULL)
            return false;
    return text[0] != '\0';
}

bool
kith_is_name(const char *text)
{
    return is_letter(text[0]) && is_word(text, "_") &&
           strlen(text) < KITH_NAME_BYTES;
}

bool
kith_is_label(const char *text)
{
    return is_word(text, "._-") && strlen(text) < 64;
}

bool
kith_is_iso_date(const char *text)
{
    int32_t days = 0;
    return kith_date_parse_iso(&days, text, strlen(text));
}

kith_status
kith_path_beside(char **out, const char *file, const char *path,
                 kith_error *err)
{
    const char *slash = strrchr(file, '/');
    const size_t folder =
        path[0] == '/' || slash == NULL ? 0 : (size_t)(slash - file) + 1;
    const size_t n = folder + strlen(path) + 1;
    char *joined = kith_alloc_array(n, 1);
    if (joined == NULL)
        return kith_error_memory(err, n, 1);
    (void)snprintf(joined, n, "%.*s%s", (int)folder, file, path);
    *out = joined;
    return KITH_OK;
}

kith_status
kith_text_default(char **text, const char *fallback, kith_error *err)
{
    if (*text != NULL)
        return KITH_OK;
    *text = kith_strdup(fallback);
    return *text != NULL ? KITH_OK
                         : kith_error_memory(err, strlen(fallback), 1);
}
