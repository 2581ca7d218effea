#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Holds packaging/smartos to what svccfg(8) and vmadm(8) accept, as far as that can be said without them.

For the SMF manifest: the order of elements, the attributes required and the values allowed by the part of
service_bundle.dtd.1 that we use. For the zone: types, addresses that fit each other, and DHCP let through.
"""
import ipaddress
import json
import pathlib
import re
import sys
import tomllib
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "packaging/smartos"

# An element's children, as a regular expression over their names, each followed by a space.
CHILDREN = {
    "service_bundle": "(service )*",
    "service": "(create_default_instance )?(single_instance )?(dependency )*(method_context )?(exec_method )*(property_group )*"
               "(stability )?(template )?",
    "dependency": "(service_fmri )*",
    "method_context": "(method_credential )?(method_environment )?",
    "method_environment": "(envvar )+",
    "property_group": "(propval )*",
    "template": "common_name (documentation )?",
    "common_name": "(loctext )+",
    "documentation": "(manpage )*",
}
REQUIRED = {
    "service_bundle": {"type": "manifest", "name": ".+"},
    "service": {"name": "[a-z]+/[a-z]+", "type": "service", "version": r"\d+"},
    "create_default_instance": {"enabled": "true|false"},
    "dependency": {"name": ".+", "grouping": "require_all|require_any|exclude_all|optional_all",
                   "restart_on": "error|restart|refresh|none", "type": "service|path"},
    "service_fmri": {"value": "(svc:/|file://localhost/).+"},
    "method_credential": {"user": "slipway"},
    "envvar": {"name": "[A-Z]+", "value": ".+"},
    "exec_method": {"type": "method", "name": "start|stop|refresh", "exec": ".+", "timeout_seconds": r"\d+"},
    "property_group": {"name": ".+", "type": "framework|application"},
    "propval": {"name": ".+", "type": "astring|integer|boolean|count", "value": ".+"},
    "stability": {"value": "Evolving"},
    "manpage": {"title": ".+", "section": r"\d\w*"},
}
# basic, those of basic that we give up, and what the daemon needs (privileges(7)).
PRIVILEGES = {"basic", "net_privaddr", "net_icmpaccess", "!proc_info", "!proc_session", "!file_link_any"}


def wrong_manifest(text):
    root = ElementTree.fromstring(text)
    if '<!DOCTYPE service_bundle SYSTEM "/usr/share/lib/xml/dtd/service_bundle.dtd.1">' not in text:
        yield "its document type is not SMF's"
    for element in root.iter():
        children = "".join(f"{child.tag} " for child in element)
        if not re.fullmatch(CHILDREN.get(element.tag, ""), children):
            yield f"<{element.tag}> may not hold {children}in this order"
        for name, pattern in REQUIRED.get(element.tag, {}).items():
            if not re.fullmatch(pattern, element.get(name, "")):
                yield f"<{element.tag}> has {name}={element.get(name)!r}"
    methods = {method.get("name"): method.get("exec") for method in root.iter("exec_method")}
    if methods.get("refresh") != ":kill -HUP" or methods.get("stop") != ":kill":
        yield "refresh is to be SIGHUP, stop SIGTERM"
    for credential in root.iter("method_credential"):
        if set(credential.get("privileges", "").split(",")) != PRIVILEGES:
            yield f"privileges: {credential.get('privileges')}"


def wrong_zone(zone):
    kinds = {"alias": str, "hostname": str, "brand": str, "image_uuid": str, "max_physical_memory": int, "quota": int,
             "delegate_dataset": bool, "resolvers": list, "nics": list}
    yield from (f"zone.json: {name} is not of type {kind.__name__}" for name, kind in kinds.items() if type(zone.get(name)) is not kind)
    yield from (f"zone.json: vmadm knows no {name}" for name in zone.keys() - kinds.keys())
    if zone["brand"] != "joyent" or not zone["delegate_dataset"]:
        yield "zone.json: not a native zone with a dataset of its own"
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", zone["image_uuid"]):
        yield "zone.json: image_uuid is no UUID"
    for nic in zone["nics"]:
        address = ipaddress.ip_interface(nic["ips"][0])
        if nic.get("allow_dhcp_spoofing") is not True:
            yield "zone.json: without allow_dhcp_spoofing no answer leaves the zone"
        if any(ipaddress.ip_address(gateway) not in address.network for gateway in nic["gateways"]):
            yield "zone.json: a gateway is not in its network"


def wrong_together(zone, configuration, manifest):
    subnet = configuration["subnet"][0]
    if ipaddress.ip_interface(zone["nics"][0]["ips"][0]).network != ipaddress.ip_network(subnet["network"]):
        yield "slipway.toml serves another network than the zone has"
    if configuration["server"]["user"] != "slipway":
        yield "slipway.toml names another account than SMF starts it as"
    if "/opt/local/etc/slipway/slipway.toml" not in manifest:
        yield "the manifest names another configuration"


def main():
    manifest = (FOLDER / "slipwayd.xml").read_text()
    zone = json.loads((FOLDER / "zone.json").read_text())
    configuration = tomllib.loads((FOLDER / "slipway.toml").read_text())
    faults = [*wrong_manifest(manifest), *wrong_zone(zone), *wrong_together(zone, configuration, manifest)]
    print("\n".join(faults) or "smartos: in order")
    return 1 if faults else 0


sys.exit(main())
