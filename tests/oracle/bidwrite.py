# SPDX-License-Identifier: Apache-2.0
"""Bills of materials made at random: rows of a table, and the same written as
a spreadsheet, CycloneDX, SPDX or paccor would. What a form has no place for is
left out of it: what a bill says, its reader tells."""
import base64
import csv
import io
import json

COLUMNS = ["kind", "model", "manufacturer", "supplier", "quantity", "bus",
           "vendor_id", "device_id", "subsystem_vendor_id", "version",
           "sha256", "serial", "part_number", "class_code", "revision",
           "subsystem_device_id"]
DIGESTS = ["%064x" % n for n in (1, 2, 3)]
DEVICES = ["NIC", "Wi-Fi", "gpu", "SSD", "web cam", "keyboard", "device",
           "bridge", "flux compensator", "Wireless card", "WLAN-Karte",
           "Intel 802.11ax module", "network cards, wireless",
           "r\u00e9seau NIC"]
KINDS = [*DEVICES, "TPM 2.0", "Wi-Fi driver", "wireless board", "laptop", "Main-Board", "CPU", "DIMM", "UEFI", "tpm",
         "battery", "driver", "firmware"]
SPELLINGS = {"vendor_id": ["vendor_id", "vendorId", "vid", "Vendor-ID"],
             "device_id": ["device_id", "deviceID", "product_id", "pid"],
             "subsystem_vendor_id": ["subsystem_vendor_id", "subvendor_id"],
             "subsystem_device_id": ["subsystem_device_id", "SubsystemID"],
             "revision": ["revision", "Revision"],
             "class_code": ["class_code", "classCode"],
             "serial": ["serialNumber", "serial", "device_serial"],
             "part_number": ["part_number", "PartNumber"],
             "quantity": ["quantity", "Qty"],
             "kind": ["deviceType", "class", "hardware-class", "function"]}
OID = "2.23.133.18.3."
TCG = {"CPU": "00010002", "DIMM": "00060004", "SSD": "00070004",
       "NIC": "00090002", "Wi-Fi": "00090003", "gpu": "00050002",
       "Main-Board": "00030003", "UEFI": "00130003", "firmware": "00130001",
       "device": "00040002"}
SMBIOS = {"UEFI": 0, "laptop": 1, "Main-Board": 2, "CPU": 4, "DIMM": 17,
          "tpm": 43, "battery": 22}
CLASSES = {"NIC": "020000", "Wi-Fi": "028000", "gpu": "030000",
           "SSD": "010802"}


class Writer:
    def __init__(self, r, names, pci):
        self.r, self.names, self.pci = r, names, pci

    def maybe(self, chance=0.5):
        return self.r.random() < chance

    def row(self):
        r = self.r
        row = dict.fromkeys(COLUMNS, "")
        row["kind"] = r.choice(KINDS)
        row["model"] = r.choice(["M1", "M2", "X", "X LTE"])
        row["quantity"] = r.choice(["", "1", "2"])
        if self.maybe(0.7):
            row["manufacturer"] = r.choice(self.names)
        if self.maybe(0.2):
            row["supplier"] = r.choice(self.names)
        if self.maybe(0.3):
            row["version"] = r.choice(["1.0", "2.0"])
        if self.maybe(0.3):
            row["sha256"] = r.choice(DIGESTS)
        if self.maybe(0.2):
            row["serial"] = r.choice(["S1", "S2", "0"])
        if self.maybe(0.2):
            row["part_number"] = "P-%d" % r.randrange(3)
        if row["kind"] in DEVICES and self.maybe():
            row["bus"] = "pci"
            row["vendor_id"] = r.choice([*self.pci, "8086", "19e5"])
            row["device_id"] = r.choice(["1572", "1"])
            if self.maybe(0.3):
                row["subsystem_vendor_id"] = r.choice(self.pci)
            if self.maybe(0.3):
                row["subsystem_device_id"] = "085a"
                row["revision"] = r.choice(["3", "1f"])
            if self.maybe(0.3):
                row["class_code"] = r.choice(["0200", "0x0280", "030000",
                                              "0x010802", "0c0330"])
        return row

    def bill(self, rows):
        """-> (the name of the form, its text)"""
        form = self.r.choice(["csv", "cyclonedx", "spdx", "paccor"])
        if form == "csv":
            return form, self.csv(rows)
        indent = self.r.choice([None, 1, "\t"])
        text = json.dumps(getattr(self, form)(rows), indent=indent,
                          ensure_ascii=self.maybe())
        return form, self.r.choice(["", "\ufeff", "\n"]) + text

    def csv(self, rows):
        """As some spreadsheet would write it."""
        r, out = self.r, io.StringIO()
        sign = r.choice([";", ",", "\t"])
        columns = r.sample(COLUMNS, len(COLUMNS))
        writer = csv.DictWriter(
            out, columns, delimiter=sign, lineterminator=r.choice(
                ["\n", "\r\n"]),
            quoting=r.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
        writer.writerow({c: r.choice([c, c.upper(), c.replace("_", " ")])
                         for c in columns})
        writer.writerows(rows)
        return r.choice(["", "\ufeff"]) + out.getvalue()

    # --- CycloneDX ---

    def cyclonedx(self, rows):
        version = self.r.choice(["1.4", "1.5", "1.6"])
        out = {"bomFormat": "CycloneDX", "specVersion": version, "version": 1}
        rows, meta = list(rows), {"timestamp": "2026-01-01T00:00:00Z"}
        if self.maybe(0.3):
            meta["component"] = self.component(rows.pop(0), version)
        for key in ("manufacture", "supplier"):
            if self.maybe(0.2):
                meta[key] = {"name": self.r.choice(self.names)}
        if self.maybe(0.7) or "component" in meta:
            out["metadata"] = meta
        tops = []
        for row in rows:
            one = self.component(row, version)
            if tops and self.maybe(0.4):
                tops[-1].setdefault("components", []).append(one)
            else:
                tops.append(one)
        out["components"] = tops
        return out

    def component(self, row, version):
        kind = row["kind"]
        out = {"type": "device", "name": row["model"]}
        props = [(k, row[k]) for k in (
            "vendor_id", "device_id", "subsystem_vendor_id",
            "subsystem_device_id", "revision", "class_code", "serial",
            "part_number", "quantity") if row[k]]
        if kind in ("firmware", "UEFI"):
            out["type"] = "firmware"
            out["name"] = "UEFI" if kind == "UEFI" else row["model"]
        elif kind == "driver" and version != "1.4" and self.maybe(0.7):
            out["type"] = "device-driver"
        elif kind == "battery" and self.maybe():
            out["type"] = self.r.choice(["operating-system", "application"])
        else:
            props.append(("kind", kind))
        self.makers(out, row, version)
        if row["version"]:
            out[self.r.choice(["version", "version", "cpe", "purl"])] = \
                row["version"]
        if out.get("cpe"):
            out["cpe"] = "cpe:2.3:h:%s:x:%s:*:*:*:*:*:*:*" % (
                self.r.choice(["intel", "nobody", "-"]), out["cpe"])
        if out.get("purl"):
            out["purl"] = "pkg:generic/x@%s?a=b" % out["purl"]
        if row["sha256"]:
            out["hashes"] = self.hashes(row, "alg", "content", "SHA-")
        if self.maybe(0.3):
            out["licenses"] = [self.r.choice([
                {"expression": "MIT OR GPL-2.0-only"},
                {"license": {"id": "MIT"}}, {"license": {"name": "Own"}}])]
        bus = row["bus"]
        out["properties"] = [self.property(k, v, bus) for k, v in props] + [
            {"name": "acme:colour", "value": "red"}]
        if bus and not any(bus in p["name"] for p in out["properties"]):
            out["properties"].append({
                "name": "bus", "value": "PCI-Express" if bus == "pci" else bus})
        self.r.shuffle(out["properties"])
        return out

    def property(self, key, value, bus):
        name = self.r.choice(SPELLINGS[key])
        if key.endswith("_id") and bus and self.maybe():
            name = self.r.choice(["%s:", "acme:%s:", "x.%s."]) % bus + name
        else:
            name = self.r.choice(["", "cdx:device:", "acme."]) + name
        return {"name": name, "value": value}

    def makers(self, out, row, version):
        where = ["publisher", "author", "supplier"] + (
            ["manufacturer", "authors"] if version == "1.6" else [])
        if row["supplier"]:
            where.remove("supplier")
            out["supplier"] = {"name": row["supplier"]}
        if row["manufacturer"]:
            key, name = self.r.choice(where), row["manufacturer"]
            out[key] = {"publisher": name, "author": name,
                        "authors": [{"name": name}]}.get(key, {"name": name})

    def hashes(self, row, alg, value, lead):
        out = [{alg: lead + "256", value: row["sha256"]}]
        if self.maybe(0.3):
            out.append({alg: lead + "384", value: "ab" * 48})
        if self.maybe(0.3):
            out.append({alg: "MD5", value: "00" * 16})
        return out[::-1] if self.maybe() else out

    # --- SPDX ---

    def spdx(self, rows):
        return {"spdxVersion": self.r.choice(["SPDX-2.3", "SPDX-2.3",
                                              "SPDX-2.2"]),
                "SPDXID": "SPDXRef-DOCUMENT", "name": "bid",
                "packages": [self.package(row) for row in rows]}

    def package(self, row):
        kind, r = row["kind"], self.r
        out = {"SPDXID": "SPDXRef-1", "name": row["model"]}
        purpose = "DEVICE"
        if kind in ("firmware", "UEFI"):
            purpose, out["name"] = "FIRMWARE", (
                "UEFI" if kind == "UEFI" else row["model"])
        elif kind == "battery":
            purpose = r.choice(["OPERATING-SYSTEM", "INSTALL", "OTHER"])
        elif self.maybe(0.8):
            out["description"] = kind
        if self.maybe(0.8):
            out["primaryPackagePurpose"] = purpose
        if row["version"]:
            out["versionInfo"] = row["version"]
        for key, name in (("originator", row["manufacturer"]),
                          ("supplier", row["supplier"])):
            lead = r.choice(["Organization: ", "Person: "])
            tail = r.choice(["", " (a@example.org)", " ()"])
            out[key] = lead + name + tail if name else "NOASSERTION"
            if not name and self.maybe():
                del out[key]
        if row["sha256"]:
            out["checksums"] = self.hashes(row, "algorithm", "checksumValue",
                                           "SHA")
        if self.maybe(0.3):
            out["licenseDeclared"] = r.choice(["NONE", "NOASSERTION", "MIT"])
        refs = []
        if row["bus"] and row["device_id"]:
            refs.append((row["bus"], "%s:%s" % (row["vendor_id"],
                                                row["device_id"])))
        if self.maybe(0.2):
            refs.append(("purl", "pkg:generic/x@2.0"))
        if self.maybe(0.2):
            refs.append(("cpe22Type", "cpe:/h:intel:x:1.0"))
        out["externalRefs"] = [{"referenceType": t, "referenceLocator": v}
                               for t, v in refs]
        return out

    # --- paccor ---

    def paccor(self, rows):
        rows, out = list(rows), {}
        if self.maybe(0.3):
            row = rows[0]
            out["PLATFORM"] = {
                "PLATFORMMANUFACTURERSTR": row["manufacturer"],
                "PLATFORMMODEL": row["model"],
                "PLATFORMVERSION": row["version"] or "Not Specified",
                "PLATFORMSERIAL": row["serial"]}
            if self.maybe() and len(rows) > 1:
                rows.pop(0)
        out["COMPONENTS"] = [self.identifier(row) for row in rows]
        if self.maybe(0.2):
            out["COMPONENTS"].append({**out["COMPONENTS"][0],
                                      "STATUS": "REMOVED"})
        return out

    def identifier(self, row):
        kind = row["kind"]
        if row["bus"] == "pci" and row["device_id"] and self.maybe(0.7):
            return self.pcie(row)
        out = {"MANUFACTURER": row["manufacturer"] or "Unknown",
               "MODEL": row["model"]}
        if self.maybe(0.3):
            out = {"TRAITS": [
                {"traitCategory": "2.23.133.19.2." + n, "utf8": v}
                for n, v in zip(self.r.choice([("1", "2"), ("8", "9")]),
                                out.values())]}
        out["SERIAL"] = row["serial"] or "Not Specified"
        if row["version"]:
            out["REVISION"] = row["version"]
        if kind == "SSD" and self.maybe():
            nvme = self.maybe()
            out["COMPONENTCLASS"] = self.of("5", "02010802" if nvme else
                                            "01000000")
            if nvme:
                out.update(MANUFACTURER="8086:", SERIAL="17:S9")
                out.pop("TRAITS", None)
                out["MODEL"] = row["model"]
        elif kind in SMBIOS and self.maybe():
            out["COMPONENTCLASS"] = self.of("3", "%04x0000" % SMBIOS[kind])
        elif kind in TCG:
            out["COMPONENTCLASS"] = self.of("1", TCG[kind])
        if kind in ("NIC", "Wi-Fi", "device") and self.maybe():
            key = "WLANMAC" if kind == "Wi-Fi" else "ETHERNETMAC"
            out["ADDRESSES"] = [{key: "00:11:22:33:44:55"}]
        return out

    def pcie(self, row):
        out = {"MANUFACTURER": "%s:%s:" % (row["vendor_id"],
                                           row["subsystem_vendor_id"]),
               "MODEL": "%s:%s:" % (row["device_id"],
                                    row["subsystem_device_id"][-4:]),
               "COMPONENTCLASS": self.of("4", "00" + CLASSES.get(
                   row["kind"], "0c0330"))}
        if row["revision"]:
            out["REVISION"] = row["revision"]
        if row["serial"]:
            out["SERIAL"] = self.r.choice(["%s:", ":%s", "%s"]) % row["serial"]
        return out

    def of(self, registry, value):
        if self.maybe():
            value = base64.b64encode(bytes.fromhex(value)).decode()
        return {"COMPONENTCLASSREGISTRY": OID + registry,
                "COMPONENTCLASSVALUE": value}
