/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a policy is read, one section per file: limits, the nodes of its YAML,
 * values by what the schema wants, conditions.
 */
#ifndef CRD_POLICY_LOAD_H
#define CRD_POLICY_LOAD_H

#include "attest.h"
#include "registry_private.h"
#include "text_private.h"
#include "version.h"

struct crd_policy;

enum {
	POL_MAX_BYTES = 1024 * 1024,
	POL_MAX_NODES = 65536,
	POL_MAX_DEPTH = 12,
	POL_MAX_KEYS = 64,   /* in one map */
	POL_MAX_TEXT = 4096, /* one scalar */
	POL_MAX_RULES = 1024,
	POL_MAX_WAIVERS = 4096,
	POL_MAX_MACHINES = 65536, /* of all waivers */
	POL_MAX_REFERENCES = 1024,
	POL_MAX_LISTS = 64, /* digest lists: bits of a word */
	POL_MAX_LIST_BYTES = 64 * 1024 * 1024,
	POL_MAX_BUILD_ID = 64,
	POL_MAX_COVERAGE = 64,
	POL_MAX_COMPONENT_LISTS = 64,
	POL_MAX_REFERENCE_ROWS = 65536,
	POL_MAX_JOINS = 64, /* conditions on what is joined */
	POL_MAX_PRESENCE = 64,
	POL_MAX_COUNT = 1000000,
	POL_MAX_EXAMPLES = 1024,
	POL_MAX_EXAMPLE_PARTS = 256, /* of one */
	POL_MAX_SIGNERS = 32, /* bits of a word, after CRD_SIGNER_FIRST */
	POL_MAX_CERTS = 1024,
	POL_MAX_CERT_BYTES = 4 * 1024 * 1024, /* one file of them */
	POL_MAX_LANGUAGES = 32,
	POL_MAX_LANGUAGE = 11, /* "zh-Hant-TW" */
	POL_MAX_PARENTS = 4,   /* that extend one another */
	POL_MAX_WAIVER_FILES = 32,
	POL_MAX_FILES = 1 + POL_MAX_PARENTS + POL_MAX_WAIVER_FILES,
};

/* policy_yaml.c: a strict YAML document as an array of nodes. */
enum crd_node_type { CRD_NODE_TEXT, CRD_NODE_LIST, CRD_NODE_MAP };

#define CRD_NO_NODE UINT32_MAX

struct crd_node {
	enum crd_node_type type;
	bool plain; /* a scalar without quotes */
	unsigned int line, column;
	const char *text; /* TEXT, NUL-terminated */
	uint32_t len;
	uint32_t key;	/* in a map: its key, or CRD_NO_NODE */
	uint32_t next;	/* sibling, or CRD_NO_NODE */
	uint32_t child; /* first, or CRD_NO_NODE */
	uint32_t n_children;
};

struct crd_yaml {
	struct crd_node *nodes; /* the root is nodes[0] */
	size_t n, cap;
	char *text;
	size_t text_len;
};

int crd_yaml_load(struct crd_buf bytes, struct crd_yaml *ret_yaml,
		  struct crd_error *err);
void crd_yaml_done(struct crd_yaml *yaml);

static inline const struct crd_node *crd_node_first(const struct crd_yaml *y,
						    const struct crd_node *n)
{
	return n->child == CRD_NO_NODE ? NULL : &y->nodes[n->child];
}

static inline const struct crd_node *crd_node_next(const struct crd_yaml *y,
						   const struct crd_node *n)
{
	return n->next == CRD_NO_NODE ? NULL : &y->nodes[n->next];
}

/* policy_node.c: the same, in any order. */
bool crd_node_same(const struct crd_yaml *ya, const struct crd_node *a,
		   const struct crd_yaml *yb, const struct crd_node *b);
/* Has a such a child, under the same key if it is a map? */
bool crd_node_has(const struct crd_yaml *ya, const struct crd_node *a,
		  const struct crd_yaml *yb, const struct crd_node *child);

/* policy_value.c: scalars by what the schema wants; errors know the place. */

/* A key of a mapping: its name, whether it must be there. */
struct crd_key {
	const char *name;
	bool required;
};

/* One file on its way into the policy. */
struct crd_load {
	const struct crd_yaml *yaml;
	struct crd_policy *policy;
	crd_fetch_fn fetch;
	void *fetch_ctx;
	struct crd_error *err;
	uint8_t file;	    /* in policy->files */
	const char *folder; /* of files that it names: "" or "tiers/" */
	const struct crd_base *base; /* what it extends; NULL: nothing */
	const char *language;	     /* of texts that name none */
};

int crd_node_fail(const struct crd_load *l, const struct crd_node *node,
		  const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Is it a map with those keys only? values[i] is that of keys[i] or NULL. */
int crd_want_map(const struct crd_load *l, const struct crd_node *node,
		 const char *what, const struct crd_key *keys, size_t n_keys,
		 const struct crd_node **values);
/* A list with at least one element. */
int crd_want_list(const struct crd_load *l, const struct crd_node *node,
		  const char *what, size_t limit);
int crd_want_text(const struct crd_load *l, const struct crd_node *node,
		  const char *what, const char **ret_text);
/* lower-case words joined by '-' or '_', also "W-2026-014" */
int crd_want_id(const struct crd_load *l, const struct crd_node *node,
		const char *what, const char **ret_text);
/* index in words, which ends with NULL */
int crd_want_word(const struct crd_load *l, const struct crd_node *node,
		  const char *what, const char *const *words,
		  unsigned int *ret_index);
int crd_want_number(const struct crd_load *l, const struct crd_node *node,
		    const char *what, uint64_t *ret_number);
int crd_want_date(const struct crd_load *l, const struct crd_node *node,
		  const char *what, int32_t *ret_day);
/* "10m": seconds */
int crd_want_duration(const struct crd_load *l, const struct crd_node *node,
		      const char *what, int64_t *ret_seconds);

/* How the policy itself would name that file; NULL: out of memory. */
char *crd_load_path(const struct crd_load *l, const char *name);
/* The bytes of a file that the policy names: they stay while it loads. */
int crd_want_file(const struct crd_load *l, const struct crd_node *node,
		  const char *what, struct crd_buf *ret_bytes);

/* policy_when.c: conditions. */
enum crd_cond_key {
	CRD_COND_KIND,
	CRD_COND_FLAGS,
	CRD_COND_SIGNER,
	CRD_COND_ORIGIN,
	CRD_COND_CLASS,
	CRD_COND_PART,
	CRD_COND_STRUCTURE,
	CRD_COND_BUS,
	CRD_COND_ID,
	CRD_COND_SUBSYSTEM,
	CRD_COND_NAME,
	CRD_COND_PORT,
	CRD_COND_PATH,
	CRD_COND_AUTHOR,
	CRD_COND_LICENSE,
	CRD_COND_VERSION,
	CRD_COND_RELEASED,
	CRD_COND_MANUFACTURER,
	CRD_COND_PRODUCT,
	CRD_COND_SERIAL,
	CRD_COND_DIGEST,
	CRD_COND_COMPONENT,
	CRD_COND_VENDOR,
	CRD_COND_JURISDICTION,
	CRD_COND_LISTED,
	CRD_COND_GRADE,
	/* of the machine and the appraisal, the same for all components */
	CRD_COND_KERNEL,
	CRD_COND_SITE,
	CRD_COND_DESTINATION,
	CRD_COND_PURPOSE,
	/* of what the log joins it to: conditions in a condition */
	CRD_COND_DRIVER,
	CRD_COND_FIRMWARE,
	CRD_COND_DEVICE,
	CRD_COND_MAX,
};

/* One element wanted: a text, a pattern, an id, a bound. */
enum crd_how {
	CRD_HOW_IS,
	CRD_HOW_LIKE, /* text is a pattern with * and ? */
	CRD_HOW_AT_LEAST,
	CRD_HOW_BELOW,
};

struct crd_value {
	struct crd_buf text;
	uint8_t how; /* enum crd_how */
	bool also;   /* the next one must hold too: a range */
	int32_t day; /* of a date */
	unsigned int line, column;
	uint8_t file; /* its place is in that file */
};

/* A range of policy->conds; all of them must hold. */
struct crd_when {
	uint32_t first, n;
	uint8_t kinds; /* of components for which it can hold, as bits */
};

struct crd_cond {
	enum crd_cond_key key;
	bool negate;
	bool unknown;	       /* the word `unknown` is among them */
	bool none;	       /* a join: it is joined to nothing */
	uint64_t mask;	       /* words, or digest lists, as bits */
	uint32_t first, n;     /* in policy->values */
	struct crd_when inner; /* a join: of what it is joined to */
	uint32_t join;	       /* a join: which of them, from 0 */
	unsigned int line, column;
	uint8_t file; /* whose line and column those are */
};

const char *crd_cond_name(enum crd_cond_key key);
/* Can a component of that kind have an answer? */
bool crd_cond_applies(enum crd_cond_key key, enum crd_kind kind);
/* Is it a question that only a measurement answers, whatever a bill says? */
bool crd_cond_measured(const struct crd_cond *cond);
/* Can this component have one? Of what is declared, only what a bill says. */
bool crd_cond_asked(const struct crd_cond *cond, const struct crd_component *c);
/* Is that the kind of component that a join speaks of? */
static inline bool crd_cond_is_of(enum crd_cond_key key, enum crd_kind kind)
{
	return (key == CRD_COND_DRIVER && kind == CRD_KIND_DRIVER) ||
	       (key == CRD_COND_FIRMWARE && kind == CRD_KIND_FIRMWARE) ||
	       (key == CRD_COND_DEVICE && kind == CRD_KIND_DEVICE);
}
/* Is it about what the component is joined to? */
static inline bool crd_cond_is_join(enum crd_cond_key key)
{
	return key >= CRD_COND_DRIVER;
}
/* benefit: true for a rule that admits and for a waiver, see below. */
int crd_when_load(const struct crd_load *l, const struct crd_node *node,
		  const char *what, bool benefit, struct crd_when *ret_when);
/* Does it ask for what a record may say that comes after the component? */
bool crd_when_late(const struct crd_policy *policy, struct crd_when when);
/* "listed: us-ndaa-889, us-fcc-covered" for people */
void crd_cond_say(struct crd_str *str, const struct crd_policy *policy,
		  const struct crd_cond *cond);

#endif /* CRD_POLICY_LOAD_H */
