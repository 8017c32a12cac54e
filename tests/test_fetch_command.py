"""`wardcast fetch` as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.fetching import StoppedClock
from tests.forward_proxy import forward_proxy
from tests.official_server import Fault
from tests.official_site import HISTORICAL, Site
from wardcast.fetch import connection
from wardcast.fetch.one_run import one_run

MPS = ("--sources", "mps-ward-historical,mps-ward-recent")


@pytest.fixture(autouse=True)
def _stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "SystemClock", StoppedClock)


def test_a_fetch_ends_with_what_came_and_the_next_command(wardcast: CommandLine, site: Site, tmp_path: Path) -> None:
    out = tmp_path / "downloads"
    done = wardcast("fetch", "--area", "Barking and Dagenham", "--out", out, "--addresses", site.table, *MPS)
    assert done.exit_code == 0, done.err
    assert "2 fetched; " in done.out
    assert f"wardcast ingest {out} --area E09000002" in done.out
    again = wardcast("fetch", "--area", "E09000002", "--out", out, "--addresses", site.table, *MPS)
    assert "0 fetched, 2 unchanged; 0 bytes" in again.out


def test_a_failure_is_told_with_its_id_and_the_rest_is_kept(wardcast: CommandLine, site: Site, tmp_path: Path) -> None:
    site.server.fail(HISTORICAL, Fault.NOT_FOUND)
    out = tmp_path / "downloads"
    done = wardcast("fetch", "--area", "E09000002", "--out", out, "--addresses", site.table, *MPS)
    assert done.exit_code == 6
    assert "1 fetched, 1 failed" in done.out
    assert "mps-ward-historical (http://127.0.0.1" in done.err
    assert "--addresses FILE" in done.err
    assert len(list(out.glob("mps/*"))) == 1


def test_programs_get_one_document(wardcast: CommandLine, site: Site, tmp_path: Path) -> None:
    asked = ("--area", "E09000002", "--out", tmp_path / "d", "--addresses", site.table, "--json")
    document = wardcast("fetch", *asked, *MPS).document
    assert document["complete"] is True
    assert [file["status"] for file in document["files"]] == ["fetched", "fetched"]
    json.dumps(document)


def test_the_list_shows_every_address_and_says_how_sure_it_is(wardcast: CommandLine) -> None:
    shown = wardcast("fetch", "--list")
    assert shown.exit_code == 0
    assert "https://data.police.uk/data/archive/{month}.zip" in shown.out
    assert "None of these addresses could be called" in shown.out
    document = wardcast("fetch", "--list", "--area", "E08000025", "--json").document
    assert {row["areas"] for row in document} == {"all", "elsewhere"}
    assert all(row["confirmed"] in {True, False} for row in document)


def test_a_run_that_is_stopped_says_that_what_arrived_is_kept(
    wardcast: CommandLine, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_clock: StoppedClock, _seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(StoppedClock, "sleep", stop)
    stopped = wardcast("fetch", "--area", "E09000002", "--out", tmp_path / "d", "--addresses", site.table, *MPS)
    assert stopped.exit_code == 130
    assert "Stopped." in stopped.err
    assert "the next run goes on from there" in stopped.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--out", "x"), "--area"),
        (("--area", "E09000002"), "--out"),
        (("--area", "Narnia", "--out", "x"), "no area 'Narnia'"),
        (("--area", "E09000002", "--out", "x", "--since", "March"), "'March' is not a month"),
        (("--area", "E09000002", "--out", "x", "--since", "2025-03", "--until", "2025-01"), "later than the last"),
        (("--area", "E09000002", "--out", "x", "--sources", "everything"), "no source everything"),
        (("--area", "E09000002", "--out", "x", "--proxy", "proxy.example"), "proxy's address"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_fetched(
    arguments: tuple[str, ...], told: str, wardcast: CommandLine
) -> None:
    refused = wardcast("fetch", *arguments)
    assert refused.exit_code == 2
    assert told in refused.err
    assert not Path("x").exists()


def test_a_file_in_place_of_the_folder_is_told(wardcast: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("a file", encoding="utf-8")
    refused = wardcast("fetch", "--area", "E09000002", "--out", tmp_path / "notes.txt", *MPS)
    assert refused.exit_code == 2
    assert "a file where a folder has to be" in refused.err


def test_a_folder_that_another_run_is_filling_is_left_alone(wardcast: CommandLine, tmp_path: Path) -> None:
    with one_run(tmp_path / "d"):
        refused = wardcast("fetch", "--area", "E09000002", "--out", tmp_path / "d", *MPS)
    assert refused.exit_code == 4
    assert "Another wardcast fetch is at work in the folder d" in refused.err


def test_a_proxy_that_refuses_is_told_as_the_proxys_doing(wardcast: CommandLine, tmp_path: Path) -> None:
    with forward_proxy() as (proxy, _):
        asked = ("--area", "E09000002", "--out", tmp_path / "d", "--proxy", proxy)
        done = wardcast("fetch", *asked, "--sources", "mps-ward-recent")
    assert done.exit_code == 6
    assert "the proxy's refusal (403 Forbidden)" in done.err
    assert "let data.london.gov.uk through" in done.err
