# LM Ladder: language models from scratch, in C. `make` alone prints what a person can do here.

# --- the course: one row a lesson ------------------------------------------------------------------------------------
# AT_NN: the files that lesson NN adds to common/. A lesson is built from its own directory and the rows up to its own.

AT_01 := util file rng shuffle text ngram_count ngram_prob nll ngram backoff sample sampling model generate chat \
         checkpoint modelfile newest origin runlog progress cli plot shade curve lesson
AT_02 := arena tensor backward gemm machine params sgd rows softmax_rows op_onehot op_linear op_softmax op_cross_entropy op_penalty \
         gradcheck tapeview
AT_03 := windows examples minibatch batches draw op_embedding op_reshape op_tanh train train_state evaluate lrfind
AT_04 := init batchnorm op_batchnorm op_relu saturation update_ratio histogram
AT_05 := layers op_flatten op_conv1d
AT_06 := panel recurrent op_rnn clip op_lstm op_gru op_dropout init_uniform adamw adamw_keep words word_vocab word_pieces kneser_ney sequences streams op_reverse op_concat \
         op_additive_attention heatmap
AT_07 := crops heads op_attention op_positions sinusoid op_rope alibi
AT_08 := lines op_layernorm op_gelu op_add feed_forward residual block
AT_09 := decay_groups decay_groups_keep gpt gpt_file schedule accumulate kvcache sampler profile plan gpt_plan writer gpt_run gpt_options gpt_commands
AT_10 := bpe pair_table pair_count pair_merge pretokenize bpe_words bpe_train bpe_word bpe_encode bpe_decode bpe_files bpe_pieces wordpiece wordpiece_word colour
AT_11 := op_rmsnorm op_swiglu op_gqa gqa_cache routing op_route op_dispatch op_experts op_combine op_balance op_zloss moe mixtral mixtral_file mixtral_options mixtral_plan loads

LESSONS := 01-bigram 02-neural-bigram 03-mlp 04-batchnorm 05-wavenet 06-rnn-lstm 07-attention 08-transformer 09-gpt 10-bpe 11-moe
# begun: its program can be built, its text and exercises are still to come
BEGUN :=
UPTO_01 := $(AT_01)
UPTO_02 := $(UPTO_01) $(AT_02)
UPTO_03 := $(UPTO_02) $(AT_03)
UPTO_04 := $(UPTO_03) $(AT_04)
UPTO_05 := $(UPTO_04) $(AT_05)
UPTO_06 := $(UPTO_05) $(AT_06)
UPTO_07 := $(UPTO_06) $(AT_07)
UPTO_08 := $(UPTO_07) $(AT_08)
UPTO_09 := $(UPTO_08) $(AT_09)
UPTO_10 := $(UPTO_09) $(AT_10)
UPTO_11 := $(UPTO_10) $(AT_11)

# --- how to compile --------------------------------------------------------------------------------------------------

Q := $(if $(V),,@)
CC ?= cc
pkg = $(shell pkg-config --$(1) $(2) 2>/dev/null || echo $(3))
WARN := -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
PKG_CFLAGS := $(call pkg,cflags,jansson openblas check libpcre2-8)
# clang warns where it cannot vectorise a loop that asks for it; that is no fault of the code
CLANG := $(if $(findstring clang,$(shell $(CC) --version 2>/dev/null)),-Wno-pass-failed)
BASE = -std=c11 -g -fopenmp $(WARN) $(CLANG) -Icommon -Iexercises $(PKG_CFLAGS) -MMD -MP
# a*b + c in one instruction, and full vector registers: together they halve the time of exp and tanh
FAST := -O3 -march=native -ffp-contract=fast -fno-math-errno $(if $(filter x86_64,$(shell uname -m)),-mprefer-vector-width=512)
# memory and arithmetic are checked while the program runs; a report names the line
CHECKED := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
LIBS_01 := $(call pkg,libs,jansson,-ljansson) -lm
LIBS := $(call pkg,libs,jansson openblas,-ljansson -lopenblas) -lm
LIBS_10 := $(call pkg,libs,libpcre2-8,-lpcre2-8) $(LIBS)
CHECK_LIBS := $(call pkg,libs,check,-lcheck -lsubunit -lm -lrt -lpthread)

# three ways to build: fast; DEBUG=1, checked; PLAIN=1, for valgrind, which does not know the newest instructions
KIND := $(if $(DEBUG),debug,$(if $(PLAIN),plain,release))
FLAGS_release = $(BASE) $(FAST)
FLAGS_debug = $(BASE) $(CHECKED)
FLAGS_plain = $(BASE) -O1
FLAGS_fuzz = $(BASE) $(CHECKED) -fsanitize=fuzzer-no-link
FLAGS = $(FLAGS_$(KIND))
OBJ := build/obj/$(KIND)
BIN := build/$(filter-out release/,$(KIND)/)

number = $(firstword $(subst -, ,$(1)))
lesson = $(or $(filter $(1)-%,$(LESSONS)),$(error there is no lesson $(1) yet: want one of $(LESSONS)))
libs_of = $(if $(filter 01-%,$(1)),$(LIBS_01),$(if $(filter 10-% 11-%,$(1)),$(LIBS_10),$(LIBS)))
# what a lesson is made of, without endings: its own files and those of common/
parts_of = $(basename $(wildcard $(1)/*.c)) $(addprefix common/,$(UPTO_$(call number,$(1))))
objects_of = $(patsubst %,$(OBJ)/%.o,$(call parts_of,$(1)))

.PHONY: help
help:
	@cat docs/commands.txt

# an exercise finds the headers of its lesson's own directory, too
define COMPILE_RULE
build/obj/$(1)/%.o: %.c
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(FLAGS_$(1)) -I$$(<D) -I$$(notdir $$(<D)) -c $$< -o $$@
endef
$(foreach kind,release debug plain fuzz,$(eval $(call COMPILE_RULE,$(kind))))
# a learner's code need not spell out every conversion
LEARNERS := -Wall -Wextra
build/obj/release/exercises/% build/obj/release/solutions/% build/obj/release/build/%: WARN := $(LEARNERS)

define LESSON_RULES
$(BIN)$(1): $(call objects_of,$(1))
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(FLAGS) $$^ $(call libs_of,$(1)) -o $$@
endef
$(foreach l,$(LESSONS) $(BEGUN),$(eval $(call LESSON_RULES,$(l))))

.PHONY: build
build: $(addprefix $(BIN),$(LESSONS)) $(BIN)tales $(BIN)compare build/data/tales.txt build/data/tales-long.txt

# --- data that the build makes ---------------------------------------------------------------------------------------

$(BIN)tales: $(OBJ)/datasets/tales.o $(OBJ)/common/util.o $(OBJ)/common/rng.o
	@mkdir -p $(@D)
	$(Q)$(CC) $(FLAGS) $^ -lm -o $@
build/data/tales.txt: $(BIN)tales Makefile
	@mkdir -p $(@D)
	$(Q)$(BIN)tales --bytes 1000000 --seed 1 >$@.tmp && mv $@.tmp $@
build/data/tales-long.txt: $(BIN)tales Makefile
	@mkdir -p $(@D)
	$(Q)$(BIN)tales --bytes 5000000 --seed 1 --long-range >$@.tmp && mv $@.tmp $@

$(BIN)compare: $(OBJ)/bench/compare.o $(addprefix $(OBJ)/common/,$(addsuffix .o,$(UPTO_01)))
	@mkdir -p $(@D)
	$(Q)$(CC) $(FLAGS) $^ $(LIBS_01) -o $@
$(BIN)encode: $(OBJ)/bench/encode.o $(addprefix $(OBJ)/common/,$(addsuffix .o,$(UPTO_10)))
	@mkdir -p $(@D)
	$(Q)$(CC) $(FLAGS) $^ $(LIBS_10) -o $@

# --- run a lesson ----------------------------------------------------------------------------------------------------

lesson-%: build
	@tests/reuse.sh $(call lesson,$*) $(UPTO_$*) -- $(AT_$*)
	@build/$(call lesson,$*) train $(ARGS)

# the same program, with your files of exercises/ in place of those of the same name; ALL=1: of all lessons up to this one
mine-lesson-%: build
	@exercises/mine.sh $(call lesson,$*) $(ARGS)

# --- exercises -------------------------------------------------------------------------------------------------------

FROM ?= exercises
check-lesson-%:
	@exercises/check.sh $(call lesson,$*) $(FROM)
hint-lesson-% diff-lesson-% reset-lesson-% watch-lesson-%:
	@exercises/help.sh $(firstword $(subst -, ,$@)) $(call lesson,$*)
.PHONY: check progress check-course
check:
	@exercises/check.sh all $(FROM)
progress:
	@exercises/progress.sh
check-course: build
	@tests/course.sh
# after a stub has been changed and committed
.PHONY: stubs
stubs:
	@for f in $(filter-out %/grade.c,$(wildcard exercises/[01]*/*.c)); do echo "$$(git hash-object $$f) $$f"; done >exercises/stubs.manifest

# For the scripts above. grade-parts: all but the learner's file, and the grader over common/'s own files (parts).
# link-one: links the file SRC, as NAME, into OUT with the rest of LESSON and its grader.
.PHONY: link-one
judged = $(filter-out $(LESSON)/main common/$(NAME) $(LESSON)/$(NAME),$(call parts_of,$(LESSON)))
grader = exercises/$(LESSON)/grade $(basename $(wildcard exercises/$(LESSON)/grade/*.c)) exercises/grade exercises/expect exercises/report \
          $(if $(filter 01-%,$(LESSON)),,exercises/operations)
grade-parts: build/grade/$(LESSON)/parts
build/grade/$(LESSON)/parts: $(patsubst %,build/obj/debug/%.o,$(filter-out $(LESSON)/main,$(call parts_of,$(LESSON))) $(grader))
	@mkdir -p $(@D)
	@$(CC) $(BASE) $(CHECKED) $^ $(call libs_of,$(LESSON)) $(CHECK_LIBS) -o $@
link-one: $(patsubst %,build/obj/debug/%.o,$(judged) $(grader))
	@mkdir -p $(dir $(OUT))
	@$(CC) $(filter-out -MMD -MP $(WARN),$(BASE)) $(LEARNERS) $(CHECKED) -I$(LESSON) -c $(SRC) -o $(OUT).o
	@$(CC) $(BASE) $(CHECKED) $(OUT).o $^ $(call libs_of,$(LESSON)) $(CHECK_LIBS) -o $(OUT)

# Links the LESSON's program into OUT with the files MINE (paths) in place of those of the same name.
.PHONY: link-mine
mine_names = $(basename $(notdir $(MINE)))
replaced = $(foreach n,$(mine_names),common/$(n) $(LESSON)/$(n))
link-mine: $(patsubst %,build/obj/release/%.o,$(basename $(MINE)) $(filter-out $(replaced),$(call parts_of,$(LESSON))))
	@mkdir -p $(dir $(OUT))
	$(Q)$(CC) $(BASE) $(FAST) $^ $(call libs_of,$(LESSON)) -o $(OUT)

# --- tests -----------------------------------------------------------------------------------------------------------

# tests/test_NN_x.c is linked with what lesson NN has of common/, in both builds
TESTS := $(basename $(notdir $(wildcard tests/test_*.c)))
define TEST_RULE
$(1)tests/$(3): $$(addprefix build/obj/$(2)/,$$(addsuffix .o,tests/$(3) tests/testing $$(addprefix common/,$$(UPTO_$$(word 2,$$(subst _, ,$(3)))))))
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(FLAGS_$(2)) $$^ $$(LIBS_10) $$(CHECK_LIBS) -o $$@
endef
$(foreach t,$(TESTS),$(eval $(call TEST_RULE,build/,release,$(t)))$(eval $(call TEST_RULE,build/debug/,debug,$(t))))
.PHONY: test-programs
test-programs: $(addprefix build/tests/,$(TESTS)) $(addprefix build/debug/tests/,$(TESTS))

# tests/fuzz/NN_x.c, which clang's libFuzzer calls, and the parts that it looks into; CC=clang
FUZZERS := $(basename $(notdir $(wildcard tests/fuzz/[01]*.c)))
FUZZED := util file rng shuffle text checkpoint modelfile newest words word_vocab word_pieces $(filter-out colour,$(AT_10))
define FUZZ_RULE
build/fuzz/$(1): $$(patsubst %,build/obj/fuzz/%.o,tests/fuzz/$(1) tests/fuzz/fuzz $$(addprefix common/,$$(FUZZED)))
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(FLAGS_fuzz) $(2) $$^ $$(call pkg,libs,libpcre2-8,-lpcre2-8) $$(LIBS_01) -o $$@
endef
$(foreach f,$(FUZZERS),$(eval $(call FUZZ_RULE,$(f),-fsanitize=fuzzer)))$(eval $(call FUZZ_RULE,seeds))
.PHONY: fuzz-programs
fuzz-programs: $(addprefix build/fuzz/,$(FUZZERS) seeds)

# a variable of this file, for scripts
print-%:
	@echo $($*)

# --- plots -----------------------------------------------------------------------------------------------------------

plot-lesson-%: build
	@build/$(call lesson,$*) inspect $(ARGS)
.PHONY: compare ladder bench
compare: build
	@$(BIN)compare $(RUNS)
# steps a second beside PyTorch, which it needs
bench: build
	@bench/speed.sh
ladder: build
	@bench/ladder.sh

# --- everything ------------------------------------------------------------------------------------------------------

.PHONY: deps tour test test-ladder clean
deps:
	@.ci/deps.sh
tour: deps
	@$(MAKE) -s --no-print-directory build
	@tests/tour.sh
test: deps
	@$(MAKE) -s --no-print-directory build
	@tests/run.sh
# wrong files, tried at random; NAME=10_text: of one kind
.PHONY: fuzz
fuzz:
	@NAME=$(NAME) tests/fuzz_test.sh $(or $(SECONDS),60)
# the published figures, trained again in full; LESSON=05: those of one lesson
test-ladder: build
	@LESSON=$(LESSON) tests/ladder_test.sh
clean:
	rm -rf build

-include $(shell find build/obj -name '*.d' 2>/dev/null)
