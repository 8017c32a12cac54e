"""The page as an application."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wardcast.settings import LOOPBACK_HOSTS
from wardcast.store.store import Store
from wardcast.web.security import SecurityHeaders
from wardcast.web.templating import page_response
from wardcast.web.views import Views, not_found_page
from wardcast_models.errors import ErrorKind, WardcastError

logger = logging.getLogger(__name__)

STATUS_OF_KIND = {
    ErrorKind.INVALID_INPUT: 400,
    ErrorKind.NOT_FOUND: 404,
    ErrorKind.CONFLICT: 409,
    ErrorKind.INFEASIBLE: 422,
    ErrorKind.INTERNAL: 500,
}


def create_page(store: Store, *, hosts: Sequence[str] = LOOPBACK_HOSTS) -> Starlette:
    """Build the page. It only reads; whoever runs the server owns the store and closes it.

    Args:
        store: What is shown.
        hosts: Names it answers to; a request for any other is refused, so that a foreign name which leads here
            cannot make a browser read the page.

    Returns:
        The application, to be served by any ASGI server.
    """
    views = Views(store)
    plan = "/areas/{area}/plans/{plan}"
    return Starlette(
        routes=[
            Route("/", views.home, name="home"),
            Route("/plans", views.plans, name="plans"),
            Route("/operations", views.operations, name="operations"),
            Route("/areas/{area}", views.area, name="area"),
            Route("/areas/{area}/datasets/{dataset}", views.dataset, name="dataset"),
            Route(plan, views.plan, name="plan"),
            Route(f"{plan}/report.html", views.report, name="report"),
            Route(f"{plan}/assignments.csv", views.assignments, name="assignments"),
            Route(f"{plan}/plan.xlsx", views.workbook, name="workbook"),
            Route("/assets/page.css", views.style, name="style"),
            Route("/healthz", views.health, name="health"),
        ],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
        ],
        exception_handlers={
            HTTPException: _http_error,
            WardcastError: _wardcast_error,
            Exception: _fault,
        },
    )


def _http_error(request: Request, error: Exception) -> Response:
    del request
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:
        return not_found_page()
    return page_response(
        "message.html",
        status_code=status,
        heading="This did not work",
        sentences=["The page only shows things. Go back and follow one of its links."],
    )


def _wardcast_error(request: Request, error: Exception) -> Response:
    del request
    if not isinstance(error, WardcastError) or error.kind is ErrorKind.NOT_FOUND:
        return not_found_page()
    return page_response(
        "message.html",
        status_code=STATUS_OF_KIND[error.kind],
        heading="This did not work",
        sentences=[error.message, *(problem.mend for problem in error.problems)],
    )


def _fault(request: Request, error: Exception) -> Response:
    logger.error("The page failed on %s", request.url.path, exc_info=error)
    return page_response(
        "message.html",
        status_code=500,
        heading="Sorry, there is a problem",
        sentences=["The page could not be made. Try again in a few minutes.", "The reason is in the server's log."],
    )
