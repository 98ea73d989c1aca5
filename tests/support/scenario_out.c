/* What a scenario's run has written. */
#include "files.h"
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

char *
scenario_output(const scenario *s, const char *name)
{
    char dir[512];
    char path[1024];
    size_t n = 0;
    test_path(dir, s->folder, "out");
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    return test_read(path, &n);
}

void
scenario_join(const scenario *s, char last[512])
{
    static const char *const names[] = {"persons", "families", "households"};
    char from[600], to[600];
    test_path(last, s->folder, "out");
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(from, sizeof from, "%s/results/%s.csv", s->folder,
                       names[i]);
        (void)snprintf(to, sizeof to, "%s/%s.csv", last, names[i]);
        assert_int_equal(rename(from, to), 0);
    }
}

bool
scenario_has_line(const scenario *s, const char *name, const char *line)
{
    char *text = scenario_output(s, name);
    char *rest = text;
    bool found = false;
    for (char *l = strtok_r(text, "\n", &rest); l != NULL && !found;
         l = strtok_r(NULL, "\n", &rest))
        found = strcmp(l, line) == 0;
    free(text);
    return found;
}

char *
scenario_flags(const scenario *s, const char *cohort)
{
    char *text = scenario_output(s, "flags.csv");
    char *out = calloc(1, strlen(text) + 1);
    assert_non_null(out);
    char *rest = text;
    for (char *l = strtok_r(text, "\n", &rest); l != NULL;
         l = strtok_r(NULL, "\n", &rest)) {
        char name[64];
        char id[32];
        char status[16];
        if (sscanf(l, "%63[^,],%*[^,],%*[^,],%31[^,],%15[^,]", name, id,
                   status) != 3 ||
            strcmp(name, cohort) != 0)
            continue;
        if (out[0] != '\0')
            strcat(out, " ");
        strcat(out, id);
        strcat(out, "=");
        strcat(out, status);
    }
    free(text);
    return out;
}
