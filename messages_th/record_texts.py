"""Wording of the record for operators: whether it is whole, and the heads of an export."""

from collections.abc import Mapping

from store.types import Seal

COLUMNS = (
    "เลขที่",
    "เวลา (UTC)",
    "รายการ",
    "หน่วยงาน",
    "ข้อ",
    "โดย",
    "act",
    "province_id",
    "person_id",
    "duty_id",
    "details",
    "previous",
    "digest",
)
"""Heads of an export: what people read, then what the digest covers."""

_FAULTS: Mapping[str, str] = {
    "changed": "entry {number} was changed: its digest does not fit",
    "missing": "entries are missing from number {number} on",
    "out_of_place": "entry {number} does not follow the one before: put in, doubled or swapped",
    "cut_off": "the record ends at {number}, before the seal: its end was cut off",
    "other_seal": "entry {number} is not the one that was sealed: the record was written anew",
    "wrong_province": "entry {number} is about a {row} that is not this province's",
    "state": "{row} does not stand as its entries add up to (the last: {number})",
    "not_entered": "{row} is not in the record",
    "gone": "{row}, of which entry {number} tells, is not there",
    "differs": "{row} says another thing than entry {number}",
    "file": "the file of {row} is missing, or not the one of which entry {number} tells",
}


def fault(province: str, kind: str, number: int, row: str) -> str:
    """Return the sentence on one fault of a record, for operators."""
    return f"{province}: {_FAULTS[kind].format(number=number, row=row)}."


def more_faults(count: int) -> str:
    """Say how many faults are not shown."""
    return f"... and {count} more (--json lists all)."


def whole(province: str, entries: int, seal: Seal) -> str:
    """Say that a record is whole, and what its seal is."""
    return f"{province}: {entries} entries, whole. Seal {sealed(seal)}"


def sealed(seal: Seal) -> str:
    """Return a seal as `verify-record --seal` takes it."""
    return f"{seal.number}:{seal.digest}"


def exported(path: str, entries: int, seal: Seal) -> str:
    """Say what an export holds."""
    return f"Exported {entries} entries into {path}. Seal {sealed(seal)}"
