"""Links a CSV of clear records (bench/peers/clear_csv) with Splink on DuckDB.

Usage: link_splink.py RECORDS.CSV CLUSTERS.CSV

The person model is put together from Splink's own comparisons for persons,
trained as its tutorial does: prior from deterministic rules, u from random
pairs, m by EM under two blocking rules. The blocking rules are kith's default
passes on the same Soundex codes. CLUSTERS.CSV gets agency,id and a cluster per
threshold. Prints one JSON object: seconds by step, pairs compared.
"""
import json
import logging
import sys
import time

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLDS = (0.5, 0.9, 0.95, 0.99, 0.999)
DEFAULT = 0.95  # of Splink's tutorial
DETERMINISTIC_RECALL = 0.7
RANDOM_PAIRS = 1e7  # ten times Splink's default: rare identifiers need them
IDENTIFIERS = ("nhs", "nino", "upn", "phone", "email")


def load(connection, path):
    """The records as a table `records`; the filled columns' names."""
    connection.execute(
        "CREATE TABLE raw AS SELECT *, row_number() OVER () AS unique_id "
        "FROM read_csv(?, all_varchar = true, header = true)", [path])
    columns = [row[0] for row in connection.execute("DESCRIBE raw").fetchall()]
    counts = connection.execute(
        "SELECT " + ", ".join(f'count("{c}")' for c in columns) + " FROM raw").fetchone()
    filled = {c for c, n in zip(columns, counts) if n > 0}
    derived = ["forename || ' ' || surname AS full_name"]
    exclude = ""
    if uk_extract(filled) and "postcode" in filled:  # its comparison wants the blank
        exclude = "EXCLUDE (postcode)"
        derived += ["postcode[:-4] || ' ' || postcode[-3:] AS postcode"]
    if "dob" in filled:
        derived += ["dob[1:4] AS birth_year", "dob[1:7] AS birth_month",
                    "dob[6:10] AS birth_day"]
    if "forename" in filled:
        derived += ["forename[1] AS forename_initial", "surname[1] AS surname_initial"]
    connection.execute(f"CREATE TABLE records AS SELECT * {exclude}, {', '.join(derived)} FROM raw")
    return filled


def uk_extract(filled):
    """Not the Australian FEBRL, whose postcodes are four digits."""
    return "ssn" not in filled


def comparisons(filled):
    found = [cl.ForenameSurnameComparison(
        "forename", "surname", forename_surname_concat_col_name="full_name")]
    if "dob" in filled:
        found.append(cl.DateOfBirthComparison("dob", input_is_string=True))
    if "postcode" in filled:
        found.append(cl.PostcodeComparison("postcode") if uk_extract(filled)
                     else cl.ExactMatch("postcode"))
    if "sex" in filled:
        found.append(cl.ExactMatch("sex"))
    if not uk_extract(filled):
        found += [cl.JaroWinklerAtThresholds(c) for c in ("street", "suburb") if c in filled]
        found += [cl.DamerauLevenshteinAtThresholds(c) for c in ("ssn",) if c in filled]
    return found + [cl.ExactMatch(c) for c in IDENTIFIERS if c in filled]


def passes(filled):
    keys = [("surname_sound", "forename_sound", "birth_year"),
            ("surname_sound", "forename_sound", "birth_day"),
            ("dob", "surname_sound"), ("dob", "forename_sound"),
            ("postcode", "surname_sound", "forename_initial"),
            ("postcode", "forename_sound", "surname_initial"),
            ("postcode", "birth_month"), ("ssn",)]
    have = filled | {"birth_year", "birth_month", "birth_day", "forename_initial",
                     "surname_initial"}
    return [key for key in keys if set(key) <= have]


def main(records, clusters):
    logging.getLogger("splink").setLevel(logging.ERROR)
    seconds, start = {}, time.perf_counter()

    def lap(step):
        nonlocal start
        now = time.perf_counter()
        seconds[step] = round(now - start, 2)
        start = now

    connection = duckdb.connect()
    filled = load(connection, records)
    db = DuckDBAPI(connection=connection)
    settings = SettingsCreator(
        link_type="dedupe_only", comparisons=comparisons(filled),
        blocking_rules_to_generate_predictions=[block_on(*key) for key in passes(filled)],
        retain_matching_columns=False, unique_id_column_name="unique_id")
    linker = Linker(db.register("records"), settings)
    lap("load")
    linker.training.estimate_probability_two_random_records_match(
        [block_on("forename", "surname", "dob")], recall=DETERMINISTIC_RECALL)
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=1)
    for key in (("dob",), ("surname", "forename")):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*key))
    lap("train")
    pairs = linker.inference.predict(threshold_match_probability=min(THRESHOLDS))
    lap("predict")
    linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=DEFAULT)
    lap("cluster")

    # What the score needs, outside the time: other thresholds, pairs compared.
    sql = "SELECT r.agency, r.id"
    for i, threshold in enumerate(THRESHOLDS):
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(
            pairs, threshold_match_probability=threshold)
        sql += f', k{i}.cluster_id AS "{threshold}"'
        connection.execute(f"CREATE TABLE k{i} AS SELECT unique_id, cluster_id FROM "
                           f"{found.physical_name}")
    sql += " FROM records r " + " ".join(
        f"JOIN k{i} USING (unique_id)" for i in range(len(THRESHOLDS)))
    connection.execute(f"COPY ({sql}) TO '{clusters}' (HEADER)")
    rules = " UNION ".join(
        "SELECT l.unique_id AS a, r.unique_id AS b FROM records l JOIN records r ON "
        + " AND ".join(f"l.{c} = r.{c}" for c in key) + " WHERE l.unique_id < r.unique_id"
        for key in passes(filled))
    compared = connection.execute(f"SELECT count(*) FROM ({rules})").fetchone()[0]
    print(json.dumps({"seconds": seconds, "pairs": compared, "default": str(DEFAULT)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
