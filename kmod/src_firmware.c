// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware. Every way to ask for an image leads through one function of the
 * loader; it is redirected to ours, which calls it and then has the very
 * bytes that the driver gets, wherever they come from. What the read hooks
 * see meanwhile in the same task says where that is.
 *
 * An image that user space pushes comes in another task: it is recorded there
 * and then, with who pushed it, and once more when a driver gets it. Where the
 * loader cannot be redirected, what is read from a file is recorded when it is
 * read.
 */
#include <crypto/sha2.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/firmware.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/static_call.h>
#include <linux/string.h>
#include <linux/utsname.h>
#include "device.h"
#include "hook.h"
#include "measure.h"
#include "source.h"

#define CRD_FIRMWARE_DIR	"/firmware/"
#define CRD_FIRMWARE_PUSHES	16

/**
 * struct crd_request - one call of the loader; on its caller's stack
 * @node: in crd_fw.requests
 * @task: whose call it is
 * @name: as the driver asked
 * @device: for whom; may be NULL
 * @offset: of a partial read
 * @flags: the loader's FW_OPT bits
 * @pushes: images that had been pushed before it began
 * @seen: the hooks have seen where it comes from
 * @source: PATH and ORIGIN of what was seen last
 * @data: the bytes seen last; NULL if they were not (a partial read)
 * @size: how many
 * @stored: their digest
 */
struct crd_request {
	struct list_head node;
	const struct task_struct *task;
	const char *name;
	struct device *device;
	size_t offset;
	u32 flags;
	unsigned long pushes;
	bool seen;
	struct crd_event source;
	const u8 *data;
	size_t size;
	u8 stored[SHA256_DIGEST_SIZE];
};

static struct {
	spinlock_t lock;	/* over all below */
	struct list_head requests;
	unsigned long pushes;
	const u8 *pushed[CRD_FIRMWARE_PUSHES];	/* the last of them */
} crd_fw = {
	.lock = __SPIN_LOCK_UNLOCKED(crd_fw.lock),
	.requests = LIST_HEAD_INIT(crd_fw.requests),
};

static void crd_request_open(struct crd_request *req)
{
	req->task = current;
	crd_event_init(&req->source, CRD_EV_FIRMWARE);
	spin_lock(&crd_fw.lock);
	req->pushes = crd_fw.pushes;
	list_add(&req->node, &crd_fw.requests);
	spin_unlock(&crd_fw.lock);
}

static void crd_request_close(struct crd_request *req)
{
	spin_lock(&crd_fw.lock);
	list_del(&req->node);
	spin_unlock(&crd_fw.lock);
	crd_event_free(&req->source);
}

/* The current task's call of the loader, which cannot end under us. */
static struct crd_request *crd_request_find(void)
{
	struct crd_request *req, *found = NULL;

	spin_lock(&crd_fw.lock);
	list_for_each_entry(req, &crd_fw.requests, node) {
		if (req->task == current) {
			found = req;
			break;
		}
	}
	spin_unlock(&crd_fw.lock);
	return found;
}

/* Where the bytes of this call come from. A later sight replaces it. */
static void crd_request_see(struct crd_request *req, struct file *file)
{
	crd_event_free(&req->source);
	crd_event_init(&req->source, CRD_EV_FIRMWARE);
	if (file)
		crd_source_origin(&req->source, file);
	else
		crd_event_uint(&req->source, CRD_F_ORIGIN, CRD_ORIGIN_PLATFORM,
			       1);
	req->seen = true;
	req->data = NULL;
}

/* Read whole, or found in the platform's own firmware, within a call. */
static int crd_request_read(struct crd_request *req, const struct crd_read *rd)
{
	int rc;

	crd_request_see(req, rd->file);
	rc = crd_measure_image(rd->data, rd->size, rd->size, req->stored,
			       req->stored);
	if (rc)
		req->source.err = rc;
	req->data = rd->data;
	req->size = rd->size;
	return crd_measure_verdict();
}

static void crd_firmware_note_push(const u8 *data)
{
	spin_lock(&crd_fw.lock);
	crd_fw.pushed[crd_fw.pushes++ % CRD_FIRMWARE_PUSHES] = data;
	spin_unlock(&crd_fw.lock);
}

static bool crd_request_was_pushed(const struct crd_request *req,
				   const u8 *data)
{
	unsigned long i;
	bool found = false;

	spin_lock(&crd_fw.lock);
	i = crd_fw.pushes;
	while (!found && i != req->pushes &&
	       crd_fw.pushes - i < CRD_FIRMWARE_PUSHES)
		found = crd_fw.pushed[--i % CRD_FIRMWARE_PUSHES] == data;
	spin_unlock(&crd_fw.lock);
	return found;
}

/* PATH and ORIGIN of the bytes that the driver gets. */
static void crd_request_put_source(struct crd_event *ev,
				   const struct crd_request *req,
				   const struct firmware *fw)
{
	enum crd_origin origin = CRD_ORIGIN_CACHED;

	if (crd_request_was_pushed(req, fw->data))
		origin = CRD_ORIGIN_MEMORY;
	else if (!fw->priv)
		origin = CRD_ORIGIN_BUILT_IN;	/* the loader keeps nothing */
	else if (req->seen) {
		crd_event_join(ev, &req->source);
		return;
	}
	crd_event_uint(ev, CRD_F_ORIGIN, origin, 1);
}

/* Is what was read the very thing that the driver gets, not unpacked? */
static bool crd_request_same(const struct crd_request *req,
			     const struct firmware *fw)
{
	return req->data == fw->data && req->size == fw->size;
}

static int crd_request_digest(const struct crd_request *req,
			      const struct firmware *fw, u8 *ret_sha256)
{
	if (!crd_request_same(req, fw))
		return crd_measure_image(fw->data, fw->size, fw->size,
					 ret_sha256, ret_sha256);
	memcpy(ret_sha256, req->stored, SHA256_DIGEST_SIZE);
	return 0;
}

/* The one record of an image that a driver is about to get. */
static int crd_request_record(const struct crd_request *req,
			      const struct firmware *fw)
{
	u8 sha256[SHA256_DIGEST_SIZE];
	struct crd_event ev;
	int rc;

	crd_event_init(&ev, CRD_EV_FIRMWARE);
	crd_event_str(&ev, CRD_F_NAME, req->name);
	crd_request_put_source(&ev, req, fw);
	rc = crd_request_digest(req, fw, sha256);
	if (rc)
		ev.err = rc;
	crd_event_uint(&ev, CRD_F_SIZE, fw->size, 8);
	crd_source_digest(&ev, CRD_F_DIGEST, sha256);
	crd_event_uint(&ev, CRD_F_LOAD_FLAGS, req->flags, 4);
	crd_source_who(&ev);
	if (req->data && !crd_request_same(req, fw))
		crd_source_digest(&ev, CRD_F_FILE_DIGEST, req->stored);
	if (req->device)
		crd_device_put(&ev, req->device);
	if (req->flags & CRD_FW_OPT_PARTIAL)
		crd_event_uint(&ev, CRD_F_OFFSET, req->offset, 8);
	rc = crd_measure(&ev, NULL);
	crd_event_free(&ev);
	return rc;
}

static int crd_firmware_nothing(const struct firmware **fw, const char *name,
				struct device *device, void *buf, size_t size,
				size_t offset, u32 flags)
{
	return -ENOENT;
}

/*
 * The loader's function is static, so no indirect branch may lead to it where
 * the processor checks that (IBT). A static call is a direct one.
 */
DEFINE_STATIC_CALL(crd_firmware_loader, crd_firmware_nothing);

static void crd_firmware_found(void *target)
{
	static_call_update(crd_firmware_loader, target);
}

/*
 * Instead of the loader's _request_firmware(). A static function might be
 * called by rules of its own as to registers (-fipa-ra), but not in code that
 * is built to be traced.
 */
static int crd_firmware_request(const struct firmware **fw, const char *name,
				struct device *device, void *buf, size_t size,
				size_t offset, u32 flags)
{
	struct crd_request req = {
		.name = name,
		.device = device,
		.offset = offset,
		.flags = flags,
	};
	int rc;

	crd_hook_enter();
	crd_request_open(&req);
	rc = static_call(crd_firmware_loader)(fw, name, device, buf, size,
					      offset, flags);
	if (!rc && *fw) {
		rc = crd_request_record(&req, *fw);
		if (rc) {
			release_firmware(*fw);
			*fw = NULL;
		}
	}
	crd_request_close(&req);
	crd_hook_leave();
	return rc;
}

static struct crd_hook crd_firmware_hook = {
	.name = "_request_firmware",
	.ours = crd_firmware_request,
	.optional = true,
	.found = crd_firmware_found,
};

/*
 * Before a file is read. Of one that is read in parts nobody sees the bytes
 * before the loader returns, but this is the file.
 */
static int crd_firmware_pre_read(struct file *file,
				 enum kernel_read_file_id id, bool contents)
{
	struct crd_request *req;
	int rc;

	crd_hook_enter();
	rc = security_kernel_read_file(file, id, contents);
	if (!rc && id == READING_FIRMWARE && !contents) {
		req = crd_request_find();
		if (req)
			crd_request_see(req, file);
	}
	crd_hook_leave();
	return rc;
}

static struct crd_hook crd_firmware_pre_hook = {
	.name = "security_kernel_read_file",
	.target = security_kernel_read_file,
	.ours = crd_firmware_pre_read,
};

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

/* Read outside of any call of the loader that we know of, or pushed. */
static int crd_firmware_stray(const struct crd_read *rd)
{
	u8 sha256[SHA256_DIGEST_SIZE];
	struct crd_event ev;
	int rc;

	if (!rd->file)
		crd_firmware_note_push(rd->data);
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

static int crd_firmware_read(const struct crd_read *rd)
{
	struct crd_request *req;

	/* Refused by the kernel itself: no driver will get it. */
	if (rd->verdict)
		return rd->verdict;
	req = crd_request_find();
	return req ? crd_request_read(req, rd) : crd_firmware_stray(rd);
}

static int crd_firmware_start(void)
{
	crd_hook_handle(READING_FIRMWARE, crd_firmware_read);
	crd_hook_want(&crd_firmware_pre_hook);
	crd_hook_want(&crd_firmware_hook);
	return 0;
}

/* The hooks end it: it has nothing of its own. */
static void crd_firmware_stop(void)
{
}

static void crd_firmware_cover_seen(struct crd_event *ev)
{
	if (!crd_firmware_hook.on) {
		crd_event_str(ev, CRD_F_SEEN,
			      "firmware: files as they are read, and images pushed by user space");
		return;
	}
	crd_event_str(ev, CRD_F_SEEN,
		      "firmware: every image that the loader hands to a driver, and images pushed by user space");
	crd_event_str(ev, CRD_F_SEEN,
		      "firmware-built-in: when a driver asks for it");
	crd_event_str(ev, CRD_F_SEEN,
		      "firmware-cached: served from the kernel's cache, or in a batch");
}

static void crd_firmware_cover_not_seen(struct crd_event *ev)
{
	static const char *const never[] = {
		"firmware-early: microcode and firmware loaded before the measurer, or by the platform",
		"firmware-own-way: drivers that bypass the loader (flash as MTD, ioctl, capsules)",
		"dma: code that a device writes into memory",
	};
	static const char *const without[] = {
		"firmware-built-in: this kernel's loader cannot be redirected",
		"firmware-cached: this kernel's loader cannot be redirected; parts of files are not seen either, nor who asks",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(never); i++)
		crd_event_str(ev, CRD_F_NOT_SEEN, never[i]);
	for (i = 0; i < ARRAY_SIZE(without) && !crd_firmware_hook.on; i++)
		crd_event_str(ev, CRD_F_NOT_SEEN, without[i]);
}

static void crd_firmware_cover(struct crd_event *ev, u8 field)
{
	if (field == CRD_F_SEEN)
		crd_firmware_cover_seen(ev);
	else
		crd_firmware_cover_not_seen(ev);
}

const struct crd_source crd_source_firmware = {
	.name = "firmware",
	.start = crd_firmware_start,
	.cover = crd_firmware_cover,
	.stop = crd_firmware_stop,
};
