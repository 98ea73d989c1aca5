/**
 * @file words.h
 * @brief Small checks of names, dates and paths that the loaders share.
 */
#ifndef KITH_CONFIG_WORDS_H
#define KITH_CONFIG_WORDS_H

#include <kith/status.h>
#include <stdbool.h>

/** A letter, then letters, digits and "_"; shorter than KITH_NAME_BYTES. */
bool kith_is_name(const char *text);
/** Letters, digits, "." "_" "-"; at most 63: epochs, runs, project names. */
bool kith_is_label(const char *text);
/** "yyyy-mm-dd", in the calendar. */
bool kith_is_iso_date(const char *text);

/** @p path seen from the folder of @p file; owned. Absolute paths stay. */
KITH_NODISCARD kith_status kith_path_beside(char **out, const char *file,
                                            const char *path, kith_error *err);

/** Replaces a NULL text by an owned copy of @p fallback. */
KITH_NODISCARD kith_status kith_text_default(char **text, const char *fallback,
                                             kith_error *err);

#endif
