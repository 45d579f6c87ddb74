/* SPDX-License-Identifier: Apache-2.0 */
/* A module file of one section table: null, .modinfo, .shstrtab. */
#ifndef MODULE_FILE_H
#define MODULE_FILE_H

#include <elf.h>
#include <stddef.h>
#include <string.h>

#define INFO  "license=GPL\0author=A <a@b>\0author=\x1b[1mB\0vermagic=6.1 SMP"
#define NAMES "\0.modinfo\0.shstrtab"

struct elf {
	Elf64_Ehdr head;
	Elf64_Shdr s[3];
	char info[sizeof(INFO)];
	char names[sizeof(NAMES)];
};

static inline struct elf good_elf(void)
{
	struct elf e = {
		.head = { .e_shoff = offsetof(struct elf, s),
			  .e_shentsize = sizeof(Elf64_Shdr),
			  .e_shnum = 3,
			  .e_shstrndx = 2 },
		.info = INFO,
		.names = NAMES,
	};

	memcpy(e.head.e_ident, ELFMAG, SELFMAG);
	e.head.e_ident[EI_CLASS] = ELFCLASS64;
	e.head.e_ident[EI_DATA] = ELFDATA2LSB;
	e.s[1].sh_name = 1;
	e.s[1].sh_type = SHT_PROGBITS;
	e.s[1].sh_offset = offsetof(struct elf, info);
	e.s[1].sh_size = sizeof(e.info);
	e.s[2].sh_name = 10;
	e.s[2].sh_type = SHT_STRTAB;
	e.s[2].sh_offset = offsetof(struct elf, names);
	e.s[2].sh_size = sizeof(e.names);
	return e;
}

#endif /* MODULE_FILE_H */
