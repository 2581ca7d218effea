// SPDX-License-Identifier: MPL-2.0
#pragma once

#include "often.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
