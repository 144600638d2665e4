/** Checks network settings as dockerd 28 does: all errors at once (moby daemon/container_operations.go, api/types/network). */
import { badParameter } from "../../model/api-error.ts";
import type { ApiJson } from "../../model/api-json.ts";
import { isBuiltin, type Network, type NetworkEndpoint } from "../../model/network.ts";
import { formatAddress, isInSubnet, parseAddress, parseSubnet, type Subnet } from "../../model/subnet.ts";
import type { Engine } from "../engine.ts";
import { getRequestedAddress } from "./addresses.ts";

const MAC = /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i;
const NO_OWN_SUBNET =
  "user specified IP address is supported only when connecting to networks with user configured subnets";

/** @throws ApiError 400 for the endpoints of a new container, by network. A network need not exist yet. */
export function checkNewEndpoints(engine: Engine, endpoints: Readonly<Record<string, NetworkEndpoint>>): void {
  const errors = Object.entries(endpoints).flatMap(([name, endpoint]) => {
    const error = describeEndpointError(engine.networks.lookUp(name), name, endpoint);
    return error === undefined ? [] : [`invalid config for network ${name}: ${error}`];
  });
  if (errors.length > 0) throw badParameter(joinErrors(errors));
}

/** @throws ApiError 400 for an endpoint that cannot be in the network */
export function checkEndpoint(network: Network, endpoint: NetworkEndpoint): void {
  const error = describeEndpointError(network, network.name, endpoint);
  if (error !== undefined) throw badParameter(error);
}

function describeEndpointError(
  network: Network | undefined,
  name: string,
  endpoint: NetworkEndpoint,
): string | undefined {
  const address = getRequestedAddress(endpoint);
  const errors = [...listModeErrors(name, endpoint), ...listAddressErrors(network, address)];
  const { requestedMac } = endpoint;
  if (requestedMac !== "" && !MAC.test(requestedMac)) return `invalid MAC address ${requestedMac}`;
  return errors.length === 0 ? undefined : `invalid endpoint settings:\n${joinErrors(errors)}`;
}

function listModeErrors(name: string, endpoint: NetworkEndpoint): string[] {
  if (!isBuiltin({ name })) return [];
  const hasAddress = getRequestedAddress(endpoint) !== undefined;
  return [
    ...(hasAddress ? ["user specified IP address is supported on user defined networks only"] : []),
    ...((endpoint.aliases ?? []).length > 0
      ? ["network-scoped alias is supported only for containers in user defined networks"]
      : []),
  ];
}

function listAddressErrors(network: Network | undefined, address: string | undefined): string[] {
  if (address === undefined) return [];
  const number = parseAddress(address);
  const invalid = number === undefined || number === 0 ? [`invalid IPv4 address: ${address}`] : [];
  if (network === undefined) return invalid;
  if (network.hasOwnSubnet !== true) return [...invalid, NO_OWN_SUBNET];
  const subnet = parseSubnet(network.subnet ?? "");
  const isInside = subnet !== undefined && number !== undefined && isInSubnet(subnet, number);
  return isInside ? invalid : [...invalid, `no configured subnet or ip-range contain the IP address ${address}`];
}

/** @throws ApiError 400 for the pools of a new network */
export function checkIpam(configs: readonly ApiJson[]): void {
  const errors = configs.filter(({ Subnet = "" }) => !Subnet.includes(":")).flatMap(listPoolErrors);
  if (errors.length > 0) throw badParameter(`invalid network config:\n${joinErrors(errors)}`);
}

function listPoolErrors({ Subnet = "", IPRange = "", Gateway = "", AuxiliaryAddresses }: ApiJson): string[] {
  const subnet = parseSubnet(Subnet);
  if (subnet === undefined) return [`invalid subnet ${Subnet}: invalid CIDR block notation`];
  const masked = formatSubnet(subnet);
  const others = Object.entries((AuxiliaryAddresses ?? {}) as Record<string, string>);
  return [
    ...(masked === Subnet ? [] : [`invalid subnet ${Subnet}: it should be ${masked}`]),
    ...listRangeErrors(IPRange, subnet, Subnet),
    ...listOutside(subnet, Subnet, Gateway).map((why) => `invalid gateway ${Gateway}: ${why}`),
    ...others.flatMap(([name, address]) =>
      listOutside(subnet, Subnet, address).map((why) => `invalid auxiliary address ${name}: ${why}`),
    ),
  ];
}

function listRangeErrors(text: string, subnet: Subnet, parent: string): string[] {
  if (text === "") return [];
  const range = parseSubnet(text);
  if (range === undefined) return [`invalid ip-range ${text}: invalid CIDR block notation`];
  const failed = `invalid ip-range ${text}: `;
  const isOverlapping = isInSubnet(subnet, range.first) || isInSubnet(range, subnet.first);
  return [
    ...(range.prefix < subnet.prefix ? [`${failed}CIDR block is bigger than its parent subnet ${parent}`] : []),
    ...(formatSubnet(range) === text ? [] : [`${failed}it should be ${formatSubnet(range)}`]),
    ...(isOverlapping ? [] : [`${failed}parent subnet ${parent} doesn't contain ip-range`]),
  ];
}

function listOutside(subnet: Subnet, parent: string, text: string): string[] {
  if (text === "") return [];
  const address = parseAddress(text);
  if (address === undefined) return ["invalid address"];
  return isInSubnet(subnet, address) ? [] : [`parent subnet ${parent} doesn't contain this address`];
}

function formatSubnet({ first, prefix }: Subnet): string {
  return `${formatAddress(first)}/${prefix}`;
}

/** One error as it is, several as a list (moby internal/multierror). */
function joinErrors(errors: readonly string[]): string {
  const [first, ...others] = errors;
  if (others.length === 0) return first ?? "";
  return `* ${errors.map((error) => error.replaceAll("\n", "\n\t")).join("\n* ")}`;
}
