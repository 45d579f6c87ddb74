# SPDX-License-Identifier: Apache-2.0
#
# Credence: measure, sign, appraise. `make help` lists what there is to make.
#
#   V=1        show the commands
#   O=DIR      where everything built goes (default: build)
#   KDIR=DIR   kernel build folder for the module (default: the newest headers
#              installed; need not be the running kernel)
#   PREFIX=DIR where `make install` puts it (default: /usr/local)
#   DESTDIR=   put it below another root, for packages
#   SUITES=    which suites `make test` runs (default: all)

O ?= build
PREFIX ?= /usr/local
DESTDIR ?=
ifndef KDIR
KDIR := $(shell scripts/newest-headers)
endif
CC = gcc
CLANG ?= clang
PKG_CONFIG ?= pkg-config

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wvla -Wundef -Wformat=2 -Wno-unused-parameter
CFLAGS ?= -O2 -g
HARDEN := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
CPPFLAGS += -D_GNU_SOURCE -I. -Ikmod/uapi -Iattest \
	-DCRD_DATA_DIR=\"$(PREFIX)/share/credence\"
# tests/kernel: what the module's pure rooms need of the kernel
TEST_CPPFLAGS := -Iuserspace -Itests/unit -Itests/kernel
ALL_CFLAGS = -std=gnu11 $(WARN) $(CFLAGS)
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
FUZZ_SANITIZE := -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
LIBS = -lcrypto -lfyaml -ljansson
LDFLAGS += -pie -Wl,-z,relro,-z,now

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-7s %s\n'
MAKEFLAGS += --no-print-directory
endif

ATTEST_SRC := $(wildcard attest/*.c)
USER_SRC := $(wildcard userspace/*.c)
# In tests/unit, tests/fuzz and tests/bench, what is not a program is shared.
UNIT_SRC := $(wildcard tests/unit/test_*.c)
UNIT_LIB := $(filter-out $(UNIT_SRC),$(wildcard tests/unit/*.c))
FUZZ_SRC := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_LIB := $(filter-out $(FUZZ_SRC),$(wildcard tests/fuzz/*.c))
BENCH_SRC := $(wildcard tests/bench/*.c)

ATTEST_OBJ := $(ATTEST_SRC:%.c=$(O)/%.o)
USER_OBJ := $(USER_SRC:%.c=$(O)/%.o)
ASAN_ATTEST_OBJ := $(ATTEST_SRC:%.c=$(O)/asan/%.o)
ASAN_USER_OBJ := $(USER_SRC:%.c=$(O)/asan/%.o)
UNIT_LIB_OBJ := $(UNIT_LIB:%.c=$(O)/asan/%.o)
UNIT_OBJ := $(UNIT_SRC:%.c=$(O)/asan/%.o)
FUZZ_OBJ := $(ATTEST_SRC:%.c=$(O)/fuzz/obj/%.o) $(FUZZ_LIB:%.c=$(O)/fuzz/obj/%.o)
# rooms of the program that have a harness, and what they need
FUZZ_USER_OBJ := $(patsubst %,$(O)/fuzz/obj/userspace/%.o,idlist hwdata sys io)
FUZZ_MAIN := $(FUZZ_SRC:%.c=$(O)/fuzz/obj/%.o)
BENCH_OBJ := $(BENCH_SRC:%.c=$(O)/%.o)
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$(O)/unit/%)
FUZZ_BIN := $(FUZZ_SRC:tests/fuzz/%.c=$(O)/fuzz/%)
BENCH_BIN := $(BENCH_SRC:tests/bench/%.c=$(O)/bench/%)
ALL_OBJ := $(ATTEST_OBJ) $(USER_OBJ) $(ASAN_ATTEST_OBJ) $(ASAN_USER_OBJ) \
	$(UNIT_LIB_OBJ) $(UNIT_OBJ) $(FUZZ_OBJ) $(FUZZ_USER_OBJ) $(FUZZ_MAIN) $(BENCH_OBJ)

# Scripts build with these too, whatever they were given as.
export O KDIR CC CLANG PKG_CONFIG V
# An object no rule names is still worth keeping.
.SECONDARY: $(ALL_OBJ)

.PHONY: all kmod userspace asan unit fuzz-bins bench-bins deps demo test lint \
	test-kernels bench fuzz install uninstall sign dkms clean help FORCE
.DEFAULT_GOAL := all

all: kmod userspace	## the kernel module and the program

kmod: $(if $(wildcard $(KDIR)/Makefile),,$(O)/have-kmod)	## credence.ko for KDIR, in $(O)/kmod
	$(say) KMOD $(notdir $(KDIR))
	$(Q)scripts/build-kmod "$(KDIR)" "$(O)/kmod" $(if $(Q),,V=1)

userspace: $(O)/credence	## the program `credence`, in $(O)

# Say what to do when a tool is missing, before a compiler says it worse.
$(O)/have-%:
	$(Q)scripts/deps --check $*
	$(Q)mkdir -p $(@D) && touch $@

# Other flags than last time: everything that was built with them is stale.
FLAGS = $(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(HARDEN) $(LDFLAGS) $(LIBS) $(CLANG) \
	$(SANITIZE) $(FUZZ_SANITIZE)
SOURCES = $(ATTEST_SRC) $(USER_SRC) $(UNIT_LIB) $(FUZZ_LIB)

# stamp WORDS: touch the target if they are not those of last time
stamp = mkdir -p $(@D); echo '$(1)' | cmp -s - $@ || echo '$(1)' > $@

$(O)/flags: FORCE
	$(Q)$(call stamp,$(FLAGS))
# The same for what is linked, so that a file taken away is gone from there.
$(O)/sources: FORCE
	$(Q)$(call stamp,$(SOURCES))

$(ALL_OBJ): $(O)/flags | $(O)/have-userspace
$(O)/libattest.a $(O)/credence $(O)/asan/credence $(UNIT_BIN) $(FUZZ_BIN): $(O)/sources

$(O)/credence: $(USER_OBJ) $(O)/libattest.a
	$(say) LD $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) -Wl,--as-needed $(LIBS)

$(O)/libattest.a: $(ATTEST_OBJ)
	$(say) AR $@
	$(Q)rm -f $@ && ar rcs $@ $(filter %.o,$^)

$(O)/%.o: %.c
	$(say) CC $<
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(HARDEN) -MMD -MP -c -o $@ $<

# The same sources under the address and undefined-behaviour sanitizers.
asan: $(O)/asan/credence	## the program under the sanitizers

$(O)/asan/%.o: %.c
	$(say) CC-ASAN $<
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(TEST_CPPFLAGS) $(ALL_CFLAGS) -O1 $(SANITIZE) \
		-MMD -MP -c -o $@ $<

$(O)/asan/credence: $(ASAN_USER_OBJ) $(ASAN_ATTEST_OBJ)
	$(say) LD-ASAN $@
	$(Q)$(CC) $(SANITIZE) -o $@ $(filter %.o %.a,$^) $(LIBS)

unit: $(UNIT_BIN)

# Rooms of the program can be tested like those of the library; main.c cannot.
$(O)/unit/%: $(O)/asan/tests/unit/%.o $(UNIT_LIB_OBJ) $(ASAN_ATTEST_OBJ) \
		$(filter-out %/main.o,$(ASAN_USER_OBJ))
	$(say) LD-UNIT $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(SANITIZE) -o $@ $(filter %.o %.a,$^) -lcmocka $(LIBS)

fuzz-bins: $(FUZZ_BIN)

$(O)/fuzz/obj/%.o: %.c
	$(say) CC-FUZZ $<
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(CPPFLAGS) $(TEST_CPPFLAGS) -std=gnu11 -O1 -g $(FUZZ_SANITIZE) \
		-MMD -MP -c -o $@ $<

$(O)/fuzz/%: $(O)/fuzz/obj/tests/fuzz/%.o $(FUZZ_OBJ)
	$(say) LD-FUZZ $@
	$(Q)$(CLANG) $(FUZZ_SANITIZE) -o $@ $(filter %.o %.a,$^) $(LIBS)

$(O)/fuzz/fuzz_idlist: $(FUZZ_USER_OBJ)

bench-bins: $(BENCH_BIN)

# Run as the first process of a virtual machine, where there is nothing else.
$(O)/bench/modload $(O)/bench/paths $(O)/bench/inventory: $(O)/bench/%: $(O)/tests/bench/%.o
	$(say) LD $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -static -o $@ $<

$(O)/bench/%: $(O)/tests/bench/%.o $(O)/libattest.a
	$(say) LD $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) -Wl,--as-needed $(LIBS)

deps:			## install what every target needs (Debian 12)
	$(Q)scripts/deps

demo:			## the main job in a virtual machine, ending in a verdict
	$(Q)scripts/deps demo
	$(Q)$(MAKE) all
	$(Q)scripts/demo

test:			## the whole test suite; last line: N passed, N failed
	$(Q)scripts/deps test
	$(Q)scripts/run-tests $(SUITES)

test-kernels:		## all kernel tests on all kernels, stock and debug
	$(Q)scripts/deps test
	$(Q)scripts/run-tests kernels vm stock-all debug-all

lint:			## format, warnings, checkpatch, sparse, clang-tidy, shellcheck
	$(Q)scripts/deps lint
	$(Q)scripts/lint

bench:			## ratios against floors and peers, side by side in one run
	$(Q)scripts/deps bench
	$(Q)scripts/bench

fuzz:			## every fuzz harness for FUZZ_SECONDS (default 60) each
	$(Q)scripts/deps fuzz
	$(Q)$(MAKE) fuzz-bins
	$(Q)scripts/fuzz "$(or $(FUZZ_SECONDS),60)"

install: userspace	## the program, manual pages, policies, log header
	$(Q)PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" scripts/install

uninstall:		## remove what `make install` put there
	$(Q)PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" scripts/install --remove

sign:			## sign credence.ko for Secure Boot: KEY= CERT= (PEM)
	$(Q)scripts/sign-module "$(KEY)" "$(CERT)" "$(O)/kmod/credence.ko"

dkms:			## the module's source to /usr/src, for DKMS
	$(Q)DESTDIR="$(DESTDIR)" scripts/dkms-source

clean:			## remove everything built
	$(Q)rm -rf "$(O)"

help:			## this list
	$(Q)sed -n 's/^\([a-z-]*\):[^#]*##\(.*\)/  make \1\t\2/p' Makefile | expand -t 20
	$(Q)echo
	$(Q)sed -n '/^#   V=1/,/^$$/s/^#//p' Makefile

-include $(ALL_OBJ:.o=.d)
