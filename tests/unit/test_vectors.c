// SPDX-License-Identifier: Apache-2.0
/*
 * The records of tests/vectors/log, one of each event, with every field that
 * kmod/uapi/credence.h specifies: read, and written out by the types that the
 * header's own comments give. A field or event without a vector is a failure.
 */
#include <ctype.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "log_scene.h"

#define HEADER	"kmod/uapi/credence.h"
#define VECTORS "tests/vectors/log/"

struct number {
	char name[32];
	char type[8]; /* of a field: first word of its comment */
	bool seen;
};

static struct number fields[256], events[64];

static FILE *open_file(const char *path)
{
	FILE *f = fopen(path, "r");

	if (!f)
		fail_msg("no %s: start this at the top of the tree", path);
	return f;
}

/* "CRD_F_NAME = 0x10, / * text * /" and "CRD_EV_MODULE = 3," */
static int read_header(void **state)
{
	FILE *f = open_file(HEADER);
	char line[256], name[32], type[8];
	unsigned int n;

	while (fgets(line, sizeof(line), f)) {
		type[0] = '\0';
		if (sscanf(line, " CRD_F_%31[A-Z0-9_] = 0x%x, /* %7[a-z0-9]",
			   name, &n, type) >= 2) {
			assert_true(n < 256 && !fields[n].name[0]);
			strcpy(fields[n].name, name);
			strcpy(fields[n].type, type);
		} else if (sscanf(line, " CRD_EV_%31[A-Z_] = %u,", name, &n) ==
			   2) {
			assert_true(n < 64 && !events[n].name[0]);
			strcpy(events[n].name, name);
		}
	}
	fclose(f);
	return 0;
}

/* Hex of a vector, without its comments, as the content of a record. */
static void read_vector(const char *name, struct soft_bytes *content)
{
	char path[128], line[8192], hex[8192];
	FILE *f;

	snprintf(path, sizeof(path), VECTORS "%s.hex", name);
	f = open_file(path);
	content->n = 0;
	while (fgets(line, sizeof(line), f)) {
		struct soft_bytes bytes;
		size_t n = 0;

		for (char *c = line; *c && line[0] != '#'; c++)
			if (isxdigit((unsigned char)*c))
				hex[n++] = *c;
		hex[n] = '\0';
		soft_hex(&bytes, hex);
		soft_put(content, bytes.b, bytes.n);
	}
	fclose(f);
}

struct page {
	char text[16384];
	size_t n;
};

static void put(struct page *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	p->n += (size_t)vsnprintf(p->text + p->n, sizeof(p->text) - p->n,
				  format, args);
	va_end(args);
	assert_true(p->n < sizeof(p->text));
}

static void put_bytes(struct page *p, struct crd_buf value)
{
	for (size_t i = 0; i < value.len; i++)
		put(p, "%02x", value.ptr[i]);
}

static void put_value(struct page *p, const char *type, struct crd_buf value)
{
	uint64_t number = 0;

	if (!strcmp(type, "text") || !strcmp(type, "path")) {
		put(p, "\"%.*s\"", (int)value.len, (const char *)value.ptr);
	} else if (!strcmp(type, "hash")) {
		put(p, "%s:", crd_alg_name(value.ptr[0]));
		put_bytes(p, (struct crd_buf){ value.ptr + 1, value.len - 1 });
	} else if (type[0] == 'u' && value.len == (size_t)atoi(type + 1) / 8) {
		for (size_t i = 0; i < value.len; i++)
			number = number << 8 | value.ptr[i];
		put(p, "%llu", (unsigned long long)number);
	} else {
		put_bytes(p, value);
	}
}

/* One line a field; of a group's record also a line for each item. */
static int put_record(const struct crd_record *rec, void *ctx)
{
	struct crd_field_iter it = { rec->fields };
	struct page *p = ctx;
	struct crd_buf value;
	uint8_t type;

	if (!rec->recnum)
		return 0;
	assert_true(events[rec->event].name[0]);
	events[rec->event].seen = true;
	if (rec->group)
		put(p, "item %u: ", rec->item);
	put(p, "%s at %llu\n", events[rec->event].name,
	    (unsigned long long)rec->time);
	while (crd_field_next(&it, &type, &value)) {
		fields[type].seen = true;
		put(p, "  %s ", fields[type].name);
		put_value(p, fields[type].type, value);
		put(p, "\n");
	}
	return 0;
}

static void compare(const char *name, const struct page *p)
{
	char path[128], want[sizeof(p->text)];
	FILE *f;

	snprintf(path, sizeof(path), VECTORS "%s.expected", name);
	if (getenv("CRD_UPDATE_GOLDEN")) {
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(p->text, f);
		fclose(f);
	}
	f = open_file(path);
	want[fread(want, 1, sizeof(want) - 1, f)] = '\0';
	fclose(f);
	if (strcmp(want, p->text))
		fail_msg("%s is not:\n%s", path, p->text);
}

static void try_vector(const char *name)
{
	struct soft_record r = soft_record(1, CRD_EV_MODULE);
	struct page p = { .n = 0 };
	enum crd_reason reason;
	struct crd_error err;
	int ret;

	soft_log_good(&log_bytes, 1, one_bank, 0);
	read_vector(name, &r.content);
	if (!strcmp(name, "anchor")) { /* two banks, as it says */
		log_bytes.n = 0;
		r.recnum = 0;
		soft_set_banks(&r, 2,
			       (uint8_t[]){ CRD_ALG_SHA256, CRD_ALG_SHA512 });
	}
	soft_log_add(&log_bytes, &r);
	ret = crd_cel_walk(soft_log_buf(&log_bytes),
			   r.recnum ? put_record : NULL, &p, &reason, &err);
	if (ret || reason != CRD_REASON_NONE)
		fail_msg("%s: %s", name, err.text);
	if (!r.recnum) {
		struct crd_record rec = { .recnum = 1, .event = CRD_EV_ANCHOR };

		/* FORMAT, EVENT and TIME take so many bytes */
		rec.fields =
			(struct crd_buf){ r.content.b + 31, r.content.n - 31 };
		put_record(&rec, &p);
	}
	fields[CRD_F_FORMAT].seen = fields[CRD_F_EVENT].seen = true;
	fields[CRD_F_TIME].seen = true;
	compare(name, &p);
}

/* One file an event: its name in small letters, with "-". */
static void test_each_event(void **state)
{
	for (size_t i = 0; i < 64; i++) {
		char name[32] = "";

		for (size_t k = 0; events[i].name[k]; k++)
			name[k] = events[i].name[k] == '_' ?
					  '-' :
					  (char)tolower(events[i].name[k]);
		if (name[0])
			try_vector(name);
		if (name[0] && !events[i].seen)
			fail_msg("no vector shows the event %s", name);
	}
}

static void test_each_field(void **state)
{
	unsigned int n = 0;

	for (size_t i = 0; i < 256; i++) {
		n += fields[i].name[0] != '\0';
		if (fields[i].name[0] && !fields[i].seen)
			fail_msg("no vector shows the field %s",
				 fields[i].name);
	}
	assert_true(n > 90); /* the header was read */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_event),
		cmocka_unit_test(test_each_field),
	};

	return cmocka_run_group_tests_name("vectors", tests, read_header, NULL);
}
