#include <kith/version.h>

#ifndef KITH_BUILD_FLAGS
#define KITH_BUILD_FLAGS "flags unknown"
#endif

const char *
kith_version(void)
{
    return KITH_VERSION;
}

const char *
kith_build_flags(void)
{
#if defined(__clang__)
    return "clang " __clang_version__ "; " KITH_BUILD_FLAGS;
#else
    return "gcc " __VERSION__ "; " KITH_BUILD_FLAGS;
#endif
}
