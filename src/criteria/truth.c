#include "criteria/truth.h"

#include <math.h>

static kith_truth
between(int always, int never)
{
    return always ? KITH_TRUE : never ? KITH_FALSE : KITH_UNKNOWN;
}

kith_truth
kith_truth_many(kith_many many, uint32_t n, uint32_t lo, uint32_t hi,
                uint32_t n_all)
{
    switch (many) {
    case KITH_MANY_AT_LEAST:
        return between(lo >= n, hi < n);
    case KITH_MANY_AT_MOST:
        return between(hi <= n, lo > n);
    case KITH_MANY_EXACTLY:
        return between(lo == n && hi == n, lo > n || hi < n);
    case KITH_MANY_ALL:
        return between(lo >= n_all, hi < n_all);
    case KITH_MANY_NONE:
        return between(hi == 0, lo > 0);
    }
    return KITH_UNKNOWN;
}

kith_truth
kith_truth_compare(kith_range a, kith_compare_op op, kith_range b)
{
    const int same = a.lo == a.hi && b.lo == b.hi && a.lo == b.lo;
    const int apart = a.hi < b.lo || b.hi < a.lo;
    switch (op) {
    case KITH_CMP_EQ:
        return between(same, apart);
    case KITH_CMP_NE:
        return between(apart, same);
    case KITH_CMP_LT:
        return between(a.hi < b.lo, a.lo >= b.hi);
    case KITH_CMP_LE:
        return between(a.hi <= b.lo, a.lo > b.hi);
    case KITH_CMP_GT:
        return between(a.lo > b.hi, a.hi <= b.lo);
    case KITH_CMP_GE:
        return between(a.lo >= b.hi, a.hi < b.lo);
    }
    return KITH_UNKNOWN;
}

/* 0 x infinity is 0 here: an unlimited number of nothing is nothing. */
static double
product(double a, double b)
{
    return a == 0 || b == 0 ? 0 : a * b;
}

/* A finite number over an unlimited one tends to 0. */
static double
quotient(double a, double b)
{
    if (isinf(b))
        return isinf(a) ? (double)INFINITY : 0;
    return a / b;
}

static kith_range
corners(kith_range a, kith_range b, double (*fn)(double, double))
{
    const double c[] = {fn(a.lo, b.lo), fn(a.lo, b.hi), fn(a.hi, b.lo),
                        fn(a.hi, b.hi)};
    kith_range r = {c[0], c[0]};
    for (int i = 1; i < 4; i++) {
        r.lo = fmin(r.lo, c[i]);
        r.hi = fmax(r.hi, c[i]);
    }
    return r;
}

kith_range
kith_range_arith(kith_range a, char op, kith_range b)
{
    const kith_range anything = {-(double)INFINITY, (double)INFINITY};
    switch (op) {
    case '+':
        return (kith_range){a.lo + b.lo, a.hi + b.hi};
    case '-':
        return (kith_range){a.lo - b.hi, a.hi - b.lo};
    case '*':
        return corners(a, b, product);
    default:
        if (b.lo <= 0 && b.hi >= 0)
            return anything;
        /* Two unlimited parts may have any ratio of their signs. */
        if ((isinf(a.lo) || isinf(a.hi)) && (isinf(b.lo) || isinf(b.hi)))
            return a.lo >= 0 && b.lo >= 0 ? (kith_range){0, (double)INFINITY}
                                          : anything;
        return corners(a, b, quotient);
    }
}
