"""The numbers and bullets that Word counts by itself and keeps out of a document's text."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import XmlPart
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element

from messages_th.digits import to_thai_digits

_VAL = qn("w:val")
_NUMERALS = frozenset({"decimal", "decimalZero", "thaiNumbers"})
"""Forms of numbers that are read; letters and bullets only tell one item from the next."""
_LEVELS = 9
_MOST_STYLES = 20
"""Styles that may be based on one another."""


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    """Word's name of the numerals: decimal, thaiNumbers, bullet ..."""
    text: str
    """The number as printed, with %1 for the count of the first level."""


class ListNumbers:
    """Counts the numbered paragraphs of one document, which must come in their order."""

    def __init__(self, document: Document) -> None:
        self._levels = _levels_of(document)
        self._styles = {
            style.get(qn("w:styleId"), ""): style
            for style in document.styles.element.iterchildren(qn("w:style"))
        }
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)

    def next_for(self, paragraph: Element) -> str:
        """Return what stands before a paragraph ("๑.", "-"), "" where it is in no list."""
        listed = self._list_of(paragraph)
        if listed is None or listed[0] not in self._levels:
            return ""
        number_id, depth = listed
        levels, counts = self._levels[number_id], self._counts[number_id]
        if depth not in levels:
            return ""
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        if levels[depth].form not in _NUMERALS:
            return "-"
        text = levels[depth].text
        for each in range(depth + 1):
            level = levels.get(each, levels[depth])
            text = text.replace(f"%{each + 1}", _numeral(counts.get(each, level.start), level.form))
        return text

    def _list_of(self, paragraph: Element) -> tuple[str, int] | None:
        """Return the list and level of a paragraph, its own or by its style."""
        properties = paragraph.find(qn("w:pPr"))
        for _ in range(_MOST_STYLES):
            if properties is None:
                return None
            numbering = properties.find(qn("w:numPr"))
            if numbering is not None:
                number_id = _value(numbering, "w:numId")
                return (number_id, _count(numbering, "w:ilvl", 0)) if number_id else None
            style = self._styles.get(
                _value(properties, "w:pStyle") or _value(properties.getparent(), "w:basedOn")
            )
            properties = None if style is None else style.find(qn("w:pPr"))
        return None


def _levels_of(document: Document) -> Mapping[str, dict[int, _Level]]:
    """Return the levels of every list by its number in the document."""
    related = [
        each.target_part
        for each in document.part.rels.values()
        if each.reltype == RELATIONSHIP_TYPE.NUMBERING and not each.is_external
    ]
    parts = [part for part in related if isinstance(part, XmlPart)]
    if not parts:
        return {}
    numbering = parts[0].element
    shapes = {
        shape.get(qn("w:abstractNumId")): {
            _depth(level): _level(level) for level in shape.iterchildren(qn("w:lvl"))
        }
        for shape in numbering.iterchildren(qn("w:abstractNum"))
    }
    return {
        number.get(qn("w:numId"), ""): shapes.get(_value(number, "w:abstractNumId"), {})
        for number in numbering.iterchildren(qn("w:num"))
    }


def _depth(level: Element) -> int:
    depth = level.get(qn("w:ilvl"), "0")
    return min(int(depth), _LEVELS) if depth.isdecimal() else 0


def _level(level: Element) -> _Level:
    return _Level(
        start=_count(level, "w:start", 1),
        form=_value(level, "w:numFmt") or "decimal",
        text=_value(level, "w:lvlText"),
    )


def _value(parent: Element | None, tag: str) -> str:
    found = None if parent is None else parent.find(qn(tag))
    return "" if found is None else str(found.get(_VAL, ""))


def _count(parent: Element, tag: str, usual: int) -> int:
    value = _value(parent, tag)
    return int(value) if value.isdecimal() else usual


def _numeral(count: int, form: str) -> str:
    """Return a count in Thai digits where the list has them, else in Arabic ones."""
    return to_thai_digits(str(count)) if form == "thaiNumbers" else str(count)
