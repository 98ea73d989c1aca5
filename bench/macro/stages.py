#!/usr/bin/env python3
"""Every stage of `kith run` at growing sizes: records a second, peak memory, growth.

Usage: stages.py KITH FOLDER PEOPLE...

FOLDER takes one synthetic population at a time and is emptied after each; 1 M records
need about 2 GB. Prints a table per size, and for each stage the exponent of its time
between the smallest and the largest size: 1.0 is time in proportion to records. The two
sizes share a seed, so records per person are the same.
"""
import json
import math
import shutil
import subprocess
import sys
from pathlib import Path

STAGES = ("encode", "train", "match", "cluster", "family", "flag", "report",
          "evaluate")


def synth(kith, people, folder):
    """Makes the extracts and keys; that is no stage of the run."""
    subprocess.run([kith, "synth", "--people", str(people), "--seed", "1", "--criteria",
                    "fixtures/criteria", "--out", folder, "--quiet"],
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run([kith, "keygen", "--for", folder / "kith.yaml"], check=True,
                   stdout=subprocess.DEVNULL)


def measure(kith, people, folder):
    """Records, and seconds and peak bytes of each stage, from the run's manifest."""
    shutil.rmtree(folder, ignore_errors=True)
    synth(kith, people, folder)
    subprocess.run([kith, "run", folder / "kith.yaml", "--quiet", "--memory", "8G"],
                   check=True, stdout=subprocess.DEVNULL)
    manifest = json.loads((folder / "out/manifest.json").read_text())
    records = next(c["n"] for c in manifest["counts"]
                   if c["stage"] == "cluster" and c["reason"] == "records")
    stages = {}
    for row in manifest["stages"]:
        seconds, peak = stages.get(row["stage"], (0.0, 0))
        stages[row["stage"]] = (seconds + row["seconds"], max(peak, row["peak_bytes"]))
    shutil.rmtree(folder)
    return records, stages


def show(people, records, stages):
    print(f"\n{people:,} people, {records:,} records")
    print(f"  {'stage':<10}{'seconds':>9}{'records/s':>12}{'peak MiB':>10}")
    for name in STAGES:
        if name in stages:
            seconds, peak = stages[name]
            print(f"  {name:<10}{seconds:>9.1f}{records / max(seconds, 1e-9):>12,.0f}"
                  f"{peak / 2**20:>10.0f}")
    total = sum(seconds for seconds, _ in stages.values())
    peak = max(peak for _, peak in stages.values())
    print(f"  {'all':<10}{total:>9.1f}{records / total:>12,.0f}{peak / 2**20:>10.0f}", flush=True)


def main(kith, folder, *sizes):
    results = []
    for people in map(int, sizes):
        results.append(measure(kith, people, Path(folder) / f"stages-{people}"))
        show(people, *results[-1])
    if len(results) < 2:
        return
    (few, start), (many, end) = results[0], results[-1]
    print(f"\ngrowth of time from {few:,} to {many:,} records, as a power of records")
    for name in STAGES:
        if name in start and name in end:
            exponent = math.log(end[name][0] / start[name][0]) / math.log(many / few)
            print(f"  {name:<10}{exponent:>9.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
