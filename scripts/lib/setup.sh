# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the scripts beside it: where the repository is, what has to be installed, how it is built.
# shellcheck shell=bash

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$top/build/release

# Debian 12 and its derivatives; the comments say what for.
packages=(
    cmake ninja-build g++ pkg-config python3              # the build itself
    python3-pip                                           # fetches the instruction engine's source
    libunicorn-dev libcapstone-dev libelf-dev libdw-dev   # instruction engine, disassembler, ELF and DWARF
    nettle-dev                                            # SHA-256 of firmwares
    libcli11-dev nlohmann-json3-dev libfmt-dev            # command line, JSON, text
    libtomlplusplus-dev libpugixml-dev                    # board files, CMSIS-SVD
    libflatbuffers-dev flatbuffers-compiler               # .tflite files
    gcc-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib # firmware samples
    qt6-base-dev libgl-dev                                # the window
    libgtest-dev libgmock-dev                             # tests
)

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# Installs what is missing of the packages above and of those named; nothing when all are there.
install_packages() {
    local missing=() as_root=() package
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        say "no apt-get here; these must be installed by other means: ${packages[*]} $*"
        return 0
    fi
    for package in "${packages[@]}" "$@"; do
        if [[ $(dpkg-query -W -f '${db:Status-Status} ' "$package" 2>/dev/null) != *"installed "* ]]; then
            missing+=("$package")
        fi
    done
    if ((${#missing[@]} == 0)); then
        return 0
    fi
    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null; then
            say "not root and no sudo: install these first: ${missing[*]}"
            return 1
        fi
        as_root=(sudo)
    fi
    say "installing with apt-get${as_root[0]:+ (as root, by sudo)}: ${missing[*]}"
    # A third-party source that is out of order must not stop us: the installation tells what is really missing.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2 || say "apt-get update had errors; going on"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" </dev/null >&2
}

# A Python of another kind that comes first in PATH must not make the networks.
python_argument=()
if [[ -x /usr/bin/python3 ]]; then
    python_argument+=(-DPython3_EXECUTABLE=/usr/bin/python3)
fi

# Configures the release build and builds the targets named, or everything.
build_release() {
    local arguments=() target
    # Presets are read from the current folder.
    (cd "$top" && cmake --preset release "${python_argument[@]}" >&2)
    if grep -q '^SIMPROF_ENGINE_FOLDER:INTERNAL=$' "$build/CMakeCache.txt"; then
        say "runs on the distribution's instruction engine, which gives the same profiles in more time (docs/ENGINE.md)"
    fi
    for target in "$@"; do
        arguments+=(--target "$target")
    done
    cmake --build "$build" "${arguments[@]}" >&2
}
