"""Alpaca: our own client on aiohttp. Imported when a session on it, or its account, is first used."""
