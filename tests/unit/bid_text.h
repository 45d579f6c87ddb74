/* SPDX-License-Identifier: Apache-2.0 */
/* bid_text - bills of materials of a few words, for tests. */
#ifndef BID_TEXT_H
#define BID_TEXT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attest/bid.h"

#define CDX_HEAD	"{ \"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", "
#define CDX(components) CDX_HEAD "\"components\": [ " components " ] }"
#define THING		"{ \"type\": \"device\", \"name\": \"a\" }"
/* vendor: with its quotes; more: other properties, each with a comma */
#define PCI(vendor, more)                                                  \
	"{ \"type\": \"device\", \"name\": \"a\", \"properties\": [ " more \
	"{ \"name\": \"pci:vendor_id\", \"value\": " vendor " } ] }"
#define SPDX(packages)                                                                  \
	"{ \"spdxVersion\": \"SPDX-2.3\", \"files\": [ {} ], \"packages\": [ " packages \
	" ] }"
#define PACKAGE		   "{ \"name\": \"a\" }"
#define PACCOR(components) "{ \"COMPONENTS\": [ " components " ] }"
#define SMBIOS_PART(value, maker, model, revision)                   \
	"{ \"COMPONENTCLASS\": { \"COMPONENTCLASSREGISTRY\": "       \
	"\"2.23.133.18.3.3\", \"COMPONENTCLASSVALUE\": \"" value     \
	"\" }, \"MANUFACTURER\": \"" maker "\", \"MODEL\": \"" model \
	"\", \"REVISION\": \"" revision "\" }"
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define ONES  "1111111111111111111111111111111111111111111111111111111111111111"

static inline struct crd_bid *read_bid(const char *text,
				       enum crd_bid_format format)
{
	struct crd_bid *bid = NULL;
	struct crd_error err = { .text = "" };

	if (crd_bid_read((struct crd_buf){ (const uint8_t *)text,
					   strlen(text) },
			 format, &bid, &err)) {
		fprintf(stderr, "line %u: %s\n%s\n", err.line, err.text, text);
		abort();
	}
	return bid;
}

#endif /* BID_TEXT_H */
