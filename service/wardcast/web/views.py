"""What each address of the page answers with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from wardcast.pack.answer import answer, total_hours
from wardcast.pack.assignments_file import assignments_csv
from wardcast.pack.inputs import ReportInputs
from wardcast.pack.internal import INTERNAL_MARK
from wardcast.pack.names import ward_names
from wardcast.pack.report import FINDING_LABELS, render_report
from wardcast.pack.workbook import write_workbook
from wardcast.pack.write import ASSIGNMENTS_NAME, REPORT_NAME, WORKBOOK_NAME
from wardcast.store.pages import MAX_PAGE_SIZE
from wardcast.store.records import OperationState, PlanRecord
from wardcast.store.store import Store
from wardcast.web.areas import area_summaries
from wardcast.web.security import REPORT_POLICY
from wardcast.web.templating import page_response, style_sheet

PLANS_A_PAGE = 20
LATEST_PLANS = 5
RECENT_OPERATIONS = 30

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Views:
    """The views on one store. They are plain functions, which Starlette runs in threads: reading blocks."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def home(self, request: Request) -> Response:
        """Answer with the areas, the latest plans and the work in progress."""
        del request
        return page_response(
            "home.html",
            areas=area_summaries(self.store.datasets.list(page_size=MAX_PAGE_SIZE).items),
            plans=self.store.plans.list(page_size=LATEST_PLANS).items,
            unfinished=self.store.operations.unfinished(),
        )

    def plans(self, request: Request) -> Response:
        """Answer with the plans of every area, newest first, a page at a time."""
        page = self.store.plans.list(page_size=PLANS_A_PAGE, page_token=request.query_params.get("page_token", ""))
        return page_response("plans.html", page=page)

    def area(self, request: Request) -> Response:
        """Answer with the datasets and plans of one area."""
        code = request.path_params["area"]
        token = request.query_params.get("page_token", "")
        datasets = self.store.datasets.list(code, page_size=MAX_PAGE_SIZE).items
        page = self.store.plans.list(code, page_size=PLANS_A_PAGE, page_token=token)
        if not datasets and not page.items:
            return not_found_page()
        name = datasets[0].area_name if datasets else page.items[0].plan.area_name
        return page_response("area.html", code=code, name=name, datasets=datasets, page=page)

    def dataset(self, request: Request) -> Response:
        """Answer with one dataset and what its reading found."""
        record = self.store.datasets.get(request.path_params["dataset"], area_code=request.path_params["area"])
        return page_response("dataset.html", dataset=record, labels=FINDING_LABELS)

    def operations(self, request: Request) -> Response:
        """Answer with the work in progress and what ended lately."""
        del request
        recent = self.store.operations.list(page_size=RECENT_OPERATIONS).items
        return page_response(
            "operations.html",
            unfinished=self.store.operations.unfinished(),
            ended=[record for record in recent if record.state.done],
            failed=OperationState.FAILED,
        )

    def plan(self, request: Request) -> Response:
        """Answer with the main facts of a plan and its downloads."""
        record = self._plan(request)
        names = ward_names(record.plan)
        return page_response(
            "plan.html",
            record=record,
            plan=record.plan,
            answer=answer(record.plan, names),
            hours=total_hours(record.plan),
            names=names,
            internal_mark=INTERNAL_MARK,
        )

    def report(self, request: Request) -> Response:
        """Answer with the plan's report, as it was written when the plan was made."""
        content = self._file(
            self._plan(request),
            REPORT_NAME,
            lambda record: render_report(_inputs(record)).encode(),
        )
        return Response(content, media_type="text/html", headers={"Content-Security-Policy": REPORT_POLICY})

    def assignments(self, request: Request) -> Response:
        """Answer with the assignments as a file to be saved."""
        record = self._plan(request)
        content = self._file(record, ASSIGNMENTS_NAME, lambda r: assignments_csv(r.plan).encode())
        return _download(content, "text/csv", f"{record.plan_id}-{ASSIGNMENTS_NAME}")

    def workbook(self, request: Request) -> Response:
        """Answer with the workbook as a file to be saved."""
        record = self._plan(request)
        content = self._file(record, WORKBOOK_NAME, _workbook)
        return _download(content, WORKBOOK_TYPE, f"{record.plan_id}.xlsx")

    def health(self, request: Request) -> Response:
        """Answer that the process runs and its database can be read."""
        del request
        self.store.plans.list(page_size=1)
        return JSONResponse({"status": "ok"})

    def style(self, request: Request) -> Response:
        """Answer with the style sheet."""
        del request
        return PlainTextResponse(style_sheet(), media_type="text/css")

    def _plan(self, request: Request) -> PlanRecord:
        return self.store.plans.get(request.path_params["plan"], area_code=request.path_params["area"])

    def _file(self, record: PlanRecord, name: str, make: Callable[[PlanRecord], bytes]) -> bytes:
        """Return a file of the plan's pack: as it was kept, else made from the record.

        Boundaries and trends are not part of a record, so a report made anew goes without them and says so.
        """
        kept = self.store.artefact_path("plans", record.plan_id, f"/{name}")
        return kept.read_bytes() if kept.is_file() else make(record)


def not_found_page() -> Response:
    """Return the answer to an address that leads nowhere."""
    return page_response(
        "message.html",
        status_code=404,
        heading="Page not found",
        sentences=["There is nothing at this address.", "If you typed it, check that it is correct."],
    )


def _inputs(record: PlanRecord) -> ReportInputs:
    return ReportInputs(plan=record.plan, provenance=record.provenance)


def _workbook(record: PlanRecord) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / WORKBOOK_NAME
        write_workbook(record.plan, record.provenance, path)
        return path.read_bytes()


def _download(content: bytes, media_type: str, file_name: str) -> Response:
    return Response(
        content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{file_name}"'}
    )
