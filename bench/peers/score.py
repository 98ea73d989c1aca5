"""Scores clusters against the truth: closed pairs (all pairs inside a cluster) and B-cubed.

Usage: score.py TRUTH.CSV CLUSTERS.CSV [DEFAULT]

TRUTH.CSV has agency,id,person; CLUSTERS.CSV agency,id and one column of clusters a
threshold. A record of the truth that has no cluster is alone. Prints, for the threshold
DEFAULT and for the one with the best F1: threshold, precision, recall, F1, B-cubed F1.
"""
import csv
import sys
from collections import Counter


def pairs(counts):
    return sum(n * (n - 1) // 2 for n in counts)


def harmonic(a, b):
    return 2 * a * b / (a + b) if a + b else 0.0


def score(person, cluster):
    """Both are lists over the records."""
    persons, clusters = Counter(person), Counter(cluster)
    cells = Counter(zip(person, cluster))
    right = pairs(cells.values())
    precision = right / max(1, pairs(clusters.values()))
    recall = right / max(1, pairs(persons.values()))
    b_precision = sum(n * n / clusters[c] for (_, c), n in cells.items()) / len(person)
    b_recall = sum(n * n / persons[p] for (p, _), n in cells.items()) / len(person)
    return precision, recall, harmonic(precision, recall), harmonic(b_precision, b_recall)


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        header = next(rows)
        return header, list(rows)


def main(truth_path, clusters_path, default=None):
    header, rows = read(truth_path)
    agency, record, person = (header.index(c) for c in ("agency", "id", "person"))
    truth = {(row[agency], row[record]): row[person] for row in rows}
    header, rows = read(clusters_path)
    found = {(row[0], row[1]): row[2:] for row in rows}
    results = {}
    for t, threshold in enumerate(header[2:]):
        cluster = [found[key][t] if key in found else key for key in truth]
        results[threshold] = score(list(truth.values()), cluster)
    best = max(results, key=lambda t: results[t][2])
    for name in (default or best, best):
        print(name, *(f"{x:.4f}" for x in results[name]))


if __name__ == "__main__":
    main(*sys.argv[1:])
