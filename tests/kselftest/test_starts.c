// SPDX-License-Identifier: Apache-2.0
/*
 * The measurer starts while devices come and go (H20): each is in the snapshot
 * or in a record of its own, never in both or in neither. CRD_STARTS gives the
 * number of starts (default 12), half as many where usbcore comes and goes. The
 * measurer is not loaded when the tests begin.
 */
#include "devices.h"
#include "kselftest_harness.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 300

#define MEASURER  "/credence.ko"
#define KEYS	  "usb/1-1:1.0"
#define STEP_US	  5000 /* each start comes so much later in what is going on */
#define RUN_US	  100000
#define SETTLE_US 1000000 /* longest of usbcore's own delays */

static unsigned int starts(void)
{
	const char *text = getenv("CRD_STARTS");

	return text ? atoi(text) : 12;
}

static volatile sig_atomic_t stop;

static void on_term(int sig)
{
	stop = sig;
}

/*
 * A process that goes on until it is told to stop, and then ends a cycle. A
 * device may refuse a cycle, as one does that had to wait too long for its
 * processor; only if it refuses all of them nothing has gone on.
 */
static pid_t begin(int (*cycle)(void))
{
	pid_t pid = fork();
	unsigned int done = 0;

	if (pid)
		return pid;
	signal(SIGTERM, on_term);
	do {
		done += !cycle();
	} while (!stop);
	_exit(done ? 0 : 1);
}

static int end(pid_t pid)
{
	int status = -1;

	kill(pid, SIGTERM);
	waitpid(pid, &status, 0);
	return status;
}

/* Out and in again, also if it would not go. */
static int out_and_in(const char *out, const char *out_text, const char *in,
		      const char *in_text)
{
	int err = file_puts(out, out_text);
	int back = file_puts(in, in_text);

	return err ? err : back;
}

static int card_cycle(void)
{
	return out_and_in("/sys/bus/pci/devices/0000:01:00.0/remove", "1",
			  "/sys/bus/pci/rescan", "1");
}

static int card_driver_cycle(void)
{
	return out_and_in("/sys/bus/pci/drivers/e1000/unbind", "0000:01:00.0",
			  "/sys/bus/pci/drivers/e1000/bind", "0000:01:00.0");
}

static int keyboard_cycle(void)
{
	return out_and_in("/sys/bus/usb/devices/1-1/authorized", "0",
			  "/sys/bus/usb/devices/1-1/authorized", "1");
}

/* All of it, also if meanwhile we are told to stop. */
static void settle(void)
{
	struct timespec left = { .tv_nsec = SETTLE_US % 1000000 * 1000,
				 .tv_sec = SETTLE_US / 1000000 };

	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

/*
 * While the measurer looks the bus up, usbcore cannot leave: try again. It must
 * not leave too early either: its hubs put off work to a queue of the kernel's
 * (hub_activate), which no kernel up to 6.12 waits for when it goes.
 */
static int usbcore_cycle(void)
{
	static const char *const out[] = { "xhci_pci", "xhci_hcd", "usbcore" };
	int err = modprobe("xhci_pci");
	int i;

	settle();
	for (i = 0; !err && i < 3; i++) {
		if (i == 2)
			settle(); /* the last hub has gone */
		do {
			err = unload(out[i]);
		} while (err == -EAGAIN);
	}
	return err;
}

FIXTURE(starts)
{
	int unused;
};

FIXTURE_SETUP(starts)
{
	ASSERT_FALSE(module_is_loaded("credence"));
	ASSERT_EQ(0, modprobe("xhci_pci usbhid e1000"));
}

FIXTURE_TEARDOWN(starts)
{
	if (module_is_loaded("credence"))
		unload("credence");
}

/* One start amid two things that go on; both end before the log is read. */
static void start_once(struct __test_metadata *_metadata, unsigned int after,
		       int (*one)(void), int (*two)(void))
{
	pid_t a = begin(one), b = begin(two);
	struct scene *scene;
	const char *fault;

	usleep(after);
	ASSERT_EQ(0, load_file(MEASURER, "unloadable=1"));
	usleep(RUN_US);
	EXPECT_EQ(0, end(a));
	EXPECT_EQ(0, end(b));
	scene = scene_compare(0);
	EXPECT_STREQ("", scene->fault)
	{
		TH_LOG("started after %u us", after);
	}
	EXPECT_LT(0, scene->events[CRD_EV_DEVICE]);
	scene_done(scene);
	fault = golden_rule();
	EXPECT_EQ(NULL, fault)
	{
		TH_LOG("%s", fault);
	}
	ASSERT_EQ(0, unload("credence"));
}

TEST_F(starts, amid_cards_and_interfaces)
{
	unsigned int i;

	for (i = 0; i < starts(); i++)
		start_once(_metadata, i * STEP_US, card_cycle, keyboard_cycle);
}

TEST_F(starts, amid_drivers)
{
	unsigned int i;

	for (i = 0; i < starts(); i++)
		start_once(_metadata, i * STEP_US, card_driver_cycle,
			   keyboard_cycle);
}

/* Amid its coming, its controller's going, its own going. */
static unsigned int usb_moment(unsigned int i)
{
	return i * STEP_US + i % 3 * SETTLE_US;
}

TEST_F(starts, amid_the_coming_and_going_of_usb)
{
	unsigned int i;

	ASSERT_EQ(0, unload("usbhid"));
	for (i = 0; i < starts() / 2; i++)
		start_once(_metadata, usb_moment(i), usbcore_cycle, card_cycle);
}

/* And it leaves amid all that, with nothing left behind in any chain. */
TEST_F(starts, leaving_amid_the_coming_and_going_of_usb)
{
	unsigned int i;

	unload("usbhid");
	for (i = 0; i < starts() / 2; i++) {
		pid_t a = begin(usbcore_cycle), b = begin(card_cycle);

		ASSERT_EQ(0, load_file(MEASURER, "unloadable=1"));
		usleep(usb_moment(i));
		ASSERT_EQ(0, unload("credence"));
		EXPECT_EQ(0, end(a));
		EXPECT_EQ(0, end(b));
	}
}

TEST_HARNESS_MAIN
