"""Hand-made PDFs: text at points, ruled lines, with whatever text layer a test wants."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]

_SIZE = 10
_BULLET = "\uf0b7"
_CODES = {
    **{bytes([code]).decode("cp874", "ignore"): code for code in range(32, 256)},
    _BULLET: 0x81,
}
"""One byte for each letter, as in Windows-874."""
_MARKS = frozenset(
    "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A ruled box from its upper left, with lines of text."""

    left: float
    top: float
    width: float
    height: float
    text: str


def table(rows: Sequence[Sequence[str]], *, top: float = 780, height: float = 60) -> list[Cell]:
    """Return the cells of a table of equal rows, 550 points wide."""
    widths = (40, 230, 130, 150)
    lefts = [20 + sum(widths[:column]) for column in range(len(widths))]
    return [
        Cell(lefts[column], top - row * height, widths[column], height, text)
        for row, cells in enumerate(rows)
        for column, text in enumerate(cells)
    ]


def page(cells: Sequence[Cell], lines: Sequence[str] = (), *, mode: int = 0) -> bytes:
    """Return the drawing of a page; with `mode` 3 its text is invisible."""
    drawn = [f"{mode} Tr"]
    for index, line in enumerate(lines):
        drawn.append(_text(20, 820 - index * 14, line))
    for cell in cells:
        box = f"{cell.left} {cell.top - cell.height} {cell.width} {cell.height} re S"
        drawn.append(box)
        for index, line in enumerate(cell.text.split("\n")):
            drawn.append(_text(cell.left + 4, cell.top - 14 - index * 14, line))
    return "\n".join(drawn).encode()


def pdf(
    *pages: bytes,
    letters: dict[str, str] | None = None,
    is_turned: bool = False,
    has_picture: bool = False,
) -> bytes:
    """Return a PDF of the pages; `letters` are what the file says that letters stand for.

    A turned page is drawn on its side and shown upright.  With `has_picture` every page
    shows a picture over all of it.
    """
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 500 700] /FontMatrix [.001 0 0 .001 0 0]"
        b" /CharProcs << %s >> /Encoding << /Differences [%s] >> /FirstChar 32 /LastChar 255"
        b" /Widths [%s] /ToUnicode 4 0 R >>" % _shapes(),
        _stream(b"<<", _meanings(letters or {})),
        _stream(b"<<", b"500 0 0 0 500 700 d1 0 0 500 700 re f"),
        _stream(b"<<", b"0 0 -300 700 0 900 d1 -300 700 300 200 re f"),
        _stream(
            b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8"
            b" /ColorSpace /DeviceGray",
            b"\x80",
        ),
    ]
    kids = []
    for drawing in pages:
        shown = b"q 595 0 0 842 0 0 cm /P Do Q\n" if has_picture else b""
        side = b"0 1 -1 0 842 0 cm\n" if is_turned else b""
        objects.append(_stream(b"<<", side + shown + drawing))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Rotate %d /Contents %d 0 R"
            b" /Resources << /Font << /F 3 0 R >> /XObject << /P 7 0 R >> >> >>"
            % (*((842, 595, 90) if is_turned else (595, 842, 0)), len(objects))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    return _file(objects)


def _text(x: float, y: float, line: str) -> str:
    codes = bytes(_CODES[letter] for letter in line).hex()
    return f"BT /F {_SIZE} Tf 1 0 0 1 {x} {y} Tm <{codes}> Tj ET" if line else ""


def _shapes() -> tuple[bytes, bytes, bytes]:
    """Return a box for every letter, a box of no width above the line for every mark."""
    codes = {code: letter in _MARKS for letter, code in _CODES.items() if letter}
    shapes = b" ".join(b"/c%d %d 0 R" % (code, 6 if codes[code] else 5) for code in codes)
    names = b" ".join(b"%d /c%d" % (code, code) for code in codes)
    widths = b" ".join(b"0" if codes.get(code) else b"500" for code in range(32, 256))
    return shapes, names, widths


def _meanings(letters: dict[str, str]) -> bytes:
    lines = [
        f"<{code:02X}> <{letters.get(letter, letter).encode('utf-16-be').hex()}>"
        for letter, code in _CODES.items()
        if letter
    ]
    parts = [lines[index : index + 100] for index in range(0, len(lines), 100)]
    listed = "".join(
        f"{len(part)} beginbfchar\n{chr(10).join(part)}\nendbfchar\n" for part in parts
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def\n"
        f"1 begincodespacerange <00> <FF> endcodespacerange\n{listed}endcmap end end"
    ).encode()


def _stream(head: bytes, body: bytes) -> bytes:
    packed = zlib.compress(body)
    return b"%s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (
        head,
        len(packed),
        packed,
    )


def _file(objects: Sequence[bytes]) -> bytes:
    written = b"%PDF-1.5\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    listed = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        written
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, listed)
        + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, len(written))
    )
