# SPDX-License-Identifier: MPL-2.0
# The commands a person types. Each does everything it needs, installing packages included.
SHELL := /bin/bash
JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
DESTDIR ?=

.PHONY: help demo test bench-dhcp bench-http bench-storm build install deb packages asan tsan fuzz format clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: packages ## build Slipway and boot a virtual machine over the network with it
	@tools/build release slipway slipwayd lab-unix
	@/usr/bin/python3 lab/demo.py

test: packages ## build and run every test
	@/usr/bin/python3 tests/run

bench-dhcp: packages ## measure DHCP beside Kea, ISC dhcpd and dnsmasq: a quarter of an hour
	@tools/install-packages --bench
	@bench/dhcp/run

bench-http: packages ## measure HTTP beside nginx, lighttpd and libmicrohttpd: ten minutes
	@tools/install-packages --bench
	@bench/http/run

bench-storm: packages ## measure whole boots beside dnsmasq + nginx and Kea + atftpd + nginx: ten minutes
	@tools/install-packages --bench
	@bench/storm/run

bench-tftp: packages ## measure TFTP beside tftpd-hpa, atftpd and dnsmasq: ten minutes
	@tools/install-packages --bench
	@bench/tftp/run

build: packages ## build the programs for daily use, into build/release
	@tools/build release slipway slipwayd slipway-storm

install: build ## install programs, unit file and manual pages under PREFIX
	@DESTDIR=$(DESTDIR) cmake --install build/release --prefix $(PREFIX) --component slipway

deb: build ## make a Debian package in build/release
	@cpack --preset deb

packages: ## install every Debian package needed
	@tools/install-packages

asan: packages ## unit tests under the address and undefined-behaviour sanitizers
	@tools/build asan && ctest --test-dir build/asan -L 'unit|sim' --output-on-failure

tsan: packages ## unit tests under the thread sanitizer
	@tools/build tsan && ctest --test-dir build/tsan -L 'unit|sim' --output-on-failure

fuzz: packages ## build the fuzzers into build/fuzz
	@tools/build fuzz

format: ## format all sources
	@tools/format

clean: ## remove everything built
	rm -rf build
