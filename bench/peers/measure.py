"""Runs a command; writes its seconds, processor seconds and peak memory (MiB, of the
largest of its processes) to a file, and passes on its exit code.

Usage: measure.py FIGURES COMMAND...
"""
import resource
import subprocess
import sys
import time

start = time.perf_counter()
code = subprocess.call(sys.argv[2:])
seconds = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w", encoding="utf-8") as file:
    print(f"{seconds:.1f} {used.ru_utime + used.ru_stime:.1f} {used.ru_maxrss / 1024:.0f}",
          file=file)
sys.exit(code)
