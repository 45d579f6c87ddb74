/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Credence measurer: the format of its log and the names of its files.
 *
 * This is the one ABI header; kernel and user space both build from it. It
 * holds numbers only, includes nothing, and compiles alone as C and as C++.
 *
 * The log
 * -------
 * securityfs credence/log is a TCG Canonical Event Log in TLV encoding
 * (type u8, length u32 big-endian, value). There is no file header: the file
 * is records back to back. A record is four TLVs in this order:
 *
 *	0  recnum	8 bytes, from 0, one more for each record
 *	1  pcr		1 byte, the PCR that was extended
 *	3  digests	nested, one per active bank in the TPM's order:
 *			type = low byte of the TPM_ALG_ID, value = digest
 *	CRD_CEL_CONTENT	content, nested TLVs as below
 *
 * Each bank's digest is H(content TLV), type byte and length included, so that
 * neither can be altered unseen. A bank whose hash this kernel lacks is
 * extended with the SHA-256 of the content TLV, cut or zero-padded to the
 * bank's size; the anchor's CRD_F_BANK says for which banks this is so.
 * recnum and pcr stand outside every digest: the extend chain alone gives the
 * order.
 *
 * The content
 * -----------
 * Nested TLVs of type enum crd_field. The first three are always FORMAT,
 * EVENT and TIME, in this order; the others follow in ascending order of
 * their number; only those marked (*) in enum crd_field may repeat. Integers
 * are big-endian of the stated width. A field that does not apply, or that
 * the kernel could not learn, is absent. Within format version 1, new fields
 * and new events may appear; a reader must not ignore an event it does not
 * know, and may ignore a field that it does not know.
 *
 * Text is UTF-8 with every byte below 0x20, 0x7f, the backslash, and every
 * byte that is not part of well-formed UTF-8 (Unicode 15, table 3-7) written
 * as \xHH (two lower-case hex digits). It has no terminator. Text over its
 * limit is cut at a whole character and the field's number is listed in
 * CRD_F_TRUNCATED.
 *
 * Group records (CRD_EV_SNAPSHOT, CRD_EV_BATCH) hold CRD_F_ITEM fields, each of
 * them what would be a record of its own, without FORMAT: EVENT first, TIME in
 * a batch only, then the others in ascending order. So many components cost
 * one extend, and each can still be read by itself: "record 7, item 3", both
 * counted from 0. A group holds no group and no ANCHOR.
 *
 * A snapshot is what was there before the measurer; it takes, with the anchor
 * and the coverage record, at most CRD_MAX_START_RECORDS records, and the
 * COVERAGE record says how many components did not fit. A batch is records
 * that came while the TPM was busy with the one before: appended and extended
 * together, each before what it measures is used.
 *
 * Order and meaning
 * -----------------
 * Record 0 is the only ANCHOR. A record is appended and extended, in this
 * order under one mutex, before the thing it measures is used: a module's
 * constructors, parameter callbacks and init have not run, a firmware image
 * has not been handed to its driver. MODULE_RESULT comes after the fact: it
 * says that a load recorded before, or never got as far as being recorded,
 * failed with an error. A module record without MODULE_RESULT counts as
 * loaded.
 *
 * DEVICE is recorded before a driver can get the device, BIND before the
 * driver's probe runs, so that BIND without UNBIND counts as bound. FIRMWARE
 * joins the image to the device that asked (BUS, DEVICE) and its driver, BIND
 * joins a device to a driver and its module. PORT is where a device sits,
 * whatever it says it is: two DEVICE records of one PORT are one device that
 * came back as another, or a change of hands. It is made of what is wired and
 * not of numbers given out as things are found: a PCI domain and root bus, then
 * slot.function of each bridge and of the device ("/vf8" for a virtual function
 * so far behind its physical one); a USB controller's place, "usb" or, at its
 * SuperSpeed root hub, "usb3", then the ports of the hubs; for an interface
 * also ":configuration.interface". A controller that is not on PCI is named as
 * its own bus does: "platform/dummy_hcd.0".
 *
 * UNBIND with REASON is a probe that failed. DEVICE_GONE comes when a device is
 * off its bus, after UNBIND. These two and BIND have VENDOR_ID, DEVICE_ID,
 * CLASS and INTERFACE again, to be read alone. In the snapshot a DEVICE has the
 * DRIVER and MODULE that it is bound to, or is just about to: then that BIND
 * follows. A driver that was leaving when the measurer came has an UNBIND
 * without DRIVER.
 *
 * DIGEST is always of the content that the kernel uses; FILE_DIGEST is there
 * where what is stored differs (compressed files). Of a USB device it is over
 * the device descriptor and then each configuration with all its descriptors,
 * raw, as the kernel keeps them and shows them in sysfs (SIZE bytes). Of a file
 * that the kernel could not unpack there is FILE_DIGEST alone. PAYLOAD_DIGEST
 * is SHA-256 first; where the signature names SHA-384 or SHA-512 it is there
 * in that hash too, if the kernel had it at that time, so that the signature
 * can be checked without the file.
 *
 * A driver that asks for FIRMWARE gets a record for each time, also of what is
 * not read again: ORIGIN is CACHED then. What user space pushes has a record
 * when it is pushed (ORIGIN MEMORY, who did it, no NAME), and one when a driver
 * has asked for it and gets it. Code that came in by ways that are only counted
 * (ACTIVITY) has a record the first time, and whenever COUNT has doubled.
 *
 * Between a POWER record that begins a transition and the one that ends it the
 * TPM may be asleep. What happens then is recorded when it is over, marked
 * DEFERRED. After hibernation, or if the TPM was reset, the ending record's
 * RESET_COUNT is not the anchor's, and the log does not replay any more.
 *
 * When an extend fails, the record stays, a FAULT record follows once and the
 * state is "failed" until reboot. Whoever reads a FAULT, LOG_FULL, HOOK_LOST
 * or UNLOAD record must not take the log for complete.
 */
#ifndef _UAPI_CREDENCE_H
#define _UAPI_CREDENCE_H

/* Files, below securityfs. Mode 0400, root only. */
#define CRD_DIR			"credence"
#define CRD_FILE_LOG		"log"		/* binary, as above */
#define CRD_FILE_LOG_ASCII	"log_ascii"	/* one line a record */
#define CRD_FILE_STATUS		"status"	/* key=value lines */

/* Canonical Event Log, TLV types of a record (TCG CEL, section 5). */
#define CRD_CEL_RECNUM		0
#define CRD_CEL_PCR		1
#define CRD_CEL_DIGESTS		3
/* Ours: a private content type, high on purpose; see CRD_F_FORMAT. */
#define CRD_CEL_CONTENT		205

#define CRD_FORMAT_MAGIC	0x4352444eU	/* "CRDN" */
#define CRD_FORMAT_VERSION	1

/* Limits. Writers keep to them, readers refuse what is beyond them. */
#define CRD_TLV_HEADER		5
#define CRD_MAX_LOG		(32 * 1024 * 1024) /* the whole log */
#define CRD_MAX_CONTENT		(256 * 1024)	/* value of a content TLV */
#define CRD_MAX_TEXT		1024		/* bytes, after escaping */
#define CRD_MAX_PATH		4096		/* bytes, after escaping */
#define CRD_MAX_SIGNATURE	16384		/* PKCS#7 DER */
#define CRD_MAX_REPEAT		16		/* AUTHOR, FIRMWARE, ALIAS */
#define CRD_MAX_STRINGS		64		/* STRING, SEEN, NOT_SEEN */
#define CRD_MAX_DATA		256		/* SMBIOS formatted area */
#define CRD_MAX_BANKS		8
#define CRD_MAX_ITEMS		4096		/* ITEM fields in one record */
#define CRD_MAX_START_RECORDS	10		/* however many components */
#define CRD_PCR_DEFAULT		13
#define CRD_PCR_MAX		15		/* 16 to 23 can be reset */

/* Values of CRD_F_EVENT. */
enum crd_event_type {
	CRD_EV_ANCHOR		= 1,
	CRD_EV_SNAPSHOT		= 2,	/* group: what was there before us */
	CRD_EV_MODULE		= 3,	/* a module about to start */
	CRD_EV_MODULE_RESULT	= 4,	/* a load that failed */
	CRD_EV_FIRMWARE		= 5,	/* an image about to be handed over */
	CRD_EV_FAULT		= 6,	/* an extend failed */
	CRD_EV_LOG_FULL		= 7,	/* the memory bound was reached */
	CRD_EV_HOOK_LOST	= 8,	/* a hook did not run when it should */
	CRD_EV_UNLOAD		= 9,	/* the measurer is being unloaded */
	CRD_EV_BATCH		= 10,	/* group: events of one extend */
	CRD_EV_DEVICE		= 11,	/* a device has appeared */
	CRD_EV_DEVICE_GONE	= 12,	/* a device is going away */
	CRD_EV_BIND		= 13,	/* a driver is about to get it */
	CRD_EV_UNBIND		= 14,	/* lets go, or did not take it */
	CRD_EV_PLATFORM		= 15,	/* a part of board or firmware */
	CRD_EV_COVERAGE		= 16,	/* what is seen, and what is not */
	CRD_EV_ACTIVITY		= 17,	/* code came in by another way */
	CRD_EV_POWER		= 18,	/* sleep, hibernation, restart */
};

/*
 * Fields. u8 u16 u32 u64: big-endian integers. text, path: escaped text.
 * hash: u8 low byte of the TPM_ALG_ID, then the digest. (*) may repeat.
 */
enum crd_field {
	CRD_F_FORMAT		= 0x00,	/* u32 magic, u16 version */
	CRD_F_EVENT		= 0x01,	/* u16 enum crd_event_type */
	CRD_F_TIME		= 0x02,	/* u64 ns since boot, boot clock */
	CRD_F_TRUNCATED		= 0x03,	/* u8 x n: fields that were cut */

	/* MODULE, MODULE_RESULT, FIRMWARE, ITEM */
	CRD_F_NAME		= 0x10,	/* text */
	CRD_F_PATH		= 0x11,	/* path, as the kernel sees it */
	CRD_F_ORIGIN		= 0x12,	/* u8 enum crd_origin */
	CRD_F_SIZE		= 0x13,	/* u64 bytes of the image */
	CRD_F_DIGEST		= 0x14,	/* hash of the whole image */
	CRD_F_PAYLOAD_DIGEST	= 0x15,	/* hash (*) less appended signature */
	CRD_F_SIGNATURE		= 0x16,	/* PKCS#7 DER, appended signature */
	CRD_F_SIG_STATUS	= 0x17,	/* u8 enum crd_sig_status */
	CRD_F_AUTHOR		= 0x18,	/* text (*) modinfo */
	CRD_F_LICENSE		= 0x19,	/* text */
	CRD_F_VERSION		= 0x1a,	/* text */
	CRD_F_SRCVERSION	= 0x1b,	/* text */
	CRD_F_VERMAGIC		= 0x1c,	/* text */
	CRD_F_INTREE		= 0x1d,	/* u8 1: modinfo says intree=Y */
	CRD_F_FIRMWARE		= 0x1e,	/* text (*) modinfo firmware= */
	CRD_F_DESCRIPTION	= 0x1f,	/* text */
	CRD_F_ALIAS_VENDOR	= 0x20,	/* text (*) "pci:19e5", "usb:0bda" */
	CRD_F_TAINTS		= 0x21,	/* u64 the module's own taint bits */
	CRD_F_LOAD_FLAGS	= 0x22,	/* u32 flags of finit_module(2);
					 * FIRMWARE: the loader's FW_OPT bits
					 */
	CRD_F_BUILD_ID		= 0x23,	/* bytes, GNU build id */
	CRD_F_PID		= 0x24,	/* u32 in the initial namespace */
	CRD_F_UID		= 0x25,	/* u32 in the initial namespace */
	CRD_F_COMM		= 0x26,	/* text, name of the process */
	CRD_F_FILE_DIGEST	= 0x27,	/* hash of the file as it is stored */

	/* MODULE_RESULT, FAULT, LOG_FULL, HOOK_LOST, UNLOAD */
	CRD_F_REF		= 0x28,	/* u64 recnum spoken of */
	CRD_F_RESULT		= 0x29,	/* u32 two's complement of -errno */
	CRD_F_REASON		= 0x2a,	/* text */
	CRD_F_COUNT		= 0x2b,	/* u64 how many */

	/* DEVICE, DEVICE_GONE, BIND, UNBIND; FIRMWARE: who asked */
	CRD_F_DEVICE		= 0x2c,	/* text, name on its bus: "1-1:1.0" */
	CRD_F_DRIVER		= 0x2d,	/* text, the driver's name */
	CRD_F_BUS		= 0x2e,	/* text, "pci", "usb" ... */
	CRD_F_MODULE		= 0x2f,	/* text, driver's; if not built in */

	CRD_F_ITEM		= 0x30,	/* nested TLVs (*) */

	CRD_F_PARENT		= 0x31,	/* text "pci/0000:00:1c.0", the nearest
					 * ancestor on a bus that is measured
					 */
	CRD_F_PORT		= 0x32,	/* text, its place: "0000:00/1c.0/00.0",
					 * "0000:00/04.0/usb/1.2:1.0"
					 */
	CRD_F_VENDOR_ID		= 0x33,	/* u16 */
	CRD_F_DEVICE_ID		= 0x34,	/* u16 PCI device, USB product */
	CRD_F_SUBVENDOR_ID	= 0x35,	/* u16 PCI */
	CRD_F_SUBDEVICE_ID	= 0x36,	/* u16 PCI */
	CRD_F_CLASS		= 0x37,	/* u32 class, subclass, protocol */
	CRD_F_REVISION		= 0x38,	/* u16 PCI, ACPI; USB bcdDevice */
	CRD_F_MANUFACTURER	= 0x39,	/* text, as the thing says itself */
	CRD_F_PRODUCT		= 0x3a,	/* text, likewise */
	CRD_F_SERIAL		= 0x3b,	/* text, likewise */
	CRD_F_DSN		= 0x3c,	/* u64 PCIe Device Serial Number */
	CRD_F_DEVICE_FLAGS	= 0x3d,	/* u32 enum crd_device_flag */
	CRD_F_INTERFACE		= 0x3e,	/* u8 it is this interface of PARENT */
	CRD_F_REF_ITEM		= 0x3f,	/* u32 item of the record at REF */

	/* ANCHOR */
	CRD_F_PCR_FOUND		= 0x40,	/* hash (*) value found, per bank */
	CRD_F_RESET_COUNT	= 0x41,	/* u32 TPM2_ReadClock */
	CRD_F_RESTART_COUNT	= 0x42,	/* u32 TPM2_ReadClock */
	CRD_F_CLOCK		= 0x43,	/* u64 ms, TPM2_ReadClock */
	CRD_F_CLOCK_SAFE	= 0x44,	/* u8 */
	CRD_F_BOOT_ID		= 0x45,	/* 16 bytes, the kernel's boot_id */
	CRD_F_INSTANCE		= 0x46,	/* 16 random bytes of this start */
	CRD_F_KERNEL_RELEASE	= 0x47,	/* text, uname -r */
	CRD_F_KERNEL_VERSION	= 0x48,	/* text, uname -v */
	CRD_F_MACHINE		= 0x49,	/* text, uname -m */
	CRD_F_LOCKDOWN		= 0x4a,	/* u8 enum crd_lockdown */
	CRD_F_SECURE_BOOT	= 0x4b,	/* u8 enum crd_secure_boot */
	CRD_F_KERNEL_TAINT	= 0x4c,	/* u64, as /proc/sys/kernel/tainted */
	CRD_F_BANK		= 0x4d,	/* u16 bank, u16 hash really used (*) */
	CRD_F_PARAM		= 0x4e,	/* text (*) "pcr=13" */
	CRD_F_HOOK		= 0x4f,	/* text (*) a function or notifier */
	CRD_F_MEASURER_VERSION	= 0x50,	/* text */
	/* BUILD_ID and TAINTS of the measurer itself use 0x23 and 0x21. */

	/* FIRMWARE */
	CRD_F_OFFSET		= 0x58,	/* u64 a part of the file, from here */

	/* PLATFORM */
	CRD_F_PART		= 0x60,	/* u8 enum crd_part */
	CRD_F_SMBIOS_TYPE	= 0x61,	/* u8 */
	CRD_F_HANDLE		= 0x62,	/* u16 SMBIOS */
	CRD_F_DATA		= 0x63,	/* bytes, SMBIOS formatted area */
	CRD_F_STRING		= 0x64,	/* text (*) SMBIOS, in order */
	CRD_F_OEM_ID		= 0x65,	/* text, ACPI; NAME is the signature */
	CRD_F_OEM_TABLE_ID	= 0x66,	/* text, ACPI */
	CRD_F_OEM_REVISION	= 0x67,	/* u32 ACPI */
	CRD_F_CREATOR_ID	= 0x68,	/* text, ACPI */
	CRD_F_CREATOR_REVISION	= 0x69,	/* u32 ACPI */
	CRD_F_DYNAMIC		= 0x6a,	/* u8 1: ACPI, loaded at run time */
	CRD_F_FW_CLASS		= 0x6b,	/* 16 bytes, ESRT, GUID as stored */
	CRD_F_FW_TYPE		= 0x6c,	/* u32 ESRT */
	CRD_F_FW_VERSION	= 0x6d,	/* u32 ESRT */
	CRD_F_FW_LOWEST		= 0x6e,	/* u32 ESRT, lowest version supported */
	CRD_F_FW_FLAGS		= 0x6f,	/* u32 ESRT, capsule flags */
	CRD_F_FW_LAST_VERSION	= 0x70,	/* u32 ESRT, last attempt */
	CRD_F_FW_LAST_STATUS	= 0x71,	/* u32 ESRT, last attempt */
	CRD_F_CPU_FAMILY	= 0x72,	/* u32 */
	CRD_F_CPU_MODEL		= 0x73,	/* u32 */
	CRD_F_CPU_STEPPING	= 0x74,	/* u32 */
	CRD_F_MICROCODE		= 0x75,	/* u32 revision; COUNT: of CPUs */
	CRD_F_TPM_FIRMWARE	= 0x76,	/* u64 TPM_PT_FIRMWARE_VERSION_1, 2 */
	CRD_F_TPM_REVISION	= 0x77,	/* u32 TPM_PT_REVISION, 138 for 1.38 */
	CRD_F_BUS_ENCRYPTION	= 0x78,	/* u8 enum crd_bus_encryption */

	/* COVERAGE: a word, a colon, an explanation */
	CRD_F_SEEN		= 0x7a,	/* text (*) */
	CRD_F_NOT_SEEN		= 0x7b,	/* text (*) */

	CRD_F_POWER		= 0x7c,	/* u8 enum crd_power */
	CRD_F_ACTIVITY		= 0x7d,	/* u8 enum crd_activity; COUNT so far */
	CRD_F_DEFERRED		= 0x7e,	/* u8 1: recorded after the fact */
};

enum crd_origin {
	CRD_ORIGIN_UNMEASURED	= 0,	/* came up, but no image was seen */
	CRD_ORIGIN_FILE		= 1,	/* a file with a path */
	CRD_ORIGIN_MEMORY	= 2,	/* init_module(2) */
	CRD_ORIGIN_ANONYMOUS	= 3,	/* memfd or an unlinked file */
	CRD_ORIGIN_PRE_EXISTING	= 4,	/* loaded before the measurer */
	CRD_ORIGIN_BUILT_IN	= 5,
	CRD_ORIGIN_CACHED	= 6,	/* firmware the kernel held in memory */
	CRD_ORIGIN_PLATFORM	= 7,	/* found in the platform's firmware */
};

enum crd_sig_status {
	CRD_SIG_NONE		= 0,	/* no signature appended */
	CRD_SIG_VERIFIED	= 1,	/* the kernel verified it (sig_ok) */
	CRD_SIG_UNVERIFIED	= 2,	/* there, but the kernel did not */
};

enum crd_lockdown {
	CRD_LOCKDOWN_NONE		= 0,
	CRD_LOCKDOWN_INTEGRITY		= 1,
	CRD_LOCKDOWN_CONFIDENTIALITY	= 2,
};

enum crd_secure_boot {
	CRD_SECURE_BOOT_OFF		= 0,
	CRD_SECURE_BOOT_ON		= 1,
	CRD_SECURE_BOOT_NO_EFI		= 2,	/* not started by EFI */
	CRD_SECURE_BOOT_UNKNOWN		= 255,
};

/* Bits of CRD_F_DEVICE_FLAGS. */
enum crd_device_flag {
	CRD_DEVICE_EXTERNAL	= 1,	/* behind a port that faces outward */
	CRD_DEVICE_REMOVABLE	= 2,	/* the platform says so */
	CRD_DEVICE_VIRTUAL	= 4,	/* a virtual function of another */
	CRD_DEVICE_UNAUTHORIZED	= 8,	/* USB: not let in by user space yet */
	CRD_DEVICE_ROOT_HUB	= 16,	/* USB: the controller itself */
};

enum crd_part {
	CRD_PART_SMBIOS		= 1,	/* one structure */
	CRD_PART_SMBIOS_TABLE	= 2,	/* all of them: SIZE, DIGEST, COUNT */
	CRD_PART_ACPI		= 3,	/* one table; FACS: no DIGEST, it is the
					 * firmware's working memory
					 */
	CRD_PART_ESRT		= 4,	/* one entry of firmware resources */
	CRD_PART_CPU		= 5,	/* processors alike in all of this */
	CRD_PART_TPM		= 6,
};

enum crd_bus_encryption {
	CRD_BUS_ENCRYPTION_OFF		= 0,	/* it could, but must not */
	CRD_BUS_ENCRYPTION_ON		= 1,
	CRD_BUS_ENCRYPTION_ABSENT	= 2,	/* this kernel cannot */
	CRD_BUS_ENCRYPTION_UNKNOWN	= 255,
};

enum crd_power {
	CRD_POWER_SUSPEND	= 1,	/* about to sleep */
	CRD_POWER_RESUME	= 2,
	CRD_POWER_HIBERNATE	= 3,	/* about to write an image */
	CRD_POWER_RESTORED	= 4,	/* after it, or an attempt at it */
	CRD_POWER_RESTART	= 5,	/* reboot or kexec */
	CRD_POWER_OFF		= 6,	/* halt or power off */
};

enum crd_activity {
	CRD_ACTIVITY_KEXEC_IMAGE	= 1,	/* kexec_file_load(2) */
	CRD_ACTIVITY_KEXEC_INITRAMFS	= 2,	/* its initramfs */
	CRD_ACTIVITY_KEXEC_LOAD		= 3,	/* kexec_load(2): not seen */
	CRD_ACTIVITY_BPF		= 4,	/* a program was loaded */
	CRD_ACTIVITY_LIVEPATCH		= 5,	/* a patch was enabled */
	CRD_ACTIVITY_KPROBE		= 6,	/* a probe was set */
	CRD_ACTIVITY_FTRACE		= 7,	/* a function redirected */
};

#endif /* _UAPI_CREDENCE_H */
