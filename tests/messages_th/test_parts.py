"""Parts of a message survive the outbox unchanged."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages_th.parts import Button, Card, Part, Press, Row, Say, Text, from_json, to_json

words = st.text(max_size=20)
buttons: st.SearchStrategy[Button] = st.one_of(
    st.builds(Press, words, words, words, words), st.builds(Say, words, words)
)
choices = st.lists(buttons, max_size=3).map(tuple)
rows = st.builds(Row, words, words, choices)
parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Text, words, choices),
    st.builds(Card, words, words, st.lists(rows, max_size=3).map(tuple), words, choices),
)


@given(st.lists(parts, max_size=4))
def test_parts_come_back_from_json_as_they_were(given_parts: list[Part]) -> None:
    stored = json.loads(json.dumps(to_json(given_parts)))

    assert from_json(stored) == given_parts


def test_a_value_of_no_known_part_is_refused() -> None:
    with pytest.raises(KeyError):
        from_json([{"part": "video"}])


def test_a_button_of_no_known_kind_is_refused() -> None:
    stored = to_json([Text("ก", (Say("ข", "ค"),))])
    stored[0]["choices"][0]["button"] = "swipe"

    with pytest.raises(KeyError):
        from_json(stored)
