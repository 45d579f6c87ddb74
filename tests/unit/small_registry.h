/* SPDX-License-Identifier: Apache-2.0 */
/* A registry of five entities, for tests that need some vendors. */
#ifndef SMALL_REGISTRY_H
#define SMALL_REGISTRY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attest/attest.h"

static const char small_entities[] =
	"entity_id,name,parent_entity_id,hq_jurisdiction,ultimate_parent_jurisdiction,kind,confidence,basis,as_of\n"
	"huawei,\"Huawei Technologies Co., Ltd.\",huawei-holding,CN,CN,network,medium,x,2026-06-08\n"
	"huawei-holding,Huawei Holding,,CN,CN,other,medium,x,2026-06-08\n"
	"ibm,IBM,,US,US,vendor,high,x,2026-01-01\n"
	"intel,Intel Corporation,,US,US,chipmaker,high,x,2026-01-01\n"
	"newbridge,Newbridge Inc.,huawei-holding,US,CN,network,low,x,2026-01-01\n";
static const char small_identifiers[] =
	"scheme,value,entity_id,source,note\n"
	"modsigner,\"Huawei Technologies CO., Ltd\",huawei,src,x\n"
	"modsigner,Intel,intel,src,x\n"
	"modsigner,Newbridge,newbridge,src,x\n"
	"pci,19e5,huawei,src,x\n"
	"pci,8086,intel,src,x\n";
static const char small_lists[] =
	"list_id,title,authority,jurisdiction,effective_date,citation,prohibits\n"
	"list-a,List A,Authority,US,2019-08-13,c,p\n"
	"list-b,List B,Authority,US,2020-01-01,c,p\n";
static const char small_listings[] =
	"list_id,entity_id,effective_date,end_date,scope,citation,confidence\n"
	"list-a,huawei,2019-08-13,,s,c,high\n"
	"list-b,huawei-holding,2026-09-21,,s,c,high\n";

static const char small_sources[] = "source_id,title,date,address\n"
				    "src,Source,2026-01-01,\n";
static const char small_release[] = "version,date\n"
				    "7,2026-01-01\n";

static inline struct crd_buf small_buf(const char *text)
{
	return (struct crd_buf){ (const uint8_t *)text, strlen(text) };
}

static inline struct crd_registry *small_registry(void)
{
	struct crd_registry_files files = { small_buf(small_entities),
					    small_buf(small_identifiers),
					    small_buf(small_lists),
					    small_buf(small_listings),
					    small_buf(small_sources),
					    small_buf(small_release),
					    false };
	struct crd_registry *reg = NULL;
	struct crd_error err = { .text = "" };

	if (crd_registry_load(&files, &reg, &err)) {
		fprintf(stderr, "small_registry: %u:%u %s\n", err.line,
			err.column, err.text);
		abort();
	}
	return reg;
}

#endif /* SMALL_REGISTRY_H */
