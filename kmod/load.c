// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hash an image, take it apart, and keep what is found until the module comes
 * up, or does not.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include "image.h"
#include "load.h"
#include "source.h"

void crd_load_free_fields(struct crd_load *load)
{
	crd_event_free(&load->source);
	crd_event_free(&load->image);
	crd_event_free(&load->info);
	crd_event_free(&load->id);
	crd_event_free(&load->who);
}

void crd_load_drop(void *data)
{
	struct crd_load *load = data;

	if (load)
		crd_load_free_fields(load);
	kfree(load);
}

struct crd_load *crd_load_new(void)
{
	struct crd_load *load = kzalloc(sizeof(*load), GFP_KERNEL);

	if (!load)
		return NULL;
	load->ref = (struct crd_ref){ CRD_REF_NONE, CRD_REF_ALONE };
	crd_event_init(&load->source, CRD_EV_MODULE);
	crd_event_init(&load->image, CRD_EV_MODULE);
	crd_event_init(&load->info, CRD_EV_MODULE);
	crd_event_init(&load->id, CRD_EV_MODULE);
	crd_event_init(&load->who, CRD_EV_MODULE);
	crd_source_who(&load->who);
	return load;
}

/*
 * Who checks the signature without the file needs the payload's digest in the
 * signer's hash. If the kernel has not got it now, the field is absent.
 */
static void crd_load_put_signed(struct crd_event *ev, const u8 *data,
				const struct crd_image *im)
{
	u8 digest[SHA512_DIGEST_SIZE];
	int size;

	if (!im->sig_hash || im->sig_hash == TPM_ALG_SHA256)
		return;
	size = crd_digest_once(im->sig_hash, data, im->payload, digest);
	if (size > 0)
		crd_event_hash(ev, CRD_F_PAYLOAD_DIGEST, im->sig_hash, digest,
			       size);
	else if (size != -ENOENT)
		ev->err = size;
}

/* Fields SIZE to SIGNATURE. */
static void crd_load_put_bytes(struct crd_event *ev, const struct crd_read *rd,
			       const struct crd_image *im)
{
	u8 payload[SHA256_DIGEST_SIZE];
	u8 whole[SHA256_DIGEST_SIZE];
	int rc;

	rc = crd_measure_image(rd->data, im->payload, rd->size, payload, whole);
	if (rc)
		ev->err = rc;
	crd_event_uint(ev, CRD_F_SIZE, rd->size, 8);
	crd_source_digest(ev, CRD_F_DIGEST, whole);
	crd_source_digest(ev, CRD_F_PAYLOAD_DIGEST, payload);
	crd_load_put_signed(ev, rd->data, im);
	if (im->sig_len > CRD_MAX_SIGNATURE)
		crd_event_cut(ev, CRD_F_SIGNATURE);
	else if (im->sig)
		crd_event_bytes(ev, CRD_F_SIGNATURE, im->sig, im->sig_len);
}

/* What the kernel will use. */
static int crd_load_image(struct crd_load *load, const struct crd_read *rd)
{
	struct crd_image *im = kmalloc(sizeof(*im), GFP_KERNEL);

	if (!im)
		return -ENOMEM;
	crd_image_parse(im, rd->data, rd->size);
	load->has_sig = im->sig;
	snprintf(load->name, sizeof(load->name), "%.*s", (int)im->name.len,
		 im->name.text ?: "");
	crd_load_put_bytes(&load->image, rd, im);
	crd_image_info(im, &load->info);
	if (im->build_id && im->build_id_len <= CRD_MAX_TEXT)
		crd_event_bytes(&load->id, CRD_F_BUILD_ID, im->build_id,
				im->build_id_len);
	kfree(im);
	return 0;
}

/**
 * crd_load_capture() - a load begins
 * @rd: what was read
 * @packed: crd_load_unpack() will come with what the kernel uses
 *
 * Return: the load, or NULL if there is no memory.
 */
struct crd_load *crd_load_capture(const struct crd_read *rd, bool packed)
{
	struct crd_load *load = crd_load_new();
	int rc = 0;

	if (!load)
		return NULL;
	load->packed = packed;
	crd_source_origin(&load->source, rd->file);
	if (packed)
		load->source.err = crd_measure_image(rd->data, rd->size,
						     rd->size, load->stored,
						     load->stored);
	else
		rc = crd_load_image(load, rd);
	if (rc) {
		crd_load_drop(load);
		return NULL;
	}
	return load;
}

/* What came out of a packed file. 0 or -ENOMEM. */
int crd_load_unpack(struct crd_load *load, const struct crd_read *rd)
{
	crd_event_free(&load->image);
	crd_event_free(&load->info);
	crd_event_free(&load->id);
	return crd_load_image(load, rd);
}

/* Common end of MODULE and MODULE_RESULT, in the order of the numbers. */
void crd_load_put_image(struct crd_event *ev, const struct crd_load *load,
			bool sig_ok)
{
	enum crd_sig_status sig = CRD_SIG_NONE;

	if (sig_ok)
		sig = CRD_SIG_VERIFIED;
	else if (load->has_sig)
		sig = CRD_SIG_UNVERIFIED;
	crd_event_join(ev, &load->source);
	crd_event_join(ev, &load->image);
	crd_event_uint(ev, CRD_F_SIG_STATUS, sig, 1);
	crd_event_join(ev, &load->info);
}

void crd_load_put(struct crd_event *ev, const struct crd_load *load)
{
	if (load->has_flags)
		crd_event_uint(ev, CRD_F_LOAD_FLAGS, load->flags, 4);
	crd_event_join(ev, &load->id);
	crd_event_join(ev, &load->who);
	if (load->packed)
		crd_source_digest(ev, CRD_F_FILE_DIGEST, load->stored);
}
