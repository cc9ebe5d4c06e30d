"""Costs worked out by hand."""

from __future__ import annotations

import pytest

from posecore.feasibility.costs import Demand, Plan, Server, api_cost, cost_table, server_cost


def test_a_million_pictures_keep_a_machine_busy_for_hours() -> None:
    cost = server_cost(Demand("pictures", 1_000_000), Server(per_second=50, price=0.2))
    assert cost.hours == pytest.approx(1_000_000 / 50 / 3600)
    assert (cost.machines, cost.month) == (1, pytest.approx(146))
    assert cost.work == pytest.approx(cost.hours * 0.2)


def test_minutes_are_frames() -> None:
    demand = Demand("minutes", 1000, rate=25)
    assert demand.frames == 1000 * 60 * 25
    assert api_cost(demand, 0.1) == pytest.approx(100)


@pytest.mark.parametrize(("hours", "machines"), [(0.001, 1), (365, 1), (365.001, 2), (730, 2), (1000, 3)])
def test_machines_that_may_be_busy_half_of_the_time(hours: float, machines: int) -> None:
    assert server_cost(Demand("pictures", hours * 3600 * 10), Server(10, 1, full=0.5)).machines == machines


def test_a_server_that_does_nothing_is_refused() -> None:
    for server in (Server(0, 1), Server(float("nan"), 1), Server(10, 1, full=0)):
        with pytest.raises(ValueError, match="no work"):
            server_cost(Demand("pictures", 1), server)


def test_three_ways_side_by_side() -> None:
    plan = Plan(Demand("pictures", 2000), Server(10, 0.1), Server(100, 1.0), api_price=1.5)
    assert plan.months() == {"cpu": pytest.approx(73), "gpu": pytest.approx(730), "api": pytest.approx(3)}
    table = cost_table(plan)
    assert table["way"].tolist() == ["cpu", "gpu", "api"]
    assert table["machines"].fillna(0).tolist() == [1, 1, 0]
