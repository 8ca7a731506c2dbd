"""Whom to believe on a secure connection: the system's authorities, and Mozilla's where the system has none to show.

A bundled program on macOS or an unusual Linux finds no certificates of the system, and could connect nowhere.
"""

from __future__ import annotations

import ssl

import certifi


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # some systems leave it at the oldest their library knows
    return context


#: Reading certificates takes some 40 ms: done when this is imported, which the adapters' users do in a thread.
CONTEXT = _context()
