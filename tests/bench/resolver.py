"""Bench: every name of the four sample provinces, misspelt in many ways, looked up.

Wrong is an agency that was taken without asking and is not the one that was meant.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from random import Random

from messages_th.names import resolve, short_name
from store.types import Agency
from tests.bench.figures import Figure, How, percentile
from tests.messages_th.hurried import HURRIED
from tests.messages_th.misspellings import (
    MUTATIONS,
    PROVINCES,
    Outcome,
    dotted,
    missing_tone,
    one_letter_of_place,
    outcomes,
    sample_agencies,
)

SEEDS, QUICK_SEEDS = (2564, 2567, 2568), (2567,)
LEAST_FIRST, MOST_WRONG = 0.98, 0.005
QUICKEST_LOOKUPS = 300


def measure(how: How) -> Iterator[Figure]:
    """Tell how often the right agency comes first, and how often a wrong one is taken."""
    seeds = QUICK_SEEDS if how.quick else SEEDS
    ways = (*MUTATIONS, *HURRIED)
    found = [each for seed in seeds for each in outcomes(ways, Random(seed))]
    names = sum(len(sample_agencies(province)) for province in PROVINCES)
    yield from _told(f"resolver: {names} names x {len(ways)} ways, {len(seeds)} times", found)
    yield _of_strangers(seeds[0])
    yield _of_other_districts()
    yield _of_time(found)


def _told(name: str, found: Sequence[Outcome]) -> Iterator[Figure]:
    first = [each.first == each.agency for each in found]
    taken = [each for each in found if each.taken is not None]
    wrong = [each for each in taken if each.taken != each.agency]
    twins = [each for each in found if each.is_twin]
    wrong_twins = [each for each in wrong if each.is_twin]
    share = sum(first) / len(found)
    yield Figure(
        f"{name}: right one first",
        f">= {LEAST_FIRST:.0%}",
        f"{share:.2%}",
        share >= LEAST_FIRST,
        f"of {len(found):,}; without asking {len(taken) / len(found):.1%}; worst {_worst(found)}",
    )
    yield Figure(
        f"{name}: wrong one taken",
        f"< {MOST_WRONG:.1%}",
        f"{len(wrong) / len(found):.3%}",
        len(wrong) / len(found) < MOST_WRONG,
        _examples(wrong),
    )
    yield Figure(
        f"{name}: wrong one of a same-name pair taken",
        "0",
        f"{len(wrong_twins)}",
        not wrong_twins,
        f"of {len(twins):,}",
    )


def _of_strangers(seed: int) -> Figure:
    """Look up the names of each province in the three others."""
    chance, count, wrong = Random(seed), 0, []
    for home in PROVINCES:
        here = sample_agencies(home)
        names = {agency.name for agency in here}
        others = [each for other in PROVINCES if other != home for each in sample_agencies(other)]
        for stranger in (each for each in others if each.name not in names):
            for mutate in (dotted, missing_tone, one_letter_of_place):
                text = mutate(stranger, chance)
                taken = resolve(text, here).agency
                count += 1
                if taken is not None and taken.name != stranger.name:
                    wrong.append(Outcome("", text, stranger, taken, taken, is_twin=False))
    return Figure(
        "resolver: names of three other provinces, one here taken",
        f"< {MOST_WRONG:.1%}",
        f"{len(wrong) / count:.3%}",
        len(wrong) / count < MOST_WRONG,
        f"of {count:,} {_examples(wrong)}".strip(),
    )


def _of_other_districts() -> Figure:
    """Look up every name with each district of its province that is not its own."""
    count, wrong = 0, []
    for home in PROVINCES:
        here = sample_agencies(home)
        districts = sorted({agency.district for agency in here})
        for agency in here:
            for district in districts:
                text = f"{short_name(agency.name, agency.kind)} อ.{district}"
                taken = resolve(text, here).agency if district != agency.district else None
                count += district != agency.district
                if taken is not None:
                    wrong.append(Outcome("", text, agency, taken, taken, is_twin=False))
    return Figure(
        "resolver: full name with another district, one taken",
        "0",
        f"{len(wrong)}",
        not wrong,
        f"of {count:,} {_examples(wrong)}".strip(),
    )


def _of_time(found: Sequence[Outcome]) -> Figure:
    """Tell the processor time of lookups in the longest of the lists."""
    here = sample_agencies(PROVINCES[0])
    texts = [each.text for each in found if each.agency in here]
    spent = []
    for text in texts[:: max(1, len(texts) // QUICKEST_LOOKUPS)]:
        start = time.process_time()
        resolve(text, here)
        spent.append(1000 * (time.process_time() - start))
    return Figure(
        f"resolver: a lookup among {len(here)} names, processor time, p50",
        "",
        f"{percentile(spent, 0.5):.1f} ms",
        detail=f"p95 {percentile(spent, 0.95):.1f} ms, longest {max(spent):.1f} ms",
    )


def _worst(found: Sequence[Outcome]) -> str:
    def share(name: str) -> float:
        some = [each.first == each.agency for each in found if each.mutation == name]
        return sum(some) / len(some)

    worst = sorted({each.mutation for each in found}, key=share)[:2]
    return ", ".join(f"{name} {share(name):.1%}" for name in worst)


def _examples(wrong: Iterable[Outcome]) -> str:
    some = [f"“{each.text}” for {_name(each.agency)}: {_name(each.taken)}" for each in wrong]
    return "; ".join(some[:2])


def _name(agency: Agency | None) -> str:
    return "" if agency is None else short_name(agency.name, agency.kind)
