// SPDX-License-Identifier: Apache-2.0
/* Updatable firmware (ESRT), processors, the TPM. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "credence.h"
#include "host_private.h"

#define ESRT	    "sys/firmware/efi/esrt/entries"
#define TPMS	    "sys/class/tpm"
#define MAX_CPUINFO (16u << 20)
#define MAX_MODELS  16 /* of processors in one machine */

/*
 * "12345678-1234-...": as stored, the first three parts are little-endian (UEFI
 * 2.10, appendix A).
 */
static bool parse_guid(const char *text, uint8_t *guid)
{
	static const uint8_t order[] = { 3, 2, 1,  0,  5,  4,  7,  6,
					 8, 9, 10, 11, 12, 13, 14, 15 };
	char digits[3] = "";
	uint64_t byte;
	unsigned int i;

	for (i = 0; i < 16; i++) {
		memcpy(digits, text, strnlen(text, 2));
		if (strspn(text, "0123456789abcdefABCDEF") < 2 ||
		    !crd_sys_number(digits, 16, &byte))
			return false;
		guid[order[i]] = (uint8_t)byte;
		text += 2;
		if (i == 3 || i == 5 || i == 7 || i == 9) {
			if (*text++ != '-')
				return false;
		}
	}
	return !*text;
}

static bool add_entry(struct crd_host *h, int folder)
{
	static const struct {
		const char *file;
		int base;
		uint8_t type;
	} numbers[] = {
		{ "fw_type", 10, CRD_F_FW_TYPE },
		{ "fw_version", 10, CRD_F_FW_VERSION },
		{ "lowest_supported_fw_version", 10, CRD_F_FW_LOWEST },
		{ "capsule_flags", 16, CRD_F_FW_FLAGS },
		{ "last_attempt_version", 10, CRD_F_FW_LAST_VERSION },
		{ "last_attempt_status", 10, CRD_F_FW_LAST_STATUS },
	};
	char text[64];
	uint8_t guid[16];
	uint64_t value;
	size_t i;

	if (crd_sys_read(folder, "fw_class", text, sizeof(text)) < 0 ||
	    !parse_guid(text, guid))
		return false;
	crd_fields_begin(&h->fields, CRD_EV_PLATFORM);
	crd_fields_uint(&h->fields, CRD_F_PART, CRD_PART_ESRT, 1);
	crd_fields_bytes(&h->fields, CRD_F_FW_CLASS, guid, sizeof(guid));
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (crd_sys_read_number(folder, numbers[i].file,
					numbers[i].base, &value) &&
		    value <= UINT32_MAX)
			crd_fields_uint(&h->fields, numbers[i].type, value, 4);
	}
	crd_fields_end(&h->fields);
	return true;
}

int crd_host_esrt(struct crd_host *h)
{
	int all = crd_sys_folder(h->root, ESRT), one;
	struct crd_sys_names names = { 0 };
	int r = all < 0 ? all : crd_sys_list(all, &names);
	size_t i, unread = 0;

	for (i = 0; i < names.n; i++) {
		one = crd_sys_folder(all, names.name[i]);
		if (one < 0 || !add_entry(h, one))
			unread++;
		if (one >= 0)
			close(one);
	}
	if (unread)
		crd_host_not_seen(h, "esrt: %zu entries that cannot be read",
				  unread);
	crd_sys_names_done(&names);
	if (all >= 0)
		close(all);
	return r;
}

/* Processors that are alike in all of this. */
struct model {
	char vendor[64], name[128];
	uint64_t family, model, stepping, microcode, count;
};

struct models {
	struct model all[MAX_MODELS];
	size_t n;
	size_t left_out; /* processors */
};

static bool alike(const struct model *a, const struct model *b)
{
	return !strcmp(a->vendor, b->vendor) && !strcmp(a->name, b->name) &&
	       a->family == b->family && a->model == b->model &&
	       a->stepping == b->stepping && a->microcode == b->microcode;
}

/* One processor is complete; the next one's facts begin with none. */
static void count(struct models *m, struct model *one)
{
	size_t i;

	for (i = 0; i < m->n && !alike(&m->all[i], one); i++)
		;
	if (i == MAX_MODELS) {
		m->left_out++;
	} else {
		if (i == m->n)
			m->all[m->n++] = *one;
		m->all[i].count++;
	}
	memset(one, 0, sizeof(*one));
}

static void take_text(char *to, size_t size, const char *value, size_t len)
{
	snprintf(to, size, "%.*s", (int)(len < size ? len : size - 1), value);
}

/* "vendor_id\t: GenuineIntel" */
static void take_line(struct model *one, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len), *value;
	size_t key, left;

	if (!colon)
		return;
	for (key = (size_t)(colon - line); key && strchr("\t ", line[key - 1]);)
		key--;
	value = colon + 1 + (colon + 1 < line + len && colon[1] == ' ');
	left = (size_t)(line + len - value);
#define IS(name) (key == sizeof(name) - 1 && !memcmp(line, name, key))
	if (IS("vendor_id"))
		take_text(one->vendor, sizeof(one->vendor), value, left);
	else if (IS("model name"))
		take_text(one->name, sizeof(one->name), value, left);
	else if (IS("cpu family"))
		one->family = strtoul(value, NULL, 10);
	else if (IS("model"))
		one->model = strtoul(value, NULL, 10);
	else if (IS("stepping"))
		one->stepping = strtoul(value, NULL, 10);
	else if (IS("microcode"))
		one->microcode = strtoul(value, NULL, 16);
#undef IS
}

static void add_model(struct crd_host *h, const struct model *m)
{
	struct crd_fields *f = &h->fields;

	crd_fields_begin(f, CRD_EV_PLATFORM);
	crd_fields_uint(f, CRD_F_COUNT, m->count, 8);
	crd_fields_str(f, CRD_F_MANUFACTURER, m->vendor);
	crd_fields_str(f, CRD_F_PRODUCT, m->name);
	crd_fields_uint(f, CRD_F_PART, CRD_PART_CPU, 1);
	crd_fields_uint(f, CRD_F_CPU_FAMILY, m->family, 4);
	crd_fields_uint(f, CRD_F_CPU_MODEL, m->model, 4);
	crd_fields_uint(f, CRD_F_CPU_STEPPING, m->stepping, 4);
	crd_fields_uint(f, CRD_F_MICROCODE, m->microcode, 4);
	crd_fields_end(f);
}

static void read_processors(const char *text, struct models *m)
{
	struct model one = { 0 };
	bool some = false;
	size_t len;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (!strncmp(text, "processor", 9) && some)
			count(m, &one);
		some |= !strncmp(text, "processor", 9);
		take_line(&one, text, len);
	}
	if (some)
		count(m, &one);
}

int crd_host_cpu(struct crd_host *h)
{
	struct models models = { .n = 0 };
	uint8_t *bytes = NULL;
	size_t i, len;
	int r = crd_sys_slurp(h->root, "proc/cpuinfo", MAX_CPUINFO, &bytes,
			      &len);

	if (r < 0)
		return r;
	read_processors((char *)bytes, &models);
	for (i = 0; i < models.n; i++)
		add_model(h, &models.all[i]);
	if (models.left_out)
		crd_host_not_seen(h, "cpu: %zu processors beyond %d models",
				  models.left_out, MAX_MODELS);
	free(bytes);
	return models.n ? 0 : -EBADMSG;
}

/*
 * Its maker and firmware are for the TPM to tell, which is not asked here. A
 * kernel that encrypts has a name for its null key.
 */
int crd_host_tpm(struct crd_host *h)
{
	int all = crd_sys_folder(h->root, TPMS), null_name;
	struct crd_sys_names names = { 0 };
	int r = all < 0 ? all : crd_sys_list(all, &names);
	char path[CRD_SYS_NAME + 16];
	size_t i;

	for (i = 0; i < names.n; i++) {
		snprintf(path, sizeof(path), "%s/null_name", names.name[i]);
		null_name = crd_sys_open(all, path);
		crd_fields_begin(&h->fields, CRD_EV_PLATFORM);
		crd_fields_str(&h->fields, CRD_F_NAME, names.name[i]);
		crd_fields_uint(&h->fields, CRD_F_PART, CRD_PART_TPM, 1);
		if (null_name >= 0)
			crd_fields_uint(&h->fields, CRD_F_BUS_ENCRYPTION,
					CRD_BUS_ENCRYPTION_ON, 1);
		crd_fields_end(&h->fields);
		if (null_name >= 0)
			close(null_name);
	}
	if (!r && !names.n)
		r = -ENOENT;
	if (!r)
		crd_host_not_seen(h, "tpm: its maker, model and firmware");
	crd_sys_names_done(&names);
	if (all >= 0)
		close(all);
	return r;
}
