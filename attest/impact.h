/* SPDX-License-Identifier: Apache-2.0 */
/*
 * impact - what another policy would change: many machines under two policies,
 * counted. Conventions are those of attest.h.
 *
 * Each bundle is appraised twice, as evidence at rest: the signature and the
 * log are checked, whom it answered and when is not asked. Of a bundle nothing
 * is kept but counts, in tables of at most CRD_IMPACT_ROWS rows; what does not
 * fit is counted as such.
 */
#ifndef CRD_IMPACT_H
#define CRD_IMPACT_H

#include "attest.h"

#define CRD_IMPACT_ROWS 100000

struct crd_impact_in {
	const struct crd_policy *before, *after;
	const struct crd_registry *registry; /* NULL: vendors unknown */
	const struct crd_buf *trusted_aks;   /* names; none: any key will do */
	size_t n_trusted_aks;
	int64_t now;
	int32_t as_of;	      /* as in struct crd_appraisal */
	const char *language; /* likewise */
	struct crd_context context;
};

struct crd_impact;
/* What `in` points to must outlive it. */
int crd_impact_new(const struct crd_impact_in *in,
		   struct crd_impact **ret_impact);
void crd_impact_free(struct crd_impact **impact);

/* What became of one bundle; small enough to be kept of each. */
struct crd_impact_answer {
	uint8_t before, after; /* enum crd_verdict */
	bool malformed;	       /* no evidence at all: not counted further */
};
/* -ENOMEM, -EIO: there is no answer. */
int crd_impact_add(struct crd_impact *impact, struct crd_buf bundle,
		   struct crd_impact_answer *ret_answer);
/*
 * Adds what another has counted, of other bundles under the same policies. The
 * sum does not depend on who counted what. `from` is only to be freed then.
 */
int crd_impact_merge(struct crd_impact *into, struct crd_impact *from);

struct crd_impact_sum {
	uint64_t machines[3][3]; /* by verdict before and after */
	uint64_t same, worse, better, malformed;
};
void crd_impact_sum(const struct crd_impact *impact,
		    struct crd_impact_sum *ret_sum);

struct crd_impact_show {
	const struct crd_impact *impact;
	/* the bundles again, in the order in which they are to be told */
	size_t n;
	const struct crd_impact_answer *answers;
	/* good until the next is asked for */
	const char *(*name)(size_t bundle, void *ctx);
	void *name_ctx;
	unsigned int flags; /* CRD_TEXT_... */
	crd_put_fn put;
	void *put_ctx;
};
int crd_impact_text(const struct crd_impact_show *show);
int crd_impact_json(const struct crd_impact_show *show);
/* RFC 4180: a line for each machine. */
int crd_impact_csv(const struct crd_impact_show *show);
/* One page that needs nothing else, with a chart. */
int crd_impact_html(const struct crd_impact_show *show);

#endif /* CRD_IMPACT_H */
