/* SPDX-License-Identifier: Apache-2.0 */
/* report_authority.c: what a verdict rests on, and who signed that. */
#ifndef CRD_REPORT_AUTHORITY_H
#define CRD_REPORT_AUTHORITY_H

#include <jansson.h>

#include "attest.h"
#include "page.h"

/* Findings of the stage policy, one for each seal, or that there is none. */
int crd_report_note_seals(struct crd_report *report);
/* A section of the report. */
void crd_report_authority(struct crd_page *p, const struct crd_report *r);
/* "policy", "registry", "waivers" into the report's object. */
void crd_report_authority_json(json_t *o, const struct crd_report *r, bool *ok);

#endif /* CRD_REPORT_AUTHORITY_H */
