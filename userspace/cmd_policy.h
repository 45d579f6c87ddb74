/* SPDX-License-Identifier: Apache-2.0 */
/* What `credence policy` does besides check; each returns the exit code. */
#ifndef CRD_CMD_POLICY_H
#define CRD_CMD_POLICY_H

#include <stdint.h>

#include "cmd.h"

/* dir NULL: the installed registry; root NULL: "/", for the lists of ids. */
int crd_policy_registry(const char *dir, const char *root);
/* day 0: today. Exit code CRD_EXIT_UNKNOWN if the registry knows nothing. */
int crd_policy_lookup(const char *what, const char *dir, const char *root,
		      int32_t day);

/* argv[0] is the word that led here. */
int crd_policy_sign(int argc, char **argv);
int crd_policy_verify_signature(int argc, char **argv);
/* The examples that stand in a policy. */
int crd_policy_try(int argc, char **argv);
int crd_policy_impact(int argc, char **argv);

#endif /* CRD_CMD_POLICY_H */
