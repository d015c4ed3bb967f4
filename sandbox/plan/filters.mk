# SPDX-License-Identifier: MIT
# The system call filters are compiled by libseccomp at build time: tool_filters.c reads the table of
# rules and prints gen/filter_tables.h, the programs for every architecture. Only the tool links it.

FILTER_TOOL    := $(B)/gen/tool_filters
FILTER_SOURCES := sandbox/plan/tool_filters.c sandbox/plan/filter_rules.c
GENERATED      += $(B)/gen/filter_tables.h

$(FILTER_TOOL): $(FILTER_SOURCES) sandbox/plan/filter.h sandbox/include/milepost/box.h
	@mkdir -p $(@D)
	@echo "  TOOL  $@"
	@$(BUILD_CC) $(CPPFLAGS) -std=c17 -D_GNU_SOURCE $(WARNINGS) $(if $(WERROR),-Werror) -O1 \
		$(call pkg_cflags,libseccomp) -o $@ $(FILTER_SOURCES) $(call pkg_libs,libseccomp)

$(B)/gen/filter_tables.h: $(FILTER_TOOL)
	@echo "  GEN   $@"
	@$(FILTER_TOOL) > $@
