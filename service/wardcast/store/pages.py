"""Pages of a list, and the tokens that lead from one to the next."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from wardcast_models.errors import Problem, WardcastError, invalid_input

DEFAULT_PAGE_SIZE = 50
MAX_PAGE_SIZE = 1000
_LONGEST_TOKEN = 2000
"""Characters; no list makes a longer one."""

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """Part of a list.

    Attributes:
        items: The part.
        next_page_token: Leads to the next part; "" after the last.
    """

    items: tuple[T, ...]
    next_page_token: str = ""

    def map(self, convert: Callable[[T], U]) -> Page[U]:
        """Return the page with every item converted.

        Args:
            convert: Applied to each item.

        Returns:
            The page, leading to the same next part.
        """
        return Page(items=tuple(convert(item) for item in self.items), next_page_token=self.next_page_token)


def checked_page_size(page_size: int, *, limit: int = MAX_PAGE_SIZE, default: int = DEFAULT_PAGE_SIZE) -> int:
    """Return the number of items a page will hold.

    Args:
        page_size: As asked for; 0 means the default.
        limit: Most a page may hold; larger wishes are cut to it (AIP-158).
        default: Taken for 0.

    Returns:
        Between 1 and `limit`.

    Raises:
        WardcastError: It is negative.
    """
    if page_size < 0:
        raise invalid_input(
            "A page cannot hold fewer than no items.",
            Problem(
                where="page_size",
                expected="0 (the default) or a positive number",
                found=str(page_size),
                mend="Leave it out or ask for more.",
            ),
        )
    return min(page_size or default, limit)


def encode_token(scope: list[str], key: list[Any]) -> str:
    """Make the token that continues a list.

    Args:
        scope: The list and its filters; the token is good for no other.
        key: Sort key of the last item given.

    Returns:
        Text that means nothing to a caller.
    """
    text = json.dumps({"scope": scope, "key": key}, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_token(token: str, scope: list[str], key_types: tuple[type, ...]) -> list[Any]:
    """Read a token back.

    Args:
        token: As the caller sent it.
        scope: The list and filters asked for now.
        key_types: Types of the sort key's parts.

    Returns:
        Sort key of the last item given.

    Raises:
        WardcastError: It was not made by this list with these filters.
    """
    if len(token) > _LONGEST_TOKEN:
        raise bad_token(token)
    try:
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        content = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        known = content["scope"] == scope
        key = content["key"]
        sound = len(key) == len(key_types) and all(
            type(part) is kind for part, kind in zip(key, key_types, strict=True)
        )
    except (binascii.Error, UnicodeError, ValueError, KeyError, TypeError, RecursionError):
        known = sound = False
    if not (known and sound):
        raise bad_token(token)
    return list(key)


def bad_token(token: str) -> WardcastError:
    """Return the error for a token that was not made by the list asked for.

    Args:
        token: As the caller sent it.

    Returns:
        The error, to be raised by the caller.
    """
    return invalid_input(
        "The page token does not continue this list.",
        Problem(
            where="page_token",
            expected="the next_page_token of the same list with the same filters",
            found=token[:60],
            mend="Start again without a token.",
        ),
    )


def slice_page(
    items: Sequence[T],
    *,
    scope: list[str],
    page_size: int,
    page_token: str,
    limit: int = MAX_PAGE_SIZE,
    default: int = DEFAULT_PAGE_SIZE,
) -> Page[T]:
    """Return a page of a list that is at hand as a whole and does not change between calls.

    Args:
        items: The whole list.
        scope: The list and its filters.
        page_size: Most to return; 0 for the default.
        page_token: From the page before; "" for the first.
        limit: Most a page may hold.
        default: Taken for a page size of 0.

    Returns:
        The page.

    Raises:
        WardcastError: Page size or token is wrong.
    """
    size = checked_page_size(page_size, limit=limit, default=default)
    start = decode_token(page_token, scope, (int,))[0] if page_token else 0
    if start < 0:
        raise bad_token(page_token)
    end = start + size
    return Page(items=tuple(items[start:end]), next_page_token=encode_token(scope, [end]) if end < len(items) else "")
