// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

#include "io.h"
#include "tpm_private.h"

struct crd_tss crd_tss;

struct symbol {
	const char *name;
	void *slot;
};

/* clang-format off */
#define X(f) { #f, &crd_tss.f },
static const struct symbol ldr[] = { CRD_TSS_LDR(X) { NULL, NULL } };
static const struct symbol mu[] = { CRD_TSS_MU(X) { NULL, NULL } };
static const struct symbol esys[] = { CRD_TSS_ESYS(X) { NULL, NULL } };
static const struct symbol rc[] = { X(Tss2_RC_Decode) { NULL, NULL } };
#undef X
/* clang-format on */

/* Libraries stay loaded: there is one TPM session in a process's life. */
static int load(const char *library, const struct symbol *s,
		struct crd_error *err)
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);

	if (!handle)
		return crd_io_err(
			err, -ELIBACC,
			"cannot load %s (Debian: install libtss2-esys-3.0.2-0 and libtss2-tctildr0): %s",
			library, dlerror());
	for (; s->name; s++) {
		*(void **)s->slot = dlsym(handle, s->name);
		if (!*(void **)s->slot)
			return crd_io_err(err, -ELIBBAD, "%s has no %s",
					  library, s->name);
	}
	return 0;
}

int crd_tss_load(struct crd_error *err)
{
	int r;

	if (crd_tss.Esys_Initialize)
		return 0;
	/* we report each failure ourselves, once */
	setenv("TSS2_LOG", "all+none", 0);
	r = load("libtss2-tctildr.so.0", ldr, err);
	if (r == 0)
		r = load("libtss2-mu.so.0", mu, err);
	if (r == 0)
		r = load("libtss2-esys.so.0", esys, err);
	if (r == 0)
		load("libtss2-rc.so.0", rc, NULL); /* only for messages */
	return r;
}

int crd_tss_fail(struct crd_error *err, TSS2_RC code, const char *what)
{
	return crd_io_err(err, -EIO, "TPM: %s failed: %s (0x%x)", what,
			  crd_tss.Tss2_RC_Decode ?
				  crd_tss.Tss2_RC_Decode(code) :
				  "see the code",
			  code);
}
