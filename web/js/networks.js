// SPDX-License-Identifier: MPL-2.0
// IPv4 addresses as numbers.
export const number = (address) => address.split(".").reduce((sum, each) => sum * 256 + Number(each), 0);
export const text = (n) => [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join(".");

export function contains(network, address) {
  const [base, bits] = network.split("/");
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(base) / size) === Math.floor(number(address) / size);
}

/** The network of the subnet an address lies in, the smallest of several. */
export function subnetOf(address, subnets) {
  if (!address) return undefined;
  return subnets
    .map((each) => each.network)
    .filter((network) => contains(network, address))
    .sort((a, b) => Number(b.split("/")[1]) - Number(a.split("/")[1]))[0];
}
