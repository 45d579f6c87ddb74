// SPDX-License-Identifier: Apache-2.0
/*
 * A storm of hotplug (H18): one record for each uevent of a device on PCI or
 * USB, in the same order, and the log replays. CRD_CYCLES gives the number of
 * cycles, of all kinds together (default 200).
 */
#include "devices.h"
#include "gadget.h"
#include "kselftest_harness.h"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/wait.h>

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 600

#define NIC	     "pci/0000:01:00.0"
#define KEYS	     "usb/1-1:1.0"
#define MOUSE	     "usb/1-2"
#define MAX_STEPS    20000
#define SOCKET_BYTES (64 << 20)

/* What happened to which device, in order. */
struct step {
	char device[40];
	char what; /* add, bind, unbind, remove */
};

struct steps {
	struct step *step;
	unsigned int n;
};

static void step_add(struct steps *steps, const char *device, char what)
{
	struct step *step = &steps->step[steps->n];

	if (steps->n == MAX_STEPS)
		return;
	snprintf(step->device, sizeof(step->device), "%s", device);
	step->what = what;
	steps->n++;
}

static int uevents_open(void)
{
	struct sockaddr_nl here = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int size = SOCKET_BYTES;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    bind(fd, (struct sockaddr *)&here, sizeof(here)))
		return -1;
	return fd;
}

/* "unbind@/devices/.../1-1:1.0", then KEY=VALUE, each with a NUL. */
static void uevent_add(struct steps *steps, const char *text, size_t len)
{
	static const struct {
		const char *action;
		char what;
	} known[] = { { "add@", 'a' },
		      { "bind@", 'b' },
		      { "unbind@", 'u' },
		      { "remove@", 'r' } };
	const char *path = strchr(text, '@'), *bus = NULL, *at;
	char device[MAX_NAME];
	size_t i;

	for (at = text; at < text + len; at += strlen(at) + 1) {
		if (!strcmp(at, "SUBSYSTEM=pci") ||
		    !strcmp(at, "SUBSYSTEM=usb"))
			bus = at + strlen("SUBSYSTEM=");
	}
	if (!bus || !path || strncmp(path, "@/devices/", 10))
		return;
	snprintf(device, sizeof(device), "%s/%s", bus, strrchr(text, '/') + 1);
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (!strncmp(text, known[i].action, strlen(known[i].action)))
			step_add(steps, device, known[i].what);
	}
}

/* All that there are so far; false if some were lost. */
static bool uevents_take(int fd, struct steps *steps)
{
	char text[8192];
	ssize_t len;

	while ((len = recv(fd, text, sizeof(text) - 1, 0)) > 0) {
		text[len] = 0;
		uevent_add(steps, text, len);
	}
	return len < 0 && errno == EAGAIN;
}

struct records {
	struct steps *steps;
	uint64_t from;
};

/* A probe that failed has no uevent: it and its BIND are left out. */
static int record_step(const struct crd_record *rec, void *ctx)
{
	static const char what[] = { [CRD_EV_DEVICE] = 'a',
				     [CRD_EV_DEVICE_GONE] = 'r',
				     [CRD_EV_BIND] = 'b',
				     [CRD_EV_UNBIND] = 'u' };
	struct records *records = ctx;
	struct crd_buf reason;
	char device[MAX_NAME];

	if (rec->recnum < records->from || rec->event >= sizeof(what) ||
	    !what[rec->event])
		return 0;
	field_device(rec->fields, device, sizeof(device));
	if (crd_field_get(rec->fields, CRD_F_REASON, &reason)) {
		records->steps->n--;
		return strcmp(records->steps->step[records->steps->n].device,
			      device);
	}
	step_add(records->steps, device, what[rec->event]);
	return 0;
}

/* The next step of that device from @from on; steps->n if there is none. */
static unsigned int next_of(const struct steps *steps, const char *device,
			    unsigned int from)
{
	while (from < steps->n && strcmp(steps->step[from].device, device))
		from++;
	return from;
}

/* Each device's steps are the same in both. NULL, or what is not. */
static const char *steps_differ(const struct steps *a, const struct steps *b)
{
	static char text[160];
	unsigned int i, k;

	for (i = 0; i < a->n; i++) {
		const char *device = a->step[i].device;
		unsigned int x = next_of(a, device, 0);
		unsigned int y = next_of(b, device, 0);

		if (x != i)
			continue; /* done before */
		for (k = 0; x < a->n && y < b->n; k++) {
			if (a->step[x].what != b->step[y].what)
				break;
			x = next_of(a, device, x + 1);
			y = next_of(b, device, y + 1);
		}
		if (x < a->n || y < b->n) {
			snprintf(text, sizeof(text),
				 "%s: differs at its step %u", device, k);
			return text;
		}
	}
	if (a->n == b->n)
		return NULL;
	snprintf(text, sizeof(text), "%u uevents, %u records", a->n, b->n);
	return text;
}

FIXTURE(hotplug)
{
	int fd;
	uint64_t from;
	unsigned int cycles;
	unsigned int expected; /* uevents, at least */
};

FIXTURE_SETUP(hotplug)
{
	const char *text = getenv("CRD_CYCLES");

	self->cycles = text ? atoi(text) : 200;
	ASSERT_EQ(0, modprobe("xhci_pci usbhid dummy_hcd"));
	ASSERT_TRUE(wait_for(is_bound, KEYS));
	self->fd = uevents_open();
	ASSERT_LE(0, self->fd);
	self->from = log_records();
}

/* Whatever was done: the log and the uevents tell the same story. */
FIXTURE_TEARDOWN(hotplug)
{
	struct steps shown = { calloc(MAX_STEPS, sizeof(struct step)), 0 };
	struct steps logged = { calloc(MAX_STEPS, sizeof(struct step)), 0 };
	struct records records = { &logged, self->from };
	struct scene *scene = scene_compare(self->from);
	const char *fault;
	enum crd_reason reason;
	struct crd_error err;

	EXPECT_STREQ("", scene->fault);
	EXPECT_TRUE(uevents_take(self->fd, &shown));
	EXPECT_EQ(0, crd_cel_walk((struct crd_buf){ scene->log.bytes,
						    scene->log.len },
				  record_step, &records, &reason, &err));
	EXPECT_LE(self->expected, shown.n);
	fault = steps_differ(&shown, &logged);
	EXPECT_EQ(NULL, fault)
	{
		TH_LOG("%s", fault);
	}
	TH_LOG("%u uevents, %u records", shown.n, logged.n);
	fault = golden_rule();
	EXPECT_EQ(NULL, fault)
	{
		TH_LOG("%s", fault);
	}
	scene_done(scene);
	free(shown.step);
	free(logged.step);
	close(self->fd);
}

static int card_cycle(void)
{
	int err = file_puts("/sys/bus/pci/devices/0000:01:00.0/remove", "1");

	return err ? err : file_puts("/sys/bus/pci/rescan", "1");
}

static int keyboard_cycle(void)
{
	int err = file_puts("/sys/bus/usb/devices/1-1/authorized", "0");

	return err ? err :
		     file_puts("/sys/bus/usb/devices/1-1/authorized", "1");
}

TEST_F(hotplug, a_card)
{
	unsigned int i, n = self->cycles * 60 / 100;

	for (i = 0; i < n; i++)
		ASSERT_EQ(0, card_cycle());
	self->expected = 2 * n;
}

TEST_F(hotplug, interfaces_with_a_driver)
{
	unsigned int i, n = self->cycles * 22 / 100;

	for (i = 0; i < n; i++)
		ASSERT_EQ(0, keyboard_cycle());
	self->expected = 4 * n;
}

/* Two buses at once, from two processes: events may share an extend. */
TEST_F(hotplug, both_at_once)
{
	unsigned int i, n = self->cycles * 6 / 100;
	pid_t other = fork();
	int status;

	ASSERT_LE(0, other);
	for (i = 0; !other && i < n; i++) {
		if (keyboard_cycle())
			_exit(1);
	}
	if (!other)
		_exit(0);
	for (i = 0; i < n; i++)
		ASSERT_EQ(0, card_cycle());
	ASSERT_EQ(other, waitpid(other, &status, 0));
	EXPECT_EQ(0, status);
	self->expected = 6 * n;
}

static int host(const char *command, const char *arguments)
{
	char line[512];

	snprintf(line, sizeof(line),
		 "host 'qmp {\"execute\":\"%s\",\"arguments\":{"
		 "\"id\":\"mouse\"%s}}'",
		 command, arguments);
	return system(line);
}

/* The whole way: the host's ports, the device answering, its strings. */
TEST_F(hotplug, a_mouse)
{
	unsigned int i, n = self->cycles * 3 / 100;

	for (i = 0; i < n; i++) {
		ASSERT_EQ(0, host("device_add",
				  ",\"driver\":\"usb-mouse\",\"bus\":\"x.0\","
				  "\"port\":\"2\""));
		ASSERT_TRUE(wait_for(is_bound, MOUSE ":1.0"));
		ASSERT_EQ(0, host("device_del", ""));
		ASSERT_TRUE(wait_for(is_hidden, MOUSE));
	}
	self->expected = 8 * n;
}

/* Pulled out as soon as it is there, while its drivers are still probing. */
TEST_F(hotplug, a_stick_with_a_loose_contact)
{
	struct gadget gadget = { 0x0951, 0x1666, 0x0110, .storage = true };
	char name[MAX_NAME];
	unsigned int i, n = self->cycles * 3 / 100;

	for (i = 0; i < n; i++) {
		ASSERT_EQ(0, gadget_plug(&gadget, name));
		gadget_unplug();
		ASSERT_TRUE(wait_for(is_hidden, name));
	}
	gadget_remove();
	self->expected = 2 * n;
}

TEST_HARNESS_MAIN
