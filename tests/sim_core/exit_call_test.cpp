// SPDX-License-Identifier: GPL-2.0-or-later
// Images that may end their run by semihosting.
#include "sim_core/image/exit_call.h"
#include "tests/sim_core/tiny_machine.h"

#include <gtest/gtest.h>

namespace simprof {
namespace {

bool mayExit(const char* listing) { return holdsExitCall(test::Listing(listing).image()); }

TEST(ExitCall, IsTheConstantOfItsOperationAndABreakpoint) {
    EXPECT_TRUE(mayExit("2018 | movs r0, #0x18\n4901 | ldr r1, [pc, #4]\nbeab | bkpt 0xab\n"));
    EXPECT_TRUE(mayExit("2020 | movs r0, #0x20\n4669 | mov r1, sp\nbeab | bkpt 0xab\n"));
    EXPECT_TRUE(mayExit("f04f 0018 | mov.w r0, #0x18\n4901 | ldr r1, [pc, #4]\nbeab | bkpt 0xab\n"));
    EXPECT_TRUE(mayExit("2318 | movs r3, #0x18\n4a01 | ldr r2, [pc, #4]\n4618 | mov r0, r3\n4611 | mov r1, r2\n"
                        "beab | bkpt 0xab\n"))
        << "as newlib's assembly has it";
}

TEST(ExitCall, IsNoOtherOperation) {
    EXPECT_FALSE(mayExit("bf00 | nop\n"));
    EXPECT_FALSE(mayExit("2004 | movs r0, #4\na101 | adr r1, text\nbeab | bkpt 0xab\n")) << "SYS_WRITE0";
    EXPECT_FALSE(mayExit("2018 | movs r0, #0x18\n2004 | movs r0, #4\nbeab | bkpt 0xab\n"));
    EXPECT_FALSE(mayExit("2118 | movs r1, #0x18\nbeab | bkpt 0xab\n")) << "the operation is in R0";
    EXPECT_FALSE(mayExit("2018 | movs r0, #0x18\nbe00 | bkpt 0\n"));
    EXPECT_FALSE(mayExit("beab | bkpt 0xab\n"));
}

} // namespace
} // namespace simprof
