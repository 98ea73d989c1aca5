/**
 * @file tables_parts.h
 * @brief The loaders behind kith_tables_load, one per kind of table.
 */
#ifndef KITH_SYNTH_TABLES_PARTS_H
#define KITH_SYNTH_TABLES_PARTS_H

#include "synth/table_file.h"
#include "synth/tables.h"

/** What the row callbacks work on. */
typedef struct kith_table_load {
    kith_tables *tables;
    const kith_table_folders *folders;
    uint32_t *group; /* members of the spelling group being read */
    size_t n_group, group_cap;
    uint32_t group_id;
    char districts[KITH_SYNTH_DISTRICTS][400]; /* where each is first named */
} kith_table_load;

KITH_NODISCARD kith_status kith_tables_load_names(kith_table_load *load,
                                                  kith_error *err);
KITH_NODISCARD kith_status kith_tables_load_places(kith_table_load *load,
                                                   kith_error *err);
KITH_NODISCARD kith_status kith_tables_load_errors(kith_table_load *load,
                                                   kith_error *err);
KITH_NODISCARD kith_status kith_tables_load_rates(kith_table_load *load,
                                                  kith_error *err);

#endif
