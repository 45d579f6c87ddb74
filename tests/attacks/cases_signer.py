# SPDX-License-Identifier: Apache-2.0
"""Attacks on who signed a driver. Each machine's evidence is sound: what lies
is the signature that its log shows for one driver, or the kernel of it.

A row: (case, what, make, the word of `signer` that must hold). make(s) gives
the fields of the driver's record; s holds the signers.
"""
import hashlib

import surgery
import mklog
import signing

GOOD, EVIL = b"the distribution's driver", b"another driver"
HEAD = """policy: signers
version: 1
authority: Tests
valid: { from: 2020-01-01, until: 2099-12-31 }
requires: { identity: pinned, freshness: 10m, secure_boot: on,
  lockdown: integrity, measurer: any }
signers:
  - { id: linux, certificates: linux.pem, distribution: yes }
  - { id: vendor, certificates: vendor.pem }
rules:
  - id: asked
    when: { kind: driver, signer: %s }
    then: refuse
    because: A test.
otherwise: { known: admit, unknown: refer }
"""


class Signers:
    def __init__(self):
        self.linux = signing.Signer("Linux key", "rsa", 7)
        self.vendor = signing.Signer("Vendor key", "p384", 8)
        self.twin = signing.Signer("Linux key", "rsa", 7)
        self.stranger = signing.Signer("Linux key", "p256", 9)


def driver(signature, payload=EVIL, **more):
    out = {"sig-status": 1,
           "payload-digest": ["sha256:" + hashlib.sha256(payload).hexdigest()]}
    if signature is not None:
        out["signature"] = signature.hex()
    out.update(more)
    return out


def patched(s):
    """Attributes that claim the other driver's digest, signed before."""
    old, new = (hashlib.sha256(x).digest() for x in (GOOD, EVIL))
    data = s.linux.sign(GOOD, attributes=True)
    if data.count(old) != 1:
        raise RuntimeError("no digest in the attributes")
    return data.replace(old, new)


def stretched(s):
    """Garbage behind it, the outer length put right."""
    data = s.linux.sign(GOOD) + b"\5\0"
    return data[:2] + (len(data) - 4).to_bytes(2, "big") + data[4:]


ROWS = [
    ("another", "the signature of another driver",
     lambda s: driver(s.linux.sign(GOOD)), "wrong"),
    ("another-attributes", "the same, with attributes that are true of that",
     lambda s: driver(s.linux.sign(GOOD, attributes=True)), "wrong"),
    ("attributes-lie", "attributes changed to this driver's digest",
     lambda s: driver(patched(s)), "wrong"),
    ("twin", "a certificate of the same name and number, another key",
     lambda s: driver(s.twin.sign(EVIL)), "wrong"),
    ("twin-inside", "the same, with that certificate inside",
     lambda s: driver(s.twin.sign(EVIL, certs=True)), "wrong"),
    ("stranger", "a key of the same name, unknown",
     lambda s: driver(s.stranger.sign(EVIL)), "unknown-key"),
    ("stranger-inside", "the same, with its certificate inside",
     lambda s: driver(s.stranger.sign(EVIL, certs=True)), "unknown-key"),
    ("vendor", "a vendor's, where the distribution's is asked for",
     lambda s: driver(s.vendor.sign(EVIL)), "vendor"),
    ("noise", "a signature that is none",
     lambda s: driver(b"\x30\x82\0\0\0"), "unreadable"),
    ("tail", "bytes behind it", lambda s: driver(stretched(s), GOOD),
     "unreadable"),
    ("cut", "its end cut off",
     lambda s: driver(s.linux.sign(GOOD)[:-1], GOOD), "unreadable"),
    ("no-hash", "a hash of which the log has no digest",
     lambda s: driver(s.linux.sign(GOOD, name="sha512"), GOOD), "unreadable"),
    ("kernels-word", "the kernel's word, and nothing to check",
     lambda s: driver(None), "verified"),
    ("unsigned", "the kernel says unsigned, the signature is another's",
     lambda s: driver(s.linux.sign(GOOD), **{"sig-status": 0}), "wrong"),
]


class Scene:
    """Machines with a software AK: the logs differ, no TPM has to."""

    def __init__(self, ctx):
        self.ctx, self.key, self.signers = ctx, surgery.SoftKey(), Signers()
        self.files = [ctx.write(name + ".pem", signer.pem) for name, signer in
                      (("linux", self.signers.linux),
                       ("vendor", self.signers.vendor))]

    def evidence(self, fields, nonce):
        record = {"event": "module", "name": "d", "origin": 1, "intree": 1,
                  "license": "GPL", "image": "d"}
        record.update(fields)
        log, extends = mklog.make({
            "pcr": 13, "banks": ["sha256"], "uncovered": 0,
            "records": [{"event": "anchor"}, record]})
        values = {n: bytes(32) for n in range(16)}
        values[13] = mklog.replay(extends, ["sha256"])["sha256"]
        claims = surgery.cbor.dumps({"agent.version": "1"})
        att, sig = surgery.quote(self.key, nonce, claims, "sha256", values)
        return surgery.Evidence(
            attest=att, signature=sig, ak=self.key.public, claims=claims,
            log_measurer=log, pcrs=surgery.pcrs("sha256", values)).encode()

    def asked(self, case, fields, condition, exit_code, reason):
        """A rule that refuses on that condition -> None or what is wrong."""
        path = self.ctx.write("policy.yaml", (HEAD % condition).encode())
        data = self.evidence(fields, self.ctx.challenge())
        self.ctx.keep(case, data, self.key.public, exit_code, reason,
                      policy=path, files=self.files)
        done = self.ctx.verify(data, self.key.public, policy=path)
        if done.exit == exit_code:
            return None
        return "signer: %s: %s, not exit %d" % (condition, done, exit_code)

    def lie(self, case, make, word):
        fields = make(self.signers)
        wrong = self.asked(case, fields, word, 3, "POLICY_RULE")
        if not wrong:
            wrong = self.asked(case + "-not", fields, "{ not: distribution }",
                               3, "POLICY_RULE")
        if wrong:
            return wrong
        # and it is not taken for the distribution's: known by other ways only
        known = word in ("vendor", "verified", "unreadable", "unknown-key")
        return self.asked(case + "-is", fields, "distribution",
                          0 if known else 4, None if known else "POLICY_RULE")


def good(scene):
    """Each kind of good signature is the distribution's, and known."""
    for i in range(4):
        fields = driver(scene.signers.linux.sign(
            GOOD, attributes=i & 1, certs=i & 2), GOOD, **{"sig-status": 2})
        wrong = scene.asked("signer-good-%d" % i, fields,
                            "{ not: distribution }", 0, None) or \
            scene.asked("signer-good-%d-is" % i, fields, "[linux]", 3,
                        "POLICY_RULE")
        if wrong:
            return wrong
    return None


def huge(scene):
    """At the limit it is read, past it the log is malformed."""
    fields = driver(b"\x30\x82\x3f\xfc" + bytes(16380))
    wrong = scene.asked("signer-big", fields, "unreadable", 3, "POLICY_RULE")
    fields = driver(b"\x30\x82\x3f\xfd" + bytes(16381))
    return wrong or scene.asked("signer-huge", fields, "unreadable", 5,
                                "MALFORMED")


def escaped(scene):
    """A name that would clear the terminal arrives as text."""
    scene.signers.stranger = signing.Signer("\033[2J\u202eLinux", "p256", 9)
    fields = driver(scene.signers.stranger.sign(EVIL))
    path = scene.ctx.write("policy.yaml", (HEAD % "unknown-key").encode())
    data = scene.evidence(fields, scene.ctx.challenge())
    done = scene.ctx.verify(data, scene.key.public, policy=path)
    said = [f["sentence"] for f in done.json.get("findings", [])
            if f.get("check") == "asked"]
    if done.exit == 3 and said and "\\x1b[2J" in said[0] and not any(
            ord(c) < 0x20 or ord(c) == 0x202e for c in said[0]):
        return None
    return "%s: %r" % (done, said)


FLOWS = [("signer-good", "the distribution's, in each form", good),
         ("signer-huge", "a signature as large as may be, and larger", huge),
         ("signer-escaped", "a hostile name in a signature", escaped)]


def run(ctx, wanted):
    scene = Scene(ctx)
    for case, what, make, word in ROWS:
        case = "signer-" + case
        if wanted(case):
            ctx.case(case, what, lambda c=case, m=make, w=word:
                     scene.lie(c, m, w))
    for case, what, check in FLOWS:
        if wanted(case):
            ctx.case(case, what, lambda check=check: check(scene))
