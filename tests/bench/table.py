# SPDX-License-Identifier: Apache-2.0
"""What was measured against what was aimed at, one row each."""
import statistics


class Row:
    """A ratio with its target. samples: the same ratio, once for each round."""

    def __init__(self, what, samples, must=None, aim=None, more=False, note=""):
        self.what, self.samples, self.note = what, samples, note
        self.must, self.aim, self.more = must, aim, more

    def median(self):
        return statistics.median(self.samples)

    def meets(self, target, value):
        return value >= target if self.more else value <= target

    def verdict(self):
        """The median decides; a best round that would do says: try again."""
        if self.must is None:
            return ""
        if self.meets(self.must, self.median()):
            good = self.aim is None or self.meets(self.aim, self.median())
            return "PASS, aim met" if good else "PASS"
        best = (max if self.more else min)(self.samples)
        if self.meets(self.must, best):
            return "MISS by the median, met by the best round"
        return "MISS"

    def spread(self):
        if len(self.samples) == 1:
            return "%.3f" % self.samples[0]
        return "%.3f (%.3f to %.3f, n=%d)" % (
            self.median(), min(self.samples), max(self.samples),
            len(self.samples))

    def target(self, value):
        if value is None:
            return "-"
        return "%s %g" % (">=" if self.more else "<=", value)

    def cells(self):
        return [self.what, self.target(self.aim), self.target(self.must),
                self.spread(), self.verdict()]


class Failed:
    """A figure that could not be taken; says so where it would have stood."""

    def __init__(self, what, why):
        self.what, self.why = what, why

    def verdict(self):
        return "NOT MEASURED"

    def cells(self):
        return [self.what, "", "", "", "NOT MEASURED: " + self.why]


def show(rows):
    """The table as text; notes follow it."""
    cells = [["ratio", "aim", "must", "median (range)", "verdict"]]
    cells += [r.cells() for r in rows]
    width = [max(len(c[i]) for c in cells) for i in range(4)]
    out = []
    for n, line in enumerate(cells):
        text = "  ".join(c.ljust(w) for c, w in zip(line, width))
        out.append((text + "  " + line[4]).rstrip())
        if n == 0:
            out.append("-" * (sum(width) + 24))
    notes = [r for r in rows if getattr(r, "note", "")]
    out += [""] + ["%s: %s" % (r.what, r.note) for r in notes]
    return "\n".join(out)
