// SPDX-License-Identifier: GPL-2.0-or-later
// "Addenda to, and Errata in, the ABI for the Arm Architecture" (ADDENDA32), chapter 3: build attributes and their
// encoding.
#include "sim_core/image/elf_attributes.h"

#include "sim_core/error.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace simprof {
namespace {

/// The tags that are read here (ADDENDA32, table "public aeabi attribute tags").
enum Tag : std::uint64_t {
    TagFile = 1,
    TagCpuRawName = 4,
    TagCpuName = 5,
    TagCpuArch = 6,
    TagCpuArchProfile = 7,
    TagFpArch = 10,
    TagAbiHardFpUse = 27,
    TagCompatibility = 32,
    TagMveArch = 48,
};

/// A reader that answers zero and empty behind the end.
class Reader {
public:
    explicit Reader(std::span<const std::byte> bytes)
        : m_rest(bytes) {}

    bool atEnd() const { return m_rest.empty(); }

    std::uint8_t byte() {
        if (m_rest.empty()) {
            return 0;
        }
        const auto value = std::to_integer<std::uint8_t>(m_rest.front());
        m_rest = m_rest.subspan(1);
        return value;
    }

    std::uint32_t word() {
        std::uint32_t value = 0;
        for (unsigned shift = 0; shift < 32; shift += 8) {
            value |= std::uint32_t{byte()} << shift;
        }
        return value;
    }

    std::uint64_t uleb() {
        std::uint64_t value = 0;
        for (unsigned shift = 0;; shift += 7) {
            const std::uint8_t next = byte();
            if (shift < 64) {
                value |= std::uint64_t{next & 0x7fU} << shift;
            }
            if (next < 0x80) {
                return value;
            }
        }
    }

    std::string string() {
        std::string text;
        while (const std::uint8_t c = byte()) {
            text += static_cast<char>(c);
        }
        return text;
    }

    /// The next `size` bytes, or as many as there are.
    Reader part(std::size_t size) {
        const auto taken = m_rest.first(std::min(size, m_rest.size()));
        m_rest = m_rest.subspan(taken.size());
        return Reader(taken);
    }

private:
    std::span<const std::byte> m_rest;
};

void readFileAttributes(Reader reader, BuildAttributes& attributes) {
    std::uint64_t fpArch = 0;
    std::uint64_t hardFpUse = 0;
    while (!reader.atEnd()) {
        const std::uint64_t tag = reader.uleb();
        // Tags 4 and 5 and, above 32, the odd ones are text; 32 is a number and a text; the others are numbers.
        if (tag == TagCpuRawName || tag == TagCpuName || (tag > TagCompatibility && tag % 2 == 1)) {
            std::string text = reader.string();
            if (tag == TagCpuName) {
                attributes.cpuName = std::move(text);
            }
            continue;
        }
        const std::uint64_t value = reader.uleb();
        if (tag == TagCompatibility) {
            reader.string();
        }
        if (tag == TagCpuArch) {
            attributes.cpuArch = static_cast<unsigned>(value);
        }
        if (tag == TagCpuArchProfile && value != 0) {
            attributes.profile = static_cast<char>(value & 0x7f);
        }
        if (tag == TagFpArch) {
            fpArch = value;
        }
        if (tag == TagAbiHardFpUse) {
            hardFpUse = value;
        }
        if (tag == TagMveArch) {
            attributes.mve = value != 0;
        }
    }
    attributes.fpSingle = fpArch != 0;
    attributes.fpDouble = fpArch != 0 && hardFpUse != 1;
    // Tag_FP_arch: 5 and 6 are VFPv4, 7 and 8 the FPU of Armv8, which M-profile calls FPv5.
    attributes.fpVersion = fpArch == 5 || fpArch == 6 ? 4 : fpArch == 7 || fpArch == 8 ? 5 : 0;
}

constexpr unsigned kArchV6M = 11;
constexpr unsigned kArchV7 = 10;
constexpr unsigned kArchV6SM = 12;
constexpr unsigned kArchV7EM = 13;

/// By the value of Tag_CPU_arch.
constexpr std::array<std::string_view, 23> kArchNames = {
    "a core before Armv4",
    "Armv4",
    "Armv4T (ARM7TDMI, ARM9TDMI)",
    "Armv5T",
    "Armv5TE (ARM946E)",
    "Armv5TEJ (ARM926EJ-S)",
    "Armv6 (ARM1136)",
    "Armv6KZ (ARM1176)",
    "Armv6T2 (ARM1156)",
    "Armv6K (ARM11 MPCore)",
    "Armv7",
    "Armv6-M",
    "Armv6S-M",
    "Armv7E-M",
    "Armv8-A",
    "Armv8-R (Cortex-R52)",
    "Armv8-M Baseline (Cortex-M23)",
    "Armv8-M Mainline (Cortex-M33)",
    "Armv8.1-A",
    "Armv8.2-A",
    "Armv8.3-A",
    "Armv8.1-M Mainline (Cortex-M55, M85)",
    "Armv9-A",
};

std::string foreignCore(const BuildAttributes& attributes) {
    if (attributes.mve) {
        return "Armv8.1-M Mainline with MVE (Helium vectors; Cortex-M55, M85)";
    }
    const unsigned arch = attributes.cpuArch.value_or(0);
    if (attributes.profile == 'A') {
        return arch > kArchV7 && arch < kArchNames.size() ? std::string(kArchNames[arch])
                                                          : "the Arm application profile (Cortex-A)";
    }
    if (attributes.profile == 'R') {
        return arch > kArchV7 && arch < kArchNames.size() ? std::string(kArchNames[arch])
                                                          : "the Arm real-time profile (Cortex-R)";
    }
    const bool known = arch == kArchV6M || arch == kArchV7 || arch == kArchV6SM || arch == kArchV7EM;
    if (!attributes.cpuArch || known) {
        return "";
    }
    return arch < kArchNames.size() ? std::string(kArchNames[arch])
                                    : fmt::format("an Arm architecture of unknown number {}", arch);
}

} // namespace

BuildAttributes readBuildAttributes(std::span<const std::byte> section) {
    BuildAttributes attributes;
    Reader reader(section);
    if (reader.byte() != 'A') {
        return attributes;
    }
    while (!reader.atEnd()) {
        const std::uint32_t size = reader.word();
        if (size < 4) {
            break;
        }
        Reader vendor = reader.part(size - 4);
        if (vendor.string() != "aeabi") {
            continue;
        }
        while (!vendor.atEnd()) {
            const std::uint8_t scope = vendor.byte();
            const std::uint32_t length = vendor.word();
            if (length < 5) {
                return attributes;
            }
            Reader values = vendor.part(length - 5);
            if (scope == TagFile) {
                readFileAttributes(values, attributes);
            }
        }
    }
    return attributes;
}

void checkBuildAttributes(const std::string& name, const BuildAttributes& attributes) {
    const std::string foreign = foreignCore(attributes);
    if (!foreign.empty()) {
        throw Error(fmt::format("'{}' is built for {}; simprof runs Cortex-M0, M0+, M4 and M7", name, foreign));
    }
}

} // namespace simprof
