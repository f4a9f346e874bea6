"""The official districts of the provinces whose samples are shipped."""

import csv
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "samples" / "districts.csv"


@cache
def official_districts(province: str) -> frozenset[str]:
    """Return the names of a province's districts; empty where no list of them is shipped."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return frozenset(
            row["district"] for row in csv.DictReader(file) if row["province"] == province
        )
