// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collect.h"
#include "host.h"
#include "hwdata.h"
#include "io.h"
#include "options.h"
#include "verifier.h"

static const char lost[] =
	"no measurer's log on this machine: what follows is self-reported, as of now; "
	"what came and went, firmware, and what the drivers' bytes were is lost";

struct inventory {
	const char *log_file;
	const char *evidence_file;
	const char *root;
	const char *registry_dir;
	struct crd_registry *registry;
	struct crd_registry_bytes registry_bytes;
	struct crd_log bytes; /* what was read */
	struct crd_buf log;   /* NULL: no measurer */
	struct crd_inventory from_log;
	struct crd_host *host;
	struct crd_hwdata *hwdata;
	struct crd_show show;
};

/* Vendors are a help here, not a need: no registry, no vendors. */
static int load_registry(struct inventory *w)
{
	struct crd_error err;
	int r = crd_registry_read(w->registry_dir, true, &w->registry,
				  &w->registry_bytes, &err);

	if (r == 0)
		return -1;
	if (w->registry_dir || (r != -ENOENT && r != -ENOTDIR))
		return crd_io_fail(crd_io_input_exit(r), &err);
	crd_io_note("no vendor registry, so vendors stay unknown: %s",
		    err.text);
	return -1;
}

static int read_evidence(struct inventory *w, struct crd_error *err)
{
	struct crd_evidence e;
	int r;

	r = crd_io_read(w->evidence_file, CRD_MAX_EVIDENCE_FILE,
			&w->bytes.bytes, &w->bytes.len, err);
	if (r < 0)
		return crd_io_fail(r == -E2BIG ? CRD_EXIT_MALFORMED :
						 crd_io_input_exit(r),
				   err);
	r = crd_evidence_decode(
		(struct crd_buf){ w->bytes.bytes, w->bytes.len }, &e, err);
	if (r < 0)
		return crd_io_error(CRD_EXIT_MALFORMED, "%s: byte %zu: %s",
				    w->evidence_file, err->offset, err->text);
	w->log = e.log_measurer;
	if (w->log.ptr)
		return -1;
	return crd_io_error(CRD_EXIT_FAILURE, "%s holds no measurer's log",
			    w->evidence_file);
}

static int read_log(struct inventory *w)
{
	struct crd_error err;
	int r;

	if (w->evidence_file)
		return read_evidence(w, &err);
	if (w->log_file)
		r = crd_io_read(w->log_file, CRD_MAX_LOG_FILE, &w->bytes.bytes,
				&w->bytes.len, &err);
	else
		r = crd_collect_file(w->root, CRD_PATH_MEASURER, &w->bytes,
				     &err);
	if (r < 0)
		return crd_io_fail(w->log_file ? crd_io_input_exit(r) :
						 CRD_EXIT_FAILURE,
				   &err);
	w->log = (struct crd_buf){ w->bytes.bytes, w->bytes.len };
	return -1;
}

/* Nothing is quoted here, so "covered" says nothing: all records count. */
static int from_log(struct inventory *w)
{
	struct crd_error err = { 0 };
	int r;

	r = crd_inventory_from_log(w->log, UINT64_MAX, &w->from_log, &err);
	if (r == 0)
		return -1;
	return crd_io_error(r == -ENOMEM ? CRD_EXIT_FAILURE :
					   CRD_EXIT_MALFORMED,
			    "measurer's log: byte %zu: %s", err.offset,
			    err.text[0] ? err.text : strerror(-r));
}

/*
 * The machine's own word, before its log: so whatever it shows was recorded
 * earlier. With a log there may be none: there is nothing to compare then.
 */
static int from_host(struct inventory *w)
{
	struct crd_error err;
	int r;

	if (w->log_file || w->evidence_file)
		return -1;
	r = crd_host_read(w->root, &w->host, &err);
	if (r == -ENOENT)
		return -1;
	return r < 0 ? crd_io_fail(CRD_EXIT_FAILURE, &err) : -1;
}

/* What was read, and which of it comes first. */
static int choose(struct inventory *w)
{
	struct crd_show *show = &w->show;
	int r;

	if (w->log.ptr) {
		r = from_log(w);
		if (r >= 0)
			return r;
		show->inventory = &w->from_log;
		if (w->host)
			show->beside = crd_host_inventory(w->host);
		return -1;
	}
	if (!w->host)
		return crd_io_error(
			CRD_EXIT_FAILURE,
			"there is neither a measurer's log nor /sys or /proc/modules to read");
	show->inventory = crd_host_inventory(w->host);
	show->lost = lost;
	if (!crd_io_is_json())
		crd_io_note("%s", lost);
	return -1;
}

static int check_filter(const struct inventory *w)
{
	const char *fault = crd_filter_fault(&w->show.filter, w->registry);

	if (!fault)
		return -1;
	return crd_io_error(
		CRD_EXIT_USAGE,
		"'%s' is none that --bus, --kind, --class or --vendor knows; see credence-inventory(1)",
		fault);
}

static int print(struct inventory *w)
{
	struct crd_show *show = &w->show;
	int r;

	show->registry = w->registry;
	show->now = time(NULL);
	show->flags = crd_io_colour() ? CRD_TEXT_COLOUR : 0;
	w->hwdata = crd_hwdata_new(w->root);
	if (w->hwdata) {
		show->name = crd_hwdata_name;
		show->name_ctx = w->hwdata;
	}
	r = crd_io_is_json() ? crd_inventory_json(show, crd_io_put, NULL) :
			       crd_inventory_text(show, crd_io_put, NULL);
	if (r < 0)
		return crd_io_error(CRD_EXIT_FAILURE, "no inventory: %s",
				    strerror(-r));
	return CRD_EXIT_OK;
}

static int run(const struct crd_cmd *cmd, int argc, char **argv)
{
	struct inventory w = { 0 };
	struct crd_filter *f = &w.show.filter;
	const struct crd_option opts[] = {
		{ "bus", 0, CRD_OPT_TEXT, &f->bus, "BUS",
		  "only pci, usb or platform" },
		{ "kind", 0, CRD_OPT_TEXT, &f->kind, "KIND",
		  "only device, driver, firmware or platform" },
		{ "class", 0, CRD_OPT_TEXT, &f->class, "WORD",
		  "only devices of a policy's class: network, storage ..." },
		{ "vendor", 0, CRD_OPT_TEXT, &f->vendor, "VENDOR",
		  "only of a vendor: an id as 8086, or an entity" },
		{ "listed", 0, CRD_OPT_FLAG, &f->listed, NULL,
		  "only whose vendor stands on a list" },
		{ "unsigned", 0, CRD_OPT_FLAG, &f->unsigned_only, NULL,
		  "only drivers without a verified signature" },
		{ "log", 0, CRD_OPT_TEXT, &w.log_file, "FILE",
		  "a measurer's log to read instead of this machine's" },
		{ "evidence", 0, CRD_OPT_TEXT, &w.evidence_file, "FILE",
		  "evidence to read instead; its signature is not checked" },
		{ "registry", 0, CRD_OPT_TEXT, &w.registry_dir, "DIR",
		  "vendor registry; default: the installed one" },
		{ "as-of", 0, CRD_OPT_DAY, &w.show.as_of, "DAY",
		  "lists of that day, e.g. 2026-01-31; default: today" },
		{ "root", 0, CRD_OPT_TEXT, &w.root, "DIR",
		  "read /sys, /proc, /lib and /usr/share from below DIR; for tests" },
		{ 0 },
	};
	int r = crd_options_parse(cmd, opts, argc, argv, NULL, 0);

	if (r < 0 && w.log_file && w.evidence_file)
		r = crd_io_error(CRD_EXIT_USAGE,
				 "give either --log or --evidence");
	if (r < 0)
		r = load_registry(&w);
	if (r < 0)
		r = check_filter(&w);
	if (r < 0)
		r = from_host(&w);
	if (r < 0)
		r = read_log(&w);
	if (r < 0)
		r = choose(&w);
	if (r < 0)
		r = print(&w);
	crd_inventory_done(&w.from_log);
	crd_host_free(&w.host);
	crd_hwdata_free(&w.hwdata);
	crd_registry_free(&w.registry);
	crd_registry_bytes_free(&w.registry_bytes);
	free(w.bytes.bytes);
	return r;
}

const struct crd_cmd crd_cmd_inventory = {
	.name = "inventory",
	.summary = "show devices, drivers, firmware and the platform",
	.synopsis = "[--log FILE | --evidence FILE] [OPTION...]",
	.notes =
		"From the measurer's log, compared with what the machine says of itself now;\n"
		"without the measurer from that alone, labelled self-reported.",
	.run = run,
};
