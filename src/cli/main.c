#include <kith/version.h>

#include <stdio.h>

int
main(void)
{
    return printf("kith %s\n", kith_version()) < 0;
}
