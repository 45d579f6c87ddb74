/* SPDX-License-Identifier: Apache-2.0 */
/* One verb of the program: each cmd_*.c exports one. */
#ifndef CRD_CMD_H
#define CRD_CMD_H

#include <stdbool.h>

#define CRD_VERSION "0.1.0"

/* Where `make install` puts policies/ and registry/; CREDENCE_DATA_DIR wins. */
#ifndef CRD_DATA_DIR
#define CRD_DATA_DIR "/usr/local/share/credence"
#endif

struct crd_cmd {
	const char *name;
	const char *summary;  /* for the list of verbs */
	const char *synopsis; /* after "credence NAME" */
	const char *notes;    /* after the options in --help */
	bool csv;	      /* --format csv too */
	int (*run)(const struct crd_cmd *cmd, int argc, char **argv);
};

extern const struct crd_cmd crd_cmd_attest;
extern const struct crd_cmd crd_cmd_challenge;
extern const struct crd_cmd crd_cmd_diff;
extern const struct crd_cmd crd_cmd_gate;
extern const struct crd_cmd crd_cmd_inventory;
extern const struct crd_cmd crd_cmd_lot;
extern const struct crd_cmd crd_cmd_policy;
extern const struct crd_cmd crd_cmd_screen;
extern const struct crd_cmd crd_cmd_verify;

#endif /* CRD_CMD_H */
