# SPDX-License-Identifier: Apache-2.0
"""A policy that extends another: policies/README.md, "Site tiers"."""

ORDER = ["admit", "refer", "refuse"]
LOCKDOWN = ["none", "integrity", "confidentiality"]
BANKS = ["sha256", "sha384", "sha512"]
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DEFAULTS = {"bank": "sha256", "pcr": "13", "coverage": [], "activity": "any"}
TEXTS = ("then", "because", "advice")


class Bad(ValueError):
    """The program refuses such a policy."""


def as_list(value):
    return value if isinstance(value, list) else [value]


def seconds(text):
    return int(text[:-1]) * UNITS[text[-1]]


def forbidden(value):
    """None: everything."""
    if value == "none":
        return None
    return set() if value == "any" else set(as_list(value["not"]))


def lacks_activity(new, old):
    new, old = forbidden(new), forbidden(old)
    return new is not None and (old is None or bool(old - new))


LOOSER = {
    "identity": lambda new, old: old == "pinned" != new,
    "freshness": lambda new, old: seconds(new) > seconds(old),
    "secure_boot": lambda new, old: old == "on" != new,
    "lockdown": lambda n, o: LOCKDOWN.index(n) < LOCKDOWN.index(o),
    "measurer": lambda new, old: old == "reference" != new,
    "bank": lambda new, old: BANKS.index(new) < BANKS.index(old),
    "pcr": lambda new, old: new != old,
    "coverage": lambda new, old: bool(set(old) - set(new)),
    "activity": lacks_activity,
}


def form(value):
    """The same for what is written alike, in any order."""
    if isinstance(value, dict):
        return frozenset((k, form(v)) for k, v in value.items())
    if isinstance(value, list):
        return frozenset(form(v) for v in value)
    quoted = type(value) is str and value == "unknown"	# not the word
    return quoted, str(value)


def asks(rule):
    return form({k: v for k, v in rule.items() if k not in TEXTS})


def merge_requires(child, tree, looser):
    merged = dict(tree["requires"])
    for key, new in child.get("requires", {}).items():
        if LOOSER[key](new, merged.get(key, DEFAULTS.get(key))):
            looser.add("requires." + key)
        merged[key] = new
    tree["requires"] = merged


def merge_otherwise(child, tree, looser):
    merged = dict(tree["otherwise"])
    for key, new in child.get("otherwise", {}).items():
        if ORDER.index(new) < ORDER.index(merged[key]):
            looser.add("otherwise." + key)
        merged[key] = new
    tree["otherwise"] = merged


def merge_rules(child, tree, looser):
    least = max(map(ORDER.index, tree["otherwise"].values()))
    rules = {r["id"]: r for r in tree["rules"]}
    for new in child.get("rules", []):
        old = rules.get(new["id"])
        severity = ORDER.index(new["then"])
        if old is None:
            worse = severity < least
        else:
            worse = severity < ORDER.index(old["then"]) or \
                asks(new) != asks(old)
        if worse:
            looser.add("rules." + new["id"])
        rules[new["id"]] = new
    tree["rules"] = list(rules.values())


def merge_lists(child, tree, looser):
    for group, trusts in (("digest_lists", lambda entry: entry[1]),
                          ("component_lists", lambda entry: entry[1]),
                          ("signers", lambda entry: True)):
        for name, entry in child.get(group, {}).items():
            if name in tree[group]:
                raise Bad("%s.%s twice" % (group, name))
            if trusts(entry):
                looser.add("%s.%s" % (group, name))
        tree[group] = {**tree[group], **child.get(group, {})}
    tree["certificates"] = tree["certificates"] + child["certificates"]


def measurers(tree):
    return {m["build_id"] for m in
            tree.get("references", {}).get("measurers", [])}


def merge_rest(child, tree, looser):
    if "references" in child:
        if tree["requires"]["measurer"] == "reference" and \
                measurers(child) - measurers(tree):
            looser.add("references")
        tree["references"] = child["references"]
    if "valid" in child:
        if child["valid"]["from"] < tree["valid"]["from"] or \
                child["valid"]["until"] > tree["valid"]["until"]:
            looser.add("valid")
        tree["valid"] = child["valid"]
    theirs = {x["id"] for group in ("rules", "presence")
              for x in tree.get(group, [])}
    looser.update("waivers." + w["id"] for w in child.get("waivers", [])
                  if w["rule"] in theirs)


def settle(child, tree, looser):
    """What is declared must cover what is looser; it may remove rules."""
    declared = {entry["what"] for entry in child.get("loosens", [])}
    waivers = {"waivers." + w["id"] for w in child.get("waivers", [])}
    if looser - declared:
        raise Bad("not declared: %s" % sorted(looser - declared))
    own = {r["id"] for r in child.get("rules", [])}
    ids = {r["id"] for r in tree["rules"]}
    for what in declared - looser - waivers:
        group, _, name = what.partition(".")
        if group == "rules" and name not in ids:
            raise Bad("no rule " + name)
        if group in ("waivers", "signers", "digest_lists",
                     "component_lists"):
            raise Bad("%s loosens nothing" % what)
        if group == "rules" and name not in own:
            tree["rules"] = [r for r in tree["rules"] if r["id"] != name]
    if not tree["rules"]:
        raise Bad("no rule is left")


def merge(child, parent):
    """-> the whole policy, and what in it is looser than in the parent"""
    tree, looser = dict(parent), set()
    merge_rest(child, tree, looser)
    merge_requires(child, tree, looser)
    merge_lists(child, tree, looser)
    merge_rules(child, tree, looser)
    merge_otherwise(child, tree, looser)
    for key in ("policy", "version", "authority"):
        tree[key] = child[key]
    tree["waivers"] = child.get("waivers", [])
    tree["presence"] = tree.get("presence", []) + child.get("presence", [])
    return tree, looser


def extend(child, parent):
    tree, looser = merge(child, parent)
    settle(child, tree, looser)
    return tree
