"""A plan's draft as plain JSON values, and back.  Pure.

`docs/plans.md` says where this JSON goes: out of the commands (design, section 9), into the kept
versions of a plan, into drafts that wait for answers.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from handlers.plan_import.diff import PlanDiff
from messages_th import plan_problems
from store.types import (
    ActivityDraft,
    ActivityId,
    Actor,
    Doubt,
    DoubtCode,
    PartyDraft,
    PartyKind,
    PlanDraft,
    StepDraft,
    Window,
)


def draft_json(draft: PlanDraft) -> dict[str, Any]:
    """Return a draft as plain values: dates are ISO, or null where none was printed or read."""
    return {
        "title": draft.title,
        "activities": [_activity_json(activity) for activity in draft.activities],
        "doubts": doubts_json(draft.doubts),
    }


def diff_json(diff: PlanDiff) -> dict[str, Any]:
    """Return a difference as plain values; lists name the activities by number.

    What is revived stands among the added rows, too: before, it was not in force.
    """
    return {
        "added": [
            {**_row_json(each), "window": _window_json(each)}
            for each in (*diff.added, *(change.after for change in diff.revived))
        ],
        "revived": [change.after.number for change in diff.revived],
        "moved": [
            {
                **_row_json(change.after),
                "from": _window_json(change.before),
                "to": _window_json(change.after),
            }
            for change in diff.moved
        ],
        "changed": [
            {**_row_json(change.after), "was": _row_json(change.before)} for change in diff.changed
        ],
        "removed": [_row_json(change.before) for change in diff.removed],
        "unchanged": list(diff.unchanged),
        "notices": {
            "cancelled": diff.cancelled,
            "rescheduled": diff.rescheduled,
            "corrections": len(diff.told),
        },
        "told": [agency.name for agency in diff.told],
        "unresolved": list(diff.unresolved),
    }


def doubts_json(doubts: Iterable[Doubt]) -> list[dict[str, str]]:
    """Return doubts as plain values, each with its question."""
    return [
        {
            "code": doubt.code,
            "row": doubt.row,
            "printed": doubt.printed,
            "question": plan_problems.doubt(doubt),
        }
        for doubt in doubts
    ]


def draft_from_json(value: Mapping[str, Any]) -> PlanDraft:
    """Return the draft of which `draft_json` made that value.

    Raises:
        KeyError, TypeError, ValueError: when it did not make it.
    """
    return PlanDraft(
        title=_text(value["title"]),
        activities=tuple(_activity(each) for each in value["activities"]),
        doubts=_doubts(value["doubts"]),
    )


def _activity_json(activity: ActivityDraft) -> dict[str, Any]:
    is_known = activity.activity_id is not None
    return {
        **({"activity_id": activity.activity_id} if is_known else {}),
        "number": activity.number,
        "printed_number": activity.printed_number,
        "title": activity.title,
        "steps": [{"title": step.title, "actor": step.actor} for step in activity.steps],
        "window": _window_json(activity),
        "responsible": {
            "text": activity.responsible_text,
            "parties": [{"kind": party.kind, "text": party.text} for party in activity.parties],
        },
        "doubts": doubts_json(activity.doubts),
    }


def _window_json(activity: ActivityDraft) -> dict[str, str | None]:
    window = activity.window
    return {
        "text": activity.window_text,
        "first": window.first.isoformat() if window and window.first else None,
        "last": window.last.isoformat() if window else None,
    }


def _row_json(activity: ActivityDraft) -> dict[str, str]:
    return {"number": activity.number, "title": activity.title}


def _activity(value: Mapping[str, Any]) -> ActivityDraft:
    window, responsible = value["window"], value["responsible"]
    return ActivityDraft(
        number=_text(value["number"]),
        printed_number=_text(value["printed_number"]),
        title=_text(value["title"]),
        steps=tuple(
            StepDraft(_text(each["title"]), Actor(each["actor"])) for each in value["steps"]
        ),
        window=None if window["last"] is None else Window(_day(window["first"]), _last(window)),
        window_text=_text(window["text"]),
        parties=tuple(
            PartyDraft(PartyKind(each["kind"]), _text(each["text"]))
            for each in responsible["parties"]
        ),
        responsible_text=_text(responsible["text"]),
        doubts=_doubts(value["doubts"]),
        activity_id=_activity_id(value.get("activity_id")),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _last(window: Mapping[str, str]) -> date:
    return date.fromisoformat(window["last"])


def _doubts(values: Iterable[Mapping[str, str]]) -> tuple[Doubt, ...]:
    return tuple(
        Doubt(DoubtCode(each["code"]), _text(each["row"]), _text(each["printed"]))
        for each in values
    )


def _text(value: object) -> str:
    """Return a text that every database and file can hold."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("no text")
    value.encode()  # half a pair of surrogates is a UnicodeEncodeError, a ValueError
    return value


def _activity_id(value: object) -> ActivityId | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return None if value is None else ActivityId(value)
    raise ValueError("no id")
