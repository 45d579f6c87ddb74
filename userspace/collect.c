// SPDX-License-Identifier: Apache-2.0
#include "collect.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"

int crd_collect_file(const char *root, const char *path,
		     struct crd_log *ret_log, struct crd_error *err)
{
	char full[PATH_MAX];
	struct crd_log log = { 0 };
	int r;

	if ((size_t)snprintf(full, sizeof(full), "%s/%s", root ? root : "",
			     path) >= sizeof(full))
		return crd_io_err(err, -ENAMETOOLONG, "--root is too long");
	r = crd_io_read(full, CRD_MAX_LOG_FILE, &log.bytes, &log.len, err);
	if (r < 0 && r != -ENOENT && r != -ENOTDIR)
		return r;
	*ret_log = log;
	return 0;
}

int crd_collect_logs(const char *root, struct crd_logs *ret_logs,
		     struct crd_error *err)
{
	struct crd_logs logs = { 0 };
	int r;

	r = crd_collect_file(root, CRD_PATH_MEASURER, &logs.measurer, err);
	if (r == 0)
		r = crd_collect_file(root, CRD_PATH_TCG, &logs.tcg, err);
	if (r == 0)
		r = crd_collect_file(root, CRD_PATH_IMA, &logs.ima, err);
	if (r < 0)
		crd_collect_done(&logs);
	else
		*ret_logs = logs;
	return r;
}

void crd_collect_done(struct crd_logs *logs)
{
	free(logs->measurer.bytes);
	free(logs->tcg.bytes);
	free(logs->ima.bytes);
	memset(logs, 0, sizeof(*logs));
}

struct banks {
	uint16_t *banks;
	size_t max, n;
};

static int first_record(const struct crd_record *rec, void *ctx)
{
	struct banks *b = ctx;
	unsigned int i;

	for (i = 0; i < rec->n_digests && b->n < b->max; i++)
		b->banks[b->n++] = rec->digests[i].alg;
	return 1;
}

void crd_collect_banks(const struct crd_log *log, uint16_t *ret_banks,
		       size_t max, size_t *ret_n)
{
	struct banks b = { ret_banks, max, 0 };
	enum crd_reason reason;
	struct crd_error err;

	/* what is wrong with the log is for the verifier to say */
	if (log->bytes)
		crd_cel_walk((struct crd_buf){ log->bytes, log->len },
			     first_record, &b, &reason, &err);
	*ret_n = b.n;
}

static bool has(const uint16_t *list, size_t n, uint16_t alg)
{
	while (n--)
		if (list[n] == alg)
			return true;
	return false;
}

uint16_t crd_collect_choose_bank(const uint16_t *tpm, size_t n_tpm,
				 const uint16_t *log, size_t n_log)
{
	uint16_t any = 0, common = 0;
	size_t i;

	for (i = 0; i < n_tpm; i++) {
		int rank = crd_alg_rank(tpm[i]);

		if (rank > crd_alg_rank(any))
			any = tpm[i];
		if (has(log, n_log, tpm[i]) && rank > crd_alg_rank(common))
			common = tpm[i];
	}
	return common ? common : any;
}
