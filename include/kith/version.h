/**
 * @file version.h
 * @brief Which kith this is, and how it was built.
 */
#ifndef KITH_VERSION_H
#define KITH_VERSION_H

#define KITH_VERSION "0.1.0"

/** Version of the normalisers; every encoded file carries it. */
#define KITH_NORMALISER_VERSION "2"

/** Version of the container that every binary kith file uses. */
#define KITH_FORMAT_VERSION 1

/** "0.1.0". */
const char *kith_version(void);

/** Compiler, flags and library versions, one line. */
const char *kith_build_flags(void);

#endif
