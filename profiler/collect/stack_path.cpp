// SPDX-License-Identifier: GPL-2.0-or-later
#include "profiler/collect/stack_path.h"

#include <utility>

namespace simprof {

bool StackPathBuilder::add(StackHolder holder, Address sp) {
    if (sp < m_innerSp || sp > m_path.top) {
        m_passed = m_passed.value_or(holder);
        return true;
    }
    if (m_path.marks.size() + 1 == StackPath::kMostMarks) {
        m_passed = StackHolder{StackHolder::Kind::Outer};
        return false;
    }
    m_passed.reset();
    m_path.marks.push_back({holder, sp});
    m_innerSp = sp;
    return true;
}

StackPath StackPathBuilder::finish() {
    if (m_innerSp < m_path.top) {
        m_path.marks.push_back({m_passed.value_or(StackHolder{}), m_path.top});
    }
    return std::move(m_path);
}

} // namespace simprof
