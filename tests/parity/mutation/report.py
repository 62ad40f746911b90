"""The report of the mutants."""
from __future__ import annotations
import json
from .mutants import ROOT
RESULTS=ROOT/"tests/parity/mutation/results.json"
def results():
    found=json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for p in sorted((ROOT/"build"/"mutation").glob("results-*.jsonl")):
        for line in p.read_text().splitlines():
            i,*o=json.loads(line); found[i]=o
    return found
