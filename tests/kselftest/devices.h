/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Devices as the log tells of them, beside what the kernel shows in sysfs. The
 * log is played through: a device comes before anything else happens to it,
 * once, and ends as it should; what is left is compared with sysfs. Devices
 * are named "usb/1-1:1.0".
 */
#ifndef KSELFTEST_DEVICES_H
#define KSELFTEST_DEVICES_H

#include "measurer.h"

#define MAX_DEVICES 1024
#define MAX_NAME    160
#define FAULT_TEXT  512

struct seen {
	char name[MAX_NAME];
	bool there;
	bool bound;
	bool just_come; /* nothing has happened to it since */
	char driver[128];
	struct crd_buf device; /* fields of its last DEVICE */
};

struct scene {
	struct log log;
	struct seen seen[MAX_DEVICES];
	unsigned int n;
	uint64_t from;		 /* what is counted, what is looked for */
	unsigned int events[32]; /* how many of each event */
	char fault[FAULT_TEXT];	 /* the first thing that is wrong */
};

/* The log played through; events count from a record on. */
struct scene *scene_play(uint64_t from);
/* And what is left compared with sysfs, all of it, both ways. */
struct scene *scene_compare(uint64_t from);
void scene_done(struct scene *scene);
/* Its last record of that event. */
bool scene_last(const struct scene *scene, uint16_t event, const char *device,
		struct crd_record *ret_record);
bool scene_there(struct scene *scene, const char *device);
void field_text(struct crd_buf fields, uint8_t type, char *ret_text,
		size_t size);
void field_device(struct crd_buf fields, char *ret_name, size_t size);

/* With what they depend on. 0 or -ENOENT. */
int modprobe(const char *names);

/*
 * There, or not, in sysfs and in the log: the one changes shortly before the
 * other. Of a binding the log knows first.
 */
bool is_shown(const char *device);
bool is_hidden(const char *device);
bool is_bound(const char *device);
/*
 * What happens in the kernel's own threads is waited for, not slept for; false
 * after 20 s.
 */
bool wait_for(bool (*done)(const char *device), const char *device);

#endif /* KSELFTEST_DEVICES_H */
