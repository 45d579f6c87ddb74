/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_check - what is wrong and what is odd about a policy, for those who
 * write it: file:line:column, as editors have it.
 */
#ifndef CRD_POLICY_CHECK_H
#define CRD_POLICY_CHECK_H

#include <stdbool.h>

#include "verifier.h"

/* Loads all of it and prints; the exit code. strict: warnings are errors. */
int crd_policy_check_print(struct crd_verifier *v, bool strict);

#endif /* CRD_POLICY_CHECK_H */
