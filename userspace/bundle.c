// SPDX-License-Identifier: Apache-2.0
#include "bundle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"

int crd_bundle_load(const char *path, const struct crd_verifier *trust,
		    uint32_t pcr, struct crd_bundle *ret_bundle,
		    struct crd_error *err)
{
	struct crd_attester_in in = { .pcr = pcr,
				      .trusted_aks = trust->ak_names,
				      .n_trusted_aks = trust->aks.n };
	struct crd_error why = { 0 };
	struct crd_bundle b = { 0 };
	size_t len;
	int r;

	r = crd_io_read(path, CRD_MAX_EVIDENCE_FILE, &b.bytes, &len, err);
	if (r < 0)
		return r;
	in.bundle = (struct crd_buf){ b.bytes, len };
	r = crd_attester_read(&in, &b.attester, &why);
	if (r < 0) {
		free(b.bytes);
		return crd_io_err(err, r, "%s: byte %zu: %s", path, why.offset,
				  why.text[0] ? why.text : strerror(-r));
	}
	*ret_bundle = b;
	return 0;
}

int crd_bundle_read(const char *path, const struct crd_verifier *trust,
		    uint32_t pcr, struct crd_bundle *ret_bundle)
{
	struct crd_error err;
	int r = crd_bundle_load(path, trust, pcr, ret_bundle, &err);

	if (r == -EBADMSG || r == -E2BIG || r == -EOPNOTSUPP)
		return crd_io_fail(CRD_EXIT_MALFORMED, &err);
	return r < 0 ? crd_io_fail(crd_io_input_exit(r), &err) : -1;
}

void crd_bundle_done(struct crd_bundle *bundle)
{
	crd_attester_done(&bundle->attester);
	free(bundle->bytes);
	memset(bundle, 0, sizeof(*bundle));
}

int crd_bundle_need_genuine(int code, const char *path,
			    const struct crd_bundle *bundle)
{
	const struct crd_attester *m = &bundle->attester;

	if (m->genuine)
		return -1;
	return crd_io_error(code, "%s is not proven, so not compared: %s (%s)",
			    path, m->why, crd_reason_name(m->reason));
}
