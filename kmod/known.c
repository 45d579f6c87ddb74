// SPDX-License-Identifier: GPL-2.0-only
/* A set of addresses, so that each device gets one record and no second. */
#include <linux/hashtable.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "known.h"

#define CRD_KNOWN_BITS	7

struct crd_known {
	struct hlist_node node;
	const void *dev;
	bool bound;
};

static DEFINE_HASHTABLE(crd_known_table, CRD_KNOWN_BITS);
static DEFINE_SPINLOCK(crd_known_lock);

static struct crd_known *crd_known_find(const void *dev)
{
	struct crd_known *known;

	hash_for_each_possible(crd_known_table, known, node,
			       (unsigned long)dev)
		if (known->dev == dev)
			return known;
	return NULL;
}

static bool crd_known_has(const void *dev)
{
	bool there;

	spin_lock(&crd_known_lock);
	there = crd_known_find(dev);
	spin_unlock(&crd_known_lock);
	return there;
}

/* 0 if it is new, -EEXIST if it was there, or -ENOMEM. */
int crd_known_add(const void *dev)
{
	struct crd_known *new;
	bool there;

	if (crd_known_has(dev))
		return -EEXIST;
	new = kmalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	new->dev = dev;
	new->bound = false;
	spin_lock(&crd_known_lock);
	there = crd_known_find(dev);
	if (!there)
		hash_add(crd_known_table, &new->node, (unsigned long)dev);
	spin_unlock(&crd_known_lock);
	if (!there)
		return 0;
	kfree(new);
	return -EEXIST;
}

/* Has it a driver, as far as its records tell? Returns what was so before. */
bool crd_known_bind(const void *dev, bool bound)
{
	struct crd_known *known;
	bool before = false;

	spin_lock(&crd_known_lock);
	known = crd_known_find(dev);
	if (known) {
		before = known->bound;
		known->bound = bound;
	}
	spin_unlock(&crd_known_lock);
	return before;
}

/* Its address may be used for another device from here on. */
void crd_known_remove(const void *dev)
{
	struct crd_known *known;

	spin_lock(&crd_known_lock);
	known = crd_known_find(dev);
	if (known)
		hash_del(&known->node);
	spin_unlock(&crd_known_lock);
	kfree(known);
}

void crd_known_clear(void)
{
	struct crd_known *known;
	struct hlist_node *next;
	int i;

	hash_for_each_safe(crd_known_table, i, next, known, node) {
		hash_del(&known->node);
		kfree(known);
	}
}
