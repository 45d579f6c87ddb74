// SPDX-License-Identifier: Apache-2.0
#include "claims.h"

#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "challenge.h"
#include "cmd.h"
#include "io.h"

#define MAX_CLAIMS 16
#define MAX_VALUE  (4 * 65) /* a utsname member, each byte escaped */

struct list {
	struct crd_claim claims[MAX_CLAIMS];
	char values[MAX_CLAIMS][MAX_VALUE];
	size_t n;
};

/* Escaped: a host name is bytes, a claim is text. */
static void add(struct list *list, const char *key, const char *value)
{
	char *text = list->values[list->n];

	crd_io_escape(value, strlen(value), text, MAX_VALUE);
	list->claims[list->n++] = (struct crd_claim){ key, text };
}

int crd_claims_collect(const struct crd_tpm_info *tpm, uint8_t **ret_bytes,
		       size_t *ret_len, struct crd_error *err)
{
	struct list list = { .n = 0 };
	char now[CRD_TIME_TEXT];
	struct utsname u;
	int r;

	if (uname(&u) < 0)
		return crd_io_err(err, -1, "uname: %m");
	crd_time_format(time(NULL), now);
	add(&list, "agent.version", CRD_VERSION);
	add(&list, "host.name", u.nodename);
	add(&list, "kernel.machine", u.machine);
	add(&list, "kernel.release", u.release);
	add(&list, "kernel.version", u.version);
	add(&list, "time", now);
	add(&list, "tpm.firmware", tpm->firmware);
	add(&list, "tpm.manufacturer", tpm->manufacturer);
	add(&list, "tpm.vendor", tpm->vendor);
	r = crd_claims_encode(list.claims, list.n, ret_bytes, ret_len);
	if (r < 0)
		crd_io_err(err, r, "cannot encode the claims: %s",
			   strerror(-r));
	return r;
}
