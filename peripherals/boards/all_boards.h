// SPDX-License-Identifier: GPL-2.0-or-later
/// One function per board.
#pragma once
#include "sim_core/machine_desc.h"

namespace simprof {

BoardDesc nucleoL4r5ziBoard();
BoardDesc stm32f746gDiscoBoard();
BoardDesc nucleoH7a3ziQBoard();
BoardDesc portentaH7Board();
BoardDesc nucleoG0b1reBoard();
BoardDesc nucleoL053r8Board();
BoardDesc raspberryPiPicoBoard();
BoardDesc arduinoNano33BleBoard();
BoardDesc sparkfunEdgeBoard();
BoardDesc stm32f407DiscoBoard();
BoardDesc microbitBoard();

} // namespace simprof
