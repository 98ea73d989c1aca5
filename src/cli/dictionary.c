/* The data dictionary: every table that kith writes, column by column. A test
 * holds it against the headers of a run. */
#include "cli/command.h"

#include <string.h>

enum { MAX_COLUMNS = 16, INDENT = 26 };

typedef struct column {
    const char *name;
    const char *meaning;
} column;

typedef struct table {
    const char *file;
    const char *what;
    column columns[MAX_COLUMNS];
} table;

#define LINK_COLUMNS                                                           \
    {"left_agency", "of one record"}, {"left_record", "its pseudonym"},        \
        {"right_agency", "of the other record"},                               \
        {"right_record", "its pseudonym"},                                     \
        {"bits", "weight of the link: log2 of the odds that it is right, "     \
                 "rarity and identifiers included"},                           \
        {"pass", "the blocking pass that found it with the highest weight"},   \
        {"states", "a letter for each part of the comparisons, in the spec's " \
                   "order: e exact, f fuzzy, d different, n null"},            \
        {"rarity_bits", "of bits: what a rare or common name adds"},           \
        {"identifier_bits", "of bits: what numbers such as NHS add"},          \
    {                                                                          \
        "rule", "the rule of the spec that decided, if any"                    \
    }

static const table tables[] = {
    {"results/persons.csv",
     "which records are one person",
     {{"person", "id: p and 16 hex digits; lasts from run to run"},
      {"agency", "who sent the record"},
      {"record", "its pseudonym: the agency's keep/ turns it into its own id"},
      {"bits", "of the link by which it hangs on its person; empty: none"}}},
    {"results/links.csv", "accepted links", {LINK_COLUMNS}},
    {"results/refused.csv",
     "links that would have broken a constraint",
     {LINK_COLUMNS,
      {"reason", "too_large, one_source, rule, identifiers, average_link"},
      {"left_size", "records of the one side's person"},
      {"right_size", "of the other's"}}},
    {"results/review.csv",
     "persons that are borderline, for a human to look at",
     {{"person", "id, as in persons.csv"},
      {"size", "records"},
      {"links", "accepted links between them"},
      {"density", "links, of all there could be"},
      {"weakest_bits", "the link that would break first"},
      {"reasons", "refused_union, sparse, weak_link, with ; between"}}},
    {"results/thresholds.csv",
     "what another threshold is expected to cost",
     {{"bits", "threshold"},
      {"links", "pairs at or above it"},
      {"expected_false", "of them wrong, by the model"},
      {"expected_missed", "true pairs below it, by the model"},
      {"expected_precision", "right among links"},
      {"expected_recall", "found among the true pairs that met in a block"}}},
    {"results/households.csv",
     "who lives together",
     {{"household", "id: h and the digits of a member"},
      {"person", "id, as in persons.csv"},
      {"source",
       "what says so: relation, unit (a tenancy or benefit), address"},
      {"confidence", "0 to 1"},
      {"from", "first record there; empty: others say so"},
      {"to", "last record there"}}},
    {"results/families.csv",
     "who belongs together, and as what",
     {{"family", "id: f and the digits of a member"},
      {"person", "id, as in persons.csv"},
      {"role", "adult, parent, partner, dependent_child, "
               "non_resident_parent, other"},
      {"source", "what says so: relation, unit, address_surname, address, "
                 "alone"},
      {"confidence", "0 to 1"},
      {"from", "of the relationship, else of the home; empty: not said"},
      {"to", "the same; empty: it lasts, or not said"}}},
    {"results/communal.csv",
     "addresses that are no home of one family",
     {{"address", "a token of this run"},
      {"people", "who live there"},
      {"children", "of them"},
      {"reason",
       "declared (by communal.csv), too_many_people, unrelated_adults"}}},
    {"results/relations_rejected.csv",
     "relationship records that are not believed",
     {{"agency", "whose record; empty: only all agencies' show it"},
      {"record", "its pseudonym, or a person id when agency is empty"},
      {"other", "the same, of the other side"},
      {"kind", "parent_of, partner_of, carer_of, lives_with"},
      {"reason", "no_person, of_one_person, unknown_kind, "
                 "ends_before_it_begins, begins_in_the_future, "
                 "impossible_ages, too_many_parents, too_many_children, "
                 "too_many_cared_for, loop"}}},
    {"results/families_rejected.csv",
     "what is too large to be a family",
     {{"family", "id: f and the digits of one of its people"},
      {"people", "who would be in it"},
      {"children", "of them"},
      {"source",
       "what says so: relation, unit (a tenancy or benefit), address"},
      {"reason", "unit_too_large: it is not used; family_too_large: its people "
                 "stay apart"}}},
    {"results/cohorts.csv",
     "what the names in the tables of flags mean",
     {{"cohort", "name"},
      {"version", "of its definition"},
      {"unit", "person, family or household"},
      {"criterion", "name; empty: the cohort itself"},
      {"title", "as the criteria file says it"},
      {"purpose", "and legal basis"}}},
    {"results/flags.csv",
     "who is in which cohort; those who are not have no line",
     {{"cohort", "name"},
      {"version", "of its definition"},
      {"unit", "person, family or household"},
      {"id", "of the unit"},
      {"status", "yes, near, unknown (a missing extract could make it yes)"},
      {"tier", "the first tier whose condition holds, if any"},
      {"since", "the first run of the unbroken row with this status"}}},
    {"results/evidence.csv",
     "why: for each flag, what decided each criterion",
     {{"cohort", "name"},
      {"id", "of the unit"},
      {"criterion", "name"},
      {"status", "yes, no, unknown"},
      {"person", "whose event it is; empty when withheld"},
      {"agency", "who sent it; empty when withheld"},
      {"event", "type"},
      {"date", "of the event, or first day of the spell"},
      {"record", "pseudonym at the agency; empty when withheld"},
      {"bits", "of the link that ties the record to its person"},
      {"note", "what was counted, or which extract is missing"}}},
    {"results/changes.csv",
     "who entered or left since the run of `previous:`",
     {{"cohort", "name"},
      {"id", "of the unit"},
      {"change", "entered, left, changed (of status or tier)"},
      {"before", "status in the last run; no: none"},
      {"after", "status now"},
      {"why", "criteria now met (+) and no longer (-); a new tier or "
              "definition; merged, split, new or gone"}}},
    {"results/moves.csv",
     "flags that hang on weak links",
     {{"cohort", "name"},
      {"unit", "person, family or household"},
      {"id", "of the unit"},
      {"stricter_by", "bits: links weaker than the weakest in use and so "
                      "much are cut"},
      {"before", "status as it is"},
      {"after", "status without what those links bring"}}},
    {"results/counts.csv",
     "flags by place; <10: suppressed; c: hidden, or one could be found by "
     "subtraction; others rounded",
     {{"cohort", "name"},
      {"version", "of its definition"},
      {"unit", "person, family or household"},
      {"area_level", "region, district, neighbourhood"},
      {"area", "name"},
      {"status", "yes, near, unknown"},
      {"count", "units flagged so"},
      {"of", "units that the cohort is about, flagged or not"},
      {"per_1000", "count of them, from the rounded numbers"}}},
    {"results/overlap.csv",
     "persons in two cohorts at once, suppressed as counts.csv",
     {{"area_level", "region, district"},
      {"area", "name"},
      {"cohort", "one cohort"},
      {"other", "another; the same: who is in it"},
      {"persons", "flagged yes in both, themselves or by family"}}},
    {"results/bias.csv",
     "whom links and flags serve worse, suppressed as counts.csv",
     {{"measure", "linked (to another agency's record), records (a person), "
                  "yes, near, unknown, lost_2 to gained_8 (flags lost or "
                  "gained were links so many bits stricter)"},
      {"cohort", "name; empty for linked and records"},
      {"group", "all, sex, age, district, deprivation, origin"},
      {"value", "which of the group"},
      {"count", "records or persons"},
      {"of", "all records or persons the measure is about"},
      {"share", "percent; of records the mean"}}},
    {"results/evaluation.csv",
     "against the truth, when the project names it",
     {{"metric", "precision, recall, f1, b_cubed ..."},
      {"scope", "all, an agency or pair, a group, a kind of error"},
      {"value", "share or count"}}},
    {"results/blocking.csv",
     "kith blocking: what each pass earns",
     {{"scope", "a pass, or a group of them"},
      {"measure", "what is measured"},
      {"value", "count or share"}}},
    {"results/sample.csv",
     "kith sample: pairs for people to judge",
     {LINK_COLUMNS,
      {"stratum", "bit of weight, by its lower end"},
      {"stratum_pairs", "pairs in it"},
      {"stratum_sampled", "of them in this file"},
      {"verdict", "empty, for the clerk"}}},
    {"results/scores.csv",
     "kith sample --truth: what every threshold would be worth",
     {{"bits", "threshold"},
      {"links", "pairs at or above it"},
      {"true_links", "of them right"},
      {"precision", "right among links"},
      {"recall", "found among true pairs"},
      {"f1", "of both"}}},
    {"keep/AGENCY.lookup.csv",
     "the agency's alone: pseudonym to its own id",
     {{"pseudonym", "record in the other tables"}, {"id", "the agency's own"}}},
    {"keep/AGENCY.rejects.csv",
     "the agency's alone: rows left out and values nulled; never a value",
     {{"file", "of the extract"},
      {"row", "number, the first after the header being 1"},
      {"line", "of the file"},
      {"column", "number of the field; empty: the whole row"},
      {"reason", "as counted in manifest.json"}}},
};
enum { N_TABLES = sizeof tables / sizeof *tables };

void
kith_help_files(FILE *to)
{
    (void)fputs("The tables below the output folder of a run: CSV, UTF-8, one "
                "header line.\nPersons, families and records are pseudonyms "
                "everywhere.\n",
                to);
    for (size_t t = 0; t < N_TABLES; t++) {
        (void)fprintf(to, "\n%s\n", tables[t].file);
        kith_help_wrapped(to, tables[t].what, 0, 0);
        for (size_t c = 0; c < MAX_COLUMNS && tables[t].columns[c].name != NULL;
             c++) {
            (void)fprintf(to, "    %-*s", INDENT - 4,
                          tables[t].columns[c].name);
            kith_help_wrapped(to, tables[t].columns[c].meaning, INDENT, INDENT);
        }
    }
    (void)fputs(
        "\nBeside them: model.yaml, to read; manifest.json, what was "
        "read, counted, warned of\nand written; results/definitions.criteria, "
        "the criteria as they were; and encoded files\n(passes/ refs/ "
        "payload/ pairs/ and population.rows, who is in each cohort's\n"
        "population), which kith inspect shows.\n",
        to);
}
