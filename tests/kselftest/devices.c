// SPDX-License-Identifier: Apache-2.0
/* Devices in the log, played through and compared with sysfs. */
#include "devices.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const buses[] = { "pci", "usb" };

__attribute__((format(printf, 2, 3))) static int fault(struct scene *scene,
						       const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	if (!*scene->fault)
		vsnprintf(scene->fault, sizeof(scene->fault), fmt, args);
	va_end(args);
	return -1;
}

void field_text(struct crd_buf fields, uint8_t type, char *text, size_t size)
{
	struct crd_buf value;

	*text = 0;
	if (crd_field_get(fields, type, &value))
		snprintf(text, size, "%.*s", (int)value.len,
			 (const char *)value.ptr);
}

void field_device(struct crd_buf fields, char *name, size_t size)
{
	char bus[16], device[128];

	field_text(fields, CRD_F_BUS, bus, sizeof(bus));
	field_text(fields, CRD_F_DEVICE, device, sizeof(device));
	snprintf(name, size, "%s/%s", bus, device);
}

static struct seen *seen_find(struct scene *scene, const char *name, bool add)
{
	unsigned int i;

	for (i = 0; i < scene->n; i++) {
		if (!strcmp(scene->seen[i].name, name))
			return &scene->seen[i];
	}
	if (!add || scene->n == MAX_DEVICES)
		return NULL;
	snprintf(scene->seen[i].name, sizeof(scene->seen[i].name), "%s", name);
	scene->n++;
	return &scene->seen[i];
}

bool scene_there(struct scene *scene, const char *name)
{
	struct seen *seen = seen_find(scene, name, false);

	return seen && seen->there;
}

static void play(struct scene *scene, struct seen *seen,
		 const struct crd_record *rec)
{
	bool come = rec->event == CRD_EV_DEVICE;
	bool bind = rec->event == CRD_EV_BIND;
	unsigned long long at = rec->recnum;
	char driver[128];

	field_text(rec->fields, CRD_F_DRIVER, driver, sizeof(driver));
	if (seen->there == come)
		fault(scene, "%s: event %u at %llu, while %s", seen->name,
		      rec->event, at, come ? "there already" : "not there");
	if (bind && seen->bound &&
	    (!seen->just_come || strcmp(driver, seen->driver)))
		fault(scene, "%s: bound again at %llu", seen->name, at);
	if (rec->event == CRD_EV_UNBIND && !seen->bound)
		fault(scene, "%s: unbound at %llu, but not bound", seen->name,
		      at);
	if (rec->event == CRD_EV_UNBIND && *driver &&
	    strcmp(driver, seen->driver))
		fault(scene, "%s: unbound from %s at %llu, but bound to %s",
		      seen->name, driver, at, seen->driver);
	if (rec->event == CRD_EV_DEVICE_GONE && seen->bound)
		fault(scene, "%s: gone at %llu, but bound", seen->name, at);
	seen->there = rec->event != CRD_EV_DEVICE_GONE;
	seen->bound = bind || (come && *driver);
	snprintf(seen->driver, sizeof(seen->driver), "%s",
		 seen->bound ? driver : "");
	seen->just_come = come;
	if (come)
		seen->device = rec->fields;
}

static bool is_of_devices(uint16_t event)
{
	return event >= CRD_EV_DEVICE && event <= CRD_EV_UNBIND;
}

static int scene_record(const struct crd_record *rec, void *ctx)
{
	struct scene *scene = ctx;
	struct seen *seen;
	char name[MAX_NAME];

	if (!is_of_devices(rec->event))
		return 0;
	if (rec->recnum >= scene->from)
		scene->events[rec->event]++;
	field_device(rec->fields, name, sizeof(name));
	seen = seen_find(scene, name, true);
	if (!seen)
		return fault(scene, "too many devices");
	play(scene, seen, rec);
	return 0;
}

static int read_line(const char *path, char *line, size_t size)
{
	uint8_t *text;
	size_t len;
	int err = file_read(path, &text, &len);

	*line = 0;
	if (err)
		return err;
	snprintf(line, size, "%s", (char *)text);
	line[strcspn(line, "\n")] = 0;
	free(text);
	return 0;
}

static void attribute(const char *device, const char *name, char *line,
		      size_t size)
{
	char path[512];

	snprintf(path, sizeof(path), "/sys/bus/%.*s/devices/%s/%s",
		 (int)strcspn(device, "/"), device, strchr(device, '/') + 1,
		 name);
	read_line(path, line, size);
}

/* A number field against a hexadecimal attribute of sysfs. */
static void same_number(struct scene *scene, const struct seen *seen,
			uint8_t field, const char *name, bool optional)
{
	uint64_t logged = 0, shown;
	bool has = crd_field_u64(seen->device, field, &logged);
	char line[64];

	attribute(seen->name, name, line, sizeof(line));
	shown = strtoull(line, NULL, 16);
	if (!*line || logged != shown || (!has && !optional))
		fault(scene, "%s: %s is %s, in the log %llx", seen->name, name,
		      line, (unsigned long long)logged);
}

/* A text, as it is where it needs no escape. */
static void same_text(struct scene *scene, const struct seen *seen,
		      uint8_t field, const char *name)
{
	char line[1024], text[1024];

	attribute(seen->name, name, line, sizeof(line));
	field_text(seen->device, field, text, sizeof(text));
	if (strcmp(line, text) && !strchr(text, '\\'))
		fault(scene, "%s: %s is '%s', in the log '%s'", seen->name,
		      name, line, text);
}

static void same_class(struct scene *scene, const struct seen *seen,
		       const char *prefix)
{
	static const char *const part[] = { "Class", "SubClass", "Protocol" };
	uint64_t logged = UINT64_MAX, shown = 0;
	char name[64], line[64];
	int i;

	for (i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", prefix, part[i]);
		attribute(seen->name, name, line, sizeof(line));
		shown = shown << 8 | strtoull(line, NULL, 16);
	}
	crd_field_u64(seen->device, CRD_F_CLASS, &logged);
	if (logged != shown)
		fault(scene, "%s: class is %llx, in the log %llx", seen->name,
		      (unsigned long long)shown, (unsigned long long)logged);
}

static void same_descriptors(struct scene *scene, const struct seen *seen)
{
	uint8_t *bytes;
	char path[512];
	size_t len;

	snprintf(path, sizeof(path), "/sys/bus/usb/devices/%s/descriptors",
		 seen->name + 4);
	if (file_read(path, &bytes, &len)) {
		fault(scene, "%s: no descriptors in sysfs", seen->name);
		return;
	}
	if (!field_is_digest_of(seen->device, CRD_F_DIGEST, bytes, len) ||
	    field_u64(seen->device, CRD_F_SIZE) != len)
		fault(scene, "%s: other descriptors", seen->name);
	free(bytes);
}

static void same_pci(struct scene *scene, const struct seen *seen)
{
	same_number(scene, seen, CRD_F_VENDOR_ID, "vendor", false);
	same_number(scene, seen, CRD_F_DEVICE_ID, "device", false);
	same_number(scene, seen, CRD_F_SUBVENDOR_ID, "subsystem_vendor", true);
	same_number(scene, seen, CRD_F_SUBDEVICE_ID, "subsystem_device", true);
	same_number(scene, seen, CRD_F_CLASS, "class", false);
	same_number(scene, seen, CRD_F_REVISION, "revision", false);
}

static void same_usb(struct scene *scene, const struct seen *seen)
{
	if (strchr(seen->name, ':')) {
		same_class(scene, seen, "bInterface");
		same_number(scene, seen, CRD_F_INTERFACE, "bInterfaceNumber",
			    false);
		return;
	}
	same_number(scene, seen, CRD_F_VENDOR_ID, "idVendor", false);
	same_number(scene, seen, CRD_F_DEVICE_ID, "idProduct", false);
	same_number(scene, seen, CRD_F_REVISION, "bcdDevice", false);
	same_class(scene, seen, "bDevice");
	same_text(scene, seen, CRD_F_MANUFACTURER, "manufacturer");
	same_text(scene, seen, CRD_F_PRODUCT, "product");
	same_text(scene, seen, CRD_F_SERIAL, "serial");
	same_descriptors(scene, seen);
}

/* The last component of where a link points; empty if there is none. */
static void link_name(const char *device, const char *link, char *name,
		      size_t size)
{
	char path[512], to[PATH_MAX];
	ssize_t len;

	snprintf(path, sizeof(path), "/sys/bus/%.*s/devices/%s/%s",
		 (int)strcspn(device, "/"), device, strchr(device, '/') + 1,
		 link);
	len = readlink(path, to, sizeof(to) - 1);
	to[len < 0 ? 0 : len] = 0;
	snprintf(name, size, "%.*s", (int)size - 1,
		 strrchr(to, '/') ? strrchr(to, '/') + 1 : to);
}

/* "0000:00:1c.0" -> "0000:00" and "1c.0" */
static bool pci_name(const char *name, unsigned int *ret_bus, char *slot)
{
	unsigned int domain;

	return sscanf(name, "%4x:%2x:%4s", &domain, ret_bus, slot) == 3;
}

/*
 * Where a device sits, read off its folder in sysfs: /sys/devices/pci0000:00/
 * 0000:00:1c.0/0000:01:00.0/usb1/1-1/1-1.2/1-1.2:1.0
 */
static void sysfs_place(const char *device, char *place, char *parent)
{
	char path[512], real[PATH_MAX], slot[8], speed[16], *part, *save;
	unsigned int bus;
	size_t n = 0;

	snprintf(path, sizeof(path), "/sys/bus/%.*s/devices/%s",
		 (int)strcspn(device, "/"), device, strchr(device, '/') + 1);
	*place = *parent = 0;
	if (!realpath(path, real))
		return;
	for (part = strtok_r(real + strlen("/sys/devices"), "/", &save); part;
	     part = strtok_r(NULL, "/", &save)) {
		char *chain = strchr(part, '-'), *colon = strchr(part, ':');
		bool usb = true;

		if (!strncmp(part, "pci", 3)) {
			n = sprintf(place, "%s", part + 3);
			continue;
		} else if (!strcmp(part, "platform")) {
			n = sprintf(place, "platform");
			continue;
		} else if (pci_name(part, &bus, slot)) {
			n += sprintf(place + n, "/%s", slot);
			usb = false;
		} else if (!strncmp(part, "usb", 3)) {
			snprintf(path, sizeof(path), "usb/%s", part);
			attribute(path, "speed", speed, sizeof(speed));
			n += sprintf(place + n, "/usb%s",
				     atoi(speed) >= 5000 ? "3" : "");
		} else if (colon) {
			n += sprintf(place + n, "%s", colon);
		} else if (chain) {
			n = strstr(place, "/usb") - place;
			n += strcspn(place + n + 1, "/") + 1;
			n += sprintf(place + n, "/%s", chain + 1);
		} else {
			n += sprintf(place + n, "/%s", part);
			continue;
		}
		if (part + strlen(part) < save && strcmp(part, device + 4))
			snprintf(parent, MAX_NAME, "%s/%s", usb ? "usb" : "pci",
				 part);
	}
}

/* Bus, slot and function as one number. */
static unsigned int pci_number(const char *name)
{
	unsigned int domain, bus = 0, slot = 0, function = 0;

	if (sscanf(name, "%x:%x:%x.%x", &domain, &bus, &slot, &function) != 4)
		return 0;
	return bus << 8 | slot << 3 | function;
}

/* A virtual function sits in the physical one, so far behind it. */
static void virtual_place(const char *device, char *place)
{
	char physical[MAX_NAME], *end = strrchr(place, '/');

	link_name(device, "physfn", physical, sizeof(physical));
	if (*physical && end)
		sprintf(end, "/%s/vf%u", strrchr(physical, ':') + 1,
			pci_number(device + 4) - pci_number(physical));
}

static void same_place(struct scene *scene, const struct seen *seen)
{
	char place[PATH_MAX], parent[MAX_NAME], text[512];

	sysfs_place(seen->name, place, parent);
	virtual_place(seen->name, place);
	field_text(seen->device, CRD_F_PORT, text, sizeof(text));
	if (strcmp(text, place))
		fault(scene, "%s: at %s, in the log %s", seen->name, place,
		      text);
	field_text(seen->device, CRD_F_PARENT, text, sizeof(text));
	if (strcmp(text, parent))
		fault(scene, "%s: below %s, in the log %s", seen->name, parent,
		      text);
}

static void same_driver(struct scene *scene, const struct seen *seen)
{
	char driver[128];

	link_name(seen->name, "driver", driver, sizeof(driver));
	if (strcmp(driver, seen->driver))
		fault(scene, "%s: driver is '%s', in the log '%s'", seen->name,
		      driver, seen->driver);
}

static unsigned int compare_bus(struct scene *scene, const char *bus)
{
	char path[64], name[MAX_NAME];
	unsigned int n = 0;
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/bus/%s/devices", bus);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		struct seen *seen;

		if (*entry->d_name == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%.128s", bus, entry->d_name);
		seen = seen_find(scene, name, false);
		n++;
		if (!seen || !seen->there) {
			fault(scene, "%s: not in the log", name);
			continue;
		}
		if (!strcmp(bus, "pci"))
			same_pci(scene, seen);
		else
			same_usb(scene, seen);
		same_place(scene, seen);
		same_driver(scene, seen);
	}
	if (dir)
		closedir(dir);
	return n;
}

struct scene *scene_play(uint64_t from)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	enum crd_reason reason;
	struct crd_error err;

	scene->from = from;
	if (log_read(&scene->log)) {
		fault(scene, "the log cannot be read");
		return scene;
	}
	crd_cel_walk((struct crd_buf){ scene->log.bytes, scene->log.len },
		     scene_record, scene, &reason, &err);
	return scene;
}

struct scene *scene_compare(uint64_t from)
{
	struct scene *scene = scene_play(from);
	unsigned int i, there = 0, shown = 0;

	for (i = 0; i < 2; i++)
		shown += compare_bus(scene, buses[i]);
	for (i = 0; i < scene->n; i++)
		there += scene->seen[i].there;
	if (!shown || there != shown)
		fault(scene, "%u devices in sysfs, %u in the log", shown,
		      there);
	return scene;
}

void scene_done(struct scene *scene)
{
	log_done(&scene->log);
	free(scene);
}

#define SETTLE_TRIES 200
#define SETTLE_US    100000

bool wait_for(bool (*done)(const char *what), const char *what)
{
	int i;

	for (i = 0; i < SETTLE_TRIES; i++) {
		if (done(what))
			return true;
		usleep(SETTLE_US);
	}
	return false;
}

static bool in_sysfs(const char *device)
{
	char path[512];

	snprintf(path, sizeof(path), "/sys/bus/%.*s/devices/%s",
		 (int)strcspn(device, "/"), device, strchr(device, '/') + 1);
	return !access(path, F_OK);
}

static bool in_log(const char *device)
{
	struct scene *scene = scene_play(0);
	bool there = scene_there(scene, device);

	scene_done(scene);
	return there;
}

bool is_shown(const char *device)
{
	return in_sysfs(device) && in_log(device);
}

bool is_hidden(const char *device)
{
	return !in_sysfs(device) && !in_log(device);
}

bool is_bound(const char *device)
{
	char driver[128];

	link_name(device, "driver", driver, sizeof(driver));
	return *driver;
}

struct last {
	uint64_t from;
	uint16_t event;
	const char *device;
	struct crd_record *rec;
	unsigned int count;
};

static int last_match(const struct crd_record *rec, void *ctx)
{
	struct last *last = ctx;
	char name[MAX_NAME];

	if (rec->recnum < last->from || rec->event != last->event)
		return 0;
	field_device(rec->fields, name, sizeof(name));
	if (strcmp(name, last->device))
		return 0;
	*last->rec = *rec;
	last->count++;
	return 0;
}

bool scene_last(const struct scene *scene, uint16_t event, const char *device,
		struct crd_record *ret)
{
	struct last last = { scene->from, event, device, ret, 0 };
	enum crd_reason reason;
	struct crd_error err;

	crd_cel_walk((struct crd_buf){ scene->log.bytes, scene->log.len },
		     last_match, &last, &reason, &err);
	return last.count > 0;
}

int modprobe(const char *names)
{
	char command[256];

	snprintf(command, sizeof(command), "modprobe -a %s", names);
	return system(command) ? -ENOENT : 0;
}
