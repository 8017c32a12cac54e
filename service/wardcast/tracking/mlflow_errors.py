"""What MLflow refuses or cannot do, told as `WardcastError`."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from mlflow.exceptions import MlflowException

from wardcast_models.errors import ErrorKind, Problem, WardcastError

_USER_INFO = re.compile(r"(?<=://)\S*@")
_ABSENT = "RESOURCE_DOES_NOT_EXIST"
_REFUSED = "INVALID_PARAMETER_VALUE"


def is_absent(error: MlflowException) -> bool:
    """Tell whether MLflow answered that there is no such thing, and did not fail to answer."""
    return bool(error.error_code == _ABSENT)


def is_refused(error: MlflowException) -> bool:
    """Tell whether MLflow takes no such value: an id it cannot read, or a change to a run that was deleted."""
    return bool(error.error_code == _REFUSED)


def not_possible_now(
    error: MlflowException | OSError, uri: str, *, message: str = "MLflow could not be reached."
) -> WardcastError:
    """Return the error of an MLflow store that did not do what it was asked.

    Args:
        error: What MLflow, or the store of its artefacts, said.
        uri: Tracking URI.
        message: One sentence for a person.

    Returns:
        The error, with MLflow's own words and without the user name and password of the address.
    """
    said = _without_credentials(str(error), uri).strip().splitlines()
    return WardcastError(
        ErrorKind.CONFLICT,
        message,
        [
            Problem(
                where="WARDCAST_MLFLOW_TRACKING_URI",
                expected="a reachable MLflow server or a database URL such as sqlite:///mlflow.db",
                found=(said or ["no answer"])[0][:300],
                mend="Check the address, or leave it unset to keep runs in a local SQLite file.",
            )
        ],
    )


def _without_credentials(text: str, uri: str) -> str:
    """Return a message about an address without the user name and password that the address carries."""
    password = urlsplit(uri).password or ""
    # Most of them stand in the address as a whole; the password may also stand alone, with or without its escapes.
    text = _USER_INFO.sub("", text)
    for secret in (password, unquote(password)):
        text = text.replace(secret, "***") if secret else text
    return text
