// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read small files of procfs and sysfs, if they are mounted where they
 * belong. What is read so is worth as much as the process that loads us.
 */
#include <linux/elf.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include "procfile.h"

#define CRD_NOTE_BUILD_ID	3	/* NT_GNU_BUILD_ID */
#define CRD_NOTES_MAX		256

/* Bytes read, at most @size, or -errno. */
ssize_t crd_procfile_read(const char *path, void *buf, size_t size)
{
	struct file *file = filp_open(path, O_RDONLY | O_NOFOLLOW, 0);
	loff_t pos = 0;
	ssize_t n;

	if (IS_ERR(file))
		return PTR_ERR(file);
	n = kernel_read(file, buf, size, &pos);
	filp_close(file, NULL);
	return n;
}

/* Find the GNU build id among ELF notes; returns its length, 0 if none. */
size_t crd_note_build_id(const u8 *notes, size_t len, const u8 **ret_id)
{
	struct elf64_note nh;

	while (len >= sizeof(nh)) {
		size_t name, desc;

		memcpy(&nh, notes, sizeof(nh));
		notes += sizeof(nh);
		len -= sizeof(nh);
		if (nh.n_namesz > len || nh.n_descsz > len)
			return 0;
		name = round_up(nh.n_namesz, 4);
		desc = round_up(nh.n_descsz, 4);
		if (name + nh.n_descsz > len)
			return 0;
		if (nh.n_type == CRD_NOTE_BUILD_ID && nh.n_namesz == 4 &&
		    !memcmp(notes, "GNU", 4)) {
			*ret_id = notes + name;
			return nh.n_descsz;
		}
		if (name + desc > len)
			return 0;
		notes += name + desc;
		len -= name + desc;
	}
	return 0;
}

/* Build id of a loaded module; returns its length, 0 if it has none. */
size_t crd_procfile_build_id(const char *module, u8 *buf, size_t size)
{
	char path[128];
	u8 notes[CRD_NOTES_MAX];
	const u8 *id;
	ssize_t n;
	size_t len;

	if (snprintf(path, sizeof(path),
		     "/sys/module/%s/notes/.note.gnu.build-id",
		     module) >= sizeof(path))
		return 0;
	n = crd_procfile_read(path, notes, sizeof(notes));
	if (n <= 0)
		return 0;
	len = crd_note_build_id(notes, n, &id);
	if (len > size)
		return 0;
	memcpy(buf, id, len);
	return len;
}
