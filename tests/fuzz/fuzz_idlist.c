// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_idlist - lists of ids as distributions install them. The first byte
 * chooses which list the rest is. Each line is asked for; what is answered must
 * stand in the list, and what PNP's list plainly says must be answered.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "idlist.h"
#include "scratch.h"

static const struct {
	const char *path, *scheme, *list;
} files[] = {
	{ "usr/share/hwdata/pnp.ids", "pnp", "pnp.ids" },
	{ "usr/share/ieee-data/oui.txt", "oui", "oui.txt" },
	{ "usr/share/ieee-data/oui36.txt", "oui", "oui.txt" },
	{ "usr/share/misc/pci.ids", "pci", "pci.ids" },
	{ "usr/share/hwdata/usb.ids", "usb", "usb.ids" },
};

/* The list without which those of divided blocks do not count. */
static const char main_list[] = "00-22-72   (hex)\t\tOne\n"
				"002272     (base 16)\t\tOne\n";

enum { N_FILES = sizeof(files) / sizeof(files[0]), OUI = 1, OUI36 = 2 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static void need(int good)
{
	if (!good)
		abort();
}

static void drop(void)
{
	scratch_drop(NULL);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	need(!scratch_make(NULL));
	return atexit(drop);
}

static int has(struct crd_buf list, struct crd_buf name)
{
	return !name.len || memmem(list.ptr, list.len, name.ptr, name.len) ||
	       memmem(main_list, sizeof(main_list), name.ptr, name.len);
}

/* The same each time; the name is of one line, and of the list. */
static enum crd_named ask(struct crd_idlist *lists, const char *scheme,
			  struct crd_buf value, struct crd_buf list,
			  struct crd_buf *ret_name)
{
	struct crd_buf again = { NULL, 0 };
	enum crd_named named = crd_idlist_named(scheme, value, ret_name, lists);

	need(named == crd_idlist_named(scheme, value, &again, lists));
	if (named != CRD_NAMED)
		return named;
	need(again.len == ret_name->len && again.ptr == ret_name->ptr);
	need(!again.len || !memchr(again.ptr, '\n', again.len));
	/* the value itself is a company's, with quotes or without */
	need(again.ptr == value.ptr || has(list, again));
	return named;
}

/* "DEL\tDell Inc.": there is an answer, if not of this line. */
static void ask_pnp(struct crd_idlist *lists, struct crd_buf line,
		    struct crd_buf list)
{
	struct crd_buf key = { line.ptr, line.len < 3 ? line.len : 3 }, name;
	enum crd_named named = ask(lists, "pnp", key, list, &name);

	if (line.len >= 5 && line.ptr[3] == '\t')
		need(named == CRD_NAMED);
}

/* As a prefix of each length, and as a company; whose a prefix is has one. */
static void ask_oui(struct crd_idlist *lists, struct crd_buf line,
		    struct crd_buf list)
{
	uint8_t digits[9];
	struct crd_buf key = { digits, 0 }, name, again;
	const uint8_t *tab = memrchr(line.ptr, '\t', line.len);
	size_t i;

	for (i = 0; i < line.len && key.len < sizeof(digits); i++) {
		if (isxdigit(line.ptr[i]))
			digits[key.len++] = (uint8_t)tolower(line.ptr[i]);
		if (key.len != 6 && key.len != 7 && key.len != 9)
			continue;
		if (ask(lists, "oui", key, list, &name) != CRD_NAMED)
			continue;
		need(!name.len || (!isspace(name.ptr[0]) &&
				   !isspace(name.ptr[name.len - 1])));
		/* a name of digits only would be a prefix */
		if (name.len > 9 && name.len <= 256 &&
		    !memchr(name.ptr, '"', name.len))
			need(ask(lists, "oui", name, list, &again) ==
			     CRD_NAMED);
	}
	if (tab)
		line = (struct crd_buf){ tab + 1, (size_t)(line.ptr + line.len -
							   tab - 1) };
	ask(lists, "oui", line, list, &name);
}

static void ask_line(struct crd_idlist *lists, size_t which,
		     struct crd_buf line, struct crd_buf list)
{
	struct crd_buf name;

	if (!which) {
		ask_pnp(lists, line, list);
	} else if (which <= OUI36) {
		ask_oui(lists, line, list);
	} else {
		line.len = line.len < 4 ? line.len : 4;
		ask(lists, files[which].scheme, line, list, &name);
	}
}

static void ask_lines(struct crd_idlist *lists, size_t which,
		      struct crd_buf list)
{
	struct crd_buf left = list, line;
	const uint8_t *end;

	while (left.len) {
		end = memchr(left.ptr, '\n', left.len);
		line = (struct crd_buf){ left.ptr,
					 end ? (size_t)(end - left.ptr) :
					       left.len };
		ask_line(lists, which, line, list);
		left.ptr += line.len + (end != NULL);
		left.len -= line.len + (end != NULL);
	}
}

/* One that cannot answer is told to be missing. */
static void ask_missing(struct crd_idlist *lists, size_t which)
{
	struct crd_buf one = { (const uint8_t *)"002272", 6 }, name;
	enum crd_named named =
		crd_idlist_named(files[which].scheme, one, &name, lists);

	need(which != OUI36 || named != CRD_NAMED_NOT);
	need(!strcmp(crd_idlist_missing(lists),
		     named == CRD_NAMED_NO_LIST ? files[which].list : ""));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct crd_buf list = { data + 1, size - 1 };
	struct crd_idlist *lists;
	size_t which;

	if (!size)
		return 0;
	which = (uint8_t)(data[0] - '0') % N_FILES;
	scratch_write(files[which].path, list.ptr, list.len);
	if (which == OUI36)
		scratch_write(files[OUI].path, main_list,
			      sizeof(main_list) - 1);
	lists = crd_idlist_new(scratch);
	need(lists != NULL);
	ask_missing(lists, which);
	ask_lines(lists, which, list);
	crd_idlist_free(&lists);
	need(!remove(scratch_path(files[which].path)));
	need(which != OUI36 || !remove(scratch_path(files[OUI].path)));
	return 0;
}
