// SPDX-License-Identifier: Apache-2.0
/*
 * PCI and USB devices: what was there, what comes, goes, is bound and let go.
 * The machine has (tests/vm/25-devices.sh): a USB controller of QEMU's with a
 * keyboard, a network card behind a PCI bridge, and the kernel's own loop-back
 * controller, in which gadgets of any ids are plugged. usbcore is not there at
 * the start.
 */
#include "devices.h"
#include "gadget.h"
#include "kselftest_harness.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 120

#define NIC	     "pci/0000:01:00.0"
#define NIC_PORT     "0000:00/10.0/00.0"
#define DISK	     "pci/0000:03:00.0"
#define DISK_PART    "pci/0000:03:00." /* 1, 2: its virtual functions */
#define SRIOV	     "/sys/bus/pci/devices/0000:03:00.0/sriov_"
#define KEYBOARD     "usb/1-1"
#define KEYS	     "usb/1-1:1.0"
#define PLUGGED_PORT "platform/dummy_hcd.0/usb/1"

FIXTURE(devices)
{
	struct scene *scene;
	uint64_t from;
};

FIXTURE_SETUP(devices)
{
	self->from = log_records();
	ASSERT_LT(0, self->from);
}

FIXTURE_TEARDOWN(devices)
{
	const char *fault = golden_rule();

	EXPECT_EQ(NULL, fault)
	{
		TH_LOG("%s", fault);
	}
	if (self->scene)
		scene_done(self->scene);
}

/* The log so far is sound, and says what sysfs says. */
#define LOOK()                                           \
	do {                                             \
		if (self->scene)                         \
			scene_done(self->scene);         \
		self->scene = scene_compare(self->from); \
		EXPECT_STREQ("", self->scene->fault);    \
	} while (0)

#define COUNT(what) (self->scene->events[CRD_EV_##what])

struct origins {
	unsigned int in_group, alone;
};

static int count_origin(const struct crd_record *rec, void *ctx)
{
	struct origins *origins = ctx;

	if (rec->event == CRD_EV_DEVICE && rec->group == CRD_EV_SNAPSHOT)
		origins->in_group++;
	else if (rec->event == CRD_EV_DEVICE)
		origins->alone++;
	return 0;
}

TEST_F(devices, those_before_us_are_in_the_snapshot)
{
	struct origins origins = { 0, 0 };
	enum crd_reason reason;
	struct crd_error err;

	ASSERT_FALSE(module_is_loaded("usbcore"));
	self->from = 0;
	LOOK();
	crd_cel_walk((struct crd_buf){ self->scene->log.bytes,
				       self->scene->log.len },
		     count_origin, &origins, &reason, &err);
	EXPECT_LT(4, origins.in_group);
	EXPECT_EQ(0, origins.alone);
	EXPECT_TRUE(scene_there(self->scene, NIC));
}

TEST_F(devices, usbcore_may_come_later)
{
	struct crd_record rec;

	ASSERT_EQ(0, modprobe("xhci_pci usbhid"));
	ASSERT_TRUE(wait_for(is_bound, KEYS));
	LOOK();
	EXPECT_TRUE(scene_there(self->scene, "usb/usb1"));
	EXPECT_TRUE(scene_there(self->scene, "usb/usb2"));
	ASSERT_TRUE(scene_last(self->scene, CRD_EV_DEVICE, "usb/usb1", &rec));
	EXPECT_EQ(CRD_DEVICE_ROOT_HUB,
		  field_u64(rec.fields, CRD_F_DEVICE_FLAGS));
	ASSERT_TRUE(scene_last(self->scene, CRD_EV_BIND, KEYS, &rec));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_DRIVER, "usbhid"));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_MODULE, "usbhid"));
	EXPECT_EQ(0x0627, field_u64(rec.fields, CRD_F_VENDOR_ID));
	EXPECT_EQ(0x030101, field_u64(rec.fields, CRD_F_CLASS));
}

TEST_F(devices, usbcore_is_not_pinned)
{
	char users[16];
	uint8_t *text;
	size_t len;

	/* xhci_hcd, xhci_pci, usbhid; and the loop-back one if it is there. */
	ASSERT_EQ(0, file_read("/sys/module/usbcore/refcnt", &text, &len));
	snprintf(users, sizeof(users), "%s", text);
	free(text);
	EXPECT_EQ(3, atoi(users));
}

TEST_F(devices, unbound_and_bound_by_hand)
{
	struct crd_record rec;

	ASSERT_EQ(0,
		  file_puts("/sys/bus/usb/drivers/usbhid/unbind", "1-1:1.0"));
	LOOK();
	EXPECT_EQ(1, COUNT(UNBIND));
	ASSERT_TRUE(scene_last(self->scene, CRD_EV_UNBIND, KEYS, &rec));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_DRIVER, "usbhid"));
	EXPECT_FALSE(field_is_text(rec.fields, CRD_F_REASON, ""));
	ASSERT_EQ(0, file_puts("/sys/bus/usb/drivers/usbhid/bind", "1-1:1.0"));
	LOOK();
	EXPECT_EQ(1, COUNT(BIND));
	EXPECT_EQ(0, COUNT(DEVICE) + COUNT(DEVICE_GONE));
}

/* usb-storage finds nothing in a keyboard that it could drive. */
TEST_F(devices, a_probe_that_fails)
{
	struct crd_record rec;

	ASSERT_EQ(0, modprobe("usb-storage"));
	ASSERT_EQ(0,
		  file_puts("/sys/bus/usb/drivers/usbhid/unbind", "1-1:1.0"));
	self->from = log_records();
	file_puts("/sys/bus/usb/drivers/usb-storage/new_id", "0627 0001");
	LOOK();
	EXPECT_EQ(1, COUNT(BIND));
	EXPECT_EQ(1, COUNT(UNBIND));
	ASSERT_TRUE(scene_last(self->scene, CRD_EV_UNBIND, KEYS, &rec));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_DRIVER, "usb-storage"));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_REASON,
				  "the driver did not take it"));
	file_puts("/sys/bus/usb/drivers/usb-storage/remove_id", "0627 0001");
	ASSERT_EQ(0, file_puts("/sys/bus/usb/drivers/usbhid/bind", "1-1:1.0"));
}

TEST_F(devices, a_card_is_let_go_removed_and_found_again)
{
	struct crd_record gone, back;

	ASSERT_EQ(0, modprobe("e1000"));
	ASSERT_TRUE(wait_for(is_bound, NIC));
	ASSERT_EQ(0,
		  file_puts("/sys/bus/pci/devices/0000:01:00.0/remove", "1"));
	LOOK();
	EXPECT_FALSE(scene_there(self->scene, NIC));
	EXPECT_EQ(1, COUNT(DEVICE_GONE));
	EXPECT_EQ(1, COUNT(UNBIND));
	ASSERT_TRUE(scene_last(self->scene, CRD_EV_DEVICE_GONE, NIC, &gone));
	EXPECT_TRUE(field_is_text(gone.fields, CRD_F_PORT, NIC_PORT));
	EXPECT_EQ(0x8086, field_u64(gone.fields, CRD_F_VENDOR_ID));
	EXPECT_EQ(0x020000, field_u64(gone.fields, CRD_F_CLASS));
	ASSERT_EQ(0, file_puts("/sys/bus/pci/rescan", "1"));
	ASSERT_TRUE(wait_for(is_bound, NIC));
	LOOK();
	EXPECT_EQ(1, COUNT(DEVICE));
	EXPECT_EQ(2, COUNT(BIND));
	ASSERT_TRUE(scene_last(self->scene, CRD_EV_DEVICE, NIC, &back));
	EXPECT_TRUE(field_is_text(back.fields, CRD_F_PORT, NIC_PORT));
}

static int host(const char *qmp)
{
	char command[512];

	snprintf(command, sizeof(command), "host 'qmp %s'", qmp);
	return system(command);
}

TEST_F(devices, a_mouse_is_plugged_in_and_out)
{
	ASSERT_EQ(0, host("{\"execute\":\"device_add\",\"arguments\":{"
			  "\"driver\":\"usb-mouse\",\"id\":\"mouse\","
			  "\"bus\":\"x.0\",\"port\":\"2\"}}"));
	ASSERT_TRUE(wait_for(is_bound, "usb/1-2:1.0"));
	LOOK();
	EXPECT_EQ(2, COUNT(DEVICE));
	EXPECT_EQ(2, COUNT(BIND));
	ASSERT_EQ(0, host("{\"execute\":\"device_del\",\"arguments\":{"
			  "\"id\":\"mouse\"}}"));
	ASSERT_TRUE(wait_for(is_hidden, "usb/1-2"));
	LOOK();
	EXPECT_EQ(2, COUNT(UNBIND));
	EXPECT_EQ(2, COUNT(DEVICE_GONE));
}

TEST_F(devices, a_card_is_plugged_in_and_out)
{
	ASSERT_EQ(0, host("{\"execute\":\"device_add\",\"arguments\":{"
			  "\"driver\":\"e1000\",\"id\":\"card\","
			  "\"bus\":\"empty\"}}"));
	ASSERT_TRUE(wait_for(is_bound, "pci/0000:02:00.0"));
	LOOK();
	EXPECT_EQ(1, COUNT(DEVICE));
	EXPECT_EQ(1, COUNT(BIND));
	ASSERT_EQ(0, host("{\"execute\":\"device_del\",\"arguments\":{"
			  "\"id\":\"card\"}}"));
	ASSERT_TRUE(wait_for(is_hidden, "pci/0000:02:00.0"));
	LOOK();
	EXPECT_EQ(1, COUNT(UNBIND));
	EXPECT_EQ(1, COUNT(DEVICE_GONE));
}

/*
 * A card that becomes several: each virtual function is a device, with the ids
 * that the kernel gives it, as it has none of its own.
 */
TEST_F(devices, virtual_functions_come_and_go)
{
	struct crd_record rec;

	if (access(SRIOV "numvfs", F_OK))
		SKIP(return, "this kernel has no virtual functions");
	ASSERT_EQ(0, system("modprobe nvme"));
	ASSERT_TRUE(wait_for(is_bound, DISK));
	ASSERT_EQ(0, file_puts(SRIOV "drivers_autoprobe", "0"));
	LOOK();
	ASSERT_EQ(0, file_puts(SRIOV "numvfs", "2"));
	ASSERT_TRUE(wait_for(is_shown, DISK_PART "2"));
	LOOK();
	EXPECT_EQ(2, COUNT(DEVICE));
	ASSERT_TRUE(
		scene_last(self->scene, CRD_EV_DEVICE, DISK_PART "2", &rec));
	EXPECT_EQ(0x1b36, field_u64(rec.fields, CRD_F_VENDOR_ID));
	EXPECT_EQ(0x0010, field_u64(rec.fields, CRD_F_DEVICE_ID));
	ASSERT_EQ(0, file_puts(SRIOV "numvfs", "0"));
	ASSERT_TRUE(wait_for(is_hidden, DISK_PART "1"));
	LOOK();
	EXPECT_EQ(2, COUNT(DEVICE_GONE));
}

/* Its last interface has its driver: nothing more is going to happen. */
static bool is_settled(const char *name)
{
	char face[MAX_NAME + 8];

	snprintf(face, sizeof(face), "%s:1.0", name);
	return is_bound(face);
}

/* A storage stick that also is a keyboard. */
TEST_F(devices, two_faces)
{
	struct gadget gadget = { .vendor = 0x19e5,
				 .product = 0x1234,
				 .version = 0x0102,
				 .storage = true,
				 .keyboard = true };
	struct crd_record rec;
	char name[MAX_NAME], face[MAX_NAME + 8];

	ASSERT_EQ(0, gadget_plug(&gadget, name));
	snprintf(face, sizeof(face), "%s:1.1", name);
	ASSERT_TRUE(wait_for(is_bound, face));
	LOOK();
	ASSERT_TRUE(scene_last(self->scene, CRD_EV_DEVICE, name, &rec));
	EXPECT_EQ(0x19e5, field_u64(rec.fields, CRD_F_VENDOR_ID));
	EXPECT_EQ(0x0102, field_u64(rec.fields, CRD_F_REVISION));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_PORT, PLUGGED_PORT));
	ASSERT_TRUE(scene_last(self->scene, CRD_EV_DEVICE, face, &rec));
	EXPECT_EQ(0x030101, field_u64(rec.fields, CRD_F_CLASS));
	EXPECT_EQ(1, field_u64(rec.fields, CRD_F_INTERFACE));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_PORT, PLUGGED_PORT ":1.1"));
	EXPECT_TRUE(field_is_text(rec.fields, CRD_F_PARENT, name));
	snprintf(face, sizeof(face), "%s:1.0", name);
	ASSERT_TRUE(scene_last(self->scene, CRD_EV_DEVICE, face, &rec));
	EXPECT_EQ(0x080650, field_u64(rec.fields, CRD_F_CLASS));
	gadget_unplug();
	ASSERT_TRUE(wait_for(is_hidden, name));
	LOOK();
}

struct at_port {
	uint64_t from;
	unsigned int n;
	uint64_t ids[8];
};

static int count_at_port(const struct crd_record *rec, void *ctx)
{
	struct at_port *at = ctx;

	if (rec->event == CRD_EV_DEVICE && rec->recnum >= at->from &&
	    field_is_text(rec->fields, CRD_F_PORT, PLUGGED_PORT) && at->n < 8)
		at->ids[at->n++] = field_u64(rec->fields, CRD_F_VENDOR_ID)
					   << 16 |
				   field_u64(rec->fields, CRD_F_DEVICE_ID);
	return 0;
}

TEST_F(devices, it_comes_back_as_another)
{
	struct gadget before = { 0x0951, 0x1666, 0x0110, .storage = true };
	struct gadget after = { 0x046d, 0xc31c, 0x6402, .keyboard = true };
	struct at_port at = { .from = self->from };
	enum crd_reason reason;
	struct crd_error err;
	char name[MAX_NAME];

	ASSERT_EQ(0, gadget_plug(&before, name));
	ASSERT_TRUE(wait_for(is_settled, name));
	gadget_unplug();
	ASSERT_EQ(0, gadget_plug(&after, name));
	ASSERT_TRUE(wait_for(is_settled, name));
	LOOK();
	crd_cel_walk((struct crd_buf){ self->scene->log.bytes,
				       self->scene->log.len },
		     count_at_port, &at, &reason, &err);
	ASSERT_EQ(2, at.n);
	EXPECT_EQ(0x09511666, at.ids[0]);
	EXPECT_EQ(0x046dc31c, at.ids[1]);
	gadget_unplug();
	ASSERT_TRUE(wait_for(is_hidden, name));
}

static const struct {
	const char *said, *logged;
} hostile[] = {
	{ "say \"yes\"; it's", "say \"yes\"; it's" },
	{ "two\nlines\r\ttab", "two\\x0alines\\x0d\\x09tab" },
	{ "\x1b[31mred\x7f", "\\x1b[31mred\\x7f" },
	{ "C:\\x41 \\", "C:\\x5cx41 \\x5c" },
	/* two UTF-16 units on the wire */
	{ "\xf0\x9f\x92\xa9", "\xf0\x9f\x92\xa9" },
	{ "\xe2\x80\xaeright to left", "\xe2\x80\xaeright to left" },
	{ "%s%n{}<b>,=", "%s%n{}<b>,=" },
	{ "", NULL },
};

TEST_F(devices, texts_are_the_devices_own)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hostile); i++) {
		struct gadget gadget = { 0x1209, 0x0001 + i, 0x0100,
					 .storage = true,
					 .text = hostile[i].said };
		struct crd_record rec;
		struct crd_buf value;
		char name[MAX_NAME];

		ASSERT_EQ(0, gadget_plug(&gadget, name));
		ASSERT_TRUE(wait_for(is_settled, name));
		LOOK();
		ASSERT_TRUE(scene_last(self->scene, CRD_EV_DEVICE, name, &rec));
		EXPECT_EQ(0x0001 + i, field_u64(rec.fields, CRD_F_DEVICE_ID));
		if (hostile[i].logged) {
			EXPECT_TRUE(field_is_text(rec.fields, CRD_F_PRODUCT,
						  hostile[i].logged));
		} else {
			EXPECT_FALSE(crd_field_get(rec.fields, CRD_F_PRODUCT,
						   &value));
		}
		gadget_unplug();
		ASSERT_TRUE(wait_for(is_hidden, name));
	}
}

/* The longest text that USB has: 126 characters, each of 4 when escaped. */
TEST_F(devices, a_text_of_the_greatest_length)
{
	struct gadget gadget = { 0x1209, 0x0002, 0x0100, .storage = true };
	char said[127], name[MAX_NAME];
	struct crd_record rec;
	struct crd_buf value;

	memset(said, 1, sizeof(said) - 1);
	said[sizeof(said) - 1] = 0;
	gadget.text = said;
	ASSERT_EQ(0, gadget_plug(&gadget, name));
	ASSERT_TRUE(wait_for(is_settled, name));
	LOOK();
	ASSERT_TRUE(scene_last(self->scene, CRD_EV_DEVICE, name, &rec));
	ASSERT_TRUE(crd_field_get(rec.fields, CRD_F_PRODUCT, &value));
	EXPECT_EQ(4 * (sizeof(said) - 1), value.len);
	gadget_unplug();
	ASSERT_TRUE(wait_for(is_hidden, name));
}

/* What follows the interface in each case; nobody has looked at it before. */
static const struct {
	const char *what;
	uint8_t junk[16];
	size_t len;
} broken[] = {
	{ "a descriptor of no length", { 0, 0, 0, 0 }, 4 },
	{ "one that goes beyond the end", { 200, 5, 1, 2, 3 }, 5 },
	{ "one without its type", { 1 }, 1 },
	{ "an endpoint cut short", { 7, 5, 0x81 }, 3 },
	{ "a second device descriptor", { 4, 1, 0, 2 }, 4 },
	{ "an interface cut short", { 9, 4, 7, 0, 0, 3, 1, 1 }, 8 },
};

TEST_F(devices, descriptors_may_be_anything)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(broken); i++) {
		struct crd_record rec;
		char name[MAX_NAME];

		TH_LOG("%s", broken[i].what);
		ASSERT_EQ(0,
			  odd_gadget_plug(broken[i].junk, broken[i].len, name));
		LOOK();
		ASSERT_TRUE(scene_last(self->scene, CRD_EV_DEVICE, name, &rec));
		EXPECT_EQ(ODD_VENDOR, field_u64(rec.fields, CRD_F_VENDOR_ID));
		odd_gadget_unplug();
		ASSERT_TRUE(wait_for(is_hidden, name));
	}
	LOOK();
}

/* Refused by policy of the machine: no interface, and it is said. */
TEST_F(devices, not_authorized)
{
	struct gadget gadget = { 0x1209, 0x0003, 0x0100, .keyboard = true };
	struct crd_record rec;
	char name[MAX_NAME];

	gadget_authorize(false);
	ASSERT_EQ(0, gadget_plug(&gadget, name));
	LOOK();
	ASSERT_TRUE(scene_last(self->scene, CRD_EV_DEVICE, name, &rec));
	EXPECT_EQ(CRD_DEVICE_UNAUTHORIZED,
		  field_u64(rec.fields, CRD_F_DEVICE_FLAGS) &
			  CRD_DEVICE_UNAUTHORIZED);
	EXPECT_EQ(1, COUNT(DEVICE));
	gadget_authorize(true);
	gadget_unplug();
	ASSERT_TRUE(wait_for(is_hidden, name));
}

/* Out with all of it, in the order of use; then in again. */
TEST_F(devices, usbcore_may_leave_and_come_back)
{
	static const char *const out[] = {
		"usb_f_mass_storage", "usb_f_hid", "gadgetfs",
		"libcomposite",	      "dummy_hcd", "udc_core",
		"usb_storage",	      "usbhid",	   "xhci_pci",
		"xhci_hcd",	      "usbcore",
	};
	size_t i;

	gadget_remove();
	for (i = 0; i < ARRAY_SIZE(out); i++) {
		if (!module_is_loaded(out[i]))
			continue;
		ASSERT_EQ(0, unload(out[i]))
		{
			TH_LOG("%s", out[i]);
		}
	}
	LOOK();
	EXPECT_FALSE(scene_there(self->scene, "usb/usb1"));
	self->from = log_records();
	ASSERT_EQ(0, modprobe("xhci_pci usbhid"));
	ASSERT_TRUE(wait_for(is_bound, KEYS));
	LOOK();
	EXPECT_TRUE(scene_there(self->scene, "usb/usb1"));
	EXPECT_LT(5, COUNT(DEVICE));
}

TEST_HARNESS_MAIN
