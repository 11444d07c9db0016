// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/check.h"
#include "core/exceptions.h"
#include "core/handlers.h"
#include "core/threads.h"

namespace {

std::uint32_t seenNumber;
std::uint32_t seenIpsr;
std::uint32_t seenXpsr;
std::uint32_t* seenFrame;

void addAndReturn(std::uint32_t* frame, unsigned number) {
    seenNumber = number;
    seenIpsr = readIpsr();
    frame[0] = frame[0] + 10 * frame[1] + 100 * frame[2] + 1000 * frame[3];
}

std::uint32_t callSvc42(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    register std::uint32_t r0 asm("r0") = a;
    register std::uint32_t r1 asm("r1") = b;
    register std::uint32_t r2 asm("r2") = c;
    register std::uint32_t r3 asm("r3") = d;
    asm volatile("svc #42" : "+r"(r0) : "r"(r1), "r"(r2), "r"(r3) : "r12", "lr", "cc", "memory");
    return r0;
}

void rememberFrame(std::uint32_t* frame, unsigned) {
    seenFrame = frame;
    seenXpsr = frame[7];
}

// Takes an SVC with the stack pointer at a multiple of 4 that is none of 8; returns how far it differs afterwards.
__attribute__((naked)) std::uint32_t svcMisaligned() {
    asm volatile("push {r4, r5, r6, lr}\n"
                 "sub sp, #4\n"
                 "mov r4, sp\n"
                 "svc #1\n"
                 "mov r5, sp\n"
                 "subs r0, r5, r4\n"
                 "add sp, #4\n"
                 "pop {r4, r5, r6, pc}\n");
}

std::uint32_t svcAligned() {
    asm volatile("svc #1" ::: "r0", "r1", "r2", "r3", "r12", "lr", "cc", "memory");
    return 0;
}

#ifndef CORE_IS_M0 // the unprivileged level is an option of M0+, none of M0
std::uint32_t seenControl;

void becomePrivileged(std::uint32_t*, unsigned) {
    seenControl = readControl();
    asm volatile("msr control, %0\n isb" ::"r"(seenControl & ~1U) : "memory");
}

std::uint32_t unprivilegedPrimask;
std::uint32_t unprivilegedControl;

void runUnprivileged() {
    svcAction = becomePrivileged;
    asm volatile("msr control, %0\n isb" ::"r"(readControl() | 1U) : "memory");
    asm volatile("cpsid i" ::: "memory"); // ignored without privilege
    unprivilegedControl = readControl();
    asm volatile("msr control, %0\n isb" ::"r"(unprivilegedControl & ~1U) : "memory"); // ignored too
    svcAligned();
    unprivilegedPrimask = readPrimask();
}
#endif

alignas(8) std::uint32_t processStack[128];

} // namespace

void checkSupervisorCall() {
    svcAction = addAndReturn;
    expectEqual("svc: stacked r0 returns the result", callSvc42(1, 2, 3, 4), 4321);
    expectEqual("svc: immediate", seenNumber, 42);
    expectEqual("svc: IPSR", seenIpsr, 11);

    svcAction = rememberFrame;
    expectEqual("svc: stack pointer restored from an odd multiple of 4", svcMisaligned(), 0);
    expectEqual("svc: stacked xPSR bit 9 tells the padding", (seenXpsr >> 9) & 1, 1);
    expectEqual("svc: frame is 8-byte aligned", reinterpret_cast<std::uintptr_t>(seenFrame) & 7, 0);
    svcAligned();
    expectEqual("svc: no padding on an aligned stack", (seenXpsr >> 9) & 1, 0);

    runOnProcessStack([] { svcAligned(); }, processStack + 128);
    expectWithin("svc: frame on the process stack", reinterpret_cast<std::uintptr_t>(seenFrame),
                 reinterpret_cast<std::uintptr_t>(processStack), reinterpret_cast<std::uintptr_t>(processStack + 128));

#ifndef CORE_IS_M0
    runOnProcessStack(runUnprivileged, processStack + 128);
    expectEqual("svc: CONTROL of an unprivileged thread", unprivilegedControl & 3, 3);
    expectEqual("svc: CPS is ignored without privilege", unprivilegedPrimask, 0);
    expectEqual("svc: handler gives privilege back", readControl() & 3, 0);
#endif
    svcAction = nullptr;
}
