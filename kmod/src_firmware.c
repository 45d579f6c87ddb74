// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware: an image that was read from a file, or pushed by user space
 * through the fallback interface, on its way to a driver. Built-in and cached
 * images are not read again and are not seen here.
 */
#include <crypto/sha2.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/utsname.h>
#include "hook.h"
#include "measure.h"
#include "source.h"

#define CRD_FIRMWARE_DIR	"/firmware/"

static const char *crd_firmware_skip(const char *name, const char *dir)
{
	size_t len = strlen(dir);

	return strncmp(name, dir, len) || name[len] != '/' ? name :
							     name + len + 1;
}

/*
 * The name that the driver asked for, as far as the path tells: what follows
 * /lib/firmware, [updates], [release]; elsewhere the last component.
 */
static const char *crd_firmware_name(const char *path)
{
	const char *name = strstr(path, CRD_FIRMWARE_DIR);

	if (!name)
		return kbasename(path);
	name += strlen(CRD_FIRMWARE_DIR);
	name = crd_firmware_skip(name, "updates");
	return crd_firmware_skip(name, init_utsname()->release);
}

/* Without the suffix by which the loader found a compressed file. */
static size_t crd_firmware_name_len(const char *name)
{
	static const char *const packed[] = { ".xz", ".zst" };
	size_t len = strlen(name);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(packed); i++) {
		size_t n = strlen(packed[i]);

		if (len > n && !strcmp(name + len - n, packed[i]))
			return len - n;
	}
	return len;
}

static void crd_firmware_put_name(struct crd_event *ev, struct file *file)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL);
	char *path;
	const char *name;

	if (!buf) {
		ev->err = -ENOMEM;
		return;
	}
	path = file_path(file, buf, PATH_MAX);
	if (!IS_ERR(path)) {
		name = crd_firmware_name(path);
		crd_event_text(ev, CRD_F_NAME, name,
			       crd_firmware_name_len(name), CRD_MAX_TEXT);
	}
	kfree(buf);
}

static int crd_firmware_read(const struct crd_read *rd)
{
	u8 sha256[SHA256_DIGEST_SIZE];
	struct crd_event ev;
	int rc;

	/* Refused by the kernel itself: no driver will get it. */
	if (rd->verdict)
		return rd->verdict;

	crd_event_init(&ev, CRD_EV_FIRMWARE);
	rc = crd_measure_image(rd->data, rd->size, rd->size, sha256, sha256);
	if (rc)
		ev.err = rc;
	if (rd->file)
		crd_firmware_put_name(&ev, rd->file);
	crd_source_origin(&ev, rd->file);
	crd_event_uint(&ev, CRD_F_SIZE, rd->size, 8);
	crd_source_digest(&ev, CRD_F_DIGEST, sha256);
	crd_source_who(&ev);
	rc = crd_measure(&ev, NULL);
	crd_event_free(&ev);
	return rc;
}

static int crd_firmware_start(void)
{
	crd_hook_handle(READING_FIRMWARE, crd_firmware_read);
	return 0;
}

/* The hooks end it: it has nothing of its own. */
static void crd_firmware_stop(void)
{
}

const struct crd_source crd_source_firmware = {
	.name = "firmware",
	.start = crd_firmware_start,
	.stop = crd_firmware_stop,
};
