// SPDX-License-Identifier: Apache-2.0
/*
 * SPDX 2.2 and 2.3 in JSON: its packages. Files and snippets are pieces of
 * packages. SPDX has no word for drivers, nor for what a device is for: what
 * stands in the description counts, if the whole of it is such a word.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bid_private.h"

static bool is_none(struct crd_buf text)
{
	return crd_buf_equal(text, crd_buf_of("NOASSERTION")) ||
	       crd_buf_equal(text, crd_buf_of("NONE"));
}

/* "Organization: Name (mail)", "Person: Name" */
static int read_agent(struct crd_bid_reader *r, const json_t *package,
		      const char *key, struct crd_buf *ret_name)
{
	static const char *const kinds[] = { "Organization:", "Person:" };
	struct crd_buf text;
	size_t i, len, at;
	int ret = crd_bid_json_text(r, package, key, &text);

	if (ret || is_none(text))
		return ret;
	for (i = 0; i < 2; i++) {
		len = strlen(kinds[i]);
		if (text.len > len && !memcmp(text.ptr, kinds[i], len)) {
			text.ptr += len;
			text.len -= len;
			break;
		}
	}
	at = text.len;
	if (at && text.ptr[at - 1] == ')') {
		while (at && text.ptr[at - 1] != '(')
			at--;
		/* a mail address, or nothing: not "Micron (Crucial)" */
		if (at && (memchr(text.ptr + at, '@', text.len - at) ||
			   at + 1 == text.len))
			text.len = at - 1;
	}
	*ret_name = crd_bid_trim(text);
	return 0;
}

static int read_checksum(struct crd_bid_reader *r, const json_t *sum, void *ctx)
{
	struct crd_buf alg = { NULL, 0 }, value = { NULL, 0 };
	int ret = crd_bid_json_text(r, sum, "algorithm", &alg);

	if (!ret)
		ret = crd_bid_json_text(r, sum, "checksumValue", &value);
	return ret ? ret : crd_bid_set_hash(r, ctx, alg, value);
}

/* "8086:1572", for a referenceType that says which bus */
static int read_ids(struct crd_bid_reader *r, struct crd_bid_item *item,
		    struct crd_buf type, struct crd_buf locator)
{
	const uint8_t *colon =
		locator.len ? memchr(locator.ptr, ':', locator.len) : NULL;
	struct crd_buf vendor = locator, device;
	int ret;

	if (!colon || (!crd_bid_is(type, "pci") && !crd_bid_is(type, "usb")))
		return 0;
	vendor.len = (size_t)(colon - locator.ptr);
	device = (struct crd_buf){ colon + 1, locator.len - vendor.len - 1 };
	ret = crd_bid_set_bus(r, item, type);
	if (!ret)
		ret = crd_bid_set_hex(r, "vendor id", &item->vendor, vendor, 4);
	if (!ret)
		ret = crd_bid_set_hex(r, "device id", &item->device, device, 4);
	return ret;
}

static int read_reference(struct crd_bid_reader *r, const json_t *ref,
			  void *ctx)
{
	struct crd_buf type = { NULL, 0 }, locator = { NULL, 0 };
	int ret = crd_bid_json_text(r, ref, "referenceType", &type);

	if (!ret)
		ret = crd_bid_json_text(r, ref, "referenceLocator", &locator);
	if (!ret)
		ret = read_ids(r, ctx, type, locator);
	if (!ret &&
	    (crd_bid_is(type, "cpe23type") || crd_bid_is(type, "cpe22type")))
		crd_bid_set_cpe(ctx, locator);
	if (!ret && crd_bid_is(type, "purl"))
		crd_bid_set_purl(ctx, locator);
	return ret;
}

static int read_words(struct crd_bid_reader *r, const json_t *package,
		      struct crd_bid_item *item)
{
	struct crd_buf purpose = { NULL, 0 }, license = { NULL, 0 };
	const char *text;
	int ret = crd_bid_json_text(r, package, "primaryPackagePurpose",
				    &purpose);

	if (ret)
		return ret;
	/* "install", "archive" ... say nothing of what is inside */
	crd_bid_set_word(item, purpose);
	if (!item->is && purpose.len)
		item->is = crd_bid_word(crd_buf_of("software"));
	if (crd_bid_is(purpose, "firmware"))
		crd_bid_set_word(item, item->name);
	text = json_string_value(json_object_get(package, "description"));
	if (text)
		crd_bid_set_word(item, crd_buf_of(text));
	ret = crd_bid_json_text(r, package, "licenseDeclared", &license);
	if (!ret && !is_none(license))
		item->license = license;
	return ret;
}

static int read_package(struct crd_bid_reader *r, const json_t *package,
			void *unused)
{
	struct crd_bid_item item;
	int ret;

	crd_bid_item_init(&item);
	ret = crd_bid_json_text(r, package, "name", &item.name);
	if (!ret && !item.name.len)
		return crd_bid_fail(r, -EBADMSG, "has no name");
	if (!ret)
		ret = crd_bid_json_text(r, package, "versionInfo",
					&item.version);
	if (!ret)
		ret = read_agent(r, package, "originator", &item.maker);
	if (!ret)
		ret = read_agent(r, package, "supplier", &item.supplier);
	if (!ret)
		ret = read_words(r, package, &item);
	if (!ret)
		ret = crd_bid_json_each(r, package, "checksums", read_checksum,
					&item);
	if (!ret)
		ret = crd_bid_json_each(r, package, "externalRefs",
					read_reference, &item);
	return ret ? ret : crd_bid_add(r, &item);
}

static int say_left_out(struct crd_bid_reader *r, const json_t *root)
{
	struct crd_str str = { 0 };
	json_t *files;
	int ret = crd_bid_json_array(r, root, "files", &files);

	if (ret || !json_array_size(files))
		return ret;
	crd_str_fmt(&str, "%zu files, which are pieces of packages",
		    json_array_size(files));
	r->bid->left_out = crd_str_take(&str);
	return r->bid->left_out ? 0 : -ENOMEM;
}

int crd_bid_spdx(struct crd_bid_reader *r, const json_t *root)
{
	struct crd_buf version = { NULL, 0 };
	int ret = crd_bid_json_text(r, root, "spdxVersion", &version);

	if (ret)
		return ret;
	if (!crd_buf_equal(version, crd_buf_of("SPDX-2.3")) &&
	    !crd_buf_equal(version, crd_buf_of("SPDX-2.2")))
		return crd_bid_fail(r, -EOPNOTSUPP,
				    "spdxVersion is neither SPDX-2.2 nor "
				    "SPDX-2.3");
	ret = crd_bid_say(r, "SPDX %s, JSON", (const char *)version.ptr + 5);
	if (!ret)
		ret = say_left_out(r, root);
	return ret ? ret :
		     crd_bid_json_each(r, root, "packages", read_package, NULL);
}
