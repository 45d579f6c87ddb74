// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_authority - u16 length and a manifest, the rest a CMS signature, under
 * an anchor whose key is gone: it and those below it have signed one manifest,
 * that of the seeds, so nothing else is ever good.
 */
#include <errno.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "attest/authority.h"
#include "attest/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOW = 1798761600 }; /* 2027-01-01 */

static const char signed_text[] =
	"# credence-manifest 1\n# kind: policy\n# name: fuzz\n# version: 1\n"
	"# date: 2026-01-01\n"
	"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	"  fuzz.yaml\n";

static const char anchor[] =
	"-----BEGIN CERTIFICATE-----\n"
	"MIIBjDCCATKgAwIBAgIUJmCrQdT1LStE3HJAQTiM5YMM24gwCgYIKoZIzj0EAwIw\n"
	"FDESMBAGA1UEAwwJRnV6eiByb290MCAXDTI2MTEyNjAxNDk1OFoYDzIxMjYxMTAy\n"
	"MDE0OTU4WjAUMRIwEAYDVQQDDAlGdXp6IHJvb3QwWTATBgcqhkjOPQIBBggqhkjO\n"
	"PQMBBwNCAARWJKIzItf6HXEjrrTWQGrZDH/EJX1Rj92kiyfgbNhv2WptoV39rGGK\n"
	"EZj5TTPsUzMFcSI9JquJ2raUdJLqF6nGo2AwXjAdBgNVHQ4EFgQUby03kKujjvlD\n"
	"zSfNnF3/8sou+5UwHwYDVR0jBBgwFoAUby03kKujjvlDzSfNnF3/8sou+5UwDwYD\n"
	"VR0TAQH/BAUwAwEB/zALBgNVHQ8EBAMCAgQwCgYIKoZIzj0EAwIDSAAwRQIgLd/C\n"
	"SoJ8wQB/MpkT3TBeOJe/BZODnFtr38sHBKqtipACIQD+qtd0PLfB/a7ajHYr0Phg\n"
	"mGl4KhdQe4lEYEruX3pmPQ==\n"
	"-----END CERTIFICATE-----\n";

static struct crd_anchors *anchors;

static void need(int good)
{
	if (!good)
		abort();
}

static void check(const struct crd_anchors *under, struct crd_buf manifest,
		  struct crd_buf cms)
{
	enum crd_seal_fault fault = CRD_SEAL_GOOD;
	struct crd_signed_by by = { 0 };
	struct crd_error err = { 0 };

	need(!crd_authority_check(under, manifest, cms, NOW, &by, &fault,
				  &err));
	need(!ERR_peek_error());
	need((fault == CRD_SEAL_GOOD) == !err.text[0]);
	need((fault == CRD_SEAL_GOOD) == !!by.subject[0]);
	if (fault != CRD_SEAL_GOOD || !under)
		return;
	need(!strcmp(by.anchor, "CN=Fuzz root"));
	need(manifest.len == strlen(signed_text) &&
	     !memcmp(manifest.ptr, signed_text, manifest.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct crd_buf manifest, cms;
	struct crd_anchors *other = NULL;
	struct crd_reader r;

	if (!anchors)
		need(!crd_anchors_parse(
			(struct crd_buf){ (const uint8_t *)anchor,
					  strlen(anchor) },
			&anchors, NULL));
	rd_init(&r, (struct crd_buf){ data, size }, 0);
	manifest = rd_tpm2b(&r);
	cms = rd_take(&r, rd_left(&r));
	check(anchors, manifest, cms);
	check(NULL, manifest, cms);
	/* what an operator gives as an anchor is read by the same library */
	if (!crd_anchors_parse(cms, &other, NULL))
		crd_anchors_free(&other);
	return 0;
}
