// SPDX-License-Identifier: GPL-2.0-only
/*
 * ACPI tables: the firmware's, those that the initramfs put in their place,
 * and those that came at run time. The kernel has mapped each by the length
 * in its header; everything else in it is whoever's who made it.
 */
#include <crypto/sha2.h>
#include <linux/acpi.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "hook.h"
#include "measure.h"
#include "platform.h"
#include "source.h"

#define CRD_ACPI_MAX_TABLES	512
#define CRD_ACPI_MAX_SIZE	(16 * 1024 * 1024)	/* to be digested */

/* What the coverage record tells of them. */
static struct {
	unsigned int tables;
	unsigned int dynamic;
	unsigned int unread;	/* the kernel could not map them */
	bool more;
} crd_acpi;

#ifdef CONFIG_ACPI

/*
 * The FACS is the firmware's and the kernel's common working memory: its lock
 * and its waking vector change, and it has none of the usual header but the
 * first two fields.
 */
static bool crd_acpi_has_header(const struct acpi_table_header *th)
{
	return th->length >= sizeof(*th) &&
	       !ACPI_COMPARE_NAMESEG(th->signature, ACPI_SIG_FACS);
}

static void crd_acpi_digest(struct crd_event *ev,
			    const struct acpi_table_header *th)
{
	u8 sha256[SHA256_DIGEST_SIZE];
	int rc;

	if (th->length > CRD_ACPI_MAX_SIZE) {
		crd_event_cut(ev, CRD_F_DIGEST);
		return;
	}
	rc = crd_measure_image((const u8 *)th, th->length, th->length, sha256,
			       sha256);
	if (rc)
		ev->err = rc;
	crd_source_digest(ev, CRD_F_DIGEST, sha256);
}

static void crd_acpi_fields(struct crd_event *ev,
			    const struct acpi_table_header *th, bool dynamic)
{
	bool header = crd_acpi_has_header(th);

	crd_event_text(ev, CRD_F_NAME, th->signature, sizeof(th->signature),
		       CRD_MAX_TEXT);
	crd_event_uint(ev, CRD_F_SIZE, th->length, 8);
	if (header) {
		crd_acpi_digest(ev, th);
		crd_event_uint(ev, CRD_F_REVISION, th->revision, 2);
	}
	crd_event_uint(ev, CRD_F_PART, CRD_PART_ACPI, 1);
	if (header) {
		crd_platform_padded(ev, CRD_F_OEM_ID, th->oem_id,
				    sizeof(th->oem_id));
		crd_platform_padded(ev, CRD_F_OEM_TABLE_ID, th->oem_table_id,
				    sizeof(th->oem_table_id));
		crd_event_uint(ev, CRD_F_OEM_REVISION, th->oem_revision, 4);
		crd_platform_padded(ev, CRD_F_CREATOR_ID,
				    th->asl_compiler_id,
				    sizeof(th->asl_compiler_id));
		crd_event_uint(ev, CRD_F_CREATOR_REVISION,
			       th->asl_compiler_revision, 4);
	}
	if (dynamic)
		crd_event_uint(ev, CRD_F_DYNAMIC, 1, 1);
}

/* Which one of its signature a table is, from 1, as the kernel counts them. */
static unsigned int crd_acpi_instance(const struct acpi_table_header *th,
				      u32 index)
{
	struct acpi_table_header *other;
	unsigned int n = 1;
	u32 i;

	for (i = 0; i < index; i++) {
		if (ACPI_FAILURE(acpi_get_table_by_index(i, &other)))
			continue;
		if (ACPI_COMPARE_NAMESEG(other->signature, th->signature))
			n++;
		acpi_put_table(other);
	}
	return n;
}

/*
 * The kernel has a node for each table, those that came after the firmware's
 * in a folder of their own. Numbers are put behind the name where there is,
 * or was when it came, more than one.
 */
static bool crd_acpi_is_dynamic(const struct acpi_table_header *th, u32 index)
{
	unsigned int instance = crd_acpi_instance(th, index);
	char name[ACPI_NAMESEG_SIZE + 4];
	const char *const path[] = { "acpi", "tables", "dynamic", name };

	snprintf(name, sizeof(name), "%.4s%u", th->signature, instance);
	if (crd_platform_node(path, ARRAY_SIZE(path)))
		return true;
	name[strnlen(th->signature, ACPI_NAMESEG_SIZE)] = '\0';
	return instance == 1 && crd_platform_node(path, ARRAY_SIZE(path));
}

static int crd_acpi_add(struct crd_snapshot *snap,
			const struct acpi_table_header *th, u32 index)
{
	bool dynamic = crd_acpi_is_dynamic(th, index);
	struct crd_event item;

	crd_event_init(&item, CRD_EV_PLATFORM);
	crd_acpi_fields(&item, th, dynamic);
	crd_acpi.tables++;
	crd_acpi.dynamic += dynamic;
	return crd_platform_add(snap, &item);
}

int crd_acpi_snapshot(struct crd_snapshot *snap)
{
	struct acpi_table_header *th;
	acpi_status status;
	int rc = 0;
	u32 i;

	memset(&crd_acpi, 0, sizeof(crd_acpi));
	for (i = 0; !rc && !acpi_disabled; i++) {
		status = acpi_get_table_by_index(i, &th);
		if (status == AE_BAD_PARAMETER)
			break;
		if (ACPI_FAILURE(status)) {
			crd_acpi.unread++;
			continue;
		}
		if (crd_acpi.tables < CRD_ACPI_MAX_TABLES)
			rc = crd_acpi_add(snap, th, i);
		else
			crd_acpi.more = true;
		acpi_put_table(th);
	}
	return rc;
}

static void crd_acpi_late(const struct acpi_table_header *th)
{
	struct crd_event ev;

	crd_event_init(&ev, CRD_EV_PLATFORM);
	crd_acpi_fields(&ev, th, true);
	crd_measure(&ev, NULL);
	crd_event_free(&ev);
}

static acpi_status crd_acpi_table_event(u32 event, void *table, void *context);

static struct crd_hook crd_acpi_hook = {
	.name = "acpi_bus_table_handler",
	.ours = crd_acpi_table_event,
	.optional = true,
};

/*
 * ACPICA has room for one handler of tables that come, and the kernel has
 * taken it: ours runs in front of that. The table is checked and in the list,
 * but nothing of it has been interpreted. Nobody asks whether it may be.
 */
static acpi_status crd_acpi_table_event(u32 event, void *table, void *context)
{
	acpi_table_handler handler = crd_acpi_hook.target;
	acpi_status status;

	crd_hook_enter();
	if (event == ACPI_TABLE_EVENT_INSTALL)
		crd_acpi_late(table);
	status = handler(event, table, context);
	crd_hook_leave();
	return status;
}

void crd_acpi_start(void)
{
	crd_hook_want(&crd_acpi_hook);
}

static bool crd_acpi_hooked(void)
{
	return crd_acpi_hook.on;
}

#else /* !CONFIG_ACPI */

void crd_acpi_start(void)
{
}

static bool crd_acpi_hooked(void)
{
	return true;
}

int crd_acpi_snapshot(struct crd_snapshot *snap)
{
	return 0;
}

#endif /* CONFIG_ACPI */

static void crd_acpi_not_seen(struct crd_event *ev, u8 field)
{
	if (!crd_acpi.tables)
		crd_platform_say(ev, field, "acpi: there are no tables");
	if (!crd_acpi_hooked())
		crd_platform_say(ev, field, "acpi: tables that are loaded from now on");
	if (crd_acpi.unread)
		crd_platform_say(ev, field, "acpi: %u tables that the kernel cannot map",
				 crd_acpi.unread);
	if (crd_acpi.more)
		crd_platform_say(ev, field, "acpi: tables beyond the first %u",
				 CRD_ACPI_MAX_TABLES);
}

void crd_acpi_cover(struct crd_event *ev, u8 field)
{
	if (field == CRD_F_NOT_SEEN)
		crd_acpi_not_seen(ev, field);
	else if (crd_acpi.tables)
		crd_platform_say(ev, field, "acpi: %u tables, %u of them loaded at run time%s",
				 crd_acpi.tables, crd_acpi.dynamic,
				 crd_acpi_hooked() ? "; and each that will be" :
						     "");
}
