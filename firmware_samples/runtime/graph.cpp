// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/graph.h"

namespace simprof::runtime {

Arena::Arena(std::uint8_t* base, std::size_t size)
    : m_base(base)
    , m_size(size)
    , m_tail(size) {}

void* Arena::allocatePersistent(std::size_t bytes) {
    if (bytes > m_tail) {
        return nullptr;
    }
    m_tail = (m_tail - bytes) & ~(alignof(void*) - 1);
    return m_base + m_tail;
}

std::int32_t elementCount(const IntArray* dims) {
    std::int32_t count = 1;
    for (std::int32_t i = 0; i < dims->size; ++i) {
        count *= dims->data[i];
    }
    return count;
}

std::size_t tensorBytes(const EvalTensor& tensor) {
    const auto count = static_cast<std::size_t>(elementCount(tensor.dims));
    switch (tensor.type) {
    case TensorType::Int8: return count;
    case TensorType::Float32:
    case TensorType::Int32: return 4 * count;
    case TensorType::Int64: return 8 * count;
    }
    return 0;
}

} // namespace simprof::runtime
