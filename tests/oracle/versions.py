# SPDX-License-Identifier: Apache-2.0
"""The order of versions and the dates of a BIOS, as policies/README.md says."""
import datetime
import re

RUNS = re.compile(rb"\d{1,18}(?:[.-]\d{1,18})*")
TAIL = re.compile(rb"\Z|[ +_(,;-]|\.[A-Za-z]{2}")
PREVIEW = re.compile(rb"~|[.-]?(?:rc|alpha|beta|pre|dev)(?![A-Za-z])")


def read(text):
    """-> (in hexadecimal?, numbers, before them?); None: it has no order"""
    if re.fullmatch(rb"0x[0-9A-Fa-f]{1,16}", text):
        return True, [int(text, 16)], False
    text = text[1:] if text[:1] in (b"v", b"V") else text
    found = RUNS.match(text)
    if not found:
        return None
    rest = text[found.end():]
    numbers = [int(n) for n in re.split(rb"[.-]", found.group())]
    if len(numbers) > 16:
        return None
    if PREVIEW.match(rest):
        return False, numbers, True
    # a 19th digit is left over too, and is none of these
    return (False, numbers, False) if TAIL.match(rest) else None


def key(version, length):
    _, numbers, before = version
    return numbers + [0] * (length - len(numbers)) + [0 if before else 1]


def within(text, bounds):
    """Is it at least, and below? None: that cannot be told."""
    have, out = read(text), True
    for word, bound in bounds.items():
        want = read(bound.encode())
        if have is None or have[0] != want[0]:
            fits = None
        else:
            n = max(len(have[1]), len(want[1]))
            fits = (key(have, n) >= key(want, n)) == (word == "at-least")
        if fits is False:
            return False
        out = None if fits is None else out
    return out


def day(text):
    """"03/04/2020" -> "2020-03-04"; None: it is no such date."""
    found = re.fullmatch(rb"(\d\d)/(\d\d)/(\d{4})", text)
    parts = found and (found.group(3), found.group(1), found.group(2))
    if not found:
        found = re.fullmatch(rb"(\d{4})-(\d\d)-(\d\d)", text)
        parts = found and found.groups()
    try:
        date = parts and datetime.date(*map(int, parts))
    except ValueError:
        return None
    return date.isoformat() if date and date.year >= 1970 else None


def day_within(have, wanted):
    """One element: a day, or a map with from and before."""
    if not isinstance(wanted, dict):
        return have == wanted
    return wanted.get("from", have) <= have and \
        ("before" not in wanted or have < wanted["before"])
