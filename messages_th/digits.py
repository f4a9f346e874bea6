"""Digits turned from Arabic to Thai and back.  Pure."""

_THAI = "".join(chr(0x0E50 + digit) for digit in range(10))
_TO_THAI = str.maketrans("0123456789", _THAI)
_TO_ARABIC = str.maketrans(_THAI, "0123456789")


def to_thai_digits(value: str | int) -> str:
    """Return the text or number with every digit as a Thai one."""
    return str(value).translate(_TO_THAI)


def to_arabic_digits(text: str) -> str:
    """Return the text with every Thai digit as an Arabic one."""
    return text.translate(_TO_ARABIC)
