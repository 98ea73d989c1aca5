"""Links a CSV of clear records (bench/peers/clear_csv) with clkhash and anonlink.

Usage: link_anonlink.py RECORDS.CSV CLUSTERS.CSV

One CLK of 1,024 bits a record, hashed by clkhash, an agency a dataset. Blocks
are kith's default passes; where an extract is small enough (FEBRL 4) there is
no blocking, as its users do. Candidate pairs are solved greedily into groups;
two records of one agency are never joined: anonlink links datasets.
CLUSTERS.CSV gets agency,id and a cluster per threshold. Prints one JSON object.
"""
import array
import csv
import io
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from os import cpu_count

import anonlink
from clkhash import clk, schema

THRESHOLDS = (0.75, 0.8, 0.85, 0.9, 0.95)
DEFAULT = 0.85
UNBLOCKED = 20_000  # records up to which all pairs are compared
FILLED = 0.6  # a field empty more often would only make CLKs differ
# Bits a token: names weigh most, as in clkhash's own tutorials.
FEATURES = {"surname": (2, False, 15), "forename": (2, False, 15), "dob": (1, True, 30),
            "sex": (1, False, 30), "postcode": (1, True, 20), "nhs": (1, True, 20),
            "ssn": (1, True, 20)}


def schema_of(columns):
    features = []
    for name in columns:
        ngram, positional, bits = FEATURES[name]
        features.append({
            "identifier": name,
            "format": {"type": "string", "encoding": "utf-8"},
            "hashing": {"comparison": {"type": "ngram", "n": ngram, "positional": positional},
                        "strategy": {"bitsPerToken": bits},
                        "hash": {"type": "doubleHash"}}})
    return schema.from_json_dict({
        "version": 3,
        "clkConfig": {"l": 1024, "kdf": {"type": "HKDF", "hash": "SHA256", "info": "",
                                         "salt": "", "keySize": 64}},
        "features": features})


def load(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    columns = [c for c in FEATURES
               if sum(1 for row in rows if row.get(c)) > FILLED * len(rows)]
    agencies = {}
    for row in rows:
        agencies.setdefault(row["agency"], []).append(row)
    return columns, list(agencies.values())


def encode(columns, rows, layout):
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([row[c] for c in columns] for row in rows)
    text.seek(0)
    return clk.generate_clk_from_csv(text, "secret", layout, validate=False,
                                     progress_bar=False)


def keys_of(row):
    """The blocks of one record, as kith's default passes make them."""
    surname, forename = row["surname_sound"], row["forename_sound"]
    dob, postcode = row.get("dob", ""), row.get("postcode", "")
    parts = [("D", dob, surname), ("d", dob, forename), ("A", postcode, surname),
             ("a", postcode, forename), ("Y", postcode, dob[:4]),
             ("N", surname, forename, dob[:4]), ("M", surname, forename, dob[5:])]
    return [key for key in parts if all(key[1:])]


def search(job):
    """Candidate pairs of one share of the blocks."""
    clks, blocks, threshold = job
    return anonlink.candidate_generation.find_candidate_pairs(
        clks, anonlink.similarities.dice_coefficient, threshold,
        blocking_f=None if blocks is None else lambda i, j, _: blocks[i][j])


def share_blocks(datasets, shares):
    for share in range(shares):
        yield [[[k for k in keys if hash(k) % shares == share] for keys in dataset]
               for dataset in datasets]


def candidates(clks, datasets, threshold):
    if small(datasets):
        return search((clks, None, threshold))
    keys = [[keys_of(row) for row in rows] for rows in datasets]
    shares = cpu_count()
    jobs = [(clks, blocks, threshold) for blocks in share_blocks(keys, shares)]
    with ProcessPoolExecutor(shares) as pool:
        return merge(list(pool.map(search, jobs)))


def merge(parts):
    """One list without doubles, most similar first, as the solver wants."""
    rows = {(-sim, d0, d1, r0, r1) for sims, (ds0, ds1), (rs0, rs1) in parts
            for sim, d0, d1, r0, r1 in zip(sims, ds0, ds1, rs0, rs1)}
    out = [array.array(code) for code in "dIIII"]
    for sim, *indices in sorted(rows):
        out[0].append(-sim)
        for column, value in zip(out[1:], indices):
            column.append(value)
    return out[0], (out[1], out[2]), (out[3], out[4])


def cut(found, threshold):
    """The candidates at or above a threshold: a prefix."""
    sims, ds, rs = found
    n = next((i for i, s in enumerate(sims) if s < threshold), len(sims))
    return sims[:n], (ds[0][:n], ds[1][:n]), (rs[0][:n], rs[1][:n])


def solve(datasets, found, threshold):
    if len(datasets) == 2:  # FEBRL 4
        return anonlink.solving.greedy_solve(cut(found, threshold))
    return components(cut(found, threshold))


def components(found):
    """Groups of a solver that takes every candidate pair: connected components."""
    parent = {}

    def root(node):
        while parent.setdefault(node, node) != node:
            parent[node] = node = parent[parent[node]]
        return node

    _, (ds0, ds1), (rs0, rs1) = found
    for d0, d1, r0, r1 in zip(ds0, ds1, rs0, rs1):
        parent[root((d0, r0))] = root((d1, r1))
    groups = {}
    for node in list(parent):
        groups.setdefault(root(node), []).append(node)
    return list(groups.values())


def small(datasets):
    return sum(map(len, datasets)) <= UNBLOCKED


def pairs_compared(datasets):
    if small(datasets):
        total = sum(map(len, datasets))
        return (total * total - sum(len(d) ** 2 for d in datasets)) // 2
    blocks = {}
    for i, rows in enumerate(datasets):
        for row in rows:
            for key in keys_of(row):
                blocks.setdefault(key, {}).setdefault(i, 0)
                blocks[key][i] += 1
    return sum((sum(b.values()) ** 2 - sum(n * n for n in b.values())) // 2
               for b in blocks.values())


def main(records, clusters):
    seconds, start = {}, time.perf_counter()

    def lap(step):
        nonlocal start
        now = time.perf_counter()
        seconds[step] = round(now - start, 2)
        start = now

    columns, datasets = load(records)
    lap("load")
    layout = schema_of(columns)
    clks = [encode(columns, rows, layout) for rows in datasets]
    lap("encode")
    found = candidates(clks, datasets, min(THRESHOLDS))
    lap("match")
    solve(datasets, found, DEFAULT)
    lap("solve")

    cluster = {}
    for t, threshold in enumerate(THRESHOLDS):
        for g, group in enumerate(solve(datasets, found, threshold)):
            for i, j in group:
                cluster.setdefault((i, j), [None] * len(THRESHOLDS))[t] = g
    with open(clusters, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["agency", "id", *THRESHOLDS])
        for i, rows in enumerate(datasets):
            for j, row in enumerate(rows):
                groups = cluster.get((i, j), [None] * len(THRESHOLDS))
                out.writerow([row["agency"], row["id"]] +
                             [f"alone{i}-{j}" if g is None else g for g in groups])
    print(json.dumps({"seconds": seconds, "pairs": pairs_compared(datasets),
                      "default": str(DEFAULT)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
