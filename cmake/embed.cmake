# SPDX-License-Identifier: MPL-2.0
# cmake -DFROM=web -DINTO=assets.cc -P embed.cmake
#
# Every file below FROM becomes a string in INTO. What they hold together has a digest, the release: pages name their
# files by it (@RELEASE@), so that a browser may keep these for ever.
file(GLOB_RECURSE names RELATIVE ${FROM} ${FROM}/*.html ${FROM}/*.css ${FROM}/*.js ${FROM}/*.svg)
list(SORT names)

set(type_html "text/html; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_svg "image/svg+xml")

set(digests "")
foreach(name IN LISTS names)
  file(SHA256 ${FROM}/${name} digest)
  string(APPEND digests "${name} ${digest}\n")
endforeach()
string(SHA256 release "${digests}")
string(SUBSTRING ${release} 0 16 release)

set(code "// Made of web/ by cmake/embed.cmake.\n#include \"console/assets.h\"\n\nnamespace slipway::console {\n"
         "namespace {\n\nconstexpr Asset all[] = {\n")
string(CONCAT code ${code})
foreach(name IN LISTS names)
  get_filename_component(ending ${name} LAST_EXT)
  string(SUBSTRING ${ending} 1 -1 ending)
  file(READ ${FROM}/${name} text)
  string(REPLACE "@RELEASE@" "${release}" text "${text}")
  string(APPEND code "    {\"${name}\", \"${type_${ending}}\", R\"embedded(${text})embedded\"},\n")
endforeach()
string(APPEND code "};\n\n}  // namespace\n\nstd::span<const Asset> assets() {\n  return all;\n}\n"
                   "std::string_view release() {\n  return \"${release}\";\n}\n\n}  // namespace slipway::console\n")
file(WRITE ${INTO} "${code}")
