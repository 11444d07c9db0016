// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/network/offline_plan.h"

#include "profiler/network/network.h"
#include "sim_core/error.h"

#include <tflite_generated.h>

#include <array>
#include <cstring>
#include <string_view>

#include <fmt/format.h>

namespace simprof {
namespace {

constexpr std::string_view kName = "OfflineMemoryAllocation";
constexpr std::size_t kAlignment = 64;   ///< at least that of any data in the file
constexpr std::size_t kModelFields = 8;  ///< that are known, from `version` to `signature_defs`
constexpr std::int32_t kPlanVersion = 1; ///< of the entry's content
constexpr std::size_t kHeaderWords = 3;  ///< version, subgraph, number of tensors

/// Writes a FlatBuffer from its begin. Offsets point forward in such a file, so that what points comes before what is
/// pointed to.
class FlatWriter {
public:
    std::size_t size() const { return m_bytes.size(); }
    void align(std::size_t to, std::size_t ahead = 0) {
        while ((m_bytes.size() + ahead) % to != 0) {
            m_bytes.push_back(std::byte{0});
        }
    }
    /// Answers where it is.
    template<class T>
    std::size_t put(T value) {
        const std::size_t at = m_bytes.size();
        m_bytes.resize(at + sizeof value);
        std::memcpy(m_bytes.data() + at, &value, sizeof value);
        return at;
    }
    void putText(std::string_view text) {
        put(static_cast<std::uint32_t>(text.size()));
        const auto bytes = std::as_bytes(std::span(text));
        m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
        m_bytes.push_back(std::byte{0});
    }
    /// The offset at `place` leads to `target`.
    void point(std::size_t place, std::size_t target) {
        const auto offset = static_cast<std::uint32_t>(target - place);
        std::memcpy(m_bytes.data() + place, &offset, sizeof offset);
    }
    /// A table all of whose fields are words, in a row: answers where the first of them is.
    std::size_t beginTable(std::span<const bool> fields) {
        align(4);
        std::uint16_t words = 1;
        const std::size_t shape = put(static_cast<std::uint16_t>(4 + 2 * fields.size()));
        const std::size_t bytes = put(std::uint16_t{0});
        for (const bool isThere : fields) {
            put(static_cast<std::uint16_t>(isThere ? 4 * words++ : 0));
        }
        const auto tableBytes = static_cast<std::uint16_t>(4 * words);
        std::memcpy(m_bytes.data() + bytes, &tableBytes, sizeof tableBytes);
        align(4);
        const std::size_t table = m_bytes.size();
        put(static_cast<std::int32_t>(table - shape));
        return table + 4;
    }
    std::vector<std::byte> take() { return std::move(m_bytes); }

private:
    std::vector<std::byte> m_bytes;
};

bool isPlan(const tflite::Metadata& entry) { return entry.name() && entry.name()->string_view() == kName; }

/// Adds to one file.
class PlanWriter {
public:
    PlanWriter(std::span<const std::byte> file, std::span<const std::int32_t> offsets)
        : m_file(file)
        , m_model(*tflite::GetModel(file.data()))
        , m_offsets(offsets) {}

    std::vector<std::byte> write() {
        checkFields();
        const std::size_t root = m_out.put(std::uint32_t{0});
        for (const char letter : std::string_view("TFL3")) {
            m_out.put(letter);
        }
        writeModel(root);
        m_out.align(kAlignment);
        const std::size_t moved = m_out.size();
        for (const Pointer& pointer : m_pointers) {
            m_out.point(pointer.place, moved + pointer.target);
        }
        std::vector<std::byte> bytes = m_out.take();
        bytes.insert(bytes.end(), m_file.begin(), m_file.end());
        return bytes;
    }

private:
    /// To what is in the file.
    struct Pointer {
        std::size_t place = 0;
        std::size_t target = 0;
    };

    template<class T>
    void pointTo(std::size_t place, const T* inFile) {
        m_pointers.push_back(
            {place, static_cast<std::size_t>(reinterpret_cast<const std::byte*>(inFile) - m_file.data())});
    }

    /// Fields that are not known may be offsets, which would have to be moved.
    void checkFields() const {
        const auto* table = reinterpret_cast<const flatbuffers::Table*>(&m_model);
        const auto fields = (flatbuffers::ReadScalar<std::uint16_t>(table->GetVTable()) - 4U) / 2;
        bool isKnown = fields <= kModelFields;
        for (const tflite::Buffer* buffer : *m_model.buffers()) {
            const auto* of = reinterpret_cast<const flatbuffers::Table*>(buffer);
            isKnown = isKnown && of->GetOptionalFieldOffset(6) == 0; // data behind the end of the FlatBuffer
        }
        if (!isKnown) {
            throw Error("a plan cannot be added to this .tflite network: it has parts of a newer file format");
        }
    }

    void writeModel(std::size_t root) {
        const std::array fields = {
            true, m_model.operator_codes() != nullptr,  true, m_model.description() != nullptr,
            true, m_model.metadata_buffer() != nullptr, true, m_model.signature_defs() != nullptr};
        std::size_t field = m_out.beginTable(fields);
        m_out.point(root, field - 4);
        m_out.put(m_model.version());
        const auto slot = [this](const auto* inFile) {
            if (inFile != nullptr) {
                pointTo(m_out.put(std::uint32_t{0}), inFile);
            }
        };
        slot(m_model.operator_codes());
        slot(m_model.subgraphs());
        slot(m_model.description());
        const std::size_t buffers = m_out.put(std::uint32_t{0});
        slot(m_model.metadata_buffer());
        const std::size_t metadata = m_out.put(std::uint32_t{0});
        slot(m_model.signature_defs());
        writeBuffers(buffers);
        writeMetadata(metadata);
    }

    /// Those that there are, and one for the plan.
    void writeBuffers(std::size_t place) {
        m_out.point(place, m_out.size());
        m_out.put(m_model.buffers()->size() + 1);
        for (const tflite::Buffer* buffer : *m_model.buffers()) {
            pointTo(m_out.put(std::uint32_t{0}), buffer);
        }
        const std::size_t plan = m_out.put(std::uint32_t{0});
        const std::size_t field = m_out.beginTable(std::array{true});
        m_out.point(plan, field - 4);
        const std::size_t data = m_out.put(std::uint32_t{0});
        m_out.align(16, 4);
        m_out.point(data, m_out.size());
        m_out.put(static_cast<std::uint32_t>(4 * (kHeaderWords + m_offsets.size())));
        m_out.put(kPlanVersion);
        m_out.put(std::int32_t{0}); // the first subgraph
        m_out.put(static_cast<std::int32_t>(m_offsets.size()));
        for (const std::int32_t offset : m_offsets) {
            m_out.put(offset);
        }
    }

    void writeMetadata(std::size_t place) {
        std::vector<const tflite::Metadata*> kept;
        if (m_model.metadata() != nullptr) {
            for (const tflite::Metadata* entry : *m_model.metadata()) {
                if (!isPlan(*entry)) {
                    kept.push_back(entry);
                }
            }
        }
        m_out.align(4);
        m_out.point(place, m_out.size());
        m_out.put(static_cast<std::uint32_t>(kept.size() + 1));
        for (const tflite::Metadata* entry : kept) {
            pointTo(m_out.put(std::uint32_t{0}), entry);
        }
        const std::size_t plan = m_out.put(std::uint32_t{0});
        const std::size_t field = m_out.beginTable(std::array{true, true});
        m_out.point(plan, field - 4);
        const std::size_t name = m_out.put(std::uint32_t{0});
        m_out.put(m_model.buffers()->size());
        m_out.point(name, m_out.size());
        m_out.putText(kName);
    }

    std::span<const std::byte> m_file;
    const tflite::Model& m_model;
    std::span<const std::int32_t> m_offsets;
    FlatWriter m_out;
    std::vector<Pointer> m_pointers;
};

/// A copy of the network's bytes at a multiple of 16, as FlatBuffers are read.
std::vector<std::byte> networkBytes(std::span<const std::byte> file, std::size_t& tensors) {
    const Network network = readNetwork(file);
    tensors = network.tensors.size();
    const auto used = file.first(network.usedBytes);
    return {used.begin(), used.end()};
}

} // namespace

std::vector<std::byte> withOfflinePlan(std::span<const std::byte> file, std::span<const std::int32_t> offsets) {
    std::size_t tensors = 0;
    const std::vector<std::byte> network = networkBytes(file, tensors);
    if (offsets.size() != tensors) {
        throw Error(fmt::format("a plan of {} tensors does not fit a network of {}", offsets.size(), tensors));
    }
    return PlanWriter(network, offsets).write();
}

std::vector<std::int32_t> offlinePlanOf(std::span<const std::byte> file) {
    std::size_t tensors = 0;
    const std::vector<std::byte> network = networkBytes(file, tensors);
    const tflite::Model& model = *tflite::GetModel(network.data());
    std::vector<std::int32_t> offsets;
    if (model.metadata() == nullptr) {
        return offsets;
    }
    for (const tflite::Metadata* entry : *model.metadata()) {
        if (!isPlan(*entry) || entry->buffer() >= model.buffers()->size()) {
            continue;
        }
        const auto* data = model.buffers()->Get(entry->buffer())->data();
        if (data != nullptr && data->size() == 4 * (kHeaderWords + tensors)) {
            offsets.resize(tensors);
            std::memcpy(offsets.data(), data->Data() + 4 * kHeaderWords, 4 * tensors);
        }
    }
    return offsets;
}

} // namespace simprof
