"""The asyncio shell around the synchronous core: sessions, supervision, views. It knows no window."""
