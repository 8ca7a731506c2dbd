from __future__ import annotations

import ssl

from desktop.net.tls import CONTEXT


def test_certificates_and_names_are_checked_against_known_authorities() -> None:
    assert CONTEXT.verify_mode is ssl.CERT_REQUIRED
    assert CONTEXT.check_hostname
    assert CONTEXT.cert_store_stats()["x509_ca"] > 50
    assert CONTEXT.minimum_version >= ssl.TLSVersion.TLSv1_2
