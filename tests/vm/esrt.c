// SPDX-License-Identifier: Apache-2.0
/*
 * esrt - what firmware that can be updated does before a kernel starts: it
 * leaves an EFI System Resource Table (UEFI 2.10, section 23.4) in memory and
 * starts what lies beside it, \EFI\BOOT\LINUX.EFI. OVMF has no such table of
 * its own.
 */
#include <efi.h>
#include <efilib.h>

struct entry {
	EFI_GUID class;
	UINT32 type;
	UINT32 version;
	UINT32 lowest;
	UINT32 capsule_flags;
	UINT32 last_version;
	UINT32 last_status;
};

struct table {
	UINT32 count;
	UINT32 max;
	UINT64 version;
	struct entry entries[3];
};

_Static_assert(sizeof(struct entry) == 40, "UEFI 2.10, 23.4");
_Static_assert(sizeof(struct table) == 16 + 3 * 40, "UEFI 2.10, 23.4");

/* Numbers that tell each byte, and each field, from the others. */
static const struct table resources = {
	.count = 3,
	.max = 3,
	.version = 1,
	.entries = {
		{ { 0x01234567,
		    0x89ab,
		    0xcdef,
		    { 0xf0, 0xe1, 0xd2, 0xc3, 0xb4, 0xa5, 0x96, 0x87 } },
		  1, 0x01020304, 0x01020300, 0x00010000, 0x01020305, 3 },
		{ { 0xfedcba98,
		    0x7654,
		    0x3210,
		    { 0x0f, 0x1e, 0x2d, 0x3c, 0x4b, 0x5a, 0x69, 0x78 } },
		  2, 0xffffffff, 0, 0, 0, 0 },
		{ { 0x11111111, 0x2222, 0x3333, { 4, 5, 6, 7, 8, 9, 10, 11 } },
		  0, 7, 6, 0x8000, 8, 0xffffffff },
	},
};

static EFI_GUID esrt_guid = { 0xb122a263,
			      0x3661,
			      0x4f68,
			      { 0x99, 0x29, 0x78, 0xf8, 0xb0, 0xd6, 0x21,
				0x80 } };

/* Where edk2 has it, too: memory that is the firmware's until the kernel runs. */
static EFI_STATUS leave_table(void)
{
	EFI_STATUS status;
	VOID *memory;

	status = uefi_call_wrapper(BS->AllocatePool, 3, EfiBootServicesData,
				   sizeof(resources), &memory);
	if (EFI_ERROR(status))
		return status;
	CopyMem(memory, &resources, sizeof(resources));
	return uefi_call_wrapper(BS->InstallConfigurationTable, 2, &esrt_guid,
				 memory);
}

static EFI_STATUS start_kernel(EFI_HANDLE image)
{
	EFI_LOADED_IMAGE *self;
	EFI_DEVICE_PATH *path;
	EFI_HANDLE kernel;
	EFI_STATUS status;

	status = uefi_call_wrapper(BS->HandleProtocol, 3, image,
				   &LoadedImageProtocol, (VOID **)&self);
	if (EFI_ERROR(status))
		return status;
	path = FileDevicePath(self->DeviceHandle, L"\\EFI\\BOOT\\LINUX.EFI");
	if (!path)
		return EFI_OUT_OF_RESOURCES;
	status = uefi_call_wrapper(BS->LoadImage, 6, FALSE, image, path, NULL,
				   0, &kernel);
	if (EFI_ERROR(status))
		return status;
	return uefi_call_wrapper(BS->StartImage, 3, kernel, NULL, NULL);
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system)
{
	EFI_STATUS status;

	InitializeLib(image, system);
	status = leave_table();
	if (!EFI_ERROR(status))
		status = start_kernel(image);
	Print(L"esrt: %r\n", status);
	return status;
}
