"""Use case: make a version champion or challenger."""

from __future__ import annotations

from wardcast.app.gate import champion_for
from wardcast.app.workspace import Workspace
from wardcast.tracking.model_record import CHAMPION, ModelRecord
from wardcast.tracking.registry import check_alias, set_alias
from wardcast_models.errors import ErrorKind, Problem, WardcastError, invalid_input

_MEND = {
    "better": "Keep the champion, or train a forecaster that forecasts better.",
    "calibrated": "Mend the spread of its forecasts: pit.png and reliability.png of the run show where it is wrong.",
    "no ward group harmed": "Look at what goes wrong in those wards: groups.png of the run shows them all.",
}
"""What to do about each check of the gate that failed."""
LONGEST_REASON = 200
"""Characters of a reason to do without the gate."""
_OVERRIDE = "To make it the champion all the same, give the reason (--without-gate REASON), which is kept with it."


def promote(
    workspace: Workspace, area_code: str, version: int, *, alias: str = CHAMPION, without_gate_reason: str = ""
) -> ModelRecord:
    """Point an alias at a version; forecasts and plans that name no forecaster then use the champion's.

    A champion needs the gate's consent, given (`judge_version`) against the version that is the champion now. A
    challenger needs none.

    Args:
        workspace: Where models are kept.
        area_code: GSS code.
        version: Version, counted from 1.
        alias: `champion` or `challenger`.
        without_gate_reason: Why the version is to be the champion without that consent, kept with it; empty asks for
            it. At most `LONGEST_REASON` characters.

    Returns:
        The version.

    Raises:
        WardcastError: No such version or alias, a reason that is too long, or the gate has not consented; each of its
            reasons is a problem.
    """
    _check_length(without_gate_reason)
    record = check_alias(workspace.tracker, area_code, version, alias)
    if alias != CHAMPION:
        _check_no_reason(alias, without_gate_reason)
        return set_alias(workspace.tracker, area_code, version, alias)
    if not without_gate_reason:
        _check_consent(record, champion_for(workspace.tracker, record))
    return set_alias(workspace.tracker, area_code, version, alias, without_gate_reason=without_gate_reason)


def _check_length(without_gate_reason: str) -> None:
    """Refuse a reason that is too long to be kept and shown."""
    if len(without_gate_reason) > LONGEST_REASON:
        raise invalid_input(
            "The reason to do without the promotion gate is too long.",
            Problem(
                where="without_gate_reason",
                expected=f"1 to {LONGEST_REASON} characters",
                found=f"{len(without_gate_reason)} characters",
                mend="Say it in fewer words.",
            ),
        )


def _check_no_reason(alias: str, without_gate_reason: str) -> None:
    """Refuse a reason to do without the gate where there is no gate."""
    if without_gate_reason:
        raise invalid_input(
            f"A {alias} needs no consent of the promotion gate.",
            Problem(
                where="without_gate_reason",
                expected=f"no reason with the alias {alias}",
                found=without_gate_reason,
                mend="Leave it out.",
            ),
        )


def _check_consent(record: ModelRecord, champion: ModelRecord | None) -> None:
    """Refuse a version that the gate has not let pass against the present champion."""
    if champion is not None and champion.version == record.version:
        return
    gate = record.gate
    present = champion.version if champion else 0
    if gate is None or gate.champion_version != present:
        found = "it was never asked about this version" if gate is None else _outdated(gate.champion_version)
        raise WardcastError(
            ErrorKind.CONFLICT,
            f"The promotion gate has to judge version {record.version} first. {_OVERRIDE}",
            [
                Problem(
                    where="promotion gate",
                    expected=f"a verdict on it beside {_named(present)}",
                    found=found,
                    mend="Ask for one: `wardcast promote` does so by itself, other clients call JudgeModel.",
                )
            ],
        )
    if not gate.passed:
        raise WardcastError(
            ErrorKind.CONFLICT,
            f"The promotion gate refuses version {record.version} ({record.forecaster}) of {record.area_code}. "
            f"{_OVERRIDE}",
            [
                Problem(
                    where=f"promotion gate: {check.name}",
                    expected=check.expected,
                    found=check.found,
                    mend=f"{_MEND[check.name]} All figures: run {gate.run_id} in MLflow.",
                )
                for check in gate.checks
                if not check.passed
            ],
        )


def _outdated(champion_version: int) -> str:
    return f"a verdict beside {_named(champion_version)}"


def _named(champion_version: int) -> str:
    return f"the champion of version {champion_version}" if champion_version else "the baselines, with no champion"
