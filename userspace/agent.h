/* SPDX-License-Identifier: Apache-2.0 */
/* agent - the attester: challenge in, evidence out. For attest and gate. */
#ifndef CRD_AGENT_H
#define CRD_AGENT_H

#include "attest.h"
#include "options.h"
#include "tpm.h"

struct crd_agent {
	const char *tcti;     /* NULL: as crd_tpm_open() */
	const char *root;     /* NULL: "/" */
	const char *alg_name; /* NULL or "ecc", "rsa" */
	uint32_t handle;      /* 0: the default one */
};

/* The options of struct crd_agent, for a verb's table. */
/* clang-format off */
#define CRD_AGENT_OPTIONS(a)                                              \
	{ "tcti", 0, CRD_OPT_TEXT, &(a)->tcti, "CONF",                    \
	  "TPM to use; default: TPM2TOOLS_TCTI, " CRD_TCTI_DEFAULT },     \
	{ "root", 0, CRD_OPT_TEXT, &(a)->root, "DIR",                     \
	  "read logs from below DIR; for tests" },                        \
	{ "ak-handle", 0, CRD_OPT_HANDLE, &(a)->handle, "HANDLE",         \
	  "where the key is kept; default: 0x81004352, RSA 0x81004353" }, \
	{ "ak-alg", 0, CRD_OPT_TEXT, &(a)->alg_name, "ALG",               \
	  "ecc (default) or rsa" }
/* clang-format on */

struct crd_attested {
	uint8_t *evidence; /* NULL without a challenge */
	size_t len;
	struct crd_blob ak;		    /* TPM2B_PUBLIC */
	char ak_name[2 * CRD_MAX_NAME + 1]; /* hex */
	uint32_t ak_handle;
	uint16_t bank;
	unsigned int tries;
};

/* -1: the options are good; otherwise the exit code. */
int crd_agent_check(const struct crd_agent *agent);
/*
 * challenge NULL: the key only. Notes on the way are printed; failures are
 * not. -E2BIG: a log is over its limit.
 */
int crd_agent_attest(const struct crd_agent *agent,
		     const struct crd_challenge *challenge,
		     struct crd_attested *ret_attested, struct crd_error *err);
void crd_agent_done(struct crd_attested *attested);

#endif /* CRD_AGENT_H */
