// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/differential/known_differences.h"

#include <algorithm>

namespace simprof::differential {

namespace {

/// One listed difference.
struct Row {
    std::string_view name;
    std::string_view reason;
    std::uint8_t cores;
    /// Makes the two events alike if they differ in exactly this way, and answers whether they did.
    bool (*remove)(Event& qemu, Event& simprof);
};

/// ITSTATE of an xPSR behind one more instruction (Armv7-M ARM, A7.3.2: ITAdvance).
std::uint32_t behindOne(std::uint32_t xpsr) {
    const std::uint32_t state = (xpsr >> 25 & 3U) | (xpsr >> 8 & 0xFCU);
    const std::uint32_t next = (state & 7U) == 0 ? 0 : (state & 0xE0U) | (state << 1 & 0x1FU);
    return (xpsr & ~0x0600FC00U) | (next & 3U) << 25 | (next & 0xFCU) << 8;
}

/// A store to nowhere: QEMU faults at the instruction, simprof behind it.
bool removeImprecise(Event& qemu, Event& simprof) {
    constexpr std::uint32_t kPrecise = 0x8200, kImprecise = 0x400;
    const std::uint32_t size = simprof[kFramePc] - qemu[kFramePc];
    const std::uint32_t before = qemu[kCfsr] & ~kPrecise; // of faults that nobody has cleared yet
    if ((qemu[kCfsr] & kPrecise) != kPrecise || (simprof[kCfsr] & ~kPrecise) != (before | kImprecise) ||
        (size != 2 && size != 4) || behindOne(qemu[kFrameXpsr]) != simprof[kFrameXpsr]) {
        return false;
    }
    for (const EventWord word : {kCfsr, kBfar, kFramePc, kFrameXpsr}) {
        qemu[word] = simprof[word];
    }
    return true;
}

/// An active FP context was saved when the handler was entered: its registers are unknown in the handler.
bool removeSaved(Event& qemu, Event& simprof) {
    constexpr std::uint32_t kBasicFrame = 0x10;
    constexpr unsigned kSaved = 16;
    const auto zero = [](std::uint32_t word) { return word == 0; };
    if ((simprof[kExcReturnWord] & kBasicFrame) != 0 || !std::all_of(&qemu[kS0], &qemu[kS0] + kSaved, zero) ||
        std::all_of(&simprof[kS0], &simprof[kS0] + kSaved, zero)) {
        return false;
    }
    std::fill_n(&simprof[kS0], kSaved, 0);
    return true;
}

/// Both ended in the same handler, for different reasons.
bool removeUnalignedDevice(Event& qemu, Event& simprof) {
    constexpr std::uint32_t kPrecise = 0x200, kUnaligned = 0x01000000;
    if (qemu[kIpsr] != simprof[kIpsr] || (qemu[kCfsr] & kPrecise) == 0 || simprof[kCfsr] != kUnaligned) {
        return false;
    }
    qemu[kCfsr] = simprof[kCfsr];
    qemu[kBfar] = simprof[kBfar];
    return true;
}

constexpr Row kRows[] = {
    {"unaligned where devices lie",
     "unaligned accesses to Device memory are UNPREDICTABLE (DDI 0403 A3.2.1); QEMU asks whether something is there",
     kOnV7, removeUnalignedDevice},
    {"imprecise stores",
     "what a store behind the write buffer runs into is reported late (DDI 0403 B1.5.14); open where", kOnV7,
     removeImprecise},
    {"S0 to S15 behind a save", "UNKNOWN once saved (DDI 0403 B1.5.7: PushStack); QEMU clears them", kOnV7,
     removeSaved},
    {"FPCCR.UFRDY", "Armv8-M only (DDI 0553 D1.2.66); reserved on Armv7-M (DDI 0403 B3.2.21)", kOnV7,
     [](Event& qemu, Event& simprof) {
         constexpr std::uint32_t kUfrdy = 1U << 10;
         const bool differs = ((qemu[kFpccr] ^ simprof[kFpccr]) & kUfrdy) != 0;
         qemu[kFpccr] &= ~kUfrdy;
         return differs;
     }},
    {"FPSCR of a new context",
     "ExecuteFPCheck sets FPSCR[26:22] from FPDSCR and leaves the rest alone (DDI 0403 B1.5.7); QEMU clears the rest",
     kOnV7,
     [](Event& qemu, Event& simprof) {
         constexpr std::uint32_t kFromFpdscr = 0x07C00000;
         const bool differs = qemu[kFpscr] != simprof[kFpscr] && qemu[kFpscr] == (simprof[kFpscr] & kFromFpdscr);
         simprof[kFpscr] = differs ? qemu[kFpscr] : simprof[kFpscr];
         return differs;
     }},
    {"ICSR.RETTOBASE", "not implemented on Armv6-M (DDI 0419 B3.2.4); QEMU shows it", kOnM0,
     [](Event& qemu, Event& simprof) {
         constexpr std::uint32_t kRettobase = 1U << 11;
         const bool differs = (qemu[kIcsr] & ~simprof[kIcsr] & kRettobase) != 0;
         qemu[kIcsr] &= ~kRettobase;
         return differs;
     }},
};

} // namespace

namespace {

/// Frames lie in the memory that is compared: where both still hold what their events said, it is the same difference.
void removeFromFrame(Record& qemu, Record& simprof, const Event& qemuEvent, const Event& simprofEvent) {
    constexpr std::uint32_t kOnProcessStack = 4;
    const bool process = (simprofEvent[kExcReturnWord] & kOnProcessStack) != 0;
    const std::uint32_t at = (simprofEvent[process ? kPsp : kMsp] - kWork) / 4;
    for (const EventWord word : {kFramePc, kFrameXpsr}) {
        const std::uint32_t place = at + word - kFrame;
        if (place < qemu.work.size() && qemu.work[place] == qemuEvent[word] &&
            simprof.work[place] == simprofEvent[word]) {
            qemu.work[place] = simprof.work[place];
        }
    }
}

/// FPSCR of a frame that both pushed: what QEMU cleared when the context began is clear in it as well.
bool removeFrameFpscr(Record& qemu, Record& simprof) {
    constexpr std::uint32_t kOnProcessStack = 4, kBasic = 0x10, kFromFpdscr = 0x07C00000;
    bool removed = false;
    for (const Event& event : simprof.events) {
        const std::uint32_t sp = event[(event[kExcReturnWord] & kOnProcessStack) != 0 ? kPsp : kMsp];
        const std::uint32_t place = (sp + 0x60 - kWork) / 4;
        if ((event[kExcReturnWord] & kBasic) != 0 || place >= qemu.work.size()) {
            continue;
        }
        const std::uint32_t theirs = qemu.work[place], ours = simprof.work[place];
        if (theirs != ours && (theirs & ~ours) == 0 && ((theirs ^ ours) & kFromFpdscr) == 0) {
            qemu.work[place] = ours;
            removed = true;
        }
    }
    return removed;
}

} // namespace

bool removeKnown(const Target& target, Record& qemu, Record& simprof, std::vector<std::string_view>& rows) {
    for (const Row& row : kRows) {
        bool removed = false;
        if ((row.cores & target.core) == 0) {
            continue;
        }
        for (std::size_t e = 0; e < std::min(qemu.events.size(), simprof.events.size()); ++e) {
            const Event qemuEvent = qemu.events[e], simprofEvent = simprof.events[e];
            if (row.remove(qemu.events[e], simprof.events[e])) {
                removed = true;
                removeFromFrame(qemu, simprof, qemuEvent, simprofEvent);
            }
        }
        if (removed) {
            rows.push_back(row.name);
        }
    }
    if (target.isV7() && removeFrameFpscr(qemu, simprof)) {
        rows.push_back("FPSCR of a new context, in a frame");
    }
    return qemu == simprof;
}

} // namespace simprof::differential
