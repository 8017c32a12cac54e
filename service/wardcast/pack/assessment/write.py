"""Writing the assessment to a folder, all of it or nothing, the internal form never beside the one to publish."""

from __future__ import annotations

from pathlib import Path

from wardcast.pack.assessment.document import assessment_json
from wardcast.pack.assessment.reading import PUBLIC_WORKBOOK, WORKBOOK, Reading, reading_of
from wardcast.pack.assessment.report import render_assessment
from wardcast.pack.assessment.workbook import write_assessment_workbook
from wardcast.pack.folder import written_together
from wardcast_models.disclosure.public import Publication
from wardcast_models.errors import Problem, invalid_input
from wardcast_models.panel.monitoring import Monitoring
from wardcast_models.profile.assessment import Assessment

INTERNAL_FILES = ("assessment.html", WORKBOOK, "assessment.json")
PUBLIC_FILES = ("assessment-public.html", PUBLIC_WORKBOOK, "assessment-public.json")
"""Report, workbook and document of the two forms."""

PROOF = "suppression-proof.csv"
"""What can be worked out about each figure that is not shown: for those who publish; it holds no hidden count."""


def write_assessment(assessment: Assessment, monitoring: Monitoring, out_dir: Path) -> list[Path]:
    """Write report, workbook and document of the internal form.

    Args:
        assessment: The figures.
        monitoring: What they were drawn from.
        out_dir: Folder; made where it does not exist. Files of the same names are replaced.

    Returns:
        The paths written: report, workbook, document.

    Raises:
        WardcastError: The folder cannot be written to, or holds the form for publication.
    """
    keep_apart(out_dir, public=False)
    with written_together(out_dir, what="The assessment’s files") as draft:
        _write(reading_of(assessment, monitoring), draft, INTERNAL_FILES)
    return [out_dir / name for name in INTERNAL_FILES]


def write_publication(publication: Publication, monitoring: Monitoring, out_dir: Path) -> list[Path]:
    """Write report, workbook and document of the form for publication, and the proof beside them.

    Args:
        publication: The form for publication with its proof.
        monitoring: What it was drawn from.
        out_dir: Folder; made where it does not exist. Files of the same names are replaced.

    Returns:
        The paths written: report, workbook, document, proof.

    Raises:
        WardcastError: The folder cannot be written to, or holds the internal form.
    """
    keep_apart(out_dir, public=True)
    with written_together(out_dir, what="The assessment’s files") as draft:
        _write(reading_of(publication.assessment, monitoring), draft, PUBLIC_FILES)
        publication.proof.to_csv(draft / PROOF, index=False, lineterminator="\n")
    return [out_dir / name for name in (*PUBLIC_FILES, PROOF)]


def keep_apart(out_dir: Path, *, public: bool) -> None:
    """Refuse a folder that holds the other form: somebody who publishes a folder publishes all of it.

    Args:
        out_dir: The folder; need not exist.
        public: Whether the form for publication is to be written.

    Raises:
        WardcastError: A file of the other form is there.
    """
    other, kind = (INTERNAL_FILES, "internal") if public else (PUBLIC_FILES, "public")
    found = [name for name in other if (out_dir / name).exists()]
    if found:
        raise invalid_input(
            f"The folder holds the {kind} form of an assessment; the two are never written side by side.",
            Problem(
                where=f"--out {out_dir}",
                expected=f"a folder without files of the {kind} form",
                found=", ".join(found),
                mend="Choose another folder, or move those files away.",
            ),
        )


def _write(reading: Reading, draft: Path, names: tuple[str, ...]) -> None:
    report, workbook, document = names
    (draft / report).write_text(render_assessment(reading), encoding="utf-8", newline="\n")
    write_assessment_workbook(reading, draft / workbook)
    text = assessment_json(reading.assessment, data_digest=reading.data_digest, findings=reading.findings)
    (draft / document).write_text(text, encoding="utf-8", newline="\n")
