// SPDX-License-Identifier: Apache-2.0
#include "options.h"

#include <credence.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "challenge.h"
#include "io.h"

#define MAX_OPTIONS 32

static int set_format(const struct crd_cmd *cmd, const char *text)
{
	bool csv = cmd->csv && strcmp(text, "csv") == 0;

	if (!csv && strcmp(text, "json") && strcmp(text, "text"))
		return crd_io_error(CRD_EXIT_USAGE,
				    "--format %s: give text%s json%s", text,
				    cmd->csv ? "," : " or",
				    cmd->csv ? " or csv" : "");
	crd_io_json(strcmp(text, "json") == 0);
	crd_io_csv(csv);
	return -1;
}

static int set_pcr(const struct crd_option *opt, const char *text)
{
	char *end;
	unsigned long v;

	errno = 0;
	v = strtoul(text, &end, 10);
	if (errno || *end || *text < '0' || *text > '9' || v > CRD_PCR_MAX)
		return crd_io_error(CRD_EXIT_USAGE,
				    "--%s %s: not a number from 0 to %d",
				    opt->name, text, CRD_PCR_MAX);
	*(uint32_t *)opt->value = (uint32_t)v;
	return -1;
}

static int set_handle(const struct crd_option *opt, const char *text)
{
	char *end;
	unsigned long v;

	errno = 0;
	v = strtoul(text, &end, 0);
	if (errno || *end || end == text || *text == '-' || v > UINT32_MAX)
		return crd_io_error(CRD_EXIT_USAGE,
				    "--%s %s: not a handle such as 0x81004352",
				    opt->name, text);
	*(uint32_t *)opt->value = (uint32_t)v;
	return -1;
}

/* The day after 1970-01-01 at the earliest: 0 stands for none given. */
static int set_day(const struct crd_option *opt, const char *text)
{
	char time[24];
	int64_t at;

	if (strlen(text) != 10 ||
	    snprintf(time, sizeof(time), "%sT00:00:00Z", text) != 20 ||
	    crd_time_parse(time, 20, &at) < 0 || at <= 0)
		return crd_io_error(CRD_EXIT_USAGE,
				    "--%s %s: give a day such as 2026-01-31",
				    opt->name, text);
	*(int32_t *)opt->value = (int32_t)(at / (24 * 60 * 60));
	return -1;
}

static int set_list(const struct crd_option *opt, const char *text)
{
	struct crd_list *list = opt->value;

	if (list->n == CRD_MAX_LIST)
		return crd_io_error(CRD_EXIT_USAGE, "--%s: more than %d times",
				    opt->name, CRD_MAX_LIST);
	list->items[list->n++] = text;
	return -1;
}

static int set_value(const struct crd_option *opt, const char *text)
{
	switch (opt->kind) {
	case CRD_OPT_TEXT:
	case CRD_OPT_MAYBE:
		*(const char **)opt->value = text;
		return -1;
	case CRD_OPT_LIST:
		return set_list(opt, text);
	case CRD_OPT_HANDLE:
		return set_handle(opt, text);
	case CRD_OPT_PCR:
		return set_pcr(opt, text);
	case CRD_OPT_DURATION:
		if (crd_duration_parse(text, opt->value) == 0)
			return -1;
		return crd_io_error(
			CRD_EXIT_USAGE,
			"--%s %s: give a time such as 30s, 10m, 2h, 1d; at most %d days",
			opt->name, text, CRD_CHALLENGE_MAX_DAYS);
	case CRD_OPT_DAY:
		return set_day(opt, text);
	case CRD_OPT_TIME:
		if (crd_time_parse(text, strlen(text), opt->value) == 0)
			return -1;
		return crd_io_error(
			CRD_EXIT_USAGE,
			"--%s %s: give UTC such as 2026-01-31T12:00:00Z",
			opt->name, text);
	default:
		return crd_io_error(CRD_EXIT_FAILURE, "--%s: unknown kind",
				    opt->name);
	}
}

static void print_option(const struct crd_option *opt)
{
	char left[64];
	int n = 0;

	if (opt->letter)
		n = snprintf(left, sizeof(left), "-%c, ", opt->letter);
	if (opt->kind == CRD_OPT_MAYBE)
		snprintf(left + n, sizeof(left) - (size_t)n, "--%s[=%s]",
			 opt->name, opt->metavar);
	else
		snprintf(left + n, sizeof(left) - (size_t)n, "--%s%s%s",
			 opt->name, opt->metavar ? " " : "",
			 opt->metavar ? opt->metavar : "");
	printf("  %-22s %s\n", left, opt->help);
}

static int print_help(const struct crd_cmd *cmd, const struct crd_option *opts)
{
	const struct crd_option common[] = {
		{ .name = "format",
		  .metavar = "FORMAT",
		  .help = cmd->csv ? "text (default), json or csv" :
				     "text (default) or json" },
		{ .name = "quiet",
		  .letter = 'q',
		  .help = "no messages other than errors" },
		{ .name = "help", .letter = 'h', .help = "this text" },
		{ 0 },
	};
	const struct crd_option *o;

	printf("usage: credence %s %s\n%s\n\n", cmd->name, cmd->synopsis,
	       cmd->summary);
	for (o = opts; o->name; o++)
		print_option(o);
	for (o = common; o->name; o++)
		print_option(o);
	if (cmd->notes)
		printf("\n%s\n", cmd->notes);
	return CRD_EXIT_OK;
}

/* One argument list being read. */
struct walk {
	const struct crd_cmd *cmd;
	const struct crd_option *opts;
	int argc;
	char **argv;
	int at;
	bool seen[MAX_OPTIONS];
	bool seen_format;
};

static const struct crd_option *find(const struct walk *w, const char *arg,
				     size_t len)
{
	const struct crd_option *o;

	for (o = w->opts; o->name; o++) {
		if (arg[1] != '-' ? o->letter && arg[1] == o->letter :
				    strlen(o->name) == len - 2 &&
					    !memcmp(o->name, arg + 2, len - 2))
			return o;
	}
	return NULL;
}

/* The value in "--name=value", "-xvalue" or the next argument. */
static const char *value_of(struct walk *w, const char *arg, size_t len)
{
	const char *text = NULL;

	if (arg[1] != '-' && arg[2])
		text = arg + 2;
	else if (arg[1] == '-' && arg[len] == '=')
		text = arg + len + 1;
	else if (w->at + 1 < w->argc)
		text = w->argv[++w->at];
	return text && *text ? text : NULL;
}

static bool is(const char *arg, size_t len, const char *letter,
	       const char *name)
{
	return (len == strlen(name) && !memcmp(arg, name, len)) ||
	       (letter && !strcmp(arg, letter));
}

static int take_option(struct walk *w, const char *arg)
{
	size_t len = strcspn(arg, "=");
	const struct crd_option *opt;
	const char *text;
	bool format = is(arg, len, NULL, "--format");

	if (is(arg, len, "-h", "--help") && !arg[len])
		return print_help(w->cmd, w->opts);
	if (is(arg, len, "-q", "--quiet") && !arg[len]) {
		crd_io_quiet(true);
		return -1;
	}
	opt = format ? NULL : find(w, arg, len);
	if (!opt && !format)
		return crd_io_error(
			CRD_EXIT_USAGE,
			"unknown option %s; see 'credence %s --help'", arg,
			w->cmd->name);
	if (format ? w->seen_format : w->seen[opt - w->opts])
		return crd_io_error(CRD_EXIT_USAGE, "%s is given twice", arg);
	if (format)
		w->seen_format = true;
	else
		w->seen[opt - w->opts] = opt->kind != CRD_OPT_LIST;
	if (opt && opt->kind == CRD_OPT_FLAG) {
		*(bool *)opt->value = true;
		if (!arg[len] && (arg[1] == '-' || !arg[2]))
			return -1;
		return crd_io_error(CRD_EXIT_USAGE, "--%s takes no value",
				    opt->name);
	}
	if (opt && opt->kind == CRD_OPT_MAYBE && !arg[len]) {
		*(const char **)opt->value = "";
		return -1;
	}
	text = value_of(w, arg, len);
	if (!text)
		return crd_io_error(CRD_EXIT_USAGE, "%s needs a value", arg);
	return format ? set_format(w->cmd, text) : set_value(opt, text);
}

int crd_options_parse(const struct crd_cmd *cmd, const struct crd_option *opts,
		      int argc, char **argv, const char **positional,
		      size_t max_positional)
{
	struct walk w = { .cmd = cmd, .opts = opts, .argc = argc, .argv = argv };
	bool only_names = false;
	size_t n = 0;
	int r;

	for (w.at = 1; w.at < argc; w.at++) {
		const char *arg = argv[w.at];

		if (!only_names && strcmp(arg, "--") == 0) {
			only_names = true;
		} else if (!only_names && arg[0] == '-' && arg[1]) {
			r = take_option(&w, arg);
			if (r >= 0)
				return r;
		} else if (n < max_positional) {
			positional[n++] = arg;
		} else {
			return crd_io_error(
				CRD_EXIT_USAGE,
				"'%s' is one argument too many; see 'credence %s --help'",
				arg, cmd->name);
		}
	}
	return -1;
}

int crd_options_need(const char *name, const void *value)
{
	if (value)
		return -1;
	return crd_io_error(CRD_EXIT_USAGE, "%s is missing", name);
}
