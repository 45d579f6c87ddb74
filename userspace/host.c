// SPDX-License-Identifier: Apache-2.0
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "credence.h"
#include "host_private.h"
#include "io.h"

static const struct source {
	const char *word;
	int (*read)(struct crd_host *h);
	const char *seen;
	const char *without; /* what is missed if it cannot be read */
} sources[] = {
	{ "pci", crd_host_pci, "devices that sysfs lists, with ids and driver",
	  "PCI devices" },
	{ "usb", crd_host_usb, "devices and interfaces that sysfs lists",
	  "USB devices" },
	{ "smbios", crd_host_smbios, "the table in memory now",
	  "board, case, memory modules" },
	{ "acpi", crd_host_acpi, "the tables that sysfs lists", "ACPI tables" },
	{ "esrt", crd_host_esrt, "firmware that can be updated by capsule",
	  "firmware versions" },
	{ "cpu", crd_host_cpu, "processors, as /proc/cpuinfo has them",
	  "processors and their microcode" },
	{ "tpm", crd_host_tpm, "that there is one", "the TPM" },
	{ "modules", crd_host_modules, "those that are loaded now",
	  "loaded drivers" },
};

#define N_SOURCES (sizeof(sources) / sizeof(sources[0]))

static void cover(struct crd_host_cover *c, const char *format, va_list ap)
{
	if (c->n < CRD_HOST_COVER)
		vsnprintf(c->line[c->n++], CRD_HOST_LINE, format, ap);
}

void crd_host_seen(struct crd_host *h, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	cover(&h->seen, format, ap);
	va_end(ap);
}

void crd_host_not_seen(struct crd_host *h, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	cover(&h->not_seen, format, ap);
	va_end(ap);
}

void crd_host_free(struct crd_host **host)
{
	if (!*host)
		return;
	crd_inventory_done(&(*host)->inventory);
	crd_fields_done(&(*host)->fields);
	if ((*host)->root >= 0)
		close((*host)->root);
	free(*host);
	*host = NULL;
}

const struct crd_inventory *crd_host_inventory(const struct crd_host *host)
{
	return &host->inventory;
}

/* What no reading after the fact can tell. */
static void lost(struct crd_host *h)
{
	crd_host_not_seen(h,
			  "past: what came and went, or was tried and failed");
	crd_host_not_seen(h, "firmware: images that were handed to devices");
	crd_host_not_seen(h, "digests: what the loaded drivers' bytes were");
	crd_host_not_seen(
		h, "built-in: drivers in the kernel, unless bound to a device");
	crd_host_not_seen(h, "serials: PCIe device serial numbers");
}

static void put_coverage(struct crd_host *h)
{
	size_t i;

	crd_fields_begin(&h->fields, CRD_EV_COVERAGE);
	for (i = 0; i < h->seen.n; i++)
		crd_fields_str(&h->fields, CRD_F_SEEN, h->seen.line[i]);
	for (i = 0; i < h->not_seen.n; i++)
		crd_fields_str(&h->fields, CRD_F_NOT_SEEN, h->not_seen.line[i]);
	crd_fields_end(&h->fields);
}

/* No memory ends it; anything else is one source less. */
static int read_sources(struct crd_host *h, struct crd_error *err)
{
	const struct source *s;
	int r;

	for (s = sources; s < sources + N_SOURCES; s++) {
		r = s->read(h);
		if (r == 0)
			crd_host_seen(h, "%s: %s", s->word, s->seen);
		else if (r == -ENOMEM)
			return crd_io_err(err, r, "out of memory");
		else if (r == -ENOENT)
			crd_host_not_seen(h, "%s: %s; the kernel shows none",
					  s->word, s->without);
		else
			crd_host_not_seen(h, "%s: %s; %s", s->word, s->without,
					  strerror(-r));
	}
	if (!h->seen.n)
		return crd_io_err(
			err, -ENOENT,
			"there is neither a measurer's log nor /sys or /proc/modules to read");
	return 0;
}

static int finish(struct crd_host *h, struct crd_error *err)
{
	struct crd_buf bytes;
	int r;

	lost(h);
	put_coverage(h);
	bytes = (struct crd_buf){ h->fields.bytes, h->fields.len };
	r = h->fields.error;
	if (!r)
		r = crd_inventory_from_said(bytes, h->fields.items, h->fields.n,
					    &h->inventory);
	if (r)
		crd_io_err(err, r, "what the machine says of itself: %s",
			   strerror(-r));
	return r;
}

int crd_host_read(const char *root, struct crd_host **ret_host,
		  struct crd_error *err)
{
	struct crd_host *h = calloc(1, sizeof(*h));
	int r;

	if (!h)
		return crd_io_err(err, -ENOMEM, "out of memory");
	h->root = crd_sys_folder(AT_FDCWD, root ? root : "/");
	r = h->root < 0 ? crd_io_err(err, h->root, "cannot open %s: %s",
				     root ? root : "/", strerror(-h->root)) :
			  read_sources(h, err);
	if (r == 0)
		r = finish(h, err);
	if (r == 0) {
		*ret_host = h;
		h = NULL;
	}
	crd_host_free(&h);
	return r;
}
