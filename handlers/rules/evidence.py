"""What may be evidence: what the bytes are, never what anybody calls them.  Pure."""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from io import BytesIO
from pathlib import PurePath

import puremagic

from handlers.rules.access import Action, may_at
from store.types import DutyFacts, Post

WAITS = timedelta(minutes=30)
"""How long after a report, or after being asked, a photo or file is taken for its duty."""
MOST_OF_A_DUTY = 20
"""Pieces of evidence that one duty may have: the disk is everybody's."""
MOST_BYTES = 10 * 1024 * 1024
"""As `bot.line_content.MOST_BYTES`: of a longer file nothing is kept."""
_HEAD = 4096
"""Bytes that tell what a file is; all types that are taken say so at their start."""
_MOST_NAMES = 5000
"""Names in an Office file that are looked at: a long report with pictures has some hundred."""
_ZIP, _ZIP_ENTRY = b"PK\x03\x04", b"PK\x01\x02"
_OFFICE = "application/vnd.openxmlformats-officedocument."

SUFFIXES: Mapping[str, Sequence[str]] = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/heic": (".heic", ".heif"),
    "application/pdf": (".pdf",),
    f"{_OFFICE}wordprocessingml.document": (".docx",),
    f"{_OFFICE}spreadsheetml.sheet": (".xlsx",),
    f"{_OFFICE}presentationml.presentation": (".pptx",),
}
"""The types that are taken, each with the ends that a name of it may have, the usual one first."""
_PARTS = {
    "word/document.xml": f"{_OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{_OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OFFICE}presentationml.presentation",
}
"""By which name in the archive an Office file is known."""


class Unfit(StrEnum):
    """Why a photo or file cannot be evidence; worded by `messages_th.evidence`."""

    UNKNOWN_TYPE = "unknown_type"
    MISNAMED = "misnamed"
    """The end of its name says another type than its bytes."""
    TOO_LARGE = "too_large"
    GONE = "gone"
    """LINE does not have it any more."""
    NOT_FETCHED = "not_fetched"
    """LINE was not reached, or took too long."""


def judge_unread(name: str, size: int) -> Unfit | None:
    """Return why a file is refused by its name and its size in bytes alone, or None."""
    claimed = PurePath(name).suffix.lower()
    if claimed and not any(claimed in each for each in SUFFIXES.values()):
        return Unfit.UNKNOWN_TYPE
    return Unfit.TOO_LARGE if size > MOST_BYTES else None


def judge_content(name: str, content: bytes) -> str | Unfit:
    """Return the media type of a file, or why it cannot be evidence.

    `name` is what its sender calls it, "" for a photo; without an end it claims nothing.
    """
    found = _media_type(content)
    if found not in SUFFIXES:
        return Unfit.UNKNOWN_TYPE
    claimed = PurePath(name).suffix.lower()
    return found if claimed in ("", *SUFFIXES[found]) else Unfit.MISNAMED


def may_give(duty: DutyFacts, posts: Sequence[Post]) -> bool:
    """Whether these posts let their holder give evidence for that duty."""
    return may_at(posts, Action.GIVE_EVIDENCE, duty.agency)


def _media_type(content: bytes) -> str:
    """Return what the bytes are; "" for anything that is not known for sure."""
    if content.startswith(_ZIP):
        return _office_type(content)
    if content[4:12] == b"ftypmif1" and b"heic" in content[12:64]:
        return "image/heic"  # of some Android phones, which puremagic does not know
    try:
        found = puremagic.magic_string(content[:_HEAD])[0].mime_type
    except (puremagic.PureError, ValueError, IndexError):
        return ""
    return "image/heic" if found == "image/heif" else found


def _office_type(content: bytes) -> str:
    if content.count(_ZIP_ENTRY) > _MOST_NAMES:
        return ""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    # Whatever an archive made up by somebody makes the library raise: it is none.
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, LookupError):
        return ""
    found = [kind for part, kind in _PARTS.items() if part in names]
    has_macros = any(each.casefold().endswith("vbaproject.bin") for each in names)
    is_one = len(found) == 1 and "[Content_Types].xml" in names
    return found[0] if is_one and not has_macros else ""
