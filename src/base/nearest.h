/**
 * @file nearest.h
 * @brief The public header under base's own name.
 */
#ifndef KITH_BASE_NEAREST_H
#define KITH_BASE_NEAREST_H

#include <kith/nearest.h>

#endif
