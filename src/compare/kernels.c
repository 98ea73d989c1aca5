#include "compare/kernel.h"

#if defined(__AVX__)
#error "the dispatcher must run on a CPU without AVX: build it without -mavx"
#endif

const char *
kith_isa_name(kith_isa isa)
{
    static const char *const names[] = {"auto", "scalar", "popcnt",
                                        "avx2", "avx512", "neon"};
    return names[isa];
}

bool
kith_kernel_supported(kith_isa isa)
{
#if defined(__x86_64__)
    if (isa == KITH_ISA_POPCNT)
        return __builtin_cpu_supports("popcnt") != 0;
    if (isa == KITH_ISA_AVX2)
        return __builtin_cpu_supports("avx2") != 0;
    if (isa == KITH_ISA_AVX512)
        return __builtin_cpu_supports("avx512f") != 0 &&
               __builtin_cpu_supports("avx512bw") != 0 &&
               __builtin_cpu_supports("avx512vl") != 0 &&
               __builtin_cpu_supports("avx512vpopcntdq") != 0;
#elif defined(__aarch64__)
    if (isa == KITH_ISA_NEON) /* part of the architecture */
        return true;
#endif
    return isa == KITH_ISA_SCALAR || isa == KITH_ISA_AUTO;
}

static kith_kernel
kernel_of(kith_isa isa)
{
#if defined(__x86_64__)
    if (isa == KITH_ISA_AVX512)
        return (kith_kernel){kith_compare_avx512, kith_few_avx512};
    if (isa == KITH_ISA_AVX2)
        return (kith_kernel){kith_compare_avx2, kith_few_avx2};
    if (isa == KITH_ISA_POPCNT)
        return (kith_kernel){kith_compare_popcnt, kith_few_popcnt};
#elif defined(__aarch64__)
    if (isa == KITH_ISA_NEON)
        return (kith_kernel){kith_compare_neon, kith_few_neon};
#endif
    (void)isa;
    return (kith_kernel){kith_compare_scalar, kith_few_scalar};
}

kith_status
kith_kernel_choose(kith_kernel *out, kith_isa isa, kith_error *err)
{
    if (!kith_kernel_supported(isa))
        return kith_error_set(err, KITH_ERR_USAGE,
                              "this CPU cannot run the %s kernel",
                              kith_isa_name(isa));
    if (isa == KITH_ISA_AUTO) {
        isa = KITH_ISA_NEON;
        while (!kith_kernel_supported(isa))
            isa = (kith_isa)(isa - 1);
    }
    *out = kernel_of(isa);
    return KITH_OK;
}
