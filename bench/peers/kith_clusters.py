"""The persons of a finished `kith run` as agency,id,cluster, for score.py.

Usage: kith_clusters.py OUT-FOLDER CLUSTERS.CSV
"""
import csv
import sys
from pathlib import Path


def main(out, clusters):
    own = {}
    for path in Path(out, "keep").glob("*.lookup.csv"):
        agency = path.name.removesuffix(".lookup.csv")
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                own[agency, row["pseudonym"]] = row["id"]
    with open(Path(out, "results/persons.csv"), newline="", encoding="utf-8") as file, \
            open(clusters, "w", newline="", encoding="utf-8") as to:
        writer = csv.writer(to)
        writer.writerow(["agency", "id", "auto"])
        for row in csv.DictReader(file):
            key = row["agency"], row["record"]
            writer.writerow([key[0], own[key], row["person"]])


if __name__ == "__main__":
    main(*sys.argv[1:])
