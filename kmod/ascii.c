// SPDX-License-Identifier: GPL-2.0-only
/*
 * log_ascii: "recnum pcr bank:hex[,bank:hex] event key=value ...". Text is
 * quoted as far as it is needed: a blank and a quotation mark become \x20 and
 * \x22, as everything else that is not plain has become in the log already.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/mm.h>
#include <linux/unaligned.h>
#include "ascii.h"
#include "credence.h"
#include "digest.h"

enum crd_ascii_kind {
	CRD_ASCII_UINT,
	CRD_ASCII_INT,		/* u32, two's complement */
	CRD_ASCII_HEX,
	CRD_ASCII_TEXT,
	CRD_ASCII_HASH,
	CRD_ASCII_SIZE,		/* too long to show: how many bytes */
	CRD_ASCII_ITEM,
};

static const struct crd_ascii_field {
	const char *name;
	enum crd_ascii_kind kind;
} crd_ascii_fields[] = {
	[CRD_F_TRUNCATED] = { "truncated", CRD_ASCII_HEX },
	[CRD_F_TIME] = { "time", CRD_ASCII_UINT },
	[CRD_F_NAME] = { "name", CRD_ASCII_TEXT },
	[CRD_F_PATH] = { "path", CRD_ASCII_TEXT },
	[CRD_F_ORIGIN] = { "origin", CRD_ASCII_UINT },
	[CRD_F_SIZE] = { "size", CRD_ASCII_UINT },
	[CRD_F_DIGEST] = { "digest", CRD_ASCII_HASH },
	[CRD_F_PAYLOAD_DIGEST] = { "payload_digest", CRD_ASCII_HASH },
	[CRD_F_SIGNATURE] = { "signature_bytes", CRD_ASCII_SIZE },
	[CRD_F_SIG_STATUS] = { "sig_status", CRD_ASCII_UINT },
	[CRD_F_AUTHOR] = { "author", CRD_ASCII_TEXT },
	[CRD_F_LICENSE] = { "license", CRD_ASCII_TEXT },
	[CRD_F_VERSION] = { "version", CRD_ASCII_TEXT },
	[CRD_F_SRCVERSION] = { "srcversion", CRD_ASCII_TEXT },
	[CRD_F_VERMAGIC] = { "vermagic", CRD_ASCII_TEXT },
	[CRD_F_INTREE] = { "intree", CRD_ASCII_UINT },
	[CRD_F_FIRMWARE] = { "firmware", CRD_ASCII_TEXT },
	[CRD_F_DESCRIPTION] = { "description", CRD_ASCII_TEXT },
	[CRD_F_ALIAS_VENDOR] = { "alias_vendor", CRD_ASCII_TEXT },
	[CRD_F_TAINTS] = { "taints", CRD_ASCII_UINT },
	[CRD_F_LOAD_FLAGS] = { "load_flags", CRD_ASCII_UINT },
	[CRD_F_BUILD_ID] = { "build_id", CRD_ASCII_HEX },
	[CRD_F_PID] = { "pid", CRD_ASCII_UINT },
	[CRD_F_UID] = { "uid", CRD_ASCII_UINT },
	[CRD_F_COMM] = { "comm", CRD_ASCII_TEXT },
	[CRD_F_FILE_DIGEST] = { "file_digest", CRD_ASCII_HASH },
	[CRD_F_REF] = { "ref", CRD_ASCII_UINT },
	[CRD_F_RESULT] = { "result", CRD_ASCII_INT },
	[CRD_F_REASON] = { "reason", CRD_ASCII_TEXT },
	[CRD_F_COUNT] = { "count", CRD_ASCII_UINT },
	[CRD_F_DEVICE] = { "device", CRD_ASCII_TEXT },
	[CRD_F_DRIVER] = { "driver", CRD_ASCII_TEXT },
	[CRD_F_BUS] = { "bus", CRD_ASCII_TEXT },
	[CRD_F_MODULE] = { "module", CRD_ASCII_TEXT },
	[CRD_F_ITEM] = { "item", CRD_ASCII_ITEM },
	[CRD_F_PARENT] = { "parent", CRD_ASCII_TEXT },
	[CRD_F_PORT] = { "port", CRD_ASCII_TEXT },
	[CRD_F_VENDOR_ID] = { "vendor_id", CRD_ASCII_HEX },
	[CRD_F_DEVICE_ID] = { "device_id", CRD_ASCII_HEX },
	[CRD_F_SUBVENDOR_ID] = { "subvendor_id", CRD_ASCII_HEX },
	[CRD_F_SUBDEVICE_ID] = { "subdevice_id", CRD_ASCII_HEX },
	[CRD_F_CLASS] = { "class", CRD_ASCII_HEX },
	[CRD_F_REVISION] = { "revision", CRD_ASCII_HEX },
	[CRD_F_MANUFACTURER] = { "manufacturer", CRD_ASCII_TEXT },
	[CRD_F_PRODUCT] = { "product", CRD_ASCII_TEXT },
	[CRD_F_SERIAL] = { "serial", CRD_ASCII_TEXT },
	[CRD_F_DSN] = { "dsn", CRD_ASCII_HEX },
	[CRD_F_DEVICE_FLAGS] = { "device_flags", CRD_ASCII_UINT },
	[CRD_F_INTERFACE] = { "interface", CRD_ASCII_UINT },
	[CRD_F_REF_ITEM] = { "ref_item", CRD_ASCII_UINT },
	[CRD_F_PCR_FOUND] = { "pcr_found", CRD_ASCII_HASH },
	[CRD_F_RESET_COUNT] = { "reset_count", CRD_ASCII_UINT },
	[CRD_F_RESTART_COUNT] = { "restart_count", CRD_ASCII_UINT },
	[CRD_F_CLOCK] = { "clock", CRD_ASCII_UINT },
	[CRD_F_CLOCK_SAFE] = { "clock_safe", CRD_ASCII_UINT },
	[CRD_F_BOOT_ID] = { "boot_id", CRD_ASCII_HEX },
	[CRD_F_INSTANCE] = { "instance", CRD_ASCII_HEX },
	[CRD_F_KERNEL_RELEASE] = { "kernel_release", CRD_ASCII_TEXT },
	[CRD_F_KERNEL_VERSION] = { "kernel_version", CRD_ASCII_TEXT },
	[CRD_F_MACHINE] = { "machine", CRD_ASCII_TEXT },
	[CRD_F_LOCKDOWN] = { "lockdown", CRD_ASCII_UINT },
	[CRD_F_SECURE_BOOT] = { "secure_boot", CRD_ASCII_UINT },
	[CRD_F_KERNEL_TAINT] = { "kernel_taint", CRD_ASCII_UINT },
	[CRD_F_BANK] = { "bank", CRD_ASCII_HEX },
	[CRD_F_PARAM] = { "param", CRD_ASCII_TEXT },
	[CRD_F_HOOK] = { "hook", CRD_ASCII_TEXT },
	[CRD_F_MEASURER_VERSION] = { "measurer_version", CRD_ASCII_TEXT },
	[CRD_F_OFFSET] = { "offset", CRD_ASCII_UINT },
	[CRD_F_PART] = { "part", CRD_ASCII_UINT },
	[CRD_F_SMBIOS_TYPE] = { "smbios_type", CRD_ASCII_UINT },
	[CRD_F_HANDLE] = { "handle", CRD_ASCII_UINT },
	[CRD_F_DATA] = { "data", CRD_ASCII_HEX },
	[CRD_F_STRING] = { "string", CRD_ASCII_TEXT },
	[CRD_F_OEM_ID] = { "oem_id", CRD_ASCII_TEXT },
	[CRD_F_OEM_TABLE_ID] = { "oem_table_id", CRD_ASCII_TEXT },
	[CRD_F_OEM_REVISION] = { "oem_revision", CRD_ASCII_UINT },
	[CRD_F_CREATOR_ID] = { "creator_id", CRD_ASCII_TEXT },
	[CRD_F_CREATOR_REVISION] = { "creator_revision", CRD_ASCII_UINT },
	[CRD_F_DYNAMIC] = { "dynamic", CRD_ASCII_UINT },
	[CRD_F_FW_CLASS] = { "fw_class", CRD_ASCII_HEX },
	[CRD_F_FW_TYPE] = { "fw_type", CRD_ASCII_UINT },
	[CRD_F_FW_VERSION] = { "fw_version", CRD_ASCII_UINT },
	[CRD_F_FW_LOWEST] = { "fw_lowest", CRD_ASCII_UINT },
	[CRD_F_FW_FLAGS] = { "fw_flags", CRD_ASCII_UINT },
	[CRD_F_FW_LAST_VERSION] = { "fw_last_version", CRD_ASCII_UINT },
	[CRD_F_FW_LAST_STATUS] = { "fw_last_status", CRD_ASCII_UINT },
	[CRD_F_CPU_FAMILY] = { "cpu_family", CRD_ASCII_UINT },
	[CRD_F_CPU_MODEL] = { "cpu_model", CRD_ASCII_UINT },
	[CRD_F_CPU_STEPPING] = { "cpu_stepping", CRD_ASCII_UINT },
	[CRD_F_MICROCODE] = { "microcode", CRD_ASCII_HEX },
	[CRD_F_TPM_FIRMWARE] = { "tpm_firmware", CRD_ASCII_HEX },
	[CRD_F_TPM_REVISION] = { "tpm_revision", CRD_ASCII_UINT },
	[CRD_F_BUS_ENCRYPTION] = { "bus_encryption", CRD_ASCII_UINT },
	[CRD_F_SEEN] = { "seen", CRD_ASCII_TEXT },
	[CRD_F_NOT_SEEN] = { "not_seen", CRD_ASCII_TEXT },
	[CRD_F_POWER] = { "power", CRD_ASCII_UINT },
	[CRD_F_ACTIVITY] = { "activity", CRD_ASCII_UINT },
	[CRD_F_DEFERRED] = { "deferred", CRD_ASCII_UINT },
};

static const char *const crd_ascii_events[] = {
	[CRD_EV_ANCHOR] = "anchor",
	[CRD_EV_SNAPSHOT] = "snapshot",
	[CRD_EV_MODULE] = "module",
	[CRD_EV_MODULE_RESULT] = "module-result",
	[CRD_EV_FIRMWARE] = "firmware",
	[CRD_EV_FAULT] = "fault",
	[CRD_EV_LOG_FULL] = "log-full",
	[CRD_EV_HOOK_LOST] = "hook-lost",
	[CRD_EV_UNLOAD] = "unload",
	[CRD_EV_BATCH] = "batch",
	[CRD_EV_DEVICE] = "device",
	[CRD_EV_DEVICE_GONE] = "device-gone",
	[CRD_EV_BIND] = "bind",
	[CRD_EV_UNBIND] = "unbind",
	[CRD_EV_PLATFORM] = "platform",
	[CRD_EV_COVERAGE] = "coverage",
	[CRD_EV_ACTIVITY] = "activity",
	[CRD_EV_POWER] = "power",
};

/* Our own bytes, yet walked with a bound: one TLV of what is left. */
struct crd_tlv {
	u8 type;
	const u8 *value;
	size_t len;
};

static bool crd_tlv_next(const u8 **p, size_t *left, struct crd_tlv *ret)
{
	if (*left < CRD_TLV_HEADER)
		return false;
	ret->type = **p;
	ret->len = get_unaligned_be32(*p + 1);
	ret->value = *p + CRD_TLV_HEADER;
	if (ret->len > *left - CRD_TLV_HEADER)
		return false;
	*p += CRD_TLV_HEADER + ret->len;
	*left -= CRD_TLV_HEADER + ret->len;
	return true;
}

static u64 crd_ascii_uint(const struct crd_tlv *tlv)
{
	u64 value = 0;
	size_t i;

	for (i = 0; i < tlv->len && i < 8; i++)
		value = value << 8 | tlv->value[i];
	return value;
}

static void crd_ascii_text(struct seq_file *m, const struct crd_tlv *tlv)
{
	size_t i;

	for (i = 0; i < tlv->len; i++) {
		if (tlv->value[i] == ' ' || tlv->value[i] == '"')
			seq_printf(m, "\\x%02x", tlv->value[i]);
		else
			seq_putc(m, tlv->value[i]);
	}
}

static void crd_ascii_hex(struct seq_file *m, const u8 *data, size_t len)
{
	while (len--)
		seq_printf(m, "%02x", *data++);
}

static void crd_ascii_hash(struct seq_file *m, u16 alg, const u8 *digest,
			   size_t len)
{
	const char *name = crd_digest_name(alg);

	if (name)
		seq_printf(m, "%s:", name);
	else
		seq_printf(m, "%#x:", alg);
	crd_ascii_hex(m, digest, len);
}

static void crd_ascii_value(struct seq_file *m, enum crd_ascii_kind kind,
			    const struct crd_tlv *tlv)
{
	switch (kind) {
	case CRD_ASCII_UINT:
		seq_printf(m, "%llu", crd_ascii_uint(tlv));
		break;
	case CRD_ASCII_INT:
		seq_printf(m, "%d", (int)crd_ascii_uint(tlv));
		break;
	case CRD_ASCII_TEXT:
		crd_ascii_text(m, tlv);
		break;
	case CRD_ASCII_HASH:
		if (tlv->len)
			crd_ascii_hash(m, tlv->value[0], tlv->value + 1,
				       tlv->len - 1);
		break;
	case CRD_ASCII_SIZE:
		seq_printf(m, "%zu", tlv->len);
		break;
	default:
		crd_ascii_hex(m, tlv->value, tlv->len);
		break;
	}
}

static const struct crd_ascii_field *crd_ascii_known(u8 type)
{
	if (type >= ARRAY_SIZE(crd_ascii_fields) ||
	    !crd_ascii_fields[type].name)
		return NULL;
	return &crd_ascii_fields[type];
}

static void crd_ascii_list(struct seq_file *m, const u8 *p, size_t left,
			   char separator)
{
	const struct crd_ascii_field *field;
	struct crd_tlv tlv;

	while (crd_tlv_next(&p, &left, &tlv)) {
		field = crd_ascii_known(tlv.type);
		if (!field || field->kind == CRD_ASCII_ITEM)
			continue;
		seq_printf(m, "%c%s=", separator, field->name);
		crd_ascii_value(m, field->kind, &tlv);
	}
}

/* The event's name, of a record's content or of an item. */
static const char *crd_ascii_event(const u8 *p, size_t left)
{
	struct crd_tlv tlv;
	u64 type = 0;

	while (crd_tlv_next(&p, &left, &tlv)) {
		if (tlv.type != CRD_F_EVENT)
			continue;
		type = crd_ascii_uint(&tlv);
		break;
	}
	return type < ARRAY_SIZE(crd_ascii_events) && crd_ascii_events[type] ?
	       crd_ascii_events[type] : "unknown";
}

/* An item's fields, one level down: item={module,name=...,origin=...}. */
static void crd_ascii_items(struct seq_file *m, const u8 *p, size_t left)
{
	struct crd_tlv tlv;

	while (crd_tlv_next(&p, &left, &tlv)) {
		if (tlv.type != CRD_F_ITEM)
			continue;
		seq_printf(m, " item={%s", crd_ascii_event(tlv.value, tlv.len));
		crd_ascii_list(m, tlv.value, tlv.len, ',');
		seq_putc(m, '}');
	}
}

static void crd_ascii_digests(struct seq_file *m, const u8 *p, size_t left)
{
	struct crd_tlv tlv;
	const char *sep = "";

	while (crd_tlv_next(&p, &left, &tlv)) {
		seq_puts(m, sep);
		crd_ascii_hash(m, tlv.type, tlv.value, tlv.len);
		sep = ",";
	}
}

static void crd_ascii_record(struct seq_file *m, const u8 *p, size_t left)
{
	struct crd_tlv recnum, pcr, digests, content;

	if (!crd_tlv_next(&p, &left, &recnum) ||
	    !crd_tlv_next(&p, &left, &pcr) ||
	    !crd_tlv_next(&p, &left, &digests) ||
	    !crd_tlv_next(&p, &left, &content))
		return;
	seq_printf(m, "%llu %llu ", crd_ascii_uint(&recnum),
		   crd_ascii_uint(&pcr));
	crd_ascii_digests(m, digests.value, digests.len);
	seq_printf(m, " %s", crd_ascii_event(content.value, content.len));
	crd_ascii_list(m, content.value, content.len, ' ');
	crd_ascii_items(m, content.value, content.len);
	seq_putc(m, '\n');
}

/* Offset of the record after the one at @offset, 0 if it is not there. */
u64 crd_ascii_next(const struct crd_store *st, u64 offset)
{
	u8 head[CRD_TLV_HEADER];
	u8 type;

	do {
		if (crd_store_copy(st, offset, head, sizeof(head)))
			return 0;
		type = head[0];
		offset += sizeof(head) + get_unaligned_be32(head + 1);
	} while (type != CRD_CEL_CONTENT);
	return offset;
}

int crd_ascii_show(struct seq_file *m, const struct crd_store *st, u64 offset)
{
	u64 next = crd_ascii_next(st, offset);
	u8 *buf;

	if (!next)
		return 0;
	buf = kvmalloc(next - offset, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	if (!crd_store_copy(st, offset, buf, next - offset))
		crd_ascii_record(m, buf, next - offset);
	kvfree(buf);
	return 0;
}
