"""The command line: the same engine without a window, and how acceptance is checked."""
