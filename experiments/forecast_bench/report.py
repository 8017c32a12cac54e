"""The benchmark's tables of one area, gathered from the parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from forecast_bench import verdict
from forecast_bench.race import Race
from forecast_bench.raw import Figures, Part
from wardcast_models.evaluation.backtest import notes
from wardcast_models.evaluation.cells import join_cells
from wardcast_models.evaluation.differences import differences
from wardcast_models.evaluation.ranking import ALL, HARM, SHARES, hotspot_ranking, pooled_ranking
from wardcast_models.evaluation.summary import by_origin, summarise
from wardcast_models.evaluation.ward_areas import ward_areas_km2
from wardcast_models.panel.panel import Panel

_GROWING_AREA = "E09000002"
_ACCURACY = ["mase", "rmsse", "scaled_crps_19", "wape", "bias", "winkler_80", "coverage_80", "coverage_90", "pit_80"]

_PEER_NOTES = (
    "Quantiles of the peers are their own prediction intervals, clipped at 0: native for SeasonalNaive, AutoETS, "
    "AutoTheta and AutoARIMA; statsforecast's conformal intervals for WindowAverage and "
    "SimpleExponentialSmoothingOptimized, which have no others.",
    "Seconds are of fitting and forecasting one origin on one core, for us and the peers alike; as many origins run at "
    "a time as there are cores.",
    "Only categories that can be forecast at every origin are compared.",
)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of the report.

    Attributes:
        title: Heading.
        frame: Its rows.
        shown: Rows that go into the report, where those are fewer.
    """

    title: str
    frame: pd.DataFrame
    shown: pd.DataFrame | None = None


@dataclass(frozen=True, kw_only=True)
class AreaReport:
    """The report of one area.

    Attributes:
        race: What was compared.
        tables: By the name of their CSV file.
        notes: What has to be known to read them.
    """

    race: Race
    tables: Mapping[str, Table]
    notes: tuple[str, ...]


def report_of(panel: Panel, race: Race, *, own: dict[str, Part], peers: dict[str, Part], cost: Figures) -> AreaReport:
    """Gather the tables of one area.

    Args:
        panel: The panel.
        race: What was compared.
        own: Parts by own forecaster.
        peers: Parts by peer, all origins of one joined; may be empty.
        cost: What training the champion cost; empty where it was not measured.

    Returns:
        The tables.
    """
    cells = join_cells([part.cells for part in (*own.values(), *peers.values())])
    champion_cells = cells[cells["model"] == race.champion]
    accuracy = _accuracy(cells, own, peers)
    biases = verdict.bias_of_groups(cells, growing_codes(panel))
    tables: dict[str, Table] = {}
    if peers:
        compared = differences(cells, model=race.champion, against=list(peers))
        tables["targets"] = Table(title="Champion against the best peer", frame=verdict.against_best(compared))
    tables["requirements"] = Table(
        title="Other requirements",
        frame=verdict.requirements(
            name=race.name,
            champion=race.champion,
            accuracy=accuracy,
            biases=biases,
            cost=cost,
            wall_seconds={name: float(part.figures["wall_seconds"]) for name, part in own.items()},
        ),
    )
    tables["accuracy"] = Table(title="Accuracy and seconds", frame=accuracy)
    if peers:
        tables["differences"] = Table(
            title="Champion minus each peer, with 95 % intervals", frame=verdict.against_each(compared)
        )
    bands = verdict.calibrated(cells[cells["model"].isin(list(own))])
    tables["calibration"] = Table(
        title="Calibration of the champion by band of its forecast mean",
        frame=bands,
        shown=bands[bands["model"] == race.champion].drop(columns="model"),
    )
    tables["bias"] = Table(title="Bias of the mean", frame=biases)
    tables["origins"] = Table(
        title="Champion by origin: `pandemic` and `recording_change` mark where an event is",
        frame=_by_origin(champion_cells, growing_codes(panel)),
    )
    ranking = pooled_ranking(hotspot_ranking(cells, areas_km2=ward_areas_km2(panel)))
    tables["ranking"] = Table(
        title="Hotspots: what the fifth of the wards ranked highest held, mean over the origins",
        frame=ranking,
        shown=_top_wards(ranking),
    )
    if cost:
        tables["cost"] = Table(
            title="Cost of training the champion on the whole panel",
            frame=pd.DataFrame([{"figure": name, "value": value} for name, value in cost.items()]),
        )
    return AreaReport(race=race, tables=tables, notes=(*notes(panel, race.origins, race.availability), *_PEER_NOTES))


def growing_codes(panel: Panel) -> list[str]:
    """Return the codes of the growing wards of Barking and Dagenham.

    Args:
        panel: The panel.

    Returns:
        Those of them that are in the panel's area.
    """
    wards = panel.wards.iloc[panel.area_rows]
    growing = (wards["area_code"] == _GROWING_AREA) & wards["ward_name"].isin(verdict.GROWING_WARDS)
    return list(wards.loc[growing, "ward_code"])


def _accuracy(cells: pd.DataFrame, own: Mapping[str, Part], peers: Mapping[str, Part]) -> pd.DataFrame:
    """Return accuracy and effort of every model, best scaled CRPS first."""
    effort = [
        {
            "model": name,
            "kind": kind,
            **{
                key: part.figures.get(key, float("nan"))
                for key in ("intervals", "seconds", "cpu_seconds", "incoherence")
            },
        }
        for kind, parts in (("own", own), ("peer", peers))
        for name, part in parts.items()
    ]
    table = pd.DataFrame(effort).merge(summarise(cells)[["model", *_ACCURACY, "negatives", "cells"]], on="model")
    columns = ["model", "kind", "intervals", *_ACCURACY, "negatives", "incoherence", "cells", "seconds", "cpu_seconds"]
    return table[columns].sort_values("scaled_crps_19", ignore_index=True)


def _top_wards(ranking: pd.DataFrame) -> pd.DataFrame:
    """Return one row a model: what the wards ranked highest held of all crime and of harm."""
    top = ranking[(ranking["unit"] == "wards") & (ranking["share"] == max(SHARES))]
    crime = top.loc[top["target"] == ALL, ["model", "pai", "pei_star"]]
    harm = top.loc[top["target"] == HARM, ["model", "captured", "captured_best"]]
    names = {"captured": "harm_captured", "captured_best": "harm_captured_in_hindsight"}
    return crime.merge(harm.rename(columns=names), on="model", how="left")


def _by_origin(cells: pd.DataFrame, growing: list[str]) -> pd.DataFrame:
    """Return the champion's measures by origin, with the bias of the growing wards."""
    table = by_origin(cells)
    grown = cells[cells["ward_code"].isin(growing)]
    columns = ["origin", "pandemic", "recording_change", "mase", "rmsse", "scaled_crps_19", "pit_80", "bias"]
    if grown.empty:
        return table[columns]
    biases = by_origin(grown)[["origin", "bias"]].rename(columns={"bias": "bias_growing"})
    return table[columns].merge(biases, on="origin")
