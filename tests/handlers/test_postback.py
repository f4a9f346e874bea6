"""The data of buttons: short, the same after a round trip, and nothing else is taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.postback import (
    REPORTABLE,
    AnyButton,
    ApprovalButton,
    DutyButton,
    JoinButton,
    PlanButton,
    button_data,
    decode,
    encode,
    plan_data,
)
from store.types import DraftId, DutyId, DutyState, JoinRequestId, PlanTap
from tests.factories import make_activity, make_duty

NUMBERS = st.integers(min_value=0, max_value=999_999_999)
BUTTONS = st.one_of(
    st.builds(DutyButton, st.sampled_from(REPORTABLE), NUMBERS.map(DutyId), revision=NUMBERS),
    st.builds(ApprovalButton, st.booleans(), NUMBERS.map(DutyId), NUMBERS),
    st.builds(JoinButton, st.booleans(), NUMBERS.map(JoinRequestId)),
    st.builds(PlanButton, st.sampled_from(PlanTap), NUMBERS.map(DraftId), NUMBERS, NUMBERS),
)


@given(button=BUTTONS)
def test_a_button_comes_back_as_it_was_sent(button: AnyButton) -> None:
    data = encode(button)

    assert decode(data) == button
    assert len(data) <= 300


def test_a_button_names_the_duty_and_the_revision_of_its_activity() -> None:
    duty = make_duty(7, make_activity(revision=4))

    assert button_data(duty, DutyState.DOING) == "1:doing:7:4"


def test_a_button_of_a_draft_names_the_draft_and_its_revision() -> None:
    data = plan_data(DraftId(7), 4)

    assert data(PlanTap.TABLE, 2) == "1:plan:tab:7:4:2"


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
        pytest.param("1:plan:burn:1:1:0", id="nothing that a draft is asked for"),
        pytest.param("1:join:maybe:1", id="no answer to who asks to join"),
        pytest.param("1:plan:yes:1:1", id="a draft's, too short"),
        pytest.param("1:plan:yes:1:x:0", id="a draft's, no revision"),
    ],
)
def test_other_data_is_no_button(data: str) -> None:
    assert decode(data) is None


@given(data=st.text(max_size=300))
def test_any_text_is_read_without_error(data: str) -> None:
    button = decode(data)

    assert button is None or encode(button).split(":")[1] == data.split(":")[1]
