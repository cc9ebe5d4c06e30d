from __future__ import annotations

import os
import sys
import threading
from collections.abc import Generator

import pytest

from posecore.clips.pipeline_threads import ahead


def numbers(count: int, made: list[int]) -> Generator[int]:
    try:
        for number in range(count):
            made.append(number)
            yield number
    finally:
        made.append(-1)


def test_items_come_in_order_from_another_thread() -> None:
    assert list(ahead(numbers(50, []))) == list(range(50))
    assert not [thread for thread in threading.enumerate() if thread.name == "ahead"]


def test_no_more_are_made_than_asked_for_and_a_closed_one_ends_its_source() -> None:
    made: list[int] = []
    items = ahead(numbers(50, made), depth=2)
    assert next(items) == 0
    items.close()
    assert len(made) <= 5
    assert made[-1] == -1
    assert not [thread for thread in threading.enumerate() if thread.name == "ahead"]


def test_an_error_is_raised_where_the_items_are_taken() -> None:
    def broken() -> Generator[int]:
        yield 1
        raise ValueError("broken")

    items = ahead(broken())
    assert next(items) == 1
    with pytest.raises(ValueError, match="broken"):
        next(items)


def test_a_modest_thread_makes_the_same_items_and_the_caller_keeps_its_share() -> None:
    shares: list[int] = []

    def noted() -> Generator[int]:
        for number in range(5):
            if sys.platform == "linux":
                shares.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
            yield number

    assert list(ahead(noted(), modest=True)) == list(range(5))
    if sys.platform == "linux":
        own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
        assert set(shares) == {min(own + 5, 19)}
