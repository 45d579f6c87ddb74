// SPDX-License-Identifier: GPL-2.0-only
/*
 * The anchor ties the log to one start of one kernel on one TPM. What cannot
 * be learnt is left out; only the PCR's value must be there.
 */
#include <linux/efi.h>
#include <linux/hex.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/security.h>
#include <linux/string.h>
#include <linux/utsname.h>
#include "anchor.h"
#include "bracket.h"
#include "hook.h"
#include "measure.h"
#include "procfile.h"
#include "source.h"

#define CRD_BOOT_ID_FILE	"/proc/sys/kernel/random/boot_id"
#define CRD_UUID_SIZE		16
#define CRD_UUID_TEXT		36
#define CRD_ANCHOR_BUILD_ID	64

static int crd_anchor_pcr(struct crd_event *ev)
{
	const struct crd_digest *dg = crd_measure_digest();
	struct tpm_digest value;
	unsigned int i;
	int rc;

	for (i = 0; i < dg->banks; i++) {
		rc = crd_tpm_read(crd_measure_tpm(), i, &value);
		if (rc) {
			pr_err("cannot read PCR %u (%d); refusing to start\n",
			       crd_measure_params()->pcr, rc);
			return rc;
		}
		crd_event_hash(ev, CRD_F_PCR_FOUND, dg->bank[i].alg,
			       value.digest, dg->bank[i].size);
	}
	return 0;
}

static int crd_anchor_parse_uuid(const char *text, u8 *uuid)
{
	unsigned int n = 0;

	while (n < CRD_UUID_SIZE) {
		if (*text == '-')
			text++;
		if (hex2bin(uuid + n++, text, 1))
			return -EINVAL;
		text += 2;
	}
	return 0;
}

static void crd_anchor_ids(struct crd_event *ev)
{
	char text[CRD_UUID_TEXT + 1] = "";
	u8 id[CRD_UUID_SIZE];

	if (crd_procfile_read(CRD_BOOT_ID_FILE, text, CRD_UUID_TEXT) ==
	    CRD_UUID_TEXT && !crd_anchor_parse_uuid(text, id))
		crd_event_bytes(ev, CRD_F_BOOT_ID, id, sizeof(id));
	get_random_bytes(id, sizeof(id));
	crd_event_bytes(ev, CRD_F_INSTANCE, id, sizeof(id));
}

/*
 * Lockdown is asked the way any of its users asks. It denies a reason when
 * the level in force is the reason's or above; INTEGRITY_MAX itself is denied
 * from integrity on, the last reason before CONFIDENTIALITY_MAX only at
 * confidentiality. A denial leaves a notice in the kernel's log.
 */
static enum crd_lockdown crd_anchor_lockdown(void)
{
	if (security_locked_down(LOCKDOWN_CONFIDENTIALITY_MAX - 1))
		return security_locked_down(LOCKDOWN_INTEGRITY_MAX) ?
		       CRD_LOCKDOWN_CONFIDENTIALITY : CRD_LOCKDOWN_NONE;
	return security_locked_down(LOCKDOWN_INTEGRITY_MAX) ?
	       CRD_LOCKDOWN_INTEGRITY : CRD_LOCKDOWN_NONE;
}

static enum crd_secure_boot crd_anchor_secure_boot(void)
{
	if (!efi_enabled(EFI_BOOT))
		return CRD_SECURE_BOOT_NO_EFI;
#ifdef EFI_SECURE_BOOT
	return efi_enabled(EFI_SECURE_BOOT) ? CRD_SECURE_BOOT_ON :
					      CRD_SECURE_BOOT_OFF;
#else
	return CRD_SECURE_BOOT_UNKNOWN;
#endif
}

static u64 crd_anchor_taint(void)
{
	u64 taint = 0;
	unsigned int i;

	for (i = 0; i < TAINT_FLAGS_COUNT; i++)
		if (test_taint(i))
			taint |= BIT_ULL(i);
	return taint;
}

static void crd_anchor_system(struct crd_event *ev)
{
	crd_event_str(ev, CRD_F_KERNEL_RELEASE, init_utsname()->release);
	crd_event_str(ev, CRD_F_KERNEL_VERSION, init_utsname()->version);
	crd_event_str(ev, CRD_F_MACHINE, init_utsname()->machine);
	crd_event_uint(ev, CRD_F_LOCKDOWN, crd_anchor_lockdown(), 1);
	crd_event_uint(ev, CRD_F_SECURE_BOOT, crd_anchor_secure_boot(), 1);
	crd_event_uint(ev, CRD_F_KERNEL_TAINT, crd_anchor_taint(), 8);
}

static void crd_anchor_banks(struct crd_event *ev)
{
	const struct crd_digest *dg = crd_measure_digest();
	unsigned int i;

	for (i = 0; i < dg->banks; i++)
		crd_event_uint(ev, CRD_F_BANK,
			       (u32)dg->bank[i].alg << 16 | dg->bank[i].used,
			       4);
}

static void __printf(2, 3) crd_anchor_param(struct crd_event *ev,
					    const char *fmt, ...)
{
	char text[48];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	crd_event_str(ev, CRD_F_PARAM, text);
}

static void crd_anchor_params(struct crd_event *ev)
{
	const struct crd_params *p = crd_measure_params();

	crd_anchor_param(ev, "pcr=%u", p->pcr);
	crd_anchor_param(ev, "fail=%s", p->closed ? "closed" : "open");
	crd_anchor_param(ev, "unloadable=%d", p->unloadable);
	crd_anchor_param(ev, "log_max=%u", p->log_max);
	crd_anchor_param(ev, "extend_timeout=%u", p->timeout);
}

static void crd_anchor_hooks(struct crd_event *ev)
{
	const char *name;
	unsigned int i;

	for (i = 0; (name = crd_hook_name(i)); i++)
		if (*name)
			crd_event_str(ev, CRD_F_HOOK, name);
	for (i = 0; (name = crd_bracket_name(i)); i++)
		if (*name)
			crd_event_str(ev, CRD_F_HOOK, name);
	crd_event_str(ev, CRD_F_HOOK, "module_notifier");
}

static void crd_anchor_self(struct crd_event *ev)
{
	u8 id[CRD_ANCHOR_BUILD_ID];
	size_t len;

	crd_event_uint(ev, CRD_F_TAINTS, THIS_MODULE->taints, 8);
	len = crd_procfile_build_id(THIS_MODULE->name, id, sizeof(id));
	if (len)
		crd_event_bytes(ev, CRD_F_BUILD_ID, id, len);
}

/* All hooks are in force by now; fields in the order of their numbers. */
int crd_anchor_fill(struct crd_event *ev)
{
	int rc;

	crd_anchor_self(ev);
	rc = crd_anchor_pcr(ev);
	if (rc)
		return rc;
	crd_source_clock(ev);
	crd_anchor_ids(ev);
	crd_anchor_system(ev);
	crd_anchor_banks(ev);
	crd_anchor_params(ev);
	crd_anchor_hooks(ev);
	crd_event_str(ev, CRD_F_MEASURER_VERSION, THIS_MODULE->version);
	return 0;
}
