from __future__ import annotations

import os
import sys
import threading
import time

import pytest

from posecore import BusyError, Cancelled, MediaError, PoseError, Workers


def fail() -> None:
    raise MediaError("empty_file")


def test_results_and_errors_come_back() -> None:
    with Workers(1) as workers:
        lane = workers.lane()
        assert lane.submit(os.getpid).result() != os.getpid()
        assert lane.submit(pow, 2, exp=5).result() == 32
        with pytest.raises(MediaError, match="empty"):
            lane.submit(fail).result()


def test_prints_of_a_worker_do_not_mix_with_answers() -> None:
    with Workers(1) as workers:
        assert workers.lane().submit(print, "hello").result() is None
        assert workers.lane().submit(os.write, 1, b"hello\n").result() == 6


def test_lanes_take_turns() -> None:
    done: list[str] = []
    with Workers(1) as workers:
        first, second = workers.lane(), workers.lane()
        jobs = [first.submit(time.sleep, 0.05) for _ in range(4)]
        jobs += [second.submit(time.sleep, 0.05) for _ in range(2)]
        for name, job in zip("aaaabb", jobs, strict=True):
            job.add_done_callback(lambda _, name=name: done.append(name))
        for job in jobs:
            job.result()
    assert "".join(done) in {"aababa", "ababaa"}


def test_a_lane_says_how_many_are_ahead() -> None:
    with Workers(1) as workers:
        busy, waiting, last = workers.lane(), workers.lane(), workers.lane()
        job = busy.submit(time.sleep, 2)
        while not job.running():
            time.sleep(0.01)
        waiting.submit(time.sleep, 0)
        final = last.submit(time.sleep, 0)
        assert [lane.place[0] for lane in (busy, waiting, last)] == [0, 1, 2]
        final.result()
        assert last.place == (0, 0.0)


def test_a_process_that_dies_fails_its_own_job_and_is_replaced() -> None:
    with Workers(2) as workers:
        other = workers.lane().submit(time.sleep, 0.3)
        with pytest.raises(PoseError, match="failed in a way"):
            workers.lane().submit(os._exit, 1).result()
        assert other.result() is None
        assert workers.lane().submit(abs, -3).result() == 3


def test_a_lane_that_is_shut_down_forgets_what_has_not_begun() -> None:
    with Workers(1) as workers:
        lane = workers.lane()
        first, second = lane.submit(time.sleep, 2), lane.submit(time.sleep, 0.2)
        while not first.running():
            time.sleep(0.01)
        lane.shutdown()
        assert second.cancelled()
        assert first.result() is None


def test_closing_ends_threads_and_processes_also_busy_ones() -> None:
    before = threading.active_count()
    workers = Workers(2)
    job = workers.lane().submit(time.sleep, 60)
    while not job.running():
        time.sleep(0.01)
    waiting = [workers.lane().submit(time.sleep, 60) for _ in range(2)]
    pids = workers.process_ids
    workers.close()
    assert isinstance(job.exception(timeout=60), PoseError)
    assert waiting[1].cancelled()
    assert threading.active_count() == before
    assert pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    with pytest.raises(Cancelled):
        workers.lane().submit(abs, 1)


def test_a_worker_does_not_import_the_callers_main_module() -> None:
    with Workers(1) as workers:
        loaded = workers.lane().submit(eval, "sorted(__import__('sys').modules)").result()
    assert "pytest" in sys.modules
    assert "pytest" not in loaded
    assert "streamlit" not in loaded


def test_visitors_take_turns_not_their_lanes() -> None:
    done: list[str] = []
    with Workers(1) as workers:
        busy = workers.lane().submit(time.sleep, 0.3)
        lanes = {"a": workers.lane("a"), "b": workers.lane("a"), "c": workers.lane("c")}
        jobs = []
        for name in "aabbc":
            job = lanes[name].submit(time.sleep, 0.01)
            job.add_done_callback(lambda _, name=name: done.append(name))
            jobs.append(job)
        for job in [busy, *jobs]:
            job.result()
    assert done.index("c") == 1  # second, though four jobs of the other visitor came before


def test_whoever_comes_when_too_many_wait_is_told_when_to_come_again() -> None:
    with Workers(1, most_lanes=2) as workers:
        lanes = [workers.lane() for _ in range(4)]
        first = lanes[0].submit(time.sleep, 1)
        while not first.running():
            time.sleep(0.01)
        waiting = [lane.submit(time.sleep, 0) for lane in lanes[1:3]]
        with pytest.raises(BusyError, match="Try again in about") as busy:
            lanes[3].submit(time.sleep, 0)
        assert busy.value.values["seconds"] >= 1
        for job in waiting:
            job.result()
        lanes[3].submit(time.sleep, 0).result()


def test_idle_processes_end_and_start_again() -> None:
    with Workers(1, idle_s=0.2) as workers:
        before = workers.lane().submit(os.getpid).result()
        end = time.monotonic() + 10
        while workers.process_ids:
            assert time.monotonic() < end
            time.sleep(0.05)
        assert workers.lane().submit(os.getpid).result() != before
        workers.rest()
        while workers.process_ids:
            assert time.monotonic() < end
            time.sleep(0.05)
