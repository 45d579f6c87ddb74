// SPDX-License-Identifier: Apache-2.0
/* Which rule holds for a change of a driver or of a firmware image. */
#include <string.h>

#include "appraise_private.h"
#include "change.h"
#include "credence.h"

static bool any_signer(const struct crd_change_view *v,
		       const struct crd_tag *tag)
{
	size_t mid, lo = 0, hi = v->n_signers;
	int order;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		order = memcmp(v->signers[mid].bytes, tag->bytes, CRD_TAG);
		if (!order)
			return true;
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

bool crd_signer_tag(const struct crd_things *things,
		    const struct crd_thing *driver, bool name_only,
		    struct crd_tag *ret_tag)
{
	struct crd_buf name = crd_thing_text(things, driver, CRD_T_SIGNER);
	struct crd_buf key = crd_thing_text(things, driver, CRD_T_SIGNING_KEY);
	struct crd_str all = { 0 };
	struct crd_digest digest;

	if (driver->flags & (CRD_FLAG_UNSIGNED | CRD_FLAG_UNVERIFIED) ||
	    (name_only && !name.len) || (!name.len && !key.len))
		return false;
	crd_str_add(&all, (const char *)name.ptr, name.len);
	if (!name_only) {
		crd_str_puts(&all, "\n");
		crd_str_add(&all, (const char *)key.ptr, key.len);
	}
	crd_sha256((struct crd_buf){ (uint8_t *)all.ptr, all.len }, &digest);
	memcpy(ret_tag->bytes, digest.bytes, CRD_TAG);
	name_only = !all.failed;
	crd_str_done(&all);
	return name_only;
}

/* Does a signer of drivers that were there vouch for it? */
bool crd_driver_vouched_for(const struct crd_change_view *v,
			    const struct crd_thing *driver)
{
	struct crd_tag tag;

	if (driver->flags & CRD_BAD_MARKS)
		return false;
	/* a distribution may make a key for each of its kernels */
	if (v->kernel != CRD_SAME_AGE &&
	    crd_signer_tag(v->after, driver, true, &tag) && any_signer(v, &tag))
		return true;
	return crd_signer_tag(v->after, driver, false, &tag) &&
	       any_signer(v, &tag);
}

static bool of_the_kernel(const struct crd_difference *d)
{
	return !((d->before->flags | d->after->flags) & CRD_FLAG_OUT_OF_TREE);
}

static enum crd_change_rule driver_content(const struct crd_change_view *v,
					   const struct crd_difference *d)
{
	enum crd_age age = crd_trait_age(v, d, CRD_T_VERSION);

	if (d->what == CRD_T_DIGEST && d->old.ptr && !d->new.ptr)
		return CRD_RULE_UNSEEN;
	if (d->what == CRD_T_DIGEST && !d->old.ptr)
		return CRD_RULE_RAISED;
	if (v->kernel != CRD_SAME_AGE && of_the_kernel(d))
		return CRD_RULE_FOLLOWS_KERNEL;
	/* one of its own, made again for another kernel */
	if (v->kernel != CRD_SAME_AGE && age == CRD_SAME_AGE &&
	    crd_buf_equal(crd_thing_text(v->before, d->before, CRD_T_SOURCE),
			  crd_thing_text(v->after, d->after, CRD_T_SOURCE)))
		return CRD_RULE_FOLLOWS_KERNEL;
	return crd_rule_by_age(age, CRD_RULE_DRIVER_NEWER,
			       CRD_RULE_SAME_VERSION);
}

static enum crd_change_rule driver_signer(const struct crd_change_view *v,
					  const struct crd_difference *d)
{
	if (d->old.ptr && !d->new.ptr)
		return CRD_RULE_SIGNER_LOST;
	if (!d->old.ptr)
		return CRD_RULE_RAISED;
	if (d->what == CRD_T_SIGNING_KEY && v->kernel != CRD_SAME_AGE &&
	    crd_thing_text(v->before, d->before, CRD_T_SIGNER).len &&
	    crd_buf_equal(crd_thing_text(v->before, d->before, CRD_T_SIGNER),
			  crd_thing_text(v->after, d->after, CRD_T_SIGNER)))
		return CRD_RULE_FOLLOWS_KERNEL;
	return CRD_RULE_SIGNER_CHANGED;
}

/* FAILED: it was tried, and did not run. */
static enum crd_change_rule driver_marks(const struct crd_change_view *v,
					 const struct crd_difference *d)
{
	uint32_t gone = d->before->flags & ~d->after->flags;
	uint32_t came = d->after->flags & ~d->before->flags;
	enum crd_change_rule rule = crd_rule_of_marks(d);

	if (rule != CRD_RULE_NONE && rule != CRD_RULE_RAISED)
		return rule;
	if (gone & CRD_FLAG_FAILED)
		return crd_driver_vouched_for(v, d->after) ?
			       CRD_RULE_DRIVER_LOADED :
			       CRD_RULE_NEW_DRIVER;
	if (came & CRD_FLAG_FAILED)
		return CRD_RULE_NOT_LOADED;
	if (rule == CRD_RULE_NONE && v->kernel != CRD_SAME_AGE)
		return CRD_RULE_FOLLOWS_KERNEL;
	/* there before the measurer, or after it: the order of the start */
	return rule == CRD_RULE_NONE ? CRD_RULE_BOUND : rule;
}

enum crd_change_rule crd_rule_of_driver(const struct crd_change_view *v,
					const struct crd_difference *d)
{
	switch (d->what) {
	case CRD_T_VERSION:
	case CRD_T_SOURCE:
	case CRD_T_DIGEST:
		return driver_content(v, d);
	case CRD_T_SIGNED:
		return d->new.len == strlen("verified") &&
				       !memcmp(d->new.ptr, "verified",
					       d->new.len) ?
			       CRD_RULE_RAISED :
			       CRD_RULE_SIGNER_LOST;
	case CRD_T_SIGNER:
	case CRD_T_SIGNING_KEY:
		return driver_signer(v, d);
	case CRD_T_AUTHOR:
		return v->kernel != CRD_SAME_AGE && of_the_kernel(d) ?
			       CRD_RULE_FOLLOWS_KERNEL :
			       CRD_RULE_ANOTHER_MAKER;
	case CRD_T_PATH:
		return v->kernel != CRD_SAME_AGE && of_the_kernel(d) ?
			       CRD_RULE_FOLLOWS_KERNEL :
			       CRD_RULE_ANOTHER_PATH;
	case CRD_T_MARKS:
		return driver_marks(v, d);
	default:
		return CRD_RULE_UNEXPLAINED;
	}
}

/* An image has no version but in its name, and nobody's signature. */
enum crd_change_rule crd_rule_of_image(const struct crd_change_view *v,
				       const struct crd_difference *d)
{
	enum crd_age age = crd_trait_age(v, d, CRD_T_NAME);
	enum crd_change_rule rule;

	switch (d->what) {
	case CRD_T_NAME:
		return crd_rule_by_age(age, CRD_RULE_FIRMWARE_NEWER,
				       CRD_RULE_UNEXPLAINED);
	case CRD_T_DIGEST:
		if (!d->new.ptr)
			return CRD_RULE_UNSEEN;
		return crd_rule_by_age(age, CRD_RULE_FIRMWARE_NEWER,
				       d->old.ptr ? CRD_RULE_SAME_VERSION :
						    CRD_RULE_RAISED);
	case CRD_T_PATH:
		return crd_rule_by_age(age, CRD_RULE_FIRMWARE_NEWER,
				       CRD_RULE_ANOTHER_PATH);
	case CRD_T_MARKS:
		rule = crd_rule_of_marks(d);
		return rule == CRD_RULE_NONE ? CRD_RULE_BOUND : rule;
	default:
		return CRD_RULE_UNEXPLAINED;
	}
}
