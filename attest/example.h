/* SPDX-License-Identifier: Apache-2.0 */
/*
 * example - machines in a few words, that stand in a policy with the answer
 * that it must give. They become an inventory, and that goes to the judge.
 */
#ifndef CRD_EXAMPLE_H
#define CRD_EXAMPLE_H

#include "policy_private.h"

enum { CRD_GUID_BYTES = 16 };

/* One component as an example describes it; what is not said is ordinary. */
struct crd_example_part {
	enum crd_kind kind;
	const struct crd_node *node;
	const char *bus, *name, *port, *path, *license, *version;
	const char *manufacturer, *product, *serial, *released;
	const char *authors[CRD_MAX_AUTHORS];
	unsigned int n_authors;
	int32_t vendor_id, device_id;	    /* -1: not said */
	int32_t subvendor_id, subdevice_id; /* likewise */
	bool has_guid;
	uint8_t guid[CRD_GUID_BYTES]; /* of a firmware resource, as stored */
	uint64_t number; /* `version`, if that is none in the log */
	uint64_t signer; /* as in a condition; 0: not said */
	uint32_t classes, flags;
	int part;	     /* enum crd_part; 0: not said */
	int structure;	     /* as in a condition; -1: not said */
	int origin;	     /* -1: not said */
	int grade;	     /* -1: as it comes */
	const char *vendor;  /* entity; NULL: by the ids and texts */
	bool vendor_unknown; /* nobody whom the registry knows */
	struct crd_digest digest;
	uint32_t driver, firmware; /* joined parts; CRD_NO_ENTRY: none */
	uint32_t device;	   /* that it is joined to, likewise */
};

struct crd_example {
	const char *name;
	const struct crd_node *node;
	uint32_t first, n; /* in policy->example_parts */
	int32_t as_of;	   /* day; 0: not said */
	bool whole;	   /* a machine, not a component by itself */
	struct crd_context context;
	const char *kernel; /* its release; NULL: not said */
	bool has_machine;   /* it says which machine that is */
	struct crd_machine_want machine;
	enum crd_verdict expect;
	const char *rule; /* that must decide; NULL: any */
};

/* policy_example_part.c: one more part, and those that it is joined to. */
int crd_example_part_load(const struct crd_load *l,
			  const struct crd_node *node);

/* example_number.c: what a log has as numbers. values: nodes by their keys. */
int crd_example_numbers_load(const struct crd_load *l,
			     const struct crd_node **values,
			     struct crd_example_part *part);
/* "00ff...": a digest of a length that there is. */
bool crd_example_digest(const char *text, size_t len,
			struct crd_digest *ret_digest);
/* example_platform.c: can such a thing have what it is given? Says what not. */
int crd_example_possible(const struct crd_load *l,
			 const struct crd_node **values,
			 struct crd_example_part *part);
struct crd_fields;
void crd_example_put_platform(struct crd_fields *f,
			      const struct crd_example_part *part);

/* What it states of an entry beside its fields. */
struct crd_stated {
	const struct crd_example_part *part;
	struct crd_signing signing;
	uint16_t vendor; /* if the part names one */
};

/* The inventory of one example. Its bytes and statements are freed together. */
struct crd_scene {
	struct crd_inventory inventory;
	struct crd_stated *stated;
	struct crd_machine machine; /* the inventory's, which points to it */
	uint8_t *bytes;
};
/* -EBADMSG: it names a vendor whom the registry does not know, see err. */
int crd_scene_build(const struct crd_policy *policy,
		    const struct crd_registry *registry,
		    const struct crd_example *example,
		    struct crd_scene *ret_scene, struct crd_error *err);
/* What its inventory holds is the report's by then. */
void crd_scene_done(struct crd_scene *scene);

#endif /* CRD_EXAMPLE_H */
