"""What a file is its bytes say; what is called something else is refused."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.evidence import SUFFIXES, Unfit, judge_content
from tests.handlers.pictures import HEIC, JPEG, PDF, PNG, WEBP, office

WORD = next(each for each in SUFFIXES if "word" in each)
SHEET = next(each for each in SUFFIXES if "sheet" in each)
SLIDES = next(each for each in SUFFIXES if "presentation" in each)
DOCX, XLSX = office("word/document.xml"), office("xl/workbook.xml")
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
    ("name", "content", "verdict"),
    [
        pytest.param("", JPEG, "image/jpeg", id="photo"),
        pytest.param("ภาพ.JPEG", JPEG, "image/jpeg", id="capitals"),
        pytest.param("a.png", PNG, "image/png", id="PNG"),
        pytest.param("a.webp", WEBP, "image/webp", id="WebP"),
        pytest.param("a.heic", HEIC, "image/heic", id="HEIC"),
        pytest.param(
            "a.heic", HEIC.replace(b"heic\0", b"mif1\0", 1), "image/heic", id="HEIC, mif1"
        ),
        pytest.param("สรุป.pdf", PDF, "application/pdf", id="PDF"),
        pytest.param("a.docx", DOCX, WORD, id="Word"),
        pytest.param("a.xlsx", XLSX, SHEET, id="Excel"),
        pytest.param("a.pptx", office("ppt/presentation.xml"), SLIDES, id="PowerPoint"),
        pytest.param("scan", PDF, "application/pdf", id="a name without an end claims nothing"),
        pytest.param(
            "a.jpg", b"MZ" + bytes(200), Unfit.UNKNOWN_TYPE, id="a program called a photo"
        ),
        pytest.param("a.pdf", HTML, Unfit.UNKNOWN_TYPE, id="a page called PDF"),
        pytest.param("a.pdf", HTML + PDF, Unfit.UNKNOWN_TYPE, id="a page before a PDF"),
        pytest.param("a.jpg", PNG, Unfit.MISNAMED, id="one picture called another"),
        pytest.param("a.exe", PDF, Unfit.MISNAMED, id="a PDF called a program"),
        pytest.param("a.pdf.exe", PDF, Unfit.MISNAMED, id="two ends"),
        pytest.param("a.docx", XLSX, Unfit.MISNAMED, id="one Office file called another"),
        pytest.param("a.docx", office("a.txt"), Unfit.UNKNOWN_TYPE, id="an archive"),
        pytest.param(
            "a.docx",
            office("word/document.xml", "word/vbaProject.bin"),
            Unfit.UNKNOWN_TYPE,
            id="macros",
        ),
        pytest.param(
            "a.docx", office("word/document.xml", "xl/workbook.xml"), Unfit.UNKNOWN_TYPE, id="both"
        ),
        pytest.param("a.docx", DOCX[:60], Unfit.UNKNOWN_TYPE, id="half an archive"),
        pytest.param(
            "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", Unfit.UNKNOWN_TYPE, id="SVG"
        ),
        pytest.param("a.gif", b"GIF89a" + bytes(30), Unfit.UNKNOWN_TYPE, id="GIF"),
        pytest.param("a.mp4", b"\0\0\0\x18ftypisom" + bytes(30), Unfit.UNKNOWN_TYPE, id="film"),
        pytest.param("a.txt", "เรียน นายอำเภอ".encode(), Unfit.UNKNOWN_TYPE, id="text"),
        pytest.param("a.jpg", b"", Unfit.UNKNOWN_TYPE, id="nothing"),
    ],
)
def test_a_file_is_what_its_bytes_say(name: str, content: bytes, verdict: str) -> None:
    assert judge_content(name, content) == verdict


def test_an_archive_of_countless_names_is_not_looked_into() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("word/document.xml", "")
        for number in range(6000):
            archive.writestr(str(number), "")

    assert judge_content("a.docx", packed.getvalue()) is Unfit.UNKNOWN_TYPE


@given(
    st.sampled_from([b"", b"PK\x03\x04", JPEG[:8], PDF[:8], DOCX[:40], DOCX]),
    st.binary(max_size=200),
    st.sampled_from(["", "a.docx", "a.pdf", "\0.jpg", "." * 50]),
)
def test_any_bytes_are_judged_without_error(head: bytes, tail: bytes, name: str) -> None:
    verdict = judge_content(name, head + tail)

    assert isinstance(verdict, Unfit) or verdict in SUFFIXES
