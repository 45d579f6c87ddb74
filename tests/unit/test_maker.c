// SPDX-License-Identifier: Apache-2.0
/* Whom a manufacturer's text names, by the registry as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "attest/appraise_private.h"
#include "attest/maker.h"
#include "credence.h"
#include "real_registry.h"
#include "small_registry.h"

static struct crd_registry *registry;

static void ask(const struct crd_registry *reg, int type, const char *text,
		struct crd_maker *m)
{
	crd_maker_find(reg, type, small_buf(text), m);
}

struct row {
	int type;
	const char *text;
	enum crd_maker_how how;
	const char *entity;
};

static const struct row rows[] = {
	/* to the letter */
	{ 1, "Dell Inc.", CRD_MAKER_EXACT, "dell" },
	{ 1, "  Dell Inc.  ", CRD_MAKER_EXACT, "dell" },
	{ 0, "American Megatrends Inc.", CRD_MAKER_EXACT, "ami" },
	{ 2, "ASUSTeK COMPUTER INC.", CRD_MAKER_EXACT, "asustek" },
	{ -1, "LENOVO", CRD_MAKER_EXACT, "lenovo" },
	/* by whole words, in any case, whatever stands between and behind */
	{ 1, "dell inc", CRD_MAKER_PATTERN, "dell" },
	{ 1, "DELL COMPUTER CORP", CRD_MAKER_PATTERN, "dell" },
	{ 1, "Dell/EMC/PowerEdge", CRD_MAKER_PATTERN, "dell" },
	{ 1, "Dell_Inc_", CRD_MAKER_PATTERN, "dell" },
	{ 0, "American Megatrends International LLC.", CRD_MAKER_PATTERN,
	  "ami" },
	{ 2, "MICRO-STAR INT'L CO. LTD", CRD_MAKER_PATTERN, "msi" },
	{ 2, "Micro Star International", CRD_MAKER_PATTERN, "msi" },
	{ 1, "ASUSTeK Computer IN", CRD_MAKER_PATTERN, "asustek" },
	{ 1, "Hewlett-Packard Company", CRD_MAKER_PATTERN, "hp" },
	{ 1, "Login Inform\xc3\xa1tica LTDA", CRD_MAKER_PATTERN,
	  "login-informatica" },
	{ 1, "LOGIN INFORM\xc3\x81TICA LTDA", CRD_MAKER_PATTERN,
	  "login-informatica" },
	{ 1, "Positivo Inform\xc3\xa1tica S/A", CRD_MAKER_PATTERN, "positivo" },
	{ 1, "Positivo Inform\xe1tica S/A", CRD_MAKER_PATTERN, "positivo" },
	{ 1, "Giga-Byte Technology CO., LTD", CRD_MAKER_PATTERN, "gigabyte" },
	{ 4, "AMD E-350 Process", CRD_MAKER_PATTERN, "amd" },
	{ 4, "Intel(R) Corp.", CRD_MAKER_PATTERN, "intel" },
	{ 4, "Intel\xc2\xae Corporation", CRD_MAKER_PATTERN, "intel" },
	/* legal forms at the end are nothing, elsewhere they are words */
	{ 1, "Gateway Co., Ltd.", CRD_MAKER_PATTERN, "gateway-pc" },
	{ 1, "Dns Co., Ltd.", CRD_MAKER_PATTERN, "dns-ru" },
	{ 1, "Optimal S.A.", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Ltd. Gateway", CRD_MAKER_UNKNOWN, NULL },
	/* the longest wins */
	{ 1, "Fujitsu Ltd", CRD_MAKER_PATTERN, "fujitsu" },
	{ 1, "Fujitsu Siemens Computers", CRD_MAKER_PATTERN,
	  "fujitsu-siemens" },
	{ 1, "Fujitsu Client Computing Ltd", CRD_MAKER_PATTERN, "fccl" },
	{ 1, "Hewlett Packard Enterprise Co", CRD_MAKER_PATTERN, "hpe" },
	{ 1, "PHOENIX CONTACT GmbH & Co. KG", CRD_MAKER_PATTERN,
	  "phoenix-contact" },
	{ 17, "Smart Modular Technologies do Brasil", CRD_MAKER_PATTERN,
	  "smart-brazil" },
	{ 1, "Qualcomm Atheros, Inc.", CRD_MAKER_PATTERN, "qualcomm-atheros" },
	/* a line of products that only one maker has */
	{ 1, "ThinkStation P920", CRD_MAKER_PATTERN, "lenovo" },
	{ 3, "CX61 2PC", CRD_MAKER_PATTERN, "msi" },
	{ 0, "IPM41-D3_GS", CRD_MAKER_PATTERN, "pegatron" },
	/* names that more than one maker has, or that mean something */
	{ 3, "CX700", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Tandberg", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Axiom Technology", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "myPhone", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "HELiOS", CRD_MAKER_EXACT, "helios-ru" },
	{ 1, "Helios", CRD_MAKER_UNKNOWN, NULL },
	{ 17, "Hypertec", CRD_MAKER_PATTERN, "hypertec" },
	{ 1, "Hypertec", CRD_MAKER_UNKNOWN, NULL },
	{ 17, "Team", CRD_MAKER_PATTERN, "team-group" },
	{ 1, "Team", CRD_MAKER_UNKNOWN, NULL },
	{ 22, "STL-SD260", CRD_MAKER_PATTERN, "stl-tw" },
	{ 2, "STL-SD260", CRD_MAKER_UNKNOWN, NULL },
	/* near misses: part of a word, a letter less, another order */
	{ 1, "Dellmont", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Del", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Dells", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "The Dell", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "InDell", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Inteligent Systems", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Intelligent", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Lenova", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Lenovoo", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Asuz", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Aceros", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Racer", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Hpx", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Sonyisgood", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Micro Star", CRD_MAKER_PATTERN, "msi" },
	{ 1, "Micro Stars", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Micro", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "American", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Phoenixville PC", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Apple Tree Computers", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Gateway To Asia", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "Monster Energy", CRD_MAKER_UNKNOWN, NULL },
	/* said to be another's */
	{ 4, "Intel compatible", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "IBM PC compatible", CRD_MAKER_UNKNOWN, NULL },
	{ 22, "Dell replacement battery", CRD_MAKER_UNKNOWN, NULL },
	{ 22, "HP clone", CRD_MAKER_UNKNOWN, NULL },
	/* kinds of machine, generations of processors, numbers */
	{ 1, "Notebook", CRD_MAKER_PLACEHOLDER, NULL },
	{ 1, "Mini PC", CRD_MAKER_PLACEHOLDER, NULL },
	{ 1, "GPU Company", CRD_MAKER_PLACEHOLDER, NULL },
	{ 2, "KBL", CRD_MAKER_PLACEHOLDER, NULL },
	{ 2, "NB02", CRD_MAKER_PLACEHOLDER, NULL },
	{ 2, "4711", CRD_MAKER_PLACEHOLDER, NULL },
	{ 1, "To be filled by O.E.M.", CRD_MAKER_PLACEHOLDER, NULL },
	{ 1, "System manufacturer", CRD_MAKER_PLACEHOLDER, NULL },
	{ 1, "", CRD_MAKER_PLACEHOLDER, NULL },
	{ 1, "   ", CRD_MAKER_PLACEHOLDER, NULL },
	{ 17, "Unknown", CRD_MAKER_PLACEHOLDER, NULL },
	{ 17, "0000", CRD_MAKER_PLACEHOLDER, NULL },
	{ 17, "JEDEC ID:00 00", CRD_MAKER_PLACEHOLDER, NULL },
	{ 17, "1315", CRD_MAKER_PLACEHOLDER, NULL },
	/* codes of memory makers, in type 17 only */
	{ 17, "80CE000080CE", CRD_MAKER_JEDEC, "samsung-electronics" },
	{ 17, "859B", CRD_MAKER_JEDEC, "crucial" },
	{ 17, "0x2C00", CRD_MAKER_JEDEC, "micron" },
	{ 17, "7F7F9E0000000000", CRD_MAKER_JEDEC, "corsair" },
	{ 17, "Unknown (0x9b05)", CRD_MAKER_JEDEC, "crucial" },
	{ 17, "Bank 6, Hex 0x9B", CRD_MAKER_JEDEC, "crucial" },
	{ 17, "80CF", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "859B", CRD_MAKER_UNKNOWN, NULL },
	{ -1, "859B", CRD_MAKER_UNKNOWN, NULL },
	{ 17, "Samsung", CRD_MAKER_EXACT, "samsung-electronics" },
	{ 17, "Hyundai Electronics Industries", CRD_MAKER_PATTERN, "sk-hynix" },
	{ 17, "Hyundai", CRD_MAKER_PATTERN, "sk-hynix" },
	{ 1, "Hyundai", CRD_MAKER_UNKNOWN, NULL },
	/* batteries: the first of two is who made the pack */
	{ 22, "SMP", CRD_MAKER_PATTERN, "simplo" },
	{ 22, "SMP-SDI2.8", CRD_MAKER_PATTERN, "simplo" },
	{ 22, "LGC-LGC3.95", CRD_MAKER_PATTERN, "lg-energy-solution" },
	{ 22, "SDI", CRD_MAKER_PATTERN, "samsung-sdi" },
	{ 22, "SANYO DELLTM7877", CRD_MAKER_PATTERN, "sanyo" },
	{ 22, "Samsung SDI", CRD_MAKER_PATTERN, "samsung-sdi" },
	{ 22, "Sunwoda-H", CRD_MAKER_PATTERN, "sunwoda" },
	{ 1, "SMP", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "LGC", CRD_MAKER_UNKNOWN, NULL },
	{ -1, "SMP-SDI2.8", CRD_MAKER_UNKNOWN, NULL },
	{ 22, "333-54-5D-A", CRD_MAKER_FORM, "hp" },
	{ 22, "13-42", CRD_MAKER_FORM, "hp" },
	{ 22, "131-42-6E", CRD_MAKER_FORM, "hp" },
	{ 22, "FRANBBATA112110259", CRD_MAKER_FORM, "framework" },
	{ 22, "333-54-5D-B", CRD_MAKER_UNKNOWN, NULL },
	{ 22, "333-54-5d-A", CRD_MAKER_UNKNOWN, NULL },
	{ 22, "3333-54-5D", CRD_MAKER_UNKNOWN, NULL },
	{ 22, "-54-5D", CRD_MAKER_UNKNOWN, NULL },
	{ 22, "FRANBBATA11211025", CRD_MAKER_UNKNOWN, NULL },
	{ 1, "333-54-5D-A", CRD_MAKER_UNKNOWN, NULL },
	{ 3, "MS-N014", CRD_MAKER_FORM, "msi" },
	{ 2, "MS-7309", CRD_MAKER_FORM, "msi" },
	{ 17, "MS-7309", CRD_MAKER_UNKNOWN, NULL },
	{ 2, "MS-73", CRD_MAKER_UNKNOWN, NULL },
};

static const struct {
	const char *text, *like;
} twins[] = {
	/* Cyrillic, Greek, wide and mathematical letters */
	{ "D\xd0\xb5ll Inc.", "dell" },
	{ "\xd0\x86ntel", "intel" },
	{ "Int\xd0\xb5l Corporation", "intel" },
	{ "\xce\x99ntel", "intel" },
	{ "Len\xce\xbfvo", "lenovo" },
	{ "LEN\xd0\x9eVO", "lenovo" },
	{ "\xef\xbc\xb3ony Corporation", "sony" },
	{ "\xef\xbc\xa4\xef\xbd\x85\xef\xbd\x8c\xef\xbd\x8c", "dell" },
	{ "\xf0\x9d\x90\x83\xf0\x9d\x90\x9e\xf0\x9d\x90\xa5\xf0\x9d\x90\xa5",
	  "dell" },
	/* the name is right, what follows is not */
	{ "Dell In\xd1\x81"
	  ".",
	  "dell" },
	/* invisible characters, and those that turn the writing */
	{ "De\xe2\x80\x8b"
	  "ll",
	  "dell" },
	{ "Dell\xc2\xad", "dell" },
	{ "\xef\xbb\xbfLENOVO", "lenovo" },
	{ "\xe2\x80\xaeLENOVO", "lenovo" },
	{ "Dell \xe2\x80\x8b", "dell" },
	/* digits and letters that are read for one another */
	{ "lntel", "intel" },
	{ "1ntel", "intel" },
	{ "|ntel", "intel" },
	{ "De1l Inc.", "dell" },
	{ "DeIl Inc.", "dell" },
	{ "LEN0VO", "lenovo" },
	{ "A5US", "asustek" },
	{ "Delllnc", NULL },
	{ "Dell lnc.", "dell" },
	{ "American Megatrends lnc.", "ami" },
	{ "MlCRO-STAR INTERNATIONAL CO.,LTD", "msi" },
	{ "Sarnsung", "samsung-electronics" },
	{ "VVistron", "wistron" },
	/* accents that the name does not have */
	{ "D\xc3\xabll", "dell" },
	{ "Inte\xc4\xba", "intel" },
	{ "\xc5\xa0"
	  "amsung",
	  "samsung-electronics" },
	/* unlike in more than looks */
	{ "Dall", NULL },
	{ "D\xd0\xb6ll", NULL },
	{ "\xd0\x94\xd0\xb5\xd0\xbb\xd0\xbb", NULL },
	{ "Lenov", NULL },
	{ "De\xffll", NULL },
};

static void test_rows(void **state)
{
	struct crd_maker m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ask(registry, rows[i].type, rows[i].text, &m);
		if (m.how != rows[i].how ||
		    strcmp(m.entity ? m.entity : "",
			   rows[i].entity ? rows[i].entity : ""))
			fail_msg("%d '%s': %s %s", rows[i].type, rows[i].text,
				 crd_maker_how_name(m.how),
				 m.entity ? m.entity : "nobody");
		assert_int_equal(m.entity != NULL, m.scheme != NULL);
	}
}

static void test_twins(void **state)
{
	struct crd_maker m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(twins) / sizeof(twins[0]); i++) {
		ask(registry, 1, twins[i].text, &m);
		if (m.how != (twins[i].like ? CRD_MAKER_LOOK_ALIKE :
					      CRD_MAKER_UNKNOWN) ||
		    strcmp(m.entity ? m.entity : "",
			   twins[i].like ? twins[i].like : ""))
			fail_msg("'%s': %s %s", twins[i].text,
				 crd_maker_how_name(m.how),
				 m.entity ? m.entity : "nobody");
	}
}

/* Longer texts than any name, and as many words as there can be. */
static void test_long(void **state)
{
	struct crd_maker m;
	char text[400];
	size_t i;

	(void)state;
	memset(text, 0, sizeof(text));
	memset(text, 'x', 255);
	memcpy(text, "Dell ", 5);
	ask(registry, 1, text, &m);
	assert_int_equal(m.how, CRD_MAKER_PATTERN);
	text[255] = 'x';
	ask(registry, 1, text, &m);
	assert_int_equal(m.how, CRD_MAKER_UNKNOWN);
	for (i = 0; i < 255; i++)
		text[i] = i % 2 ? ' ' : 'y';
	text[255] = '\0';
	ask(registry, 1, text, &m);
	assert_int_equal(m.how, CRD_MAKER_UNKNOWN);
}

/* The row that decided is told. */
static void test_grounds(void **state)
{
	struct crd_maker m;

	(void)state;
	ask(registry, 1, "Dell Computer Corp", &m);
	assert_string_equal(m.scheme, "words");
	assert_string_equal(m.value, "dell *");
	ask(registry, 22, "SMP-SDI2.8", &m);
	assert_string_equal(m.scheme, "words-battery");
	assert_string_equal(m.value, "smp *");
	ask(registry, 17, "859B", &m);
	assert_string_equal(m.scheme, "jedec");
	assert_string_equal(m.value, "6:9b");
	ask(registry, 22, "13-42", &m);
	assert_string_equal(m.scheme, "form");
	assert_string_equal(m.value, "hp-battery");
	ask(registry, 1, "Dell Inc.", &m);
	assert_string_equal(m.scheme, "smbios");
	assert_string_equal(m.value, "Dell Inc.");
	assert_string_equal(crd_maker_how_name(CRD_MAKER_LOOK_ALIKE),
			    "look-alike");
	assert_string_equal(crd_maker_how_name(99), "unknown");
}

/* Identifiers that were not checked answer the same. */
static void test_unchecked(void **state)
{
	struct crd_registry *unchecked;
	struct crd_maker a, b;
	size_t i;

	(void)state;
	real_registry_free(&registry);
	unchecked = real_registry(true);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ask(unchecked, rows[i].type, rows[i].text, &a);
		assert_int_equal(a.how, rows[i].how);
	}
	real_registry_free(&unchecked);
	registry = real_registry(false);
	ask(registry, 1, "dell", &b);
	assert_int_equal(b.how, CRD_MAKER_PATTERN);
}

/* Rows that make no pattern. */
static const struct {
	const char *row, *say;
} bad[] = {
	{ "words,Dell *,intel,src,x", "'Dell *' is not as words are compared" },
	{ "words,dell-inc *,intel,src,x", "is not as words are compared" },
	{ "words,dell  inc *,intel,src,x", "is not as words are compared" },
	{ "words,dell*,intel,src,x", "is not as words are compared" },
	{ "words,* dell,intel,src,x", "is not as words are compared" },
	{ "words,de* ll,intel,src,x", "is not as words are compared" },
	{ "words,*,intel,src,x", "is not made of words" },
	{ "words,--,intel,src,x", "is not made of words" },
	{ "words,d\xd0\xb5ll,intel,src,x", "is not made of words" },
	{ "words,acme inc,intel,src,x", "ends with a legal form" },
	{ "words,acme co ltd,intel,src,x", "ends with a legal form" },
	{ "words,default string *,intel,src,x", "names nobody" },
	{ "words,notebook,intel,src,x", "names nobody" },
	{ "words-battery,4711 *,intel,src,x", "names nobody" },
	{ "form,my-form,intel,src,x", "is no form that is known" },
	{ "words-disk,acme,intel,src,x", "is none of" },
	{ "words,acme,huawei,src,x\nwords,acme,intel,src,x", "stands twice" },
	{ "words,acme,nobody,src,x", "is not in entities.csv" },
};

static void test_bad_rows(void **state)
{
	static char csv[4096];
	struct crd_registry_files files = { small_buf(small_entities),
					    { NULL, 0 },
					    small_buf(small_lists),
					    small_buf(small_listings),
					    small_buf(small_sources),
					    small_buf(small_release),
					    false };
	struct crd_registry *reg = NULL;
	struct crd_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(csv, sizeof(csv),
			 "scheme,value,entity_id,source,note\n%s\n",
			 bad[i].row);
		files.identifiers = small_buf(csv);
		memset(&err, 0, sizeof(err));
		assert_true(crd_registry_load(&files, &reg, &err) < 0);
		if (!strstr(err.text, bad[i].say))
			fail_msg("%s: %s", bad[i].row, err.text);
		assert_true(err.line >= 2);
		assert_null(reg);
	}
}

/* Of equally long ones the whole text wins, then the type of structure. */
static void test_order(void **state)
{
	static const char csv[] = "scheme,value,entity_id,source,note\n"
				  "smbios,ACME Corp,newbridge,src,x\n"
				  "words,acme,intel,src,x\n"
				  "words,acme *,huawei,src,x\n"
				  "words,acme two words,ibm,src,x\n"
				  "words-battery,acme *,ibm,src,x\n"
				  "words-memory,acme,ibm,src,x\n";
	struct crd_registry_files files = { small_buf(small_entities),
					    small_buf(csv),
					    small_buf(small_lists),
					    small_buf(small_listings),
					    small_buf(small_sources),
					    small_buf(small_release),
					    false };
	static const struct row want[] = {
		{ 1, "ACME Corp", CRD_MAKER_EXACT, "newbridge" },
		{ 1, "Acme Corp", CRD_MAKER_PATTERN, "intel" },
		{ 1, "acme", CRD_MAKER_PATTERN, "intel" },
		{ 1, "acme two", CRD_MAKER_PATTERN, "huawei" },
		{ 1, "acme two words", CRD_MAKER_PATTERN, "ibm" },
		{ 1, "acme two words more", CRD_MAKER_PATTERN, "huawei" },
		{ 17, "acme", CRD_MAKER_PATTERN, "ibm" },
		{ 17, "acme two", CRD_MAKER_PATTERN, "huawei" },
		{ 22, "acme", CRD_MAKER_PATTERN, "intel" },
		{ 22, "acme two", CRD_MAKER_PATTERN, "ibm" },
		{ -1, "acme", CRD_MAKER_PATTERN, "intel" },
		{ 1, "acrne", CRD_MAKER_LOOK_ALIKE, "intel" },
	};
	struct crd_registry *reg = NULL;
	struct crd_error err = { .text = "" };
	struct crd_maker m;
	size_t i;

	(void)state;
	if (crd_registry_load(&files, &reg, &err))
		fail_msg("%s", err.text);
	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		ask(reg, want[i].type, want[i].text, &m);
		if (m.how != want[i].how || strcmp(m.entity, want[i].entity))
			fail_msg("%d '%s': %s %s", want[i].type, want[i].text,
				 crd_maker_how_name(m.how), m.entity);
	}
	crd_registry_free(&reg);
}

/* A registry without a pattern, and without a name. */
static void test_none(void **state)
{
	struct crd_registry *reg = small_registry();
	struct crd_maker m;

	(void)state;
	ask(reg, 1, "Intel", &m);
	assert_int_equal(m.how, CRD_MAKER_UNKNOWN);
	ask(reg, 17, "80CE", &m);
	assert_int_equal(m.how, CRD_MAKER_UNKNOWN);
	ask(reg, 22, "13-42", &m);
	assert_int_equal(m.how, CRD_MAKER_UNKNOWN);
	crd_registry_free(&reg);
}

static void component(struct crd_component *c, int type, const char *maker)
{
	memset(c, 0, sizeof(*c));
	c->kind = CRD_KIND_PLATFORM;
	c->part = CRD_PART_SMBIOS;
	c->smbios_type = (uint8_t)type;
	c->manufacturer = small_buf(maker);
	crd_component_find_vendors(c, registry);
}

/* What a policy sees of it: a maker, a stranger, or a flag. */
static void test_component(void **state)
{
	struct crd_component c;

	(void)state;
	component(&c, 1, "dell inc");
	assert_string_equal(c.entity, "dell");
	assert_string_equal(c.entity_basis,
			    "smbios manufacturer, by its words");
	assert_int_equal(c.grade, CRD_GRADE_TEXT);
	assert_int_equal(c.n_strangers, 0);
	component(&c, 17, "859B");
	assert_string_equal(c.entity, "crucial");
	assert_string_equal(c.entity_basis,
			    "smbios manufacturer, a JEDEC code");
	component(&c, 1, "D\xd0\xb5ll");
	assert_null(c.entity);
	assert_int_equal(c.flags, CRD_FLAG_LOOK_ALIKE);
	assert_string_equal(c.looks_like, "dell");
	assert_int_equal(c.n_strangers, 1);
	/* as the log has what must not be shown */
	component(&c, 1, "De\\xe2\\x80\\x8bll");
	assert_int_equal(c.flags, CRD_FLAG_LOOK_ALIKE);
	component(&c, 1, "Default string");
	assert_null(c.entity);
	assert_int_equal(c.flags, 0);
	assert_int_equal(c.n_strangers, 1);
	component(&c, 1, "");
	assert_int_equal(c.n_strangers, 0);
}

static int load(void **state)
{
	(void)state;
	registry = real_registry(false);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	real_registry_free(&registry);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_rows),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_twins),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_grounds),
		cmocka_unit_test(test_unchecked),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_component),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests_name("maker", tests, load, drop);
}
