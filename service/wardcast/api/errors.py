"""`WardcastError` to google.rpc.Status and back, with nothing lost on the way."""

from __future__ import annotations

from collections.abc import Sequence

from google.protobuf.any_pb2 import Any as AnyMessage
from google.rpc import code_pb2, error_details_pb2, status_pb2

from wardcast.v1.error_pb2 import ErrorProblems
from wardcast.v1.error_pb2 import Problem as ProblemMessage
from wardcast_models.errors import ErrorKind, Problem, WardcastError

DOMAIN = "wardcast"
"""Domain of the ErrorInfo that every error carries; its reason is the kind, in capitals."""

_CODES = {
    ErrorKind.INVALID_INPUT: code_pb2.INVALID_ARGUMENT,
    ErrorKind.NOT_FOUND: code_pb2.NOT_FOUND,
    ErrorKind.INFEASIBLE: code_pb2.FAILED_PRECONDITION,
    ErrorKind.CONFLICT: code_pb2.FAILED_PRECONDITION,
    ErrorKind.INTERNAL: code_pb2.INTERNAL,
}
_KINDS_BY_CODE = {
    code_pb2.INVALID_ARGUMENT: ErrorKind.INVALID_INPUT,
    code_pb2.OUT_OF_RANGE: ErrorKind.INVALID_INPUT,
    code_pb2.NOT_FOUND: ErrorKind.NOT_FOUND,
    code_pb2.FAILED_PRECONDITION: ErrorKind.CONFLICT,
    code_pb2.ALREADY_EXISTS: ErrorKind.CONFLICT,
    code_pb2.CANCELLED: ErrorKind.CONFLICT,
}

# A status travels in the call's trailers, of which peers accept 8 KiB in all, base64 included. Problems go twice: in
# our own detail and, as sentences, in Google's.
_PROBLEMS_BUDGET_BYTES = 1800
_LONGEST_TEXT = 300


def to_status(error: WardcastError) -> status_pb2.Status:
    """Return the status of an error.

    Args:
        error: The error.

    Returns:
        Code, message, and as details ErrorInfo, ErrorProblems, and BadRequest or PreconditionFailure.
    """
    problems = _that_fit(error.problems)
    own = ErrorProblems(omitted_count=len(error.problems) - len(problems))
    for problem in problems:
        own.problems.add(where=problem.where, expected=problem.expected, found=problem.found, mend=problem.mend)
    details = [error_details_pb2.ErrorInfo(reason=error.kind.name, domain=DOMAIN), own]
    if error.kind is ErrorKind.INVALID_INPUT:
        bad_request = error_details_pb2.BadRequest()
        for problem in problems:
            bad_request.field_violations.add(field=problem.where, description=_sentence(problem))
        details.append(bad_request)
    elif error.kind in {ErrorKind.INFEASIBLE, ErrorKind.CONFLICT}:
        failure = error_details_pb2.PreconditionFailure()
        for problem in problems:
            failure.violations.add(type=error.kind.name, subject=problem.where, description=_sentence(problem))
        details.append(failure)
    status = status_pb2.Status(code=_CODES[error.kind], message=_shortened(error.message))
    for detail in details:
        packed = AnyMessage()
        packed.Pack(detail)
        status.details.append(packed)
    return status


def from_status(status: status_pb2.Status) -> WardcastError:
    """Return the error of a status.

    Args:
        status: As received, from this service or from another.

    Returns:
        The error.
    """
    kind = _KINDS_BY_CODE.get(status.code, ErrorKind.INTERNAL)
    problems: tuple[Problem, ...] = ()
    for detail in status.details:
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            info = error_details_pb2.ErrorInfo()
            detail.Unpack(info)
            if info.domain == DOMAIN and info.reason in ErrorKind.__members__:
                kind = ErrorKind[info.reason]
        elif detail.Is(ErrorProblems.DESCRIPTOR):
            own = ErrorProblems()
            detail.Unpack(own)
            problems = tuple(_problem(message) for message in own.problems)
            if own.omitted_count:
                problems = (*problems, _omitted(own.omitted_count))
    return WardcastError(kind, status.message, problems)


def _that_fit(problems: Sequence[Problem]) -> list[Problem]:
    kept: list[Problem] = []
    size = 0
    for problem in problems:
        short = Problem(
            where=_shortened(problem.where),
            expected=_shortened(problem.expected),
            found=_shortened(problem.found),
            mend=_shortened(problem.mend),
        )
        size += len(str(short).encode()) + 16
        if size > _PROBLEMS_BUDGET_BYTES:
            break
        kept.append(short)
    return kept


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 3] + "..."


def _sentence(problem: Problem) -> str:
    return f"Expected {problem.expected}, found {problem.found}. {problem.mend}"


def _problem(message: ProblemMessage) -> Problem:
    return Problem(where=message.where, expected=message.expected, found=message.found, mend=message.mend)


def _omitted(count: int) -> Problem:
    return Problem(
        where=f"{count} more", expected="none", found=f"{count} more of the same", mend="Mend these and try again."
    )
