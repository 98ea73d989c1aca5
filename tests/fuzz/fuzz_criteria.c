/* Any bytes as a criteria file: parsed and checked, or refused with a text. */
#include "criteria/check.h"
#include "criteria/parser.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    enum { DAY = 20543 }; /* 2026-03-31 */
    kith_error err = KITH_ERROR_INIT;
    kith_program *program = NULL;
    kith_vocabulary *v = NULL;
    char *text = malloc(n + 1);
    if (text == NULL)
        return 0;
    memcpy(text, data, n);
    text[n] = '\0';
    kith_status status = kith_program_new(&program, &err);
    if (status == KITH_OK)
        status = kith_vocabulary_new(&v, &err);
    if (status == KITH_OK)
        status = kith_parse_text(program, "fuzz", text, n, &err);
    if (status == KITH_OK)
        status = kith_check(program, v, NULL, DAY, &err);
    if (status != KITH_OK && err.text[0] == '\0')
        abort();
    kith_vocabulary_free(v);
    kith_program_free(program);
    free(text);
    return 0;
}
