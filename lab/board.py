# SPDX-License-Identifier: MPL-2.0
"""The boards a machine can be: what QEMU is told for each firmware.

quiet       SeaBIOS, a network card whose PXE ROM does not say it is iPXE: the whole chain is walked
ipxe        SeaBIOS, QEMU's own network ROM, which is iPXE
uefi        UEFI x64 (OVMF) with its own PXE client
uefi-http   the same with its own HTTP Boot and no PXE
u-boot      U-Boot for x86-64, which asks as an EFI board does

Without `romfile=` iPXE's ROM would take the card away from UEFI; OVMF itself drives virtio cards only.
"""

import shutil
from pathlib import Path

import firmware as roms
from rack import RackError

OVMF = Path("/usr/share/OVMF")
U_BOOT = Path("/usr/lib/u-boot/qemu-x86_64/u-boot.rom")
NAMES = ("quiet", "ipxe", "uefi", "uefi-http", "u-boot")
# OvmfPkg/README, "fw_cfg": switches of OVMF's network stack.
_NO_PXE = tuple(word for version in (4, 6)
                for word in ("-fw_cfg", f"name=opt/org.tianocore/IPv{version}PXESupport,string=n"))


def arguments(firmware, directory, name, mac):
    """The words that make the board; its card is on netdev net0. Files it needs are made in `directory`."""
    card = f"netdev=net0,mac={mac},bootindex=1"
    if firmware in ("quiet", "ipxe"):
        rom = roms.quiet_rom(directory / f"{name}.rom") if firmware == "quiet" else roms.IPXE_ROMS / "pxe-e1000.rom"
        # No graphics: what the BIOS and the ROMs show goes to the serial line, as on a server.
        return ("-machine", "pc,graphics=off", "-device", f"e1000,{card},romfile={rom}",
                "-option-rom", roms.kilobyte_rom(directory / f"{name}-low.rom"))
    if firmware in ("uefi", "uefi-http"):
        variables = shutil.copy(_there(OVMF / "OVMF_VARS_4M.fd", "ovmf"), directory / f"{name}.vars")
        return ("-machine", "q35,smm=off",
                "-drive", f"if=pflash,format=raw,readonly=on,file={OVMF / 'OVMF_CODE_4M.fd'}",
                "-drive", f"if=pflash,format=raw,file={variables}", *(_NO_PXE if firmware == "uefi-http" else ()),
                "-device", f"virtio-net-pci,{card},romfile=")
    if firmware == "u-boot":
        return ("-machine", "pc,graphics=off", "-bios", _there(U_BOOT, "u-boot-qemu"),
                "-device", f"e1000,{card},romfile=")
    raise RackError(f"no firmware {firmware!r}: one of {', '.join(NAMES)}")


def _there(path, package):
    if not path.exists():
        raise RackError(f"{path} is missing: install {package}")
    return path
