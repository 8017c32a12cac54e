"""Any value that a model of ours allows, drawn from its fields: a new field is covered without a word here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

Model = TypeVar("Model", bound=BaseModel)
_BOUNDS = ("ge", "gt", "le", "lt", "min_length", "pattern")
_LARGEST_INT = 2**31 - 1
_LARGEST_FLOAT = 1e6


def any_of(
    model: type[Model], *, all_set: bool = False, words: Mapping[str, Sequence[str]] | None = None
) -> SearchStrategy[Model]:
    """Return what draws instances of a model.

    Args:
        model: The model.
        all_set: Nothing is None, empty or as by default, at any depth.
        words: What text may be, by name of the field, at any depth, where the model itself does not say.

    Returns:
        The strategy.
    """
    return _Values(all_set=all_set, words=words or {}).of_model(model)


@dataclass(frozen=True, kw_only=True)
class _Values:
    all_set: bool
    words: Mapping[str, Sequence[str]]

    def of_model(self, model: type[Model]) -> SearchStrategy[Model]:
        fields = {name: self._of_field(name, info) for name, info in model.model_fields.items()}
        return st.fixed_dictionaries(fields).map(model.model_validate)

    def _of_field(self, name: str, info: FieldInfo) -> SearchStrategy[Any]:
        if name in self.words:
            return st.sampled_from(self.words[name])
        values = self._of(info.annotation, _bounds(info.metadata))
        default = info.get_default(call_default_factory=True)
        if not self.all_set or default is PydanticUndefined:
            return values
        return values.filter(lambda value: value != default)

    def _of(self, annotation: Any, bounds: dict[str, Any]) -> SearchStrategy[Any]:
        origin, parts = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            return self._of(parts[0], bounds | _bounds(parts[1:]))
        if origin in {Union, UnionType}:
            some = st.one_of(*(self._of(part, bounds) for part in parts if part is not NoneType))
            return some if self.all_set else st.none() | some
        if origin is Literal:
            return st.sampled_from(parts)
        if origin in {tuple, dict}:
            fewest = 1 if self.all_set else bounds.get("min_length", 0)
            inner = [self._of(part, {}) for part in parts if part is not ...]
            if origin is dict:
                return st.dictionaries(*inner, min_size=fewest, max_size=2)
            return st.lists(*inner, min_size=fewest, max_size=2).map(tuple)
        return self._of_class(annotation, bounds)

    def _of_class(self, kind: type[Any], bounds: dict[str, Any]) -> SearchStrategy[Any]:
        if issubclass(kind, BaseModel):
            return self.of_model(kind)
        if issubclass(kind, Enum):
            return st.sampled_from(kind)
        if issubclass(kind, str):
            return _texts(bounds, fewest=1 if self.all_set else bounds.get("min_length", 0))
        numbers = {
            bool: st.booleans(),
            int: st.integers(bounds.get("ge", -_LARGEST_INT), bounds.get("le", _LARGEST_INT)),
            float: _floats(bounds),
        }
        return numbers[kind]


def _texts(bounds: dict[str, Any], *, fewest: int) -> SearchStrategy[str]:
    if "pattern" in bounds:
        return st.from_regex(bounds["pattern"], fullmatch=True)
    return st.text(min_size=fewest, max_size=12)


def _floats(bounds: dict[str, Any]) -> SearchStrategy[float]:
    return st.floats(
        bounds.get("gt", bounds.get("ge", -_LARGEST_FLOAT)),
        bounds.get("lt", bounds.get("le", _LARGEST_FLOAT)),
        exclude_min="gt" in bounds,
        exclude_max="lt" in bounds,
    )


def _bounds(metadata: Iterable[Any]) -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    for item in metadata:
        if isinstance(item, FieldInfo):
            bounds |= _bounds(item.metadata)
        bounds |= {name: found for name in _BOUNDS if (found := getattr(item, name, None)) is not None}
    return bounds
