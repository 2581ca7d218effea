# SPDX-License-Identifier: MPL-2.0
# slipway_room(NAME DEPENDS room... LIBRARIES target...)
#
# One folder of src/ is one room: one static library slipway::NAME of its *.cc, and
# one binary NAME_test of its *_test.cc. The link graph is the floor plan.
# What only one kind of system can do lies in linux/ or in portable/ below it, behind the same headers.

# The targets that own the headers which are precompiled for all rooms, and for all tests.
if(SLIPWAY_PRECOMPILED)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp") # ccache brings headers of another time
  endif()
  add_library(slipway_often OBJECT ${CMAKE_SOURCE_DIR}/cmake/empty.cc)
  target_link_libraries(slipway_often PRIVATE fmt::fmt Boost::headers)
  target_precompile_headers(slipway_often PRIVATE ${CMAKE_SOURCE_DIR}/cmake/often.h)
  add_library(slipway_often_test OBJECT ${CMAKE_SOURCE_DIR}/cmake/empty.cc)
  target_link_libraries(slipway_often_test PRIVATE fmt::fmt Boost::headers GTest::gmock)
  target_precompile_headers(slipway_often_test PRIVATE ${CMAKE_SOURCE_DIR}/cmake/often_test.h)
endif()
function(slipway_precompiled target owner)
  if(SLIPWAY_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM ${owner})
  endif()
endfunction()

function(slipway_room name)
  cmake_parse_arguments(room "" "" "DEPENDS;LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cc ${SLIPWAY_SYSTEM}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "(_test|/main|/main_[a-z]+)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(TRANSFORM room_DEPENDS PREPEND "slipway::")

  add_library(slipway_${name} STATIC ${sources})
  add_library(slipway::${name} ALIAS slipway_${name})
  target_include_directories(slipway_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(slipway_${name} PUBLIC ${room_DEPENDS} fmt::fmt Boost::headers ${room_LIBRARIES})

  slipway_precompiled(slipway_${name} slipway_often)

  if(NOT sources)
    target_sources(slipway_${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/empty.cc)
  endif()

  if(SLIPWAY_TESTS AND tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE slipway::${name} GTest::gmock GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE SLIPWAY_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    slipway_precompiled(${name}_test slipway_often_test)
    add_test(NAME ${name} COMMAND ${name}_test --gtest_brief=1)
    set_tests_properties(${name} PROPERTIES LABELS unit TIMEOUT 300)
  endif()
endfunction()
