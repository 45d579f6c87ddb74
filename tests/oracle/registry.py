# SPDX-License-Identifier: Apache-2.0
"""Who makes what, from the CSV tables that policies/registry describes."""
import csv
import os

from maker import Makers


def rows(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f, strict=True))


class Registry:
    def __init__(self, folder):
        self.entities = {r["entity_id"]: r
                         for r in rows(folder, "entities.csv")}
        self.ids = {(r["scheme"], r["value"]): r["entity_id"]
                    for r in rows(folder, "identifiers.csv")}
        self.lists = {r["list_id"] for r in rows(folder, "lists.csv")}
        self.listings = rows(folder, "listings.csv")
        self.makers = Makers(self.ids)

    def chain(self, entity):
        """The entity, its parent, and so on up."""
        out = []
        while entity and entity not in out:
            out.append(entity)
            entity = self.entities[entity]["parent_entity_id"]
        return out

    def jurisdictions(self, entity):
        """Headquarters of its own, and of its ultimate parent."""
        row = self.entities[entity]
        return {row["hq_jurisdiction"], row["ultimate_parent_jurisdiction"]}

    def lists_of(self, entity, day):
        """Lists in force on that day that name it or one above it."""
        above = self.chain(entity)
        return {r["list_id"] for r in self.listings
                if r["entity_id"] in above and r["effective_date"] <= day
                and (not r["end_date"] or day <= r["end_date"])}

    def firmware(self, name):
        """That very name, else the longest pattern that it begins as."""
        fits = [v for s, v in self.ids if s == "firmware" and (
            v == name or v.endswith("*") and name.startswith(v[:-1]))]
        return self.ids["firmware", name if name in fits else
                        max(fits, key=len)] if fits else None

    def author(self, text):
        return self.ids.get(("modsigner", text))
