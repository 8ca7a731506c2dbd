"""Rules: formula text to a checked graph, evaluated in batch and in stream, explained clause by clause."""
