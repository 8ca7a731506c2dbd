"""The market hub: quotes checked, cached and built into bars; calendars; history files."""
