"""Wording of the command line for the people who run a province."""

import re
from collections.abc import Sequence
from datetime import datetime

from store.types import Joined, ParkedRow

NO_AGENCIES = "ไม่มีหน่วยงานในไฟล์ ตรวจว่ามีแถวใต้หัวตาราง"
UNSURE = "ยังไม่แน่ใจว่าหมายถึงหน่วยงานใด"
DATABASE_NEWER = (
    "The database comes from a newer version of this program: update the program, then try again."
)
DATABASE_OLDER = "The database is not at this program's version: run 'python -m bot migrate' first."

QR_NEEDS_BOT_ID = (
    "--qr: the picture holds a link to the bot's chat: set LINE_BOT_ID (@abc1234) first."
)
NOBODY_TO_INVITE = "ไม่มีหน่วยงานที่ต้องออกรหัส ทุกแห่งมีผู้ลงทะเบียนแล้ว (--all ออกให้ทุกแห่ง)"
NOTHING_PARKED = "Nothing is parked."


def joined(row: Joined) -> str:
    """Return the line of an agency: how many have joined, and how many can be written to."""
    return (
        f"{row.agency.district or '-'}\t{row.agency.name}\tofficers {row.officers}"
        f"\treachable {row.reachable}\texecutives {row.executives}\toutside group {row.outside}"
    )


def parked_row(row: ParkedRow) -> str:
    """Return the line of a parked row."""
    since = row.since.isoformat(timespec="seconds")
    return f"{row.name}  {row.what}  since {since}  tries {row.attempts}  {row.why}"


def not_parked(names: Sequence[str]) -> str:
    """Say that rows are not parked, or not known."""
    return f"{', '.join(names)}: not parked. 'python -m bot parked' lists what is."


def parked_without_text(name: str) -> str:
    """Say that an event cannot be worked any more."""
    return f"{name}: its text was deleted after three days, so it can only be dropped (--drop)."


def no_such_province(text: str) -> str:
    """Say that a province is not known."""
    return f"ไม่รู้จักจังหวัด “{text}” ใช้ชื่อไทยหรืออังกฤษ เช่น เชียงใหม่ หรือ chiangmai"


def province_is_empty(name: str) -> str:
    """Say that nothing was imported for a province yet."""
    return f"ยังไม่มีข้อมูลจังหวัด{name} ให้นำเข้าหน่วยงานและแผนก่อน (import-agencies, import-plan)"


def bare_district(text: str) -> str:
    """Return a district's name without อำเภอ or อ. before it."""
    return re.sub(r"^(อำเภอ|อ\.)\s*", "", text.strip())


def no_such_district(text: str) -> str:
    """Say that the province has no such district."""
    return f"ไม่พบอำเภอ “{text}” ในจังหวัดนี้ ใช้ชื่อตามไฟล์หน่วยงานโดยไม่มีคำว่าอำเภอ"


def unsure_agency(text: str, names: Sequence[str]) -> str:
    """Say that a name may mean several agencies, or none."""
    if not names:
        return f"ไม่พบหน่วยงาน “{text}” ในจังหวัดนี้ ตรวจชื่อหรือนำเข้าหน่วยงานก่อน"
    return f"“{text}” อาจหมายถึง {', '.join(names)} โปรดระบุชื่อเต็ม"


def cannot_open(path: str, reason: str) -> str:
    """Say that a file cannot be opened."""
    return f"เปิดไฟล์ {path} ไม่ได้ ({reason}) ตรวจชื่อไฟล์แล้วลองใหม่"


def is_there_already(path: str) -> str:
    """Say that a copy is never written over a file."""
    return f"{path} is there already: name a new file."


def being_written(path: str) -> str:
    """Say that another backup to the same name is running."""
    return f"Another backup is writing {path}: wait for it, or name another file."


def cannot_write(path: str, reason: str) -> str:
    """Say that a copy cannot be written."""
    return f"{path} cannot be written ({reason}): name a file in a folder that takes it."


def is_no_file(path: str) -> str:
    """Say that what was given names a folder and no file in it."""
    return f"{path} is no name of a file: name the new file, such as ita-bot-copy.sqlite3."


def copied(path: str, rows: int, version: str, size: int) -> str:
    """Say what a backup holds; the size is in bytes."""
    return f"Copied {rows:,} rows (tables of version {version}, {size:,} bytes) into {path}."


def restored(path: str, rows: int, version: str, size: int) -> str:
    """Say what was restored; the size is that of the copy, in bytes."""
    return f"Restored {rows:,} rows (tables of version {version}) from {path} ({size:,} bytes)."


def database_failed(reason: str) -> str:
    """Say that the database did not do what was asked; nothing is half done."""
    return (
        f"The database failed ({reason}): check DATABASE_URL and that it is up."
        " Nothing was changed."
    )


def unexpected(reason: str) -> str:
    """Say that something went wrong that nobody foresaw."""
    return (
        f"Unexpected problem ({reason}). Run 'python -m bot --debug ...' to see where,"
        " and report it."
    )


def directory(added: int, changed: int, unchanged: int) -> str:
    """Say what an import of agencies did."""
    return f"หน่วยงาน: เพิ่ม {added} แก้ไข {changed} คงเดิม {unchanged}"


def row_problem(row: int, name: str, problem: str) -> str:
    """Say what is wrong with one row of a file."""
    return f"แถว {row} {name}: {problem}"


def code(text: str, expires_at: datetime, link: str) -> str:
    """Give a one-time code, and the link that opens the chat with it where there is one."""
    told = f"รหัส {text} ใช้ได้ครั้งเดียว ก่อน {expires_at.isoformat(timespec='minutes')}"
    return f"{told}\n{link}" if link else told


def codes_listed(path: str, count: int, expires_at: datetime) -> str:
    """Say what stands in a list of codes, and until when they are good."""
    until = expires_at.isoformat(timespec="minutes")
    return f"เขียนรหัสของ {count} หน่วยงานลงใน {path} แล้ว ใช้ได้ครั้งเดียว ก่อน {until}"
