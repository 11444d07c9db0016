// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/product_flow.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <tuple>
#include <vector>

namespace simprof {

namespace {

constexpr unsigned kCoreRegisters = 16;
constexpr unsigned kRegisters = kCoreRegisters + 32; ///< and S0…S31

unsigned field(std::uint32_t opcode, unsigned high, unsigned low) {
    return opcode >> low & ((1U << (high - low + 1)) - 1);
}

/// SMLAD, SMUAD, SMLSD and SMLALD form two products (DDI 0403E A5.3.16, A5.3.17).
bool isDual(const DecodedInsn& insn) {
    const unsigned op1 = field(insn.opcode, 22, 20);
    switch (insn.kind) {
    case InsnClass::Mul:
    case InsnClass::Mac: return insn.size == 4 && (op1 == 2 || op1 == 4);
    case InsnClass::MacLong: return field(insn.opcode, 7, 4) >= 12;
    default: return false;
    }
}

std::uint32_t productsOf(const DecodedInsn& insn) { return isDual(insn) ? 2 : 1; }

bool subtracts(const DecodedInsn& insn) { // MLS
    return insn.size == 4 && field(insn.opcode, 22, 20) == 0 && field(insn.opcode, 7, 4) == 1;
}

/// Where an access to one word lies from its base register, and what it leaves in it (DDI 0403E A7.7.43, A7.7.161,
/// A7.7.233); nothing for other forms.
struct Displacement {
    std::int32_t access = 0;
    std::int32_t writeBack = 0;
};

std::optional<Displacement> displacementOf(const DecodedInsn& insn) {
    const std::uint32_t opcode = insn.opcode;
    if (insn.accessSize != 4 || insn.accessCount != 1 || insn.registerOffset || insn.literal) {
        return std::nullopt;
    }
    if (insn.size == 2) {
        switch (field(opcode, 15, 12)) {
        case 6: return Displacement{static_cast<std::int32_t>(field(opcode, 10, 6) * 4)};
        case 9: return Displacement{static_cast<std::int32_t>(field(opcode, 7, 0) * 4)};
        default: return std::nullopt;
        }
    }
    if (field(opcode, 31, 25) == 0b1110110) { // VLDR, VSTR
        const auto offset = static_cast<std::int32_t>(field(opcode, 7, 0) * 4);
        return Displacement{field(opcode, 23, 23) != 0 ? offset : -offset};
    }
    if (field(opcode, 31, 25) != 0b1111100) {
        return std::nullopt;
    }
    if (field(opcode, 23, 23) != 0) {
        return Displacement{static_cast<std::int32_t>(field(opcode, 11, 0))};
    }
    const auto offset = static_cast<std::int32_t>(field(opcode, 7, 0)) * (field(opcode, 9, 9) != 0 ? 1 : -1);
    const bool before = field(opcode, 10, 10) != 0;
    return Displacement{before ? offset : 0, insn.baseWriteBack >= 0 ? offset : 0};
}

/// ADD of two registers, and VADD.F32 (DDI 0403E A7.7.4, A7.7.225).
bool adds(const DecodedInsn& insn) {
    if (insn.kind == InsnClass::FpAlu) {
        return (insn.opcode & 0xffb00f50) == 0xee300a00;
    }
    if (insn.kind != InsnClass::Alu) {
        return false;
    }
    return insn.size == 2 ? (insn.opcode & 0xfe00) == 0x1800 || (insn.opcode & 0xff00) == 0x4400
                          : (insn.opcode & 0xffe00000) == 0xeb000000;
}

/// MOV of a register, and VMOV.F32.
bool moves(const DecodedInsn& insn) {
    if (insn.kind == InsnClass::FpAlu) {
        return (insn.opcode & 0xffbf0fd0) == 0xeeb00a40;
    }
    return insn.kind == InsnClass::Alu && insn.size == 2 &&
           ((insn.opcode & 0xff00) == 0x4600 || (insn.opcode & 0xffc0) == 0);
}

/// Bit n: Rn, bit 16 + n: Sn.
std::uint64_t registers(std::uint16_t core, std::uint32_t fp) {
    return core | static_cast<std::uint64_t>(fp) << kCoreRegisters;
}

template<typename Visit>
void forEach(std::uint64_t registers, Visit visit) {
    for (; registers != 0; registers &= registers - 1) {
        visit(static_cast<unsigned>(std::countr_zero(registers)));
    }
}

/// Follows products from register to register.
class ProductFlow {
public:
    void step(const DecodedInsn& insn) {
        const std::uint64_t reads = registers(insn.reads, insn.fpReads);
        const std::uint64_t writes = registers(insn.writes, insn.fpWrites);
        forEach(insn.addressRegs, [this](unsigned base) {
            for (const std::size_t product : m_registers[base].products) {
                m_products[product].isAddress = true;
            }
        });
        switch (insn.kind) {
        case InsnClass::Mul:
        case InsnClass::FpMul: write(writes, {{make(insn, false)}, std::nullopt}); return;
        case InsnClass::Mac: accumulate(insn, writes); return;
        case InsnClass::MulLong:
            write(writes, {{make(insn, false)}, std::nullopt});
            m_products.back().isLong = true;
            return;
        case InsnClass::MacLong:
            make(insn, field(insn.opcode, 7, 4) >= 8); // SMLAL and UMLAL of whole words scale
            write(writes, {});
            return;
        case InsnClass::FpMac:
            make(insn, true);
            write(writes, {});
            return;
        case InsnClass::Load:
        case InsnClass::FpLoad:
        case InsnClass::Store:
        case InsnClass::FpStore: access(insn, writes); return;
        default: break;
        }
        if (adds(insn)) {
            add(reads, writes);
        } else if (moves(insn) && std::popcount(reads) == 1) {
            write(writes, Value{m_registers[static_cast<unsigned>(std::countr_zero(reads))]});
        } else {
            write(writes, {});
        }
    }

    std::uint32_t macs() const {
        std::uint32_t sum = 0;
        for (const Product& product : m_products) {
            const bool adds = product.isKept || (product.isSummed && !product.isAddress);
            sum += adds && !product.isPart ? product.number : 0;
        }
        return sum;
    }

private:
    /// What one instruction forms.
    struct Product {
        std::uint32_t number = 1;
        bool isKept = false;   ///< added to a sum that stays where it is
        bool isSummed = false; ///< added to another
        bool isAddress = false;
        bool isLong = false; ///< half of a product of two whole words
        bool isPart = false; ///< added to such a half, as the other words of a product of 64 bits
    };

    /// A word of memory: a register, how often that was set to something unknown, and the bytes from there.
    using Place = std::tuple<unsigned, std::uint32_t, std::int32_t>;

    struct Value {
        std::vector<std::size_t> products;
        std::optional<Place> from; ///< the sum was read from here
    };

    std::size_t make(const DecodedInsn& insn, bool kept) {
        m_products.push_back({productsOf(insn), kept});
        return m_products.size() - 1;
    }

    void keep(const Value& value) {
        for (const std::size_t product : value.products) {
            m_products[product].isKept = true;
        }
    }

    void accumulate(const DecodedInsn& insn, std::uint64_t writes) {
        if (subtracts(insn)) {
            write(writes, {});
            return;
        }
        const std::uint64_t sums = insn.accumulatorRegs;
        Value sum = sums == 0 ? Value{} : m_registers[static_cast<unsigned>(std::countr_zero(sums))];
        const bool kept = sums != 0 && (sums == writes || isDual(insn));
        sum.products.push_back(make(insn, kept));
        if (kept) {
            keep(sum);
        }
        join(sum);
        write(writes, std::move(sum));
    }

    void add(std::uint64_t reads, std::uint64_t writes) {
        Value sum;
        bool keepsSum = false;
        forEach(reads, [&](unsigned source) {
            const Value& value = m_registers[source];
            sum.products.insert(sum.products.end(), value.products.begin(), value.products.end());
            sum.from = sum.from ? sum.from : value.from;
            keepsSum |= !value.products.empty() && (writes >> source & 1) == 0 && (writes & ~reads) == 0;
        });
        if (keepsSum) {
            keep(sum);
        }
        join(sum);
        write(writes, std::move(sum));
    }

    void join(const Value& sum) {
        const bool isLong =
            std::ranges::any_of(sum.products, [this](std::size_t product) { return m_products[product].isLong; });
        for (const std::size_t product : sum.products) {
            m_products[product].isSummed |= sum.products.size() > 1;
            m_products[product].isPart |= isLong;
        }
    }

    void access(const DecodedInsn& insn, std::uint64_t writes) {
        const std::optional<Displacement> displacement = displacementOf(insn);
        std::optional<Place> place;
        unsigned base = 0;
        if (displacement && std::popcount(insn.addressRegs) == 1) {
            base = static_cast<unsigned>(std::countr_zero(insn.addressRegs));
            place = Place{base, m_unknown[base], m_moved[base] + displacement->access};
        }
        if (insn.store) {
            const std::uint64_t data =
                registers(insn.storeDataRegs, insn.kind == InsnClass::FpStore ? insn.fpReads : 0);
            forEach(place ? data : 0, [&](unsigned source) {
                if (m_registers[source].from == place) {
                    keep(m_registers[source]);
                }
            });
        }
        const std::uint64_t back = place && insn.baseWriteBack >= 0 ? std::uint64_t{1} << base : 0;
        write(writes & ~back, {{}, insn.store ? std::nullopt : place});
        m_moved[base] += back != 0 ? displacement->writeBack : 0;
    }

    void write(std::uint64_t writes, Value value) {
        forEach(writes, [&](unsigned target) {
            m_registers[target] = value;
            ++m_unknown[target];
            m_moved[target] = 0;
        });
    }

    std::array<Value, kRegisters> m_registers{};
    std::array<std::uint32_t, kRegisters> m_unknown{};
    std::array<std::int32_t, kRegisters> m_moved{};
    std::vector<Product> m_products;
};

} // namespace

std::uint32_t macsOf(std::span<const DecodedInsn> insns) {
    ProductFlow flow;
    for (const DecodedInsn& insn : insns) {
        flow.step(insn);
    }
    return flow.macs();
}

} // namespace simprof
