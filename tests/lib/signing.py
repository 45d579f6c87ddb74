# SPDX-License-Identifier: Apache-2.0
"""Signers of modules, in software: certificates, and PKCS#7 as modules carry."""
import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

HASHES = {"sha256": hashes.SHA256, "sha384": hashes.SHA384,
          "sha512": hashes.SHA512}
LONG_AGO = datetime.datetime(2001, 1, 1)


def make_key(kind):
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:] or 2048))
    return ec.generate_private_key(ec.SECP384R1() if kind == "p384"
                                   else ec.SECP256R1())


class Signer:
    """Two with the same name and serial differ only in their keys."""

    def __init__(self, name, kind="p256", serial=1):
        self.key = make_key(kind)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        public = self.key.public_key()
        self.cert = x509.CertificateBuilder(
            subject, subject, public, serial, LONG_AGO,
            LONG_AGO + datetime.timedelta(1)).add_extension(
                x509.SubjectKeyIdentifier.from_public_key(public),
                False).sign(self.key, hashes.SHA256())
        self.pem = self.cert.public_bytes(serialization.Encoding.PEM)

    def sign(self, payload, attributes=False, certs=False, name="sha256"):
        options = [pkcs7.PKCS7Options.DetachedSignature,
                   pkcs7.PKCS7Options.Binary]
        if not attributes:
            options.append(pkcs7.PKCS7Options.NoAttributes)
        if not certs:
            options.append(pkcs7.PKCS7Options.NoCerts)
        return pkcs7.PKCS7SignatureBuilder().set_data(payload).add_signer(
            self.cert, self.key, HASHES[name]()).sign(
                serialization.Encoding.DER, options)
