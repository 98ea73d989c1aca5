/**
 * @file project.h
 * @brief kith.yaml: everything `kith run` needs, in one file.
 *
 * Paths are relative to the project file; after loading they are joined with
 * its folder.
 */
#ifndef KITH_PROJECT_H
#define KITH_PROJECT_H

#include <kith/status.h>
#include <stdint.h>

/** Of a project that names no region. */
#define KITH_PROJECT_REGION "all districts"

/** Of a project that does not say: Greater Manchester's public services work
 *  together in "neighbourhoods of 30 to 50 thousand residents". */
enum {
    KITH_PROJECT_SMALLEST_NEIGHBOURHOOD = 30000,
    KITH_PROJECT_LARGEST_NEIGHBOURHOOD = 50000
};

typedef struct kith_project {
    char *name;
    char *epoch;          /**< key epoch: "2026-q1" */
    char *run;            /**< run id; the reference date when not given */
    char *reference_date; /**< yyyy-mm-dd, or "today" */
    char *spec;           /**< linkage.yaml; NULL: the shipped one */
    char *key;            /**< project key file */
    char *agency_keys;    /**< folder of <agency>.key */
    char *data;           /**< folder of the extracts */
    char *areas;          /**< postcode,neighbourhood,district CSV; NULL */
    char *communal;       /**< kind,uprn,postcode,house CSV; NULL */
    char *region;         /**< what all districts together are called */
    char *exclude;        /**< opt-out list; NULL */
    char *model;          /**< frozen model.yaml; NULL: train every run */
    char *truth;          /**< truth folder; NULL: no evaluation */
    char *previous;       /**< persons file of the last run; NULL */
    char *out;            /**< output folder */
    uint64_t max_bad_rows;
    double max_null_share;           /**< of a column; 1: only warn */
    uint32_t smallest_neighbourhood; /**< residents; fewer are warned of */
    uint32_t largest_neighbourhood;  /**< residents; more are warned of */
    char **mappings;                 /**< agency mapping files */
    uint32_t n_mappings;
    char **criteria; /**< *.criteria files */
    uint32_t n_criteria;
    char *path;
} kith_project;

KITH_NODISCARD kith_status kith_project_load(kith_project **out,
                                             const char *path, kith_error *err);
void kith_project_free(kith_project *project);

#endif
