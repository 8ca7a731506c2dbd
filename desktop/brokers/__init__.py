"""Brokers over a wire: adapters of `desktop.ports.brokers.Broker`, and what knows them all."""
