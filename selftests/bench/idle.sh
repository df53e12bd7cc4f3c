# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Roots and configurations of idle containers; to be sourced. The working folder is that of
# the benchmark, and the source tree is "root".

# version COMMAND - the first number in what --version prints
version() {
	"$1" --version 2>/dev/null | grep -oE '[0-9]+\.[0-9.]+' | head -n 1
}

# make_root - make the lower layer of all containers
make_root() {
	mkdir -p root/{bin,dev,etc,proc,run,sys,tmp} files/shm
	cp /bin/busybox root/bin/
	ln -s busybox root/bin/sleep
	touch root/etc/{hostname,hosts} root/run/.containerenv
	touch files/{hostname,hosts,.containerenv}
}

# make_bundle ID - make bundles/ID: an overlay, and the configuration of a podman for it
make_bundle() {
	local bundle=$PWD/bundles/$1

	mkdir -p "$bundle"/{upper,work,merged}
	mount -t overlay overlay "$bundle/merged" \
		-o "lowerdir=$PWD/root,upperdir=$bundle/upper,workdir=$bundle/work"
	sed -e 's|"args":\[[^]]*\]|"args":["/bin/sleep","1000000"]|' \
		-e "s|\"root\":{\"path\":\"[^\"]*\"}|\"root\":{\"path\":\"$bundle/merged\"}|" \
		-e "s|\"source\":\"[^\"]*/userdata/|\"source\":\"$PWD/files/|g" \
		-e "s|\"cgroupsPath\":\"[^\"]*\"|\"cgroupsPath\":\"/purser-bench/$1\"|" \
		"${root:?}/selftests/oci/podman-config.json" >"$bundle/config.json"
}
