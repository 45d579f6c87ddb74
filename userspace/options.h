/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options - the command line as a table: one row is read, checked and shown
 * in --help. Strict: no abbreviations, a single-valued option only once.
 */
#ifndef CRD_OPTIONS_H
#define CRD_OPTIONS_H

#include <stddef.h>

#include "cmd.h"

#define CRD_MAX_LIST 64

struct crd_list {
	const char *items[CRD_MAX_LIST];
	size_t n;
};

enum crd_option_kind {
	CRD_OPT_FLAG,	  /* bool */
	CRD_OPT_TEXT,	  /* const char * */
	CRD_OPT_MAYBE,	  /* const char *, only with '='; "" without */
	CRD_OPT_LIST,	  /* struct crd_list, may repeat */
	CRD_OPT_DURATION, /* int64_t, seconds: 30s 10m 2h 1d */
	CRD_OPT_TIME,	  /* int64_t, RFC 3339 in UTC */
	CRD_OPT_DAY,	  /* int32_t, days since 1970: 2026-01-31 */
	CRD_OPT_HANDLE,	  /* uint32_t, hexadecimal or decimal */
	CRD_OPT_PCR,	  /* uint32_t, of those that cannot be reset */
};

struct crd_option {
	const char *name;
	char letter; /* 0: none */
	enum crd_option_kind kind;
	void *value;
	const char *metavar; /* NULL: takes no value */
	const char *help;
};

/* -1: go on; otherwise the exit code (help was printed, or usage was wrong). */
int crd_options_parse(const struct crd_cmd *cmd, const struct crd_option *opts,
		      int argc, char **argv, const char **positional,
		      size_t max_positional);
/* For options that must be there: a usage error unless value. -1: go on. */
int crd_options_need(const char *name, const void *value);

#endif /* CRD_OPTIONS_H */
