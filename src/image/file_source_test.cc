// SPDX-License-Identifier: MPL-2.0
// Single files as images: kernels, EFI programs, ISO images; and kernels that are unpacked on their way in.
#include "image/file_source.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/importer.h"
#include "image/inspect.h"
#include "image/test_disk.h"
#include "image/test_platform.h"

namespace slipway::image {
namespace {

using model::ImageKind;
using test::make_linux;
using test::TempDir;
using test::Tree;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Use = model::BootPart::Use;

std::string make_program() {
  std::string bytes(1024, '\0');
  bytes.replace(0, 2, "MZ");
  bytes[0x3c] = '\x80';
  bytes.replace(0x80, 6, std::string("PE\0\0\x64\x86", 6));
  return bytes;
}

std::string gzipped(const std::string& text) {
  std::string out(text.size() + 4096, '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_add_filter_gzip(writer);
  archive_write_set_format_raw(writer);
  archive_write_set_bytes_in_last_block(writer, 1);
  EXPECT_EQ(archive_write_open_memory(writer, out.data(), out.size(), &used), ARCHIVE_OK);
  archive_entry* entry = archive_entry_new();
  archive_entry_set_filetype(entry, AE_IFREG);
  EXPECT_EQ(archive_write_header(writer, entry), ARCHIVE_OK);
  EXPECT_EQ(archive_write_data(writer, text.data(), text.size()), std::ssize(text));
  archive_entry_free(entry);
  archive_write_free(writer);
  out.resize(used);
  return out;
}

model::Image imported(const std::string& source, Store& store, const Wish& wish = {}) {
  ImportOptions options;
  options.wish = wish;
  auto report = import_image(source, store, options);
  EXPECT_TRUE(report) << report.error().sentence();
  return report ? report->image : model::Image{};
}

std::string refused(const std::string& source, const Wish& wish = {}) {
  ImportOptions options;
  options.wish = wish;
  std::string out;
  for (const Finding& finding : inspect(source, options).findings)
    if (finding.weight == Weight::error) out += finding.sentence();
  return out;
}

std::string read_stored(const Store& store, const model::Image& image, const std::string& path) {
  return test::read_file(fmt::format("{}/{}/files/{}", store.images_dir(), image.id, path));
}

}  // namespace

TEST(WholeFile, IsWhatItsFirstBytesSay) {
  TempDir dir;
  Store store(dir / "state");
  struct {
    std::string name, content;
    ImageKind kind;
    Use use;
  } cases[] = {
      {"memtest.bin", make_linux(), ImageKind::linux_kernel, Use::kernel},
      {"shell.efi", make_program(), ImageKind::efi, Use::program},
      {"program", make_program(), ImageKind::efi, Use::program},
      {"kernel", test::make_unix(), ImageKind::multiboot, Use::kernel},
  };
  for (auto& one : cases) {
    test::write_file(dir / one.name, one.content);
    model::Image image = imported(dir / one.name, store);
    EXPECT_EQ(image.kind, one.kind) << one.name;
    EXPECT_THAT(image.parts, ElementsAre(model::BootPart{one.use, one.name, ""}));
    EXPECT_EQ(read_stored(store, image, one.name), one.content);
  }
}

TEST(WholeFile, IsAnIsoThatHoldsNothingKnown) {
  TempDir dir;
  Store store(dir / "state");
  std::string iso = test::write_archive(dir / "tool 1.iso", {{"README", "read me"}}, test::Packing::iso);
  model::Image image = imported(iso, store);
  EXPECT_EQ(image.kind, ImageKind::iso);
  EXPECT_EQ(image.version, "tool-1");
  EXPECT_THAT(image.parts, ElementsAre(model::BootPart{Use::disk, "tool-1.iso", ""}));
  EXPECT_EQ(read_stored(store, image, "tool-1.iso"), test::read_file(iso));
}

TEST(WholeFile, IsAnyIsoWhereTheOperatorSaysSo) {
  TempDir dir;
  Store store(dir / "state");
  std::string iso = test::write_archive(dir / "smartos.iso", test::platform("platform"), test::Packing::iso,
                                        {}, "rockridge=useful");
  Wish wish;
  wish.kind = ImageKind::iso;
  EXPECT_EQ(imported(iso, store, wish).kind, ImageKind::iso);
  EXPECT_EQ(imported(iso, store).kind, ImageKind::smartos);
}

/// A boot sector with one partition of 100 sectors behind it.
std::string partitioned_disk(const std::string& in_partition = "") {
  std::string disk(101 * 512, '\0');
  disk[446 + 4] = '\x83';
  disk[446 + 8] = 1;
  disk[446 + 12] = 100;
  disk[510] = '\x55';
  disk[511] = '\xaa';
  return disk.replace(512, in_partition.size(), in_partition);
}

TEST(WholeFile, IsADiskImageWithNothingInItThatIsKnownToBoot) {
  TempDir dir;
  Store store(dir / "state");
  test::Fat12 fat;
  fat.add("README     ", "nothing");
  test::write_file(dir / "my tool.img", partitioned_disk(fat.bytes()));
  model::Image image = imported(dir / "my tool.img", store);
  EXPECT_EQ(image.kind, ImageKind::disk);
  EXPECT_EQ(image.version, "my-tool");
  EXPECT_THAT(image.parts, ElementsAre(model::BootPart{Use::disk, "my-tool.img", ""}));
  EXPECT_EQ(read_stored(store, image, "my-tool.img"), partitioned_disk(fat.bytes()));
}

TEST(WholeFile, IsAnyDiskImageWhereTheOperatorSaysSoUnpacked) {
  TempDir dir;
  Store store(dir / "state");
  test::write_file(dir / "tool.img", partitioned_disk("ext4"));
  EXPECT_THAT(refused(dir / "tool.img", {}), HasSubstr("import it as it is with --kind disk"));
  Wish wish;
  wish.kind = ImageKind::disk;
  EXPECT_EQ(imported(dir / "tool.img", store, wish).kind, ImageKind::disk);
  test::write_file(dir / "packed.img.gz", gzipped(partitioned_disk("x")));
  model::Image image = imported(dir / "packed.img.gz", store, wish);
  EXPECT_EQ(image.version, "packed");
  EXPECT_EQ(read_stored(store, image, "packed.img"), partitioned_disk("x"));
}

TEST(WholeFile, ThatIsNoDiskIsRefused) {
  TempDir dir;
  Wish wish;
  wish.kind = ImageKind::disk;
  test::write_file(dir / "a.img", std::string(100'000, 'x'));
  EXPECT_THAT(refused(dir / "a.img", wish), HasSubstr("is no disk image with a boot sector"));
}

TEST(WholeFile, ThatIsNoIsoIsRefused) {
  TempDir dir;
  test::write_file(dir / "a.iso", std::string(100'000, 'x'));
  Wish wish;
  wish.kind = ImageKind::iso;
  EXPECT_THAT(refused(dir / "a.iso", wish), HasSubstr("is no ISO 9660 image"));
}

TEST(Multiboot, IsUnpackedAndItsModulesAreNot) {
  TempDir dir;
  Store store(dir / "state");
  std::string initrd = gzipped("the initrd stays as it is");
  test::write_folder(
      dir / "boot",
      {{"xen.gz", gzipped(test::make_unix())}, {"vmlinuz", make_linux()}, {"initrd.gz", initrd}});
  Wish wish;
  wish.kernel = "xen.gz";
  wish.modules = {"vmlinuz root=/dev/ram0 quiet", "initrd.gz"};
  model::Image image = imported(dir / "boot", store, wish);
  EXPECT_EQ(image.kind, ImageKind::multiboot);
  EXPECT_THAT(image.parts, ElementsAre(model::BootPart{Use::kernel, "xen", ""},
                                       model::BootPart{Use::module, "vmlinuz", "root=/dev/ram0 quiet"},
                                       model::BootPart{Use::module, "initrd.gz", ""}));
  EXPECT_EQ(read_stored(store, image, "xen"), test::make_unix());
  EXPECT_EQ(read_stored(store, image, "initrd.gz"), initrd);
}

TEST(Multiboot, IsAPackedKernelAlone) {
  TempDir dir;
  Store store(dir / "state");
  test::write_file(dir / "xen-4.17.gz", gzipped(test::make_unix()));
  model::Image image = imported(dir / "xen-4.17.gz", store, {});
  EXPECT_EQ(image.kind, ImageKind::multiboot);
  EXPECT_EQ(image.version, "xen-4.17");
  ASSERT_EQ(image.parts.size(), 1u);
  EXPECT_EQ(image.parts[0].path, "xen-4.17");
  EXPECT_EQ(read_stored(store, image, "xen-4.17"), test::make_unix());
  test::write_file(dir / "notes.gz", gzipped("text"));
  EXPECT_THAT(refused(dir / "notes.gz", {}), HasSubstr("is not an archive"));
}

TEST(Multiboot, ThatIsCutShortOrNoneIsRefused) {
  TempDir dir;
  std::string packed = gzipped(test::make_unix());
  test::write_folder(dir / "boot",
                     {{"cut.gz", packed.substr(0, packed.size() / 2)}, {"text.gz", gzipped("text")}});
  Wish wish;
  wish.kind = ImageKind::multiboot;
  wish.kernel = "cut.gz";
  EXPECT_THAT(refused(dir / "boot", wish), HasSubstr("cut.gz cannot be unpacked"));
  wish.kernel = "text.gz";
  EXPECT_THAT(refused(dir / "boot", wish), HasSubstr("is no multiboot kernel: it is text"));
}

TEST(Multiboot, ModulesHaveNoWordsThatLoadersReadAsCommands) {
  TempDir dir;
  test::write_folder(dir / "boot", {{"xen", test::make_unix()}, {"dom0", "a kernel"}});
  Wish wish;
  wish.kind = ImageKind::multiboot;
  wish.kernel = "xen";
  for (const char* words : {"a || shell", "${x}", "a --- b", "it's", "a && b", "a ; b"}) {
    wish.modules = {fmt::format("dom0 {}", words)};
    EXPECT_THAT(refused(dir / "boot", wish), HasSubstr("what loaders read as commands")) << words;
  }
}

TEST(Illumos, IsAKernelAndAnUnpackedArchiveWithItsHash) {
  TempDir dir;
  Store store(dir / "state");
  std::string archive = test::make_archive(65536, '\0');
  test::write_folder(dir / "omnios",
                     {{"boot/unix", test::make_unix()}, {"boot/miniroot.gz", gzipped(archive)}});
  Wish wish;
  wish.kind = ImageKind::illumos;
  wish.kernel = "unix";
  wish.initrds = {"miniroot.gz"};
  wish.version = "omnios-r151050";
  model::Image image = imported(dir / "omnios", store, wish);
  EXPECT_EQ(image.kind, ImageKind::illumos);
  EXPECT_EQ(image.version, "omnios-r151050");
  EXPECT_EQ(read_stored(store, image, "platform/i86pc/kernel/amd64/unix"), test::make_unix());
  EXPECT_EQ(read_stored(store, image, "platform/i86pc/amd64/boot_archive"), archive);
  EXPECT_EQ(read_stored(store, image, "platform/i86pc/amd64/boot_archive.hash"), test::sha1(archive) + "\n");
}

TEST(Illumos, WithoutItsArchiveOrWithOneThatNobodyUnpacksIsRefused) {
  TempDir dir;
  test::write_folder(
      dir / "omnios",
      {{"unix", test::make_unix()}, {"packed", gzipped("archive")}, {"text", "404 not found"}});
  Wish wish;
  wish.kind = ImageKind::illumos;
  wish.kernel = "unix";
  EXPECT_THAT(refused(dir / "omnios", wish), HasSubstr("a kernel and one boot archive"));
  for (const char* archive : {"packed", "text"}) {
    wish.initrds = {archive};
    EXPECT_THAT(refused(dir / "omnios", wish), HasSubstr("is no boot archive as illumos reads it"));
  }
  wish.kernel = "packed";
  EXPECT_THAT(refused(dir / "omnios", wish), HasSubstr("is no multiboot kernel"));
}

TEST(EfiImage, HoldsAKernelForBiosAndAProgramForUefi) {
  TempDir dir;
  Store store(dir / "state");
  test::write_folder(dir / "boot",
                     {{"memtest86+x64.bin", make_linux()}, {"memtest86+x64.efi", make_program()}});
  EXPECT_THAT(imported(dir / "boot", store).parts,
              ElementsAre(model::BootPart{Use::kernel, "memtest86+x64.bin", ""},
                          model::BootPart{Use::program, "memtest86+x64.efi", ""}));
}

TEST(Wimboot, IsFoundWhateverTheCaseOfItsFiles) {
  TempDir dir;
  Store store(dir / "state");
  test::write_folder(dir / "win", {{"wimboot", make_linux()},
                                   {"Boot/BCD", "regf"},
                                   {"boot/boot.sdi", "sdi"},
                                   {"sources/boot.wim", "MSWIM"}});
  model::Image image = imported(dir / "win", store);
  EXPECT_EQ(image.kind, ImageKind::wimboot);
  EXPECT_EQ(image.parts.size(), 4u);
  EXPECT_TRUE(image.file("Boot/BCD"));
}

}  // namespace slipway::image
