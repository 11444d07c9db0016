// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/symbols/demangle.h"
#include "profiler/symbols/memory_bounds.h"
#include "profiler/symbols/symbol_table.h"
#include "tests/support/elf_builder.h"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace simprof {
namespace {

using test::ElfBuilder;

constexpr std::uint16_t kAbsolute = 0xfff1;

/// 256 bytes of flash at 0x08000000 and 256 bytes of SRAM at 0x20000000, without symbols.
ElfBuilder blank() {
    ElfBuilder elf;
    elf.segment(0x08000000, test::Blob(256));
    elf.segments.push_back({0x08000100, 0x20000000, {}, 0x100, 6});
    return elf;
}

FirmwareImage imageOf(const ElfBuilder& elf) { return parseFirmware("fw.elf", elf.build(), std::nullopt); }

SymbolTable tableOf(const ElfBuilder& elf) { return SymbolTable(imageOf(elf)); }

std::string listing(const SymbolTable& table) {
    std::string out;
    for (const Symbol& s : table.symbols()) {
        out += fmt::format("{} {:08x}+{}{} {} {}{}\n", static_cast<unsigned>(s.id), s.begin, s.size,
                           s.sizeInferred ? "?" : "", s.kind == Symbol::Kind::Function ? "F" : "O", s.name,
                           s.discovered ? " (discovered)" : "");
    }
    return out;
}

TEST(Symbols, CloneSuffixesAreStrippedAndNamesDemangled) {
    struct Row {
        const char* raw;
        const char* shown;
    };
    const Row rows[] = {
        {"main", "main"},
        {"memcpy.constprop.0", "memcpy"},
        {"step.isra.0.part.12", "step"},
        {"Eval.lto_priv.3", "Eval"},
        {"run.lto_priv.0.constprop.1.isra.0", "run"},
        {"_ZN6tflite9AllocatorC2Ev", "tflite::Allocator::Allocator()"},
        {"_ZN6tflite12_GLOBAL__N_14EvalEP13TfLiteContext.lto_priv.7",
         "tflite::(anonymous namespace)::Eval(TfLiteContext*)"},
        {"_Z3addii.cold", "add(int, int)"},
        {"_Z3addii.constprop.0.cold", "add(int, int)"},
        {"heap_end.0", "heap_end.0"}, // a static variable of a function: the number tells it from others
        {"_Znot_a_mangled_name", "_Znot_a_mangled_name"},
        {".cold", ".cold"},
        {"cold.start", "cold.start"},
        {"a.party", "a.party"},
        {"_Z", "_Z"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(displayName(row.raw), row.shown);
    }
}

TEST(Symbols, ExplosiveNamesAreNotDemangled) {
    // x<A, A>, then x<that, that> thirty times: demangled it would have more than 2^30 letters.
    std::string bomb = "_Z1fI1xI1A1AE";
    for (int i = 3; i < 33; ++i) {
        const std::string seq(1, static_cast<char>(i < 10 ? '0' + i : 'A' + i - 10));
        bomb += "S0_IS" + seq + "_S" + seq + "_E";
    }
    bomb += "EvT_";
    EXPECT_EQ(displayName(bomb), bomb);
    const std::string endless = "_Z" + std::string(100000, 'P') + "v";
    EXPECT_EQ(displayName(endless), endless);
}

TEST(Symbols, SizesFromTheFileAndInferred) {
    ElfBuilder elf = blank();
    elf.symbol({"sized", 0x08000011, 8});
    elf.symbol({"unsized", 0x08000021, 0});
    elf.symbol({"loop", 0x08000024, 0, ElfBuilder::NoType, ElfBuilder::Local}); // a label inside is no boundary
    elf.symbol({"table", 0x08000030, 0, ElfBuilder::Object});
    elf.symbol({"last", 0x080000f1, 0});
    elf.symbol({"buffer", 0x20000010, 0, ElfBuilder::Object});
    elf.symbol({"_end", 0x20000080, 0, ElfBuilder::NoType, ElfBuilder::Global});
    elf.symbol({"boot_rom", 0x00001001, 0, ElfBuilder::Function, ElfBuilder::Global, kAbsolute});
    elf.symbol({"liar", 0x20000090, 0xffffffff, ElfBuilder::Object});
    EXPECT_EQ(listing(tableOf(elf)), "0 00001000+65536? F boot_rom\n"
                                     "1 08000010+8 F sized\n"
                                     "2 08000020+16? F unsized\n"
                                     "3 08000030+192? O table\n"
                                     "4 080000f0+16? F last\n"
                                     "5 20000010+112? O buffer\n"
                                     "6 20000090+112 O liar\n");
}

TEST(Symbols, LookupByAddress) {
    ElfBuilder elf = blank();
    elf.symbol({"outer", 0x08000011, 32});
    elf.symbol({"inner", 0x08000019, 4});
    elf.symbol({"after", 0x08000041, 4});
    elf.symbol({"data", 0x20000000, 4, ElfBuilder::Object});
    const SymbolTable table = tableOf(elf);
    struct Row {
        Address address;
        const char* name;
    };
    const Row rows[] = {
        {0x08000010, "outer"}, {0x08000011, "outer"},        {0x08000017, "outer"},        {0x08000018, "inner"},
        {0x0800001b, "inner"}, {0x0800001c, "outer"},        {0x0800002f, "outer"},        {0x08000030, "sub_08000030"},
        {0x08000040, "after"}, {0x08000044, "sub_08000044"}, {0x0800000e, "sub_0800000e"}, {0x20000000, "sub_20000000"},
        {0, "sub_00000000"},   {0xffffffff, "sub_fffffffe"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(table.nameFor(row.address), row.name);
    }
    EXPECT_EQ(table.objectAt(0x20000003)->name, "data");
    EXPECT_EQ(table.objectAt(0x20000004), nullptr);
    EXPECT_EQ(table.objectAt(0x08000010), nullptr);
}

TEST(Symbols, AliasesResolveTheSameWayAlways) {
    struct Row {
        std::vector<ElfBuilder::Symbol> symbols;
        const char* shown;
    };
    constexpr auto symbol = [](const char* name, ElfBuilder::Binding binding) {
        return ElfBuilder::Symbol{name, 0x08000011, 4, ElfBuilder::Function, binding};
    };
    const Row rows[] = {
        {{symbol("a", ElfBuilder::Local), symbol("longer_global", ElfBuilder::Global)}, "longer_global"},
        {{symbol("w", ElfBuilder::Weak), symbol("strong", ElfBuilder::Global)}, "strong"},
        {{symbol("__aeabi_memcpy", ElfBuilder::Global), symbol("memcpy", ElfBuilder::Global)}, "memcpy"},
        {{symbol("bb", ElfBuilder::Global), symbol("aa", ElfBuilder::Global)}, "aa"},
        {{symbol("ADC_IRQHandler", ElfBuilder::Weak), symbol("Default_Handler", ElfBuilder::Weak)}, "Default_Handler"},
        {{symbol("_ZN1AC2Ev", ElfBuilder::Global), symbol("_ZN1AC1Ev", ElfBuilder::Global)}, "A::A()"},
    };
    for (Row row : rows) {
        for (int order = 0; order < 2; ++order) {
            ElfBuilder elf = blank();
            elf.symbols = row.symbols;
            const SymbolTable table = tableOf(elf);
            ASSERT_EQ(table.size(), 1U);
            EXPECT_EQ(table.symbols()[0].name, row.shown);
            for (const ElfBuilder::Symbol& alias : row.symbols) {
                ASSERT_NE(table.find(alias.name), nullptr) << alias.name;
                EXPECT_EQ(table.find(alias.name)->name, row.shown) << "each alias is found";
            }
            std::reverse(row.symbols.begin(), row.symbols.end());
        }
    }
}

TEST(Symbols, DiscoveredFunctionsFillWhatTheFileDoesNotName) {
    ElfBuilder elf = blank();
    elf.symbol({"known", 0x08000041, 16});
    SymbolTable table = tableOf(elf);
    EXPECT_EQ(table.addDiscovered(0x08000011).name, "sub_08000010");
    EXPECT_EQ(table.addDiscovered(0x08000010).name, "sub_08000010") << "with and without the Thumb bit";
    EXPECT_EQ(table.addDiscovered(0x08000049).name, "known") << "a target inside a sized function is that function";
    EXPECT_EQ(table.addDiscovered(0x08000061).name, "sub_08000060");
    const Symbol& between = table.addDiscovered(0x08000021);
    EXPECT_EQ(listing(table), "0 08000040+16 F known\n"
                              "1 08000010+16? F sub_08000010 (discovered)\n"
                              "2 08000060+160? F sub_08000060 (discovered)\n"
                              "3 08000020+32? F sub_08000020 (discovered)\n");
    EXPECT_EQ(table.nameFor(0x0800001e), "sub_08000010");
    EXPECT_EQ(table.nameFor(0x0800003e), "sub_08000020");
    EXPECT_EQ(table.nameFor(0x08000050), "sub_08000050") << "behind a sized function begins nothing known";
    EXPECT_EQ(&table[between.id], &between) << "references stay valid";
}

TEST(Symbols, LabelsNameWhatIsCalled) {
    ElfBuilder elf = blank();
    elf.symbol({"asm_routine", 0x08000020, 0, ElfBuilder::NoType, ElfBuilder::Global});
    elf.symbol({"unsized", 0x08000041, 0});
    elf.symbol({"second_entry", 0x08000048, 0, ElfBuilder::NoType, ElfBuilder::Local});
    SymbolTable table = tableOf(elf);
    EXPECT_EQ(table.nameFor(0x08000020), "sub_08000020") << "a label alone may be data";
    EXPECT_EQ(table.addDiscovered(0x08000021).name, "asm_routine");
    EXPECT_EQ(table.nameFor(0x08000030), "asm_routine");
    EXPECT_EQ(table.addDiscovered(0x08000045).name, "unsized") << "no label there: the function goes on";
    EXPECT_EQ(table.addDiscovered(0x08000049).name, "second_entry");
    EXPECT_EQ(table.functionAt(0x08000044)->size, 8U);
}

TEST(Symbols, StrippedAndRawImagesAreDiscoveredOnly) {
    ElfBuilder elf = blank();
    SymbolTable table = tableOf(elf);
    EXPECT_EQ(table.size(), 0U);
    EXPECT_EQ(table.functionAt(0x08000000), nullptr);
    table.addDiscovered(0x08000081);
    EXPECT_EQ(table.functionAt(0x080000ff)->size, 0x80U);
    EXPECT_EQ(table.addDiscovered(0x24000001).size, 0x10000U) << "code copied to a memory the image does not mention";
    SymbolTable none;
    EXPECT_EQ(none.nameFor(1), "sub_00000000");
    EXPECT_EQ(none.addDiscovered(0xfffffff1).size, 0x10000U);
}

TEST(Symbols, FindByName) {
    ElfBuilder elf = blank();
    elf.symbol({"_ZN1n4EvalEv.lto_priv.1", 0x08000041, 4, ElfBuilder::Function, ElfBuilder::Local});
    elf.symbol({"_ZN1n4EvalEv", 0x08000011, 4, ElfBuilder::Function, ElfBuilder::Local});
    elf.symbol({"counter", 0x20000000, 4, ElfBuilder::Object});
    const SymbolTable table = tableOf(elf);
    EXPECT_EQ(table.find("n::Eval()")->begin, 0x08000010U);
    EXPECT_EQ(table.find("_ZN1n4EvalEv.lto_priv.1")->begin, 0x08000040U);
    EXPECT_EQ(table.findFunctions("n::Eval()").size(), 2U);
    EXPECT_EQ(table.findFunctions("counter").size(), 0U);
    EXPECT_EQ(table.find("counter")->kind, Symbol::Kind::Object);
    EXPECT_EQ(table.find("nothing"), nullptr);
    EXPECT_EQ(table.value("counter"), 0x20000000U);
    EXPECT_EQ(table.value("nothing"), std::nullopt);
}

TEST(Symbols, MemoryBounds) {
    struct Row {
        const char* script;
        std::vector<std::pair<const char*, Address>> symbols;
        const char* bounds;
    };
    const Row rows[] = {
        {"STM32Cube",
         {{"_estack", 0x20050000}, {"_Min_Stack_Size", 0x400}, {"_end", 0x20001000}, {"end", 0x20001000}},
         "stack 2004fc00-20050000 heap 20001000-2004fc00"},
        {"CMSIS",
         {{"__StackTop", 0x20008000},
          {"__StackLimit", 0x20007000},
          {"__HeapBase", 0x20002000},
          {"__HeapLimit", 0x20003000}},
         "stack 20007000-20008000 heap 20002000-20003000"},
        {"Pico SDK",
         {{"__StackTop", 0x20042000},
          {"__StackLimit", 0x20040000},
          {"__StackBottom", 0x20041800},
          {"__end__", 0x20001000},
          {"__HeapLimit", 0x20040000}},
         "stack 20041800-20042000 heap 20001000-20040000"},
        {"newlib default", {{"__stack", 0x80000}, {"_end", 0x20000000}}, "stack -00080000 heap 20000000-"},
        {"nothing", {}, "stack - heap -"},
        {"contradiction",
         {{"__StackTop", 0x20000000}, {"__StackLimit", 0x20001000}, {"__HeapLimit", 0x1000}, {"end", 0x2000}},
         "stack -20000000 heap 00002000-"},
    };
    for (const Row& row : rows) {
        ElfBuilder elf = blank();
        for (const auto& [name, value] : row.symbols) {
            elf.symbol({name, value, 0, ElfBuilder::NoType, ElfBuilder::Global, kAbsolute});
        }
        const MemoryBounds bounds = memoryBounds(tableOf(elf));
        const auto shown = [](std::optional<Address> address) {
            return address ? fmt::format("{:08x}", *address) : "";
        };
        EXPECT_EQ(fmt::format("stack {}-{} heap {}-{}", shown(bounds.stackLimit), shown(bounds.stackTop),
                              shown(bounds.heapBegin), shown(bounds.heapLimit)),
                  row.bounds)
            << row.script;
    }
}

} // namespace
} // namespace simprof
