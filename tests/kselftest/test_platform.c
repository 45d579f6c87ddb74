// SPDX-License-Identifier: Apache-2.0
/*
 * The platform's items in the start of the log, against what the kernel shows
 * of the same in sysfs and procfs. Everything is read here by rules of our own,
 * so that a mistake would have to be made twice.
 *
 * CRD_LEFT_OUT says that the SMBIOS table is too large for all of it to be in
 * the log, CRD_NO_ESRT what the log must say of an ESRT that is not there.
 */
#include "kselftest_harness.h"
#include "measurer.h"

#include <dirent.h>
#include <limits.h>

#define MAX_ITEMS 8192
#define DMI	  "/sys/firmware/dmi/"
#define ACPI	  "/sys/firmware/acpi/tables"
/* The output of tpm2_getcap properties-fixed. */
#define TPM_PROPERTIES "/in/tpm.yaml"
#define ESRT	       "/sys/firmware/efi/esrt/entries"

struct platform {
	uint8_t *log;
	size_t len;
	unsigned int records;
	struct crd_buf items[MAX_ITEMS]; /* of PLATFORM, in order */
	unsigned int n_items;
	struct crd_buf coverage;
};

static uint64_t be(const uint8_t *p, unsigned int n)
{
	uint64_t v = 0;

	while (n--)
		v = v << 8 | *p++;
	return v;
}

static unsigned int le16(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

static uint32_t le32(const uint8_t *p)
{
	return le16(p) | (uint32_t)le16(p + 2) << 16;
}

/* Take one TLV off the front; false at the end. */
static bool take_tlv(struct crd_buf *buf, uint8_t *type, struct crd_buf *value)
{
	size_t len;

	if (buf->len < 5)
		return false;
	*type = buf->ptr[0];
	len = be(buf->ptr + 1, 4);
	if (len > buf->len - 5)
		return false;
	*value = (struct crd_buf){ buf->ptr + 5, len };
	buf->ptr += 5 + len;
	buf->len -= 5 + len;
	return true;
}

static void take_snapshot(struct platform *p, struct crd_buf content)
{
	struct crd_buf value;
	uint8_t type;

	while (take_tlv(&content, &type, &value)) {
		if (type == CRD_F_ITEM && p->n_items < MAX_ITEMS &&
		    field_u64(value, CRD_F_EVENT) == CRD_EV_PLATFORM)
			p->items[p->n_items++] = value;
	}
}

static void take_content(struct platform *p, struct crd_buf content)
{
	uint64_t event = field_u64(content, CRD_F_EVENT);

	if (event == CRD_EV_SNAPSHOT)
		take_snapshot(p, content);
	if (event == CRD_EV_COVERAGE)
		p->coverage = content;
}

static int platform_read(struct platform *p)
{
	struct crd_buf left, value;
	uint8_t type;
	int ret;

	ret = file_read(LOG_FILE, &p->log, &p->len);
	if (ret)
		return ret;
	left = (struct crd_buf){ p->log, p->len };
	while (take_tlv(&left, &type, &value)) {
		if (type == CRD_CEL_CONTENT) {
			take_content(p, value);
			p->records++;
		}
	}
	return left.len ? -EBADMSG : 0;
}

/* The item after @from of that part; NULL if there is none. */
static const struct crd_buf *next_item(const struct platform *p, uint8_t part,
				       const struct crd_buf *from)
{
	const struct crd_buf *item = from ? from + 1 : p->items;

	for (; item < p->items + p->n_items; item++) {
		if (field_u64(*item, CRD_F_PART) == part)
			return item;
	}
	return NULL;
}

static unsigned int count_items(const struct platform *p, uint8_t part)
{
	const struct crd_buf *item = NULL;
	unsigned int n = 0;

	while ((item = next_item(p, part, item)))
		n++;
	return n;
}

/* A text of the coverage that begins with these letters. */
static bool covered(const struct platform *p, uint8_t field, const char *with,
		    char *ret, size_t size)
{
	struct crd_buf left = p->coverage, value;
	uint8_t type;

	while (take_tlv(&left, &type, &value)) {
		if (type != field || value.len < strlen(with) ||
		    memcmp(value.ptr, with, strlen(with)))
			continue;
		snprintf(ret, size, "%.*s", (int)value.len, value.ptr);
		return true;
	}
	return false;
}

static bool is_cut(struct crd_buf item, uint8_t field)
{
	struct crd_buf cut;

	return crd_field_get(item, CRD_F_TRUNCATED, &cut) &&
	       memchr(cut.ptr, field, cut.len);
}

/*
 * Does an escaped text stand for these bytes? If it was cut, for their
 * beginning, and no byte more would have fitted that is short of an escape.
 */
static bool text_is(struct crd_buf text, const uint8_t *raw, size_t len,
		    bool may_be_cut)
{
	size_t i = 0, n = 0;

	while (i < text.len) {
		unsigned int byte = text.ptr[i];
		size_t step = 1;

		if (byte < 0x20 || byte == 0x7f)
			return false;
		if (byte == '\\') {
			if (text.len - i < 4 ||
			    sscanf((char *)text.ptr + i, "\\x%2x", &byte) != 1)
				return false;
			step = 4;
		}
		if (n == len || raw[n++] != byte)
			return false;
		i += step;
	}
	return n == len || (may_be_cut && text.len > CRD_MAX_TEXT - 4);
}

/* In a field of fixed size, without what fills it up. */
static bool padded_is(struct crd_buf item, uint8_t field, const uint8_t *raw,
		      size_t len)
{
	struct crd_buf text;

	while (len && (!raw[len - 1] || raw[len - 1] == ' '))
		len--;
	return crd_field_get(item, field, &text) &&
	       text_is(text, raw, len, false);
}

/* --- SMBIOS ---------------------------------------------------------------- */

/* Bytes of the structure at the front; 0 if it is not whole. */
static size_t structure_size(struct crd_buf table)
{
	size_t at;

	if (table.len < 4 || table.ptr[1] < 4)
		return 0;
	for (at = table.ptr[1]; at + 1 < table.len; at++) {
		if (!table.ptr[at] && !table.ptr[at + 1])
			return at + 2;
	}
	return 0;
}

static bool is_wanted(unsigned int type)
{
	static const unsigned int want[] = { 0,	 1,  2,	 3,  4, 9,
					     11, 16, 17, 41, 43 };
	unsigned int i;

	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		if (want[i] == type)
			return true;
	}
	return false;
}

/* The item has these strings and no others: all bytes after the first part. */
static bool strings_are(struct crd_buf item, const uint8_t *raw, size_t len)
{
	bool cut = is_cut(item, CRD_F_STRING);
	struct crd_buf value;
	unsigned int n = 0;
	uint8_t type;

	while (take_tlv(&item, &type, &value)) {
		size_t own = strnlen((const char *)raw, len);

		if (type != CRD_F_STRING)
			continue;
		if (own == len || !text_is(value, raw, own, cut))
			return false;
		raw += own + 1;
		len -= own + 1;
		n++;
	}
	/* What is left: the NUL that ends the strings, or both of them. */
	return len == (n ? 1 : 2) || (cut && n == CRD_MAX_STRINGS);
}

static bool item_is_structure(struct crd_buf item, const uint8_t *raw,
			      size_t len)
{
	struct crd_buf data;

	return field_u64(item, CRD_F_SMBIOS_TYPE) == raw[0] &&
	       field_u64(item, CRD_F_HANDLE) == le16(raw + 2) &&
	       crd_field_get(item, CRD_F_DATA, &data) && data.len == raw[1] &&
	       !memcmp(data.ptr, raw, data.len) &&
	       strings_are(item, raw + raw[1], len - raw[1]);
}

/* The table in sysfs, as far as its structures are whole and counted. */
struct dmi {
	uint8_t *bytes;
	size_t len;
	size_t whole;
	unsigned int structures;
	unsigned int wanted;
};

/* An old entry point says how many there are; a new one counts on the end. */
static unsigned int dmi_limit(void)
{
	unsigned int n = UINT_MAX;
	uint8_t *entry;
	size_t len;

	if (file_read(DMI "tables/smbios_entry_point", &entry, &len))
		return 0;
	if (len >= 0x1e && !memcmp(entry, "_SM_", 4))
		n = le16(entry + 0x1c);
	free(entry);
	return n;
}

static int dmi_read(struct dmi *dmi)
{
	unsigned int limit = dmi_limit();
	struct crd_buf left;
	size_t size;
	int ret;

	memset(dmi, 0, sizeof(*dmi));
	ret = file_read(DMI "tables/DMI", &dmi->bytes, &dmi->len);
	if (ret)
		return ret;
	left = (struct crd_buf){ dmi->bytes, dmi->len };
	while (dmi->structures < limit && (size = structure_size(left))) {
		dmi->structures++;
		dmi->wanted += is_wanted(left.ptr[0]);
		dmi->whole += size;
		if (limit == UINT_MAX && left.ptr[0] == 127)
			break;
		left.ptr += size;
		left.len -= size;
	}
	return 0;
}

FIXTURE(platform)
{
	struct platform p;
};

FIXTURE_SETUP(platform)
{
	ASSERT_EQ(0, platform_read(&self->p));
	ASSERT_GT(MAX_ITEMS, self->p.n_items);
}

FIXTURE_TEARDOWN(platform)
{
	free(self->p.log);
}

TEST_F(platform, start_is_bounded)
{
	EXPECT_GE(CRD_MAX_START_RECORDS, self->p.records);
	EXPECT_LT(0, self->p.coverage.len);
}

TEST_F(platform, log_is_sound_and_in_the_tpm)
{
	const char *fault = golden_rule();

	EXPECT_EQ(NULL, fault)
	{
		TH_LOG("%s", fault);
	}
}

TEST_F(platform, smbios_table_is_the_kernels)
{
	const struct crd_buf *item =
		next_item(&self->p, CRD_PART_SMBIOS_TABLE, NULL);
	struct dmi dmi;

	ASSERT_EQ(0, dmi_read(&dmi));
	ASSERT_NE(NULL, item);
	EXPECT_EQ(dmi.whole, field_u64(*item, CRD_F_SIZE));
	EXPECT_EQ(dmi.structures, field_u64(*item, CRD_F_COUNT));
	EXPECT_TRUE(
		field_is_digest_of(*item, CRD_F_DIGEST, dmi.bytes, dmi.whole));
	/* The file itself, where its end is the table's. */
	EXPECT_EQ(dmi.whole, dmi.len);
	EXPECT_EQ(1, count_items(&self->p, CRD_PART_SMBIOS_TABLE));
	free(dmi.bytes);
}

TEST_F(platform, smbios_structures_are_the_tables)
{
	bool too_large = getenv("CRD_LEFT_OUT");
	const struct crd_buf *item = NULL;
	unsigned int skipped = 0, left_out = 0;
	struct crd_buf left;
	char text[256];
	struct dmi dmi;
	size_t size;

	ASSERT_EQ(0, dmi_read(&dmi));
	left = (struct crd_buf){ dmi.bytes, dmi.whole };
	item = next_item(&self->p, CRD_PART_SMBIOS, NULL);
	while ((size = structure_size(left))) {
		if (is_wanted(left.ptr[0])) {
			if (item && item_is_structure(*item, left.ptr, size))
				item = next_item(&self->p, CRD_PART_SMBIOS,
						 item);
			else
				skipped++;
		}
		left.ptr += size;
		left.len -= size;
	}
	EXPECT_EQ(NULL, item);
	if (!too_large) {
		EXPECT_EQ(0, skipped);
		EXPECT_EQ(dmi.wanted, count_items(&self->p, CRD_PART_SMBIOS));
	} else {
		EXPECT_TRUE(covered(&self->p, CRD_F_NOT_SEEN,
				    "smbios: did not fit: ", text,
				    sizeof(text)));
		EXPECT_EQ(1,
			  sscanf(text, "smbios: did not fit: %u", &left_out));
		EXPECT_LT(0, left_out);
		EXPECT_EQ(skipped, left_out);
	}
	free(dmi.bytes);
}

/* The second way that the kernel shows them: one by one. */
TEST_F(platform, smbios_structures_are_the_entries)
{
	const struct crd_buf *item = NULL;
	unsigned int next[256] = { 0 }, seen = 0;
	uint8_t *raw;
	char path[80];
	size_t len;

	while ((item = next_item(&self->p, CRD_PART_SMBIOS, item))) {
		uint64_t type = field_u64(*item, CRD_F_SMBIOS_TYPE);

		ASSERT_GT(256, type);
		snprintf(path, sizeof(path), DMI "entries/%u-%u/raw",
			 (unsigned int)type, next[type]++);
		ASSERT_EQ(0, file_read(path, &raw, &len))
		{
			TH_LOG("%s", path);
		}
		EXPECT_TRUE(item_is_structure(*item, raw, len))
		{
			TH_LOG("%s", path);
		}
		free(raw);
		seen++;
	}
	EXPECT_LT(0, seen);
}

/* --- ACPI ------------------------------------------------------------------ */

static bool item_is_table(struct crd_buf item, const uint8_t *raw, size_t len)
{
	struct crd_buf name;

	if (len < 36 || !crd_field_get(item, CRD_F_NAME, &name) ||
	    !text_is(name, raw, 4, false) || field_u64(item, CRD_F_SIZE) != len)
		return false;
	if (!memcmp(raw, "FACS", 4))
		return !crd_field_get(item, CRD_F_DIGEST, &name) &&
		       !crd_field_get(item, CRD_F_OEM_ID, &name);
	return field_is_digest_of(item, CRD_F_DIGEST, raw, len) &&
	       field_u64(item, CRD_F_REVISION) == raw[8] &&
	       padded_is(item, CRD_F_OEM_ID, raw + 10, 6) &&
	       padded_is(item, CRD_F_OEM_TABLE_ID, raw + 16, 8) &&
	       field_u64(item, CRD_F_OEM_REVISION) == le32(raw + 24) &&
	       padded_is(item, CRD_F_CREATOR_ID, raw + 28, 4) &&
	       field_u64(item, CRD_F_CREATOR_REVISION) == le32(raw + 32);
}

/* Items of that very table: two tables may be the same. */
static unsigned int count_tables(const struct platform *p, const uint8_t *raw,
				 size_t len, bool dynamic)
{
	const struct crd_buf *item = NULL;
	unsigned int n = 0;

	while ((item = next_item(p, CRD_PART_ACPI, item))) {
		bool marked = field_u64(*item, CRD_F_DYNAMIC) == 1;

		n += marked == dynamic && item_is_table(*item, raw, len);
	}
	return n;
}

/* How many files there are in a folder; *ret_unknown: without an item. */
static unsigned int look_up_tables(const struct platform *p, const char *folder,
				   bool dynamic, unsigned int *ret_unknown)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	unsigned int n = 0;
	char path[512];
	uint8_t *raw;
	size_t len;

	while (dir && (entry = readdir(dir))) {
		if (entry->d_type != DT_REG)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		n++;
		if (file_read(path, &raw, &len) ||
		    !count_tables(p, raw, len, dynamic)) {
			printf("# no item for %s\n", path);
			(*ret_unknown)++;
		}
		free(raw);
	}
	if (dir)
		closedir(dir);
	return n;
}

TEST_F(platform, acpi_tables_are_the_kernels)
{
	unsigned int files, unknown = 0;

	files = look_up_tables(&self->p, ACPI, false, &unknown);
	EXPECT_LT(0, files);
	files += look_up_tables(&self->p, ACPI "/dynamic", true, &unknown);
	EXPECT_EQ(0, unknown);
	EXPECT_EQ(files, count_items(&self->p, CRD_PART_ACPI));
}

/* --- ESRT ------------------------------------------------------------------ */

static unsigned long esrt_value(const char *entry, const char *name)
{
	char path[512];
	uint8_t *text;
	unsigned long v;
	size_t len;

	snprintf(path, sizeof(path), ESRT "/%s/%s", entry, name);
	if (file_read(path, &text, &len))
		return ULONG_MAX;
	v = strtoul((char *)text, NULL, 0);
	free(text);
	return v;
}

/* A GUID's first three parts are little-endian numbers. */
static bool class_is(struct crd_buf item, const char *entry)
{
	static const uint8_t order[] = { 3, 2, 1,  0,  5,  4,  7,  6,
					 8, 9, 10, 11, 12, 13, 14, 15 };
	char path[512], want[33] = "";
	struct crd_buf guid;
	unsigned int i, n = 0;
	uint8_t *text;
	size_t len;

	snprintf(path, sizeof(path), ESRT "/%s/fw_class", entry);
	if (!crd_field_get(item, CRD_F_FW_CLASS, &guid) || guid.len != 16 ||
	    file_read(path, &text, &len))
		return false;
	for (i = 0; i < 16; i++)
		sprintf(want + 2 * i, "%02x", guid.ptr[order[i]]);
	for (i = 0; i < len && n < 32; i++) {
		if (text[i] != '-' && text[i] != want[n++])
			break;
	}
	free(text);
	return n == 32;
}

static bool item_is_resource(struct crd_buf item, const char *entry)
{
	static const struct {
		uint8_t field;
		const char *name;
	} values[] = {
		{ CRD_F_FW_TYPE, "fw_type" },
		{ CRD_F_FW_VERSION, "fw_version" },
		{ CRD_F_FW_LOWEST, "lowest_supported_fw_version" },
		{ CRD_F_FW_FLAGS, "capsule_flags" },
		{ CRD_F_FW_LAST_VERSION, "last_attempt_version" },
		{ CRD_F_FW_LAST_STATUS, "last_attempt_status" },
	};
	unsigned int i;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (field_u64(item, values[i].field) !=
		    esrt_value(entry, values[i].name))
			return false;
	}
	return class_is(item, entry);
}

TEST_F(platform, esrt_is_the_kernels)
{
	const char *why = getenv("CRD_NO_ESRT");
	const struct crd_buf *item = NULL;
	char entry[32], past[64], text[256];
	unsigned int n = 0;

	if (access(ESRT, F_OK)) {
		EXPECT_EQ(0, count_items(&self->p, CRD_PART_ESRT));
		EXPECT_TRUE(covered(&self->p, CRD_F_NOT_SEEN, "esrt: ", text,
				    sizeof(text)));
		EXPECT_NE(NULL, why);
		EXPECT_STREQ(why, text + strlen("esrt: "));
		return;
	}
	while ((item = next_item(&self->p, CRD_PART_ESRT, item))) {
		snprintf(entry, sizeof(entry), "entry%u", n++);
		EXPECT_TRUE(item_is_resource(*item, entry));
	}
	EXPECT_LT(0, n);
	snprintf(past, sizeof(past), ESRT "/entry%u", n);
	EXPECT_NE(0, access(past, F_OK));
	EXPECT_TRUE(
		covered(&self->p, CRD_F_SEEN, "esrt: ", text, sizeof(text)));
}

/* --- processors ------------------------------------------------------------ */

/* "name : value" at @at and after; the value's text up to the line's end. */
static bool cpuinfo_value(const char *at, const char *name, char *ret,
			  size_t size)
{
	const char *line = at, *colon;

	while (line && *line && *line != '\n') {
		size_t len = strlen(name);

		colon = strchr(line, ':');
		if (colon && !strncmp(line, name, len) &&
		    (line[len] == '\t' || line[len] == ' ')) {
			snprintf(ret, size, "%.*s",
				 (int)strcspn(colon + 2, "\n"), colon + 2);
			return true;
		}
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return false;
}

static bool item_is_processor(struct crd_buf item, const char *info)
{
	static const struct {
		uint8_t field;
		const char *name;
	} numbers[] = {
		{ CRD_F_CPU_FAMILY, "cpu family" },
		{ CRD_F_CPU_MODEL, "model" },
		{ CRD_F_CPU_STEPPING, "stepping" },
		{ CRD_F_MICROCODE, "microcode" },
	};
	char value[128];
	unsigned int i;

	if (!cpuinfo_value(info, "vendor_id", value, sizeof(value)) ||
	    !field_is_text(item, CRD_F_MANUFACTURER, value) ||
	    !cpuinfo_value(info, "model name", value, sizeof(value)) ||
	    !field_is_text(item, CRD_F_PRODUCT, value))
		return false;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (!cpuinfo_value(info, numbers[i].name, value,
				   sizeof(value)) ||
		    field_u64(item, numbers[i].field) !=
			    strtoull(value, NULL, 0))
			return false;
	}
	return true;
}

TEST_F(platform, processors_are_the_kernels)
{
	unsigned int processors = 0, counted = 0, unknown = 0;
	const struct crd_buf *item = NULL;
	char *info;
	size_t len;

	ASSERT_EQ(0, file_read("/proc/cpuinfo", (uint8_t **)&info, &len));
	for (char *at = info; at && *at; at = strstr(at, "\n\n")) {
		at += strspn(at, "\n");
		if (!*at)
			break;
		processors++;
		item = next_item(&self->p, CRD_PART_CPU, NULL);
		while (item && !item_is_processor(*item, at))
			item = next_item(&self->p, CRD_PART_CPU, item);
		unknown += !item;
	}
	item = NULL;
	while ((item = next_item(&self->p, CRD_PART_CPU, item)))
		counted += field_u64(*item, CRD_F_COUNT);
	EXPECT_LT(0, processors);
	EXPECT_EQ(0, unknown);
	EXPECT_EQ(processors, counted);
	free(info);
}

/* --- the TPM --------------------------------------------------------------- */

/* tpm2_getcap: the property's name, a colon, and "raw: 0x..." further on. */
static uint32_t tpm_property(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	at = at ? strstr(at, "raw: 0x") : NULL;
	return at ? strtoul(at + 5, NULL, 16) : 0xdead;
}

static void put_be32(uint8_t *to, uint32_t v)
{
	to[0] = v >> 24;
	to[1] = v >> 16;
	to[2] = v >> 8;
	to[3] = v;
}

TEST_F(platform, tpm_is_what_its_tools_say)
{
	const struct crd_buf *item = next_item(&self->p, CRD_PART_TPM, NULL);
	uint8_t raw[16], *file;
	unsigned int i;
	char name[40];
	char *text;
	size_t len;

	ASSERT_NE(NULL, item);
	EXPECT_EQ(1, count_items(&self->p, CRD_PART_TPM));
	ASSERT_EQ(0, file_read(TPM_PROPERTIES, &file, &len));
	text = (char *)file;
	put_be32(raw, tpm_property(text, "TPM2_PT_MANUFACTURER"));
	EXPECT_TRUE(padded_is(*item, CRD_F_MANUFACTURER, raw, 4));
	for (i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "TPM2_PT_VENDOR_STRING_%u", i + 1);
		put_be32(raw + 4 * i, tpm_property(text, name));
	}
	EXPECT_TRUE(padded_is(*item, CRD_F_PRODUCT, raw, 16));
	EXPECT_EQ((uint64_t)tpm_property(text, "TPM2_PT_FIRMWARE_VERSION_1")
				  << 32 |
			  tpm_property(text, "TPM2_PT_FIRMWARE_VERSION_2"),
		  field_u64(*item, CRD_F_TPM_FIRMWARE));
	EXPECT_EQ(tpm_property(text, "TPM2_PT_REVISION"),
		  field_u64(*item, CRD_F_TPM_REVISION));
	free(file);
}

/* Stock kernels are built without; nothing else may be claimed of them. */
TEST_F(platform, bus_encryption_is_not_claimed)
{
	const struct crd_buf *item = next_item(&self->p, CRD_PART_TPM, NULL);
	bool can = !access("/sys/class/tpm/tpm0/null_name", F_OK);

	ASSERT_NE(NULL, item);
	EXPECT_EQ(!can, field_u64(*item, CRD_F_BUS_ENCRYPTION) ==
				CRD_BUS_ENCRYPTION_ABSENT);
}

/* --- what is said to be seen, and not -------------------------------------- */

TEST_F(platform, coverage_names_each_part)
{
	static const char *const parts[] = { "smbios: ", "acpi: ", "esrt: ",
					     "cpu: ", "tpm: " };
	static const char *const blind[] = { "option-rom: ", "microcode: ",
					     "board-firmware: " };
	char text[256];
	unsigned int i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		EXPECT_TRUE(covered(&self->p, CRD_F_SEEN, parts[i], text,
				    sizeof(text)) ||
			    covered(&self->p, CRD_F_NOT_SEEN, parts[i], text,
				    sizeof(text)))
		{
			TH_LOG("nothing said of %s", parts[i]);
		}
	for (i = 0; i < sizeof(blind) / sizeof(blind[0]); i++)
		EXPECT_TRUE(covered(&self->p, CRD_F_NOT_SEEN, blind[i], text,
				    sizeof(text)))
		{
			TH_LOG("nothing said of %s", blind[i]);
		}
}

TEST_HARNESS_MAIN
