// SPDX-License-Identifier: Apache-2.0
/* The measurer's log: read whole, searched, replayed against the TPM. */
#include "measurer.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The items of a group are records too, but have its number. */
static int count_record(const struct crd_record *rec, void *ctx)
{
	uint64_t *records = ctx;

	*records = rec->recnum + 1;
	return 0;
}

int log_read(struct log *ret_log)
{
	enum crd_reason reason;
	struct crd_error err;
	struct log log = { .records = 0 };
	int ret;

	ret = file_read(LOG_FILE, &log.bytes, &log.len);
	if (ret)
		return ret;
	ret = crd_cel_walk((struct crd_buf){ log.bytes, log.len }, count_record,
			   &log.records, &reason, &err);
	if (!ret && reason != CRD_REASON_NONE)
		ret = -EBADMSG;
	if (ret) {
		printf("# log: %s (offset %zu)\n", err.text, err.offset);
		log_done(&log);
		return ret;
	}
	*ret_log = log;
	return 0;
}

void log_done(struct log *log)
{
	free(log->bytes);
	*log = (struct log){ .records = 0 };
}

uint64_t log_records(void)
{
	struct log log;
	uint64_t records;

	if (log_read(&log))
		return 0;
	records = log.records;
	log_done(&log);
	return records;
}

unsigned int log_events(uint16_t event)
{
	struct want want = { .event = event };
	unsigned int n;
	struct log log;

	if (log_read(&log))
		return 0;
	n = log_count(&log, want);
	log_done(&log);
	return n;
}

struct search {
	struct want want;
	struct crd_record *found;
	unsigned int nth;
	unsigned int count;
};

static int search_record(const struct crd_record *rec, void *ctx)
{
	struct search *search = ctx;
	const struct want *want = &search->want;

	if (rec->recnum < want->from ||
	    (want->event && rec->event != want->event) ||
	    (want->name && !field_is_text(rec->fields, CRD_F_NAME, want->name)))
		return 0;
	if (search->found && search->count == search->nth)
		*search->found = *rec;
	search->count++;
	return 0;
}

/* How many there are; the n-th of them, if there is one, to @found. */
static unsigned int search(const struct log *log, struct want want,
			   unsigned int n, struct crd_record *found)
{
	struct search search = { .want = want, .found = found, .nth = n };
	enum crd_reason reason;
	struct crd_error err;

	if (crd_cel_walk((struct crd_buf){ log->bytes, log->len },
			 search_record, &search, &reason, &err))
		return 0;
	return search.count;
}

unsigned int log_count(const struct log *log, struct want want)
{
	return search(log, want, 0, NULL);
}

bool log_nth(const struct log *log, struct want want, unsigned int n,
	     struct crd_record *ret_record)
{
	return search(log, want, n, ret_record) > n;
}

bool log_find(const struct log *log, struct want want,
	      struct crd_record *ret_record)
{
	return log_nth(log, want, 0, ret_record);
}

struct refers {
	uint16_t event;
	const struct crd_record *of;
	struct crd_record *found;
};

static int refers_record(const struct crd_record *rec, void *ctx)
{
	struct refers *refers = ctx;
	const struct crd_record *of = refers->of;
	uint64_t recnum, item = UINT64_MAX;

	if (rec->event != refers->event ||
	    !crd_field_u64(rec->fields, CRD_F_REF, &recnum) ||
	    recnum != of->recnum)
		return 0;
	crd_field_u64(rec->fields, CRD_F_REF_ITEM, &item);
	if (item != (of->group ? of->item : UINT64_MAX))
		return 0;
	*refers->found = *rec;
	return 1;
}

bool log_find_ref(const struct log *log, uint16_t event,
		  const struct crd_record *of, struct crd_record *ret_record)
{
	struct refers refers = { event, of, ret_record };
	enum crd_reason reason;
	struct crd_error err;

	return crd_cel_walk((struct crd_buf){ log->bytes, log->len },
			    refers_record, &refers, &reason, &err) == 1;
}

bool field_is_text(struct crd_buf fields, uint8_t type, const char *text)
{
	struct crd_buf value;

	return crd_field_get(fields, type, &value) &&
	       value.len == strlen(text) && !memcmp(value.ptr, text, value.len);
}

uint64_t field_u64(struct crd_buf fields, uint8_t type)
{
	uint64_t value;

	return crd_field_u64(fields, type, &value) ? value : UINT64_MAX;
}

bool field_is_digest_of(struct crd_buf fields, uint8_t type,
			const uint8_t *bytes, size_t len)
{
	struct crd_buf part = { bytes, len }, value;
	struct crd_digest digest;

	if (!crd_field_get(fields, type, &value) || value.len < 2 ||
	    crd_hash(value.ptr[0], &part, 1, &digest))
		return false;
	return value.len == 1u + digest.len &&
	       !memcmp(value.ptr + 1, digest.bytes, digest.len);
}

unsigned int tpm_banks(uint16_t *ret_algs, unsigned int max)
{
	DIR *dir = opendir("/sys/class/tpm/tpm0");
	unsigned int n = 0;
	struct dirent *entry;

	while (dir && n < max && (entry = readdir(dir))) {
		if (!strncmp(entry->d_name, "pcr-", 4))
			ret_algs[n++] = crd_alg_from_name(entry->d_name + 4);
	}
	if (dir)
		closedir(dir);
	return n;
}

int tpm_pcr_value(uint16_t alg, unsigned int pcr, struct crd_digest *ret)
{
	char path[80];
	uint8_t *hex;
	size_t len, i;
	int err;

	snprintf(path, sizeof(path), "/sys/class/tpm/tpm0/pcr-%s/%u",
		 crd_alg_name(alg), pcr);
	err = file_read(path, &hex, &len);
	if (err)
		return err;
	*ret = (struct crd_digest){ .alg = alg, .len = crd_alg_size(alg) };
	for (i = 0; i < ret->len && 2 * i + 1 < len; i++) {
		if (sscanf((char *)hex + 2 * i, "%2hhx", &ret->bytes[i]) != 1)
			break;
	}
	free(hex);
	return i == ret->len ? 0 : -EIO;
}

struct prefix {
	struct crd_digest pcr;
	uint64_t last;
};

static int extend_record(const struct crd_record *rec, void *ctx)
{
	struct prefix *prefix = ctx;
	unsigned int i;

	if (rec->group || rec->recnum > prefix->last)
		return 0;
	for (i = 0; i < rec->n_digests; i++) {
		const struct crd_digest *digest = &rec->digests[i];

		if (digest->alg == prefix->pcr.alg &&
		    crd_extend(&prefix->pcr, digest->bytes, digest->len))
			return -EIO;
	}
	return 0;
}

void log_replay_to(const struct log *log, uint64_t last, char *ret_hex)
{
	struct crd_buf bytes = { log->bytes, log->len };
	struct prefix prefix = { .last = last };
	enum crd_reason reason;
	struct crd_error err;
	unsigned int i;

	ret_hex[0] = 0;
	if (crd_cel_anchor_pcr(bytes, CRD_ALG_SHA256, &prefix.pcr) ||
	    crd_cel_walk(bytes, extend_record, &prefix, &reason, &err))
		return;
	for (i = 0; i < prefix.pcr.len; i++)
		sprintf(ret_hex + 2 * i, "%02x", prefix.pcr.bytes[i]);
}

static const char *replay_bank(const struct log *log, uint16_t alg,
			       unsigned int pcr, bool *ret_retry)
{
	static char text[CRD_ERROR_TEXT + 80];
	struct crd_buf bytes = { log->bytes, log->len };
	struct crd_digest start, now;
	uint64_t records, covered;
	enum crd_reason reason;
	struct crd_error err = { .offset = 0 };

	if (crd_cel_anchor_pcr(bytes, alg, &start))
		return "the anchor does not say what it found in the PCR";
	if (tpm_pcr_value(alg, pcr, &now))
		return "the TPM's PCR cannot be read";
	if (crd_replay(bytes, alg, &start, &now, &records, &covered, &reason,
		       &err) ||
	    reason != CRD_REASON_NONE || covered != records) {
		*ret_retry = true;
		snprintf(text, sizeof(text),
			 "%s bank, %llu of %llu records: %s %s",
			 crd_alg_name(alg), (unsigned long long)covered,
			 (unsigned long long)records, crd_reason_name(reason),
			 err.text);
		return text;
	}
	return NULL;
}

static const char *golden_once(bool *ret_retry)
{
	uint16_t algs[CRD_MAX_BANKS];
	unsigned int n = tpm_banks(algs, CRD_MAX_BANKS), i;
	const char *fault = NULL;
	struct crd_record anchor;
	struct want first = { .from = 0 };
	struct log log;

	if (!n)
		return "no active bank";
	if (log_read(&log))
		return "the log cannot be read or is not sound";
	if (!log_find(&log, first, &anchor))
		fault = "no anchor";
	for (i = 0; !fault && i < n; i++)
		fault = replay_bank(&log, algs[i], anchor.pcr, ret_retry);
	log_done(&log);
	return fault;
}

const char *golden_rule(void)
{
	const char *fault = "";
	bool retry = true;
	int i;

	/* udev and the kernel's own threads may load something meanwhile. */
	for (i = 0; i < 5 && fault && retry; i++) {
		retry = false;
		fault = golden_once(&retry);
	}
	return fault;
}
