"""The small-number rule: which ward counts are hidden or rounded before anything is published."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from wardcast_models.form_file import Form, checked_form, read_form
from wardcast_models.reference.taxonomy import taxonomy
from wardcast_models.strict_yaml import StrictLoader
from wardcast_models.words import listed

_FORM = Form(
    noun="small-number rule",
    option="--rule",
    content="`threshold:` and `sensitive:`",
    example="models/wardcast_models/disclosure/rule.yaml",
)
_PACKAGED = "rule.yaml"

NARROWEST_WIDTH = 3
"""No rule may ask for less: a count known to within one or two tells nearly as much as the count itself."""


class Method(StrEnum):
    """What becomes of a small count."""

    SUPPRESS = "suppress"
    """It is not shown."""
    ROUND = "round"
    """Every ward count of a sensitive category is shown rounded."""


class SmallNumberRule(BaseModel):
    """What is hidden before publication.

    Attributes:
        method: Hide small counts, or round every sensitive ward count.
        threshold: Ward counts of sensitive categories from 1 to one less than this are hidden.
        least_width: Least difference between the largest and the smallest value that a hidden count can still have, to
            somebody who knows everything that is published; `NARROWEST_WIDTH` or more.
        rounding_base: With `round`, counts are shown to the nearest multiple of this.
        sensitive: Analysis categories.
        reason: Why, in a sentence for the public.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    method: Method = Method.SUPPRESS
    threshold: Annotated[int, Field(ge=3, le=1000, strict=True)]
    least_width: Annotated[int, Field(le=1000, strict=True)] = NARROWEST_WIDTH
    rounding_base: Annotated[int, Field(ge=2, le=1000, strict=True)] = 10
    sensitive: Annotated[tuple[str, ...], Field(min_length=1)]
    reason: Annotated[str, Field(min_length=1, max_length=300)] = (
        "So few cases in one ward could point to a person who suffered such a crime."
    )

    @field_validator("sensitive")
    @classmethod
    def _known(cls, sensitive: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse categories that do not exist, and any named twice."""
        unknown = sorted(set(sensitive) - taxonomy().keys())
        if unknown:
            raise ValueError(f"known categories only ({', '.join(taxonomy())}); {', '.join(unknown)} is none")
        twice = sorted({category for category in sensitive if sensitive.count(category) > 1})
        if twice:
            raise ValueError(f"each category once; {', '.join(twice)} stands there twice")
        return sensitive

    @field_validator("least_width")
    @classmethod
    def _can_be_kept(cls, least_width: int, info: ValidationInfo) -> int:
        """Refuse a width that hides too little, or that who knows the threshold could not be kept from."""
        if least_width < NARROWEST_WIDTH:
            raise ValueError(
                f"{NARROWEST_WIDTH} or more: a hidden count that can be worked out to within "
                f"{NARROWEST_WIDTH - 1} is as good as shown"
            )
        threshold = info.data.get("threshold")
        if info.data.get("method") is Method.SUPPRESS and threshold is not None and threshold < least_width + 2:
            raise ValueError(
                f"at most threshold - 2 ({threshold - 2}): a hidden count is known to be 1 to {threshold - 1}"
            )
        return least_width

    @field_validator("rounding_base")
    @classmethod
    def _coarse_enough(cls, rounding_base: int, info: ValidationInfo) -> int:
        """Refuse a base whose zeros say too much: a count rounded to 0 is less than half the base."""
        least = 2 * info.data.get("least_width", NARROWEST_WIDTH) + 1
        if info.data.get("method") is Method.ROUND and rounding_base < least:
            raise ValueError(f"at least twice least_width and one ({least}): a count rounded to 0 says too much else")
        return rounding_base

    @property
    def words(self) -> str:
        """The rule and its reason in a few sentences, for the foot of what is published."""
        labels = listed([taxonomy()[category].label.lower() for category in self.sensitive])
        if self.method is Method.ROUND:
            done = f"Ward counts of {labels} are rounded to the nearest {self.rounding_base}"
        else:
            done = f"Ward counts of {labels} from 1 to {self.threshold - 1} are not shown"
        return (
            f"{done}. {self.reason} Further counts from which they could be worked out are not shown either: whatever "
            f"else is shown here, each hidden count could still be any of at least {self.least_width + 1} numbers in a "
            "row."
        )


@cache
def packaged_rule() -> SmallNumberRule:
    """Return the rule that applies unless another is given."""
    text = resources.files("wardcast_models.disclosure").joinpath(_PACKAGED).read_text(encoding="utf-8")
    fields: dict[str, Any] = yaml.load(text, Loader=StrictLoader)  # noqa: S506 - a SafeLoader
    return checked_form(SmallNumberRule, fields, where=_PACKAGED, form=_FORM)


def read_rule(path: Path) -> SmallNumberRule:
    """Read a rule from a YAML file.

    Args:
        path: The file.

    Returns:
        The checked rule.

    Raises:
        WardcastError: The file is absent or not YAML, a field is wrong, or a category is unknown.
    """
    return checked_form(SmallNumberRule, read_form(path, _FORM), where=path.name, form=_FORM)
