# kith: `make demo` shows it, `make check` tests it, `make help` lists targets.
VARIANT ?= release
B       := build/$(VARIANT)
CC      ?= cc
PKGS    := libcyaml libcsv libxxhash openssl zlib libutf8proc jansson libpcre2-8

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow \
        -Wstrict-prototypes -Wmissing-prototypes -Wcast-qual -Wformat=2 \
        -Wundef -Wvla -Wswitch-enum -Wnull-dereference -Wdouble-promotion \
        -Werror
STD  := -std=c11 -D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE -ffp-contract=off

OPT_release := -O2 -g -DNDEBUG
OPT_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
               -fno-omit-frame-pointer
OPT_tsan    := -O1 -g -fsanitize=thread
# DWARF 4: valgrind 3.19 cannot read what clang 14 writes by default.
OPT_debug   := -O0 -gdwarf-4
OPT_coverage := -O0 -g --coverage
OPT_fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
               -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT         := $(OPT_$(VARIANT))

CFLAGS   := $(STD) $(WARN) $(OPT) -fstack-protector-strong -pthread
CPPFLAGS := -Iinclude -Isrc -I$(B)/gen \
            -DKITH_BUILD_FLAGS='"$(strip $(STD) $(OPT))"'
LDLIBS   := -lcyaml -lyaml -lcsv -lxxhash -lutf8proc -ljansson -lpcre2-8 -lcrypto -lz -lm -pthread
# Bound at the start: a function that is bound at its first call saves all
# vector registers on the stack, and they may hold part of a name.
LDFLAGS  := $(filter -fsanitize=% --coverage,$(OPT)) -pthread -Wl,-z,relro,-z,now

# Everything but src/cli is the library; src/cli is the program.
LIB_SRC := $(filter-out src/cli/%,$(wildcard src/*/*.c))
CLI_SRC := $(wildcard src/cli/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o)
CLI_OBJ := $(CLI_SRC:%.c=$(B)/%.o)
LIB     := $(B)/libkith.a
KITH    := $(B)/kith

# One program per test file; shared helpers are tests/support.
SUPPORT_SRC := $(wildcard tests/support/*.c)
SUPPORT_OBJ := $(SUPPORT_SRC:%.c=$(B)/%.o)
TEST_SRC := $(wildcard tests/unit/test_*.c tests/property/test_*.c \
                       tests/integration/test_*.c)
FAULT_SRC := $(wildcard tests/fault/test_*.c)
FUZZ_SRC := $(wildcard tests/fuzz/fuzz_*.c)
TESTS   := $(TEST_SRC:%.c=$(B)/%) $(FAULT_SRC:%.c=$(B)/%)
REPLAYS := $(FUZZ_SRC:%.c=$(B)/%)

.PHONY: all
all: $(KITH)

$(KITH): $(CLI_OBJ) $(LIB)
	@$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(LIB): $(LIB_OBJ)
	@rm -f $@
	@$(AR) rcs $@ $^

# Flags for one instruction set each; the dispatcher has none. The kernels'
# short loops want unrolling, which -O2 leaves undone. A kernel of another
# processor's is an empty file; arm64 has NEON without a flag.
KERNEL_release := -O3
$(B)/src/compare/kernel_%.o: ISA = $(KERNEL_$(VARIANT))
ifneq ($(findstring x86_64,$(shell $(CC) -dumpmachine)),)
$(B)/src/compare/kernel_popcnt.o: ISA := $(KERNEL_$(VARIANT)) -mpopcnt
$(B)/src/compare/kernel_avx2.o: ISA := $(KERNEL_$(VARIANT)) -mavx2 -mpopcnt
$(B)/src/compare/kernel_avx512.o: ISA := $(KERNEL_$(VARIANT)) -mavx512f -mavx512bw -mavx512vl \
                                         -mavx512vpopcntdq -mpopcnt
# Its vectors pass between functions of one file only.
$(B)/tests/property/test_avx512_emulated.o: ISA := -Wno-psabi
endif

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) $(ISA) -MMD -MP -c -o $@ $<

# The linkage spec that ships with kith is compiled in from its one source.
$(B)/gen/default_spec_bytes.inc: fixtures/specs/uk-person.yaml
	@mkdir -p $(@D)
	od -An -v -tu1 $< | sed 's/  */,/g; s/^,//; s/$$/,/' >$@
$(B)/src/config/default_spec.o: $(B)/gen/default_spec_bytes.inc

$(B)/tests/fault/%: $(B)/tests/fault/%.o $(B)/tests/fault/fault.o \
                     $(SUPPORT_OBJ) $(LIB)
	@$(CC) $(LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc \
	    -Wl,--wrap=posix_memalign,--wrap=pthread_create \
	    -Wl,--wrap=write,--wrap=fsync,--wrap=rename,--wrap=open \
	    -o $@ $(filter %.o,$^) $(LIB) -lcmocka $(LDLIBS)
$(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(B)/tests/fuzz/replay_main.o $(LIB)
	@$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) $(LDLIBS)
$(B)/tests/%: $(B)/tests/%.o $(SUPPORT_OBJ) $(LIB)
	@$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) -lcmocka $(LDLIBS)

.PHONY: check check-asan check-tsan check-valgrind
check: deps-quiet
	@$(MAKE) --no-print-directory all tests
	@tests/run.sh $(B)
check-asan:
	@$(MAKE) --no-print-directory VARIANT=asan all tests
	@tests/run.sh build/asan
check-tsan:
	@$(MAKE) --no-print-directory VARIANT=tsan all tests
	@tests/run.sh build/tsan
check-valgrind:
	@$(MAKE) --no-print-directory VARIANT=debug all tests
	@KITH_TEST_PREFIX='valgrind -q --error-exitcode=9 --leak-check=full' \
	    tests/run.sh build/debug

# Coverage-guided fuzzing, each target for FUZZ_SECONDS, from the seeds that
# `check` replays; what it finds stays below build/fuzz. Leaks are looked for
# when the seeds are replayed: after every input it costs seven eighths.
FUZZ_SECONDS ?= 60
FUZZERS := $(FUZZ_SRC:%.c=$(B)/%.fuzzer)
$(B)/tests/fuzz/%.fuzzer: $(B)/tests/fuzz/%.o $(LIB)
	@$(CC) -fsanitize=fuzzer,address,undefined -pthread -o $@ $^ $(LDLIBS)

.PHONY: fuzz fuzzers
fuzzers: $(FUZZERS)
fuzz:
	@$(MAKE) --no-print-directory CC=clang VARIANT=fuzz fuzzers
	@set -e; for f in $(FUZZ_SRC:tests/fuzz/fuzz_%.c=%); do \
	    mkdir -p build/fuzz/corpus/$$f; \
	    echo "fuzz $$f, $(FUZZ_SECONDS) s"; \
	    build/fuzz/tests/fuzz/fuzz_$$f.fuzzer -verbosity=0 \
	        -detect_leaks=0 -print_final_stats=1 -max_total_time=$(FUZZ_SECONDS) \
	        -artifact_prefix=build/fuzz/$$f- \
	        build/fuzz/corpus/$$f fixtures/fuzz/$$f; \
	done

.PHONY: coverage
coverage:
	@command -v gcovr >/dev/null || { echo "coverage needs gcovr"; exit 1; }
	@$(MAKE) --no-print-directory VARIANT=coverage all tests
	-@tests/run.sh build/coverage
	@gcovr --root . --filter src/ --object-directory build/coverage \
	    --print-summary --txt build/coverage/coverage.txt

.PHONY: tests
tests: $(TESTS) $(REPLAYS)

.PHONY: deps deps-quiet
deps:
	@.ci/deps
deps-quiet:
	@.ci/deps --quiet

C_FILES = $(wildcard src/*/*.[ch] include/kith/*.h tests/*/*.[ch] \
                     bench/*/*.[ch])
.PHONY: format format-check clang-check lint tidy
format:
	clang-format -i $(C_FILES)
format-check:
	clang-format --dry-run -Werror $(C_FILES)
# What clang warns of, in a few seconds: it parses and builds nothing.
clang-check: $(B)/gen/default_spec_bytes.inc
	@printf '%s\n' $(LIB_SRC) $(CLI_SRC) | xargs -P 2 -n 40 \
	    clang $(CPPFLAGS) $(STD) $(WARN) -fsyntax-only
lint:
	tests/lint/clang.sh
	tests/lint/layers.sh
	tests/lint/headers.sh
tidy: all
	clang-tidy --quiet $(LIB_SRC) $(CLI_SRC) -- $(CPPFLAGS) $(STD)

# A made-up Greater Manchester of 20,000 people, linked and flagged.
.PHONY: demo
demo: deps
	@$(MAKE) --no-print-directory all
	@$(KITH) synth --people 20000 --seed 1 --criteria fixtures/criteria \
	    --out demo --quiet
	@$(KITH) keygen --for demo/kith.yaml
	@$(KITH) run demo/kith.yaml
	@echo "kith is $(KITH); make install puts it on the path."

# Benchmarks are programs of their own; none of them is a test.
BENCH_SRC := $(wildcard bench/micro/*.c bench/macro/*.c) \
             bench/accuracy/clear_text.c bench/peers/clear_csv.c
BENCHES   := $(BENCH_SRC:%.c=$(B)/%)
$(B)/bench/%: $(B)/bench/%.o $(LIB)
	@$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) $(LDLIBS)
.PHONY: bench benches
benches: $(BENCHES)
bench: benches
	@bench/run.sh $(B)

# make bench-accuracy DATA=folder of public test sets
.PHONY: bench-accuracy
bench-accuracy: all
	@KITH=$(KITH) bench/accuracy/run.sh $(DATA)

# Splink and anonlink beside kith on the same extracts. Fetches both from PyPI
# into build/peers. PEOPLE: sizes of the synthetic populations; DATA: folder of
# the public sets, for FEBRL 4.
.PHONY: bench-peers
PEOPLE ?= 10300 103000
bench-peers: all $(B)/bench/peers/clear_csv
	@bench/peers/run.sh $(B) "$(PEOPLE)" $(DATA)

# One page a command, from the option tables, and one for the tables written.
.PHONY: man
man: all
	@mkdir -p $(B)/man
	@{ printf '.TH KITH-FILES 5 "" "kith" "kith"\n.SH NAME\n'; \
	    printf 'kith-files \\- the tables that kith writes\n'; \
	    printf '.SH DESCRIPTION\n.nf\n'; \
	    $(KITH) help files | sed "s/-/\\\\-/g; s/^[.']/\\\\\\&&/"; \
	    echo .fi; } >$(B)/man/kith-files.5
	@for c in $$($(KITH) help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do \
	    $(KITH) $$c --man >$(B)/man/kith-$$c.1; done
	@echo "$(B)/man"

.PHONY: install clean help
PREFIX ?= /usr/local
install: man
	install -D -m 755 $(KITH) $(DESTDIR)$(PREFIX)/bin/kith
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/kith/synth \
	    fixtures/synth/*.csv
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/kith/criteria \
	    fixtures/criteria/*.criteria
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/kith README.md
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/kith/examples \
	    fixtures/config/*.yaml fixtures/specs/*.yaml
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 $(B)/man/*.1
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man5 $(B)/man/*.5
clean:
	rm -rf build demo
help:
	@grep -hE '^\.PHONY' Makefile | sed 's/.PHONY: //' | tr ' ' '\n' | sort

-include $(shell find $(B) -name '*.d' 2>/dev/null)
