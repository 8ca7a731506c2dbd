from desktop.engine.bus import EventBus


class Apple: ...


class Pear: ...


def test_a_fact_reaches_those_who_subscribed_to_its_class_and_those_who_want_all() -> None:
    heard: list[object] = []
    everything: list[object] = []
    bus = EventBus(lambda error, fact: None)
    end = bus.subscribe(Apple, heard.append)
    end_all = bus.subscribe_all(everything.append)
    apple, pear = Apple(), Pear()
    bus.publish(apple)
    bus.publish(pear)
    assert heard == [apple]
    assert everything == [apple, pear]
    end()
    end_all()
    end()
    bus.publish(apple)
    assert heard == [apple]
    assert len(everything) == 2


def test_fault_32_a_listener_that_fails_never_stops_the_others() -> None:
    errors: list[tuple[BaseException, object]] = []
    heard: list[object] = []
    bus = EventBus(lambda error, fact: errors.append((error, fact)))

    def broken(_: Apple) -> None:
        raise RuntimeError("broken")

    bus.subscribe(Apple, broken)
    bus.subscribe(Apple, heard.append)
    apple = Apple()
    bus.publish(apple)
    assert heard == [apple]
    assert errors[0][1] is apple
