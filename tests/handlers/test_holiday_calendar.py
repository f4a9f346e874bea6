from datetime import date

import pytest

from handlers.holiday_calendar import government_holidays


@pytest.mark.parametrize(
    ("day", "name"),
    [
        pytest.param(date(2024, 1, 1), "วันขึ้นปีใหม่", id="new year"),
        pytest.param(date(2024, 2, 26), "ชดเชยวันมาฆบูชา", id="a day in lieu"),
        pytest.param(date(2024, 4, 12), "วันหยุดพิเศษ (เพิ่มเติม)", id="a day added by the cabinet"),
        pytest.param(date(2024, 5, 10), "วันพืชมงคล", id="kept by offices only"),
        pytest.param(
            date(2026, 12, 5),
            "วันคล้ายวันเฉลิมพระชนมพรรษาพระบาทสมเด็จพระบรมชนกาธิเบศร มหาภูมิพลอดุลยเดชมหาราช "
            "บรมนาถบพิตร; วันชาติ; วันพ่อแห่งชาติ",
            id="three on one day",
        ),
    ],
)
def test_an_office_holiday_is_listed_with_its_thai_name(day: date, name: str) -> None:
    listed = government_holidays([day.year])

    assert listed[day] == name


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2024, 1, 13), id="children's day"),
        pytest.param(date(2024, 5, 1), id="labour day"),
        pytest.param(date(2027, 5, 3), id="the day in lieu of labour day"),
        pytest.param(date(2024, 5, 2), id="an ordinary day"),
    ],
)
def test_a_day_on_which_offices_are_open_is_not_listed(day: date) -> None:
    listed = government_holidays([day.year])

    assert day not in listed


def test_a_fiscal_year_takes_two_calendar_years_in_the_order_of_their_days() -> None:
    listed = government_holidays([2026, 2025])

    # The 2569 list of the cabinet: 21 days from October 2025 to September 2026.
    fiscal_2569 = [day for day in listed if date(2025, 10, 1) <= day <= date(2026, 9, 30)]
    assert list(listed) == sorted(listed)
    assert len(fiscal_2569) == 21
