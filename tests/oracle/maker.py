# SPDX-License-Identifier: Apache-2.0
"""Whom a manufacturer's text names, written from policies/registry/README.md.
The lists that are only named there are read from the library's source, so that
they are the same; what is done with them is not."""
import os
import re
import unicodedata

ATTEST = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "../../attest")
BATTERY, MEMORY = 22, 17
DENIES = {"compatible", "compatibel", "compat", "clone", "replica",
          "imitation", "replacement", "fake"}


def listed(name, file):
    """The strings of a table of the C source."""
    with open(os.path.join(ATTEST, file), encoding="utf-8") as f:
        found = re.search(name + r"\[\] = \{(.*?)\};", f.read(), re.S)
    return re.findall(r'"([^"]*)"', re.sub(r"/\*.*?\*/", "", found.group(1),
                                           flags=re.S))


def pairs(name, file):
    with open(os.path.join(ATTEST, file), encoding="utf-8") as f:
        found = re.search(name + r"\[\] = \{(.*?)\};", f.read(), re.S)
    return re.findall(r"\{ (0x[0-9a-f]+), '(.)' \}", found.group(1))


def ranges(name, file):
    with open(os.path.join(ATTEST, file), encoding="utf-8") as f:
        found = re.search(name + r"\[\] = \{(.*?)\};", f.read(), re.S)
    return [(int(a, 16), int(b, 16)) for a, b in re.findall(
        r"\{ (0x[0-9a-f]+), (0x[0-9a-f]+) \}", found.group(1))]


TWINS = {chr(int(a, 16)): b for a, b in pairs("twins", "letter.c")}
BETWEEN = ranges("separators", "letter.c")
HIDDEN = ranges("hidden", "text.c")
FORMS = listed("forms", "words.c")
PHRASES = set(listed("phrases", "placeholder.c"))
FILLED = set(listed("filled", "placeholder.c"))
FIELDS = set(listed("fields", "placeholder.c"))
KINDS = set(listed("kinds", "placeholder.c"))
GENERATIONS = set(listed("generations", "placeholder.c"))


def decode(raw):
    """Each byte that is no UTF-8 becomes a letter of its own."""
    return "".join(chr(0xF700 + ord(c) - 0xDC00) if 0xDC80 <= ord(c) <= 0xDCFF
                   else c for c in raw.decode("utf-8", "surrogateescape"))


def within(c, table):
    return any(a <= ord(c) <= b for a, b in table)


def lower(c):
    """Only ASCII, Latin-1, Latin Extended-A, Greek and Cyrillic."""
    n = ord(c)
    if n < 0x180 or 0x391 <= n <= 0x3A9 or 0x400 <= n <= 0x42F:
        small = c.lower()
        return small if len(small) == 1 else c
    return c


def twin(c):
    n = ord(c)
    if 0xFF01 <= n <= 0xFF5E:
        return chr(n - 0xFEE0).lower()
    if 0x1D400 <= n <= 0x1D6A3:
        return chr(ord("a") + (n - 0x1D400) % 26)
    if 0x1D7CE <= n <= 0x1D7FF:
        return str((n - 0x1D7CE) % 10)
    return TWINS.get(c)


def bare(c):
    """Without an accent; in these two blocks of Unicode only."""
    if c in "\u00f8\u0111\u0127\u0142\u0167\u0131\u017f\u00f0\u0138\u014b\u0149":
        return "odhltisdknn"["\u00f8\u0111\u0127\u0142\u0167\u0131\u017f\u00f0"
                             "\u0138\u014b\u0149".index(c)]
    if not 0xE0 <= ord(c) <= 0x17F:
        return c
    base = unicodedata.normalize("NFD", c)[0]
    return base.lower() if base.isascii() and base.isalpha() else c


def role(c, raw):
    if c in "'\u2019":
        return "dropped"
    if c.isascii():
        return "letter" if c.isalnum() else "between"
    if ord(c) < 0xA0 or within(c, BETWEEN):
        return "between"
    if not raw and within(c, HIDDEN):
        return "hidden"
    if 0xFF01 <= ord(c) <= 0xFF5E and not chr(ord(c) - 0xFEE0).isalnum():
        return "between"
    return "letter"


class Words:
    """how: case, looks or bare."""

    def __init__(self, text, how):
        self.list, self.strange, self.ok = [], False, len(text) <= 255
        self.word, self.twins, self.foreign = "", False, False
        if not self.ok:
            return
        for c in decode(text):
            self.put(c, how)
        self.close(how)
        self.ok = len(self.list) < 64

    def put(self, c, how):
        # only bytes of another encoding become these
        raw = 0xF780 <= ord(c) <= 0xF7FF
        what = role(c, raw)
        if what == "between" and not (c == "|" and how != "case"):
            self.close(how)
        elif what == "between":
            self.word += "l"
        elif what == "hidden":
            self.strange = True
            self.word += c if how == "case" else ""
        elif what == "letter":
            like = None if c.isascii() or raw else twin(c)
            self.twins |= like is not None
            self.foreign |= not c.isascii() and like is None and \
                not bare(lower(c)).isascii()
            self.word += self.look(like, c, how)

    @staticmethod
    def look(like, c, how):
        c = lower(c)
        if how == "case":
            return c
        c = lower(like) if like else c
        c = bare(c) if how == "bare" else c
        return {"0": "o", "1": "l", "i": "l", "|": "l", "5": "s"}.get(c, c)

    def close(self, how):
        if self.word:
            if how != "case":
                self.word = re.sub("rn|vv", lambda m: "m" if m.group() == "rn"
                                   else "w", self.word)
            self.list.append(self.word)
            self.strange |= self.twins and not self.foreign
        self.word, self.twins, self.foreign = "", False, False

    def name(self):
        """How many words are left without legal forms."""
        words = list(self.list)
        while True:
            for form in FORMS:
                tail = form.split()
                if len(words) > len(tail) and words[-len(tail):] == tail:
                    del words[-len(tail):]
                    break
            else:
                return len(words)


def filling(text):
    text = decode(text)
    if len(text) > 2 and text[:2].lower() == "0x":
        text = text[2:]
    left = [lower(c) if c.isascii() else c for c in text
            if not c.isascii() or c.isalnum()]
    if not left:
        return True
    return len(set(left)) == 1 and left[0] in "0fx" and \
        (left[0] == "0" or len(left) > 1)


def field(name):
    return name in FIELDS or re.fullmatch("(dimm|channel)[ -~]?", name)


def fills(words):
    tells = numbered = False
    n = 0
    for word in words:
        name = re.sub("[0-9]*$", "", word)
        if len(word) - len(name) > (3 if name else 2):
            return False
        if len(name.encode("utf-8")) <= 1:
            numbered = True
        elif name in FILLED:
            tells = True
        elif field(name):
            n += 1
        else:
            return False
    return tells or (n > 1 and not numbered)


def placeholder(text):
    words = Words(text, "case")
    if not words.ok:
        return filling(text)
    return not words.list or filling(text) or \
        " ".join(words.list) in PHRASES or fills(words.list)


def nobody(text):
    return placeholder(text) or all(
        re.fullmatch("(nb)?[0-9]*", w) or w in KINDS or
        re.sub("[0-9]*$", "", w) in GENERATIONS
        for w in Words(text, "case").list)


def odd(n):
    return bin(n).count("1") % 2 == 1


def pad(data):
    return all(b in (0, 0xFF) for b in data)


def code(before, byte):
    ok = before < 18 and odd(byte) and byte & 0x7F not in (0, 0x7F)
    return "%d:%02x" % (before + 1, byte) if ok else None


def pair(count, byte):
    if count == 0x7F:
        return code(1, byte)
    if count & 0x80 and not odd(count):
        return None
    return code(count & 0x7F, byte)


def chain(data, swap):
    """Pairs; the first names the maker, the others must be sound."""
    found = [pair(*(data[i:i + 2][::-1] if swap else data[i:i + 2]))
             for i in range(0, len(data), 2)]
    later = all(f or pad(data[2 * i:2 * i + 2])
                for i, f in enumerate(found) if i)
    return found[0] if later else None


def read_code(data, decimal, swapped):
    if len(data) == 2:
        if decimal and (not data[0] or 5 <= data[0] <= 0x26 and
                        1 <= data[1] <= 0x53):
            return None
        back = None if decimal or data[1] == 0x7F else pair(data[1], data[0])
        return back if swapped else pair(*data) or back
    if len(data) == 4:
        if decimal and not pad(data[2:]):
            return None
        return chain(data, False) or chain(data, True)
    if len(data) == 6:
        return chain(data, False)
    if len(data) not in (7, 8):
        return None
    run = len(data) - len(data.lstrip(b"\x7f"))
    if run < len(data) and code(run, data[run]) and pad(data[run + 1:]):
        return code(run, data[run])
    if not data[0] or not pad(data[2:]):
        return None
    return pair(data[0], data[1]) or pair(data[1], data[0])


def jedec(text):
    """None: no such spelling; "": padding only; False: unclear; a code."""
    text = text.decode("latin-1")
    found = re.fullmatch("bank ([0-9]+), hex 0x([0-9a-f]{2})", text, re.I)
    if found and 1 <= int(found.group(1)) <= 18:
        value = code(int(found.group(1)) - 1, int(found.group(2), 16))
        if value:
            return value
    digits = "([0-9a-f]{2}(?: ?[0-9a-f]{2}){0,7}|)"
    for mark in (r"jedec id:%s", r"unknown - \[0x%s\]", r"unknown id:0x%s",
                 r"unknown \((?:0x)?%s\)", r"0x%s", r"%s"):
        found = re.fullmatch(mark % digits, text, re.I)
        if found:
            break
    else:
        return None
    data = bytes.fromhex(found.group(1))
    swapped = mark.startswith("unknown")
    if swapped and len(data) != 2:
        return None
    if pad(data):
        return ""
    decimal = mark == "%s" and not re.search("[a-f]", text, re.I)
    return read_code(data, decimal, swapped) or False


def form(kind, text):
    text = text.decode("latin-1")
    for name, kinds, what in (
            ("framework-part", (22,), "FRAN[A-Z0-9]{14}"),
            ("hp-battery", (22,),
             "[0-9]{1,3}-[0-9A-F]{2}(-[0-9A-F]{2}(-A)?)?"),
            ("msi-model", (0, 1, 2, 3), "MS-[0-9N][A-Z0-9][0-9][A-Z0-9]")):
        if kind in kinds and re.fullmatch(what, text):
            return name
    return None


class Makers:
    def __init__(self, ids):
        self.ids, self.rows = ids, []
        for (scheme, value), entity in ids.items():
            if scheme == "smbios" or scheme.startswith("words"):
                more = scheme != "smbios" and value.endswith(" *")
                self.rows.append((scheme, value.encode("utf-8"), more, entity))
        self.plain = {}
        for scheme, value, more, entity in self.rows:
            if scheme != "smbios":
                key = tuple(Words(value, "case").list)
                self.plain.setdefault(key, []).append((scheme, more, entity))
        self.seen = {"looks": {}, "bare": {}}
        for how, table in self.seen.items():
            for row in self.rows:
                key = tuple(Words(row[1], how).list)
                table.setdefault(key, []).append(row)

    @staticmethod
    def scopes(kind):
        return {BATTERY: ("words-battery", "words"),
                MEMORY: ("words-memory", "words")}.get(kind, ("words",))

    def pattern(self, words, kind):
        """(number of words, entity) of the longest one."""
        whole = (len(words.list), words.name())
        for k in range(len(words.list), 0, -1):
            fit = [(more, self.scopes(kind).index(scheme), entity)
                   for scheme, more, entity in
                   self.plain.get(tuple(words.list[:k]), ())
                   if scheme in self.scopes(kind) and (more or k in whole)]
            if fit:
                return k, min(fit)[2]
        return 0, None

    def reads_like(self, text, words, kind):
        """Some row reads like the begin of the text and is not it."""
        seen = Words(text, "bare")
        whole = (len(seen.list), seen.name())
        for k in range(len(seen.list), 0, -1):
            rows = [r for r in self.seen["bare"].get(tuple(seen.list[:k]), ())
                    if (r[2] or k in whole) and
                    (r[0] == "smbios" or r[0] in self.scopes(kind))]
            if rows:
                return words.strange or not any(
                    Words(r[1], "case").list == words.list[:k] for r in rows)
        return False

    def whole_twin(self, text, words):
        rows = [r for r in self.seen["looks"].get(
            tuple(Words(text, "looks").list), ()) if r[0] == "smbios"]
        return bool(rows) and not any(
            Words(r[1], "case").list == words.list for r in rows)

    def find(self, kind, text):
        """(how, entity or None); text in bytes."""
        text = text.strip(b" ")
        if b"\0" not in text:
            exact = self.ids.get(("smbios", text.decode("utf-8", "replace")))
            if exact:
                return "exact", exact
        words = Words(text, "case")
        if not words.ok:
            return "unknown", None
        name = form(kind, text)
        if name:
            entity = self.ids.get(("form", name))
            return ("form", entity) if entity else ("unknown", None)
        found = jedec(text) if kind == MEMORY else None
        if found == "":
            return "placeholder", None
        if found:
            entity = self.ids.get(("jedec", found))
            return ("jedec", entity) if entity else ("unknown", None)
        if nobody(text):
            return "placeholder", None
        if DENIES & set(words.list[1:]):
            return "unknown", None
        return self.by_words(text, words, kind)

    def by_words(self, text, words, kind):
        entity = None
        if not words.strange:
            entity = self.pattern(words, kind)[1]
        if entity:
            if self.whole_twin(text, words):
                return "look-alike", None
            return "pattern", entity
        if self.reads_like(text, words, kind):
            return "look-alike", None
        return "unknown", None
