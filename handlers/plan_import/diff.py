"""The difference between a draft and the plan in force.  Pure."""

from dataclasses import dataclass

from store.types import ActivityDraft, ActivityId, Agency


@dataclass(frozen=True, slots=True)
class Change:
    """An activity in force and what the draft makes of it."""

    activity_id: ActivityId
    before: ActivityDraft
    after: ActivityDraft


def said(row: ActivityDraft) -> tuple[object, ...]:
    """Return all that a row says, its window as a date and its doubts aside."""
    return (
        row.number,
        row.printed_number,
        row.title,
        row.steps,
        row.window_text,
        row.parties,
        row.responsible_text,
    )


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """What a draft changes, rows matched by `rules.plan_matching`.

    `moved` have another window (whatever else changed), `changed` another text, step or party.
    `revived` were in force once and are again, with the reports they had.
    `cancelled` counts the planned notices that will not be sent, as what they speak of moved or
    is gone; `rescheduled` those of them whose activity will be reminded of at its new dates.
    `told` are the agencies whose officers were told a date that is no longer true: each gets one
    correction.  `unresolved` are the names printed as responsible that no agency of the province
    bears beyond doubt: nobody has a duty by them.
    """

    added: tuple[ActivityDraft, ...]
    revived: tuple[Change, ...]
    moved: tuple[Change, ...]
    changed: tuple[Change, ...]
    removed: tuple[Change, ...]
    unchanged: tuple[str, ...]
    cancelled: int
    rescheduled: int
    told: tuple[Agency, ...]
    unresolved: tuple[str, ...]
