/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a module's image says of itself. The bytes come from user space and
 * nothing has checked them yet.
 */
#ifndef _CRD_IMAGE_H
#define _CRD_IMAGE_H

#include <linux/types.h>
#include "credence.h"
#include "event.h"

struct crd_str {
	const char *text;
	size_t len;
};

/* Values of a modinfo key that may repeat. */
struct crd_strs {
	struct crd_str str[CRD_MAX_REPEAT];
	unsigned int n;
	bool more;
};

/* "pci:19e5": the vendor ids of the devices a driver claims. */
struct crd_vendor {
	char text[12];
};

/**
 * struct crd_image - an image taken apart; pointers into the image
 * @payload: bytes before the appended signature
 * @sig: PKCS#7 DER, NULL if there is none
 * @sig_hash: TPM_ALG_ID of a longer hash than SHA-256 that it names; 0: none
 * @build_id: NULL if there is none
 */
struct crd_image {
	size_t payload;
	const u8 *sig;
	size_t sig_len;
	u16 sig_hash;
	const u8 *build_id;
	size_t build_id_len;
	struct crd_str name;
	struct crd_strs author;
	struct crd_str license;
	struct crd_str version;
	struct crd_str srcversion;
	struct crd_str vermagic;
	struct crd_str intree;
	struct crd_strs firmware;
	struct crd_str description;
	struct crd_vendor vendor[CRD_MAX_REPEAT];
	unsigned int vendors;
	bool more_vendors;
};

void crd_image_parse(struct crd_image *im, const u8 *data, size_t len);
void crd_image_info(const struct crd_image *im, struct crd_event *fields);

#endif /* _CRD_IMAGE_H */
