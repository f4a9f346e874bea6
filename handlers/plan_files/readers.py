"""Bytes of an uploaded plan to tables of cell texts, whichever format they are in."""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import PurePath

from handlers.plan_files.grids import (
    MOST_LETTERS_OF_A_CELL,
    MOST_ROWS,
    Grid,
    PlanFileError,
    Table,
    table_of,
)
from handlers.plan_files.spread import check_ods, check_xls, check_xlsx
from handlers.plan_files.texts import csv_rows, decoded, pasted_rows, problem_of
from handlers.plan_files.workbooks import workbook_grids
from messages_th.plan_problems import FileProblem
from messages_th.plan_words import is_thai

__all__ = ["MOST_BYTES", "PlanFileError", "Table", "read_tables"]

MOST_BYTES = 10 * 1024 * 1024
"""Largest file that is read."""
_MOST_UNPACKED_BYTES = 100 * 1024 * 1024
_MOST_LETTERS = 4_000_000
"""Letters of all cells together."""
_MOST_LINES = 100_000
"""Lines of a text, of which a row may have several."""
_MOST_WORD_BYTES = 24 * 1024 * 1024
"""Most XML of a Word document: as a tree it takes some six times its size."""
_TEXT_SUFFIXES = frozenset({"", ".txt", ".tsv", ".tab", ".text"})
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_WORD = "WordDocument".encode("utf-16-le")
_PDF_OPENS_WITHIN = 1024
"""Bytes that may stand before a PDF's first line, as its readers allow."""
_BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    ValueError,
)


def read_tables(
    name: str, content: bytes, *, takes_pdf: bool = False, is_list: bool = False
) -> list[Table]:
    """Return the tables of a file; its content tells the format before its name does.

    A PDF is taken only by whoever asks a person to check each of its rows.  In a list a row with
    a single cell filled is a row as well, wherever it stands.

    Raises:
        PlanFileError: when it is empty, too large, locked, broken or of another format.
    """
    if not content.strip():
        raise PlanFileError(FileProblem.EMPTY)
    if len(content) > MOST_BYTES:
        raise PlanFileError(FileProblem.TOO_LARGE)
    grids = _grids(name, content, takes_pdf=takes_pdf)
    if is_list:
        grids = [replace(grid, is_ruled=True) for grid in grids]
    tables = [table for grid in grids if (table := table_of(grid))]
    if not tables:
        raise PlanFileError(FileProblem.NO_TABLE)
    if sum(len(table.rows) for table in tables) > MOST_ROWS:
        raise PlanFileError(FileProblem.TOO_MANY_ROWS)
    lengths = [len(text) for table in tables for text in _texts(table)]
    if max(lengths) > MOST_LETTERS_OF_A_CELL or sum(lengths) > _MOST_LETTERS:
        raise PlanFileError(FileProblem.TOO_MUCH_TEXT)
    return tables


def _texts(table: Table) -> Iterator[str]:
    yield from table.above
    yield from table.below
    for row in table.rows:
        yield from row


def _grids(name: str, content: bytes, *, takes_pdf: bool) -> Sequence[Grid]:
    suffix = PurePath(name).suffix.lower()
    if content.startswith(_OLD_OFFICE):
        return _old_office(content)
    if content.startswith(b"PK\x03\x04"):
        return _word(content) if _check_archive(content) else workbook_grids(content)
    if takes_pdf and b"%PDF-" in content[:_PDF_OPENS_WITHIN]:
        return _pdf(content)
    problem = problem_of(content)
    if problem is not None:
        raise PlanFileError(problem)
    text = decoded(content)
    is_text = suffix == ".csv" or suffix in _TEXT_SUFFIXES
    if text is None or (not is_text and not is_thai(text)):
        raise PlanFileError(FileProblem.UNDECODABLE if is_text else FileProblem.UNKNOWN_TYPE)
    if max(text.count("\n"), text.count("\r")) > _MOST_LINES:
        raise PlanFileError(FileProblem.TOO_MANY_ROWS)
    return [Grid(csv_rows(text) if suffix == ".csv" else pasted_rows(text))]


# The readers of Word and PDF files take long to import, and most processes never need them.
def _word(content: bytes) -> Sequence[Grid]:
    from handlers.plan_files.word import word_grids

    return word_grids(content)


def _pdf(content: bytes) -> Sequence[Grid]:
    from handlers.plan_files.pdf import pdf_grids

    return pdf_grids(content)


def _old_office(content: bytes) -> Sequence[Grid]:
    if _ENCRYPTED in content:
        raise PlanFileError(FileProblem.PASSWORD)
    if _OLD_WORD in content:
        raise PlanFileError(FileProblem.OLD_WORD)
    check_xls(content)
    return workbook_grids(content)


def _check_archive(content: bytes) -> bool:
    """Return whether an archive is a Word document rather than a workbook.

    Refuse one that is neither, or that would not fit into memory.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
            if sum(sizes.values()) > _MOST_UNPACKED_BYTES:
                raise PlanFileError(FileProblem.TOO_LARGE)
            if any(info.flag_bits & 1 for info in archive.infolist()):
                raise PlanFileError(FileProblem.PASSWORD)
            if archive.testzip() is not None:  # also where a size is a lie
                raise PlanFileError(FileProblem.BROKEN)
            if "encrypted-package" in sizes or _is_locked_ods(archive):
                raise PlanFileError(FileProblem.PASSWORD)
            if "content.xml" in sizes and b"spreadsheet" in archive.read("mimetype"):
                check_ods(archive)
            elif any(path.startswith("xl/") for path in sizes) and "xl/workbook.bin" not in sizes:
                check_xlsx(archive)
            elif {"word/document.xml", "[Content_Types].xml"} <= sizes.keys():
                return _check_word(archive)
            else:
                raise PlanFileError(FileProblem.UNKNOWN_TYPE)
    except _BROKEN_ARCHIVE as broken:
        raise PlanFileError(FileProblem.BROKEN) from broken
    return False


def _is_locked_ods(archive: zipfile.ZipFile) -> bool:
    manifest = "META-INF/manifest.xml"
    return manifest in archive.namelist() and b"encryption-data" in archive.read(manifest)


def _check_word(archive: zipfile.ZipFile) -> bool:
    unpacked = sum(info.file_size for info in archive.infolist() if info.filename.endswith(".xml"))
    if unpacked > _MOST_WORD_BYTES:
        raise PlanFileError(FileProblem.TOO_LARGE)
    return True
