from desktop.engine.changes import ChangeCollector
from desktop.engine.views import Changes, Table


def collector() -> tuple[ChangeCollector, list[Changes], list[tuple[BaseException, object]]]:
    errors: list[tuple[BaseException, object]] = []
    told: list[Changes] = []
    changes = ChangeCollector(lambda error, what: errors.append((error, what)))
    changes.follow(told.append)
    return changes, told, errors


def test_marks_of_one_interval_are_told_together_and_once() -> None:
    changes, told, _ = collector()
    for _ in range(1000):
        changes.changed(Table.ORDERS, "o1")
    changes.chart("s", "SPY")
    changes.forming("s", "SPY")
    changes.forming("s", "QQQ")
    changes.equity("s")
    changes.portfolio()
    changes.status()
    assert changes.flush()
    assert not changes.flush()
    (only,) = told
    assert only.changed == {Table.ORDERS: frozenset({"o1"})}
    assert only.charts == {("s", "SPY")}
    assert only.forming == {("s", "QQQ")}, "a new bar includes the forming one"
    assert only.equity == {"s"}
    assert only.portfolio
    assert only.status


def test_the_last_word_on_a_row_counts() -> None:
    changes, told, _ = collector()
    changes.changed(Table.SIGNALS, "a")
    changes.removed(Table.SIGNALS, "a")
    changes.removed(Table.SIGNALS, "b")
    changes.changed(Table.SIGNALS, "b")
    changes.flush()
    assert told[0].removed == {Table.SIGNALS: frozenset({"a"})}
    assert told[0].changed == {Table.SIGNALS: frozenset({"b"})}


def test_fault_32_a_listener_that_fails_is_reported_and_the_next_one_is_told() -> None:
    changes, told, errors = collector()
    later: list[Changes] = []

    def broken(_: Changes) -> None:
        raise ValueError("a panel broke")

    end_broken = changes.follow(broken)
    changes.follow(later.append)
    changes.status()
    changes.flush()
    assert len(told) == len(later) == 1
    assert str(errors[0][0]) == "a panel broke"
    end_broken()
    end_broken()
    changes.status()
    changes.flush()
    assert len(errors) == 1


def test_a_telling_over_several_turns_is_whole_for_each_and_over_before_the_next_begins() -> None:
    changes, told, _ = collector()
    heard: list[tuple[str, Changes]] = []
    changes.follow(lambda what: heard.append(("table", what)))
    changes.follow(lambda what: heard.append(("card", what)), first=True)
    changes.changed(Table.ORDERS, "o1")
    assert changes.begin()
    assert changes.go_on(0.0)
    assert [name for name, _ in heard] == ["card"], "what a decision needs comes first"
    assert told == []
    changes.removed(Table.ORDERS, "o1")
    changes.changed(Table.POSITIONS, "p1")
    assert not changes.begin(), "the last one is not over"
    while changes.go_on(0.0):
        pass
    assert [name for name, _ in heard] == ["card", "table"]
    assert {id(what) for what in (*told, *(what for _, what in heard))} == {id(told[0])}
    assert told[0].changed == {Table.ORDERS: frozenset({"o1"})}
    assert changes.begin()
    assert not changes.go_on(60.0)
    assert told[1].removed == {Table.ORDERS: frozenset({"o1"})}
    assert told[1].changed == {Table.POSITIONS: frozenset({"p1"})}


def test_who_leaves_in_the_middle_of_a_telling_hears_no_more_of_it() -> None:
    changes, told, _ = collector()
    later: list[Changes] = []
    end = changes.follow(later.append)
    changes.status()
    assert changes.begin()
    assert changes.go_on(0.0)
    end()
    assert not changes.go_on(0.0)
    assert (len(told), later) == (1, [])


def test_telling_all_at_once_ends_what_was_under_way_first() -> None:
    changes, told, _ = collector()
    later: list[Changes] = []
    changes.follow(later.append)
    changes.status()
    assert changes.begin()
    assert changes.go_on(0.0)
    changes.portfolio()
    assert changes.flush()
    assert [(what.status, what.portfolio) for what in later] == [(True, False), (False, True)]
    assert told == later
