"""Many ask the same at once: one waits for the answer, and nobody for long."""

import threading
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

from bot.asking import Answer, Question

MUTE: Answer = ("mute", 503)
YES: Answer = ("yes", 200)
PATIENCE = 5.0


def test_who_comes_while_one_waits_is_told_at_once() -> None:
    asked, may_answer = threading.Event(), threading.Event()

    def ask() -> Answer:
        asked.set()
        may_answer.wait(PATIENCE)
        return YES

    question = Question(ask, lambda: MUTE, patience=PATIENCE)
    with ThreadPoolExecutor() as callers:
        first = callers.submit(question.answer)
        asked.wait(PATIENCE)
        others = {question.answer() for _ in range(20)}
        may_answer.set()

    assert others == {MUTE}
    assert first.result() == YES


def test_one_who_goes_mute_is_not_taken_for_well_and_is_asked_again_when_back() -> None:
    calls: list[float] = []
    may_answer = threading.Event()

    def ask() -> Answer:
        calls.append(monotonic())
        if len(calls) == 2:
            may_answer.wait(PATIENCE)
        return YES

    question = Question(ask, lambda: MUTE, patience=0.1)
    before = question.answer()
    sleep(1.1)
    during = [question.answer(), question.answer()]
    asked = len(calls)
    may_answer.set()
    sleep(0.1)
    after = question.answer()

    assert (before, during, after) == (YES, [MUTE, MUTE], YES)
    assert asked == 2


def test_an_answer_that_took_long_is_kept_for_longer() -> None:
    calls: list[float] = []

    def ask() -> Answer:
        calls.append(monotonic())
        sleep(0.3)
        return YES

    question = Question(ask, lambda: MUTE, patience=PATIENCE, kept_times=5)
    question.answer()
    sleep(1.1)
    question.answer()

    assert len(calls) == 1


def test_a_bug_in_asking_is_an_answer() -> None:
    def ask() -> Answer:
        raise ZeroDivisionError

    assert Question(ask, lambda: MUTE, patience=PATIENCE).answer() == ("internal error", 500)
