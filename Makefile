# SPDX-License-Identifier: GPL-2.0
#
# Purser: the kernel module, its userland, and their tests. "make help" lists
# the targets; Documentation/building.md tells more.

VERSION	:= 0.1.0
BUILD	:= build

# What one is asked for on the command line is handed to a sub-make by name
# below, never as a whole: a kernel is not built with the userland's CC.
MAKEOVERRIDES :=
MAKEFLAGS += --no-builtin-rules --no-print-directory
SHELL	:= /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

ifeq ($(origin CC),default)
CC	:= gcc
endif
AR	:= $(if $(filter default,$(origin AR)),ar,$(AR))
INSTALL	?= install
PKG_CONFIG ?= pkg-config
PREFIX	?= /usr/local

ifneq ($(V),1)
Q	:= @
say	= @printf '  %-7s %s\n' $(1) $(2)
endif

.PHONY: all modules userland workloads tests deps demo shell check check-debug \
	check-kernels check-programs sparse bench experiments \
	rootfs ynl vm-module vm-ready install clean distclean help FORCE

all: modules userland

help:
	@echo 'Build (everything goes to $(BUILD)/):'
	@echo '  all          the module and the userland (default)'
	@echo '  modules      $(BUILD)/purser.ko, for the kernel whose headers KDIR= names; without'
	@echo '               KDIR for the running kernel, or for the virtual machine'\''s where the'
	@echo '               running one has no headers'
	@echo '  userland     engine, purserctl and the workloads, in $(BUILD)/bin/'
	@echo '  tests        the unit tests, for ASan+UBSan and for TSan, in $(BUILD)/tests/'
	@echo '  rootfs       $(BUILD)/rootfs, the base root file system of containers'
	@echo '  deps         install the packages that any target here needs (apt-get, as root), and'
	@echo '               fetch the netlink client of the kernel'\''s source'
	@echo 'Use:'
	@echo '  demo         a tour of Purser in the virtual machine'
	@echo '  shell        a root shell in the virtual machine, the module loaded'
	@echo 'Check:'
	@echo '  check        all tests; T="subject subject/test_x" for some, NATIVE=1 for this'
	@echo '               machine and its running kernel instead of the virtual one'
	@echo '  check-debug  the tests of the module on a kernel with KASAN, lockdep, kmemleak and'
	@echo '               others, built at the first time; PROFILE=ci for a part of them, T='
	@echo '  check-kernels  likewise on each of Debian'\''s kernels in KERNELS="$(KERNELS)";'
	@echo '               PROFILE=smoke for a few tests, T='
	@echo '  check-programs  postgres, apache, redis and others under the limits that they are'
	@echo '               usually given; no part of check, and long. T=limits/test_x for one'
	@echo '  sparse       the module under sparse; any warning fails'
	@echo 'Measure:'
	@echo '  bench        all benchmarks, in the virtual machine; B=memory, B=logs, N=20 samples'
	@echo '               of everything, NATIVE=1; tables, JSON and figures are in $(BUILD)/bench/'
	@echo '  experiments  how CFS and EEVDF share CPUs between containers, with plots and tables in'
	@echo '               Documentation/scheduling/; E="nice io" for some, REPS=5, MS=2000, OUT=, NATIVE=1'
	@echo 'Other:'
	@echo '  install      programs to PREFIX ($(PREFIX)), the module to the modules of its kernel'
	@echo '  clean        remove what was built, keep fetched kernels and the root file system'
	@echo '  distclean    remove $(BUILD)/'
	@echo 'Options: V=1 shows commands, CC=clang, DESTDIR=, KERNEL= of the virtual machine: a release, a suite, debug'

# Packages. Each group is looked at on every run, which takes a moment, and
# installed where something is missing; see selftests/vm/packages.

deps:
	@selftests/vm/deps build kernel debug vm check programs bench experiments
	@selftests/vm/ynl >/dev/null

deps-%: FORCE
	@selftests/vm/deps $*

# The userland. A folder below userland/ is a room; one with a main.c in it is a
# program, and the others are what programs are made of. libpurser is two of them.
# Everything is compiled once for each variant: release, and the sanitizers for unit
# tests.

programs	:= $(patsubst userland/%/main.c,%,$(wildcard userland/*/main.c))
program_src	:= $(sort $(wildcard $(programs:%=userland/%/*.c)))
room_src	:= $(filter-out $(program_src),$(sort $(wildcard userland/*/*.c)))
lib_src		:= $(filter userland/base/% userland/libpurser/%,$(room_src))
workload_src	:= $(sort $(wildcard selftests/workloads/*.c))
unit_src	:= $(sort $(wildcard selftests/*/test_*.c))
preload_src	:= $(sort $(wildcard selftests/*/preload_*.c))
helper_src	:= $(filter-out $(workload_src) $(unit_src) $(preload_src),\
			$(sort $(wildcard selftests/*/*.c)))

packages	:= libnl-3.0 libnl-genl-3.0 json-c libseccomp
# Looked up when a recipe first wants them: by then the packages are there.
PKG_CFLAGS	= $(eval PKG_CFLAGS := $$(shell $(PKG_CONFIG) --cflags $(packages)))$(PKG_CFLAGS)
PKG_LIBS	= $(eval PKG_LIBS := $$(shell $(PKG_CONFIG) --libs $(packages)))$(PKG_LIBS)

CFLAGS	?= -O2 -g
compile	= $(CC) -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -pthread \
	  -DPURSER_VERSION='"$(VERSION)"' $(CFLAGS) -MD -MP \
	  -Iinclude/uapi -Iuserland $(PKG_CFLAGS)

san_release	:=
san_asan	:= -fsanitize=address,undefined -fno-sanitize-recover=all \
		   -fno-omit-frame-pointer
san_tsan	:= -fsanitize=thread -fno-omit-frame-pointer

# $(call variant,NAME): how to compile and archive for that variant
define variant
$(BUILD)/obj/$(1)/selftests/%.o: INCLUDES = -Iselftests/lib

$(BUILD)/obj/$(1)/%.o: %.c $(BUILD)/obj/$(1)/flags | deps-build
	$$(call say,CC,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(compile) $$(san_$(1)) $$(INCLUDES) -c -o $$@ $$<

$(BUILD)/obj/$(1)/flags: FORCE | deps-build
	@mkdir -p $$(@D)
	@flags=$$$$(printf '%q ' $$(compile) $$(san_$(1))); \
	[ "$$$$flags" = "$$$$(cat $$@ 2>/dev/null)" ] || echo "$$$$flags" > $$@

$(BUILD)/obj/$(1)/librooms.a: $(room_src:%.c=$(BUILD)/obj/$(1)/%.o)
$(BUILD)/obj/$(1)/libprograms.a: $(patsubst %.c,$(BUILD)/obj/$(1)/%.o,\
				$(filter-out %/main.c,$(program_src)))
endef

$(foreach v,release asan tsan,$(eval $(call variant,$(v))))

%.a:
	$(call say,AR,$@)
	@mkdir -p $(@D); rm -f $@
	$(Q)$(AR) qcs $@ $^

$(BUILD)/lib/libpurser.a: $(lib_src:%.c=$(BUILD)/obj/release/%.o)

userland: $(programs:%=$(BUILD)/bin/%) $(BUILD)/lib/libpurser.a workloads

define program
$(BUILD)/bin/$(1): $(patsubst %.c,$(BUILD)/obj/release/%.o,\
		$(filter userland/$(1)/%,$(program_src))) $(BUILD)/obj/release/librooms.a
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) -pthread $$(CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(PKG_LIBS)
endef

$(foreach p,$(programs),$(eval $(call program,$(p))))

# Workloads run in containers, whatever libraries these have.
workloads: $(workload_src:selftests/workloads/%.c=$(BUILD)/bin/%)

$(workload_src:selftests/workloads/%.c=$(BUILD)/bin/%): $(BUILD)/bin/%: \
		$(BUILD)/obj/release/selftests/workloads/%.o
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -pthread -static $(CFLAGS) $(LDFLAGS) -o $@ $^

# Tests in C: selftests/SUBJECT/test_x.c is a unit test, linked with all of the
# engine but its main.c; any other .c there is a program that tests use, static
# for the same reason as the workloads, save for clients of the container table:
# these run on the host, with its libnl.

unit_tests	:= $(foreach v,asan tsan,\
			$(unit_src:selftests/%.c=$(BUILD)/tests/$(v)/%))
client_src	:= $(if $(helper_src),$(shell grep -lE '"(base|libpurser|view)/|<netlink/|<json-c/' $(helper_src)))
clients		:= $(client_src:selftests/%.c=$(BUILD)/tests/bin/%)
helpers		:= $(helper_src:selftests/%.c=$(BUILD)/tests/bin/%)

tests: $(unit_tests) $(helpers)

# A folder with a main.c in it is one such program, made of many files: static if it
# runs in containers, else a client, which has the engine as a library too.
many_static	:= isolation/tries
many	:= $(filter-out $(many_static),\
		$(patsubst selftests/%/main.c,%,$(wildcard selftests/*/*/main.c)))

tests: $(many:%=$(BUILD)/tests/bin/%) $(many_static:%=$(BUILD)/tests/bin/%)

define many_program
$(BUILD)/tests/bin/$(1): $(patsubst %.c,$(BUILD)/obj/release/%.o,\
		$(wildcard selftests/$(1)/*.c)) \
		$(BUILD)/obj/release/librooms.a
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) -pthread $$(CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(PKG_LIBS)
endef

$(foreach p,$(many),$(eval $(call many_program,$(p))))

define many_static_program
$(BUILD)/tests/bin/$(1): $(patsubst %.c,$(BUILD)/obj/release/%.o,\
		$(wildcard selftests/$(1)/*.c))
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) -static $$(CFLAGS) $$(LDFLAGS) -o $$@ $$^
endef

$(foreach p,$(many_static),$(eval $(call many_static_program,$(p))))

define unit_test
$(BUILD)/tests/$(1)/%: $(BUILD)/obj/$(1)/selftests/%.o \
		$(BUILD)/obj/$(1)/libprograms.a $(BUILD)/obj/$(1)/librooms.a
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) -pthread $$(CFLAGS) $$(san_$(1)) $$(LDFLAGS) -o $$@ $$^ $$(PKG_LIBS)
endef

$(foreach v,asan tsan,$(eval $(call unit_test,$(v))))

$(clients): LINK = $(BUILD)/obj/release/librooms.a $(PKG_LIBS)
$(filter-out $(clients),$(helpers)): LINK = -static

$(helpers): $(BUILD)/tests/bin/%: $(BUILD)/obj/release/selftests/%.o \
		$(BUILD)/obj/release/librooms.a
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -pthread $(CFLAGS) $(LDFLAGS) -o $@ $< $(LINK)

# What is loaded into a program before its libraries, to come between the two.
preloads	:= $(preload_src:selftests/%.c=$(BUILD)/tests/bin/%.so)

tests: $(preloads)

$(preloads): $(BUILD)/tests/bin/%.so: selftests/%.c | deps-build
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror $(CFLAGS) -fPIC \
		-shared -o $@ $<

# The same program for 32 bits, without a C library: no other file of 32 bits is
# needed to build it.
tests: $(BUILD)/tests/bin/ioctl/monitor32

$(BUILD)/tests/bin/ioctl/monitor32: selftests/ioctl/monitor.c \
		selftests/ioctl/bare.h include/uapi/linux/container_monitor.h \
		| deps-build
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -m32 -std=gnu17 -Wall -Wextra -Werror -O2 -ffreestanding \
		-nostdlib -static -fno-pie -fno-stack-protector -Iinclude/uapi \
		-I/usr/include/$$($(CC) -print-multiarch) -o $@ $<

.SECONDARY:
-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# The module. Its sources are linked into a folder for each kernel and built
# there, so that the source tree stays clean and kernels do not mix.

running	:= /lib/modules/$(shell uname -r)/build
KDIR	?= $(if $(wildcard $(running)/include/generated/utsrelease.h),$(running))
kdir	= kdir='$(KDIR)'; : $${kdir:=$$(selftests/vm/kernel headers $(KERNEL))}; \
	  release=$$(sed -n 's/^.define UTS_RELEASE "\(.*\)"/\1/p' \
		"$$kdir/include/generated/utsrelease.h"); \
	  stage=$(CURDIR)/$(BUILD)/kmod/$$release; nodoc=(); \
	  [ ! -e "$$kdir/../../../suite" ] || nodoc=(cmd_checkdoc=)
# No vmlinux comes with headers, and without one there is no BTF to be made.
# The compiler is where the kernel's is, see selftests/vm/toolchain; what reads
# the comments is not there with it.
kbuild	= selftests/vm/toolchain "$$kdir" $(MAKE) -C "$$kdir" M="$$stage" W=1 KCFLAGS=-Werror \
	  PURSER_ROOT='$(CURDIR)' PURSER_VERSION='$(VERSION)' \
	  CONFIG_DEBUG_INFO_BTF_MODULES= "$${nodoc[@]}" $(if $(Q),-s)
stage	= mkdir -p "$$stage"; find "$$stage" -xtype l -delete; \
	  ln -sfn '$(CURDIR)'/kmod/* "$$stage"/

modules: | deps-build deps-kernel
	$(call say,KBUILD,$(BUILD)/purser.ko)
	$(Q)$(kdir); $(stage); $(kbuild) modules; \
	cmp -s "$$stage/purser.ko" $(BUILD)/purser.ko || \
		cp "$$stage/purser.ko" $(BUILD)/purser.ko

sparse: | deps-build deps-kernel deps-check
	$(call say,SPARSE,kmod)
	$(Q)$(kdir); stage+=.sparse; $(stage); \
	$(kbuild) C=2 CF='-D__CHECK_ENDIAN__' modules 2>&1 | tee "$$stage/sparse.log"; \
	! grep -F "$$stage/" "$$stage/sparse.log" | grep -E ': (warning|error):'

# The virtual machine

vm-module: | deps-vm
	@$(MAKE) modules KDIR="$$(selftests/vm/kernel headers $(KERNEL))" V='$(V)'

rootfs: workloads | deps-vm
	@selftests/vm/rootfs

vm-ready: userland vm-module rootfs

vm	= selftests/vm/run $(if $(KERNEL),--kernel '$(KERNEL)')

demo: vm-ready
	@colour=; [ ! -t 1 ] || colour=1; \
	$(vm) --env PURSER_COLOUR="$$colour" -- selftests/demo/run

shell: vm-ready
	@$(vm) --interactive --timeout 0 -- selftests/vm/shell

# The kernel's own netlink client, for the tests that use it: fetched once. Where it
# cannot be had they skip themselves.

ynl_tests := netlink netlink/test_ynl

ynl:
	@$(if $(or $(if $(T),,all),$(filter $(ynl_tests),$(T))),\
		selftests/vm/ynl >/dev/null || :)

# Tests. Unit tests run on this machine, as do the tests of the runner itself;
# all that need the module share one boot.

check: userland tests rootfs $(if $(NATIVE),modules,vm-module) | deps-check ynl
	@selftests/run $(if $(NATIVE),,--vm $(if $(KERNEL),--kernel '$(KERNEL)')) $(T)

# The same tests on other kernels; those that touch none are not run again.

KERNELS	?= default trixie trixie-backports
check-kernels = MAKE='$(MAKE)' selftests/vm/check-kernels \
		$(if $(PROFILE),--profile '$(PROFILE)')

check-debug: userland tests rootfs | deps-debug deps-check ynl
	@$(check-kernels) debug -- $(T)

check-kernels: userland tests rootfs | deps-vm deps-check ynl
	@$(check-kernels) $(KERNELS) -- $(T)

# Large programs, in a base root of their own.

check-programs: userland tests vm-module | deps-vm deps-programs
	@selftests/vm/rootfs programs
	@selftests/programs/run $(if $(KERNEL),--kernel '$(KERNEL)') $(T)

# Benchmarks: what they measure with are programs of the tests. The one of logs
# does without the module.

bench_module := $(if $(filter-out logs,$(or $(B),all)),modules)

bench: $(filter $(BUILD)/tests/bin/bench/%,$(helpers) $(many:%=$(BUILD)/tests/bin/%)) \
		$(if $(NATIVE),$(bench_module),vm-module) | deps-bench
	@selftests/bench/run $(if $(NATIVE),,--vm $(if $(KERNEL),--kernel '$(KERNEL)')) \
		$(if $(N),-n '$(N)') $(B)

# Experiments with the scheduler, on a kernel with CFS and one with EEVDF.

experiment_kernels := $(or $(KERNEL),default trixie)

experiments: userland rootfs $(BUILD)/tests/bin/experiments/scope \
		$(if $(NATIVE),modules) | deps-experiments
	$(if $(NATIVE),,@for kernel in $(experiment_kernels); do \
		$(MAKE) vm-module KERNEL="$$kernel" V='$(V)'; \
	done)
	@selftests/experiments/run \
		$(if $(NATIVE),,--vm $(experiment_kernels:%=--kernel '%')) \
		$(if $(REPS),--reps '$(REPS)') $(if $(MS),--ms '$(MS)') \
		$(if $(OUT),--out '$(OUT)') $(E)

install: all
	$(INSTALL) -d '$(DESTDIR)$(PREFIX)/bin'
	$(INSTALL) -m 755 $(programs:%=$(BUILD)/bin/%) '$(DESTDIR)$(PREFIX)/bin/'
	$(kdir); \
	$(INSTALL) -D -m 644 $(BUILD)/purser.ko \
		"$(DESTDIR)/lib/modules/$$release/extra/purser.ko"; \
	[ '$(DESTDIR)' ] || depmod "$$release"

clean:
	$(Q)rm -rf $(BUILD)/obj $(BUILD)/lib $(BUILD)/bin $(BUILD)/tests \
		$(BUILD)/kmod $(BUILD)/purser.ko $(BUILD)/vm $(BUILD)/clang $(BUILD)/ci

distclean:
	$(Q)rm -rf $(BUILD)
