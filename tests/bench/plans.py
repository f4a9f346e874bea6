"""Bench: the four printed plans as a careful reader would read them, and how long it takes.

The careful reading is `tests/handlers/files/plans-read.json`, checked against the print by hand.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from handlers.plan_files import table
from handlers.plan_files.table import read_plan
from messages_th.dates import format_day, format_short_day, format_window, read_window
from store.types import ActivityDraft, PlanDraft, Window
from tests.bench.figures import Figure, How
from tests.bench.processes import ROOT
from tests.handlers.workbook_maker import xlsx, xlsx_rows

SAMPLES = Path(table.__file__).parent / "samples"
CAREFUL: dict[str, Any] = json.loads(
    (ROOT / "tests/handlers/files/plans-read.json").read_text("utf-8")
)
PLAN_SECONDS, SHEET_SECONDS, SHEET_MB = 1.0, 5.0, 300.0
SHEET_ROWS = 5_000
FIRST, LAST = date(2560 - 543, 1, 1), date(2580 - 543, 12, 31)
LENGTHS, QUICK_LENGTHS = (1, 6, 13, 27, 28, 30, 58, 89, 180, 365, 400), (30,)
"""Days from the first to the last of the ranges that begin on every day."""


def measure(how: How) -> Iterator[Figure]:
    """Tell what was read right, how long it took, and how many windows came back."""
    for name in CAREFUL:
        yield reading(name, (SAMPLES / f"{name}.txt").read_bytes())
    with TemporaryDirectory(prefix="ita-bench-") as folder:
        for name in CAREFUL:
            told = read_in_a_process(SAMPLES / f"{name}.txt")
            yield _time(f"plans: {name}.txt, the first in its process", told, PLAN_SECONDS)
        sheet = Path(folder) / "long.xlsx"
        sheet.write_bytes(long_sheet())
        told = read_in_a_process(sheet)
        yield _time(f"plans: {SHEET_ROWS:,} rows of XLSX", told, SHEET_SECONDS, rows=SHEET_ROWS - 1)
    yield _windows(QUICK_LENGTHS if how.quick else LENGTHS)


def reading(name: str, content: bytes) -> Figure:
    """Compare what is read of a plan with the careful reading, row by row and field by field."""
    careful, plan = CAREFUL[name], read_plan(f"{name}.txt", content)
    read = {activity.number: _fields(activity) for activity in plan.activities}
    asked = {row["number"]: row for row in careful["activities"]}
    right = Counter(
        field
        for number, row in asked.items()
        for field, value in row.items()
        if read.get(number, {}).get(field) == value
    )
    lost, invented = asked.keys() - read.keys(), read.keys() - asked.keys()
    named, doubts = _doubts(plan), {tuple(each) for each in careful["doubts"]}
    is_whole = [row["number"] for row in careful["activities"]] == list(read)
    of_rows = ", ".join(f"{right[field]} {field}" for field in next(iter(asked.values())))
    return Figure(
        f"plans: {name} as a careful reader would",
        f"each of {len(asked)}; {len(doubts)} doubts",
        f"{min(right.values(), default=0)} of {len(asked)}; {len(named & doubts)} doubts",
        is_whole and not (lost or invented) and set(right.values()) == {len(asked)}
        and plan.title == careful["title"] and named == doubts,
        f"{of_rows}; rows lost {len(lost)}, invented {len(invented)};"
        f" doubts not named {len(doubts - named)}, of nothing {len(named - doubts)}",
    )  # fmt: skip


def _fields(activity: ActivityDraft) -> dict[str, Any]:
    window = activity.window
    ends = [window.first, window.last] if window else []
    return {
        "number": activity.number,
        "printed": activity.printed_number,
        "title": activity.title,
        "window": [day and day.isoformat() for day in ends],
        "steps": [[step.actor, step.title] for step in activity.steps],
        "parties": [party.kind for party in activity.parties],
    }


def _doubts(plan: PlanDraft) -> set[tuple[str, ...]]:
    rows = [activity.doubts for activity in plan.activities]
    return {(doubt.row, doubt.code) for doubts in (plan.doubts, *rows) for doubt in doubts}


def long_sheet(length: int = SHEET_ROWS) -> bytes:
    """Return a workbook of so many rows, header included: the four plans over and over."""
    rows = [row for name in CAREFUL for row in CAREFUL[name]["activities"]]
    plan = [activity for name in CAREFUL for activity in _sample(name).activities]
    cells = [
        (str(number), f"{row['title']} ครั้งที่ {number}", each.window_text, each.responsible_text)
        for number in range(1, length)
        for row, each in [(rows[number % len(rows)], plan[number % len(plan)])]
    ]
    return xlsx(xlsx_rows([("ลำดับ", "กิจกรรม", "ระยะเวลา", "ผู้รับผิดชอบ"), *cells]))


def _sample(name: str) -> PlanDraft:
    return read_plan("plan.txt", (SAMPLES / f"{name}.txt").read_bytes())


def read_in_a_process(file: Path) -> dict[str, float]:
    """Return what `tests.bench.read_one` tells of a file."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.read_one", str(file)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _time(name: str, told: dict[str, float], seconds: float, *, rows: int = 0) -> Figure:
    is_whole = rows in {0, told["rows"]}
    return Figure(
        name,
        f"< {seconds:.0f} s, {SHEET_MB:.0f} MB",
        f"{told['seconds']:.2f} s, {told['peak_mb']:.0f} MB",
        is_whole and told["seconds"] < seconds and told["peak_mb"] < SHEET_MB,
        f"{told['rows']:,} activities; {told['cpu_seconds']:.2f} s of a core",
    )


def _windows(lengths: tuple[int, ...]) -> Figure:
    """Read back every day in three forms, every deadline, and ranges from every day."""
    parsed = wrong = 0
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(number)
        one = Window(day, day)
        windows = [Window(None, day), *(Window(day, day + timedelta(days)) for days in lengths)]
        forms = [(one, format_day(day)), (one, format_short_day(day)), (one, day.isoformat())]
        forms += [(window, format_window(window)) for window in (one, *windows)]
        parsed += len(forms)
        wrong += sum(read_window(printed) != window for window, printed in forms)
    return Figure(
        "plans: windows of 2560 to 2580 read back",
        "all",
        f"{parsed - wrong:,} of {parsed:,}",
        not wrong,
        "every day in four forms, every deadline, ranges from every day",
    )
