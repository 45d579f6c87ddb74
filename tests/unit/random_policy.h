/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random_policy - policies drawn by lot, from every key that a condition can
 * have. Kept in parts, so that one can be added, taken out or moved.
 */
#ifndef RANDOM_POLICY_H
#define RANDOM_POLICY_H

#include "attest/policy_cond.h"
#include "small_registry.h"

/* The same numbers for the same seed, everywhere. */
struct dice {
	uint64_t state;
};

static inline unsigned int roll(struct dice *d, unsigned int n)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (unsigned int)((z ^ z >> 31) % n);
}

#define N_OF(array)    (sizeof(array) / sizeof((array)[0]))
#define PICK(d, array) ((array)[roll(d, N_OF(array))])

#define RANDOM_KNOWN_DIGEST \
	"0700000000000000000000000000000000000000000000000000000000000000"
#define RANDOM_OTHER_DIGEST \
	"0900000000000000000000000000000000000000000000000000000000000000"
static const char random_csv[] =
	"kind,id,subsystem,name,serial,version,digest,note\n"
	"device,8086:10d3,,,S1,,,x\n"
	"driver,,,hinic,,2.1.5,,x\n"
	"firmware,,,iwlwifi-1.ucode,,,,x\n";

/* What a condition can be compared with; texts come in quotes. */
struct domain {
	bool quoted, unknown;
	const char *values[24];
	const char *maps[4]; /* patterns and ranges */
};
static const struct domain domains[CRD_COND_MAX] = {
	[CRD_COND_KIND] = { .values = { "driver", "firmware", "device",
					"platform" } },
	/* from "failed" on: what a record may say later */
	[CRD_COND_FLAGS] = { .values = { "unsigned",	  "unverified",
					 "out-of-tree",	  "proprietary",
					 "staging",	  "unmeasured",
					 "pre-existing",  "built-in",
					 "from-memory",	  "forced",
					 "external",	  "dynamic",
					 "failed",	  "not-covered",
					 "deferred",	  "gone",
					 "re-identified", "same-serial",
					 "contradicted",  "look-alike" } },
	[CRD_COND_SIGNER] = { .values = { "verified", "unverified", "none" } },
	[CRD_COND_ORIGIN] = { .values = { "file", "memory", "anonymous",
					  "pre-existing", "built-in", "cached",
					  "platform", "unmeasured" } },
	[CRD_COND_CLASS] = { .values = { "network", "wireless", "storage",
					 "usb-storage", "keyboard", "display",
					 "vendor-specific", "other" } },
	[CRD_COND_PART] = { .values = { "smbios", "acpi", "tpm", "cpu",
					"esrt" } },
	[CRD_COND_STRUCTURE] = { .values = { "firmware", "system", "board",
					     "memory" } },
	[CRD_COND_BUS] = { true, true, { "pci", "usb" }, { "like: \"p*\"" } },
	[CRD_COND_ID] = { true,
			  true,
			  { "8086:10d3", "19e5:1822", "1234:0001" },
			  { "like: \"8086:*\"" } },
	[CRD_COND_SUBSYSTEM] = { true,
				 true,
				 { "8086:a01f", "19e5:0001" },
				 { "like: [ \"8086:*\", \"1*\" ]" } },
	[CRD_COND_NAME] = { true,
			    true,
			    { "e1000", "hinic", "zfs", "evil", "SSDT",
			      "iwlwifi-1.ucode", "0000:00:03.0", "1-1" },
			    { "like: \"*e*\"", "like: \"?-?\"",
			      "like: [ \"h*\", \"0000:*\" ]" } },
	[CRD_COND_PORT] = { true, true, { "p/3", "p/4" }, { "like: \"p/*\"" } },
	[CRD_COND_PATH] = { true,
			    true,
			    { "/lib/modules/x.ko", "/tmp/x.ko" },
			    { "like: \"/lib/*\"" } },
	[CRD_COND_AUTHOR] = { true,
			      true,
			      { "Intel", "Newbridge", "Somebody",
				"Huawei Technologies CO., Ltd" },
			      { "like: \"Huawei*\"" } },
	[CRD_COND_LICENSE] = { true,
			       true,
			       { "GPL", "NVIDIA" },
			       { "like: \"G*\"" } },
	[CRD_COND_VERSION] = { true,
			       true,
			       { "2.1.5", "F.42", "0x2" },
			       { "below: \"2.1.5\"", "at-least: 0x2",
				 "at-least: \"1.0\", below: \"3\"",
				 "like: \"2.*\"" } },
	[CRD_COND_RELEASED] = { false,
				true,
				{ "2020-01-01", "2021-02-03" },
				{ "before: 2020-06-01", "from: 2021-02-03",
				  "from: 2019-01-01, before: 2022-01-01" } },
	[CRD_COND_MANUFACTURER] = { true,
				    true,
				    { "ACME", "Intel" },
				    { "like: \"*ntel*\"" } },
	[CRD_COND_PRODUCT] = { true,
			       true,
			       { "Product", "Other" },
			       { "like: \"Pro*\"" } },
	[CRD_COND_SERIAL] = { true, true, { "S1", "S2" }, { "like: \"S?\"" } },
	[CRD_COND_DIGEST] = { false, true, { "known", "other" } },
	[CRD_COND_COMPONENT] = { false, true, { "approved" } },
	[CRD_COND_VENDOR] = { false,
			      true,
			      { "intel", "huawei", "newbridge",
				"huawei-holding", "ibm" } },
	[CRD_COND_JURISDICTION] = { false, true, { "CN", "US" } },
	[CRD_COND_LISTED] = { false, true, { "list-a", "list-b" } },
	[CRD_COND_GRADE] = { .values = { "certified", "measured", "text",
					 "self-reported", "declared",
					 "unknown" },
			     .maps = { "below: measured", "at-least: text",
				       "at-least: text, below: certified" } },
	[CRD_COND_KERNEL] = { true,
			      true,
			      { "6.1.0-56-amd64", "5.10" },
			      { "at-least: \"6.1\"", "below: 6.1.0-40",
				"like: \"6.*\"" } },
	[CRD_COND_SITE] = { true,
			    true,
			    { "ottawa", "here" },
			    { "like: \"o*\"" } },
	[CRD_COND_DESTINATION] = { false, true, { "CA", "CN", "NO" } },
	[CRD_COND_PURPOSE] = { true,
			       true,
			       { "export", "office" },
			       { "like: \"ex*\"" } },
};
#define FIRST_LATE_FLAG 12 /* "failed" */

/* Against: to refuse, refer, count up to; in favour: to admit, waive, need. */
enum use { AGAINST = 1, FAVOUR = 2, BOTH = 3 };

struct piece {
	char text[1024];
	enum crd_verdict then;
	unsigned int rule; /* of a waiver */
	bool needs;	   /* a presence with a lower bound */
};

#define MAX_PIECES 8
struct draft {
	enum crd_verdict known, unknown;
	bool lists_known;
	struct piece rules[MAX_PIECES], waivers[MAX_PIECES];
	struct piece presence[MAX_PIECES];
	unsigned int n_rules, n_waivers, n_presence;
};

/* What must not be drawn, or more than else. */
struct taste {
	bool no_needs;	    /* no lower bounds */
	bool no_fine_joins; /* no joins in favour */
	bool no_admit_rules;
	bool many_waivers;
	bool counts; /* always some presence */
};

struct words {
	char *at, *end;
};

__attribute__((format(printf, 2, 3))) static inline void
put(struct words *w, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(w->at, (size_t)(w->end - w->at), fmt, ap);
	va_end(ap);
	if (n < 0 || n >= w->end - w->at) {
		fprintf(stderr, "random_policy: no room\n");
		abort();
	}
	w->at += n;
}

static inline unsigned int count(const char *const *texts, unsigned int max)
{
	unsigned int n;

	for (n = 0; n < max && texts[n]; n++)
		;
	return n;
}

static inline void put_value(struct words *w, struct dice *d,
			     enum crd_cond_key key, bool late)
{
	const struct domain *at = &domains[key];
	unsigned int n = count(at->values, 24), n_maps = count(at->maps, 4);
	const char *quote = at->quoted ? "\"" : "";

	if (key == CRD_COND_FLAGS && !late)
		n = FIRST_LATE_FLAG;
	if (at->unknown && !roll(d, 6))
		put(w, "unknown");
	else if (n_maps && !roll(d, 3))
		put(w, "{ %s }", at->maps[roll(d, n_maps)]);
	else
		put(w, "%s%s%s", quote, at->values[roll(d, n)], quote);
}

static inline void put_cond(struct words *w, struct dice *d,
			    enum crd_cond_key key, enum use use)
{
	bool negate = !roll(d, 3);
	bool late = use == (negate ? FAVOUR : AGAINST);
	unsigned int i, n = 1 + !roll(d, 3);

	put(w, negate ? "%s: { not: " : "%s: ", crd_cond_name(key));
	if (key == CRD_COND_GRADE) /* ranges stand alone */
		n = 1;
	if (n > 1)
		put(w, "[ ");
	for (i = 0; i < n; i++) {
		if (i)
			put(w, ", ");
		put_value(w, d, key, late);
	}
	put(w, n > 1 ? " ]%s" : "%s", negate ? " }" : "");
}

static inline enum crd_kind join_kind(enum crd_cond_key key)
{
	return key == CRD_COND_DRIVER	? CRD_KIND_DRIVER :
	       key == CRD_COND_FIRMWARE ? CRD_KIND_FIRMWARE :
					  CRD_KIND_DEVICE;
}

static inline void put_when(struct words *w, struct dice *d, enum crd_kind kind,
			    enum use use, bool joins, uint64_t used);

static inline void put_join(struct words *w, struct dice *d,
			    enum crd_cond_key key, enum use use)
{
	put(w, "%s: ", crd_cond_name(key));
	if (use == FAVOUR && !roll(d, 4))
		put(w, "none");
	else
		put_when(w, d, join_kind(key), use, false, 0);
}

/* Conditions that a component of that kind can have; used: keys that are. */
static inline void put_when(struct words *w, struct dice *d, enum crd_kind kind,
			    enum use use, bool joins, uint64_t used)
{
	unsigned int n = 1 + roll(d, 2) + !roll(d, 4);
	bool join = joins && kind != CRD_KIND_PLATFORM && !roll(d, 3);
	const char *sep = "{ ";

	while (n) {
		enum crd_cond_key key = join ? CRD_COND_DRIVER + roll(d, 3) :
					       roll(d, CRD_COND_MAX);

		if (!crd_cond_applies(key, kind) || used >> key & 1 ||
		    (crd_cond_is_join(key) && !joins))
			continue;
		used |= 1ull << key;
		put(w, "%s", sep);
		sep = ", ";
		join = false;
		n--;
		if (crd_cond_is_join(key))
			put_join(w, d, key, use);
		else
			put_cond(w, d, key, use);
	}
	put(w, " }");
}

static inline struct words words_of(struct piece *p)
{
	return (struct words){ p->text, p->text + sizeof(p->text) };
}

static inline void add_rule(struct draft *draft, struct dice *d,
			    const struct taste *t, enum crd_verdict then)
{
	struct piece *p = &draft->rules[draft->n_rules];
	struct words w = words_of(p);
	bool admit = then == CRD_ADMIT;

	p->then = then;
	put(&w, "{ id: r%u, when: ", draft->n_rules++);
	put_when(&w, d, roll(d, CRD_KIND_MAX), admit ? FAVOUR : AGAINST,
		 !(admit && t->no_fine_joins), 0);
	put(&w, ", then: %s, because: B }", crd_verdict_name(then));
}

static inline void add_presence(struct draft *draft, struct dice *d,
				const struct taste *t)
{
	static const char *const most[] = { "at-most: 0", "at-most: 1",
					    "exactly: 0", "at-most: 2" };
	static const char *const least[] = { "at-least: 1", "at-least: 2" };
	static const char *const exactly[] = { "exactly: 1",
					       "at-least: 1, at-most: 2" };
	struct piece *p = &draft->presence[draft->n_presence];
	enum use use = t->no_needs ? AGAINST : 1 + roll(d, 3);
	struct words w = words_of(p);

	p->needs = use != AGAINST;
	p->then = roll(d, 2) ? CRD_REFER : CRD_REFUSE;
	put(&w, "{ id: p%u, component: ", draft->n_presence++);
	put_when(&w, d, roll(d, CRD_KIND_MAX), use,
		 use == AGAINST || !t->no_fine_joins, 0);
	put(&w, ", %s, then: %s, because: B }",
	    use == AGAINST ? PICK(d, most) :
	    use == FAVOUR  ? PICK(d, least) :
			     PICK(d, exactly),
	    crd_verdict_name(p->then));
}

/* Of a presence, on whatever machine; in force or perhaps not. */
static inline void add_presence_waiver(struct draft *draft, unsigned int which,
				       const char *days)
{
	struct piece *p = &draft->waivers[draft->n_waivers];
	struct words w = words_of(p);

	p->then = CRD_REFUSE; /* `otherwise` does not come instead */
	put(&w, "{ id: w%u, rule: p%u, %s, approved_by: A, because: B }",
	    draft->n_waivers++, which, days);
}

/* Of one of the rules, unless that admits. */
static inline void add_waiver(struct draft *draft, struct dice *d,
			      const struct taste *t)
{
	static const char *const what[] = {
		"name: { like: \"*\" }",   "name: hinic",
		"name: [ evil, zfs ]",	   "name: { like: \"0000:*\" }",
		"path: /lib/modules/x.ko", "digest: [ known, other ]"
	};
	static const char *const days[] = {
		"until: 2026-12-31", "until: 2026-12-31", "until: 2026-09-21",
		"until: 2026-09-20", "from: 2026-09-22, until: 2026-10-01"
	};
	uint64_t used = 1ull << CRD_COND_NAME | 1ull << CRD_COND_PATH |
			1ull << CRD_COND_DIGEST;
	unsigned int rule = draft->n_rules ? roll(d, draft->n_rules) : 0;
	struct piece *p = &draft->waivers[draft->n_waivers];
	struct words w = words_of(p);

	if (draft->n_presence && !roll(d, 3)) {
		add_presence_waiver(draft, roll(d, draft->n_presence),
				    PICK(d, days));
		return;
	}
	if (!draft->n_rules || draft->rules[rule].then == CRD_ADMIT)
		return;
	p->rule = rule;
	p->then = draft->rules[rule].then;
	put(&w, "{ id: w%u, rule: r%u, component: ", draft->n_waivers++, rule);
	if (roll(d, 2)) {
		put(&w, "{ %s }", what[0]);
	} else if (roll(d, 2)) {
		put(&w, "{ %s }", PICK(d, what));
	} else {
		put_when(&w, d, roll(d, CRD_KIND_MAX), FAVOUR,
			 !t->no_fine_joins, used);
		w.at -= 2;
		put(&w, ", %s }", PICK(d, what));
	}
	put(&w, ", %s, approved_by: A, because: B }", PICK(d, days));
}

static inline struct draft draw_policy(struct dice *d, const struct taste *t)
{
	struct draft draft = { .known = roll(d, 4) ? CRD_ADMIT : CRD_REFER,
			       .unknown = roll(d, 3),
			       .lists_known = roll(d, 2) };
	unsigned int i, n = roll(d, 5);

	for (i = 0; i < n; i++) {
		enum crd_verdict then = roll(d, 3);

		if (then != CRD_ADMIT || !t->no_admit_rules)
			add_rule(&draft, d, t, then);
	}
	n = !t->counts && roll(d, 4) ? 0 : 1 + roll(d, 3);
	for (i = 0; i < n; i++)
		add_presence(&draft, d, t);
	n = t->many_waivers ? 3 + roll(d, 4) : roll(d, 4);
	for (i = 0; i < n; i++)
		add_waiver(&draft, d, t);
	return draft;
}

static inline void put_pieces(struct words *w, const char *key,
			      const struct piece *p, unsigned int n)
{
	if (n)
		put(w, "%s:\n", key);
	for (; n; n--, p++)
		put(w, "  - %s\n", p->text);
}

/* Always the same buffer. */
static inline const char *policy_yaml(const struct draft *draft)
{
	static char yaml[32768];
	const char *known = draft->lists_known ? ", known: yes" : "";
	struct words w = { yaml, yaml + sizeof(yaml) };

	put(&w, "policy: random\nversion: 1\nauthority: A\n"
		"valid: { from: 2026-01-01, until: 2026-12-31 }\n"
		"requires: { identity: any, freshness: 7d, secure_boot: any, "
		"lockdown: none, measurer: any }\n"
		"digest_lists:\n");
	put(&w, "  - { id: known, digests: [ " RANDOM_KNOWN_DIGEST " ]%s }\n",
	    known);
	put(&w,
	    "  - { id: other, digests: [ " RANDOM_OTHER_DIGEST " ] }\n"
	    "component_lists:\n"
	    "  - { id: approved, file: approved.csv%s }\n",
	    known);
	put_pieces(&w, "presence", draft->presence, draft->n_presence);
	if (draft->n_rules)
		put_pieces(&w, "rules", draft->rules, draft->n_rules);
	else
		put(&w, "rules: [ { id: none, when: { name: \"-\" }, "
			"then: refuse, because: B } ]\n");
	put(&w, "otherwise: { known: %s, unknown: %s }\n",
	    crd_verdict_name(draft->known), crd_verdict_name(draft->unknown));
	put_pieces(&w, "waivers", draft->waivers, draft->n_waivers);
	return yaml;
}

static inline int random_fetch(const char *file, void *ctx,
			       struct crd_buf *ret_bytes)
{
	*ret_bytes = small_buf(random_csv);
	return 0;
}

#endif /* RANDOM_POLICY_H */
