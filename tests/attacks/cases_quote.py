# SPDX-License-Identifier: Apache-2.0
"""Attacks on statement, signature, key, nonce and PCR selection.

A row: (case, what is done, exit code, reason class, make). make(ctx, nonce)
returns the evidence, or (evidence, AK to pin). A reason of None means that
the evidence is good and must be admitted: the same build without the attack.
"""
import struct

import rig
import surgery

TYPES = {"nv": 0x8014, "command-audit": 0x8015, "session-audit": 0x8016,
         "certify": 0x8017, "time": 0x8019, "creation": 0x801A,
         "nv-digest": 0x801C, "zero": 0, "hash-check": 0x8024}


def soft(ctx, nonce, attributes=surgery.AK_ATTRIBUTES, bank="sha256",
         numbers=range(16), **changes):
    """The machine's values in a statement signed by a software key."""
    key = surgery.SoftKey(attributes)
    values = ctx.machine.tpm.values(bank, range(24))
    att, sig = surgery.quote(key, nonce, ctx.machine.claims, bank, values,
                             numbers, **changes)
    shown = {n: v for n, v in values.items() if n < 16}
    return surgery.Evidence(
        attest=att, signature=sig, ak=key.public, claims=ctx.machine.claims,
        pcrs=surgery.pcrs(bank, shown),
        log_measurer=ctx.machine.log), key.public


def soft_case(**changes):
    return lambda ctx, nonce: soft(ctx, nonce, **changes)


def a01_null_scheme(ctx, nonce):
    """Good attributes, but the key may choose its scheme."""
    ev, pub = soft(ctx, nonce)
    area = pub[2:].replace(struct.pack(">HHHH", 0x10, 0x18, 0x0B, 3),
                           struct.pack(">HHH", 0x10, 0x10, 3))
    return ev.copy(ak=surgery.tpm2b(area)), surgery.tpm2b(area)


def statement_of(verb, *args):
    """A genuine statement of the real AK that is no quote."""
    def make(ctx, nonce):
        tpm = ctx.machine.tpm
        extra = surgery.qualifying(nonce, ctx.machine.claims).hex()
        tpm.run(verb, *[a.format(d=tpm.dir, q=extra) for a in args])
        return ctx.machine.evidence(nonce, attest=tpm.read("st"),
                                    signature=tpm.read("ss"))
    return make


def nv_statement(ctx, nonce):
    tpm = ctx.machine.tpm
    body = struct.pack(">I", 1) + surgery.selection("sha256", range(16))
    try:
        tpm.run("nvdefine", "-C", "o", "-s", "64", "-a",
                "ownerread|ownerwrite|authread|authwrite", "0x1500020")
    except RuntimeError:
        pass	# defined by a case before
    tpm.run("nvwrite", "-C", "o", "-i", tpm.write("nv", body.ljust(64, b"\0")),
            "0x1500020")
    return statement_of("nvcertify", "-C", "{d}/ak", "-c", "o", "-g", "sha256",
                        "-o", "{d}/ss", "--attestation", "{d}/st", "-q", "{q}",
                        "--size", "64", "0x1500020")(ctx, nonce)


def creation_statement(ctx, nonce):
    tpm = ctx.machine.tpm
    tpm.primary("ak", rig.AK, "-d", tpm.path("hash"), "-t", tpm.path("ticket"))
    return statement_of("certifycreation", "-C", "{d}/ak", "-c", "{d}/ak",
                        "-d", "{d}/hash", "-t", "{d}/ticket", "-g", "sha256",
                        "-o", "{d}/ss", "--attestation", "{d}/st", "-q",
                        "{q}")(ctx, nonce)


def a04_unrestricted(ctx, nonce):
    """The TPM signs any digest with an unrestricted key."""
    tpm = ctx.machine.tpm
    tpm.primary("free", rig.UNRESTRICTED)
    pub = tpm.public("free")
    att, _ = surgery.quote(surgery.SoftKey(), nonce, ctx.machine.claims,
                           "sha256", tpm.values("sha256"))
    tpm.run("sign", "-Q", "-c", tpm.path("free"), "-g", "sha256", "-o",
            tpm.path("fs"), tpm.write("fa", att))
    return ctx.machine.evidence(nonce, attest=att, signature=tpm.read("fs"),
                                ak=pub), pub


def a04_other_key(ctx, nonce):
    """Sound evidence of a TPM that nobody enrolled."""
    other = ctx.second()
    return other.evidence(nonce), ctx.machine.tpm.ak


def a04_pinned_shown(ctx, nonce):
    """The enrolled key is shown, another one signed."""
    ev = ctx.second().evidence(nonce)
    return ev.copy(ak=ctx.machine.tpm.ak), ctx.machine.tpm.ak


def with_extra(change):
    def make(ctx, nonce):
        right = surgery.qualifying(nonce, ctx.machine.claims)
        return ctx.machine.evidence(nonce, extra=change(right, nonce, ctx))
    return make


def a11_claims(ctx, nonce):
    """Self-reported claims exchanged after the quote."""
    return ctx.machine.evidence(nonce, claims=surgery.cbor.dumps(
        {"disk.0.model": "another"}))


def a12_single(ctx, nonce):
    tpm = ctx.machine.tpm
    ev = ctx.machine.evidence(nonce, numbers=[16])
    return ev.copy(pcrs=surgery.pcrs("sha256", tpm.values("sha256")))


def a12_relabelled(ctx, nonce):
    """PCR 16 is filled freely, quoted, and its value shown as PCR 13."""
    tpm, desc = ctx.machine.tpm, rig.mklog.default_log()
    desc["records"][2]["author"] = ["Nobody in particular"]
    log, extends = rig.mklog.make(desc)
    tpm.run("pcrreset", "16")
    tpm.extend(16, extends)
    numbers = [n for n in range(16) if n != 13] + [16]
    ev = ctx.machine.evidence(nonce, numbers=numbers, log_measurer=log)
    values = tpm.values("sha256")
    values[13] = tpm.values("sha256", [16])[16]
    return ev.copy(pcrs=surgery.pcrs("sha256", values))


def a13_forged(numbers):
    """PCR 13 not signed; its value and the log are made to fit."""
    def make(ctx, nonce):
        desc = rig.mklog.default_log()
        desc["records"].pop(2)
        log, extends = rig.mklog.make(desc)
        ev = ctx.machine.evidence(nonce, numbers=numbers, log_measurer=log)
        values = ctx.machine.tpm.values("sha256")
        values[13] = rig.mklog.replay(extends, ["sha256"])["sha256"]
        return ev.copy(pcrs=surgery.pcrs("sha256", values))
    return make


def selected(numbers):
    return lambda ctx, nonce: ctx.machine.evidence(nonce, numbers=numbers)


def soft_selections(*sels, count=None):
    """Selections that no TPM would sign, by a software key."""
    def make(ctx, nonce):
        return soft(ctx, nonce, selections=[
            surgery.selection(b, n, size) for b, n, size in sels], count=count)
    return make


def shown(change):
    """The values beside a good quote, changed."""
    def make(ctx, nonce):
        values = ctx.machine.tpm.values("sha256")
        bank = change(values) or "sha256"
        return ctx.machine.evidence(nonce, pcrs=surgery.pcrs(bank, values))
    return make


def flip13(values):
    values[13] = bytes([values[13][0] ^ 1]) + values[13][1:]


def rebank(bank):
    def change(values):
        size = surgery.BANKS[bank][1]
        for n in values:
            values[n] = values[n][:size].ljust(size, b"\0")
        return bank
    return change


Q16 = list(range(16))
CASES = [
    ("A01-control", "software key with an AK's attributes, sound statement",
     0, None, soft_case()),
    ("A01-zero", "magic zero, signed by the pinned key", 3, "QUOTE_TYPE",
     soft_case(magic=0)),
    ("A01-swapped", "magic in the other byte order", 3, "QUOTE_TYPE",
     soft_case(magic=0x474354FF)),
    ("A01-near", "magic one off", 3, "QUOTE_TYPE", soft_case(magic=0xFF544348)),
] + [
    ("A01-type-" + name, "a quote's body under type 0x%04x" % number, 3,
     "QUOTE_TYPE", soft_case(kind=number)) for name, number in TYPES.items()
] + [
    ("A01-nv", "NV certification by the real AK, right nonce", 3, "QUOTE_TYPE",
     nv_statement),
    ("A01-creation", "creation statement by the real AK, right nonce", 3,
     "QUOTE_TYPE", creation_statement),
    ("A01-time", "time statement by the real AK, right nonce", 3, "QUOTE_TYPE",
     statement_of("gettime", "-Q", "-c", "{d}/ak", "-g", "sha256", "-o",
                  "{d}/ss", "--attestation", "{d}/st", "-q", "{q}")),
    ("A01-certify", "certification of the AK by itself", 3, "QUOTE_TYPE",
     statement_of("certify", "-Q", "-c", "{d}/ak", "-C", "{d}/ak", "-g",
                  "sha256", "-o", "{d}/st", "-s", "{d}/ss")),
    ("A04-unrestricted", "TPM key without 'restricted' signs an edited quote",
     3, "AK_UNTRUSTED", a04_unrestricted),
    ("A04-scheme", "AK without a fixed scheme", 3, "AK_UNTRUSTED",
     a01_null_scheme),
    ("A04-other", "sound evidence of a key that is not enrolled", 3,
     "AK_UNTRUSTED", a04_other_key),
    ("A04-shown", "the enrolled key shown, another one signed", 3, "QUOTE_SIG",
     a04_pinned_shown),
] + [
    ("A04-" + name, "AK attributes 0x%08x" % bits, 3, "AK_UNTRUSTED",
     soft_case(attributes=bits)) for name, bits in {
         "no-fixedtpm": surgery.AK_ATTRIBUTES & ~0x2,
         "no-fixedparent": surgery.AK_ATTRIBUTES & ~0x10,
         "no-origin": surgery.AK_ATTRIBUTES & ~0x20,
         "no-restricted": surgery.AK_ATTRIBUTES & ~0x10000,
         "no-sign": surgery.AK_ATTRIBUTES & ~0x40000,
         "decrypt": surgery.AK_ATTRIBUTES | 0x20000,
         "duplication": surgery.AK_ATTRIBUTES | 0x800,
         "none": 0}.items()
] + [
    ("A11-" + name, "qualifying data: " + what, 3, "NONCE", with_extra(change))
    for name, what, change in (
        ("prefix", "its first 16 bytes", lambda q, n, c: q[:16]),
        ("prefix-31", "its first 31 bytes", lambda q, n, c: q[:31]),
        ("suffix", "its last 16 bytes", lambda q, n, c: q[16:]),
        ("longer", "one byte more", lambda q, n, c: q + b"\0"),
        ("longer-front", "one byte before", lambda q, n, c: b"\0" + q),
        ("empty", "none", lambda q, n, c: b""),
        ("hex", "its hex text", lambda q, n, c: q.hex().encode()),
        ("twice", "64 bytes, it twice", lambda q, n, c: q + q),
        ("bit", "one bit off", lambda q, n, c: q[:-1] + bytes([q[-1] ^ 1])),
        ("zeros", "32 zeros", lambda q, n, c: bytes(32)),
        ("raw", "the nonce itself", lambda q, n, c: n),
        ("hashed", "a hash of the nonce alone", lambda q, n, c:
         __import__("hashlib").sha256(n).digest()),
        ("noclaims", "bound to no claims", lambda q, n, c:
         surgery.qualifying(n, b"")),
        ("near", "for a nonce one bit off", lambda q, n, c:
         surgery.qualifying(n[:-1] + bytes([n[-1] ^ 1]), c.machine.claims)),
        ("short", "for a nonce of 16 bytes", lambda q, n, c:
         surgery.qualifying(n[:16], c.machine.claims)))
] + [
    ("A11-claims", "claims exchanged after the quote", 3, "NONCE", a11_claims),
    ("A12-single", "quote over PCR 16 only", 3, "PCR_COVERAGE", a12_single),
    ("A12-relabelled", "PCR 16 shown as PCR 13", 3, "PCR_COVERAGE",
     a12_relabelled),
    ("A13-0-7", "quote over 0-7, forged value and log for 13", 3,
     "PCR_COVERAGE", a13_forged(range(8))),
    ("A13-no-13", "quote over all but 13, forged value and log", 3,
     "PCR_COVERAGE", a13_forged([n for n in range(16) if n != 13])),
    ("A13-more", "quote over 0-16", 3, "PCR_COVERAGE", selected(range(17))),
    ("A13-all", "quote over 0-23", 3, "PCR_COVERAGE", selected(range(24))),
    ("A13-none", "selection of no PCR", 3, "PCR_COVERAGE",
     soft_selections(("sha256", [], 3))),
    ("A13-empty", "no selection at all", 3, "PCR_COVERAGE", soft_selections()),
    ("A13-twice", "the bank twice", 3, "PCR_COVERAGE",
     soft_selections(("sha256", Q16, 3), ("sha256", Q16, 3))),
    ("A13-halves", "the bank in two halves", 3, "PCR_COVERAGE",
     soft_selections(("sha256", Q16[:8], 3), ("sha256", Q16[8:], 3))),
    ("A13-two-banks", "two banks selected", 3, "PCR_COVERAGE",
     soft_selections(("sha256", Q16, 3), ("sha384", Q16, 3))),
    ("A13-missing", "PCR 13's value left out of the bundle", 3, "PCR_COVERAGE",
     shown(lambda v: v.pop(13) and None)),
    ("A13-value", "PCR 13's value changed in the bundle", 3, "PCR_MISMATCH",
     shown(flip13)),
    ("A13-swap", "values of PCR 13 and 14 exchanged", 3, "PCR_MISMATCH",
     shown(lambda v: v.update({13: v[14], 14: v[13]}))),
    ("D10-relabelled-384", "quoted sha256, values shown as sha384", 3,
     "PCR_COVERAGE", shown(rebank("sha384"))),
    ("D10-relabelled-sha1", "quoted sha256, values shown as sha1", 3,
     "PCR_COVERAGE", shown(rebank("sha1"))),
    ("D10-statement", "selection says sha384, values and log are sha256", 3,
     "PCR_COVERAGE", soft_selections(("sha384", Q16, 3))),
]
