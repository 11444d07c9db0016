// SPDX-License-Identifier: GPL-2.0-or-later
// The memory protection unit: what it denies, what the fault says, and that the program goes on after it.
// On M0+ every denial is a HardFault without status registers; on M4 and M7 a MemManage fault with CFSR and MMFAR.
#include "core/check.h"
#include "core/handlers.h"
#include "core/threads.h"

namespace {

constexpr std::uint32_t kEnable = 1;
constexpr std::uint32_t kPrivilegedBackground = 4;
constexpr std::uint32_t kExecuteNever = 1U << 28;
// RASR.AP (Armv7-M ARM table B3-15)
constexpr std::uint32_t kNoAccess = 0U << 24;
constexpr std::uint32_t kPrivilegedOnly = 1U << 24;
constexpr std::uint32_t kFullAccess = 3U << 24;
constexpr std::uint32_t kReadOnly = 6U << 24;
constexpr std::uint32_t kNormalMemory = 2U << 16; // C: write-through
constexpr std::uint32_t kSize256 = 7U << 1;       // 2^(7 + 1); the smallest region of M0+
constexpr std::uint32_t kSize4K = 11U << 1;

// CFSR
constexpr std::uint32_t kIaccviol = 1U << 0;
constexpr std::uint32_t kDaccviol = 1U << 1;
constexpr std::uint32_t kMmarvalid = 1U << 7;

volatile std::uint32_t faults;
volatile std::uint32_t seenStatus;
volatile std::uint32_t seenAddress;
volatile std::uint32_t seenPc;
volatile bool returnsToCaller; // skip the faulting instruction, or leave the function that could not be fetched

alignas(4096) volatile std::uint32_t guarded[1024];

void setRegion(std::uint32_t number, std::uint32_t base, std::uint32_t attributesAndSize) {
    MPU_RNR = number;
    MPU_RBAR = base;
    MPU_RASR = attributesAndSize;
    dataBarrier();
    instructionBarrier();
}

void enableMpu(std::uint32_t control) {
    MPU_CTRL = control;
    dataBarrier();
    instructionBarrier();
}

// 16-bit instructions, so that the handler knows how far to go on.
__attribute__((noinline)) void storeWord(volatile std::uint32_t* address, std::uint32_t value) {
    register volatile std::uint32_t* r0 asm("r0") = address;
    register std::uint32_t r1 asm("r1") = value;
    asm volatile("str r1, [r0]\n dsb" ::"r"(r0), "r"(r1) : "memory");
}

__attribute__((noinline)) std::uint32_t loadWord(volatile std::uint32_t* address) {
    register volatile std::uint32_t* r0 asm("r0") = address;
    register std::uint32_t r1 asm("r1") = 0xBAD;
    asm volatile("ldr r1, [r0]\n dsb" : "+r"(r1) : "r"(r0) : "memory");
    return r1;
}

std::uintptr_t addressOf(const volatile void* object) { return reinterpret_cast<std::uintptr_t>(object); }

void expectFault(const char* name, std::uint32_t count, [[maybe_unused]] std::uint32_t status,
                 [[maybe_unused]] const volatile void* address) {
    expectEqual(name, faults, count);
#if __ARM_ARCH >= 7
    if (count != 0) {
        expectEqual(name, seenStatus, status);
    }
    if ((status & kMmarvalid) != 0) {
        expectEqual(name, seenAddress, addressOf(address));
    }
#endif
    faults = 0;
}

void checkData() {
    guarded[0] = 1;
    guarded[64] = 2;
    setRegion(0, addressOf(guarded), kReadOnly | kNormalMemory | kSize256 | kEnable);
    enableMpu(kPrivilegedBackground | kEnable);

    storeWord(&guarded[0], 99);
    expectFault("mpu: store to a read-only region", 1, kDaccviol | kMmarvalid, &guarded[0]);
    expectEqual("mpu: the value stays", loadWord(&guarded[0]), 1);
    storeWord(&guarded[63], 99);
    expectFault("mpu: store to its last word", 1, kDaccviol | kMmarvalid, &guarded[63]);
    storeWord(&guarded[64], 3);
    expectFault("mpu: store behind it", 0, 0, nullptr);
    expectEqual("mpu: arrives", loadWord(&guarded[64]), 3);

    setRegion(0, addressOf(guarded), kNoAccess | kNormalMemory | kSize256 | kEnable);
    expectEqual("mpu: a denied load leaves the register", loadWord(&guarded[1]), 0xBAD);
    expectFault("mpu: load from a region without access", 1, kDaccviol | kMmarvalid, &guarded[1]);

    // 256 bytes have subregions on all cores: 32 bytes each; bit 1 off lets the background in.
    setRegion(0, addressOf(guarded), kNoAccess | kNormalMemory | kSize256 | 2U << 8 | kEnable);
    (void)loadWord(&guarded[8]);
    expectFault("mpu: a disabled subregion is not in the region", 0, 0, nullptr);
    (void)loadWord(&guarded[16]);
    expectFault("mpu: the next one is", 1, kDaccviol | kMmarvalid, &guarded[16]);

    setRegion(1, addressOf(guarded), kFullAccess | kNormalMemory | kSize256 | kEnable);
    (void)loadWord(&guarded[16]);
    expectFault("mpu: the higher region number wins", 0, 0, nullptr);
    enableMpu(0);
    MPU_RNR = 1;
    MPU_RASR = 0;
    (void)loadWord(&guarded[16]);
    expectFault("mpu: off, nothing is denied", 0, 0, nullptr);
}

void checkExecution() {
    guarded[0] = 0x4770BF00; // nop; bx lr
    guarded[1] = 0x4770BF00;
    dataBarrier();
    instructionBarrier();
    const auto function = reinterpret_cast<void (*)()>(addressOf(guarded) | 1);
    setRegion(0, addressOf(guarded), kFullAccess | kNormalMemory | kExecuteNever | kSize4K | kEnable);
    enableMpu(kPrivilegedBackground | kEnable);
    returnsToCaller = true;
    function();
    returnsToCaller = false;
    const std::uint32_t pc = seenPc;
    expectFault("mpu: execution from an XN region", 1, kIaccviol, nullptr);
    expectEqual("mpu: stacked pc is the instruction that could not be fetched", pc, addressOf(guarded));
    enableMpu(0);
}

alignas(8) std::uint32_t threadStack[128];
std::uint32_t unprivilegedLoad;

void regainPrivilege(std::uint32_t*, unsigned) {
    asm volatile("msr control, %0\n isb" ::"r"(readControl() & ~1U) : "memory");
}

void loadUnprivileged() {
    asm volatile("msr control, %0\n isb" ::"r"(readControl() | 1U) : "memory");
    unprivilegedLoad = loadWord(&guarded[2]);
    asm volatile("svc #0" ::: "r0", "r1", "r2", "r3", "r12", "lr", "cc", "memory");
}

void checkPrivilege() {
    guarded[2] = 5;
    svcAction = regainPrivilege;
    setRegion(0, 0, kFullAccess | 31U << 1 | kEnable); // all 4 GB for everyone
    setRegion(2, addressOf(guarded), kPrivilegedOnly | kNormalMemory | kSize256 | kEnable);
    enableMpu(kPrivilegedBackground | kEnable);
    expectEqual("mpu: privileged load", loadWord(&guarded[2]), 5);
    expectFault("mpu: privileged load", 0, 0, nullptr);
    runOnProcessStack(loadUnprivileged, threadStack + 128);
    expectEqual("mpu: the same, unprivileged", unprivilegedLoad, 0xBAD);
    expectFault("mpu: the same, unprivileged", 1, kDaccviol | kMmarvalid, &guarded[2]);
    enableMpu(0);
}

} // namespace

extern "C" {

void faultBody(std::uint32_t* frame) {
    faults = faults + 1;
    seenPc = frame[6];
#if __ARM_ARCH >= 7
    seenStatus = SCB_CFSR;
    seenAddress = SCB_MMFAR;
    SCB_CFSR = seenStatus; // write one to clear
#endif
    frame[6] = returnsToCaller ? frame[5] & ~1U : frame[6] + 2;
}

#if __ARM_ARCH >= 7
__attribute__((naked)) void MemManage_Handler()
#else
__attribute__((naked)) void HardFault_Handler()
#endif
{
    asm volatile("movs r0, #4\n"
                 "mov r1, lr\n"
                 "tst r0, r1\n"
                 "bne 1f\n"
                 "mrs r0, msp\n"
                 "b 2f\n"
                 "1: mrs r0, psp\n"
                 "2: ldr r1, =faultBody\n"
                 "bx r1\n");
}

} // extern "C"

int main() {
    boardInit();
    expectEqual("mpu: eight regions", MPU_TYPE, 8U << 8);
#if __ARM_ARCH >= 7
    SCB_SHCSR |= 1U << 16; // MEMFAULTENA
#endif
    checkData();
    checkExecution();
    checkPrivilege();
    return finishChecks();
}
