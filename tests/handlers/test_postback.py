"""The data of buttons: short, the same after a round trip, and nothing else is taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.postback import REPORTABLE, DutyButton, button_data, decode, encode
from store.types import DutyId, DutyState
from tests.factories import make_activity, make_duty

NUMBERS = st.integers(min_value=0, max_value=999_999_999)
BUTTONS = st.builds(DutyButton, st.sampled_from(REPORTABLE), NUMBERS.map(DutyId), revision=NUMBERS)


@given(button=BUTTONS)
def test_a_button_comes_back_as_it_was_sent(button: DutyButton) -> None:
    data = encode(button)

    assert decode(data) == button
    assert len(data) <= 300


def test_a_button_names_the_duty_and_the_revision_of_its_activity() -> None:
    duty = make_duty(7, make_activity(revision=4))

    assert button_data(duty, DutyState.DOING) == "1:doing:7:4"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("", id="nothing"),
        pytest.param("2:done:1:1", id="a version yet to come"),
        pytest.param("1:open:1:1", id="no button takes back"),
        pytest.param("1:done:1", id="too short"),
        pytest.param("1:done:1:1:1", id="too long"),
        pytest.param("1:done::1", id="empty number"),
        pytest.param("1:done:-1:1", id="negative"),
        pytest.param("1:done:1.0:1", id="fraction"),
        pytest.param("1:done:๑:1", id="thai digit"),
        pytest.param("1:done:²:1", id="digit above the line"),
        pytest.param("1:done:1234567890:1", id="beyond the database"),
        pytest.param("1:DONE:1:1", id="another case"),
    ],
)
def test_other_data_is_no_button(data: str) -> None:
    assert decode(data) is None


@given(data=st.text(max_size=300))
def test_any_text_is_read_without_error(data: str) -> None:
    button = decode(data)

    assert button is None or encode(button).split(":")[1] == data.split(":")[1]
