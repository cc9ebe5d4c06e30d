"""Stages of a pipeline, each in a thread of its own."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Generator
from queue import Empty, Full, Queue
from typing import Generic, TypeVar

Item = TypeVar("Item")
DEPTH = 4  # items made before they are wanted
_MODESTY = 5  # of a thread that is to work when others do not: a third of their share where there are too few cores
_PATIENCE = 0.1  # seconds between looks at whether anybody still wants items


def ahead(items: Generator[Item], depth: int = DEPTH, *, modest: bool = False) -> Generator[Item]:
    """The same items, made in a thread of their own, at most `depth` of them before they are wanted.

    An error in `items` is raised here. The thread ends with the last item, or when this generator is closed; `items`
    is closed in it.

    Args:
        modest: the thread gives way to others, where the system knows such threads (Linux).
    """
    belt = _Belt[Item](depth)
    work = belt.fill_modestly if modest else belt.fill
    thread = threading.Thread(target=work, args=(items,), name="ahead", daemon=True)
    thread.start()
    try:
        while (entry := belt.queue.get()) is not None:
            if isinstance(entry, BaseException):
                raise entry
            yield entry[0]
    finally:
        belt.stop()
        thread.join()


class _Belt(Generic[Item]):
    """Items on their way from one thread to another: each in a tuple, then an error or None."""

    def __init__(self, depth: int) -> None:
        self.queue: Queue[tuple[Item] | BaseException | None] = Queue(depth)
        self._given_up = threading.Event()

    def fill(self, items: Generator[Item]) -> None:
        try:
            for item in items:
                self._put((item,))
                if self._given_up.is_set():
                    break
            items.close()
        except BaseException as error:  # noqa: BLE001  (raised again where the items are taken)
            self._put(error)
        else:
            self._put(None)

    def fill_modestly(self, items: Generator[Item]) -> None:
        if sys.platform == "linux":  # elsewhere it would be said of the whole process
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _MODESTY)
        self.fill(items)

    def stop(self) -> None:
        self._given_up.set()
        try:
            while True:
                self.queue.get_nowait()
        except Empty:
            return

    def _put(self, entry: tuple[Item] | BaseException | None) -> None:
        while not self._given_up.is_set():
            try:
                self.queue.put(entry, timeout=_PATIENCE)
            except Full:
                continue
            return
