// SPDX-License-Identifier: MPL-2.0
#include "image/digest.h"

#include <gtest/gtest.h>

namespace slipway::image {

// FIPS 180-2, appendices A.1 and B.1.
const Digests of_abc{"a9993e364706816aba3e25717850c26c9cd0d89d",
                     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"};

TEST(Digester, GivesBothDigestsOfAKnownText) {
  EXPECT_EQ(digests_of(as_bytes("abc")), of_abc);
}

TEST(Digester, GivesTheSameHoweverTheStreamIsCut) {
  Digester digester;
  digester.update(as_bytes("a"));
  digester.update({});
  digester.update(as_bytes("bc"));
  EXPECT_EQ(digester.finish(), of_abc);
}

TEST(Digester, StartsAfreshAfterItFinished) {
  Digester digester;
  digester.update(as_bytes("something else"));
  digester.finish();
  digester.update(as_bytes("abc"));
  EXPECT_EQ(digester.finish(), of_abc);
}

}  // namespace slipway::image
