"""Thai names of holidays: which of them close a government office."""

_NOT_FOR_OFFICES = ("วันเด็กแห่งชาติ", "วันแรงงานแห่งชาติ")


def closes_offices(name: str) -> bool:
    """Whether a holiday of this Thai name is one for government offices (วันหยุดราชการ).

    วันแรงงานแห่งชาติ is kept by banks and private employers only, and so is the day in lieu of
    it (ชดเชย...); วันเด็กแห่งชาติ is a celebration.
    """
    return not any(printed in name for printed in _NOT_FOR_OFFICES)
