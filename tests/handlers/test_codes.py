"""One-time codes: easy to read out, hard to guess, never kept as they are."""

import re

from hypothesis import given
from hypothesis import strategies as st

from handlers.codes import ALPHABET, digest, new_code
from messages_th.words import Command, understand

CODES = st.text(alphabet=ALPHABET, min_size=8, max_size=8).map(lambda c: f"{c[:4]}-{c[4:]}")


def test_a_code_is_eight_letters_and_digits_that_nobody_mixes_up() -> None:
    codes = [new_code() for _ in range(200)]

    assert all(re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code) for code in codes)
    assert not set("ILOU") & set(ALPHABET)
    assert len(set(codes)) == 200


def test_a_digest_tells_codes_apart_and_not_what_they_are() -> None:
    one, same, other = digest("ABCD-EFGH"), digest("ABCD-EFGH"), digest("ABCD-EFGJ")

    assert one == same
    assert one != other
    assert "ABCD" not in one


@given(code=CODES)
def test_whatever_code_is_given_out_is_understood_when_typed(code: str) -> None:
    understood = understand(f"ลงทะเบียน {code}", in_group=False)
    bound = understand(f"ผูกกลุ่ม {code}", in_group=True)

    assert understood is not None
    assert bound is not None
    assert (understood.command, understood.code) == (Command.REGISTER, code)
    assert (bound.command, bound.code) == (Command.REGISTER, code)


def test_every_code_is_understood_where_a_group_talks_of_much_else() -> None:
    assert all(understand(new_code(), in_group=True) for _ in range(2_000))
