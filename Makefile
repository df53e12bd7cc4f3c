# SPDX-License-Identifier: GPL-2.0
#
# Builds Purser: the kernel module, its userland, and their tests. "make help" lists
# the targets; Documentation/building.md explains them.

VERSION	:= 0.1.0
BUILD	:= build

# Sub-makes do not inherit the variables of the command line: the rules below pass the
# ones that a sub-make needs. A kernel must not be built with the CC of the userland.
MAKEOVERRIDES :=
MAKEFLAGS += --no-builtin-rules --no-print-directory
# J=2 is for builds and for tests.
MAKEFLAGS += $(if $(filter 0,$(MAKELEVEL)),$(if $(J),-j$(J)))
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

.PHONY: all modules userland workloads tests deps demo demo-swarm shell check check-long \
	check-host check-debug check-kcsan races check-kernels soak check-programs check-oci \
	check-monitoring check-packages sparse bench experiments fuzz-oci rootfs ynl vm-module vm-ready packaging deb install \
	module-fits uninstall dkms-source clean distclean help FORCE

all: modules userland

help:
	@echo 'Build (everything goes to $(BUILD)/):'
	@echo '  all          build the module and the userland (default)'
	@echo '  modules      build $(BUILD)/purser.ko for the kernel whose headers KDIR= names.'
	@echo '               Default: the running kernel; the kernel of the virtual machine if the'
	@echo '               running one has no headers'
	@echo '  userland     build engine, purserctl, purser-oci and the workloads in $(BUILD)/bin/'
	@echo '  tests        build the tests in $(BUILD)/tests/: unit tests with ASan+UBSan and with TSan,'
	@echo '               and the programs that other tests use'
	@echo '  rootfs       make $(BUILD)/rootfs, the base root file system of containers'
	@echo '  deps         install the packages that the targets need (apt-get, as root), and fetch'
	@echo '               the netlink client of the kernel'\''s source'
	@echo 'Use:'
	@echo '  demo         show a tour of Purser in the virtual machine'
	@echo '  demo-swarm   show docker swarm with purser-oci on two virtual machines, one of which'
	@echo '               fails; the first time this unpacks docker in $(BUILD)/callers'
	@echo '  shell        open a root shell in the virtual machine, with the module loaded'
	@echo 'Check:'
	@echo '  check        run the tests, those of the module in virtual machines.'
	@echo '               T="subject subject/test_x" selects tests; J=2 builds and runs two at a'
	@echo '               time; NATIVE=1 uses the running kernel of this machine instead of a'
	@echo '               virtual one'
	@echo '  check-long   run the tests that check leaves out: those that take longest'
	@echo '  check-host   run the tests that do not need the module, on this machine. T='
	@echo '  check-debug  run the tests of the module on a kernel with KASAN, lockdep, kmemleak and'
	@echo '               others, which the first run builds. PROFILE=ci selects a part; T='
	@echo '  check-kcsan  run the tests in which processors race for the module on a kernel with'
	@echo '               KCSAN, which the first run builds. QEMU=trixie lets them race; T='
	@echo '  races        run each of these tests again and again for an hour or MINUTES=, in a'
	@echo '               machine with four processors; KERNEL=kcsan or debug, QEMU=trixie; T='
	@echo '  check-kernels  run the tests of the module on each kernel in KERNELS, by default'
	@echo '               "$(KERNELS)". PROFILE=smoke selects a few tests; T='
	@echo '  soak         run thousands of containers of every kind for two hours, or HOURS=, and check'
	@echo '               that nothing grows; samples and a plot go to $(BUILD)/soak/'
	@echo '  check-programs  run postgres, apache, redis and others under their usual limits; this'
	@echo '               takes long and is not a part of check. T=limits/test_x selects one'
	@echo '  check-oci    run podman, docker and others with purser-oci, beside crun; this takes long'
	@echo '               and is not a part of check. T=podman/test_x selects one'
	@echo '  check-monitoring  check metrics, alerts and dashboard with Prometheus, which scrapes'
	@echo '               purserctl in the virtual machine; this is not a part of check'
	@echo '  check-packages  install, upgrade and purge the packages of "make deb" in a Debian, with'
	@echo '               DKMS and systemd; this takes long and is not a part of check.'
	@echo '               T=debian/test_x selects one; SUITE='
	@echo '  fuzz-oci     read random configurations with clang'\''s libFuzzer, for an hour or SECONDS='
	@echo '  sparse       check the module with sparse; any warning is an error'
	@echo 'Measure:'
	@echo '  bench        run all benchmarks in the virtual machine; tables, JSON and figures go to'
	@echo '               $(BUILD)/bench/. B=memory or B=logs selects one, B=all'
	@echo '               makes one report of all; N=20 samples; NATIVE=1'
	@echo '  experiments  measure how CFS and EEVDF share CPUs between containers; plots and tables'
	@echo '               go to Documentation/scheduling/. E="nice io" selects some; REPS=5, MS=2000,'
	@echo '               OUT=, NATIVE=1'
	@echo 'Other:'
	@echo '  install      install all to PREFIX ($(PREFIX)) and /etc, and the module for the running'
	@echo '               kernel; KDIR= for another one, MODULE=no for none'
	@echo '  uninstall    remove what install has put there'
	@echo '  deb          make the packages of Debian in $(BUILD)/deb/SUITE/, in a clean system of'
	@echo '               SUITE=bookworm or trixie, and check them with lintian'
	@echo '  clean        remove what was built; keep fetched kernels and the root file system'
	@echo '  distclean    remove $(BUILD)/'
	@echo 'Options: V=1 shows commands; CC=clang; DESTDIR=;'
	@echo '         KERNEL= of the virtual machine: a release, a suite, debug, or kcsan'
	@echo '         QEMU=trixie or QEMU=trixie-backports: the QEMU of that suite, with a thread'
	@echo '         for each processor of the virtual machine'

# Packages. Every run checks whether the packages of its groups are there, which takes a
# moment, and installs the missing ones; see selftests/vm/packages.

deps:
	@selftests/vm/deps build kernel debug vm check fuzz programs bench experiments
	@selftests/vm/ynl >/dev/null || { \
		echo "deps: this step failed: fetching the netlink client" >&2; exit 1; }

deps-%: FORCE
	@selftests/vm/deps $*

# The userland. Each folder below userland/ is a room. A room with a main.c is a program;
# the other rooms are linked into the programs, and two of them make up libpurser.a.
# A program has the name of its room, or the one that program_<room> gives it.
# Every file is compiled once for each variant: release, and asan and tsan (sanitizers)
# for the unit tests.

program_oci	:= purser-oci
# The init of containers is static, and built into another program.
init_src	:= $(sort $(wildcard userland/init/*.c))
program_rooms	:= $(patsubst userland/%/main.c,%,\
			$(filter-out $(init_src),$(wildcard userland/*/main.c)))
programs	:= $(foreach r,$(program_rooms),$(or $(program_$(r)),$(r)))
program_src	:= $(sort $(wildcard $(program_rooms:%=userland/%/*.c)))
room_src	:= $(filter-out $(program_src) $(init_src),\
			$(sort $(wildcard userland/*/*.c)))
lib_src		:= $(filter userland/base/% userland/libpurser/%,$(room_src))
workload_src	:= $(sort $(wildcard selftests/workloads/*.c))
unit_src	:= $(sort $(wildcard selftests/*/test_*.c))
preload_src	:= $(sort $(wildcard selftests/*/preload_*.c))
fuzz_src	:= $(sort $(wildcard selftests/*/fuzz_*.c))
helper_src	:= $(filter-out $(workload_src) $(unit_src) $(preload_src) $(fuzz_src),\
			$(sort $(wildcard selftests/*/*.c)))

packages	:= libnl-3.0 libnl-genl-3.0 json-c libseccomp
# Libraries that a program loads itself, when it needs them: their headers are used.
loaded		:= libsystemd
# Evaluated when a recipe first uses them: by then the packages are installed.
PKG_CFLAGS	= $(eval PKG_CFLAGS := $$(shell $(PKG_CONFIG) --cflags $(packages) $(loaded)))$(PKG_CFLAGS)
PKG_LIBS	= $(eval PKG_LIBS := $$(shell $(PKG_CONFIG) --libs $(packages)))$(PKG_LIBS)

CFLAGS	?= -O2 -g
compile	= $(CC) -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -pthread \
	  -DPURSER_VERSION='"$(VERSION)"' $(CFLAGS) -MD -MP \
	  -Iinclude/uapi -Iuserland $(PKG_CFLAGS)

san_release	:=
san_asan	:= -fsanitize=address,undefined -fno-sanitize-recover=all \
		   -fno-omit-frame-pointer
san_tsan	:= -fsanitize=thread -fno-omit-frame-pointer

# $(call variant,NAME): the rules that compile and archive for that variant
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

init	:= $(BUILD)/obj/init/purser-init
$(init): $(init_src) $(wildcard userland/init/*.h) $(BUILD)/obj/release/flags | deps-build
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -static -Os -s -o $@ $(init_src)

$(foreach v,release asan tsan,$(eval \
	$(BUILD)/obj/$(v)/userland/supervisor/init_program.o: $(init)) $(eval \
	$(BUILD)/obj/$(v)/userland/supervisor/init_program.o: INCLUDES = -DINIT_FILE='"$(init)"'))

%.a:
	$(call say,AR,$@)
	@mkdir -p $(@D); rm -f $@
	$(Q)$(AR) qcs $@ $^

$(BUILD)/lib/libpurser.a: $(lib_src:%.c=$(BUILD)/obj/release/%.o)

# The shared library has libpurser/, and of base/ only what that needs.
so_src		:= $(filter userland/libpurser/%,$(room_src)) userland/base/pidfd.c \
		   userland/base/parse.c
so_map		:= userland/libpurser/libpurser.map

$(BUILD)/obj/shared/%.o: %.c $(BUILD)/obj/release/flags | deps-build
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(compile) -fPIC -c -o $@ $<

$(BUILD)/lib/libpurser.so.1.0: $(so_src:%.c=$(BUILD)/obj/shared/%.o) $(so_map)
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -shared -pthread $(CFLAGS) $(LDFLAGS) -Wl,-soname,libpurser.so.1 -Wl,-z,defs \
		-Wl,--version-script=$(so_map) -o $@ $(filter %.o,$^) \
		$$($(PKG_CONFIG) --libs libnl-genl-3.0)

userland: $(programs:%=$(BUILD)/bin/%) $(BUILD)/lib/libpurser.a workloads

define program
$(BUILD)/bin/$(or $(program_$(1)),$(1)): $(patsubst %.c,$(BUILD)/obj/release/%.o,\
		$(filter userland/$(1)/%,$(program_src))) $(BUILD)/obj/release/librooms.a
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) -pthread $$(CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(PKG_LIBS)
endef

$(foreach r,$(program_rooms),$(eval $(call program,$(r))))

# Workloads are static: they must run in containers with any libraries or none.
workloads: $(workload_src:selftests/workloads/%.c=$(BUILD)/bin/%)

$(workload_src:selftests/workloads/%.c=$(BUILD)/bin/%): $(BUILD)/bin/%: \
		$(BUILD)/obj/release/selftests/workloads/%.o
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -pthread -static $(CFLAGS) $(LDFLAGS) -o $@ $^

# Tests in C. selftests/SUBJECT/test_x.c is a unit test, linked with the userland except
# the files main.c. Any other .c there is a helper program of the tests. A helper is
# static, for the same reason as the workloads, unless it includes files of the userland
# or of libnl or json-c ("clients"): it then runs on the host, with the host's libraries.

unit_tests	:= $(foreach v,asan tsan,\
			$(unit_src:selftests/%.c=$(BUILD)/tests/$(v)/%))
client_src	:= $(if $(helper_src),$(shell grep -lE '"(base|libpurser|view)/|<netlink/|<json-c/' $(helper_src)))
clients		:= $(client_src:selftests/%.c=$(BUILD)/tests/bin/%)
helpers		:= $(helper_src:selftests/%.c=$(BUILD)/tests/bin/%)

tests: $(unit_tests) $(helpers)

# A folder with a main.c below selftests/SUBJECT/ is one helper program, made of many
# files. It is static if it runs in containers, else a client.
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

# Libraries for LD_PRELOAD, which replace functions of the C library in a program.
preloads	:= $(preload_src:selftests/%.c=$(BUILD)/tests/bin/%.so)

tests: $(preloads)

$(preloads): $(BUILD)/tests/bin/%.so: selftests/%.c | deps-build
	$(call say,CC,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror $(CFLAGS) -fPIC \
		-shared -o $@ $<

# A libFuzzer program, selftests/oci/fuzz_config.c, with the rooms that it needs. It runs
# for SECONDS and keeps its corpus in $(BUILD)/fuzz/, where a crash is kept, too.
fuzz_dir := $(BUILD)/fuzz/oci

fuzz-oci: | deps-build deps-fuzz
	$(call say,CC,$(fuzz_dir)/fuzz_config)
	@mkdir -p $(fuzz_dir)/corpus
	$(Q)clang $(wordlist 2,99,$(compile)) -fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all -MF /dev/null -Iselftests/lib \
		-o $(fuzz_dir)/fuzz_config selftests/oci/fuzz_config.c \
		$(filter-out %/main.c,$(wildcard $(patsubst %,userland/%/*.c,\
			base libpurser document launch seccomp \
			cgroup oci))) $(PKG_LIBS)
	@cp selftests/oci/*.json $(fuzz_dir)/corpus/
	@cd $(fuzz_dir) && ./fuzz_config -max_total_time=$(or $(SECONDS),3600) -max_len=65536 \
		-timeout=20 -print_final_stats=1 corpus

# The client of the ioctl interface, compiled for 32 bits. It uses no C library, so the
# build needs no 32-bit libraries.
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

# The module. For each kernel there is a folder with symbolic links to the sources, and
# the module is built there: the source tree stays clean and kernels do not mix.

running	:= /lib/modules/$(shell uname -r)/build
KDIR	?= $(if $(wildcard $(running)/include/generated/utsrelease.h),$(running))
kdir	= kdir='$(KDIR)'; : $${kdir:=$$(selftests/vm/kernel headers $(KERNEL))}; \
	  release=$$(sed -n 's/^.define UTS_RELEASE "\(.*\)"/\1/p' \
		"$$kdir/include/generated/utsrelease.h"); \
	  stage=$(CURDIR)/$(BUILD)/kmod/$$release; nodoc=(); \
	  [ ! -e "$$kdir/../../../suite" ] || nodoc=(cmd_checkdoc=)
# The module gets no BTF: that needs a vmlinux, which the headers do not contain.
# For a kernel of another suite of Debian, selftests/vm/toolchain runs the compiler in a
# small system of that suite. What checks kernel-doc comments (cmd_checkdoc) is missing
# there.
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

# selftests/vm/run reads which QEMU it takes from the environment.
ifneq ($(QEMU),)
export PURSER_QEMU := $(QEMU)
endif

vm	= selftests/vm/run $(if $(KERNEL),--kernel '$(KERNEL)')

demo: vm-ready | deps-callers
	@selftests/vm/rootfs podman
	@colour=; [ ! -t 1 ] || colour=1; \
	$(vm) --env PURSER_COLOUR="$$colour" -- selftests/demo/run

shell: vm-ready
	@$(vm) --interactive --timeout 0 -- selftests/vm/shell

# The kernel's own netlink client, for the tests that use it. It is fetched once. If that
# fails, these tests skip themselves.

ynl_tests := netlink netlink/test_ynl

ynl:
	@$(if $(or $(if $(T),,all),$(filter $(ynl_tests),$(T))),\
		selftests/vm/ynl >/dev/null || :)

# Tests. Unit tests and the tests of the test tools run on this machine. The tests of the
# module run in a few virtual machines, which share them. The longest tests have a target of
# their own: see selftests/vm/profile-long.

jobs := $(if $(J),--jobs '$(J)')

check check-long: userland packaging tests rootfs $(if $(NATIVE),modules,vm-module) | deps-check ynl

run_tests = selftests/run $(jobs) $(if $(NATIVE),,--vm $(if $(KERNEL),--kernel '$(KERNEL)'))

check:
	@$(run_tests) $(or $(T),--but long)

check-long:
	@$(run_tests) --profile long

# The tests that do not need the module. (One of them boots a virtual machine to test
# selftests/vm/run.)

check-host: userland packaging tests | deps-vm deps-check
	@selftests/run $(jobs) --host-only $(T)

# The tests of the module on other kernels. The tests of this machine are not repeated.

KERNELS	?= default trixie trixie-backports
check-kernels = MAKE='$(MAKE)' selftests/vm/check-kernels \
		$(if $(PROFILE),--profile '$(PROFILE)')

check-debug: userland tests rootfs | deps-debug deps-check ynl
	@$(check-kernels) debug -- $(T)

check-kcsan: userland tests rootfs | deps-debug deps-check ynl
	@$(check-kernels) kcsan -- $(T)

# The same tests, each again and again for MINUTES, in one machine.

races: userland tests rootfs vm-module | deps-check
	@$(vm) --cpus 4 --mem 3072 --timeout 3600 -- selftests/stress/repeat "$(or $(MINUTES),60)" \
		$(or $(T),$$(sed '/^#/d' selftests/vm/profile-kcsan))

check-kernels: userland tests rootfs | deps-vm deps-check ynl \
		$(if $(filter debug kcsan,$(KERNELS)),deps-debug)
	@$(check-kernels) $(KERNELS) -- $(T)

# A long run: containers of all kinds, and what the kernel and the supervisors hold.

soak: userland tests vm-module | deps-bench
	@selftests/soak/run $(if $(KERNEL),--kernel '$(KERNEL)') "$(or $(HOURS),2)"

# The packages of Debian, in systems of their own.

SUITE	?= bookworm

deb: | deps-vm
	@userland/packaging/build '$(SUITE)'

check-packages: deb
	@SUITE='$(SUITE)' selftests/packages/run $(T)

# Large programs, in a root file system of their own.

check-programs: userland tests vm-module | deps-vm deps-programs
	@selftests/vm/rootfs programs
	@selftests/programs/run $(if $(KERNEL),--kernel '$(KERNEL)') $(T)

# Prometheus and the node exporter read the metrics: promtool on this machine, and the others
# in the virtual machine.

check-monitoring: userland tests vm-module | deps-vm deps-check deps-monitoring
	@selftests/run --host-only monitoring
	@selftests/run --vm $(if $(KERNEL),--kernel '$(KERNEL)') --dir selftests/monitoring scrape

# Callers of purser-oci, in a root file system of their own.

check-oci: userland tests vm-module | deps-vm deps-callers
	@selftests/vm/rootfs callers
	@selftests/vm/rootfs callers-trixie
	@selftests/callers/run $(if $(KERNEL),--kernel '$(KERNEL)') $(T)

demo-swarm: userland tests vm-module | deps-vm deps-callers
	@selftests/vm/rootfs callers
	@selftests/callers/swarm/run $(if $(KERNEL),--kernel '$(KERNEL)')

# Benchmarks. Helper programs of the tests measure. The benchmark of logs does not need
# the module.

bench_module := $(if $(filter-out logs,$(or $(B),all)),modules)

bench: userland $(filter $(BUILD)/tests/bin/bench/%,$(helpers) $(many:%=$(BUILD)/tests/bin/%)) \
		$(if $(NATIVE),$(bench_module),vm-module) | deps-bench
	@selftests/bench/run $(if $(NATIVE),,--vm $(if $(KERNEL),--kernel '$(KERNEL)')) \
		$(if $(N),-n '$(N)') $(B)

# Experiments with the scheduler, on a kernel with CFS and on one with EEVDF.

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

# Installing. userland/packaging/files lists what an installation consists of. The module
# goes only to the kernel that runs, unless KDIR names the headers of another one.

completions := $(programs:%=$(BUILD)/packaging/%.bash)
alias_engine := purser

$(completions): $(BUILD)/packaging/%.bash: $(BUILD)/bin/% userland/packaging/completion
	$(call say,GEN,$@)
	@mkdir -p $(@D)
	$(Q)userland/packaging/completion $< $(alias_$*) >$@

packaging: $(programs:%=$(BUILD)/bin/%) $(BUILD)/lib/libpurser.so.1.0 $(completions)

INSTALL_DIRS := BINDIR SBINDIR LIBDIR LIBEXECDIR INCLUDEDIR DATADIR MANDIR DOCDIR SYSCONFDIR \
		COMPLETIONSDIR UNITDIR UDEVDIR
install_files = $(foreach d,$(INSTALL_DIRS),$(if $($(d)),$(d)='$($(d))')) PREFIX='$(PREFIX)' \
		DESTDIR='$(DESTDIR)' VERSION='$(VERSION)' userland/packaging/install \
		$(if $(PACKAGE),--package '$(PACKAGE)')
modules_dir = $(DESTDIR)/lib/modules

ifeq ($(MODULE),no)
install: packaging
else
install: module-fits packaging modules
	@$(kdir); to="$(modules_dir)/$$release/extra"; \
	echo "install: the module, for kernel $$release"; \
	$(INSTALL) -D -m 644 $(BUILD)/purser.ko "$$to/purser.ko"; \
	[ '$(DESTDIR)' ] || depmod "$$release"
endif
	@$(install_files) install
	@[ '$(DESTDIR)' ] || ldconfig

module-fits:
	@[ '$(KDIR)' ] || { echo 'install: kernel '"$$(uname -r)"' has no headers on this machine.' \
		'Install them; or name those of another kernel, KDIR=;' \
		'or leave the module out, MODULE=no' >&2; exit 1; }

# The module is removed from all kernels.
uninstall:
	@$(install_files) uninstall
	@for file in $(modules_dir)/*/extra/purser.ko; do \
		[ -e "$$file" ] || continue; \
		dir=$${file%/extra/purser.ko}; \
		rm "$$file"; rmdir --ignore-fail-on-non-empty "$$dir/extra"; \
		[ '$(DESTDIR)' ] || depmod "$${dir##*/}"; \
		[ ! '$(DESTDIR)' ] || \
			(cd '$(DESTDIR)' && rmdir -p --ignore-fail-on-non-empty "lib/modules/$${dir##*/}"); \
	done
	@[ '$(DESTDIR)' ] || ldconfig

# The source of the module as DKMS takes it, in the folder TO=

dkms-source:
	@mkdir -p '$(TO)/kmod' '$(TO)/include/uapi/linux'
	@cp kmod/*.[ch] kmod/Kbuild '$(TO)/kmod/'
	@cp include/uapi/linux/*.h '$(TO)/include/uapi/linux/'
	@sed 's/#MODULE_VERSION#/$(VERSION)/' kmod/dkms.conf >'$(TO)/dkms.conf'

clean:
	$(Q)rm -rf $(BUILD)/obj $(BUILD)/lib $(BUILD)/bin $(BUILD)/tests \
		$(BUILD)/kmod $(BUILD)/purser.ko $(BUILD)/vm $(BUILD)/clang $(BUILD)/ci \
		$(BUILD)/packaging

distclean:
	$(Q)rm -rf $(BUILD)
