// SPDX-License-Identifier: Apache-2.0
/* A declared part and the measured one that it was taken for. */
#include "bid_match.h"

/* "what" on both sides, if they differ. */
static void differ(struct crd_str *seen, struct crd_str *want, const char *what,
		   struct crd_buf measured, struct crd_buf declared)
{
	crd_str_fmt(seen, "%s%s \"", seen->len ? ", " : "", what);
	crd_str_safe(seen, measured);
	crd_str_puts(seen, "\"");
	crd_str_fmt(want, "%s%s \"", want->len ? ", " : "", what);
	crd_str_safe(want, declared);
	crd_str_puts(want, "\"");
}

static void differ_number(struct crd_str *seen, struct crd_str *want,
			  const char *what, int32_t measured, int32_t declared)
{
	if (measured < 0 || declared < 0 || measured == declared)
		return;
	crd_str_fmt(seen, "%s%s %04x", seen->len ? ", " : "", what,
		    (unsigned int)measured);
	crd_str_fmt(want, "%s%s %04x", want->len ? ", " : "", what,
		    (unsigned int)declared);
}

static void differ_digest(struct crd_bid_pair *pair)
{
	const struct crd_component *m = &pair->measured;
	const struct crd_component *d = &pair->declared;
	struct crd_str *seen = &pair->seen, *want = &pair->want;
	const struct crd_digest *all[] = { &m->digest, &m->payload,
					   &m->payload_too };
	bool comparable = false;
	size_t i;

	if (!d->digest.alg)
		return;
	for (i = 0; i < 3; i++) {
		if (crd_digest_equal(all[i], &d->digest))
			return;
		comparable |= all[i]->alg == d->digest.alg;
	}
	if (!comparable) {
		pair->no_digest = true;
		return;
	}
	crd_str_fmt(seen, "%sdigest ", seen->len ? ", " : "");
	crd_str_hex(seen, m->digest.bytes, m->digest.len);
	crd_str_fmt(want, "%sdigest ", want->len ? ", " : "");
	crd_str_hex(want, d->digest.bytes, d->digest.len);
}

/* Nothing agrees: is it another one, or is too little said to tell? */
static bool is_another(const struct crd_bid_part *d,
		       const struct crd_bid_part *m)
{
	return (d->model && m->model) ||
	       (d->n_vendors && m->n_vendors && !crd_bid_part_shares(d, m));
}

void crd_bid_differ(struct crd_bid_pair *pair)
{
	const struct crd_bid_part *p = pair->p, *q = pair->q;
	const struct crd_component *m = &pair->measured;
	const struct crd_component *d = &pair->declared;
	struct crd_str *seen = &pair->seen, *want = &pair->want;

	if (p->how == CRD_HOW_ONLY) {
		if (!is_another(p, q)) {
			pair->no_identity = true;
			return;
		}
		differ(seen, want, "maker", m->manufacturer, d->manufacturer);
		differ(seen, want, "model", m->product,
		       p->smbios_type || !d->version.len ? d->product :
							   d->version);
	}
	differ_number(seen, want, "subsystem vendor", q->subvendor,
		      p->subvendor);
	differ_number(seen, want, "subsystem", q->subdevice, p->subdevice);
	differ_number(seen, want, "revision", q->revision, p->revision);
	if (p->serial && q->serial && !crd_bid_same_text(p->serial, q->serial))
		differ(seen, want, "serial number", m->serial, d->serial);
	if (d->kind == CRD_KIND_DRIVER && d->version.len && m->version.len &&
	    !crd_buf_equal(d->version, m->version))
		differ(seen, want, "version", m->version, d->version);
	differ_digest(pair);
}
