# SPDX-License-Identifier: Apache-2.0
"""What 100 rules on 500 components take of the whole appraisal of the bundle
that tells of them, in processor time: facts, vendors, rules and findings
against `credence verify`. And of an appraisal whose policy and registry are
loaded, what the other 99 rules add to the first.
"""
import hashlib
import json
import os
import random
import statistics
import subprocess
import sys

from clock import Broken
from signers import NOW, spent
from table import Row

ROUNDS, SECONDS = 9, "0.3"
NOTE = "verify %.1f ms; judging %.2f ms of the %.2f ms with all loaded"
CLASSES = ["network", "storage", "display", "audio", "bridge", "serial"]
CODES = [0x020000, 0x010802, 0x030000, 0x040300, 0x060400, 0x070002]
AUTHORS = ["Intel Corporation, <linux.nics@intel.com>", "Jane Roe <j@x.org>",
           "Realtek linux nic maintainers", "Linus Torvalds"]
LISTED = "Huawei Technologies CO., Ltd"	# of one driver only


def driver(r, n):
    """As large as those of a distribution: text, and a signature."""
    return {"event": "module", "name": "driver%d" % n,
            "path": "/usr/lib/modules/6.1.0-56-amd64/kernel/drivers/net/"
            "driver%d.ko" % n, "origin": 1, "image": "driver %d" % n,
            "sig-status": 1, "author": [LISTED if n == 7 else r.choice(AUTHORS)],
            "license": "GPL",
            "version": "%d.%d-k" % (n % 7, n % 13), "intree": 1, "taints": 0,
            "description": "A driver of the kernel's own, number %d" % n,
            "alias-vendor": ["pci:8086", "pci:10ec"],
            "srcversion": "%024X" % n, "vermagic": "6.1.0-56-amd64 SMP",
            "signature": r.randbytes(707).hex()}


def device(r, n):
    at = n % len(CODES)
    vendor = r.choice([0x8086, 0x10EC, 0x1022, 0x14E4, 0x1234])
    return {"event": "device", "bus": "pci", "device": "0000:%02x:%02x.0" % (
        n // 32, n % 32), "port": "0000:%02x/%02x.0" % (n // 32, n % 32),
        "vendor-id": vendor, "device-id": 0x1000 + n, "subvendor-id": vendor,
        "subdevice-id": n, "class": CODES[at], "revision": n % 5,
        "driver": "driver%d" % n, "module": "driver%d" % n}


def firmware(n):
    return {"event": "firmware", "name": "vendor/image%d.bin" % n, "origin": 1,
            "path": "/usr/lib/firmware/vendor/image%d.bin" % n,
            "image": "image %d" % n, "bus": "pci", "module": "driver%d" % n,
            "device": "0000:%02x:%02x.0" % (n // 32, n % 32),
            "driver": "driver%d" % n}


def board(n):
    data = bytearray([n % 5, 27, n, 0, 1, 2, 3, 4, 5] + [0] * 18)
    return {"event": "platform", "part": 1, "smbios-type": n % 5,
            "data": data.hex(), "string": ["Dell Inc.", "Model %d" % n, "1.2.3",
                                           "S%d" % n, "03/04/2020"]}


def records():
    r = random.Random(1)
    out = [{"event": "anchor"}]
    out += [driver(r, n) for n in range(200)]
    out.append({"event": "snapshot",
                "items": [device(r, n) for n in range(200)]})
    out += [firmware(n) for n in range(60)]
    out.append({"event": "snapshot", "items": [board(n) for n in range(40)]})
    return out


def when(n):
    """Each of the ways in which a rule can ask, in turn."""
    return [
        "kind: driver, listed: [us-ndaa-889, us-fcc-covered]",
        "kind: device, class: %s, jurisdiction: { not: [US, CN, TW, unknown] }"
        % CLASSES[n % 6],
        "kind: driver, signer: none, origin: { not: built-in }",
        "flags: [unmeasured, from-memory, failed], name: driver%d" % n,
        "kind: firmware, digest: forbidden",
        "kind: device, id: \"8086:%04x\"" % n,
        "kind: driver, version: { below: \"0.0.%d\" }, name: x%d" % (n, n),
        "kind: driver, path: { like: \"/tmp/*/driver%d.ko\" }" % n,
        "kind: device, grade: declared, class: %s" % CLASSES[n % 6],
        "kind: device, class: %s, driver: { flags: unsigned }" % CLASSES[n % 6],
        "kind: device, firmware: { digest: forbidden, name: x%d }" % n,
        "part: smbios, structure: firmware, released: { before: 2010-01-%02d }"
        % (n % 28 + 1),
        "kind: driver, author: { like: \"*<%d@example.org>\" }" % n,
        "kind: device, vendor: [kaspersky, zte], class: network",
        "kind: driver, license: Proprietary%d" % n,
        "kind: device, subsystem: \"10ec:%04x\", purpose: export" % n,
    ][n % 16]


def policy(n):
    """With n rules."""
    head = open("tests/bench/plain.yaml", encoding="utf-8").read()
    digests = ", ".join(hashlib.sha256(b"forbidden %d" % i).hexdigest()
                        for i in range(500))
    return head.split("rules:")[0].replace("identity: pinned",
                                           "identity: any") + \
        "digest_lists: [ { id: forbidden, digests: [%s] } ]\nrules:\n" \
        % digests + "".join(
            "  - { id: r%d, when: { %s }, then: refuse, because: A test. }\n"
            % (i, when(i)) for i in range(1, n + 1)) + \
        "otherwise: { known: admit, unknown: admit }\n"


def prepare(build):
    """-> folder with evidence of 500 components, and the policy"""
    out = os.path.abspath(build + "/bench/policy")
    os.makedirs(out, exist_ok=True)
    sys.path[:0] = ["tests/lib", "tests/attacks"]
    import mklog
    import surgery
    log, extends = mklog.make({"pcr": 13, "banks": ["sha256"], "uncovered": 0,
                               "records": records()})
    values = {n: bytes(32) for n in range(16)}
    values[13] = mklog.replay(extends, ["sha256"])["sha256"]
    key, nonce = surgery.SoftKey(), hashlib.sha256(b"nonce").digest()
    claims = surgery.cbor.dumps({"agent.version": "1"})
    att, sig = surgery.quote(key, nonce, claims, "sha256", values)
    evidence = surgery.Evidence(
        attest=att, signature=sig, ak=key.public, claims=claims,
        log_measurer=log, pcrs=surgery.pcrs("sha256", values)).encode()
    state = out + "/state/open"
    os.makedirs(state, exist_ok=True)
    os.makedirs(out + "/state/used", exist_ok=True)
    challenge = json.dumps({
        "credence-challenge": 1, "nonce": nonce.hex(),
        "issued": "2026-06-01T00:00:00Z",
        "expires": "2026-06-01T00:10:00Z"}).encode()
    for path, content in (
            ("evidence.cbor", evidence), ("nonce", nonce),
            ("challenge.json", challenge), ("state/open/" + nonce.hex(),
                                            challenge),
            ("policy.yaml", policy(100).encode()),
            ("one.yaml", policy(1).encode())):
        with open(out + "/" + path, "wb") as f:
            f.write(content)
    return out


def once(build, out, name):
    """-> ms of an appraisal, ms of its judging; policy and registry loaded"""
    done = subprocess.run([build + "/bench/bench_policy", out, name,
                           "policies/registry", SECONDS],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True)
    words = done.stdout.split()
    if done.returncode or words[:1] != ["appraise"] or words[5] != "500":
        raise Broken("bench_policy: " + done.stdout)
    return float(words[1]), float(words[3])


def verify(build, out):
    """ms of processor time; the one listed driver refuses the machine"""
    return 1e3 * spent([
        os.path.abspath(build + "/credence"), "verify", "--quiet", "--state",
        out + "/state", "--challenge", out + "/challenge.json", "--policy",
        out + "/policy.yaml", "--registry", "policies/registry", *NOW,
        out + "/evidence.cbor"], dict(os.environ, LC_ALL="C"), ends=3)


def rows(build, say):
    say("100 rules on 500 components, %d rounds" % ROUNDS)
    out = prepare(build)
    runs = [(verify(build, out), *once(build, out, "policy.yaml"),
             *once(build, out, "one.yaml")) for _ in range(ROUNDS)]
    mid = [statistics.median(x) for x in zip(*runs)]
    return [
        Row("500 components under 100 rules / credence verify of the bundle",
            [r[2] / r[0] for r in runs], must=0.2,
            note=NOTE % (mid[0], mid[2], mid[1])),
        Row("99 rules more / the appraisal, with policy and registry loaded",
            [(r[2] - r[4]) / r[1] for r in runs])]
