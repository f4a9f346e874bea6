"""The steps that a plan enumerates inside one cell, and who acts in each.  Pure."""

import re
from collections.abc import Sequence

from messages_th.spelling import one_line
from store.types import Actor, DutyFacts, StepDraft

_MARKS = (
    re.compile(r"(?<!\S)\(?(\d{1,2})\)"),
    re.compile(r"(?<!\S)(\d{1,2})\.(?!\d)"),
    re.compile(r"(?<!\S)\d{1,2}\.(\d{1,2})\.?(?=\s)"),
    re.compile(r"(?<!\S)ขั้นตอนที่\s*(\d{1,2})[.:)]?"),
)
"""Ways to number steps, the number in Thai or Arabic digits as group 1."""

_BULLET = re.compile(r"(?:^|(?<=\s))[-–•▪●]\s*(?=\S)")
_LEAD_IN = re.compile(
    r"\s*(?:โดย)?(?:มี)?(?:ขั้นตอน|รายละเอียด|กิจกรรม)?(?:ดังนี้|ดังต่อไปนี้|ประกอบด้วย|ได้แก่)\s*:?$"
)

_ADMIN = r"ผู้ดูแลระบบ(?:\s*\([^)]*\))?"
_EXECUTIVE = r"ผู้บริหาร(?:\s*\([^)]*\))?"
_AND = r"\s*(?:และ|กับ|/|,)\s*"
_OUTSIDE = r"(?:คณะที่ปรึกษา|(?:สำนักงาน\s*)?ป\.?ป\.?[ชท]\.?)"
_ACTORS: tuple[tuple[Actor, re.Pattern[str]], ...] = (
    (
        Actor.ADMIN_AND_EXECUTIVE,
        re.compile(rf"(?:^|โดย){_ADMIN}{_AND}{_EXECUTIVE}|(?:^|โดย){_EXECUTIVE}{_AND}{_ADMIN}"),
    ),
    (Actor.ADMIN, re.compile(rf"(?:^|โดย){_ADMIN}")),
    (Actor.EXECUTIVE, re.compile(rf"(?:^|โดย){_EXECUTIVE}")),
    (
        Actor.OUTSIDE,
        re.compile(
            rf"^{_OUTSIDE}|{_OUTSIDE}\s*(?:เป็นผู้)?(?:จัดเก็บ|ดำเนินการ|ประเมิน|ตรวจสอบ)(?:ข้อมูล)?$"
        ),
    ),
)

_APPROVES = re.compile(
    r"(?:นำเข้า|กรอก|ระบุ|ตอบ|รายงาน|ตรวจสอบ|บันทึก)(?:ข้อมูล)?\s*และ(?:การ)?อนุมัติ|(?<!ขอ)อนุมัติข้อมูล"
)
_OFFICER = re.compile(rf"(?:^|\s)(?:{_ADMIN}|{_EXECUTIVE})(?:{_AND}(?:{_ADMIN}|{_EXECUTIVE}))?")


def split_steps(text: str) -> tuple[str, tuple[StepDraft, ...]]:
    """Return a cell's title and its enumerated steps, at least two or none.

    Without words before the first step the title names all of them.
    """
    printed = one_line(text)
    title, steps = _numbered(printed) or _bulleted(printed) or (printed, ())
    drafts = tuple(StepDraft(step, actor_of(step)) for step in steps)
    return _LEAD_IN.sub("", title) or ", ".join(steps) or printed, drafts


def actor_of(step: str) -> Actor:
    """Return who acts in a step: named at its start, or after โดย, or else the agency."""
    return next((actor for actor, form in _ACTORS if form.search(step)), Actor.AGENCY)


def actor_in(detail: str) -> Actor:
    """Return the officer of an agency who acts in a text without steps, or else the agency."""
    match = _OFFICER.search(one_line(detail))
    return actor_of(match[0].strip()) if match else Actor.AGENCY


def needs_executive(duty: DutyFacts) -> bool:
    """Whether an agency's report on a step counts only once its executive has approved it.

    So where the step names the executive, or says that what was entered is approved (domain: the
    two-step rule).
    """
    if duty.actor in (Actor.EXECUTIVE, Actor.ADMIN_AND_EXECUTIVE):
        return True
    text = duty.activity.title if duty.step_count == 1 else duty.step_title
    return duty.actor is not Actor.OUTSIDE and _APPROVES.search(text) is not None


def _numbered(printed: str) -> tuple[str, Sequence[str]] | None:
    for mark in _MARKS:
        found: list[re.Match[str]] = []
        for match in mark.finditer(printed):
            if int(match[1]) == len(found) + 1:
                found.append(match)
        if len(found) > 1:
            return _cut(printed, found)
    return None


def _bulleted(printed: str) -> tuple[str, Sequence[str]] | None:
    """Cut at bullets where the text opens with one or a word announces a list.

    Elsewhere a dash is punctuation.
    """
    found = list(_BULLET.finditer(printed))
    if not found:
        return None
    opens = found[0].start() == 0
    if opens and len(found) == 1:
        return printed[found[0].end() :], ()
    if len(found) > 1 and (opens or _LEAD_IN.search(printed[: found[0].start()].strip())):
        return _cut(printed, found)
    return None


def _cut(printed: str, marks: Sequence[re.Match[str]]) -> tuple[str, Sequence[str]] | None:
    """Return what stands before the first mark, and what follows each; None if one is empty."""
    ends = [mark.start() for mark in marks[1:]] + [len(printed)]
    steps = [printed[mark.end() : end].strip(" ,;") for mark, end in zip(marks, ends, strict=True)]
    return (printed[: marks[0].start()].strip(), steps) if all(steps) else None
