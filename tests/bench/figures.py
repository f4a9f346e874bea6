"""What a bench found: figures beside what was asked, as a table that people and CI can read."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BOTH = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing; `ok` is None where nothing was asked of it and it is only told."""

    name: str
    asked: str
    measured: str
    ok: bool | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class How:
    """How a bench is to be run: in full or quickly, on which databases, with how many workers."""

    quick: bool = False
    databases: Sequence[str] = BOTH
    workers: int = 2
    """Processes `work` where a bench is about several."""


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as text in columns, one line each under a head."""
    rows = [("what", "asked", "measured", "", "more")]
    rows += [(f.name, f.asked, f.measured, verdict(f), f.detail) for f in figures]
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines)


def verdict(figure: Figure) -> str:
    """Return what is said of a figure: pass, MISSED, or nothing where nothing was asked."""
    if figure.ok is None:
        return ""
    return "pass" if figure.ok else "MISSED"


def median(values: Iterable[float]) -> float:
    """Return the median; 0 of nothing, so that a bench that failed still prints its table."""
    kept = list(values)
    return statistics.median(kept) if kept else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` (0 to 1) of the values do not exceed; 0 of nothing."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]
