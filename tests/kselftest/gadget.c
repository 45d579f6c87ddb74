// SPDX-License-Identifier: Apache-2.0
/* USB gadgets on the loop-back controller, well-formed and not. */
#include "gadget.h"

#include "devices.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/usb/ch9.h>
#include <linux/usb/gadgetfs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONTROLLER "/sys/devices/platform/dummy_hcd.0"
#define UDC	   "dummy_udc.0"
#define CONFIGFS   "/sys/kernel/config"
#define GADGETFS   "/dev/gadget"
#define ODD	   GADGETFS "/dummy_udc"
#define PLUGGED	   CONFIGFS "/usb_gadget/plugged/"

/* What a boot keyboard says that its reports are; any will do. */
static const uint8_t report[] = { 0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x75,
				  0x08, 0x95, 0x08, 0x81, 0x02, 0xc0 };

/* "usb/3-1": the only port of the controller's root hub. */
static int plugged_name(char *ret_name)
{
	DIR *dir = opendir(CONTROLLER);
	struct dirent *entry;
	int bus = 0;

	while (dir && (entry = readdir(dir)) && !bus)
		sscanf(entry->d_name, "usb%d", &bus);
	if (dir)
		closedir(dir);
	snprintf(ret_name, MAX_NAME, "usb/%d-1", bus);
	return bus ? 0 : -ENODEV;
}

static int host_ready(char *ret_name)
{
	int err = modprobe("dummy_hcd");

	if (!err)
		err = plugged_name(ret_name);
	if (!err && !wait_for(is_hidden, ret_name))
		err = -EBUSY;
	return err;
}

static int put(const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), PLUGGED "%s", name);
	return file_puts(path, text);
}

static int put_number(const char *name, unsigned int number)
{
	char text[16];

	snprintf(text, sizeof(text), "0x%04x", number);
	return put(name, text);
}

static int make(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), PLUGGED "%s", name);
	return mkdir(path, 0755) ? -errno : 0;
}

static int use(const char *function)
{
	char from[256], to[256];

	snprintf(from, sizeof(from), PLUGGED "functions/%s", function);
	snprintf(to, sizeof(to), PLUGGED "configs/c.1/%s", function);
	return symlink(from, to) ? -errno : 0;
}

static int add_keyboard(void)
{
	int err = make("functions/hid.0");

	if (!err)
		err = put("functions/hid.0/protocol", "1");
	if (!err)
		err = put("functions/hid.0/subclass", "1");
	if (!err)
		err = put("functions/hid.0/report_length", "8");
	if (!err)
		err = file_write(PLUGGED "functions/hid.0/report_desc", report,
				 sizeof(report));
	return err ? err : use("hid.0");
}

static int add_storage(void)
{
	int err = make("functions/mass_storage.0");

	if (!err)
		err = put("functions/mass_storage.0/lun.0/removable", "1");
	return err ? err : use("mass_storage.0");
}

static int add_texts(const char *text)
{
	int err;

	if (!*text)
		return 0;
	err = make("strings/0x409");
	if (!err)
		err = put("strings/0x409/manufacturer", text);
	if (!err)
		err = put("strings/0x409/product", text);
	return err ? err : put("strings/0x409/serialnumber", text);
}

static int build(const struct gadget *gadget)
{
	int err = mkdir(PLUGGED, 0755) ? -errno : 0;

	if (!err)
		err = put_number("idVendor", gadget->vendor);
	if (!err)
		err = put_number("idProduct", gadget->product);
	if (!err)
		err = put_number("bcdDevice", gadget->version);
	if (!err)
		err = add_texts(gadget->text ? gadget->text : "x");
	if (!err)
		err = make("configs/c.1");
	if (!err && gadget->storage)
		err = add_storage();
	if (!err && gadget->keyboard)
		err = add_keyboard();
	return err;
}

void gadget_unplug(void)
{
	put("UDC", "\n");
}

void gadget_remove(void)
{
	gadget_unplug();
	unlink(PLUGGED "configs/c.1/hid.0");
	unlink(PLUGGED "configs/c.1/mass_storage.0");
	rmdir(PLUGGED "functions/hid.0");
	rmdir(PLUGGED "functions/mass_storage.0");
	rmdir(PLUGGED "configs/c.1");
	rmdir(PLUGGED "strings/0x409");
	rmdir(PLUGGED);
}

int gadget_plug(const struct gadget *gadget, char *ret_name)
{
	int err;

	gadget_remove();
	err = host_ready(ret_name);
	if (!err)
		err = modprobe("libcomposite usb_f_mass_storage usb_f_hid");
	if (!err && access(CONFIGFS "/usb_gadget", F_OK) &&
	    mount("config", CONFIGFS, "configfs", 0, NULL))
		err = -errno;
	if (!err)
		err = build(gadget);
	if (!err)
		err = put("UDC", UDC);
	if (!err && !wait_for(is_shown, ret_name))
		err = -ETIMEDOUT;
	return err;
}

void gadget_authorize(bool yes)
{
	char name[MAX_NAME], path[256];

	if (host_ready(name))
		return;
	snprintf(path, sizeof(path), CONTROLLER "/usb%d/authorized_default",
		 atoi(name + 4));
	file_puts(path, yes ? "1" : "0");
}

static int odd_fd = -1;
static pid_t odd_server;

/* Lone surrogates, of either kind, in front of an "A". */
static const uint8_t odd_text[] = { 8,	  USB_DT_STRING, 0x00, 0xd8,
				    0x00, 0xdc,		 'A',  0 };

/* Answers for texts; takes whatever is set; has nothing else. */
static void odd_setup(const struct usb_ctrlrequest *setup)
{
	bool in = setup->bRequestType & USB_DIR_IN;
	uint8_t languages[] = { 4, USB_DT_STRING, 0x09, 0x04 };
	bool text = setup->bRequest == USB_REQ_GET_DESCRIPTOR &&
		    setup->wValue >> 8 == USB_DT_STRING;
	const uint8_t *answer = setup->wValue & 0xff ? odd_text : languages;
	ssize_t done;

	if (in && text)
		done = write(odd_fd, answer,
			     answer[0] < setup->wLength ? answer[0] :
							  setup->wLength);
	else
		done = read(odd_fd, NULL, 0);
	(void)done;
}

/* Until it is killed; its descriptor is then the last, and all is undone. */
static void odd_serve(void)
{
	struct usb_gadgetfs_event event;

	while (read(odd_fd, &event, sizeof(event)) == sizeof(event)) {
		if (event.type == GADGETFS_SETUP)
			odd_setup(&event.u.setup);
	}
	_exit(1);
}

static size_t odd_config(uint8_t *to, const uint8_t *junk, size_t len)
{
	struct usb_config_descriptor config = {
		.bLength = USB_DT_CONFIG_SIZE,
		.bDescriptorType = USB_DT_CONFIG,
		.wTotalLength =
			USB_DT_CONFIG_SIZE + USB_DT_INTERFACE_SIZE + len,
		.bNumInterfaces = 1,
		.bConfigurationValue = 1,
		.bmAttributes = USB_CONFIG_ATT_ONE,
	};
	struct usb_interface_descriptor interface = {
		.bLength = USB_DT_INTERFACE_SIZE,
		.bDescriptorType = USB_DT_INTERFACE,
		.bInterfaceClass = USB_CLASS_VENDOR_SPEC,
	};

	memcpy(to, &config, USB_DT_CONFIG_SIZE);
	memcpy(to + USB_DT_CONFIG_SIZE, &interface, USB_DT_INTERFACE_SIZE);
	memcpy(to + USB_DT_CONFIG_SIZE + USB_DT_INTERFACE_SIZE, junk, len);
	return config.wTotalLength;
}

/* Tag, configuration at full and at high speed, device. */
static int odd_describe(const uint8_t *junk, size_t len)
{
	struct usb_device_descriptor device = {
		.bLength = USB_DT_DEVICE_SIZE,
		.bDescriptorType = USB_DT_DEVICE,
		.bcdUSB = 0x0200,
		.idVendor = ODD_VENDOR,
		.iManufacturer = 1,
		.iProduct = 2,
		.bNumConfigurations = 1,
	};
	uint8_t bytes[512] = { 0 };
	size_t n = 4;

	n += odd_config(bytes + n, junk, len);
	n += odd_config(bytes + n, junk, len);
	memcpy(bytes + n, &device, sizeof(device));
	n += sizeof(device);
	return write(odd_fd, bytes, n) == (ssize_t)n ? 0 : -errno;
}

int odd_gadget_plug(const uint8_t *junk, size_t len, char *ret_name)
{
	char face[MAX_NAME + 8];
	int err;

	gadget_remove();
	err = host_ready(ret_name);
	if (!err)
		err = modprobe("gadgetfs");
	mkdir(GADGETFS, 0755);
	if (!err && access(ODD, F_OK) &&
	    mount("gadget", GADGETFS, "gadgetfs", 0, NULL))
		err = -errno;
	if (err)
		return err;
	odd_fd = open(ODD, O_RDWR | O_CLOEXEC);
	if (odd_fd < 0)
		return -errno;
	err = odd_describe(junk, len);
	odd_server = err ? -1 : fork();
	if (!odd_server)
		odd_serve();
	close(odd_fd);
	snprintf(face, sizeof(face), "%s:1.0", ret_name);
	if (!err && !wait_for(is_shown, face))
		err = -ETIMEDOUT;
	return err;
}

void odd_gadget_unplug(void)
{
	kill(odd_server, SIGKILL);
	waitpid(odd_server, NULL, 0);
	umount(GADGETFS);
}
