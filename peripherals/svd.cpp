// SPDX-License-Identifier: GPL-2.0-or-later
// CMSIS-SVD 1.3 as its documentation (CMSIS-SVD, "SVD Description (*.svd) Format") has it: values are inherited from
// device to peripheral to cluster to register; dim, dimIncrement and dimIndex make arrays; derivedFrom copies what is
// not given.
#include "peripherals/svd.h"

#include "sim_core/error.h"
#include "sim_core/host/read_file.h"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>

namespace simprof {
namespace {

// A wrong file takes neither memory nor time:
constexpr unsigned kMostElements = 4096; ///< of an array
constexpr unsigned kMostPeripherals = 4096;
constexpr unsigned kMostRegisters = 500'000;     ///< and clusters, each element of an array counted
constexpr std::size_t kLongestName = 200;        ///< of a register with its peripheral and clusters
constexpr std::uint64_t kMostLooks = 50'000'000; ///< at XML elements: arrays in arrays look at theirs again

/// "0x10", "16", "#1x0" (x counts as 0), each as the format allows.
std::optional<std::uint64_t> svdNumber(std::string_view text) {
    while (!text.empty() &&
           (text.front() == ' ' || text.front() == '+' || text.front() == '\n' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\t' || text.back() == '\r')) {
        text.remove_suffix(1);
    }
    int base = 10;
    std::string digits(text);
    if (text.starts_with("0x") || text.starts_with("0X")) {
        base = 16;
        digits = text.substr(2);
    } else if (text.starts_with('#') || text.starts_with("0b")) {
        base = 2;
        digits = text.substr(text.starts_with('#') ? 1 : 2);
        std::ranges::replace(digits, 'x', '0');
    }
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    return error == std::errc{} && end == digits.data() + digits.size() && !digits.empty() ? std::optional(value)
                                                                                           : std::nullopt;
}

class SvdReader {
public:
    SvdReader(std::string_view text, const std::string& fileName)
        : m_text(text)
        , m_file(fileName) {}

    Svd read() {
        const pugi::xml_parse_result result = m_document.load_buffer(m_text.data(), m_text.size());
        if (!result) {
            fail(result.offset, fmt::format("this is no XML: {}", result.description()));
        }
        const pugi::xml_node device = m_document.child("device");
        if (!device) {
            fail(0, "this is no CMSIS-SVD file: its outermost element is not <device>");
        }
        const std::uint64_t reset = inherited(device, "resetValue", 0);
        for (const pugi::xml_node& peripheral : device.child("peripherals").children("peripheral")) {
            addPeripheral(device, peripheral, reset);
        }
        if (m_svd.registers.empty()) {
            fail(0, "describes no register");
        }
        return std::move(m_svd);
    }

private:
    [[noreturn]] void fail(std::ptrdiff_t offset, const std::string& what) const {
        const auto end =
            m_text.begin() + std::clamp<std::ptrdiff_t>(offset, 0, static_cast<std::ptrdiff_t>(m_text.size()));
        throw Error(fmt::format("{}:{}: {}", m_file, 1 + std::count(m_text.begin(), end, '\n'), what));
    }

    /// Counts what looking through the children of a node costs.
    void look(const pugi::xml_node& node, std::uint64_t more = 0) {
        m_looks += 1 + more + static_cast<std::uint64_t>(std::distance(node.begin(), node.end()));
        if (m_looks > kMostLooks) {
            fail(node.offset_debug(), "its arrays and derivations take too long to follow");
        }
    }

    std::uint64_t inherited(const pugi::xml_node& node, const char* name, std::uint64_t otherwise) const {
        const pugi::xml_node child = node.child(name);
        return child ? valueOf(child, node) : otherwise;
    }
    std::uint64_t valueOf(const pugi::xml_node& child, const pugi::xml_node& parent) const {
        const auto value = svdNumber(child.text().get());
        if (!value) {
            fail(child.offset_debug(), fmt::format("<{}> of '{}' is no number: '{}'", child.name(),
                                                   parent.child("name").text().get(), child.text().get()));
        }
        return *value;
    }
    std::uint64_t needed(const pugi::xml_node& node, const char* name) const {
        const pugi::xml_node child = node.child(name);
        if (!child) {
            fail(node.offset_debug(),
                 fmt::format("<{}> '{}' has no <{}>", node.name(), node.child("name").text().get(), name));
        }
        return valueOf(child, node);
    }
    std::string nameOf(const pugi::xml_node& node) const {
        const std::string name = node.child("name").text().get();
        if (name.empty()) {
            fail(node.offset_debug(), fmt::format("a <{}> has no <name>", node.name()));
        }
        return name;
    }
    /// The sibling that an element takes what it lacks from; siblings of registers are looked up by their last name.
    pugi::xml_node base(const pugi::xml_node& node, const pugi::xml_node& siblings) {
        const pugi::xml_attribute from = node.attribute("derivedFrom");
        if (!from) {
            return {};
        }
        look(siblings);
        std::string name = from.value();
        name = name.substr(name.find_last_of('.') == std::string::npos ? 0 : name.find_last_of('.') + 1);
        const pugi::xml_node found =
            siblings.find_child([&](const pugi::xml_node& other) { return name == other.child("name").text().get(); });
        if (!found || found == node) {
            fail(node.offset_debug(),
                 fmt::format("'{}' is derived from '{}', which is not there", nameOf(node), from.value()));
        }
        return found;
    }

    void addPeripheral(const pugi::xml_node& device, const pugi::xml_node& node, std::uint64_t reset) {
        look(node);
        const pugi::xml_node from = base(node, device.child("peripherals"));
        const std::string name = nameOf(node);
        const auto address = static_cast<Address>(needed(node, "baseAddress"));
        std::uint64_t end = 0;
        const pugi::xml_node blocks = node.child("addressBlock") ? node : from;
        for (const pugi::xml_node& block : blocks.children("addressBlock")) {
            end = std::max(end, needed(block, "offset") + needed(block, "size"));
        }
        reset = inherited(node, "resetValue", from ? inherited(from, "resetValue", reset) : reset);
        const std::uint64_t before = m_svd.registers.size();
        m_base = address;
        m_end = 0;
        addRegisters(node.child("registers") ? node.child("registers") : from.child("registers"), name + ".", address,
                     reset, 0);
        end = std::max(end, m_end);
        if (end > 0 && m_svd.registers.size() > before) {
            if (m_svd.peripherals.size() == kMostPeripherals) {
                fail(node.offset_debug(), fmt::format("describes more than {} peripherals", kMostPeripherals));
            }
            m_svd.peripherals.push_back(
                {name, {address, static_cast<std::uint32_t>(std::min<std::uint64_t>((end + 3) & ~3ULL, 0x10000000))}});
        }
    }

    void addRegisters(const pugi::xml_node& parent, const std::string& prefix, std::uint64_t address,
                      std::uint64_t reset, unsigned depth) {
        look(parent);
        for (const pugi::xml_node& node : parent.children()) {
            const bool isCluster = std::string_view(node.name()) == "cluster";
            if (!isCluster && std::string_view(node.name()) != "register") {
                continue;
            }
            if (depth > 8) {
                fail(node.offset_debug(), "clusters lie deeper in each other than 8");
            }
            look(node);
            const pugi::xml_node from = base(node, parent);
            const std::uint64_t own =
                inherited(node, "resetValue", from ? inherited(from, "resetValue", reset) : reset);
            const std::uint64_t at = address + needed(node, "addressOffset");
            const pugi::xml_node inside = isCluster && !node.child("register") && from ? from : node;
            eachElement(node, [&](const std::string& name, std::uint64_t offset) {
                if (++m_elements > kMostRegisters) {
                    fail(node.offset_debug(), fmt::format("describes more than {} registers", kMostRegisters));
                }
                if (prefix.size() + name.size() > kLongestName) {
                    fail(node.offset_debug(), fmt::format("a name has more than {} characters", kLongestName));
                }
                if (isCluster) {
                    addRegisters(inside, prefix + name + ".", at + offset, own, depth + 1);
                } else {
                    m_svd.registers.try_emplace(static_cast<Address>(at + offset),
                                                RegisterInfo{prefix + name, static_cast<std::uint32_t>(own)});
                    m_end = std::max(m_end, at + offset + 4 - m_base);
                }
            });
        }
    }
    /// Calls `action` with name and offset of each element of an array, or once.
    template<class Action>
    void eachElement(const pugi::xml_node& node, Action action) {
        const std::string name = nameOf(node);
        if (!node.child("dim")) {
            action(name, 0);
            return;
        }
        const std::uint64_t count = needed(node, "dim");
        const std::uint64_t step = needed(node, "dimIncrement");
        if (count > kMostElements) {
            fail(node.offset_debug(),
                 fmt::format("'{}' has {} elements: at most {} are read", name, count, kMostElements));
        }
        const std::vector<std::string> names = indices(node, count);
        for (std::uint64_t i = 0; i < count; ++i) {
            std::string element = name;
            const std::size_t mark = element.find("%s");
            if (mark != std::string::npos) {
                element.replace(mark, 2, names[i]);
            }
            action(element, i * step);
        }
    }
    /// dimIndex is "A,B,C" or "3-6"; without it elements count from 0.
    std::vector<std::string> indices(const pugi::xml_node& node, std::uint64_t count) {
        std::vector<std::string> names;
        const std::string text = node.child("dimIndex").text().get();
        look(node, text.size());
        const std::size_t dash = text.find('-');
        const auto first =
            dash == std::string::npos ? std::optional<std::uint64_t>(0) : svdNumber(text.substr(0, dash));
        if (text.find(',') != std::string::npos) {
            std::istringstream in(text);
            for (std::string part; std::getline(in, part, ',');) {
                part.erase(0, part.find_first_not_of(' ') == std::string::npos ? 0 : part.find_first_not_of(' '));
                names.push_back(part);
            }
        }
        for (std::uint64_t i = names.size(); i < count; ++i) {
            names.push_back(std::to_string(first.value_or(0) + i));
        }
        return names;
    }

    std::string_view m_text;
    const std::string& m_file;
    pugi::xml_document m_document;
    Svd m_svd;
    unsigned m_elements = 0;   ///< of arrays, and what is no array
    std::uint64_t m_looks = 0; ///< at XML elements
    std::uint64_t m_end = 0;   ///< of the peripheral in work, from its base
    std::uint64_t m_base = 0;
};

bool overlap(const AddressRange& a, const AddressRange& b) { return a.begin < b.end() && b.begin < a.end(); }

} // namespace

Svd parseSvd(std::string_view text, const std::string& fileName) { return SvdReader(text, fileName).read(); }

Svd readSvd(const std::filesystem::path& path) {
    if (!isSomeFile(path)) {
        throw Error(fmt::format("there is no SVD file '{}'", path.string()));
    }
    return parseSvd(readSmallFile(path), path.string());
}

McuDesc withSvd(McuDesc mcu, const Svd& svd) {
    mcu.registers = svd.registers;
    for (const Svd::Block& block : svd.peripherals) {
        const auto taken = [&](const auto& entry) { return overlap(entry.range, block.range); };
        const bool isPpb = block.range.begin >= 0xE0000000;
        if (!isPpb && std::ranges::none_of(mcu.peripherals, taken) && std::ranges::none_of(mcu.memories, taken)) {
            mcu.peripherals.push_back({block.name, "unmodelled", block.range, {}, {}, "CMSIS-SVD file"});
        }
    }
    return mcu;
}

} // namespace simprof
