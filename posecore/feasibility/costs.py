"""What many pictures cost: on machines like this one, on a GPU server, with a paid API."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import pandas as pd

HOURS_A_MONTH = 730.0  # 365 days of 24 hours, over 12


@dataclass(frozen=True)
class Demand:
    """What comes in a month.

    Attributes:
        unit: what is counted: single pictures, or minutes of video.
        amount: how many a month.
        rate: frames a second of video that are looked at.
    """

    unit: Literal["pictures", "minutes"]
    amount: float
    rate: float = 30.0

    @property
    def frames(self) -> float:
        """Pictures that are looked at in a month."""
        return self.amount if self.unit == "pictures" else self.amount * 60 * self.rate


@dataclass(frozen=True)
class Server:
    """Machines that run all month.

    Attributes:
        per_second: pictures a second that one does.
        price: of an hour.
        full: part of the time, 0 to 1, that one may be busy; the rest is for when more comes at once.
    """

    per_second: float
    price: float
    full: float = 0.5


@dataclass(frozen=True)
class ServerCost:
    """What servers cost in a month.

    Attributes:
        hours: of work, if one machine did it all.
        machines: how many are needed.
        month: what they cost.
        work: what the hours of work alone would cost, if nothing else were paid for.
    """

    hours: float
    machines: int
    month: float
    work: float


@dataclass(frozen=True)
class Plan:
    """A demand and three ways to serve it.

    Attributes:
        api_price: of 1000 pictures, or of a minute of video.
        currency: a sign, put before sums.
    """

    demand: Demand
    cpu: Server
    gpu: Server
    api_price: float
    currency: str = "$"

    def months(self) -> dict[str, float]:
        """What a month costs: `cpu`, `gpu` and `api`."""
        servers = {"cpu": self.cpu, "gpu": self.gpu}
        costs = {name: server_cost(self.demand, server).month for name, server in servers.items()}
        return {**costs, "api": api_cost(self.demand, self.api_price)}


def server_cost(demand: Demand, server: Server) -> ServerCost:
    """What a demand costs on servers of one's own.

    hours = frames / (per_second * 3600); machines = hours / (730 * full), rounded up; month = machines * 730 * price.

    Raises:
        ValueError: a speed or a part that is not above 0.
    """
    if not (server.per_second > 0 and 0 < server.full <= 1):
        raise ValueError(f"{server} does no work")
    hours = demand.frames / (server.per_second * 3600)
    # Rounded first, so that what is whole but for the last bit is not rounded up to one more.
    machines = max(1, math.ceil(round(hours / (HOURS_A_MONTH * server.full), 9)))
    return ServerCost(hours, machines, machines * HOURS_A_MONTH * server.price, hours * server.price)


def api_cost(demand: Demand, price: float) -> float:
    """A month's price.

    Args:
        price: of 1000 pictures, or of a minute of video.
    """
    return demand.amount * (price / 1000 if demand.unit == "pictures" else price)


def cost_table(plan: Plan) -> pd.DataFrame:
    """A row per way: hours of work, machines, a month's cost; NaN where there are none."""
    servers = {"cpu": server_cost(plan.demand, plan.cpu), "gpu": server_cost(plan.demand, plan.gpu)}
    months = plan.months()
    return pd.DataFrame(
        {
            "way": list(months),
            "hours": [servers[way].hours if way in servers else None for way in months],
            "machines": pd.array([servers[way].machines if way in servers else None for way in months], "Int64"),
            "month": list(months.values()),
            "currency": plan.currency,
        }
    )
