// SPDX-License-Identifier: Apache-2.0
/*
 * bench_policy - what the rules of a policy take of a whole appraisal.
 * usage: bench_policy FOLDER POLICY REGISTRY [SECONDS]
 *   FOLDER   evidence.cbor, nonce, and the policy
 *   SECONDS  how long each (default 0.5)
 * prints: appraise MS judge MS components N refused N
 * Judging is all of it: facts and vendors of each component, rules, findings.
 */
#include <string.h>

#include "attest/attest.h"
#include "rate.h"

struct bench {
	struct crd_appraisal in;
	struct crd_challenge challenge;
	struct crd_evidence evidence;
	struct crd_report *report;
};

static struct crd_buf read_all(const char *folder, const char *name)
{
	char path[4096];
	uint8_t *bytes;
	long len;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "rb");
	if (!f || fseek(f, 0, SEEK_END))
		rate_die(path);
	len = ftell(f);
	if (len < 0)
		rate_die(path);
	rewind(f);
	bytes = malloc((size_t)len + 1);
	if (!bytes || fread(bytes, 1, (size_t)len, f) != (size_t)len)
		rate_die(path);
	fclose(f);
	return (struct crd_buf){ bytes, (size_t)len };
}

static void appraise(void *ctx)
{
	struct bench *b = ctx;

	crd_report_free(&b->report);
	if (crd_appraise(&b->in, &b->report))
		rate_die("crd_appraise");
}

static void inventory(struct bench *b, struct crd_inventory *inv)
{
	if (crd_inventory_from_log(b->evidence.log_measurer, UINT64_MAX, inv,
				   NULL))
		rate_die("crd_inventory_from_log");
}

static void read_only(void *ctx)
{
	struct crd_inventory inv = { 0 };

	inventory(ctx, &inv);
	crd_inventory_done(&inv);
}

static void judge(void *ctx)
{
	struct crd_inventory inv = { 0 };
	struct crd_report *report = NULL;
	struct bench *b = ctx;

	inventory(b, &inv);
	if (crd_judge_inventory(&b->in, &inv, &report))
		rate_die("crd_judge_inventory");
	crd_report_free(&report);
}

static void load(struct bench *b, const char *folder, const char *name,
		 const char *registry)
{
	static const char *const names[] = { "entities.csv", "identifiers.csv",
					     "lists.csv",    "listings.csv",
					     "sources.csv",  "release.csv" };
	struct crd_buf files[6], nonce = read_all(folder, "nonce");
	struct crd_registry_files tables = { .unchecked = false };
	struct crd_error err = { .text = "" };
	struct crd_registry *reg = NULL;
	struct crd_policy *policy = NULL;
	int i;

	for (i = 0; i < 6; i++)
		files[i] = read_all(registry, names[i]);
	tables.entities = files[0];
	tables.identifiers = files[1];
	tables.lists = files[2];
	tables.listings = files[3];
	tables.sources = files[4];
	tables.release = files[5];
	if (crd_registry_load(&tables, &reg, &err) ||
	    crd_policy_load(read_all(folder, name), NULL, NULL, &policy, &err))
		rate_die(err.text);
	b->in.evidence = read_all(folder, "evidence.cbor");
	if (crd_evidence_decode(b->in.evidence, &b->evidence, &err))
		rate_die(err.text);
	memcpy(b->challenge.nonce, nonce.ptr, nonce.len);
	b->challenge.nonce_len = nonce.len;
	b->challenge.issued = 1780272000; /* 2026-06-01 */
	b->challenge.expires = b->challenge.issued + 600;
	b->in.now = b->challenge.issued + 1;
	b->in.challenge = &b->challenge;
	b->in.policy = policy;
	b->in.registry = reg;
}

int main(int argc, char **argv)
{
	double seconds = argc > 4 ? atof(argv[4]) : 0.5;
	double whole, with, without;
	struct bench b = { 0 };
	size_t i, refused = 0;

	if (argc < 4)
		rate_die(
			"usage: bench_policy FOLDER POLICY REGISTRY [SECONDS]");
	load(&b, argv[1], argv[2], argv[3]);
	whole = 1e3 / rate_of(appraise, &b, seconds);
	with = 1e3 / rate_of(judge, &b, seconds);
	without = 1e3 / rate_of(read_only, &b, seconds);
	for (i = 0; i < b.report->n_findings; i++)
		refused += b.report->findings[i].stage == CRD_STAGE_POLICY &&
			   b.report->findings[i].outcome == CRD_FAILED;
	printf("appraise %.4f judge %.4f components %zu refused %zu\n", whole,
	       with - without, b.report->inventory.n, refused);
	return 0;
}
