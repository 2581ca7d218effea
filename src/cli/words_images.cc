// SPDX-License-Identifier: MPL-2.0
// The words of images and boot loaders.
#include <fmt/format.h>

#include "cli/words.h"

namespace slipway::cli {

CLI::App* add_verb(CLI::App& noun, Words& words, const std::string& name, const std::string& says,
                   std::function<int()> work, const std::string& examples) {
  CLI::App* verb = noun.add_subcommand(name, says);
  verb->callback([&words, work = std::move(work)] { words.verb = work; });
  if (!examples.empty()) verb->footer("Examples:\n" + examples);
  return verb;
}

CLI::App* add_verb_here(CLI::App& noun, Words& words, const std::string& name, const std::string& says,
                        std::function<int()> work, const std::string& examples) {
  std::string command = noun.get_parent() ? noun.get_name() + " " + name : name;
  auto here = [&words, command, work = std::move(work)] {
    auto elsewhere = words.context.only_here(command);
    return elsewhere ? fail(*elsewhere) : work();
  };
  return add_verb(noun, words, name, says, here, examples);
}

CLI::App* add_noun(CLI::App& app, const std::string& name, const std::string& says) {
  CLI::App* noun = app.add_subcommand(name, says);
  noun->require_subcommand(1);
  return noun;
}

namespace {

/// What there is to say of a source that is read, for an import or to look at it.
void add_source(CLI::App* verb, Words& w) {
  verb->add_option("source", w.file,
                   "archive, ISO, disk image, folder, kernel or EFI program; of an import also a URL or "
                   "smartos@latest")
      ->required();
  verb->add_option("--kernel", w.wish.kernel,
                   "the kernel's path in the source, where it is not found by itself");
  verb->add_option("--initrd", w.wish.initrds, "its initrd; may be given again");
  verb->add_option("--module", w.wish.modules, "\"PATH WORDS\" for a multiboot kernel; may be given again");
  verb->add_option("--efi", w.wish.program, "the same system as a program for UEFI machines");
  verb->add_option("--kind", w.kind,
                   "smartos, illumos, linux, multiboot, efi, iso, disk or wimboot; told by the source where "
                   "it is not given")
      ->check([&w](const std::string& text) {
        w.wish.kind = model::parse_image_kind(text);
        return w.wish.kind ? std::string() : fmt::format("there is no kind of image '{}'", text);
      });
  verb->add_option("--version", w.wish.version,
                   "what the image is called, kind@VERSION; of SmartOS the STAMP");
}

void add_publication(CLI::App* verb, Words& w) {
  verb->add_option("--from", w.bring.from,
                   "publication point of SmartOS, in place of the configured one or its publisher's");
  verb->add_option("--ca", w.bring.authorities,
                   "PEM file of those whose certificates are trusted, in place of the system's");
}

void add_store(CLI::App& app, Words& w) {
  CLI::App& image = *add_noun(app, "image", "Images: what machines boot");
  CLI::App* import_verb = add_verb_here(
      image, w, "import", "Bring in an image, verified and whole, or not at all",
      [&w] { return image_import(w.context, w.file, w.wish, w.bring); },
      "  slipway image import platform-20240102T030405Z.tgz\n"
      "  slipway image import smartos-20240102T030405Z.iso\n"
      "  slipway image import /tftpboot/os/20240102T030405Z\n"
      "  slipway image import https://mirror/debian/netboot.tar.gz --sums https://mirror/debian/SHA256SUMS\n"
      "  slipway image import netboot.tar.gz --version debian-12\n"
      "  slipway image import folder --kernel vmlinuz --initrd initrd.img\n"
      "  slipway image import smartos@latest\n\n"
      "What is cut while it is fetched goes on where it was: give the same command again.");
  add_source(import_verb, w);
  CLI::Option* sha256 = import_verb->add_option("--sha256", w.bring.sha256, "digest that the file must have");
  import_verb->add_option("--sums", w.bring.sums, "its publisher's list of digests: a URL or a file")
      ->excludes(sha256);
  add_publication(import_verb, w);
  CLI::App* list = add_verb(
      image, w, "list", "The images in the store",
      [&w] {
        if (w.available) return image_available(w.context, w.bring);
        auto elsewhere = w.context.only_here("image list");
        return elsewhere ? fail(*elsewhere) : image_list(w.context);
      },
      "  slipway image list\n  slipway image list --available");
  list->add_flag("--available", w.available, "what the publication point of SmartOS has instead");
  add_publication(list, w);
  add_verb_here(
      image, w, "show", "One image and its files", [&w] { return image_show(w.context, w.name); },
      "  slipway image show smartos@latest\n  slipway image show 3f9a01")
      ->add_option("image", w.name, "kind@version, version, or at least the first 6 digits of its id")
      ->required();
  add_source(add_verb(
                 image, w, "inspect", "What an import would find; needs no daemon and no configuration",
                 [&w] { return image_inspect(w.context, w.file, w.wish); },
                 "  slipway image inspect platform-20240102T030405Z.tgz"),
             w);
  add_verb_here(image, w, "verify",
                "Read every byte again and compare; what is damaged is not booted until it is imported again",
                [&w] { return image_verify(w.context, w.image); })
      ->add_option("image", w.image, "only this one");
  add_verb_here(image, w, "gc", "Take away every image that nothing needs", [&w] {
    return image_gc(w.context, w.dry_run);
  })->add_flag("--dry-run", w.dry_run, "only say which");
  add_verb_here(image, w, "remove", "Take an image away that nothing needs",
                [&w] { return image_remove(w.context, w.name); })
      ->add_option("image", w.name, "kind@version, version, or at least the first 6 digits of its id")
      ->required();
}

void add_assignments(CLI::App& app, Words& w) {
  CLI::App& image = *app.get_subcommand("image");
  constexpr const char* named = "kind@version, version, or at least the first 6 digits of its id";
  auto whom = [&w](CLI::App* verb) {
    verb->add_option("--machine", w.whom.machine, "one machine: name, MAC address, UUID or address");
    verb->add_option("--group", w.whom.group, "the machines that a group names");
    verb->add_flag("--default", w.whom.everyone, "everyone who has none of their own");
    return verb;
  };
  auto kind = [&w](CLI::App* verb) {
    verb->add_option("--kind", w.whom.kind, "of image, where several kinds are assigned");
  };
  whom(add_verb(
           image, w, "assign", "What a machine, a group or everyone boots from now on",
           [&w] { return image_assign(w.context, w.name, w.whom); },
           "  slipway image assign smartos@20240102T030405Z --default\n"
           "  slipway image assign 20240102T030405Z --machine node1\n\n"
           "No machine that runs is touched: each boots it the next time it boots."))
      ->add_option("image", w.name, named)
      ->required();
  kind(whom(add_verb(
      image, w, "rollback", "Back to what was assigned before; once more goes back further",
      [&w] { return image_rollback(w.context, w.whom); },
      "  slipway image rollback --default\n  slipway image rollback --machine node1")));
  kind(whom(add_verb(
      image, w, "unassign", "From now on the configuration says what is booted",
      [&w] { return image_unassign(w.context, w.whom); }, "  slipway image unassign --machine node1")));
  add_verb(image, w, "assigned", "Which images are assigned to whom, and boots ordered once",
           [&w] { return image_assigned(w.context); });
  whom(add_verb(image, w, "history", "What was assigned, rolled back and taken back, newest first",
                [&w] { return image_history(w.context, w.whom); }));
  add_verb(image, w, "pin", "Keep an image, whether or not anything needs it",
           [&w] { return image_pin(w.context, w.name, true); })
      ->add_option("image", w.name, named)
      ->required();
  add_verb(image, w, "unpin", "Keep it no longer than it is needed",
           [&w] { return image_pin(w.context, w.name, false); })
      ->add_option("image", w.name, named)
      ->required();
}

}  // namespace

void add_images(CLI::App& app, Words& w) {
  add_store(app, w);
  add_assignments(app, w);
}

void add_loaders(CLI::App& app, Words& w) {
  CLI::App& loader = *add_noun(app, "loader", "Boot loaders of your own, before those of packages");
  CLI::App* add = add_verb_here(
      loader, w, "add", "Serve this file as a boot loader, whole or not at all",
      [&w] { return loader_add(w.context, w.file, w.name); },
      "  slipway loader add ipxe.efi\n  slipway loader add build/snponly-multiboot2.efi --as snponly.efi\n\n"
      "With an iPXE that has multiboot2, UEFI machines boot SmartOS.");
  add->add_option("file", w.file, "an iPXE, or another loader")->required();
  add->add_option("--as", w.name, "the name it is served under, where the file leaves a doubt");
  add_verb_here(loader, w, "list", "The loaders that are here, and what they can do",
                [&w] { return loader_list(w.context); });
  add_verb_here(loader, w, "remove", "Take a loader of your own away",
                [&w] { return loader_remove(w.context, w.name); })
      ->add_option("loader", w.name, "its name, as 'slipway loader list' has it")
      ->required();
}

}  // namespace slipway::cli
