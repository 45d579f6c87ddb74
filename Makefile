# SPDX-License-Identifier: Apache-2.0
#
# Credence: measure, sign, appraise. `make help` lists what there is to make.
#
#   V=1        show the commands
#   KDIR=DIR   kernel build folder for the module (default: the newest headers
#              installed; need not be the running kernel)
#   O=DIR      where everything built goes (default: build)
#   PREFIX=    where `make install` puts it (default: /usr/local), with DESTDIR=

O ?= build
PREFIX ?= /usr/local
DESTDIR ?=
KDIR ?= $(lastword $(sort $(wildcard /usr/src/linux-headers-*-amd64)))
CC = gcc
CLANG ?= clang
PKG_CONFIG ?= pkg-config

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wvla -Wundef -Wformat=2 -Wno-unused-parameter
CFLAGS ?= -O2 -g
HARDEN := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
CPPFLAGS += -D_GNU_SOURCE -I. -Ikmod/uapi -Iattest
ALL_CFLAGS = -std=gnu11 $(WARN) $(CFLAGS)
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
LIBS = -lcrypto -lcbor -lfyaml -lcsv -ljansson
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
UNIT_SRC := $(wildcard tests/unit/test_*.c)
FUZZ_SRC := $(wildcard tests/fuzz/fuzz_*.c)

ATTEST_OBJ := $(ATTEST_SRC:%.c=$(O)/%.o)
USER_OBJ := $(USER_SRC:%.c=$(O)/%.o)
ASAN_OBJ := $(ATTEST_SRC:%.c=$(O)/asan/%.o)
ASAN_USER_OBJ := $(USER_SRC:%.c=$(O)/asan/%.o)
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$(O)/unit/%)
FUZZ_BIN := $(FUZZ_SRC:tests/fuzz/%.c=$(O)/fuzz/%)

.PHONY: all kmod userspace asan unit fuzz-bins deps demo test lint bench fuzz \
	install uninstall clean help
.DEFAULT_GOAL := all

all: kmod userspace	## the kernel module and the program

kmod:			## credence.ko for KDIR, in $(O)/kmod
	$(say) KMOD $(notdir $(KDIR))
	$(Q)scripts/build-kmod "$(KDIR)" "$(O)/kmod" $(if $(Q),,V=1)

userspace: $(O)/credence	## the program `credence`, in $(O)

$(O)/credence: $(USER_OBJ) $(O)/libattest.a
	$(say) LD $@
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -Wl,--as-needed $(LIBS)

$(O)/libattest.a: $(ATTEST_OBJ)
	$(say) AR $@
	$(Q)rm -f $@ && ar rcs $@ $^

$(O)/%.o: %.c
	$(say) CC $<
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(HARDEN) -MMD -MP -c -o $@ $<

# The same sources under the address and undefined-behaviour sanitizers.
asan: $(O)/asan/credence	## the program under the sanitizers

$(O)/asan/%.o: %.c
	$(say) CC-ASAN $<
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -O1 $(SANITIZE) -MMD -MP -c -o $@ $<

$(O)/asan/credence: $(ASAN_USER_OBJ) $(ASAN_OBJ)
	$(say) LD-ASAN $@
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(LIBS)

unit: $(UNIT_BIN)

# userspace rooms other than main.c may be tested too, hence both.
$(O)/unit/%: tests/unit/%.c $(ASAN_OBJ) $(filter-out %/main.o,$(ASAN_USER_OBJ))
	$(say) CC-UNIT $<
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -Iuserspace -Itests/unit $(ALL_CFLAGS) -O1 $(SANITIZE) \
		-MMD -MP -MF $@.d -o $@ $^ -lcmocka $(LIBS)

fuzz-bins: $(FUZZ_BIN)

$(O)/fuzz/%: tests/fuzz/%.c $(ATTEST_SRC)
	$(say) FUZZ $<
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(CPPFLAGS) -std=gnu11 -O1 -g \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-o $@ $^ $(LIBS)

deps:			## install what every target needs (Debian 12)
	$(Q)scripts/deps all

demo:			## the main job in a virtual machine, ending in a verdict
	$(Q)scripts/deps demo
	$(Q)$(MAKE) all
	$(Q)O="$(O)" scripts/demo

test:			## the whole test suite; last line: N passed, N failed
	$(Q)scripts/deps test
	$(Q)O="$(O)" scripts/run-tests $(SUITES)

lint:			## format, warnings, checkpatch, sparse, clang-tidy, shellcheck
	$(Q)scripts/deps lint
	$(Q)O="$(O)" scripts/lint

bench:			## ratios against floors and peers, side by side in one run
	$(Q)scripts/deps bench
	$(Q)O="$(O)" scripts/bench

fuzz:			## every fuzz harness for FUZZ_SECONDS (default 60) each
	$(Q)scripts/deps fuzz
	$(Q)$(MAKE) fuzz-bins
	$(Q)O="$(O)" scripts/fuzz "$(or $(FUZZ_SECONDS),60)"

install: userspace	## the program, man pages, policies
	$(Q)O="$(O)" PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" scripts/install

uninstall:		## remove what `make install` put there
	$(Q)PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" scripts/install --remove

clean:			## remove everything built
	$(Q)rm -rf "$(O)"

help:			## this list
	$(Q)sed -n 's/^\([a-z]*\):[^#]*##\(.*\)/  make \1\t\2/p' Makefile | expand -t 20

-include $(shell find $(O) -name '*.d' 2>/dev/null)
