// SPDX-License-Identifier: MPL-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "often.h"
