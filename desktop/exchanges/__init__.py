"""What feeds and brokers of crypto exchanges share: the exchanges known, their library, their markets, their faults."""
