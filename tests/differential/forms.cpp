// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/differential/forms.h"

#include <algorithm>
#include <array>
#include <optional>

namespace simprof::differential {

namespace {

constexpr auto kAlu = FormKind::Alu, kMemory = FormKind::Memory, kFp = FormKind::Fp, kFpMemory = FormKind::FpMemory,
               kDouble = FormKind::Double, kDoubleMemory = FormKind::DoubleMemory, kStatus = FormKind::Status,
               kUndefined = FormKind::Undefined;

constexpr Form kForms[] = {
    // 16-bit: shifts, adds, moves, data processing
    {"00000?????mmmddd"},
    {"00001?????mmmddd"},
    {"00010?????mmmddd"},
    {"000110?mmmnnnddd"},
    {"000111????nnnddd"},
    {"00100ddd????????"},
    {"00101nnn????????"},
    {"00110ddd????????"},
    {"00111ddd????????"},
    {"010000????mmmddd"},
    {"010000????mmmddd"},
    {"01000100dmmmmddd"},
    {"010001011mmmm0nn"},
    {"01000110dmmmmddd"},
    {"10100ddd????????"},
    {"10101ddd????????"},
    {"10110010??mmmddd"},
    {"1011101000mmmddd"},
    {"1011101001mmmddd"},
    {"1011101011mmmddd"},
    {"1011111100000000"},
    // 16-bit: loads and stores
    {"01001ddd????????", kMemory},
    {"0101000xxxbbbnnn", kMemory},
    {"0101001xxxbbbnnn", kMemory},
    {"0101010xxxbbbnnn", kMemory},
    {"0101011xxxbbbddd", kMemory},
    {"0101100xxxbbbddd", kMemory},
    {"0101101xxxbbbddd", kMemory},
    {"0101110xxxbbbddd", kMemory},
    {"0101111xxxbbbddd", kMemory},
    {"01100?????bbbnnn", kMemory},
    {"01101?????bbbddd", kMemory},
    {"01110?????bbbnnn", kMemory},
    {"01111?????bbbddd", kMemory},
    {"10000?????bbbnnn", kMemory},
    {"10001?????bbbddd", kMemory},
    {"10010nnn0000????", kMemory},
    {"10011ddd0000????", kMemory},
    // modified immediates
    {"11110?00000?nnnn0???dddd????????", kAlu, kOnV7},
    {"11110?00001?nnnn0???dddd????????", kAlu, kOnV7},
    {"11110?00010?nnnn0???dddd????????", kAlu, kOnV7},
    {"11110?00011?nnnn0???dddd????????", kAlu, kOnV7},
    {"11110?00100?nnnn0???dddd????????", kAlu, kOnV7},
    {"11110?01000?nnnn0???dddd????????", kAlu, kOnV7},
    {"11110?01010?nnnn0???dddd????????", kAlu, kOnV7},
    {"11110?01011?nnnn0???dddd????????", kAlu, kOnV7},
    {"11110?01101?nnnn0???dddd????????", kAlu, kOnV7},
    {"11110?01110?nnnn0???dddd????????", kAlu, kOnV7},
    {"11110?0001??11110???dddd????????", kAlu, kOnV7},
    {"11110?000001nnnn0???1111????????", kAlu, kOnV7},
    {"11110?001001nnnn0???1111????????", kAlu, kOnV7},
    {"11110?010001nnnn0???1111????????", kAlu, kOnV7},
    {"11110?011011nnnn0???1111????????", kAlu, kOnV7},
    {"11110?100000nnnn0???dddd????????", kAlu, kOnV7},
    {"11110?101010nnnn0???dddd????????", kAlu, kOnV7},
    {"11110?100100????0???dddd????????", kAlu, kOnV7},
    {"11110?101100????0???dddd????????", kAlu, kOnV7},
    // saturation, bit fields
    {"111100110000nnnn0???dddd??0?????", kAlu, kOnV7},
    {"111100110010nnnn01??dddd??0?????", kAlu, kOnV7},
    {"111100110010nnnn0000dddd0000????", kAlu, kOnV7},
    {"111100111000nnnn0???dddd??0?????", kAlu, kOnV7},
    {"111100111010nnnn01??dddd??0?????", kAlu, kOnV7},
    {"111100111010nnnn0000dddd0000????", kAlu, kOnV7},
    {"111100110100nnnn00??dddd??00????", kAlu, kOnV7},
    {"111100111100nnnn00??dddd??00????", kAlu, kOnV7},
    {"111100110110nnnn00??dddd??01????", kAlu, kOnV7},
    {"111100110110111100??dddd??01????", kAlu, kOnV7},
    // shifted registers
    {"11101010000?nnnn0???dddd????mmmm", kAlu, kOnV7},
    {"11101010001?nnnn0???dddd????mmmm", kAlu, kOnV7},
    {"11101010010?nnnn0???dddd????mmmm", kAlu, kOnV7},
    {"11101010011?nnnn0???dddd????mmmm", kAlu, kOnV7},
    {"11101010100?nnnn0???dddd????mmmm", kAlu, kOnV7},
    {"11101011000?nnnn0???dddd????mmmm", kAlu, kOnV7},
    {"11101011010?nnnn0???dddd????mmmm", kAlu, kOnV7},
    {"11101011011?nnnn0???dddd????mmmm", kAlu, kOnV7},
    {"11101011101?nnnn0???dddd????mmmm", kAlu, kOnV7},
    {"11101011110?nnnn0???dddd????mmmm", kAlu, kOnV7},
    {"1110101001??11110???dddd????mmmm", kAlu, kOnV7},
    {"111010101100nnnn0???dddd???0mmmm", kAlu, kOnV7},
    {"111010100001nnnn0???1111????mmmm", kAlu, kOnV7},
    {"111010101001nnnn0???1111????mmmm", kAlu, kOnV7},
    {"111010110001nnnn0???1111????mmmm", kAlu, kOnV7},
    {"111010111011nnnn0???1111????mmmm", kAlu, kOnV7},
    {"11111010000?nnnn1111dddd0000mmmm", kAlu, kOnV7},
    {"11111010001?nnnn1111dddd0000mmmm", kAlu, kOnV7},
    {"11111010010?nnnn1111dddd0000mmmm", kAlu, kOnV7},
    {"11111010011?nnnn1111dddd0000mmmm", kAlu, kOnV7},
    // extensions, parallel and saturating arithmetic
    {"11111010000?nnnn1111dddd10??mmmm", kAlu, kOnV7},
    {"11111010001?nnnn1111dddd10??mmmm", kAlu, kOnV7},
    {"11111010010?nnnn1111dddd10??mmmm", kAlu, kOnV7},
    {"11111010000?11111111dddd10??mmmm", kAlu, kOnV7},
    {"11111010001?11111111dddd10??mmmm", kAlu, kOnV7},
    {"11111010010?11111111dddd10??mmmm", kAlu, kOnV7},
    {"111110101?0?nnnn1111dddd0?00mmmm", kAlu, kOnV7},
    {"111110101?0?nnnn1111dddd0?01mmmm", kAlu, kOnV7},
    {"111110101?0?nnnn1111dddd0?10mmmm", kAlu, kOnV7},
    {"1111101010?1nnnn1111dddd0?00mmmm", kAlu, kOnV7},
    {"1111101010?0nnnn1111dddd0?0?mmmm", kAlu, kOnV7},
    {"111110101110nnnn1111dddd0???mmmm", kAlu, kOnV7},
    {"111110101000nnnn1111dddd10??mmmm", kAlu, kOnV7},
    {"111110101001mmmm1111dddd10??MMMM", kAlu, kOnV7},
    {"111110101010nnnn1111dddd1000mmmm", kAlu, kOnV7},
    {"111110101011mmmm1111dddd1000MMMM", kAlu, kOnV7},
    // multiplications, divisions
    {"111110110000nnnn1111dddd0000mmmm", kAlu, kOnV7},
    {"111110110000nnnnaaaadddd000?mmmm", kAlu, kOnV7},
    {"111110110001nnnn1111dddd00??mmmm", kAlu, kOnV7},
    {"111110110001nnnnaaaadddd00??mmmm", kAlu, kOnV7},
    {"111110110010nnnn1111dddd000?mmmm", kAlu, kOnV7},
    {"111110110010nnnnaaaadddd000?mmmm", kAlu, kOnV7},
    {"111110110011nnnn1111dddd000?mmmm", kAlu, kOnV7},
    {"111110110011nnnnaaaadddd000?mmmm", kAlu, kOnV7},
    {"111110110100nnnn1111dddd000?mmmm", kAlu, kOnV7},
    {"111110110100nnnnaaaadddd000?mmmm", kAlu, kOnV7},
    {"111110110101nnnn1111dddd000?mmmm", kAlu, kOnV7},
    {"111110110101nnnnaaaadddd000?mmmm", kAlu, kOnV7},
    {"111110110110nnnnaaaadddd000?mmmm", kAlu, kOnV7},
    {"111110110111nnnn1111dddd0000mmmm", kAlu, kOnV7},
    {"111110110111nnnnaaaadddd0000mmmm", kAlu, kOnV7},
    {"111110111000nnnnddddeeee0000mmmm", kAlu, kOnV7},
    {"111110111010nnnnddddeeee0000mmmm", kAlu, kOnV7},
    {"111110111100nnnnddddeeee0000mmmm", kAlu, kOnV7},
    {"111110111100nnnnddddeeee10??mmmm", kAlu, kOnV7},
    {"111110111100nnnnddddeeee110?mmmm", kAlu, kOnV7},
    {"111110111101nnnnddddeeee110?mmmm", kAlu, kOnV7},
    {"111110111110nnnnddddeeee0000mmmm", kAlu, kOnV7},
    {"111110111110nnnnddddeeee0110mmmm", kAlu, kOnV7},
    {"111110111001nnnn1111dddd1111mmmm", kAlu, kOnV7},
    {"111110111011nnnn1111dddd1111mmmm", kAlu, kOnV7},
    // loads and stores
    {"111110001000bbbbnnnn0000????????", kMemory, kOnV7},
    {"111110001010bbbbnnnn0000????????", kMemory, kOnV7},
    {"111110001100bbbbnnnn0000????????", kMemory, kOnV7},
    {"111110001001bbbbdddd0000????????", kMemory, kOnV7},
    {"111110001011bbbbdddd0000????????", kMemory, kOnV7},
    {"111110001101bbbbdddd0000????????", kMemory, kOnV7},
    {"111110011001bbbbdddd0000????????", kMemory, kOnV7},
    {"111110011011bbbbdddd0000????????", kMemory, kOnV7},
    {"111110000000bbbbnnnn110000??????", kMemory, kOnV7},
    {"111110000010bbbbnnnn110000??????", kMemory, kOnV7},
    {"111110000100bbbbnnnn110000??????", kMemory, kOnV7},
    {"111110000001bbbbdddd110000??????", kMemory, kOnV7},
    {"111110000011bbbbdddd110000??????", kMemory, kOnV7},
    {"111110000101bbbbdddd110000??????", kMemory, kOnV7},
    {"111110010001bbbbdddd110000??????", kMemory, kOnV7},
    {"111110010011bbbbdddd110000??????", kMemory, kOnV7},
    {"111110000000bbbbssss1??1000?????", kMemory, kOnV7},
    {"111110000010bbbbssss1??1000?????", kMemory, kOnV7},
    {"111110000100bbbbssss1??1000?????", kMemory, kOnV7},
    {"111110000001bbbbdddd1??1000?????", kMemory, kOnV7},
    {"111110000011bbbbdddd1??1000?????", kMemory, kOnV7},
    {"111110000101bbbbdddd1??1000?????", kMemory, kOnV7},
    {"111110010001bbbbdddd1??1000?????", kMemory, kOnV7},
    {"111110010011bbbbdddd1??1000?????", kMemory, kOnV7},
    {"111110000000bbbbnnnn1110????????", kMemory, kOnV7},
    {"111110000010bbbbnnnn1110????????", kMemory, kOnV7},
    {"111110000100bbbbnnnn1110????????", kMemory, kOnV7},
    {"111110000001bbbbdddd1110????????", kMemory, kOnV7},
    {"111110000011bbbbdddd1110????????", kMemory, kOnV7},
    {"111110000101bbbbdddd1110????????", kMemory, kOnV7},
    {"111110010001bbbbdddd1110????????", kMemory, kOnV7},
    {"111110010011bbbbdddd1110????????", kMemory, kOnV7},
    {"111110000000bbbbnnnn000000??xxxx", kMemory, kOnV7},
    {"111110000010bbbbnnnn000000??xxxx", kMemory, kOnV7},
    {"111110000100bbbbnnnn000000??xxxx", kMemory, kOnV7},
    {"111110000001bbbbdddd000000??xxxx", kMemory, kOnV7},
    {"111110000011bbbbdddd000000??xxxx", kMemory, kOnV7},
    {"111110000101bbbbdddd000000??xxxx", kMemory, kOnV7},
    {"111110010001bbbbdddd000000??xxxx", kMemory, kOnV7},
    {"111110010011bbbbdddd000000??xxxx", kMemory, kOnV7},
    {"11111000?1011111dddd0000????????", kMemory, kOnV7},
    {"11101001?100bbbbnnnnaaaa000?????", kMemory, kOnV7},
    {"11101001?101bbbbddddeeee000?????", kMemory, kOnV7},
    {"11101001?111bbbbddddeeee00000???", kMemory, kOnV7},
    {"11101000?111bbbbddddeeee00000???", kMemory, kOnV7},
    {"111010000101bbbbdddd1111000?????", kMemory, kOnV7},
    {"111010000100bbbbnnnneeee000?????", kMemory, kOnV7},
    {"111010001101bbbbdddd111101001111", kMemory, kOnV7},
    {"111010001101bbbbdddd111101011111", kMemory, kOnV7},
    {"111010001100bbbbnnnn11110100eeee", kMemory, kOnV7},
    {"111010001100bbbbnnnn11110101eeee", kMemory, kOnV7},
    {"111110001001bbbb11110000????????", kMemory, kOnV7},
    // status registers and barriers
    {"11110011111011111000dddd00000000", kStatus},
    {"11110011111011111000dddd000000??", kStatus},
    {"11110011111011111000dddd000001?1", kStatus},
    {"11110011111011111000dddd0000100?", kStatus},
    {"11110011111011111000dddd00010000", kStatus},
    {"11110011111011111000dddd00010100", kStatus},
    {"11110011111011111000dddd00010001", kStatus, kOnV7},
    {"11110011111011111000dddd00010010", kStatus, kOnV7},
    {"11110011111011111000dddd00010011", kStatus, kOnV7},
    {"111100111000nnnn1000100000000000", kStatus},
    {"111100111000nnnn1000110000000000", kStatus, kOnV7},
    {"111100111000nnnn1000010000000000", kStatus, kOnV7},
    {"11110011101111111000111101101111", kStatus},
    {"11110011101111111000111101001111", kStatus},
    {"11110011101111111000111101011111", kStatus},
    {"11110011101111111000111100101111", kStatus, kOnV7},
    {"1011111101000000", kStatus},
    // single precision (0 D 11 and so on stand as any bits)
    {"111011100?00????????1010???0????", kFp, kOnV7},
    {"111011100?01????????1010???0????", kFp, kOnV7},
    {"111011100?10????????1010???0????", kFp, kOnV7},
    {"111011100?11????????1010???0????", kFp, kOnV7},
    {"111011101?00????????1010?0?0????", kFp, kOnV7},
    {"111011101?01????????1010???0????", kFp, kOnV7},
    {"111011101?10????????1010???0????", kFp, kOnV7},
    {"111011101?11????????10100000????", kFp, kOnV7},
    {"111011101?110000????1010?1?0????", kFp, kOnV7},
    {"111011101?110001????1010?1?0????", kFp, kOnV7},
    {"111011101?11001?????1010?1?0????", kFp, kOnV7},
    {"111011101?110100????1010?1?0????", kFp, kOnV7},
    {"111011101?110101????1010?1000000", kFp, kOnV7},
    {"111011101?111000????1010?1?0????", kFp, kOnV7},
    {"111011101?11110?????1010?1?0????", kFp, kOnV7},
    {"111011101?111?1?????101001?00???", kFp, kOnV7},
    {"111011101?111?1?????101011?0????", kFp, kOnV7},
    {"11101110111100011111101000010000", kFp, kOnV7},
    {"1110111011110001dddd101000010000", kFp, kOnV7},
    {"1110111011100001nnnn101000010000", kFp, kOnV7},
    {"111011100000????nnnn1010?0010000", kFp, kOnV7},
    {"111011100001????dddd1010?0010000", kFp, kOnV7},
    {"111011000100nnnnaaaa101000?10???", kFp, kOnV7},
    {"111011000101eeeedddd101000?10???", kFp, kOnV7},
    {"11101101??00bbbb????1010000?????", kFpMemory, kOnV7},
    {"11101101??01bbbb????1010000?????", kFpMemory, kOnV7},
    {"111011011?011111????1010000?????", kFpMemory, kOnV7},
    // FPv5 of the M7: VSEL, VMAXNM, VRINT, VCVTA and their like
    {"111111100???????????1010?0?0????", kFp, kOnM7},
    {"111111101?00????????1010???0????", kFp, kOnM7},
    {"111111101?1110??????101001?0????", kFp, kOnM7},
    {"111111101?1111??????1010?1?0????", kFp, kOnM7},
    {"111011101?110110????1010?1?0????", kFp, kOnM7},
    {"111011101?110111????101001?0????", kFp, kOnM7},
    // double precision
    {"111011100000????????10110?00????", kDouble, kOnV7},
    {"111011100001????????10110?00????", kDouble, kOnV7},
    {"111011100010????????10110?00????", kDouble, kOnV7},
    {"111011100011????????10110?00????", kDouble, kOnV7},
    {"111011101000????????10110000????", kDouble, kOnV7},
    {"111011101001????????10110?00????", kDouble, kOnV7},
    {"111011101010????????10110?00????", kDouble, kOnV7},
    {"111011101011????????10110000????", kDouble, kOnV7},
    {"1110111010110000????1011?100????", kDouble, kOnV7},
    {"1110111010110001????1011?100????", kDouble, kOnV7},
    {"1110111010110100????1011?100????", kDouble, kOnV7},
    {"1110111010110101????1011?1000000", kDouble, kOnV7},
    {"111011101?110111????101111?0????", kDouble, kOnV7},
    {"1110111010110111????101011?0????", kDouble, kOnV7},
    {"1110111010111000????1011?1?0????", kDouble, kOnV7},
    {"111011101?11110?????1011?100????", kDouble, kOnV7},
    {"1110111010111?1?????101101?00???", kDouble, kOnV7},
    {"1110111010111?1?????101111?0????", kDouble, kOnV7},
    {"1110111010110010????1011?1?0????", kDouble, kOnM7},
    {"111111100000????????10110000????", kDouble, kOnM7},
    {"111111100011????????10110000????", kDouble, kOnM7},
    {"111111101000????????10110?00????", kDouble, kOnM7},
    {"11111110101110??????10110100????", kDouble, kOnM7},
    {"111111101?1111??????1011?100????", kDouble, kOnM7},
    {"1110111010110110????1011?100????", kDouble, kOnM7},
    {"1110111010110111????10110100????", kDouble, kOnM7},
    {"111011000100nnnnaaaa101100010???", kDoubleMemory, kOnV7},
    {"111011000101eeeedddd101100010???", kDoubleMemory, kOnV7},
    {"1110111000?0????nnnn101100010000", kDoubleMemory, kOnV7},
    {"1110111000?1????dddd101100010000", kDoubleMemory, kOnV7},
    {"11101101?000bbbb????1011000?????", kDoubleMemory, kOnV7},
    {"11101101?001bbbb????1011000?????", kDoubleMemory, kOnV7},
    // undefined
    {"11011110????????", kUndefined},
    {"111101111111????1010????????????", kUndefined},
    {"10111010100?????", kUndefined, kOnM4}, // HLT of Armv8-M; #0x3C would be semihosting for QEMU
};

bool isPlace(char letter) { return letter != '0' && letter != '1' && letter != '?'; }

} // namespace

std::span<const Form> forms() { return kForms; }

bool Roles::keeps(std::uint32_t number) const {
    return number == 13 || number == index || number == nowhere || std::ranges::find(bases, number) != bases.end();
}

std::uint32_t Roles::destination(Random& random, bool low) const {
    for (;;) {
        const std::uint32_t number = random.below(low ? 8 : 15);
        if (!keeps(number)) {
            return number;
        }
    }
}

std::uint32_t Roles::source(Random& random, bool low) const {
    const std::uint32_t number = random.below(low ? 8 : 14);
    return number == 13 ? 14 : number;
}

std::uint32_t Roles::base(Random& random, bool low) const {
    return accessesNowhere ? nowhere : bases[random.below(low ? 2 : bases.size())];
}

Encoding encode(const Form& form, const Roles& roles, Random& random) {
    std::array<std::optional<std::uint32_t>, 128> chosen;
    std::array<int, 128> left{};
    for (const char letter : form.bits) {
        ++left[static_cast<unsigned char>(letter)];
    }
    const auto choose = [&](char letter, bool low) -> std::uint32_t {
        switch (letter) {
        case 'd': return roles.destination(random, low);
        case 'e':
            for (;;) {
                const std::uint32_t number = roles.destination(random, low);
                if (std::ranges::find(chosen, std::optional(number)) == chosen.end()) {
                    return number;
                }
            }
        case 's':
            for (;;) {
                const std::uint32_t number = roles.source(random, low);
                if (!roles.keeps(number)) {
                    return number;
                }
            }
        case 'b': return roles.base(random, low);
        case 'x': return roles.index;
        case 'M': return *chosen['m'];
        default: return roles.source(random, low);
        }
    };
    Encoding encoding{0, form.bits.size() == 32};
    for (const char letter : form.bits) {
        const auto place = static_cast<unsigned char>(letter);
        std::uint32_t bit = letter == '1' ? 1 : 0;
        if (letter == '?') {
            bit = random.below(2);
        } else if (isPlace(letter)) {
            if (!chosen[place]) {
                chosen[place] = choose(letter, left[place] < 4);
            }
            bit = *chosen[place] >> --left[place] & 1U;
        }
        encoding.bits = encoding.bits << 1 | bit;
    }
    return encoding;
}

} // namespace simprof::differential
