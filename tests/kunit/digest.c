// SPDX-License-Identifier: GPL-2.0-only
/* Digests: known answers, banks whose hash is missing, images in one pass. */
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "../../kmod/digest.h"
#include "suites.h"

#define ALG_UNKNOWN	0x7777
#define IMAGE		(200 * 1024 + 3)	/* several steps, and some */

/* Of "abc": FIPS 180's own examples. */
#define ABC_SHA1	"\xa9\x99\x3e\x36\x47\x06\x81\x6a\xba\x3e" \
			"\x25\x71\x78\x50\xc2\x6c\x9c\xd0\xd8\x9d"
#define ABC_SHA256	"\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde" \
			"\x5d\xae\x22\x23\xb0\x03\x61\xa3\x96\x17\x7a\x9c" \
			"\xb4\x10\xff\x61\xf2\x00\x15\xad"
/* Of nothing. */
#define NONE_SHA256	"\xe3\xb0\xc4\x42\x98\xfc\x1c\x14\x9a\xfb\xf4\xc8" \
			"\x99\x6f\xb9\x24\x27\xae\x41\xe4\x64\x9b\x93\x4c" \
			"\xa4\x95\x99\x1b\x78\x52\xb8\x55"

struct digest_scene {
	struct tpm_chip chip;
	struct crd_digest dg;
};

static int digest_init(struct kunit *test)
{
	static const struct tpm_bank_info banks[] = {
		{ .alg_id = TPM_ALG_SHA1, .digest_size = 20 },
		{ .alg_id = TPM_ALG_SHA256, .digest_size = 32 },
		/* no such hash: padded, and cut */
		{ .alg_id = ALG_UNKNOWN, .digest_size = 48 },
		{ .alg_id = ALG_UNKNOWN + 1, .digest_size = 20 },
	};
	struct digest_scene *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, s);
	memcpy(s->chip.allocated_banks, banks, sizeof(banks));
	s->chip.nr_allocated_banks = ARRAY_SIZE(banks);
	test->priv = s;
	return crd_digest_start(&s->dg, &s->chip);
}

static void digest_exit(struct kunit *test)
{
	struct digest_scene *s = test->priv;

	if (s)
		crd_digest_stop(&s->dg);
}

static void digest_known_answers(struct kunit *test)
{
	static const struct {
		const char *name, *want;
		u16 alg;
		size_t size;
	} banks[] = {
		{ "sha1", ABC_SHA1, TPM_ALG_SHA1, 20 },
		{ "sha256", ABC_SHA256, TPM_ALG_SHA256, 32 },
		{ "padded", ABC_SHA256, ALG_UNKNOWN, 32 },
		{ "cut", ABC_SHA256, ALG_UNKNOWN + 1, 20 },
	};
	static const u8 zeros[TPM2_MAX_DIGEST_SIZE];
	struct digest_scene *s = test->priv;
	struct tpm_digest got[4] = {};
	size_t i;

	KUNIT_ASSERT_EQ(test, crd_digest_banks(&s->dg, "abc", 3, got), 0);
	for (i = 0; i < ARRAY_SIZE(banks); i++) {
		KUNIT_EXPECT_EQ(test, got[i].alg_id, banks[i].alg);
		expect_bytes(test, banks[i].name, banks[i].want, got[i].digest,
			     banks[i].size);
		expect_bytes(test, banks[i].name, zeros,
			     got[i].digest + banks[i].size,
			     sizeof(zeros) - banks[i].size);
	}
}

/* What the anchor says of each bank: the hash that is really used. */
static void digest_used(struct kunit *test)
{
	static const u16 used[] = {
		TPM_ALG_SHA1, TPM_ALG_SHA256, TPM_ALG_SHA256, TPM_ALG_SHA256,
	};
	struct digest_scene *s = test->priv;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(used); i++)
		KUNIT_EXPECT_EQ(test, s->dg.bank[i].used, used[i]);
}

/* A bank that names a hash of another size is not trusted to be that hash. */
static void digest_size_contradicts(struct kunit *test)
{
	struct digest_scene *s = test->priv;
	struct tpm_digest got[4] = {};
	struct crd_digest dg;

	s->chip.allocated_banks[0].digest_size = 32;
	KUNIT_ASSERT_EQ(test, crd_digest_start(&dg, &s->chip), 0);
	KUNIT_EXPECT_EQ(test, dg.bank[0].used, (u16)TPM_ALG_SHA256);
	KUNIT_EXPECT_EQ(test, crd_digest_banks(&dg, "abc", 3, got), 0);
	expect_bytes(test, "sha1 of 32 bytes", ABC_SHA256, got[0].digest, 32);
	crd_digest_stop(&dg);
}

static void digest_names(struct kunit *test)
{
	KUNIT_EXPECT_PTR_EQ(test, crd_digest_name(ALG_UNKNOWN),
			    (const char *)NULL);
	KUNIT_EXPECT_PTR_EQ(test, crd_digest_name(0), (const char *)NULL);
	KUNIT_EXPECT_STREQ(test, crd_digest_name(TPM_ALG_SHA256), "sha256");
	KUNIT_EXPECT_STREQ(test, crd_digest_name(TPM_ALG_SHA384), "sha384");
}

static void sha256_of(struct kunit *test, const u8 *data, size_t len, u8 *ret)
{
	struct digest_scene *s = test->priv;
	struct tpm_digest got[4] = {};

	KUNIT_ASSERT_EQ(test, crd_digest_banks(&s->dg, data, len, got), 0);
	memcpy(ret, got[1].digest, SHA256_DIGEST_SIZE);
}

/* Wherever the signature begins: two digests, as of two separate passes. */
static void digest_image_table(struct kunit *test)
{
	static const struct {
		size_t payload, len;
	} cases[] = {
		{ 0, 0 }, { 0, 1 }, { 1, 1 }, { 3, 3 }, { 2, 3 },
		{ 63, 64 }, { 64, 64 }, { 65535, 65536 }, { 65536, 65537 },
		{ 65537, 131072 }, { IMAGE, IMAGE }, { IMAGE - 1, IMAGE },
		{ 0, IMAGE },
	};
	u8 want[SHA256_DIGEST_SIZE], payload[SHA256_DIGEST_SIZE];
	u8 whole[SHA256_DIGEST_SIZE];
	struct digest_scene *s = test->priv;
	u8 *image = vmalloc(IMAGE);
	char name[32];
	size_t i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, image);
	for (i = 0; i < IMAGE; i++)
		image[i] = i * 31 + (i >> 9);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(name, sizeof(name), "%zu of %zu", cases[i].payload,
			 cases[i].len);
		KUNIT_EXPECT_EQ(test,
				crd_digest_image(&s->dg, image,
						 cases[i].payload,
						 cases[i].len, payload, whole),
				0);
		sha256_of(test, image, cases[i].payload, want);
		expect_bytes(test, name, want, payload, sizeof(want));
		sha256_of(test, image, cases[i].len, want);
		expect_bytes(test, name, want, whole, sizeof(want));
	}
	vfree(image);
}

static void digest_image_known(struct kunit *test)
{
	struct digest_scene *s = test->priv;
	u8 payload[SHA256_DIGEST_SIZE], whole[SHA256_DIGEST_SIZE];

	KUNIT_ASSERT_EQ(test, crd_digest_image(&s->dg, "abc", 0, 3, payload,
					       whole), 0);
	expect_bytes(test, "nothing", NONE_SHA256, payload, sizeof(payload));
	expect_bytes(test, "abc", ABC_SHA256, whole, sizeof(whole));
}

/* Another implementation, the same answers. */
static void digest_pick(struct kunit *test)
{
	struct digest_scene *s = test->priv;
	u8 got[SHA256_DIGEST_SIZE];
	char driver[64] = "";

	crd_digest_pick(&s->dg);
	crd_digest_driver(&s->dg, driver, sizeof(driver));
	KUNIT_EXPECT_EQ(test, strncmp(driver, "sha256", 6), 0);
	sha256_of(test, "abc", 3, got);
	expect_bytes(test, driver, ABC_SHA256, got, sizeof(got));
	crd_digest_driver(&s->dg, driver, 4);
	KUNIT_EXPECT_STREQ(test, driver, "sha");
}

static struct kunit_case digest_kunit_cases[] = {
	KUNIT_CASE(digest_known_answers),
	KUNIT_CASE(digest_used),
	KUNIT_CASE(digest_size_contradicts),
	KUNIT_CASE(digest_names),
	KUNIT_CASE(digest_image_table),
	KUNIT_CASE(digest_image_known),
	KUNIT_CASE(digest_pick),
	{}
};

struct kunit_suite crd_digest_suite = {
	.name = "crd_digest",
	.init = digest_init,
	.exit = digest_exit,
	.test_cases = digest_kunit_cases,
};
