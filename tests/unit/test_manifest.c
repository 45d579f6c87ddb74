// SPDX-License-Identifier: Apache-2.0
/* manifest - one content has one form; everything else is refused, with place. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "attest/authority.h"
#include "attest/text_private.h"

#define MAGIC	"# credence-manifest 1\n"
#define KIND	"# kind: policy\n"
#define NAME	"# name: laboratory\n"
#define VERSION "# version: 3\n"
#define DATE	"# date: 2026-11-26\n"
#define HEAD	MAGIC KIND NAME VERSION DATE
/* of "abc" (FIPS 180-4, the first example), and of nothing */
#define ABC   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define NONE  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define FILES ABC "  a.yaml\n" NONE "  digests/b.sha256\n"

static struct crd_buf buf(const char *text)
{
	return (struct crd_buf){ (const uint8_t *)text, strlen(text) };
}

static const struct bad {
	const char *text;
	unsigned int line;
	const char *says;
} bads[] = {
	{ "", 1, "no manifest" },
	{ "\n", 1, "no manifest" },
	{ "# credence-manifest 1", 1, "no manifest" },
	{ "# credence-manifest 2\n" KIND NAME VERSION DATE FILES, 1,
	  "no manifest" },
	{ " " HEAD FILES, 1, "no manifest" },
	{ "\xef\xbb\xbf" HEAD FILES, 1, "no manifest" },
	{ FILES, 1, "no manifest" },
	{ MAGIC, 2, "kind" },
	{ MAGIC NAME KIND VERSION DATE FILES, 2, "kind" },
	{ MAGIC KIND KIND NAME VERSION DATE FILES, 3, "name" },
	{ MAGIC KIND VERSION DATE FILES, 3, "name" },
	{ MAGIC "#kind: policy\n" NAME VERSION DATE FILES, 2, "kind" },
	{ MAGIC "# kind:policy\n" NAME VERSION DATE FILES, 2, "kind" },
	{ MAGIC "# kind: Policy\n" NAME VERSION DATE FILES, 2, "kind" },
	{ MAGIC "# kind: policy \n" NAME VERSION DATE FILES, 2, "kind" },
	{ MAGIC "# kind: policy\r\n" NAME VERSION DATE FILES, 2, "kind" },
	{ MAGIC "# kind: \n" NAME VERSION DATE FILES, 2, "kind" },
	{ MAGIC KIND "# name: \n" VERSION DATE FILES, 3, "name" },
	{ MAGIC KIND "# name:  x\n" VERSION DATE FILES, 3, "name" },
	{ MAGIC KIND "# name: x \n" VERSION DATE FILES, 3, "name" },
	{ MAGIC KIND "# name: a\x1b[31m\n" VERSION DATE FILES, 3, "name" },
	{ MAGIC KIND "# name: a\xe2\x80\xae\n" VERSION DATE FILES, 3, "name" },
	{ MAGIC KIND "# name: a\xff\n" VERSION DATE FILES, 3, "name" },
	{ MAGIC KIND NAME "# version: 0\n" DATE FILES, 4, "version" },
	{ MAGIC KIND NAME "# version: 03\n" DATE FILES, 4, "version" },
	{ MAGIC KIND NAME "# version: +3\n" DATE FILES, 4, "version" },
	{ MAGIC KIND NAME "# version: -1\n" DATE FILES, 4, "version" },
	{ MAGIC KIND NAME "# version: 3 \n" DATE FILES, 4, "version" },
	{ MAGIC KIND NAME "# version: 1.5\n" DATE FILES, 4, "version" },
	{ MAGIC KIND NAME "# version: 18446744073709551616\n" DATE FILES, 4,
	  "version" },
	{ MAGIC KIND NAME "# version: 99999999999999999999\n" DATE FILES, 4,
	  "version" },
	{ MAGIC KIND NAME "# version: \n" DATE FILES, 4, "version" },
	{ MAGIC KIND NAME VERSION "# date: 2026-02-30\n" FILES, 5, "date" },
	{ MAGIC KIND NAME VERSION "# date: 26-11-2026\n" FILES, 5, "date" },
	{ MAGIC KIND NAME VERSION FILES, 5, "date" },
	{ HEAD, 6, "no file" },
	{ HEAD "\n", 6, "SHA-256" },
	{ HEAD "# a comment\n" FILES, 6, "SHA-256" },
	{ HEAD FILES "\n", 8, "SHA-256" },
	{ HEAD FILES "# name: b\n", 8, "SHA-256" },
	{ HEAD ABC "  a.yaml", 6, "no end" },
	{ HEAD ABC " a.yaml\n", 6, "SHA-256" },
	{ HEAD ABC " *a.yaml\n", 6, "SHA-256" },
	{ HEAD ABC "\ta.yaml\n", 6, "SHA-256" },
	{ HEAD ABC "\n", 6, "SHA-256" },
	{ HEAD ABC "  \n", 6, "path" },
	{ HEAD "ba7816  a.yaml\n", 6, "SHA-256" },
	{ HEAD "0" ABC "  a.yaml\n", 6, "SHA-256" },
	{ HEAD "\\" ABC "  a.yaml\n", 6, "SHA-256" },
	{ HEAD
	  "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD  a\n",
	  6, "SHA-256" },
	{ HEAD ABC "  /etc/a.yaml\n", 6, "path" },
	{ HEAD ABC "  ../a.yaml\n", 6, "path" },
	{ HEAD ABC "  x/../a.yaml\n", 6, "path" },
	{ HEAD ABC "  x/..\n", 6, "path" },
	{ HEAD ABC "  ./a.yaml\n", 6, "path" },
	{ HEAD ABC "  x//a.yaml\n", 6, "path" },
	{ HEAD ABC "  x/\n", 6, "path" },
	{ HEAD ABC "  -\n", 6, "path" },
	{ HEAD ABC "   a.yaml\n", 6, "path" },
	{ HEAD ABC "  a\\b\n", 6, "path" },
	{ HEAD ABC "  a\rb\n", 6, "path" },
	{ HEAD ABC "  a\xc0\xaf\n", 6, "path" },
	{ HEAD ABC "  a\n" NONE "  a\n", 7, "twice" },
	{ HEAD ABC "  a\n" ABC "  a\n", 7, "twice" },
};

static void test_bad(void **state)
{
	struct crd_manifest m;
	struct crd_error err;
	size_t i;
	int ret;

	for (i = 0; i < sizeof(bads) / sizeof(*bads); i++) {
		memset(&m, 0x5a, sizeof(m));
		ret = crd_manifest_parse(buf(bads[i].text), &m, &err);
		if (ret != -EBADMSG || err.line != bads[i].line ||
		    !err.column || !strstr(err.text, bads[i].says))
			fail_msg("%zu: %d, %u:%u %s", i, ret, err.line,
				 err.column, err.text);
		assert_int_equal(m.version, 0x5a5a5a5a5a5a5a5a);
		assert_int_equal(crd_manifest_parse(buf(bads[i].text), &m,
						    NULL),
				 -EBADMSG);
	}
}

static void test_nul(void **state)
{
	static const char text[] = HEAD ABC "  a\0b\n";
	struct crd_manifest m;
	struct crd_error err;

	assert_int_equal(
		crd_manifest_parse((struct crd_buf){ (const uint8_t *)text,
						     sizeof(text) - 1 },
				   &m, &err),
		-EBADMSG);
	assert_int_equal(crd_manifest_parse((struct crd_buf){ NULL, 0 }, &m,
					    &err),
			 -EBADMSG);
}

/* Every shorter one is refused, but where it ends with a file's line. */
static void test_cut(void **state)
{
	static const char text[] = HEAD FILES;
	struct crd_manifest m;
	size_t n;

	for (n = 0; n < sizeof(text) - 1; n++) {
		bool whole = n == sizeof(HEAD ABC "  a.yaml\n") - 1;
		int ret = crd_manifest_parse(
			(struct crd_buf){ (const uint8_t *)text, n }, &m, NULL);

		assert_int_equal(ret, whole ? 0 : -EBADMSG);
		if (whole)
			crd_manifest_done(&m);
	}
}

static void test_long(void **state)
{
	struct crd_str str = { 0 };
	struct crd_manifest m;
	struct crd_error err;
	int i;

	crd_str_puts(&str, HEAD);
	for (i = 0; i < CRD_MAX_MANIFEST_FILES; i++)
		crd_str_fmt(&str, ABC "  f%d\n", i);
	assert_int_equal(crd_manifest_parse(buf(str.ptr), &m, &err), 0);
	assert_int_equal(m.n_files, CRD_MAX_MANIFEST_FILES);
	crd_manifest_done(&m);
	crd_str_puts(&str, ABC "  more\n");
	assert_int_equal(crd_manifest_parse(buf(str.ptr), &m, &err), -E2BIG);
	assert_non_null(strstr(err.text, "512"));
	while (str.len <= CRD_MAX_MANIFEST)
		crd_str_puts(&str, ABC "  more\n");
	assert_int_equal(crd_manifest_parse(buf(str.ptr), &m, &err), -E2BIG);
	assert_non_null(strstr(err.text, "131072"));
	crd_str_done(&str);
}

static void test_good(void **state)
{
	static const char text[] = HEAD FILES;
	struct crd_digest content;
	struct crd_manifest m;
	struct crd_error err;
	char *again = NULL;

	if (crd_manifest_parse(buf(text), &m, &err))
		fail_msg("%u: %s", err.line, err.text);
	assert_int_equal(m.kind, CRD_SEAL_POLICY);
	assert_memory_equal(m.name.ptr, "laboratory", m.name.len);
	assert_int_equal(m.version, 3);
	assert_memory_equal(m.date.ptr, "2026-11-26", m.date.len);
	assert_int_equal(m.n_files, 2);
	assert_memory_equal(m.files[1].name.ptr, "digests/b.sha256", 16);
	crd_sha256(buf(FILES), &content);
	assert_true(crd_digest_equal(&content, &m.content));
	assert_int_equal(crd_manifest_format(&m, &again, &err), 0);
	assert_string_equal(again, text);
	free(again);
	crd_manifest_done(&m);
	crd_manifest_done(&m);
}

static void test_kinds(void **state)
{
	static const char *const texts[CRD_SEAL_MAX] = {
		HEAD FILES,
		MAGIC "# kind: registry\n" NAME VERSION DATE FILES,
		MAGIC "# kind: waivers\n"
		      "# name: \xc3\x89t\xc3\xa9 2026\n"
		      "# version: 18446744073709551615\n" DATE FILES,
	};
	struct crd_manifest m;
	unsigned int kind;

	for (kind = 0; kind < CRD_SEAL_MAX; kind++) {
		assert_int_equal(crd_manifest_parse(buf(texts[kind]), &m, NULL),
				 0);
		assert_int_equal(m.kind, kind);
		crd_manifest_done(&m);
	}
	assert_string_equal(crd_seal_kind_name(CRD_SEAL_MAX), "unknown");
}

static void test_check(void **state)
{
	struct crd_manifest m;
	struct crd_error err;

	assert_int_equal(crd_manifest_parse(buf(HEAD FILES), &m, NULL), 0);
	assert_int_equal(crd_manifest_check(&m, "a.yaml", buf("abc"), &err), 0);
	assert_int_equal(
		crd_manifest_check(&m, "digests/b.sha256", buf(""), &err), 0);
	/* swapped, changed, cut, unknown */
	assert_int_equal(crd_manifest_check(&m, "a.yaml", buf(""), &err),
			 -EKEYREJECTED);
	assert_non_null(strstr(err.text, "a.yaml"));
	assert_int_equal(crd_manifest_check(&m, "digests/b.sha256", buf("abc"),
					    &err),
			 -EKEYREJECTED);
	assert_int_equal(crd_manifest_check(&m, "a.yaml", buf("abd"), &err),
			 -EKEYREJECTED);
	assert_int_equal(crd_manifest_check(&m, "a.yaml", buf("ab"), NULL),
			 -EKEYREJECTED);
	assert_int_equal(crd_manifest_check(&m, "a.yam", buf("abc"), &err),
			 -ENOENT);
	assert_int_equal(crd_manifest_check(&m, "A.yaml", buf("abc"), &err),
			 -ENOENT);
	assert_int_equal(crd_manifest_check(&m, "./a.yaml", buf("abc"), &err),
			 -ENOENT);
	assert_int_equal(crd_manifest_check(&m, "", buf(""), &err), -ENOENT);
	crd_manifest_done(&m);
}

/* What would be read as something else is not written. */
static void test_format_bad(void **state)
{
	struct crd_manifest_file file = { .name = { (const uint8_t *)"a", 1 } };
	struct crd_manifest good = {
		.name = { (const uint8_t *)"n", 1 },
		.version = 1,
		.date = { (const uint8_t *)"2026-01-01", 10 },
		.files = &file,
		.n_files = 1,
	};
	struct crd_manifest m = good;
	struct crd_error err;
	char *text = NULL;

	crd_sha256(buf("abc"), &file.digest);
	assert_int_equal(crd_manifest_format(&m, &text, &err), 0);
	assert_non_null(strstr(text, "\n" ABC "  a\n"));
	free(text);
	text = NULL;
	m.name = buf("n\n# version: 9");
	assert_int_equal(crd_manifest_format(&m, &text, &err), -EINVAL);
	m = good;
	m.version = 0;
	assert_int_equal(crd_manifest_format(&m, &text, &err), -EINVAL);
	m = good;
	m.date = buf("today");
	assert_int_equal(crd_manifest_format(&m, &text, &err), -EINVAL);
	m = good;
	m.n_files = 0;
	assert_int_equal(crd_manifest_format(&m, &text, &err), -EINVAL);
	m = good;
	file.name = buf("a\n" ABC "  b");
	assert_int_equal(crd_manifest_format(&m, &text, &err), -EINVAL);
	file.name = buf("../a");
	assert_int_equal(crd_manifest_format(&m, &text, &err), -EINVAL);
	assert_null(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),   cmocka_unit_test(test_nul),
		cmocka_unit_test(test_cut),   cmocka_unit_test(test_long),
		cmocka_unit_test(test_good),  cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_check), cmocka_unit_test(test_format_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
