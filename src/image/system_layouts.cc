// SPDX-License-Identifier: MPL-2.0
#include "image/system_layouts.h"

namespace slipway::image {
namespace {

constexpr auto linux_ = model::ImageKind::linux_kernel;

constexpr std::array layouts{
    // Debian's netboot.tar.gz and packages debian-installer-*-netboot-amd64.
    SystemLayout{linux_,
                 "debian",
                 "Debian installer",
                 "debian-installer/amd64/linux",
                 {"debian-installer/amd64/initrd.gz"},
                 {},
                 "",
                 "unattended: auto=true priority=critical preseed/url=URL"},
    SystemLayout{linux_,
                 "ubuntu",
                 "Ubuntu",
                 "casper/vmlinuz",
                 {"casper/initrd"},
                 {},
                 "ip=dhcp",
                 "it loads its ISO over the network: url=URL of the ISO"},
    // dracut.cmdline(7), Anaconda boot options: stage2 is looked for below the URL as images/install.img.
    SystemLayout{linux_,
                 "rhel",
                 "RHEL family installer",
                 "images/pxeboot/vmlinuz",
                 {"images/pxeboot/initrd.img"},
                 {"images/install.img", ".treeinfo"},
                 "ip=dhcp inst.stage2={image}",
                 "its packages: inst.repo=URL; unattended: inst.ks=URL"},
    SystemLayout{linux_,
                 "alpine",
                 "Alpine Linux",
                 "boot/vmlinuz-lts",
                 {"boot/initramfs-lts"},
                 {"boot/modloop-lts"},
                 "ip=dhcp modloop={image}/{other}",
                 "its packages: alpine_repo=URL"},
    SystemLayout{linux_,
                 "flatcar",
                 "Flatcar Container Linux",
                 "flatcar_production_pxe.vmlinuz",
                 {"flatcar_production_pxe_image.cpio.gz"},
                 {},
                 "flatcar.first_boot=1",
                 "what it becomes: ignition.config.url=URL"},
    SystemLayout{linux_,
                 "coreos",
                 "Fedora CoreOS",
                 "*-live-kernel-x86_64",
                 {"*-live-initramfs.x86_64.img"},
                 {"*-live-rootfs.x86_64.img"},
                 "ignition.firstboot ignition.platform.id=metal coreos.live.rootfs_url={image}/{other}",
                 "what it becomes: ignition.config.url=URL"},
    SystemLayout{linux_,
                 "coreos",
                 "Fedora CoreOS",
                 "*-live-kernel.x86_64",
                 {"*-live-initramfs.x86_64.img"},
                 {"*-live-rootfs.x86_64.img"},
                 "ignition.firstboot ignition.platform.id=metal coreos.live.rootfs_url={image}/{other}",
                 "what it becomes: ignition.config.url=URL"},
    SystemLayout{linux_,
                 "talos",
                 "Talos Linux",
                 "vmlinuz-amd64",
                 {"initramfs-amd64.xz"},
                 {},
                 "talos.platform=metal slab_nomerge pti=on",
                 "what it becomes: talos.config=URL"},
    // Debian's package memtest86+, and the project's own files.
    SystemLayout{model::ImageKind::efi,
                 "memtest86+",
                 "Memtest86+",
                 "memtest86+x64.bin",
                 {},
                 {},
                 "",
                 "",
                 "memtest86+x64.efi"},
    SystemLayout{
        model::ImageKind::efi, "memtest86+", "Memtest86+", "memtest64.bin", {}, {}, "", "", "memtest64.efi"},
    // The folder of a Windows ISO with wimboot put into it.
    SystemLayout{model::ImageKind::wimboot,
                 "windows",
                 "Windows by wimboot",
                 "wimboot",
                 {"boot/bcd", "boot/boot.sdi", "sources/boot.wim"},
                 {},
                 "",
                 ""},
};

}  // namespace

std::span<const SystemLayout> system_layouts() {
  return layouts;
}

}  // namespace slipway::image
