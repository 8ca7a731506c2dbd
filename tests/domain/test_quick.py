from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from decimal import Decimal

import pytest

from desktop.domain.orders import Order
from desktop.domain.quick import changed, copier, maker, quick


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    """A value with everything a field can have."""

    name: str
    size: Decimal
    tags: list[str] = field(default_factory=list, compare=False)
    count: int = 3

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError("counts are not negative")


@dataclass(frozen=True, slots=True)
class Usual:
    name: str
    size: Decimal
    tags: list[str] = field(default_factory=list, compare=False)
    count: int = 3


def test_a_quick_value_is_the_frozen_dataclass_it_was() -> None:
    value = Quick("a", Decimal(2))
    assert repr(value) == "Quick(name='a', size=Decimal('2'), tags=[], count=3)"
    assert type(value) is Quick
    assert value == Quick("a", Decimal(2), ["not compared"])
    assert hash(value) == hash(Quick(name="a", size=Decimal(2)))
    assert value != Quick("b", Decimal(2))
    assert [item.name for item in fields(value)] == ["name", "size", "tags", "count"]
    with pytest.raises(FrozenInstanceError):
        value.name = "b"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del value.name
    assert Quick("a", Decimal(2)).tags is not value.tags


def test_a_quick_value_travels_and_is_replaced_like_any_other() -> None:
    value = Quick("a", Decimal(2), ["x"], 5)
    assert pickle.loads(pickle.dumps(value)) == value
    assert copy.copy(value) == copy.deepcopy(value) == value
    assert replace(value, count=6).count == 6
    assert changed(value, count=7, name="c") == Quick("c", Decimal(2), ["x"], 7)
    assert type(changed(value, count=7)) is Quick
    assert value.count == 5


def test_what_a_value_refuses_is_refused_however_it_is_made() -> None:
    with pytest.raises(ValueError, match="not negative"):
        Quick("a", Decimal(2), count=-1)
    with pytest.raises(ValueError, match="not negative"):
        changed(Quick("a", Decimal(2)), count=-1)
    with pytest.raises(TypeError, match="size"):
        Quick("a")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="no field colour"):
        changed(Quick("a", Decimal(2)), colour="red")


def test_a_maker_and_a_copier_make_what_the_class_and_changed_make() -> None:
    make, resized = maker(Quick), copier(Quick, "size", "count")
    value = make("one", Decimal(2), count=5)
    assert value == Quick("one", Decimal(2), count=5)
    assert type(value) is Quick
    assert value.tags == []
    assert make("one", Decimal(2)).tags is not value.tags
    assert resized(value, Decimal(3), 6) == changed(value, size=Decimal(3), count=6)
    with pytest.raises(ValueError, match="not negative"):
        make("one", Decimal(2), count=-1)
    with pytest.raises(TypeError):
        make("one")  # type: ignore[call-arg]  # that is the test
    with pytest.raises(FrozenInstanceError):
        value.count = 4  # type: ignore[misc]  # that is the test


def test_only_frozen_dataclasses_with_slots_of_their_own_can_be_quick() -> None:
    @dataclass
    class Loose:
        name: str

    @dataclass(frozen=True, slots=True)
    class Below(Usual):
        more: int = 0

    for kind in (Loose, Below, int):
        with pytest.raises(TypeError):
            quick(kind)


def test_an_order_says_what_it_needs_as_before() -> None:
    with pytest.raises(TypeError, match="missing"):
        Order("1")  # type: ignore[call-arg]
