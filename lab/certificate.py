# SPDX-License-Identifier: MPL-2.0
"""Certificates for the server of the rack, as an operator's tools put them there."""

from rack import SERVER, run


EC = ("ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
RSA = ("rsa:2048",)


def make_pair(folder, name, stem="server", key=EC):
    """A certificate of that name, `stem`.crt and `stem`.key; renamed into their places as ACME clients do."""
    run("openssl", "req", "-x509", "-newkey", *key, "-nodes", "-days", "2",
        "-subj", f"/CN={name}", "-addext", f"subjectAltName=IP:{SERVER}", "-keyout", folder / "new.key", "-out",
        folder / "new.crt")
    for kind in ("crt", "key"):
        (folder / f"new.{kind}").chmod(0o644)
        (folder / f"new.{kind}").rename(folder / f"{stem}.{kind}")
    return folder
