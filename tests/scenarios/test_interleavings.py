"""Acts at once, each case a time; `make bench-interleavings` plays a thousand."""

import pytest

from tests.scenarios.interleavings import CASES, interleaved
from tests.scenarios.place import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_of_two_acts_at_once_what_counts_is_what_some_order_of_them_leads_to(kind: str) -> None:
    told = interleaved(kind, len(CASES), seed=2567)

    assert told.faults == []
    assert told.count == len(CASES)
