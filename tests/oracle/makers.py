#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The library and maker.py asked whom texts name: names of the registry, those
names damaged and disguised, codes of memory makers, texts that fill fields.

  makers.py --program build/bench/makers --registry DIR [--seed N] [--count N]
"""
import argparse
import os
import random
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from registry import Registry  # noqa: E402

TYPES = [-1, 0, 1, 2, 3, 4, 17, 22]
FILLERS = ["To be filled by O.E.M.", "Default string", "Not Specified",
           "A1_Manufacturer0", "ChannelA_Dimm2_Manufacturer", "Notebook", "KBL",
           "0000", "FFFF", "[Empty]", "<BAD INDEX>", "System manufacturer",
           "Chassis Serial Number", "Unknown (0)", "1315", "SMP-SDI2.8",
           "333-54-5D-A", "13-42", "FRANBBATA112110259", "MS-7309",
           "Dell lnc.", "Intel(R) Corporation", "MICRO-STAR INT'L CO.,LTD"]
INTO = ["0", "O", "1", "l", "I", "|", "5", "s", "rn", "m", "vv", " ", ".", "-",
        "'", "_", "/", "Inc", "Co., Ltd", "compatible", "*", "\u0430", "\u0435",
        "\u043e", "\u0421", "\u0416", "\u03bf", "\u0397", "\uff29", "\uff0c",
        "\u200b", "\u00ad", "\u00eb", "\u00c9", "\u0131", "\u0130", "\u0142",
        "\u014a", "\u017f", "\u0178", "\U0001d400", "\U0001d7d8", "\u2019",
        "\u00ae", "\u3000", "\u1e9e", "\u00df", "\u00e6", "\u216c", "\u057d"]
MARKS = ["%s", "0x%s", "JEDEC ID:%s", "Unknown - [0x%s]", "Unknown ID:0x%s",
         "Unknown (%s)", "Unknown (0x%s)"]
BYTES = ["80", "CE", "00", "7F", "AD", "04", "CB", "98", "FF", "2C", "85", "9B",
         "01", "B3", "06", "32", "02", "94"]


class Texts:
    def __init__(self, seed, registry):
        self.r = random.Random(seed)
        self.names = [v for s, v in registry.ids if s == "smbios"] + [
            v.replace(" *", self.r.choice(["", " Co., Ltd.", " of Nowhere"]))
            for s, v in registry.ids if s.startswith("words")] + FILLERS

    def damaged(self):
        text = bytearray(self.r.choice(self.names).encode())
        for _ in range(self.r.randint(1, 3)):
            at, into = self.r.randint(0, len(text)), self.r.choice(INTO)
            into = into.encode() if self.r.random() < 0.9 else \
                bytes([self.r.randint(0x80, 0xFF)])
            text[at:at + self.r.randint(0, 1)] = into
        return bytes(text)

    def code(self):
        if self.r.random() < 0.2:
            text = "Bank %d, Hex 0x%s" % (self.r.randint(0, 19),
                                          self.r.choice(BYTES))
        else:
            parts = [self.r.choice(BYTES) if self.r.random() < 0.8 else
                     "%02X" % self.r.randint(0, 255)
                     for _ in range(self.r.choice([1, 2, 2, 2, 4, 6, 7, 8, 9]))]
            text = self.r.choice(MARKS) % self.r.choice(["", " "]).join(parts)
        return self.r.choice([text, text, text.lower(), text[:-1]]).encode()

    def one(self):
        kind, what = self.r.choice(TYPES), self.r.random()
        if what < 0.3:
            return self.r.choice([kind, 17]), self.code()
        text = self.damaged() if what < 0.8 else \
            self.r.choice(self.r.choice([self.names, FILLERS])).encode()
        return kind, self.r.choice([text, text, text.upper(), text.lower()])


def ask(program, registry, texts):
    lines = b"".join(b"%d\t%s\n" % t for t in texts)
    done = subprocess.run([program, registry], input=lines,
                          stdout=subprocess.PIPE, check=True)
    answers = [a.split(b"\t") for a in done.stdout.split(b"\n")[:-1]]
    assert len(answers) == len(texts)
    return [(a[0].decode(), None if a[0] == b"look-alike" or not a[1] else
             a[1].decode()) for a in answers]


def main():
    ap = argparse.ArgumentParser(usage=__doc__)
    ap.add_argument("--program", required=True)
    ap.add_argument("--registry", required=True)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--count", type=int, default=20000)
    a = ap.parse_args()
    registry = Registry(a.registry)
    maker = Texts(a.seed, registry)
    texts = [maker.one() for _ in range(a.count)]
    wrong, seen = 0, set()
    for (kind, text), theirs in zip(texts, ask(a.program, a.registry, texts)):
        ours = registry.makers.find(kind, text)
        seen.add(ours[0])
        if ours != theirs:
            wrong += 1
            print("# seed %d, type %d, %r: %s here, %s there"
                  % (a.seed, kind, text, ours, theirs))
    print("1..2")
    print("%sok 1 - %d texts name the same makers" % ("not " if wrong else "",
                                                      len(texts)))
    missing = {"unknown", "placeholder", "look-alike", "exact", "pattern",
               "form", "jedec"} - seen
    print("%sok 2 - every kind of answer is among them%s"
          % ("not " if missing else "", ": no " + ", ".join(missing)
             if missing else ""))
    return 1 if wrong or missing else 0


if __name__ == "__main__":
    sys.exit(main())
