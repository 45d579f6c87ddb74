// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads an ACPI table at run time, as the firmware's own code may: for each
 * number written to its parameter, an SSDT with that OEM revision, which
 * defines nothing but one name, \TSTn.
 */
#include <linux/acpi.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

struct crd_load_table {
	struct acpi_table_header header;
	u8 aml[6];
} __packed;

static void crd_load_table_fill(struct crd_load_table *t, u32 number)
{
	u8 *p = (u8 *)t;
	u8 sum = 0;
	size_t i;

	memcpy(t->header.signature, ACPI_SIG_SSDT, ACPI_NAMESEG_SIZE);
	t->header.length = sizeof(*t);
	t->header.revision = 2;
	memcpy(t->header.oem_id, "LATE\"\n", ACPI_OEM_ID_SIZE);
	memcpy(t->header.oem_table_id, "RUN TIME", ACPI_OEM_TABLE_ID_SIZE);
	t->header.oem_revision = number;
	memcpy(t->header.asl_compiler_id, "CRDN", ACPI_NAMESEG_SIZE);
	/* Name (\TSTn, One) */
	memcpy(t->aml, "\x08TSTA\x01", sizeof(t->aml));
	t->aml[4] += number % 26;
	for (i = 0; i < sizeof(*t); i++)
		sum += p[i];
	t->header.checksum = -sum;
}

/* The kernel keeps the table: it is never freed, and we never leave. */
static int crd_load_table_set(const char *value, const struct kernel_param *kp)
{
	struct crd_load_table *t;
	u32 number, index;
	int rc;

	rc = kstrtou32(value, 0, &number);
	if (rc)
		return rc;
	t = kzalloc(sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	crd_load_table_fill(t, number);
	return ACPI_FAILURE(acpi_load_table(&t->header, &index)) ? -EIO : 0;
}

static const struct kernel_param_ops crd_load_table_ops = {
	.set = crd_load_table_set,
};
module_param_cb(load, &crd_load_table_ops, NULL, 0200);

static int __init crd_load_table_init(void)
{
	return 0;
}

module_init(crd_load_table_init);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The Credence authors");
MODULE_DESCRIPTION("Test: loads ACPI tables at run time");
