#include "encode/scrub.h"

#include <openssl/crypto.h>

/* Deeper than anything encode calls: its largest local is a record's values. */
enum { DEPTH = 64 * 1024 };

__attribute__((noinline)) void
kith_scrub_stack(void)
{
    unsigned char below[DEPTH];
    OPENSSL_cleanse(below, sizeof below);
}
