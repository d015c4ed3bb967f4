# SPDX-License-Identifier: MIT
# milepost: one Makefile for all folders. It runs itself again for another variant, and when packages were installed
# first; no folder has a Makefile of its own. `make help` lists what it can do.

VERSION := 0.1.0
VARIANT ?= release
B       := build/$(VARIANT)
# Make has a CC of its own: only one that was given counts.
ifeq ($(origin CC),default)
CC := gcc
endif
# To build for another machine give CC, PKG_CONFIG_LIBDIR and this, the compiler for programs that run here.
BUILD_CC ?= $(CC)
SHELL   := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# --- rooms -----------------------------------------------------------------------------------------
# The one table of rooms: folder, rooms it may include (and all that those may), pkg-config packages.
# `make layers` reads it, archives are built from it, a unit test links its room and what is below.
#   room        folder               may include                          packages
define ROOM_TABLE
    base        sandbox/base         -                                    -
    host        sandbox/host         base                                 -
    plan        sandbox/plan         host                                 -
    jail        sandbox/jail         plan                                 -
    box         sandbox/box          jail                                 -
    cli         sandbox/cli          box                                  jansson
    model       grader/model         base                                 jansson
    yaml        grader/yaml          model                                yaml-0.1,jansson
    match       grader/match         model                                jansson,libpcre2-8
    manifest    grader/manifest      yaml,match                           jansson,libsodium
    wire        grader/wire          model,box                            libcurl
    intake      grader/intake        yaml,box                             libgit2,libssh2,libsodium
    bench       grader/bench         wire,yaml                            -
    http        grader/http          bench,match                          jansson
    program     grader/program       bench,match                          jansson
    tree        grader/tree          intake,match                         jansson
    files       grader/files         tree,yaml                            jansson
    history     grader/history       intake,match,yaml                    jansson
    page        grader/page          tree                                 gumbo
    score       grader/score         model                                -
    language    grader/language      yaml                                 jansson
    report      grader/report        model,language                       jansson
    ledger      grader/ledger        model                                sqlite3,libsodium
    pages       grader/pages         ledger,report,manifest,language,score jansson,libsodium,libcmark-gfm,libarchive
    grade       grader/grade         http,program,files,history,page,manifest,score,intake,match   libsodium
    workers     grader/workers       ledger                               jansson,libsodium
    serve       grader/serve         ledger,manifest,pages,box            libmicrohttpd,jansson,libsodium,libgit2
    cmd         grader/cmd           grade,report,score,intake,manifest,language,workers,serve   libsodium,libgit2
endef
export ROOM_TABLE

comma := ,
split  = $(filter-out -,$(subst $(comma), ,$(1)))
define ROOM_ROW
ROOMS += $(1)
dir.$(1) := $(2)
deps.$(1) := $(call split,$(3))
pkgs.$(1) := $(call split,$(4))
endef
# Takes the table's words four at a time.
each_room = $(if $(1),$(eval $(call ROOM_ROW,$(word 1,$(1)),$(word 2,$(1)),$(word 3,$(1)),$(word 4,$(1))))$(call each_room,$(wordlist 5,$(words $(1)),$(1))))
ROOMS :=
$(call each_room,$(strip $(ROOM_TABLE)))
below      = $(sort $(1) $(foreach d,$(deps.$(1)),$(call below,$(d))))

# --- flags -----------------------------------------------------------------------------------------
WARNINGS := -Wall -Wextra -Wshadow -Wpointer-arith -Wcast-qual -Wstrict-prototypes -Wmissing-prototypes \
            -Wformat=2 -Wvla -Wundef -Wwrite-strings -Werror=implicit-function-declaration -Werror=vla
flags.release  := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
# Sanitizers see other code paths: their guesses about truncation are no findings of ours.
flags.sanitize := -O1 -g -Wno-format-truncation -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
flags.coverage := -O0 -g -Wno-format-truncation --coverage
flags.fuzz     := -O1 -g -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=undefined
ifneq ($(filter $(VARIANT),release sanitize coverage fuzz),$(VARIANT))
$(error VARIANT is one of: release sanitize coverage fuzz)
endif
ifeq ($(VARIANT),fuzz)
CC := clang
endif
PACKAGES := $(sort $(foreach r,$(ROOMS),$(pkgs.$(r))) libseccomp)
CPPFLAGS += -Isandbox/include -I. -I$(B)/gen -DMILEPOST_VERSION='"$(VERSION)"'
CFLAGS   += -std=c17 -D_GNU_SOURCE $(WARNINGS) $(if $(WERROR),-Werror) $(flags.$(VARIANT)) -fPIE
LDFLAGS  += -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(filter -fsanitize% --coverage,$(filter-out %no-link,$(flags.$(VARIANT))))
pkg_cflags = $(if $(1),$(shell pkg-config --cflags $(1)))
pkg_libs   = $(if $(1),$(shell pkg-config --libs $(1)))

# --- rooms -> archives -----------------------------------------------------------------------------
# A file named tool_*.c is a program that runs at build time and is in no archive.
sources  = $(filter-out $(dir.$(1))/tool_%,$(wildcard $(dir.$(1))/*.c))
objects  = $(patsubst %.c,$(B)/%.o,$(call sources,$(1)))
archive  = $(B)/rooms/$(1).a
archives = $(foreach r,$(call below,$(1)),$(call archive,$(r)))
room_libs = $(call pkg_libs,$(sort $(foreach r,$(call below,$(1)),$(pkgs.$(r)))))

# The folder is asked too: its time changes when a source file goes, which no other file tells.
define ROOM_RULES
$(call archive,$(1)): $(call objects,$(1)) $(dir.$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	@ar rcs $$@ $$(filter %.o,$$^)
endef
$(foreach r,$(ROOMS),$(eval $(call ROOM_RULES,$(r))))

# Generated headers: made before anything is compiled. sandbox/plan names them in GENERATED.
-include sandbox/plan/filters.mk

# Flags, version and rooms stand in the Makefile.
$(B)/%.o: %.c Makefile | $(GENERATED)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
# Asked once, and only when something is compiled: on a fresh machine pkg-config comes with `make demo`.
ALL_CFLAGS = $(eval ALL_CFLAGS := $(call pkg_cflags,$(PACKAGES)))$(ALL_CFLAGS)

PROGRAMS := $(if $(wildcard grader/cmd/main.c),$(B)/milepost) $(if $(wildcard sandbox/cli/main.c),$(B)/milepost-box)
all: $(PROGRAMS)  ## build both programs (build/release/)
$(B)/milepost: $(call archives,cmd)
	@echo "  LINK  $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ -Wl,--start-group $^ -Wl,--end-group $(call room_libs,cmd)
# A static program forks cheaply, which the time of a box is made of: a third less, by measure.
static.release = $(shell echo 'int main(void) {return 0;}' | $(CC) -static-pie -x c - -o /dev/null -ljansson 2> /dev/null && echo -static-pie)
$(B)/milepost-box: $(call archives,cli)
	@echo "  LINK  $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) $(static.$(VARIANT)) -o $@ -Wl,--start-group $^ -Wl,--end-group $(call room_libs,cli)

# --- tests -----------------------------------------------------------------------------------------
# tests/unit/ROOM/t_*.c link only ROOM and what is below it; tests/plan and tests/live say their room
# by their folder in the same way.
TEST_ROOM_DIRS := unit plan live
test_sources = $(foreach r,$(ROOMS),$(wildcard tests/$(1)/$(r)/t_*.c))
test_program = $(patsubst %.c,$(B)/%,$(1))
define TEST_RULE
$(call test_program,$(1)): $(B)/$(1:.c=.o) $(call archives,$(2))
	@echo "  LINK  $$@"
	@$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $(B)/$(1:.c=.o) -Wl,--start-group $(call archives,$(2)) -Wl,--end-group $$(call room_libs,$(2))
endef
$(foreach k,$(TEST_ROOM_DIRS),$(foreach r,$(ROOMS),$(foreach t,$(wildcard tests/$(k)/$(r)/t_*.c),$(eval $(call TEST_RULE,$(t),$(r))))))
UNIT_TESTS := $(call test_program,$(call test_sources,unit))
PLAN_TESTS := $(call test_program,$(call test_sources,plan))
LIVE_TESTS := $(call test_program,$(call test_sources,live))
PROVE := BUILD=$(B) prove $(or $(VERBOSE),-q)
JOBS  ?= $(shell nproc)

unit: $(UNIT_TESTS)  ## unit tests: no network, no clock, no box
	@$(PROVE) -j$(JOBS) $^
plan: $(PLAN_TESTS)  ## golden plans of boxes
	@$(PROVE) -j$(JOBS) $^
live: $(PROGRAMS) $(LIVE_TESTS)  ## tests that need namespaces, servers, repositories
	@$(PROVE) $(LIVE_TESTS) $(wildcard tests/live/t_*.sh)
cli: $(PROGRAMS)  ## command lines, as a user types them
	@$(PROVE) $(wildcard tests/cli/t_*.sh)
# A worker by hand stands in for the real one: what is tested is the push.
BY_HAND := $(B)/tests/helper/by_hand
$(BY_HAND): $(BY_HAND).o $(call archives,ledger)
	@echo "  LINK  $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< -Wl,--start-group $(call archives,ledger) -Wl,--end-group $(call room_libs,ledger)
push: $(PROGRAMS) $(BY_HAND)  ## a real server, and git as learners have it
	@$(PROVE) $(wildcard tests/push/t_*.sh)

content: $(PROGRAMS)  ## every exercise proved: references, starters, known-bad submissions (SEEDS=N)
	@$(PROVE) $(wildcard tests/content/t_*.sh)
	@tests/helper/content.sh $(PROGRAMS) $(or $(SEEDS),1)
sanitize:  ## unit and plan tests and the fuzz corpus under ASan and UBSan
	@$(MAKE) -s VARIANT=sanitize WERROR=1 unit plan corpus
coverage:  ## line coverage of the unit and plan tests, in build/coverage/
	@$(MAKE) -s VARIANT=coverage unit plan
	@cd build/coverage && find . -name '*.gcda' -exec gcov -n -o {} {} \; 2> /dev/null | \
		awk '/^File .(sandbox|grader)/ {f = $$2} /^Lines/ && f {sub(/Lines executed:/, ""); print; f = ""}' | \
		awk -F '[% ]' '{lines += $$NF; hit += $$NF * $$1 / 100} END {printf "coverage: %.1f%% of %d lines\n", 100 * hit / lines, lines}'

check: deps-test  ## everything: installs what the tests need, runs them all
	@$(MAKE) -s -j$(JOBS) WERROR=1 all $(UNIT_TESTS) $(PLAN_TESTS) $(LIVE_TESTS) $(BY_HAND)
	@tests/helper/check.sh
check-full: deps-test  ## before a release: 20 seeds, 100 kills, two minutes of fuzzing a target
	@$(MAKE) -s -j$(JOBS) WERROR=1 all $(UNIT_TESTS) $(PLAN_TESTS) $(LIVE_TESTS) $(BY_HAND)
	@tests/helper/check.sh full
demo: deps-build  ## build, make a sample learner's repository, grade it, show the scorecard
	@$(MAKE) -s -j$(JOBS) all
	@tests/helper/demo.sh $(B)
bench: $(PROGRAMS)  ## speeds, as ratios in one run
	@missed=0; for b in $(wildcard tests/bench/*.sh); do BUILD=$(B) $$b || missed=1; done; exit $$missed
fresh:  ## the README's two commands in a root made by debootstrap (needs root)
	@tests/helper/fresh.sh
deps-build:
	@tests/helper/install.sh build
deps-test:
	@tests/helper/install.sh test

# --- fuzzing ---------------------------------------------------------------------------------------
# tests/fuzz/f_NAME.c and its inputs tests/fuzz/corpus/NAME/. `corpus` runs the inputs alone, in any
# variant; `fuzz` looks for new ones with clang's fuzzer.
FUZZ_SECONDS ?= 20
FUZZ_NAMES   := $(patsubst tests/fuzz/f_%.c,%,$(wildcard tests/fuzz/f_*.c))
CORPUS_TESTS := $(patsubst %,$(B)/fuzz/corpus_%,$(FUZZ_NAMES))
FUZZ_TESTS   := $(patsubst %,$(B)/fuzz/fuzz_%,$(FUZZ_NAMES))
FUZZ_LINK     = @mkdir -p $(@D); echo "  LINK  $@"; $(CC) $(CFLAGS) $(LDFLAGS) $(1) -o $@ $(filter %.o,$^) \
	-Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(call room_libs,cmd)
$(CORPUS_TESTS): $(B)/fuzz/corpus_%: $(B)/tests/fuzz/f_%.o $(B)/tests/helper/corpus.o $(call archives,cmd)
	$(call FUZZ_LINK)
$(FUZZ_TESTS): $(B)/fuzz/fuzz_%: $(B)/tests/fuzz/f_%.o $(call archives,cmd)
	$(call FUZZ_LINK,-fsanitize=fuzzer)
corpus: $(CORPUS_TESTS)  ## every fuzz target over its stored inputs
	@for name in $(FUZZ_NAMES); do $(B)/fuzz/corpus_$$name $$name tests/fuzz/corpus/$$name/*; done
ifeq ($(VARIANT),fuzz)
fuzz: $(FUZZ_TESTS)
	@for name in $(FUZZ_NAMES); do mkdir -p $(B)/found/$$name; \
		$(B)/fuzz/fuzz_$$name -max_total_time=$(FUZZ_SECONDS) -print_final_stats=0 -artifact_prefix=$(B)/found/ \
			$(B)/found/$$name tests/fuzz/corpus/$$name 2> $(B)/found/$$name.log \
			&& echo "ok - $$name: $$(tail -1 $(B)/found/$$name.log)" \
			|| { tail -40 $(B)/found/$$name.log; echo "not ok - $$name"; exit 1; }; done
else
fuzz:  ## look for new inputs, FUZZ_SECONDS a target (needs clang)
	@$(MAKE) -s VARIANT=fuzz fuzz
endif

templates:  ## write new versions of the templates into the exercises that compare with them
	@tests/helper/templates.sh exercises/1/first-push/data/templates.yaml
layers:  ## every include against the table of rooms
	@tests/helper/layers.sh
banned:  ## functions we do not call, files and functions that are too long
	@tests/helper/banned.sh
headers: $(GENERATED)  ## every header compiles alone
	@for h in $$(git ls-files -co --exclude-standard 'sandbox/*.h' 'grader/*.h' 'tests/helper/*.h'); do \
		$(CC) $(CPPFLAGS) -std=c17 -D_GNU_SOURCE $(ALL_CFLAGS) -Wall -Wno-unused -fsyntax-only -x c $$h || exit 1; done
format:  ## the shape of every line, by clang-format
	@git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format -i
tidy: $(GENERATED)  ## clang-tidy's static analysis, as .clang-tidy says
	@git ls-files -co --exclude-standard 'sandbox/*.c' 'grader/*.c' | xargs -P$(JOBS) -n 4 sh -c \
		'clang-tidy --quiet "$$@" -- $(subst ','\'',$(CPPFLAGS)) -std=c17 -D_GNU_SOURCE $(ALL_CFLAGS)' tidy

# --- installing ------------------------------------------------------------------------------------
PREFIX  ?= /usr/local
DESTDIR ?=
SHARE    = $(DESTDIR)$(PREFIX)/share/milepost
DOC      = $(DESTDIR)$(PREFIX)/share/doc/milepost
# What an older version left is taken away: a file too many changes the hash of an exercise.
MAN             = $(DESTDIR)$(PREFIX)/share/man/man1
COMPLETION.bash = $(DESTDIR)$(PREFIX)/share/bash-completion/completions/milepost
COMPLETION.zsh  = $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_milepost
COMPLETION.fish = $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/milepost.fish
UNIT            = $(DESTDIR)$(PREFIX)/lib/systemd/system/milepost.service
install: all  ## both programs, exercises and documents, below DESTDIR/PREFIX
	@install -d $(DESTDIR)$(PREFIX)/bin $(SHARE) $(DOC)
	@rm -rf $(SHARE)/exercises $(DOC)/docs
	@install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	@install -m 644 README.md LICENSE $(DOC)
	@cp -r exercises $(SHARE)/
	@rm -rf $(SHARE)/packs
	@if [ -d build/packs ]; then cp -r build/packs $(SHARE)/; fi
	@cp -r docs $(DOC)/
	@install -d $(dir $(COMPLETION.bash)) $(dir $(COMPLETION.zsh)) $(dir $(COMPLETION.fish)) $(MAN)
	@install -d $(dir $(UNIT))
	@sed 's,/usr/bin/milepost,$(PREFIX)/bin/milepost,' docs/packaging/milepost.service > $(UNIT)
	@for shell in bash:$(COMPLETION.bash) zsh:$(COMPLETION.zsh) fish:$(COMPLETION.fish); do \
		$(B)/milepost completion $${shell%%:*} > $${shell#*:}; done
	@$(B)/milepost-box completion > $(COMPLETION.bash)-box
	@if command -v scdoc > /dev/null; then for page in milepost.1 milepost-box.1; do \
		scdoc < docs/man/$$page.scd > $(MAN)/$$page; done; fi
	@chmod -R u=rwX,go=rX $(SHARE) $(DOC) $(COMPLETION.bash)* $(COMPLETION.zsh) $(COMPLETION.fish) $(MAN) $(UNIT)
npm-pack:  ## the npm modules for learners' Node.js programs, into build/packs/node (needs npm and its registry)
	@rm -rf build/packs/node.new
	@install -d build/packs/node.new
	@cp exercises/packs/node/package.json exercises/packs/node/package-lock.json exercises/packs/node/.npmrc build/packs/node.new
	@cd build/packs/node.new && npm ci --ignore-scripts --loglevel=error
	@rm -rf build/packs/node && mv build/packs/node.new build/packs/node
uninstall:  ## take away what install put there
	@rm -rf $(DESTDIR)$(PREFIX)/bin/milepost $(DESTDIR)$(PREFIX)/bin/milepost-box \
		$(SHARE) $(DOC) $(UNIT) $(COMPLETION.bash) $(COMPLETION.bash)-box $(COMPLETION.zsh) $(COMPLETION.fish) \
		$(MAN)/milepost.1 $(MAN)/milepost-box.1
package: all  ## a .deb and a relocatable tarball, in build/package/
	@tests/helper/package.sh $(VERSION)

clean:  ## remove build/
	@rm -rf build
help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
.PHONY: all unit plan live cli push content sanitize coverage check check-full demo bench fresh deps-build deps-test \
	layers banned headers format tidy templates install npm-pack uninstall package corpus fuzz clean help

-include $(shell [ -d $(B) ] && find $(B) -name '*.d')
