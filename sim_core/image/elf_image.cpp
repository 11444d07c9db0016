// SPDX-License-Identifier: GPL-2.0-or-later
// "Tool Interface Standard: ELF", version 1.2, and "ELF for the Arm Architecture" (AAELF32). The only file that loads
// through libelf.
#include "sim_core/image/elf_image.h"

#include "sim_core/error.h"
#include "sim_core/image/elf_attributes.h"

#include <algorithm>
#include <array>
#include <elf.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>
#include <memory>
#include <string_view>
#include <tuple>
#include <utility>

namespace simprof {
namespace {

/// Memories of one Armv7-M address-map region end at 512 MiB (ARM DDI 0403E, table B3-1): nothing larger can be meant.
constexpr std::uint64_t kLargestSegment = 0x20000000;

struct MachineName {
    unsigned machine;
    std::string_view name;
};

/// Machines that firmware or a mistaken file is likely to be for (values: System V ABI registry of e_machine).
constexpr std::array<MachineName, 37> kMachines = {{
    {EM_SPARC, "SPARC"},
    {EM_386, "x86 (32-bit PC)"},
    {EM_68K, "Motorola 68000"},
    {EM_MIPS, "MIPS"},
    {EM_PPC, "PowerPC"},
    {EM_PPC64, "64-bit PowerPC"},
    {EM_S390, "IBM S/390"},
    {EM_V800, "NEC V800"},
    {EM_SH, "SuperH"},
    {EM_TRICORE, "Infineon TriCore"},
    {EM_ARC, "ARC"},
    {EM_ARC_COMPACT, "ARC (ARCompact)"},
    {195, "ARC (ARCv2)"},
    {253, "ARC (ARCv3)"},
    {EM_IA_64, "Itanium"},
    {EM_COLDFIRE, "ColdFire"},
    {EM_X86_64, "x86-64 (PC)"},
    {EM_AVR, "AVR"},
    {EM_V850, "Renesas V850"},
    {EM_OPENRISC, "OpenRISC"},
    {EM_XTENSA, "Xtensa"},
    {EM_MSP430, "MSP430"},
    {EM_BLACKFIN, "Blackfin"},
    {EM_ALTERA_NIOS2, "Nios II"},
    {EM_TI_C6000, "TI C6000"},
    {EM_TI_C2000, "TI C2000"},
    {EM_QDSP6, "Hexagon"},
    {EM_RX, "Renesas RX"},
    {EM_AARCH64, "AArch64 (64-bit Arm)"},
    {EM_AVR32, "AVR32"},
    {EM_MICROBLAZE, "MicroBlaze"},
    {EM_RL78, "Renesas RL78"},
    {EM_RISCV, "RISC-V"},
    {EM_BPF, "BPF"},
    {EM_CSKY, "C-SKY"},
    {EM_CUDA, "CUDA"},
    {258, "LoongArch"},
}};

std::string machineName(unsigned machine) {
    for (const MachineName& known : kMachines) {
        if (known.machine == machine) {
            return std::string(known.name);
        }
    }
    return fmt::format("a processor with ELF machine number {}", machine);
}

struct EndElf {
    void operator()(Elf* elf) const { elf_end(elf); }
};
using ElfHandle = std::unique_ptr<Elf, EndElf>;

class ElfReader {
public:
    explicit ElfReader(FirmwareImage& image)
        : m_image(image) {}

    void read() {
        checkIdentity();
        open();
        checkSections();
        readAttributes();
        readSegments();
        readSymbols();
        checkCore();
    }

private:
    [[noreturn]] void fail(const std::string& what) const { throw Error(fmt::format("'{}' {}", m_image.name, what)); }

    [[noreturn]] void failDamaged(const std::string& what) const { fail(what + "; build or copy it again"); }

    [[noreturn]] void failTruncated(const std::string& what, std::uint64_t end) const {
        failDamaged(fmt::format("is cut short or damaged: its {} should end at byte {}, the file has {}", what, end,
                                m_image.file.size()));
    }

    unsigned identByte(std::size_t index) const { return std::to_integer<unsigned>(m_image.file[index]); }

    /// A 16-bit number of the header, in the byte order the file claims.
    unsigned headerHalf(std::size_t offset) const {
        const bool big = identByte(EI_DATA) == ELFDATA2MSB;
        return identByte(offset + (big ? 1 : 0)) | identByte(offset + (big ? 0 : 1)) << 8;
    }

    /// Says what a foreign ELF is before libelf is asked to take it apart.
    void checkIdentity() const {
        if (m_image.file.size() < sizeof(Elf32_Ehdr)) {
            failTruncated("ELF header", sizeof(Elf32_Ehdr));
        }
        const unsigned elfClass = identByte(EI_CLASS);
        const unsigned data = identByte(EI_DATA);
        if ((elfClass != ELFCLASS32 && elfClass != ELFCLASS64) || (data != ELFDATA2LSB && data != ELFDATA2MSB)) {
            failDamaged("has a damaged ELF header: its class and byte order are no valid values");
        }
        if (identByte(EI_VERSION) != EV_CURRENT) {
            failDamaged("has a damaged ELF header: its version is no valid value");
        }
        const unsigned machine = headerHalf(offsetof(Elf32_Ehdr, e_machine));
        if (machine != EM_ARM) {
            fail(fmt::format("is for {}, not for an Arm Cortex-M; simprof runs Cortex-M0, M0+, M4 and M7",
                             machineName(machine)));
        }
        if (elfClass == ELFCLASS64) {
            fail("is a 64-bit ELF file; Cortex-M firmware is 32-bit");
        }
        if (data == ELFDATA2MSB) {
            fail("is big-endian; simprof runs little-endian Cortex-M firmware");
        }
        switch (headerHalf(offsetof(Elf32_Ehdr, e_type))) {
        case ET_EXEC: break;
        case ET_REL: fail("is a relocatable object, not linked yet; give the executable that the linker makes of it");
        case ET_DYN:
            fail("is a shared library or position-independent executable; give a firmware linked to fixed addresses");
        case ET_CORE: fail("is a core dump, not a firmware; give the program that was run");
        default: failDamaged("has a damaged ELF header: its type is no valid value");
        }
    }

    void open() {
        if (elf_version(EV_CURRENT) == EV_NONE) {
            fail(fmt::format("cannot be read: {}", elf_errmsg(-1)));
        }
        m_elf.reset(elf_memory(reinterpret_cast<char*>(m_image.file.data()), m_image.file.size()));
        if (!m_elf || elf_kind(m_elf.get()) != ELF_K_ELF || !gelf_getehdr(m_elf.get(), &m_header)) {
            failDamaged(fmt::format("is a damaged ELF file: {}", elf_errmsg(-1)));
        }
        m_image.entry = static_cast<Address>(m_header.e_entry);
    }

    /// Headers and contents of all sections must be inside the file; libelf itself is lenient.
    void checkSections() {
        if (m_header.e_shoff != 0) {
            const std::uint64_t end = m_header.e_shoff + std::uint64_t{m_header.e_shnum} * sizeof(Elf32_Shdr);
            if (end > m_image.file.size()) {
                failTruncated("table of section headers", end);
            }
        }
        for (Elf_Scn* section = nullptr; (section = elf_nextscn(m_elf.get(), section));) {
            GElf_Shdr header;
            if (!gelf_getshdr(section, &header)) {
                failDamaged(fmt::format("is a damaged ELF file: {}", elf_errmsg(-1)));
            }
            if (header.sh_type == SHT_NULL || header.sh_type == SHT_NOBITS || header.sh_size == 0) {
                continue;
            }
            const std::uint64_t end = header.sh_offset + header.sh_size;
            if (end > m_image.file.size()) {
                failTruncated(fmt::format("section {}", elf_ndxscn(section)), end);
            }
            m_sections.emplace_back(section, header);
        }
    }

    void readAttributes() {
        for (const auto& [section, header] : m_sections) {
            if (header.sh_type != SHT_ARM_ATTRIBUTES) {
                continue;
            }
            const std::span<const std::byte> file(m_image.file);
            m_image.attributes = readBuildAttributes(file.subspan(header.sh_offset, header.sh_size));
        }
        checkBuildAttributes(m_image.name, m_image.attributes);
    }

    void readSegments() {
        const std::uint64_t end = m_header.e_phoff + std::uint64_t{m_header.e_phnum} * sizeof(Elf32_Phdr);
        if (m_header.e_phnum != 0 && end > m_image.file.size()) {
            failTruncated("table of program headers", end);
        }
        std::size_t count = 0;
        if (elf_getphdrnum(m_elf.get(), &count) != 0) {
            failDamaged(fmt::format("is a damaged ELF file: {}", elf_errmsg(-1)));
        }
        for (std::size_t i = 0; i < count; ++i) {
            GElf_Phdr header;
            if (!gelf_getphdr(m_elf.get(), static_cast<int>(i), &header)) {
                failDamaged(fmt::format("is a damaged ELF file: program header {}: {}", i, elf_errmsg(-1)));
            }
            if (header.p_type == PT_INTERP) {
                fail("is a dynamically linked program for an operating system such as Linux, not a firmware");
            }
            if (header.p_type == PT_LOAD && header.p_memsz != 0) {
                readSegment(i, header);
            }
        }
        sortSegments();
    }

    void readSegment(std::size_t index, GElf_Phdr header) {
        const std::string what = fmt::format("segment {}", index);
        if (header.p_filesz > header.p_memsz) {
            failDamaged(fmt::format("is damaged: {} has {} bytes in the file and only {} in memory", what,
                                    header.p_filesz, header.p_memsz));
        }
        if (header.p_filesz == 0) {
            header.p_offset = 0; // takes no bytes of the file, whatever it says
        }
        if (header.p_offset + header.p_filesz > m_image.file.size()) {
            failTruncated(what, header.p_offset + header.p_filesz);
        }
        if (header.p_memsz > kLargestSegment) {
            failDamaged(fmt::format("is damaged: {} claims {} bytes of memory, more than any Cortex-M memory has", what,
                                    header.p_memsz));
        }
        constexpr std::uint64_t kSpace = std::uint64_t{1} << 32;
        if (header.p_vaddr + header.p_memsz > kSpace || header.p_paddr + header.p_filesz > kSpace) {
            failDamaged(
                fmt::format("is damaged: {} at 0x{:08X} goes beyond the 32-bit address space", what, header.p_paddr));
        }
        leaveOutHeaders(header);
        if (header.p_memsz == 0) {
            return;
        }
        ImageSegment segment;
        segment.address = static_cast<Address>(header.p_paddr);
        segment.runAddress = static_cast<Address>(header.p_vaddr);
        const auto begin = m_image.file.begin() + static_cast<std::ptrdiff_t>(header.p_offset);
        segment.bytes.assign(begin, begin + static_cast<std::ptrdiff_t>(header.p_filesz));
        segment.memorySize = header.p_memsz;
        segment.executable = (header.p_flags & PF_X) != 0;
        segment.writable = (header.p_flags & PF_W) != 0;
        m_image.segments.push_back(std::move(segment));
    }

    /// GNU ld lets the first segment begin with the ELF's own headers when the page before the first section has room.
    /// No section owns these bytes and a flash programmer working by sections does not write them.
    void leaveOutHeaders(GElf_Phdr& header) const {
        if (header.p_offset >= m_header.e_ehsize || header.p_filesz == 0) {
            return;
        }
        std::uint64_t first = header.p_offset + header.p_filesz;
        bool any = false;
        for (const auto& [section, own] : m_sections) {
            if ((own.sh_flags & SHF_ALLOC) != 0 && own.sh_size != 0 && own.sh_offset >= header.p_offset) {
                first = std::min<std::uint64_t>(first, own.sh_offset);
                any = true;
            }
        }
        if (!any) {
            return;
        }
        const std::uint64_t skipped = first - header.p_offset;
        header.p_offset += skipped;
        header.p_vaddr += skipped;
        header.p_paddr += skipped;
        header.p_filesz -= skipped;
        header.p_memsz -= skipped;
    }

    void sortSegments() {
        std::stable_sort(m_image.segments.begin(), m_image.segments.end(), [](const auto& a, const auto& b) {
            return std::pair(a.address, a.runAddress) < std::pair(b.address, b.runAddress);
        });
        const ImageSegment* before = nullptr;
        for (const ImageSegment& segment : m_image.segments) {
            if (segment.bytes.empty()) {
                continue;
            }
            if (before && std::uint64_t{before->address} + before->bytes.size() > segment.address) {
                failDamaged(fmt::format("is damaged: its segments at 0x{:08X} and 0x{:08X} overlap", before->address,
                                        segment.address));
            }
            before = &segment;
        }
        if (!before) {
            fail("has no loadable segment with contents: there is nothing to run; give the linked firmware");
        }
    }

    void readSymbols() {
        for (const auto& [section, header] : m_sections) {
            if (header.sh_type != SHT_SYMTAB || header.sh_entsize != sizeof(Elf32_Sym)) {
                continue;
            }
            Elf_Data* data = elf_getdata(section, nullptr);
            if (!data) {
                failDamaged(fmt::format("has a damaged symbol table: {}", elf_errmsg(-1)));
            }
            const auto count = static_cast<int>(data->d_size / sizeof(Elf32_Sym));
            for (int i = 1; i < count; ++i) {
                GElf_Sym symbol;
                if (gelf_getsym(data, i, &symbol)) {
                    takeSymbol(symbol, elf_strptr(m_elf.get(), header.sh_link, symbol.st_name));
                }
            }
        }
        auto& symbols = m_image.symbols;
        const auto key = [](const ImageSymbol& s) { return std::tie(s.address, s.name, s.kind, s.size, s.global); };
        std::sort(symbols.begin(), symbols.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
        const auto same = [&](const auto& a, const auto& b) { return key(a) == key(b); };
        symbols.erase(std::unique(symbols.begin(), symbols.end(), same), symbols.end());
    }

    void takeSymbol(const GElf_Sym& symbol, const char* name) {
        if (!name || !*name || symbol.st_shndx == SHN_UNDEF || symbol.st_shndx == SHN_COMMON || isMapping(name)) {
            return;
        }
        ImageSymbol taken;
        switch (GELF_ST_TYPE(symbol.st_info)) {
        case STT_FUNC:
        case STT_GNU_IFUNC:
        case STT_ARM_TFUNC: taken.kind = ImageSymbol::Kind::Function; break;
        case STT_OBJECT: taken.kind = ImageSymbol::Kind::Object; break;
        case STT_NOTYPE: break;
        default: return;
        }
        const bool function = taken.kind == ImageSymbol::Kind::Function;
        taken.name = name;
        taken.address = static_cast<Address>(symbol.st_value) & (function ? ~Address{1} : ~Address{0});
        taken.size = static_cast<std::uint32_t>(symbol.st_size);
        taken.global = GELF_ST_BIND(symbol.st_info) != STB_LOCAL;
        taken.weak = GELF_ST_BIND(symbol.st_info) == STB_WEAK;
        m_image.symbols.push_back(std::move(taken));
    }

    /// $a, $t, $d and $x, alone or followed by '.' and anything, say where code and data begin (AAELF32, "mapping
    /// symbols").
    static bool isMapping(std::string_view name) {
        if (name.size() < 2 || name[0] != '$' || std::string_view("atdxp").find(name[1]) == std::string_view::npos) {
            return false;
        }
        return name.size() == 2 || name[2] == '.';
    }

    /// Without build attributes a Cortex-A or ARM7 program shows by an entry point that is ARM code, not Thumb: the
    /// instruction there is executed always (top four bits 1110), and no vector table starts the image.
    void checkCore() const {
        const Address entry = *m_image.entry;
        if (m_image.attributes.cpuArch || entry % 4 != 0) {
            return;
        }
        const auto startsWithVectors = [&](const ImageSegment& segment) {
            const auto stack = m_image.wordAt(segment.address);
            const auto reset = m_image.wordAt(segment.address + 4);
            return stack && reset && *stack % 4 == 0 && *stack >= 0x10000000 && *stack < 0x80000000 && *reset % 2 == 1;
        };
        if (std::any_of(m_image.segments.begin(), m_image.segments.end(), startsWithVectors)) {
            return;
        }
        const auto instruction = m_image.wordAt(entry);
        if (instruction && *instruction >> 28 == 0xe) {
            fail("starts in ARM state, as programs for Cortex-A, Cortex-R and ARM7 do; simprof runs Cortex-M0, M0+, M4 "
                 "and M7");
        }
    }

    FirmwareImage& m_image;
    ElfHandle m_elf;
    GElf_Ehdr m_header{};
    std::vector<std::pair<Elf_Scn*, GElf_Shdr>> m_sections; ///< those with contents in the file
};

} // namespace

bool looksLikeElf(std::span<const std::byte> file) {
    constexpr std::string_view kMagic(ELFMAG, SELFMAG);
    const std::string_view head(reinterpret_cast<const char*>(file.data()), std::min(file.size(), kMagic.size()));
    return head == kMagic;
}

void loadElf(FirmwareImage& image) {
    image.format = FirmwareImage::Format::Elf;
    ElfReader(image).read();
}

} // namespace simprof
