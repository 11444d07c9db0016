// SPDX-License-Identifier: GPL-2.0-or-later
#include "runtime/operators/registrations.h"

namespace simprof::runtime {

Registrations dspRegistrations() { return registrationsOf<DspKernels>(); }

} // namespace simprof::runtime
