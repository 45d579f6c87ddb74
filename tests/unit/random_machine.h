/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random_machine - logs drawn by lot, in the words that random_policy.h asks
 * about, so that rules often hold, and things meet: names, ports, serials.
 */
#ifndef RANDOM_MACHINE_H
#define RANDOM_MACHINE_H

#include "build_evidence.h"
#include "random_policy.h"

static inline struct be_driver draw_driver(struct dice *d)
{
	static const char *const names[] = { "e1000", "hinic", "zfs", "evil" };
	static const char *const paths[] = { "/lib/modules/x.ko", "/tmp/x.ko",
					     NULL };
	static const char *const licenses[] = { "GPL", "GPL", "NVIDIA", NULL };
	static const char *const versions[] = { "2.1.5", "1.9", "F.42", NULL };
	static const char *const authors[] = { "Intel",
					       "Intel <a@b.c>",
					       "Newbridge",
					       "Somebody",
					       "Huawei Technologies CO., Ltd",
					       NULL };
	static const uint8_t digests[] = { 7, 7, 9, 11, 0 };
	static const uint8_t signatures[] = { CRD_SIG_VERIFIED,
					      CRD_SIG_VERIFIED, CRD_SIG_NONE,
					      CRD_SIG_UNVERIFIED, 200 };
	struct be_driver driver = {
		.name = PICK(d, names),
		.path = PICK(d, paths),
		.license = PICK(d, licenses),
		.version = PICK(d, versions),
		.authors = { PICK(d, authors) },
		.digest = PICK(d, digests),
		.origin = roll(d, 3) ? CRD_ORIGIN_FILE : (uint8_t)roll(d, 8),
		.sig_status = PICK(d, signatures),
		.outside = !roll(d, 4),
	};

	if (driver.authors[0] && !roll(d, 4))
		driver.authors[1] = PICK(d, authors);
	if (!roll(d, 5))
		driver.taints = 1ull << roll(d, 18);
	if (!roll(d, 8))
		driver.load_flags = 1 + roll(d, 3);
	return driver;
}

/* A device, and what struct be_device has no room for. */
struct random_device {
	struct be_device is;
	const char *manufacturer, *product;
	uint16_t subdevice;
	uint32_t flags;
};

static inline struct random_device draw_device(struct dice *d)
{
	static const char *const pci[] = { "0000:00:03.0", "0000:00:04.0" };
	static const char *const usb[] = { "1-1", "1-2" };
	static const char *const ports[] = { "p/3", "p/4", "q", NULL };
	static const char *const serials[] = { "S1", "S2", NULL, NULL };
	static const char *const makers[] = { "ACME", "Intel", NULL };
	static const char *const products[] = { "Product", "Other", NULL };
	static const uint16_t vendors[] = { 0x8086, 0x8086, 0x19e5, 0x1234, 0 };
	static const uint16_t ids[] = { 0x10d3, 1, 0x1822 };
	static const uint32_t classes[] = { 0x020000, 0x028000, 0x010802,
					    0x030000, 0xe00101, 0 };
	bool on_usb = !roll(d, 3);

	return (struct random_device){
		.is = {
			.bus = on_usb ? "usb" : "pci",
			.name = on_usb ? PICK(d, usb) : PICK(d, pci),
			.port = PICK(d, ports),
			.vendor = PICK(d, vendors),
			.product = PICK(d, ids),
			.subvendor = on_usb ? 0 : PICK(d, vendors),
			.class_code = PICK(d, classes),
			.serial = PICK(d, serials),
		},
		.manufacturer = PICK(d, makers),
		.product = PICK(d, products),
		.subdevice = 0xa01f,
		.flags = roll(d, 4) ? 0 : 1 + roll(d, 3),
	};
}

static inline void put_device_fields(struct soft_bytes *to,
				     const struct random_device *d)
{
	const struct be_device *is = &d->is;

	be_text(to, CRD_F_DEVICE, is->name);
	be_text(to, CRD_F_DRIVER, is->driver);
	be_text(to, CRD_F_BUS, is->bus);
	be_text(to, CRD_F_MODULE, is->module);
	be_text(to, CRD_F_PORT, is->port);
	if (is->vendor) {
		soft_tlv_be(to, CRD_F_VENDOR_ID, is->vendor, 2);
		soft_tlv_be(to, CRD_F_DEVICE_ID, is->product, 2);
	}
	if (is->subvendor) {
		soft_tlv_be(to, CRD_F_SUBVENDOR_ID, is->subvendor, 2);
		soft_tlv_be(to, CRD_F_SUBDEVICE_ID, d->subdevice, 2);
	}
	if (is->class_code)
		soft_tlv_be(to, CRD_F_CLASS, is->class_code, 4);
	be_text(to, CRD_F_MANUFACTURER, d->manufacturer);
	be_text(to, CRD_F_PRODUCT, d->product);
	be_text(to, CRD_F_SERIAL, is->serial);
	if (d->flags)
		soft_tlv_be(to, CRD_F_DEVICE_FLAGS, d->flags, 4);
}

static inline void put_device(struct be *b, uint16_t event,
			      struct random_device device)
{
	struct soft_record r = soft_record(0, event);

	put_device_fields(&r.content, &device);
	be_add(b, &r);
}

/* A driver takes a device, or lets it go. */
static inline void put_binding(struct be *b, struct dice *d, uint16_t event)
{
	static const char *const names[] = { "e1000", "hinic", "zfs", "evil",
					     "none" };
	struct random_device device = draw_device(d);

	device.is.driver = PICK(d, names);
	device.is.module = roll(d, 6) ? device.is.driver : NULL;
	put_device(b, event, device);
}

/* A structure of SMBIOS: maker, product or version, version, serial, date. */
static inline void put_structure(struct soft_bytes *to, struct dice *d)
{
	static const char *const makers[] = { "ACME", "Intel", "Huawei",
					      "To be filled by O.E.M." };
	static const char *const products[] = { "Product", "Other" };
	static const char *const versions[] = { "2.1.5", "1.9", "F.42" };
	static const char *const dates[] = { "02/03/2021", "01/01/2020", "?" };
	static const uint8_t types[] = { 0, 1, 2, 3, 4, 17, 11 };
	uint8_t data[0x28] = { PICK(d, types), sizeof(data) };
	unsigned int i;

	for (i = 0x04; i <= 0x08; i++)
		data[i] = (uint8_t)(i - 3);
	data[0x17] = 1;
	data[0x18] = data[0x20] = 4;
	soft_tlv_be(to, CRD_F_SMBIOS_TYPE, data[0], 1);
	soft_tlv(to, CRD_F_DATA, data, sizeof(data));
	soft_tlv_text(to, CRD_F_STRING, PICK(d, makers));
	soft_tlv_text(to, CRD_F_STRING, PICK(d, products));
	soft_tlv_text(to, CRD_F_STRING, PICK(d, versions));
	soft_tlv_text(to, CRD_F_STRING, roll(d, 2) ? "S1" : "S2");
	soft_tlv_text(to, CRD_F_STRING, PICK(d, dates));
}

static inline void put_part(struct be *b, struct dice *d)
{
	struct soft_record r = soft_record(0, CRD_EV_PLATFORM);

	if (roll(d, 3)) {
		soft_tlv_be(&r.content, CRD_F_PART, CRD_PART_SMBIOS, 1);
		put_structure(&r.content, d);
	} else {
		soft_tlv_text(&r.content, CRD_F_NAME, "SSDT");
		be_hash(&r.content, CRD_F_DIGEST, 5 + 2 * (uint8_t)roll(d, 3));
		soft_tlv_be(&r.content, CRD_F_PART, CRD_PART_ACPI, 1);
		soft_tlv_be(&r.content, CRD_F_OEM_REVISION, 1 + roll(d, 3), 4);
		if (roll(d, 2))
			soft_tlv_be(&r.content, CRD_F_DYNAMIC, 1, 1);
	}
	be_add(b, &r);
}

static inline void put_firmware(struct be *b, struct dice *d)
{
	static const char *const names[] = { "iwlwifi-1.ucode", "evil.fw" };
	static const uint8_t digests[] = { 7, 7, 9, 11, 0 };
	struct soft_record r = soft_record(0, CRD_EV_FIRMWARE);

	soft_tlv_text(&r.content, CRD_F_NAME, PICK(d, names));
	soft_tlv_be(&r.content, CRD_F_ORIGIN, roll(d, 8), 1);
	be_hash(&r.content, CRD_F_DIGEST, PICK(d, digests));
	if (roll(d, 2)) {
		struct random_device device = draw_device(d);

		device.is.driver = device.is.module = "e1000";
		put_device_fields(&r.content, &device);
	}
	be_add(b, &r);
}

/* One load among the records, or one that was never recorded. */
static inline void put_result(struct be *b, struct dice *d)
{
	static const int errors[] = { -EEXIST, -ENOEXEC, -ENODEV, -EKEYREJECTED,
				      -EBUSY };
	struct be_driver driver = draw_driver(d);

	be_result(b, roll(d, 2) ? roll(d, (unsigned int)b->n) : UINT64_MAX,
		  PICK(d, errors), roll(d, 2) ? &driver : NULL);
}

static inline void put_group(struct be *b, struct dice *d)
{
	struct be_driver drivers[3];
	int i;

	for (i = 0; i < 3; i++)
		drivers[i] = draw_driver(d);
	be_snapshot(b, drivers, 1 + (int)roll(d, 3));
}

static inline void put_record(struct be *b, struct dice *d)
{
	switch (roll(d, 12)) {
	case 0:
		put_firmware(b, d);
		break;
	case 1:
		put_device(b, CRD_EV_DEVICE_GONE, draw_device(d));
		break;
	case 2:
	case 3:
		put_binding(b, d, CRD_EV_BIND);
		break;
	case 4:
		put_binding(b, d, CRD_EV_UNBIND);
		break;
	case 5:
		put_result(b, d);
		break;
	case 6:
		put_part(b, d);
		break;
	case 7:
		put_group(b, d);
		break;
	case 8:
	case 9:
		put_device(b, CRD_EV_DEVICE, draw_device(d));
		break;
	default:
		be_load(b, draw_driver(d));
		break;
	}
}

/* The log from its beginning. No key is needed, nothing is quoted. */
static inline void draw_machine(struct be *b, struct dice *d)
{
	static const char *const sees[] = {
		"modules: x", "firmware: x", "pci: x", "usb: x", "smbios: x",
		"acpi: x",    "esrt: x",     "cpu: x", "tpm: x", NULL
	};
	static const char *const nothing[] = { NULL };
	unsigned int n = 1 + roll(d, 6);

	be_anchor(b);
	if (roll(d, 5))
		be_coverage(b, sees, nothing);
	while (n--)
		put_record(b, d);
}

static inline struct crd_context draw_context(struct dice *d)
{
	static const char *const sites[] = { "ottawa", "here", NULL };
	static const char *const destinations[] = { "CA", "CN", NULL };
	static const char *const purposes[] = { "export", NULL };

	return (struct crd_context){ .site = PICK(d, sites),
				     .destination = PICK(d, destinations),
				     .purpose = PICK(d, purposes) };
}

#endif /* RANDOM_MACHINE_H */
