#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Bills at random against machines at random: verify --against-bid and the
oracle must find the same parts missing, extra and different.

  deliveries.py --credence PROGRAM --registry DIR [--seed N] [--count N]
"""
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bidread  # noqa: E402
import bids  # noqa: E402
import bidwrite  # noqa: E402
import delivery  # noqa: E402
import program  # noqa: E402
from program import machines, mklog  # noqa: E402
from registry import Registry  # noqa: E402

PCI = [("8086", "1572", 0x020000, "NIC", "X710"),
       ("8086", "a370", 0x028000, "Wi-Fi", "AX201"),
       ("8086", "3e92", 0x030000, "gpu", "UHD 630"),
       ("8086", "a110", 0x060400, "bridge", "Root Port 9"),
       ("8086", "a352", 0x010601, "SSD", "AHCI controller"),
       ("144d", "a808", 0x010802, "SSD", "PM981 512GB"),
       ("10ec", "8168", 0x020000, "NIC", "RTL8168"),
       ("10de", "1cb3", 0x030000, "gpu", "Quadro P400"),
       ("8086", "0880", 0x088000, "device", "Timer"),
       ("8086", "0500", 0x050000, "device", "Shared memory"),
       ("1022", "1200", 0x120000, "device", "NPU 1"),
       ("1022", "1080", 0x108000, "device", "PSP 2"),
       ("fffe", "0001", 0x118000, "device", "Card 9000"),
       ("fffe", "0002", 0x070003, "device", "Serial 16550")]
USB = [("046d", "082d", 0x0E0100, "web cam", "HD Pro Webcam C920"),
       ("413c", "2113", 0x030101, "keyboard", "KB216"),
       ("0951", "1666", 0x080650, "SSD", "DataTraveler 3.0"),
       ("0bda", "8153", 0x020600, "NIC", "RTL8153 Adapter"),
       ("8087", "0aaa", 0xE00101, "device", "AX201 Bluetooth"),
       ("fffe", "0003", 0x090000, "device", "Hub 4")]
NAMES = {"8086": "Intel Corporation", "144d": "Samsung Electronics Co., Ltd.",
         "10ec": "Realtek", "10de": "NVIDIA", "1022": "AMD",
         "046d": "Logitech", "413c": "Dell Inc.", "0951": "Kingston",
         "0bda": "Realtek", "8087": "Intel Corporation", "fffe": "Nobody"}
MAKERS = ["Dell Inc.", "Intel Corporation", "Samsung", "Nobody in particular",
          "To Be Filled By O.E.M.", "LENOVO", "Lenovo", ""]
BOARDS = [(0, "UEFI", "1.20.0"), (1, "laptop", "Latitude 7440"),
          (2, "Main-Board", "0NC2VH"), (4, "CPU", "Xeon Gold 6338"),
          (17, "DIMM", "M471A1K43DB1"), (17, "DIMM", "Default string"),
          (3, "laptop", "")]
SERIALS = ["", "", "S-1", "s1", "S2", "To be filled by O.E.M.", "00000000"]


class Scene:
    """Things that are there, as the log and as the bill has them."""

    def __init__(self, r, writer):
        self.r, self.w = r, writer
        self.late, self.items, self.rows, self.addresses = [], [], [], set()
        self.slots = {}

    def maybe(self, chance=0.5):
        return self.r.random() < chance

    def text(self, text):
        """The same, or nearly, as somebody else writes it."""
        words = text.split()
        return self.r.choice([text, text, text, text.upper(), text.replace(
            " ", "-"), text.replace("-", " "), words[-1] if words else "",
            text + " Rev B", "The " + text, text + "x", "", "Unknown"])

    def row(self, word, model, maker, **more):
        row = dict.fromkeys(bidwrite.COLUMNS, "")
        row.update(kind=word, model=self.text(model) or "None", **more)
        if self.maybe(0.8):
            row["manufacturer"] = maker if self.maybe(0.85) else \
                self.r.choice(MAKERS)
        if self.maybe(0.2):
            row["part_number"] = self.text(model)
        if self.maybe(0.1):
            row["quantity"] = "2"
        if self.maybe(0.1):
            row["kind"] = self.r.choice(["device", "NIC", "flux compensator",
                                         "battery", "Wi-Fi"])
        return row

    def put(self, record, row):
        """In the log, in the bill, or in both."""
        where = self.r.choice(["both"] * 8 + ["log", "bill"])
        if where != "bill":
            (self.late if self.maybe(0.07) else self.items).append(record)
        if where != "log":
            self.rows.append(row)

    def address(self, vendor):
        """Often that of a further function of a card of this vendor."""
        while True:
            if vendor in self.slots and self.maybe(0.6):
                at = "%s.%d" % (self.slots[vendor], self.r.randrange(8))
                if at not in self.addresses:
                    self.addresses.add(at)
                    return at
            at = "0000:%02x:%02x.%d" % (self.r.choice([0, 0, 1, 1, 2]),
                                        self.r.choice([0, 0, 1]),
                                        self.r.choice([0, 1, 2]))
            if at not in self.addresses:
                self.addresses.add(at)
                self.slots[vendor] = at[:-2]
                return at

    def pci(self):
        vendor, device, code, word, model = self.r.choice(PCI)
        for _ in range(self.r.choice([1, 1, 1, 2])):
            rec = {"event": "device", "bus": "pci", "device": self.address(vendor),
                   "vendor-id": int(vendor, 16), "device-id": int(device, 16),
                   "class": code, "revision": self.r.choice([3, 3, 31])}
            rec["port"] = rec["device"]
            if self.maybe():
                rec["subvendor-id"] = self.r.choice([0x1028, 0x8086])
                rec["subdevice-id"] = self.r.choice([0x85A, 1])
            if self.maybe(0.3):
                rec["dsn"] = self.r.choice([0x11, 0x12])
            if self.maybe(0.05):
                rec["device-flags"] = 4
            self.put(rec, self.pci_row(word, model, vendor, device))

    def ids(self, row, bus, vendor, device):
        if self.maybe(0.6):
            row.update(bus=bus, vendor_id=vendor)
            if self.maybe(0.85):
                row["device_id"] = device if self.maybe(0.8) else "0777"
        elif self.maybe(0.2):
            row["bus"] = bus

    def pci_row(self, word, model, vendor, device):
        row = self.row(word, model, NAMES[vendor])
        self.ids(row, "pci", vendor, device)
        if row["bus"] and self.maybe(0.3):
            row["subsystem_vendor_id"] = self.r.choice(["1028", "8086"])
            row["subsystem_device_id"] = self.r.choice(["085a", "1"])
        if row["bus"] and self.maybe(0.3):
            row["revision"] = self.r.choice(["3", "1f"])
        if self.maybe(0.2):
            row["serial"] = self.r.choice(["0000000000000011",
                                           "0000000000000012", "S1"])
        return row

    def usb(self):
        vendor, device, code, word, model = self.r.choice(USB)
        name = "1-%d" % len(self.addresses)
        self.addresses.add(name)
        rec = {"event": "device", "bus": "usb", "device": name,
               "port": "0000:00/14.0/usb/" + name, "vendor-id": int(vendor, 16),
               "device-id": int(device, 16), "revision": 0x110,
               "class": code if self.maybe(0.3) else 0,
               "serial": self.r.choice(SERIALS)}
        if self.maybe(0.8):
            rec["product"] = model
        if self.maybe(0.05):
            rec["device-flags"] = 16
        row = self.row(word, model, NAMES[vendor],
                       serial=self.r.choice(SERIALS))
        self.ids(row, "usb", vendor, device)
        self.put(rec, row)
        if rec in self.items and self.maybe(0.7):
            self.items.append({**rec, "device": name + ":1.0", "interface": 0,
                               "class": code, "parent": "usb/" + name})
        if rec in self.items and self.maybe(0.1):
            self.late.append({**rec, "event": "device-gone"})

    def smbios(self):
        kind, word, model = self.r.choice(BOARDS)
        maker, serial = self.r.choice(MAKERS), self.r.choice(SERIALS)
        at = {0: 5, 1: 5, 2: 5, 4: 0x10, 17: 0x1A}.get(kind, 0)
        texts = {4: "", 5: "", 7: "", 0x10: "", 0x17: "", 0x18: "", 0x1A: "",
                 0x20: "", 6: ""}
        texts[{4: 7, 17: 0x17}.get(kind, 4)] = maker
        if at:
            texts[at] = model
        texts[{4: 0x20, 17: 0x18}.get(kind, 7)] = serial
        if kind == 1 and self.maybe(0.3):
            texts[5], texts[6] = "21HD", model
        numbers = {0x0C: self.r.choice([b"\0\0", b"\0\x20"])} \
            if kind == 17 else {}
        if kind == 4:
            numbers = {0x18: self.r.choice([b"\x41", b"\x41", b"\0"])}
        texts = {k: v for k, v in texts.items() if v and k not in numbers}
        row = self.row(word, model, maker, serial=self.r.choice(
            [serial, *SERIALS]))
        if kind == 0 and self.maybe(0.7):
            row["version"] = self.r.choice([model, "1.21.0"])
        self.put(machines.smbios(kind, 40, texts, numbers, kind), row)

    def tpm(self):
        self.put({"event": "platform", "part": 6, "manufacturer":
                  self.r.choice(["NTC", "IFX", "XXXX"]), "product": "NPCT75x"},
                 self.row("tpm", "NPCT75x", self.r.choice(
                     ["Nuvoton Technology Corporation", "Infineon", "NTC"])))

    def software(self):
        name = self.r.choice(["e1000e", "nvme", "ice"])
        image = self.r.choice(["image 0", "image 1"])
        digest = mklog.hashlib.sha256(self.r.choice(
            ["image 0", "image 1"]).encode()).hexdigest()
        if self.maybe():
            rec = {"event": "firmware", "name": "intel/%s.fw" % name,
                   "origin": 1}
            row = self.row("firmware", name + ".fw", "Intel Corporation")
        else:
            rec = {"event": "module", "name": name, "origin": 1,
                   "version": self.r.choice(["1.0", "2.0"])}
            row = self.row("driver", name, "Intel Corporation",
                           version=self.r.choice(["", "1.0", "2.0"]))
        if self.maybe(0.8):
            rec["image"] = image
        if self.maybe():
            row["sha256"] = digest
        self.put(rec, row)

    def make(self):
        for _ in range(self.r.randint(2, 7)):
            self.r.choice([self.pci, self.pci, self.usb, self.smbios,
                           self.smbios, self.tpm, self.software])()
        seen = self.r.choice([["pci: all", "usb: all"], ["pci: all"],
                              ["usb: all", "pci: all"]])
        self.r.shuffle(self.rows)
        records = [{"event": "anchor"},
                   {"event": "coverage", "seen": seen, "not-seen": ["x: y"]},
                   {"event": "snapshot", "items": self.items}, *self.late]
        return records, len(self.late), self.rows or [
            self.row("battery", "B1", "Nobody")]


SUMMARY = ("ids", "serial number", "maker and model", "a word of the model",
           "maker and class")
BLIND = {"never": "the measurer does not see such parts",
         "perhaps": "may be on a bus that is not measured",
         "identity": "neither ids nor a maker",
         "digest": "no digest of them in that hash"}
PLACE = re.compile(r"measurer log, record (\d+)(?:, item (\d+))?$")


def bid_place(text):
    """Without the words in which the bill says what it is."""
    return text.split("; measurer log")[0][len("bid, "):].split(' ("')[0]


def log_place(text):
    found = PLACE.search(text)
    return int(found.group(1)) if not found.group(2) else \
        (int(found.group(1)), int(found.group(2)))


def told(code, report):
    """What the program found, in the oracle's words."""
    out = {"exit": code, "missing": {}, "extra": [], "different": [],
           "blind": dict.fromkeys(BLIND, 0)}
    for f in report["findings"]:
        if f["check"] == "bid-missing":
            out["missing"][bid_place(f["place"])] = (
                int(f["observed"]), int(f["expected"]))
        elif f["check"] == "bid-extra":
            out["extra"].append(log_place(f["place"]))
        elif f["check"] == "bid-different":
            out["different"].append((bid_place(f["place"]),
                                     log_place(f["place"])))
        elif f["check"] == "bid-not-compared":
            why = next(k for k, v in BLIND.items() if v in f["sentence"])
            listed = f["sentence"].rsplit(": ", 1)[1]
            more = re.search(r" and (\d+) more\.$", listed)
            out["blind"][why] = listed.count(", ") + 1 + (
                int(more.group(1)) if more else 0)
        elif f["check"] == "bid":
            out["found"] = [int(re.search(r"by %s: (\d+)" % s,
                                          f["observed"]).group(1))
                            for s in SUMMARY]
            out["tolerated"] = [int(n) for n in re.findall(
                r"(\d+) (?:parts|further)", f["sentence"])]
    return out


def expect(items, records, covered, registry, strict):
    declared, never, line = [], 0, -1
    for line, item in enumerate(items):
        said = bids.Part(item, registry)
        if said.kind == "platform" and said.part == "other":
            never += 1
            continue
        declared += [delivery.Declared(said, line)
                     for _ in range(item.quantity)]
    c = delivery.Comparison(declared, never, records, covered, registry)
    wrong = c.missing or c.extra or c.different
    return {"exit": (3 if strict else 4) if wrong else 0,
            "missing": c.missing, "extra": c.extra,
            "different": c.different, "blind": c.blind,
            "found": [c.found[h] for h in (
                delivery.IDS, delivery.SERIAL, delivery.MODEL, delivery.WORD,
                delivery.CLASS)],
            "tolerated": [c.tolerated[k] for k in (
                "chipset", "same card", "not listed")]}


def main():
    args = program.arguments(__doc__, count=200)
    registry, asked = Registry(args.registry), program.Program(args)
    key = machines.surgery.SoftKey()

    def case(n):
        r = program.source(args.seed, n)
        writer = bidwrite.Writer(r, MAKERS, ["8086"])
        records, uncovered, rows = Scene(r, writer).make()
        form, text = writer.bill(rows)
        bundle, log, covered = program.evidence(key, records, uncovered)
        strict = r.random() < 0.3
        code, report = asked.verify(
            bundle, key, program.POLICY % ("match" if strict else "any",
                                           "admit"),
            "--against-bid", asked.file("bid", text))
        try:
            items = bids.read(form, text)
        except bidread.Nothing:
            return "none", code != 2 and [code, "no bill", text]
        if "findings" not in report:
            return "none", [code, report, text]
        want = expect(items, log, covered, registry, strict)
        bad = program.differences(want, told(code, report))
        word = {0: "admit", 3: "refuse", 4: "refer"}.get(code, str(code))
        return word, bad and [*bad, text, records]

    tap = program.Tap("deliveries against their bids", args.count, 50)
    try:
        return tap.end(tap.run(case), ["admit", "refer", "refuse"])
    finally:
        asked.close()


if __name__ == "__main__":
    sys.exit(main())
