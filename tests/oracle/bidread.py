# SPDX-License-Identifier: Apache-2.0
"""Bills of materials in JSON, read a second time: from what policies/README.md
says under Bids, CycloneDX 1.4 to 1.6, SPDX 2.3 and the names of paccor."""
import base64
import json
import re

NONE = ("platform", None, "other", None)


def smbios(number):
    return "platform", None, "smbios", number


def device(*classes):
    return "device", set(classes) or None, None, None


# folded: kind, classes, part, SMBIOS type
WORDS = {
    "bios": smbios(0), "uefi": smbios(0), "system": smbios(1),
    "laptop": smbios(1), "server": smbios(1), "board": smbios(2),
    "mainboard": smbios(2), "chassis": smbios(3), "cpu": smbios(4),
    "processor": smbios(4), "memory": smbios(17), "dimm": smbios(17),
    "tpm": ("platform", None, "tpm", None),
    "driver": ("driver", None, None, None),
    "devicedriver": ("driver", None, None, None),
    "firmware": ("firmware", None, None, None),
    "device": device(), "network": device("network"),
    "networkcard": device("network"), "nic": device("network"),
    "wifi": device("network", "wireless"), "gpu": device("display"),
    "graphics": device("display"), "ssd": device("storage"),
    "disk": device("storage"), "nvme": device("storage"),
    "webcam": device("camera"), "bridge": device("bridge"),
    "serial": device("serial"), "controller": device("controller"),
    "hub": device("hub"),
    "keyboard": device("input", "keyboard"),
    **dict.fromkeys([
        "battery", "powersupply", "application", "archive", "install",
        "source", "container", "data", "file",
        "framework", "library", "operatingsystem", "platform", "software",
        "machinelearningmodel", "cryptographicasset"], NONE)}

RADIO = device("network", "wireless")
WORDS.update(dict.fromkeys(["wireless", "wlan", "80211", "lte"], RADIO),
             trustedplatformmodule=WORDS["tpm"], tpm2=WORDS["tpm"],
             graphicscard=WORDS["gpu"], bluetooth=device("wireless"))
# what may go on within the word
BEGIN = ["wireless", "wlan", "wifi", "80211", "lte", "tpm2", "bluetooth"]


def is_vague(what):
    return what == device()


def is_radio(what):
    return "wireless" in (what[1] or ())


def look_up(folded, least):
    """-> the word in the list, or None"""
    return folded if folded in WORDS else next(
        (b for b in BEGIN if folded.startswith(b) and len(b) > least), None)


def known_words(text):
    """Each word that is known, of several the longest."""
    words, i = re.findall(r"[^\W_]+", text), 0
    while i < len(words):
        for n in range(min(5, len(words) - i), 0, -1):
            one = "".join(words[i:i + n]).lower()
            least = len("".join(words[i:i + n - 1]))
            key = look_up(one, least) or (
                len(one) > 3 and one[-1] == "s" and
                look_up(one[:-1], least))
            if key:
                yield key
                break
        i += n


def both(what, more):
    """Two things are said: -> (which of them it is, unclear)"""
    radio = is_radio(what) or is_radio(more)
    same = what[0] == more[0] and what[2:] == more[2:] and (
        radio or what[1] == more[1])
    if is_vague(what) or (same and is_radio(more)):
        return more, False
    if is_vague(more) or same:
        return what, False
    if radio and more[0] in ("driver", "firmware"):
        return more, False
    if radio:
        return what if is_radio(what) else more, what[0] != more[0]
    if more == NONE and what[1]:
        return what, True
    return more, False


def phrase(text):
    """-> (the word that counts or "", what it is, unclear)"""
    if fold(text) in WORDS:
        return fold(text), WORDS[fold(text)], False
    key, what, classes, unclear = "", None, set(), False
    for k in known_words(text):
        classes |= WORDS[k][1] or set()
        now, doubt = both(what, WORDS[k]) if what else (WORDS[k], False)
        if now is not what:
            key, what = k, now
        unclear |= doubt
    if what and what[0] == "device":
        what = device(*classes)
    return key, what, bool(what) and (unclear or not text.isascii())


PROPERTIES = {
    "vendor": ["vendorid", "vid", "idvendor"],
    "device": ["deviceid", "pid", "productid", "idproduct"],
    "subvendor": ["subsystemvendorid", "subvendorid"],
    "subdevice": ["subsystemdeviceid", "subsystemid", "subdeviceid"],
    "class_code": ["classcode"], "revision": ["revision"],
    "bus": ["bus", "transport"],
    "word": ["class", "devicetype", "function", "hardwareclass"],
    "serial": ["serial", "serialnumber", "deviceserial"],
    "part_number": ["partnumber"], "quantity": ["quantity", "qty"]}
OF_USB = ("idvendor", "idproduct")
OF_PCI = ("subvendor", "subdevice")
HASHES = {"sha256": 64, "sha384": 96, "sha512": 128}


def fold(text):
    return "".join(c.lower() if c.isascii() else c for c in text
                   if not c.isascii() or c.isalnum())


def hexadecimal(text):
    found = re.fullmatch(r"(?:0[xX])?([0-9a-fA-F]{1,6})", text.strip())
    return found and found.group(1)


class Nothing(Exception):
    """An item that says nothing of itself."""


class Item:
    """One line of a bill. Numbers: None if it says none."""

    def __init__(self, place):
        self.place, self.what, self.word, self.key = place, None, "", ""
        self.name = self.maker = self.supplier = self.version = ""
        self.serial = self.part_number = self.license = self.bus = ""
        self.vendor = self.device = self.subvendor = self.subdevice = None
        self.revision = self.class_code = None
        self.hashes, self.quantity = {}, 1
        self.unclear = False

    def say(self, text):
        """A word for what it is."""
        text = text.strip()
        key, is_, unclear = phrase(text)
        if not text:
            return
        if not is_:
            if not self.what or is_vague(self.what):
                self.word, self.unclear = text, True
        elif not self.what or self.refines(is_):
            self.word, self.what, self.key = text, is_, key
            self.unclear |= unclear
        elif self.what[0] == is_[0] == "device":
            self.add(is_[1])
            self.unclear |= unclear
        elif self.what[0] == "platform" and is_[1]:
            self.unclear |= is_radio(is_) or self.what != NONE

    def add(self, classes):
        self.what = device(*(self.what[1] or ()), *(classes or ()))

    def use_name(self):
        key, is_, unclear = phrase(self.name)
        if not is_ or (self.what and self.what[0] != "device"):
            self.unclear |= bool(is_) and is_radio(is_) and \
                self.what[2] is not None and self.what != NONE
            return
        free = self.class_code is None and not unclear and \
            not (self.what and self.what[1])
        if is_[0] == "device" and (free or is_radio(is_)):
            self.key = self.key or key
            self.what = self.what or device()
            self.add(is_[1])
        elif free and is_[2] == "tpm" and not self.bus:
            self.what, self.key = is_, key

    def doubts(self):
        """What it does not say: the keys of conditions."""
        what = self.what
        numbered = self.bus and self.class_code is not None
        if what[0] != "device":
            return {"kind", "class", "part"} if self.unclear else set()
        if numbered:
            return set()
        if not self.unclear and what[1]:
            return set()
        return {"class"} if not self.unclear and (
            self.said or (self.bus and self.vendor is not None)) else {
                "kind", "class", "part"}

    def refines(self, is_):
        if self.what[0] == "firmware":
            return is_ == smbios(0)
        return self.what == device() and is_ != device()

    def hash(self, alg, value):
        if fold(alg) in HASHES:
            self.hashes[fold(alg)] = value.strip().lower()

    def take(self, name, value):
        *before, last = re.split("[:.]", name)
        last = fold(last)
        key = next((k for k, v in PROPERTIES.items() if last in v), None)
        if key == "word":
            self.say(value)
        elif key == "quantity":
            self.quantity = int(value)
        elif key == "bus":
            self.on(value)
        elif key in ("serial", "part_number"):
            setattr(self, key, value.strip())
        elif key and hexadecimal(value):
            digits = hexadecimal(value)
            if key == "class_code" and len(digits) <= 4:
                digits += "00"
            setattr(self, key, int(digits, 16))
            bus = [fold(b) for b in before if fold(b) in ("pci", "usb")]
            if key != "revision":
                self.on("usb" if last in OF_USB else
                        "pci" if key in OF_PCI else (bus or [""])[0])

    def on(self, bus):
        self.bus = {"pci": "pci", "pcie": "pci", "nvme": "pci",
                    "pciexpress": "pci", "usb": "usb"}.get(
                        fold(bus), self.bus)

    def reference(self, text):
        """A CPE or a package URL."""
        if text.startswith("cpe:"):
            parts = text.split(":")[3 if text.startswith("cpe:2.3:") else 2:]
            vendor, version = parts[0], (parts + ["", ""])[2]
            if not self.maker and not self.supplier and len(vendor) > 1:
                self.maker = vendor
            if not self.version and len(version) > 1:
                self.version = version
        if text.startswith("pkg:") and "@" in text and not self.version:
            self.version = text.split("@")[1].split("?")[0]

    def done(self):
        self.name = self.name or self.part_number
        self.use_name()
        self.said = bool(self.what)
        self.what = self.what or device()
        if not self.bus:
            self.vendor = self.device = self.subvendor = None
        if not self.name and None not in (self.vendor, self.device):
            self.name = "%04x:%04x" % (self.vendor, self.device)
        if not (self.name or self.maker or self.supplier or self.word or
                self.vendor is not None):
            raise Nothing(self.place)
        return self

    @property
    def digest(self):
        name = min(self.hashes, key=HASHES.get, default=None)
        return name and "%s:%s" % (name, self.hashes[name])


def text(tree, *keys):
    for key in keys:
        tree = (tree or {}).get(key)
    return (tree or "").strip()


class CycloneDX:
    def __init__(self, tree):
        self.items, meta = [], tree.get("metadata") or {}
        if meta.get("component"):
            self.component(meta["component"], "metadata.component", meta)
        self.all(tree, "")

    def all(self, tree, place):
        for i, one in enumerate(tree.get("components") or []):
            self.component(one, "%scomponents[%d]" % (place, i), None)

    def component(self, c, place, meta):
        item = Item(place)
        self.items.append(item)
        item.name, item.version = text(c, "name"), text(c, "version")
        item.maker = text(c, "manufacturer", "name") or \
            text(c, "publisher") or text(c, "author") or \
            text((c.get("authors") or [{}])[0], "name")
        item.supplier = text(c, "supplier", "name")
        item.say(c["type"])
        if c["type"] == "firmware":
            item.say(c["name"])
        for key in ("cpe", "purl"):
            item.reference(text(c, key))
        if meta:
            item.maker = item.maker or text(meta, "manufacture", "name")
            item.supplier = item.supplier or text(meta, "supplier", "name")
            if fold(item.word) == "device":
                item.say("system")
        for h in c.get("hashes") or []:
            item.hash(h["alg"], h["content"])
        for p in c.get("properties") or []:
            item.take(p["name"], p["value"])
        licence = (c.get("licenses") or [{}])[0]
        item.license = text(licence, "expression") or \
            text(licence, "license", "id") or text(licence, "license", "name")
        item.done()
        self.all(c, place + ".")


def agent(said):
    if said in ("NOASSERTION", "NONE"):
        return ""
    said = re.sub("^(Organization|Person):", "", said)
    return re.sub(r"\(([^()]*@[^()]*|)\)$", "", said).strip()


class Spdx:
    def __init__(self, tree):
        self.items = [self.package(p, "packages[%d]" % i)
                      for i, p in enumerate(tree.get("packages") or [])]

    @staticmethod
    def package(p, place):
        item = Item(place)
        item.name, item.version = text(p, "name"), text(p, "versionInfo")
        item.maker = agent(text(p, "originator"))
        item.supplier = agent(text(p, "supplier"))
        purpose = text(p, "primaryPackagePurpose")
        item.say(purpose)
        if purpose and not item.what:
            item.what = NONE
        if purpose == "FIRMWARE":
            item.say(item.name)
        item.say(text(p, "description"))
        if text(p, "licenseDeclared") not in ("NOASSERTION", "NONE"):
            item.license = text(p, "licenseDeclared")
        for c in p.get("checksums") or []:
            item.hash(c["algorithm"], c["checksumValue"])
        for ref in p.get("externalRefs") or []:
            where = ref["referenceLocator"]
            if ref["referenceType"] in ("pci", "usb"):
                item.on(ref["referenceType"])
                item.vendor, item.device = (
                    int(x, 16) for x in where.split(":"))
            else:
                item.reference(where)
        return item.done()


OID = "2.23.133."
TRAITS = {OID + "19.2." + n: key for n, key in (
    ("1", "MANUFACTURER"), ("2", "MODEL"), ("3", "REVISION"), ("4", "SERIAL"),
    ("8", "MANUFACTURER"), ("9", "MODEL"), ("10", "SERIAL"),
    ("13", "REVISION"))}
TCG_CLASSES = {"0001": "cpu", "0002": "chassis", "0006": "memory",
               "0007": "disk", "0009": "network", "00030003": "board",
               "00050002": "graphics", "00130002": "bios",
               "00130003": "bios", "0013": "firmware"}


class Paccor:
    def __init__(self, tree):
        self.items = []
        self.platform = self.plain(tree.get("PLATFORM") or {}, "PLATFORM")
        if self.platform["MANUFACTURER"] or self.platform["MODEL"]:
            item = self.item(self.platform, "PLATFORM")
            item.say("system")
            self.items.append(item.done())
        for i, c in enumerate(tree["COMPONENTS"]):
            if c.get("STATUS") != "REMOVED":
                self.component(c, "COMPONENTS[%d]" % i)

    @staticmethod
    def plain(c, prefix=""):
        out = {k: c.get(k) or c.get("PLATFORM" + k) or "" for k in (
            "MANUFACTURER", "MODEL", "SERIAL", "REVISION")}
        if prefix:
            out["MANUFACTURER"] = c.get("PLATFORMMANUFACTURERSTR", "")
            out["REVISION"] = c.get("PLATFORMVERSION", "")
        for trait in c.get("TRAITS", []):
            out[TRAITS[trait["traitCategory"]]] = trait["utf8"]
        for key, value in out.items():
            value = value.strip()
            out[key] = "" if fold(value) in ("notspecified", "unknown") \
                else value
        return out

    @staticmethod
    def item(said, place):
        item = Item(place)
        item.maker, item.name = said["MANUFACTURER"], said["MODEL"]
        item.serial, item.version = said["SERIAL"], said["REVISION"]
        return item

    def component(self, c, place):
        said, of = self.plain(c), c.get("COMPONENTCLASS", {})
        value = of.get("COMPONENTCLASSVALUE", "").lower()
        if value.endswith("="):
            value = base64.b64decode(of["COMPONENTCLASSVALUE"]).hex()
        registry = of.get("COMPONENTCLASSREGISTRY", "")
        item = self.item(said, place)
        item.word = value
        if registry == OID + "18.3.3" and value[:4] == "0001" and \
                self.platform["MODEL"] and all(
                    said[k] == self.platform[k]
                    for k in ("MANUFACTURER", "MODEL")):
            return
        self.items.append(item)
        if registry == OID + "18.3.4":
            self.pcie(item, said, value)
        elif registry == OID + "18.3.3":
            self.smbios(item, said, int(value[:4], 16))
        elif registry == OID + "18.3.5":
            self.storage(item, said, value)
        else:
            self.by_class(item, registry, value, c.get("ADDRESSES", []))
        item.done()

    @staticmethod
    def ids(said):
        parts = (said.split(":") + [""] * 2)[:2]
        return [int(p, 16) if p else None for p in parts]

    def pcie(self, item, said, value):
        item.bus, item.class_code = "pci", int(value[2:], 16)
        item.name = item.maker = item.version = ""
        item.vendor, item.subvendor = self.ids(said["MANUFACTURER"])
        item.device, item.subdevice = self.ids(said["MODEL"])
        item.revision = self.ids(said["REVISION"])[0]
        first, second = (said["SERIAL"].split(":") + [""])[:2]
        item.serial = first or second

    @staticmethod
    def smbios(item, said, number):
        if number == 43:
            item.say("tpm")
            item.name = ""
            return
        item.what = smbios(number) if number in (0, 1, 2, 3, 4, 17) else NONE
        if number == 0:
            item.version = said["MODEL"]
        if number == 3:
            item.name = ""
        if number == 4 and said["REVISION"]:
            item.name, item.version = said["REVISION"], ""

    def storage(self, item, said, value):
        item.say("nvme" if value[:2] == "02" else "disk")
        if value[:2] != "02":
            return
        item.bus, item.class_code, item.maker = "pci", int(value[2:], 16), ""
        item.vendor, item.subvendor = self.ids(said["MANUFACTURER"])
        item.serial = (said["SERIAL"].split(":") + [""])[1]

    @staticmethod
    def by_class(item, registry, value, addresses):
        if registry == OID + "18.3.1":
            item.say(TCG_CLASSES.get(value) or
                     TCG_CLASSES.get(value[:4], ""))
            item.word = value
            item.unclear = value[:4] == "0009" and value != "00090002"
        if any("WLANMAC" in a for a in addresses):
            item.what, item.key = WORDS["wifi"], "wifi"
            item.unclear = False
        elif not item.what and any("ETHERNETMAC" in a for a in addresses):
            item.what, item.key = WORDS["network"], "network"


def read(data):
    tree = json.loads(data)
    if "bomFormat" in tree:
        return CycloneDX(tree).items
    if "spdxVersion" in tree:
        return Spdx(tree).items
    return Paccor(tree).items
