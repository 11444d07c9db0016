// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "sim_core/decode/decoder.h"
#include "sim_core/image/firmware_image.h"

namespace simprof {

/// One instruction of an image and where it leads, as the largest core decodes it.
struct CodeStep {
    DecodedInsn insn;
    std::uint32_t first = 0, second = 0; ///< its halfwords
    BlockEnd end = BlockEnd::FallThrough;
    Address target = 0;
    bool valid = false; ///< lies in the image and is defined
};

/// The halfword that runs at `address`, if the image has one.
std::optional<std::uint32_t> codeHalfAt(const FirmwareImage& image, Address address);

CodeStep codeStepAt(const FirmwareImage& image, Address address);

/// UDF, by which compilers end what cannot be reached.
bool isTrap(const CodeStep& step);

/// The name of an Armv8-M instruction that Armv7-M does not have, or "".
std::string armv8mInstruction(std::uint32_t first, std::uint32_t second);

/// Whether a run of instructions at `address` decodes to its end and does not begin with filler.
bool decodesAsCode(const FirmwareImage& image, Address address);

} // namespace simprof
